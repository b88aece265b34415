"""A document for the viewer: its text in paragraphs and parts, the citations in an address, and search in the text.

All offsets are code points of the document's text; ranges are half-open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.loaders.pdf_alignment import CONTEXT, PageQuote, spans_of
from ingest.store.versions import EarlierVersion
from ingest.types import Passage, Record

# A long document is sent to the browser in parts of at least PART characters, one of up to WHOLE at once.
PART = 30_000
WHOLE = 100_000
# Some texts have no blank lines: a paragraph longer than this is cut at the end of a line or a word.
LONGEST_PARAGRAPH = 10_000
MOST_CITED = 50
MOST_FOUND = 1_000
LONGEST_MARKED = 20_000  # characters on the picture of one page
_BREAK = re.compile(r"\n[^\S\n]*\n\s*")
_NUMBER = re.compile(r"[0-9]{1,11}")
_PAIR = re.compile(r"([0-9]{1,11})-([0-9]{1,11})")

Offsets = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: the document's text from ``start`` to ``end``, without the blank lines around it."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """A document and its whole text; ``parts`` partition the text, and no paragraph lies in two of them.

    ``version`` is that of the text, ``earlier`` what it is of a document that has another by now.
    """

    record: Record
    body: str
    headings: frozenset[str]
    parts: tuple[Offsets, ...]
    version: str = ""
    earlier: EarlierVersion | None = None

    def part_at(self, offset: int) -> int:
        """The number of the part in which ``offset`` lies."""
        return next((number for number, (_, end) in enumerate(self.parts) if offset < end), 0)

    @property
    def is_long(self) -> bool:
        return len(self.body) > WHOLE


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedSpans:
    """The citations of an answer in the document, in the text's order; ``current`` is the index of the one shown first."""

    spans: tuple[Offsets, ...] = ()
    current: int = 0

    @property
    def current_span(self) -> Offsets | None:
        return self.spans[self.current] if self.spans else None

    def number_at(self, start: int) -> int | None:
        """The index of the citation that contains the character at ``start``, preferably the current one; else None."""
        numbers = [number for number, span in enumerate(self.spans) if span[0] <= start < span[1]]
        return self.current if self.current in numbers else next(iter(numbers), None)


def view_document(record: Record, passages: Sequence[Passage], version: str = "") -> DocumentView:
    """The document, its text joined from ``passages``."""
    body = "".join(passage.text for passage in passages)
    headings = frozenset(passage.section for passage in passages)
    parts = tuple(split_parts(body))
    return DocumentView(record=record, body=body, headings=headings, parts=parts, version=version)


def view_earlier(earlier: EarlierVersion, body: str) -> DocumentView:
    """A version of a document that another has replaced, with its text."""
    return DocumentView(
        record=earlier.record,
        body=body,
        headings=earlier.headings,
        parts=tuple(split_parts(body)),
        version=earlier.version,
        earlier=earlier,
    )


def split_parts(body: str, size: int = PART) -> Iterator[Offsets]:
    """The ranges of parts of at least ``size`` code points (the last may be shorter), cut between paragraphs."""
    first = 0
    for paragraph in split_paragraphs(body, 0, len(body)):
        if paragraph.start - first >= size:
            yield first, paragraph.start
            first = paragraph.start
    yield first, len(body)


def split_paragraphs(body: str, start: int, end: int) -> Iterator[Paragraph]:
    """The paragraphs of a text between two offsets, none longer than `LONGEST_PARAGRAPH`."""
    start += len(body[start:end]) - len(body[start:end].lstrip())
    end -= len(body[start:end]) - len(body[start:end].rstrip())
    for gap in _BREAK.finditer(body, start, end):
        yield from _cut(body, start, gap.start())
        start = gap.end()
    if start < end:
        yield from _cut(body, start, end)


def _cut(body: str, start: int, end: int) -> Iterator[Paragraph]:
    while end - start > LONGEST_PARAGRAPH:
        limit = start + LONGEST_PARAGRAPH
        cuts = (body.rfind(sign, start + 1, limit) for sign in ("\n", " "))
        cut = next((cut for cut in cuts if cut > 0), limit)
        yield Paragraph(start, cut)
        start = cut
    yield Paragraph(start, end)


def parse_span(start: str, end: str) -> Offsets | None:
    """Offsets as an address has them; None where they make no sense."""
    if not (_NUMBER.fullmatch(start) and _NUMBER.fullmatch(end)):
        return None
    return (int(start), int(end)) if int(start) < int(end) else None


def parse_pairs(pairs: Sequence[str]) -> list[Offsets]:
    """Offsets as "12-34", those left out that make no sense."""
    matches = (_PAIR.fullmatch(pair) for pair in pairs[:MOST_CITED])
    return [span for match in matches if match and (span := parse_span(match[1], match[2]))]


def page_quote(view: DocumentView, number: int, span: Offsets) -> PageQuote | None:
    """What stands between two offsets on page ``number``, counted from 1, and around it; None where nothing does."""
    page = spans_of(view.record.page_starts, len(view.body), number)
    if page is None:
        return None
    start, end = max(span[0], page[0]), min(span[1], page[1])
    if start >= end or end - start > LONGEST_MARKED:
        return None
    return PageQuote(
        words=view.body[start:end],
        before=view.body[max(page[0], start - CONTEXT) : start],
        after=view.body[end : min(page[1], end + CONTEXT)],
    )


def find_words(body: str, query: str) -> list[Offsets]:
    """The ranges where the query's words occur in sequence, with any white space between them, ignoring case."""
    words = query.split()
    if not words:
        return []
    pattern = re.compile(r"\s+".join(map(re.escape, words)), re.IGNORECASE)
    return [match.span() for match in pattern.finditer(body)]
