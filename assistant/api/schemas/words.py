"""The JSON of words and phrases found in the texts of documents."""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import BaseModel

from assistant.api.schemas import examples
from assistant.api.schemas.examples import shown
from assistant.citation_links import viewer_url
from assistant.retrieval.word_search import WordHit, WordHits, pieces
from ingest.types import DateOrigin


class FoundWordsSchema(BaseModel):
    """One of the words or phrases looked for, as offsets into the document's text."""

    start: int
    end: int


class WordHitSchema(BaseModel):
    """A place where words stand: ``text`` is the document's text of that ``version`` from ``start`` to ``end``.

    ``words`` are those looked for that stand in it, ``before`` and ``after`` what stands around it; ``url`` opens the
    document at these words, wherever they stand by then. ``language`` is that of the passage where they stand.
    """

    document_id: str
    title: str
    source: str
    published: date | None
    published_from: DateOrigin = ""
    page: int | None
    start: int
    end: int
    text: str
    words: list[FoundWordsSchema]
    before: str
    after: str
    version: str
    url: str
    time: str = ""
    language: str = ""

    @classmethod
    def of(cls, hit: WordHit, root: str = "") -> Self:
        record = hit.document
        return cls(
            document_id=record.id,
            title=record.title,
            source=record.shown_source,
            published=record.published,
            published_from=record.published_from,
            page=hit.page,
            start=hit.start,
            end=hit.end,
            text=hit.text,
            words=[FoundWordsSchema(start=start, end=end) for start, end in hit.words],
            before=hit.before,
            after=hit.after,
            version=hit.version,
            url=f"{root}/{viewer_url(record.id, hit.start, hit.end, hit.version, hit.text)}",
            time=hit.time,
            language=hit.language,
        )


class WordHitsSchema(BaseModel):
    """Some of the ``total`` places in so many ``documents``; where ``counted`` is false, there are more of both."""

    model_config = shown(examples.WORD_HITS)
    total: int
    documents: int
    counted: bool
    hits: list[WordHitSchema]
    undated_left_out: int = 0

    @classmethod
    def of(cls, found: WordHits, root: str = "") -> Self:
        """``root`` is the path under which the server is reached, as in ``/assistant``."""
        return cls(
            total=found.total,
            documents=found.documents,
            counted=found.counted,
            hits=[WordHitSchema.of(hit, root) for hit in found.hits],
            undated_left_out=found.undated_left_out,
        )


def in_one_line(hit: WordHitSchema, marks: tuple[str, str] = ("", "")) -> str:
    """A hit with what stands around it, the words looked for between ``marks``."""
    spans = [(word.start, word.end) for word in hit.words]
    parts = (
        f"{marks[0]}{text}{marks[1]}" if looked_for else text
        for text, looked_for in pieces(hit.text, hit.start, spans)
    )
    return " ".join(f"{hit.before}{''.join(parts)}{hit.after}".split())
