"""A passage as retrieval returns it, without an index."""

from __future__ import annotations

from datetime import UTC, datetime

from assistant.types import Hit
from ingest.text.sentences import trimmed_sentences
from ingest.types import Passage, Record


def hit_of(text: str, name: str = "one", score: float = 1.0, language: str = "de") -> Hit:
    """A document ``name`` of one passage, both with that id."""
    spans = tuple((span.start, span.end) for span in trimmed_sentences(text, language))
    record = Record(
        id=name, version="v", source=f"{name}.txt", title="", published=None, authors=(), language=language,
        media_type="text/plain", sha256="0" * 64, page_starts=(), passages=1, characters=len(text),
        added=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    passage = Passage(
        id=name, document_id=name, text=text, start=0, end=len(text), page=None, heading="", sentences=spans
    )
    return Hit(passage=passage, document=record, score=score, dense_rank=None, lexical_rank=None)
