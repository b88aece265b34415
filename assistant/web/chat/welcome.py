"""The event handlers that fill the chat page when it opens and whenever the documents may have changed."""

from __future__ import annotations

from typing import Any

import gradio as gr

from assistant.access.callers import may
from assistant.service.samples import sample_records
from assistant.service.service import Service
from assistant.web.answer import actions, render, source_panel
from assistant.web.answer.conversations import Conversation
from assistant.web.chat import conversation_history, filters
from assistant.web.chat.suggestions import SuggestedQuestions
from assistant.web.kit.html import Html
from assistant.web.kit.localisation import Words
from assistant.web.kit.page import failure, index_of, must_edit, words_of
from ingest.types import Record

# A browser becomes slow with a list of all documents; the documents page has search.
MOST_CHOICES = 1_000


class WelcomeEvents:
    """The handlers of the page's load, of changed documents, and of removing the samples."""

    def __init__(self, service: Service, suggestions: SuggestedQuestions) -> None:
        self._service = service
        self._suggestions = suggestions

    def draw_frames(self, conversation: Conversation, request: gr.Request) -> tuple[Html, Html, Html]:
        """The list of conversations, the date fields and the source panel, still empty, in the reader's language."""
        words = words_of(request)
        return (
            conversation_history.list_frame(words),
            filters.date_fields(conversation.filters, words),
            source_panel.panel((), words),
        )

    def greet(self, conversation: Conversation, request: gr.Request) -> tuple[Any, ...]:
        """The greeting, the form to add documents (open if there are none), the button to remove samples, and the choices."""
        words, index = words_of(request), index_of(self._service)
        records = None if index is None else index.records()
        editing = may(request, "editor")
        samples = editing and index is not None and bool(sample_records(index))
        choices = [(record.title or record.source, record.id) for record in (records or ())[:MOST_CHOICES]]
        return (
            gr.Chatbot(placeholder=self._greeting(records, words)),
            gr.Accordion(visible=editing, open=True) if records == [] else gr.Accordion(visible=editing),
            gr.Button(visible=samples),
            gr.Dropdown(choices=choices),
        )

    def suggest(self, conversation: Conversation, request: gr.Request) -> object:
        """Suggested questions; each takes a search, so they come after the rest of the page."""
        if conversation.exchanges:
            return gr.skip()
        words = words_of(request)
        questions = self._suggestions.first(conversation.filters, words.language)
        return gr.skip() if conversation.exchanges else actions.suggested_questions(questions, words)

    def remove_samples(self, conversation: Conversation, request: gr.Request) -> tuple[Any, ...]:
        must_edit(request)
        self._service.remove_samples()
        return self.greet(conversation, request)

    def _greeting(self, records: list[Record] | None, words: Words) -> Html:
        if problem := failure(self._service, words):
            return render.problem(problem)
        return render.welcome(None if records is None else len(records), words)
