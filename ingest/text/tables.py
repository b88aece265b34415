"""Tables in a document's text: rows are lines, with " | " between their cells, as the loaders write them. Pure.

The text says nothing of which row names the columns: that is the first one, unless it holds figures itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.text.sentences import Span

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_LINE = re.compile(r"[^\n]+")
_BAR = re.compile(r"(?:(?<=\s)|^)\|(?=\s|$)")
_FENCED = re.compile(r"\s*\|.*\|\s*")  # a row of Markdown that was read as plain text
_ANY_BAR = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"[\s|:-]*-[\s|:-]*")  # below the names of columns, in Markdown
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]{3}")
_DAY_OR_YEAR = re.compile(r"\D{0,3}(?:(?:19|20)\d\d|\d{1,2}\.\s?\d{1,2}\.\s?(?:\d\d){1,2})\D{0,3}")
_LONGEST_NAME = 80
_MOST_COLUMNS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The cells of each row as spans of the document's text, without white space; with ``headed`` the first row names the columns."""

    rows: tuple[tuple[Span, ...], ...]
    headed: bool


def table_in(text: str, start: int, end: int) -> Table | None:
    """The table that a paragraph of a text is, from its first character to its last; None if it is none."""
    lines = [Span(*match.span()) for match in _LINE.finditer(text, start, end) if match[0].strip()]
    if len(lines) < 2:
        return None
    fenced = all(_FENCED.fullmatch(text[line.start : line.end]) for line in lines)
    ruled = bool(_RULE.fullmatch(text[lines[1].start : lines[1].end]))
    kept = [line for line in lines if not _RULE.fullmatch(text[line.start : line.end])]
    rows = tuple(tuple(_cells(text, line, fenced)) for line in kept)
    widths = [len(row) for row in rows]
    if len(rows) < 2 or min(widths) < 2 or max(widths) > _MOST_COLUMNS:
        return None
    if 2 * sum(width == max(widths) for width in widths) < len(rows):
        return None
    begins = not text[:start].strip() or bool(
        re.search(r"\n[^\S\n]*\n\s*\Z", text[max(0, start - 80) : start])
    )
    said = [[text[cell.start : cell.end] for cell in row] for row in rows]
    return Table(rows=rows, headed=begins and (ruled or _names_columns(said[0], said[1:])))


def columns_at(text: str, start: int, end: int) -> tuple[str, ...]:
    """The names of the columns of the table in which a quote stands; none where it holds them itself, or is in no table."""
    if "|" not in text[start:end] and "\n" not in text[max(0, start - 500) : end]:
        return ()
    table = _headed_table_at(text, start, end)
    if table is None or start < table.rows[0][-1].end:
        return ()
    return tuple(text[cell.start : cell.end] for cell in table.rows[0])


def headed_tables(text: str) -> Iterator[tuple[Span, Span]]:
    """Of every table whose first row names its columns: that row, and where the table ends with it at the beginning."""
    start = 0
    for match in (*_BLANK_LINE.finditer(text), None):
        end = match.start() if match else len(text)
        if "|" in text[start:end] and (table := table_in(text, start, end)) is not None and table.headed:
            first = table.rows[0]
            yield Span(first[0].start, first[-1].end), Span(start, end)
        start = match.end() if match else end


def _headed_table_at(text: str, start: int, end: int) -> Table | None:
    """The table whose first row names its columns and that is the paragraph of a stretch of text."""
    breaks = [0, *(match.end() for match in _BLANK_LINE.finditer(text, 0, start))]
    after = _BLANK_LINE.search(text, start)
    first, last = breaks[-1], after.start() if after else len(text)
    if end > last or "|" not in text[first:last]:
        return None
    table = table_in(text, first, last)
    return table if table is not None and table.headed else None


def _cells(text: str, line: Span, fenced: bool) -> Iterator[Span]:
    bars = [match.start() for match in (_ANY_BAR if fenced else _BAR).finditer(text[line.start : line.end])]
    cuts = [line.start + bar for bar in bars]
    edges = cuts if fenced else [line.start - 1, *cuts, line.end]
    for left, right in pairwise(edges):
        cell = text[left + 1 : right]
        begin = left + 1 + len(cell) - len(cell.lstrip())
        yield Span(begin, max(begin, right - len(cell) + len(cell.rstrip())))


def _names_columns(first: Sequence[str], rest: Sequence[Sequence[str]]) -> bool:
    """Whether a row reads as the names of columns: short words, days or years, over rows that are of one kind."""
    if any(len(name) > _LONGEST_NAME or _is_figure(name) for name in first):
        return False
    if 2 * sum(bool(name) for name in first) < len(first):
        return False
    if len(first) > 2:
        return True
    # Two columns may as well be entries of a form: "Place | Town hall", "Date | 3 May".
    values = {bool(_DIGIT.search(row[1])) for row in rest if row[1]}
    return len(values) == 1 and not first[0].endswith(":")


def _is_figure(cell: str) -> bool:
    return bool(_DIGIT.search(cell)) and not _WORD.search(cell) and not _DAY_OR_YEAR.fullmatch(cell)
