"""The JSON and the CSV of source by source, and a row in words."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from assistant import types
from assistant.api.schemas import examples
from assistant.api.schemas.absence import NearMissSchema, why_not
from assistant.api.schemas.answers import CitationSchema
from assistant.api.schemas.examples import shown
from assistant.api.schemas.requests import RestrictedRequest
from assistant.asked_text import LONGEST_QUESTION
from assistant.sources.types import SourceGroup, SourceOrder, SourceRow, SourcesAsked, SourceTable

MOST_ROWS = 500
# What makes a spreadsheet take a cell for a formula where a cell begins with it, and what marks one as text.
_FORMULA, _AS_TEXT = ("=", "+", "-", "@", "\t", "\r", "\n", "'"), "'"
CSV_COLUMNS = (
    "says", "outlet", "title", "published", "quote", "speaker", "speech", "page", "language", "documents", "saying", "nearest",
    "not_enough", "source", "document_id", "url",
)  # fmt: skip


class SourcesRequest(RestrictedRequest):
    """A question, what a row is, in which order, and of which documents and days."""

    model_config = ConfigDict(
        extra="forbid",
        validate_by_name=True,
        json_schema_extra={"examples": [{"question": "Who pays for the bridge?", "by": "outlet"}]},
    )
    question: str = Field(min_length=1, max_length=LONGEST_QUESTION)
    by: SourceGroup = Field("document", description="What a row is: a document, an outlet, or a story.")
    order: SourceOrder = Field("best", description="`best`: those that say something first.")
    limit: int = Field(50, ge=1, le=MOST_ROWS)
    offset: int = Field(0, ge=0, le=1_000_000)

    def asked(self, question: str, filters: types.Filters) -> SourcesAsked:
        return SourcesAsked(
            question=question,
            by=self.by,
            order=self.order,
            filters=filters,
            limit=self.limit,
            offset=self.offset,
        )


class SourceRowSchema(BaseModel):
    """What one document, outlet or story says: its best sentence as a ``citation``, or nothing: then it is ``silent``.

    ``name`` is the outlet, empty for documents that name none, or the title. The other fields are of the document that says it, else
    of the one that came nearest, or the newest; of so many ``documents`` in all ``saying`` say something. ``nearest`` is what came nearest
    in a silent one, and why it was not enough; null where no word or meaning of the question came near.
    """

    name: str
    outlet: str
    document_id: str
    title: str
    source: str
    published: date | None
    documents: int
    saying: int
    silent: bool
    citation: CitationSchema | None
    nearest: NearMissSchema | None

    @classmethod
    def of(cls, row: SourceRow, by: SourceGroup, root: str = "") -> Self:
        record = row.document
        return cls(
            name=row.outlet if by == "outlet" else row.name,
            outlet=row.outlet,
            document_id=record.id,
            title=record.title,
            source=record.shown_source,
            published=record.published,
            documents=row.documents,
            saying=row.saying,
            silent=row.silent,
            citation=CitationSchema.of(row.citation, root) if row.citation else None,
            nearest=NearMissSchema.of(row.miss, root) if row.miss else None,
        )


class SourceTableSchema(BaseModel):
    """Some of the ``total`` rows, of which ``saying`` say something.

    ``searched`` documents were searched; the passages of ``judged`` of them came near enough by a word or by meaning to be judged.
    """

    model_config = shown(examples.SOURCES)
    question: str
    language: str
    by: SourceGroup
    total: int
    saying: int
    searched: int
    judged: int
    rows: list[SourceRowSchema]
    undated_left_out: int = 0

    @classmethod
    def of(cls, table: SourceTable, root: str = "") -> Self:
        return cls(
            question=table.question,
            language=table.language,
            by=table.by,
            total=table.total,
            saying=table.saying,
            searched=table.searched,
            judged=table.judged,
            rows=[SourceRowSchema.of(row, table.by, root) for row in table.rows],
            undated_left_out=table.undated_left_out,
        )


def sources_csv(rows: Sequence[SourceRowSchema], base: str = "") -> str:
    """The rows as CSV with a line of names; links are relative to ``base``. What a spreadsheet would take for a formula is text."""
    return written_csv([CSV_COLUMNS, *(_cells(row, base) for row in rows)])


def written_csv(rows: Sequence[Sequence[str]]) -> str:
    """Cells as CSV (RFC 4180). An apostrophe is put before what would be a formula, and before an apostrophe."""
    lines = io.StringIO(newline="")
    csv.writer(lines).writerows([_as_text(cell) for cell in row] for row in rows)
    return lines.getvalue()


def read_csv(text: str) -> list[list[str]]:
    """What `written_csv` has written."""
    rows = csv.reader(io.StringIO(text, newline=""))
    return [[cell.removeprefix(_AS_TEXT) for cell in row] for row in rows]


def row_in_words(row: SourceRowSchema) -> str:
    """A row in two lines: what is said, and where; or that it is silent, and what came nearest."""
    where = [row.name or "no outlet named"]
    where += [f"{row.saying} of {row.documents} documents"] if row.documents > 1 else []
    where += [row.title] if row.title != row.name else []
    where += [str(row.published)] if row.published else []
    if row.citation:
        said = row.citation.attribution
        where += [f"{said.speaker}, {said.kind}"] if said else []
        return f"“{' '.join(row.citation.quote.split())}”\n    {', '.join(where)} — {row.source} ({row.document_id})"
    nearest = (
        f" (nearest: “{' '.join(row.nearest.quote.split())}”: {why_not(row.nearest)})" if row.nearest else ""
    )
    return f"silent: {', '.join(where)} — {row.source} ({row.document_id})\n    {_silence(row)}{nearest}"


def _silence(row: SourceRowSchema) -> str:
    return (
        "searched, nothing said about it" if row.nearest else "searched, no word or meaning of it came near"
    )


def _cells(row: SourceRowSchema, base: str) -> list[str]:
    quoted, near = row.citation, row.nearest
    said = quoted.attribution if quoted else None
    page = quoted.page if quoted else near.page if near else None
    language = quoted.language if quoted else near.language if near else ""
    url = quoted.url if quoted else near.url if near else ""
    return [
        "silent" if row.silent else "yes",
        row.outlet,
        row.title,
        str(row.published or ""),
        quoted.quote if quoted else "",
        said.speaker if said else "",
        said.kind if said else "",
        str(page or ""),
        language,
        str(row.documents),
        str(row.saying),
        near.quote if near else "",
        why_not(near) if near else _silence(row) if row.silent else "",
        row.source,
        row.document_id,
        f"{base}{url}" if url else "",
    ]


def _as_text(cell: str) -> str:
    return f"{_AS_TEXT}{cell}" if cell.startswith(_FORMULA) else cell
