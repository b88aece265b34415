"""The components of the chat page that events update, and functions from values to their updates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import gradio as gr

from assistant.web.answer import actions, render, source_panel
from assistant.web.answer.conversations import TRANSLATING, Exchange
from assistant.web.answer.made_once import made_once
from assistant.web.answer.source_view import SourceView
from assistant.web.kit.html import NOTHING, Html, element, join, text
from assistant.web.kit.localisation import Words

Updates = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class ChatComponents:
    """``bridge`` passes the conversation to the script that stores it, and the script's events back.

    Those that an answer never changes come last: Gradio makes each output of an event anew at each of its steps, and
    ``chosen`` has an entry for each document.
    """

    question: gr.Textbox
    messages: gr.Chatbot
    sources: gr.HTML
    send: gr.Button
    stop: gr.Button
    suggestions: gr.HTML
    bridge: gr.HTML
    announcement: gr.HTML
    chips: gr.HTML
    days: gr.HTML
    chosen: gr.Dropdown

    @property
    def outputs(self) -> list[Any]:
        return [getattr(self, field.name) for field in fields(self)]

    @property
    def outputs_of_answers(self) -> list[Any]:
        return list(of_answers(tuple(self.outputs)))


def of_answers(values: Updates) -> Updates:
    """Of values for `ChatComponents.outputs` those for `ChatComponents.outputs_of_answers`."""
    return values[: -len(("chips", "days", "chosen"))]


def updates(**values: object) -> Updates:
    """A value for each of `ChatComponents.outputs`; components not named stay as they are."""
    return tuple(values.get(field.name, gr.skip()) for field in fields(ChatComponents))


def conversation_updates(
    exchanges: Sequence[Exchange], base: str, words: Words, *, busy: bool = False
) -> dict[str, object]:
    """The messages, their sources and the buttons; ``base`` is the address that links in copied text are relative to."""
    return {
        "messages": messages(exchanges, base, words),
        "sources": source_cards(exchanges, base, words),
        **buttons(busy),
    }


def buttons(busy: bool) -> dict[str, object]:
    """The visible button: to stop while an answer is being made, else to ask."""
    return {
        "send": gr.Button(visible="hidden" if busy else True),
        "stop": gr.Button(visible=True if busy else "hidden"),
    }


def button_labels(words: Words) -> dict[str, object]:
    """The buttons' unchanged labels, to be sent in the step after one with `buttons`.

    Gradio sends differences to the step before. If a page receives two steps at once, it drops the first one's update
    of a component that the second leaves out; so the second one names the buttons again.
    """
    return {"send": words("ask"), "stop": words("stop")}


def messages(exchanges: Sequence[Exchange], base: str, words: Words) -> list[dict[str, str]]:
    """The messages of the conversation, as Gradio's chatbot takes them."""
    last = len(exchanges)
    return [
        message
        for turn, exchange in enumerate(exchanges, 1)
        for message in (
            {"role": "user", "content": render.question(exchange.question, turn, words)},
            {"role": "assistant", "content": _reply(exchange, turn, turn == last, base, words)},
        )
    ]


def source_cards(exchanges: Sequence[Exchange], base: str, words: Words) -> Html:
    """The sources of all answers, also of one that is still being streamed."""
    return source_panel.panel(enumerate(exchanges, 1), words, base)


def bridge_data(json: str, unanswered: str = "") -> Html:
    """What the bridge passes to the script: the conversation to store, or an empty string if none is open.

    An ``unanswered`` question goes back into the question box.
    """
    return element("span", hidden=True, data_kept=json, data_unanswered=unanswered or None)


def announcement(exchange: Exchange, words: Words) -> Html:
    """What a screen reader announces."""
    if exchange.reply:
        return render.announcement(exchange.reply, words)
    return element("p", text(exchange.problem or words("stage_searching")))


def _reply(exchange: Exchange, turn: int, last: bool, base: str, words: Words) -> Html:
    below = actions.answer_buttons(exchange, turn, last, base, words, exports=True)
    if exchange.reply:
        status = render.status(words, exchange.stage) if exchange.stage == TRANSLATING else NOTHING
        return join([_answer(exchange, turn, base, words), status, below])
    partial = render.partial_answer(exchange, turn, words) if exchange.told else NOTHING
    if exchange.problem:
        return join([partial, render.problem(exchange.problem), below])
    return partial or render.status(words, exchange.stage)


@made_once
def _answer(exchange: Exchange, turn: int, base: str, words: Words) -> Html:
    return render.answer(exchange.reply, turn, words, base) if exchange.reply else NOTHING


def partial_updates(
    exchanges: Sequence[Exchange], shown_sources: Sequence[SourceView], base: str, words: Words
) -> Updates:
    """The next piece of an answer; the source cards only if they differ from ``shown_sources``."""
    changed = exchanges[-1].sources not in ((), shown_sources)
    cards = {"sources": source_cards(exchanges, base, words)} if changed else {}
    return updates(messages=messages(exchanges, base, words), **cards, **button_labels(words))
