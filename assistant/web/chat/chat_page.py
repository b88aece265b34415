"""The layout of the chat page, and which event calls which handler: question box, messages, past conversations, sources."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import gradio as gr

from assistant.service.admission import MOST_QUESTIONS
from assistant.service.service import Service
from assistant.web.answer.conversations import Conversation
from assistant.web.chat.components import ChatComponents
from assistant.web.chat.events import ChatEvents
from assistant.web.chat.suggestions import SuggestedQuestions
from assistant.web.chat.welcome import WelcomeEvents
from assistant.web.kit.page import Phrases, page_header, slot
from assistant.web.uploads import upload_form

# Passes the events of static/actions.js and static/conversation_history.js to Python, and the conversation to them.
BRIDGE = """document.addEventListener('act', (event) => trigger('input', event.detail))
watch('value', () => {
  const { kept, unanswered } = element.querySelector('[data-kept]')?.dataset ?? {}
  document.dispatchEvent(new CustomEvent('kept', { detail: kept }))
  if (unanswered) document.dispatchEvent(new CustomEvent('unanswered', { detail: unanswered }))
})
document.dispatchEvent(new CustomEvent('bridged'))"""
# Sends both dates whenever one changes, so that the page holds no state of its own.
DAYS = """element.addEventListener('change', () => {
  const [since, until] = [...element.querySelectorAll('input')].map((field) => field.value)
  trigger('input', { since, until })
})
// The server reads reversed days the other way round; the fields follow once the reader has left them.
element.addEventListener('focusout', (event) => {
  const [since, until] = element.querySelectorAll('input')
  if (element.contains(event.relatedTarget) || !since?.value || !until?.value || since.value <= until.value) return
  ;[since.value, until.value] = [until.value, since.value]
})"""
ANNOUNCE = "element.setAttribute('role', 'status')"
SETTLED = "watch('value', () => document.dispatchEvent(new Event('settled')))"


def build_chat_page(page: gr.Blocks, service: Service, phrases: Phrases) -> None:
    """Lay out the page and connect its events; call it within the page's context."""
    page_header(page, phrases, "chat")
    with gr.Row(elem_id="columns"):
        with gr.Column(elem_id="past", scale=0, min_width=240):
            past = slot("history", on_load=SETTLED)
        with gr.Column(elem_id="left", scale=3, min_width=320):
            with gr.Row(elem_id="bar"):
                toggle = gr.Button(phrases("conversations"), size="sm", scale=0, elem_id="past-toggle")
                fresh = gr.Button(phrases("new_conversation"), size="sm", scale=0, elem_id="fresh")
            messages = _messages(phrases)
            suggestions, chips = slot("ideas"), slot("chips")
            with gr.Row(elem_id="ask"):
                question = _question_box(phrases)
                send = gr.Button(phrases("ask"), variant="primary", scale=0, min_width=96, elem_id="send")
                stop = gr.Button(phrases("stop"), visible="hidden", scale=0, min_width=96, elem_id="stop")
            rows = upload_form.rows()
            with gr.Row(elem_id="below"):
                with gr.Accordion(phrases("add_documents"), open=False, elem_id="add") as add_documents:
                    fields = upload_form.fields(phrases)
                    remove_samples = gr.Button(phrases("remove_samples"), visible=False, elem_id="without")
                with gr.Accordion(phrases("restrict"), open=False, elem_id="restrict"):
                    chosen, days = _document_choice(phrases), slot("days", on_load=DAYS)
        with gr.Column(elem_id="right", scale=2, min_width=320):
            sources = slot("sources")
    bridge, announcement = slot("bridge", on_load=BRIDGE), slot("news", on_load=ANNOUNCE)
    components = ChatComponents(
        question, messages, sources, send, stop, suggestions, bridge, announcement, chips, days, chosen
    )
    conversation = gr.State(Conversation())
    documents_changed = upload_form.wire(page, service, fields, rows)
    suggested = SuggestedQuestions(service)
    _connect_chat(ChatEvents(service, suggested), components, fresh, conversation)
    around = (past, add_documents, remove_samples)
    welcome = WelcomeEvents(service, suggested)
    _connect_welcome(page, welcome, components, around, documents_changed, conversation)
    toggle.click(None, js="() => document.dispatchEvent(new Event('past'))", api_visibility="private")


def _messages(phrases: Phrases) -> gr.Chatbot:
    return gr.Chatbot(
        elem_id="conversation",
        label=phrases("conversation"),
        show_label=False,
        container=False,
        scale=1,
        height=None,
        buttons=[],
        latex_delimiters=[],  # a price is not a formula
        sanitize_html=False,  # would remove labels that screen readers need; everything in it is our own `Html`
        feedback_options=None,
    )


def _question_box(phrases: Phrases) -> gr.Textbox:
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


def _document_choice(phrases: Phrases) -> gr.Dropdown:
    return gr.Dropdown(
        label=phrases("only_documents"), choices=[], multiselect=True, filterable=True, elem_id="chosen"
    )


def _connect_chat(
    handlers: ChatEvents, components: ChatComponents, fresh: gr.Button, conversation: gr.State
) -> None:
    """A handler stops through the `Conversation`: cancelling Gradio's way sometimes leaves a page that waits forever."""

    def on(
        triggers: Sequence[Any],
        handler: Callable[..., Any],
        inputs: Sequence[Any] = (),
        outputs: Sequence[Any] = components.outputs,
        at_once: int | Literal["default"] = "default",
    ) -> None:
        gr.on(
            triggers,
            handler,
            [conversation, *inputs],
            list(outputs),
            show_progress="hidden",
            trigger_mode="multiple",  # a new question replaces one that is still being answered
            concurrency_limit=at_once,
            api_visibility="private",
        )

    asking = [components.question.submit, components.send.click]
    # Nobody waits in Gradio's queue, where they would not be told: there is a thread for every question that is let in.
    on(asking, handlers.ask, [components.question], components.outputs_of_answers, MOST_QUESTIONS + 1)
    on([components.stop.click], handlers.stop)
    on([fresh.click], handlers.begin_anew)
    on([components.bridge.input], handlers.act, at_once=MOST_QUESTIONS + 1)
    on([components.days.input], handlers.narrow_days)
    on([components.chosen.input], handlers.narrow_documents, [components.chosen])


def _connect_welcome(
    page: gr.Blocks,
    handlers: WelcomeEvents,
    components: ChatComponents,
    around: Sequence[Any],
    documents_changed: gr.State,
    conversation: gr.State,
) -> None:
    """``around``: the list of conversations, the fold for adding documents, and the button that removes the samples."""
    past, add_documents, remove_samples = around

    def on(triggers: Sequence[Any], handler: Callable[..., Any], outputs: Sequence[Any]) -> None:
        gr.on(
            triggers, handler, conversation, list(outputs), show_progress="hidden", api_visibility="private"
        )

    greeted = [components.messages, add_documents, remove_samples, components.chosen]
    on([page.load], handlers.draw_frames, [past, components.days, components.sources])
    on([page.load, documents_changed.change], handlers.greet, greeted)
    on([page.load, documents_changed.change], handlers.suggest, [components.suggestions])
    on([remove_samples.click], handlers.remove_samples, greeted)
