"""A document as the viewer cuts it up: paragraphs, parts of a bearable size, and what is cited or found in it.

All offsets are code points into the document's text, half-open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.types import Passage, Record

# A part is what a browser is given at a time; documents up to WHOLE are given at once.
PART = 30_000
WHOLE = 100_000
# Some texts have no blank lines: a paragraph longer than this is cut at the end of a line or a word.
LONGEST = 10_000
MOST_CITED = 50
MOST_FOUND = 1_000
_BREAK = re.compile(r"\n[^\S\n]*\n\s*")
_PAIR = re.compile(r"([0-9]{1,11})-([0-9]{1,11})")

Offsets = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: the document's text from ``start`` to ``end``, without the blank lines around it."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """A document and its whole text; ``parts`` partition the text, and no paragraph lies in two of them."""

    record: Record
    body: str
    headings: frozenset[str]
    parts: tuple[Offsets, ...]

    def part_at(self, offset: int) -> int:
        """The number of the part in which ``offset`` lies."""
        return next((number for number, (_, end) in enumerate(self.parts) if offset < end), 0)

    @property
    def is_long(self) -> bool:
        return len(self.body) > WHOLE


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedSpan:
    """What an answer cites of the document, in the text's order; ``current`` is the one to be shown first."""

    spans: tuple[Offsets, ...] = ()
    current: int = 0

    @property
    def at(self) -> Offsets | None:
        return self.spans[self.current] if self.spans else None

    def number_at(self, start: int) -> int | None:
        """Which citation holds the character at ``start``, the current one before others; None where none does."""
        holding = [number for number, span in enumerate(self.spans) if span[0] <= start < span[1]]
        return self.current if self.current in holding else next(iter(holding), None)


def reading(record: Record, passages: Sequence[Passage]) -> DocumentView:
    """The document that consists of ``passages``."""
    body = "".join(passage.text for passage in passages)
    headings = frozenset(passage.heading for passage in passages)
    return DocumentView(record=record, body=body, headings=headings, parts=tuple(parts(body)))


def parts(body: str, size: int = PART) -> Iterator[Offsets]:
    """The text in parts of at least ``size``, the last one apart, cut between paragraphs."""
    first = 0
    for block in blocks(body, 0, len(body)):
        if block.start - first >= size:
            yield first, block.start
            first = block.start
    yield first, len(body)


def blocks(body: str, start: int, end: int) -> Iterator[Paragraph]:
    """The paragraphs of a text between two offsets, none much longer than `LONGEST`."""
    start += len(body[start:end]) - len(body[start:end].lstrip())
    end -= len(body[start:end]) - len(body[start:end].rstrip())
    for gap in _BREAK.finditer(body, start, end):
        yield from _bearable(body, start, gap.start())
        start = gap.end()
    if start < end:
        yield from _bearable(body, start, end)


def _bearable(body: str, start: int, end: int) -> Iterator[Paragraph]:
    while end - start > LONGEST:
        middle = start + LONGEST
        cuts = (body.rfind(sign, start + 1, middle) for sign in ("\n", " "))
        cut = next((found for found in cuts if found > 0), middle)
        yield Paragraph(start, cut)
        start = cut
    yield Paragraph(start, end)


def cited(start: str, end: str, pairs: Sequence[str], length: int) -> CitedSpan:
    """What a link to the viewer cites, as far as it makes sense: ``start`` and ``end``, and ``pairs`` like "12-34"."""
    current = _span(start, end, length)
    matches = (_PAIR.fullmatch(pair) for pair in pairs[:MOST_CITED])
    others = [span for match in matches if match and (span := _span(match[1], match[2], length))]
    spans = sorted({*others, *([current] if current else [])})
    return CitedSpan(spans=tuple(spans), current=spans.index(current) if current else 0)


def _span(start: str, end: str, length: int) -> Offsets | None:
    if not (start.isdecimal() and end.isdecimal() and len(start) < 12 and len(end) < 12):
        return None
    first, last = min(int(start), length), min(int(end), length)
    return (first, last) if first < last else None


def found(body: str, sought: str) -> list[Offsets]:
    """Where the words occur, one after the other with any white space between, whatever their case."""
    words = sought.split()
    if not words:
        return []
    pattern = re.compile(r"\s+".join(map(re.escape, words)), re.IGNORECASE)
    return [match.span() for match in pattern.finditer(body)]
