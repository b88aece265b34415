"""Suggested questions for the chat page: cached for each revision of the index, and made one page at a time."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache

from assistant.errors import NotReady
from assistant.service.service import Service
from assistant.service.suggestions import can_answer, first_questions, follow_ups
from assistant.types import Filters
from assistant.web.answer.conversations import Exchange

MOST_FIRST, MOST_FOLLOW_UPS = 4, 3


class SuggestedQuestions:
    """Thread-safe."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._making = threading.Lock()
        self._cached = lru_cache(maxsize=64)(self._make)
        self._answered = lru_cache(maxsize=1_024)(
            self._can_answer
        )  # documents that are cited often make the same questions

    def first(self, filters: Filters, language: str) -> tuple[str, ...]:
        """Questions for an empty conversation, those in ``language`` first; none while the index is loading or empty."""
        try:
            revision = self._service.assistant.index.replica.revision
        except NotReady:
            return ()
        with self._making:
            return self._cached(revision, filters, language)

    def follow_ups(self, exchanges: Sequence[Exchange], filters: Filters) -> tuple[str, ...]:
        """Questions after the last answer; none while those of another page are being made, or somebody asks."""
        last = exchanges[-1].reply if exchanges else None
        if last is None or last.refused:
            return ()
        reader = self._service.assistant.reader
        if (reader and reader.busy) or not self._making.acquire(blocking=False):
            return ()
        try:
            documents = [source.document_id for source in last.sources]
            asked = [exchange.question for exchange in exchanges]
            assistant = self._service.assistant
            revision = assistant.index.replica.revision
            return follow_ups(
                assistant,
                documents,
                asked,
                last.language,
                MOST_FOLLOW_UPS,
                lambda question: self._answered(revision, question, filters),
                filters,
            )
        finally:
            self._making.release()

    def _make(self, revision: str, filters: Filters, language: str) -> tuple[str, ...]:
        return first_questions(self._service.assistant, MOST_FIRST, filters, language)

    def _can_answer(self, revision: str, question: str, filters: Filters) -> bool:
        return can_answer(self._service.assistant, question, filters)
