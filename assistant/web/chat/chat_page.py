"""The chat page: a conversation, the box to ask in, and beside them past conversations and the sources."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from assistant.service.service import Service
from assistant.web.answer.conversations import Conversation
from assistant.web.chat.components import ChatComponents
from assistant.web.chat.events import ChatEvents
from assistant.web.chat.suggestions import SuggestedQuestions
from assistant.web.chat.welcome import WelcomeEvents
from assistant.web.kit.page import Phrases, head, slot
from assistant.web.uploads import upload_form

# Buttons that Python has written into the page become events here; see `acts` and static/acts.js.
BRIDGE = """document.addEventListener('act', (event) => trigger('input', event.detail))
watch('value', () => {
  const { kept, unanswered } = element.querySelector('[data-kept]')?.dataset ?? {}
  document.dispatchEvent(new CustomEvent('kept', { detail: kept }))
  if (unanswered) document.dispatchEvent(new CustomEvent('unanswered', { detail: unanswered }))
})
document.dispatchEvent(new CustomEvent('bridged'))"""
# A day chosen restricts what comes; the whole state goes along, so that nothing is remembered twice.
DAYS = """element.addEventListener('change', () => {
  const [since, until] = [...element.querySelectorAll('input')].map((field) => field.value)
  trigger('input', { since, until })
})"""
ANNOUNCE = "element.setAttribute('role', 'status')"
SETTLED = "watch('value', () => document.dispatchEvent(new Event('settled')))"


def chat(page: gr.Blocks, service: Service, phrases: Phrases) -> None:
    """Lay out the page and wire it; call it within the page's context."""
    head(page, phrases, "chat")
    with gr.Row(elem_id="columns"):
        with gr.Column(elem_id="past", scale=0, min_width=240):
            past = slot("history", on_load=SETTLED)
        with gr.Column(elem_id="left", scale=3, min_width=320):
            with gr.Row(elem_id="bar"):
                toggle = gr.Button(phrases("conversations"), size="sm", scale=0, elem_id="past-toggle")
                fresh = gr.Button(phrases("new_conversation"), size="sm", scale=0, elem_id="fresh")
            talk = _talk(phrases)
            ideas, chips = slot("ideas"), slot("chips")
            with gr.Row(elem_id="ask"):
                box = _box(phrases)
                send = gr.Button(phrases("ask"), variant="primary", scale=0, min_width=96, elem_id="send")
                stop = gr.Button(phrases("stop"), visible="hidden", scale=0, min_width=96, elem_id="stop")
            rows = upload_form.rows()
            with gr.Row(elem_id="below"):
                with gr.Accordion(phrases("add_documents"), open=False, elem_id="add") as drawer:
                    adding = upload_form.fields(phrases)
                    without = gr.Button(phrases("remove_samples"), visible=False, elem_id="without")
                with gr.Accordion(phrases("restrict"), open=False, elem_id="restrict"):
                    chosen, days = _chosen(phrases), slot("days", on_load=DAYS)
        with gr.Column(elem_id="right", scale=2, min_width=320):
            sources = slot("sources")
    bridge, news = slot("bridge", on_load=BRIDGE), slot("news", on_load=ANNOUNCE)
    parts = ChatComponents(box, talk, sources, send, stop, ideas, chips, days, chosen, bridge, news)
    conversation = gr.State(Conversation())
    changed = upload_form.wire(page, service, adding, rows)
    ideas_of = SuggestedQuestions(service)
    _wire(ChatEvents(service, ideas_of), parts, fresh, conversation)
    welcoming = WelcomeEvents(service, ideas_of)
    _wire_welcome(page, welcoming, parts, (past, drawer, without), changed, conversation)
    toggle.click(None, js="() => document.dispatchEvent(new Event('past'))", api_visibility="private")


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
        sanitize_html=False,  # it takes away the labels that screen readers need; all of it is `Html` of ours
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


def _chosen(phrases: Phrases) -> gr.Dropdown:
    return gr.Dropdown(
        label=phrases("only_documents"), choices=[], multiselect=True, filterable=True, elem_id="chosen"
    )


def _wire(talking: ChatEvents, parts: ChatComponents, fresh: gr.Button, conversation: gr.State) -> None:
    """Stopping is a matter of the `Conversation`: Gradio's own way now and then leaves a page that waits forever."""

    def on(triggers: Sequence[Any], act: Callable[..., Any], inputs: Sequence[Any] = ()) -> None:
        gr.on(
            triggers,
            act,
            [conversation, *inputs],
            parts.outputs,
            show_progress="hidden",
            trigger_mode="multiple",  # a new question takes over from one that is still being answered
            api_visibility="private",
        )

    on([parts.box.submit, parts.send.click], talking.ask, [parts.box])
    on([parts.stop.click], talking.stop)
    on([fresh.click], talking.begin_anew)
    on([parts.bridge.input], talking.act)
    on([parts.days.input], talking.narrow_days)
    on([parts.chosen.input], talking.narrow_documents, [parts.chosen])


def _wire_welcome(
    page: gr.Blocks,
    welcoming: WelcomeEvents,
    parts: ChatComponents,
    around: Sequence[Any],
    changed: gr.State,
    conversation: gr.State,
) -> None:
    """``around`` are the list of conversations, the drawer for documents, and the button against samples."""
    past, drawer, without = around

    def on(triggers: Sequence[Any], act: Callable[..., Any], outputs: Sequence[Any]) -> None:
        gr.on(triggers, act, conversation, list(outputs), show_progress="hidden", api_visibility="private")

    greeted = [parts.talk, drawer, without, parts.chosen]
    on([page.load], welcoming.settle, [past, parts.days, parts.sources])
    on([page.load, changed.change], welcoming.greet, greeted)
    on([page.load, changed.change], welcoming.think, [parts.ideas])
    on([without.click], welcoming.remove_samples, greeted)
