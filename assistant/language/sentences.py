"""The sentences of passages, kept for a while: the same passages come up question after question."""

from __future__ import annotations

from functools import lru_cache

from ingest.text.sentences import Span, sentence_spans, trimmed


@lru_cache(maxsize=8_000)
def sentences(text: str, language: str) -> tuple[Span, ...]:
    """The sentences of a passage without the white space around them, blank ones left out."""
    spans = (trimmed(text, span) for span in sentence_spans(text, language))
    return tuple(span for span in spans if span.end > span.start)
