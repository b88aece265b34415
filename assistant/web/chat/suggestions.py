"""Suggested questions for the chat page: made once for every state of the index, and never at the cost of answers."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache

from assistant.errors import NotReady
from assistant.service.service import Service
from assistant.service.suggestions import first_questions, follow_ups
from assistant.types import Filters
from assistant.web.answer.conversations import Exchange

FIRST, FURTHER = 4, 3


class SuggestedQuestions:
    """Thread-safe."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._making = threading.Lock()
        self._first = lru_cache(maxsize=64)(self._made)

    def first(self, filters: Filters, language: str) -> tuple[str, ...]:
        """Questions to begin with, those in ``language`` first; none while the index is loading or empty."""
        try:
            revision = self._service.assistant.index.revision
        except NotReady:
            return ()
        with self._making:
            return self._first(revision, filters, language)

    def further(self, exchanges: Sequence[Exchange], filters: Filters) -> tuple[str, ...]:
        """What to ask after the last answer; nothing where another page's ideas are being made."""
        last = exchanges[-1].reply if exchanges else None
        if last is None or last.refused or not self._making.acquire(blocking=False):
            return ()
        try:
            documents = [source.document_id for source in last.sources]
            asked = [one.question for one in exchanges]
            return follow_ups(self._service.assistant, documents, asked, last.language, FURTHER, filters)
        finally:
            self._making.release()

    def _made(self, revision: str, filters: Filters, language: str) -> tuple[str, ...]:
        return first_questions(self._service.assistant, FIRST, filters, language)
