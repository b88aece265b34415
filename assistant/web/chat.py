"""The chat page: a conversation, the box to ask in, and beside them the sources of the answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from assistant.access.callers import may
from assistant.service import Service
from assistant.web import render, uploads
from assistant.web.exchanges import Conversation, Exchange, answered, exchanging, turns
from assistant.web.html import Html, join, showable
from assistant.web.page import Phrases, failure, head, index_of, slot, words_of
from assistant.web.words import Words


@dataclass(frozen=True, slots=True)
class Parts:
    """What a question changes on the page; ``conversation`` holds the `Conversation` of one browser tab."""

    talk: gr.Chatbot
    box: gr.Textbox
    send: gr.Button
    stop: gr.Button
    fresh: gr.Button
    sources: gr.HTML
    conversation: gr.State

    @property
    def outputs(self) -> list[Any]:
        return [self.box, self.talk, self.sources, self.send, self.stop, self.fresh]


def chat(page: gr.Blocks, service: Service, phrases: Phrases) -> None:
    """Lay out the page and wire it; call it within the page's context."""
    head(phrases, "chat")
    with gr.Row(elem_id="columns"):
        with gr.Column(elem_id="left", scale=3, min_width=320):
            talk = _talk(phrases)
            with gr.Row(elem_id="ask"):
                box = _box(phrases)
                send = gr.Button(phrases("ask"), variant="primary", scale=0, min_width=96, elem_id="send")
                stop = gr.Button(phrases("stop"), visible=False, scale=0, min_width=96, elem_id="stop")
            rows = uploads.rows()
            with gr.Row(elem_id="below"):
                with gr.Accordion(phrases("add_documents"), open=False, elem_id="add") as drawer:
                    adding = uploads.fields(phrases)
                fresh = gr.Button(
                    phrases("new_conversation"), visible=False, scale=0, min_width=170, elem_id="fresh"
                )
        with gr.Column(elem_id="right", scale=2, min_width=320):
            sources = slot("sources")
    parts = Parts(talk, box, send, stop, fresh, sources, gr.State(Conversation()))
    _wire(service, parts)
    news = uploads.wire(page, service, adding, rows)
    _wire_welcome(page, service, parts, drawer, news)


def _talk(phrases: Phrases) -> gr.Chatbot:
    return gr.Chatbot(
        elem_id="conversation",
        label=phrases("conversation"),
        show_label=False,
        container=False,
        scale=1,
        height=None,
        buttons=[],
        latex_delimiters=[],  # a price is not a formula
        feedback_options=None,
    )


def _box(phrases: Phrases) -> gr.Textbox:
    return gr.Textbox(
        elem_id="question",
        label=phrases("question"),
        show_label=False,
        placeholder=phrases("question_placeholder"),
        container=False,
        autofocus=True,
        max_lines=8,
        scale=1,
    )


def _wire(service: Service, parts: Parts) -> None:
    """Stopping is a matter of the `Conversation`: Gradio's own way now and then leaves a page that waits forever."""

    def on(triggers: Sequence[Any], act: Callable[..., Any], inputs: list[Any]) -> None:
        gr.on(
            triggers,
            act,
            inputs,
            parts.outputs,
            show_progress="hidden",
            trigger_mode="multiple",  # a new question takes over from one that is still being answered
            api_visibility="private",
        )

    on([parts.box.submit, parts.send.click], _asker(service), [parts.box, parts.conversation])
    on([parts.stop.click], _stop, [parts.conversation])
    on([parts.fresh.click], _begin_anew, [parts.conversation])


def _wire_welcome(
    page: gr.Blocks, service: Service, parts: Parts, drawer: gr.Accordion, news: gr.State
) -> None:
    def greet(conversation: Conversation, request: gr.Request) -> tuple[Any, ...]:
        """What an empty conversation shows, and an open drawer where there is nothing to ask about."""
        said, index = words_of(request), index_of(service)
        count = None if index is None else len(index.records())
        failed = service.state == "failed"
        greeting = render.problem(failure(service, said)) if failed else render.welcome(count, said)
        sources = gr.skip() if conversation.exchanges else _panel((), said)
        adding = gr.Accordion(open=True) if count == 0 else gr.skip()
        return (
            gr.Chatbot(placeholder=greeting),
            sources,
            adding if may(request, "editor") else gr.Accordion(visible=False),
        )

    inputs, outputs = parts.conversation, [parts.talk, parts.sources, drawer]
    page.load(greet, inputs, outputs, show_progress="hidden", api_visibility="private")
    news.change(greet, inputs, outputs, show_progress="hidden", api_visibility="private")


def _asker(service: Service) -> Callable[[str, Conversation, gr.Request], Iterator[tuple[Any, ...]]]:
    def ask(question: str, conversation: Conversation, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        """The page as the answer comes about; a question that got none goes back into the box."""
        said, question = words_of(request), showable(question)
        if not question.strip():
            yield _as_it_is()
            return
        asked, before = conversation.begin(), answered(conversation.exchanges)
        now = Exchange(question=question, stage="searching")
        conversation.tell((*before, now), asked)
        yield _screen((*before, now), said, box="", busy=True)
        for now in exchanging(service, question, turns(before), said):
            if not conversation.tell((*before, now), asked):
                yield _as_it_is()
                return
            yield _screen((*before, now), said, busy=True)
        yield _screen((*before, now), said, box=question if now.problem else None)

    return ask


def _as_it_is() -> tuple[Any, ...]:
    return tuple(gr.skip() for _ in range(6))


def _stop(conversation: Conversation, request: gr.Request) -> tuple[Any, ...]:
    said, exchanges = words_of(request), conversation.exchanges
    if exchanges and not exchanges[-1].answer:
        exchanges = (*exchanges[:-1], replace(exchanges[-1], problem=said("stopped")))
    conversation.tell(exchanges, conversation.begin())
    return _screen(exchanges, said)


def _begin_anew(conversation: Conversation, request: gr.Request) -> tuple[Any, ...]:
    conversation.tell((), conversation.begin())
    return _screen((), words_of(request), box="")


def _screen(
    exchanges: Sequence[Exchange], said: Words, *, box: str | None = None, busy: bool = False
) -> tuple[Any, ...]:
    """What `Parts.outputs` shall be; a ``box`` of None leaves alone what is being typed."""
    messages = [message for turn, one in enumerate(exchanges, 1) for message in _messages(one, turn, said)]
    return (
        gr.skip() if box is None else box,
        messages,
        _panel(exchanges, said),
        gr.Button(visible=not busy),
        gr.Button(visible=busy),
        gr.Button(visible=bool(exchanges)),
    )


def _panel(exchanges: Sequence[Exchange], said: Words) -> Html:
    """The sources of finished answers: cards appear once, whole."""
    groups = ((turn, one.question, one.sources) for turn, one in enumerate(exchanges, 1) if one.answer)
    return render.panel(groups, said)


def _messages(one: Exchange, turn: int, said: Words) -> list[dict[str, str]]:
    return [
        {"role": "user", "content": render.question(one.question)},
        {"role": "assistant", "content": _reply(one, turn, said)},
    ]


def _reply(one: Exchange, turn: int, said: Words) -> Html:
    if one.answer:
        return render.answer(one.answer, one.sources, one.searched, turn, said)
    told = [render.partial(one.told, one.sources, turn, said)] if one.told else []
    return join([*told, render.problem(one.problem) if one.problem else render.status(said, one.stage)])
