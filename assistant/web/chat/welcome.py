"""What the chat page shows before anything is asked, anew whenever the documents may have changed."""

from __future__ import annotations

from typing import Any

import gradio as gr

from assistant.access.callers import may
from assistant.service.service import Service, is_sample
from assistant.web.answer import actions, render, source_panel
from assistant.web.answer.conversations import Conversation
from assistant.web.chat import conversation_history, filter_chips
from assistant.web.chat.suggestions import SuggestedQuestions
from assistant.web.kit.html import Html
from assistant.web.kit.localisation import Words
from assistant.web.kit.page import failure, index_of, must_edit, words_of
from ingest.types import Record

# A browser would choke on a list of all documents; the documents page has search.
MOST_CHOICES = 1_000


class WelcomeEvents:
    """The events of a chat page that opens, or whose documents change."""

    def __init__(self, service: Service, ideas: SuggestedQuestions) -> None:
        self._service = service
        self._ideas = ideas

    def settle(self, conversation: Conversation, request: gr.Request) -> tuple[Html, Html, Html]:
        """The list of conversations, the days and the sources, in the reader's language."""
        said = words_of(request)
        return (
            conversation_history.frame(said),
            filter_chips.dates(conversation.filters, said),
            source_panel.panel((), said),
        )

    def greet(self, conversation: Conversation, request: gr.Request) -> tuple[Any, ...]:
        """Greeting, an open drawer where there is nothing to ask about, a way out of samples, and what to choose from."""
        said, index = words_of(request), index_of(self._service)
        records = None if index is None else index.records()
        editing = may(request, "editor")
        samples = editing and any(is_sample(record) for record in records or ())
        choices = [(record.title or record.source, record.id) for record in (records or ())[:MOST_CHOICES]]
        return (
            gr.Chatbot(placeholder=self._greeting(records, said)),
            gr.Accordion(visible=editing, open=True) if records == [] else gr.Accordion(visible=editing),
            gr.Button(visible=samples),
            gr.Dropdown(choices=choices),
        )

    def think(self, conversation: Conversation, request: gr.Request) -> object:
        """Suggested questions; each took a search, so they come when the page is there already."""
        if conversation.exchanges:
            return gr.skip()
        said = words_of(request)
        found = actions.suggestions(self._ideas.first(conversation.filters, said.language), said)
        return gr.skip() if conversation.exchanges else found

    def remove_samples(self, conversation: Conversation, request: gr.Request) -> tuple[Any, ...]:
        must_edit(request)
        self._service.remove_samples()
        return self.greet(conversation, request)

    def _greeting(self, records: list[Record] | None, said: Words) -> Html:
        if wrong := failure(self._service, said):
            return render.problem(wrong)
        return render.welcome(None if records is None else len(records), said)
