"""The events of an answer that is already whole."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.types import Answer, CitationEvent, DeltaEvent, Event


def streamed(answer: Answer) -> Iterator[Event]:
    """The citations of ``answer``, then its text."""
    for citation in answer.citations:
        yield CitationEvent(citation=citation)
    yield DeltaEvent(text=answer.text)
