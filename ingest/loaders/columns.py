"""From lines that were drawn across a page to the order in which they are read: columns one after the other, tables row by row.

A gutter is a vertical white band between the words of many rows that follow one another. Beside it stand columns of running text,
or cells. Pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from ingest.loaders.reflow import Line

_GUTTER = 0.7  # the least width of a white band, in units of the type size
_ROWS = 3  # the least number of rows with words on both sides of a gutter
_APART = 2.6  # the largest distance of two rows of one region, in units of the type size
_WRAPPED = 1.35  # the largest of a cell's second line
# Of running text: words in a line of a column, the share of lines that begin with a small letter, and of numbers.
_WORDS, _SMALL, _NUMBERS = 2.5, 0.2, 0.2
# The least share of cells at one edge, and how far they may be from it, in units of the type size.
_ALIGNED, _LEVEL = 0.6, 0.35
_SPREAD, _WIDER = 0.3, 1.5  # gaps for each cell that are many, and how many times as wide a gutter is then
_MIXED = 1.2  # the least gap between columns that are mixed, in units of the type size
_ACROSS = 2  # rows that run across columns
_DIVIDED = re.compile(
    r"[^\W\d_]{2}- (?!(?:und|oder|bis|bzw|sowie|and|or|to|et|ou|y|o|e)\b)[a-zäöüßéèàáíóúñç]{2}"
)
_CELLS = 0.5  # the least share of rows that have a number beside their first cell, in a table of two columns

Band = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Row:
    """The lines that stand at one height, as they were drawn, and their pieces between wide gaps."""

    lines: tuple[Line, ...]
    pieces: tuple[Line, ...]

    @property
    def baseline(self) -> float:
        return self.pieces[0].baseline


def arranged(lines: Sequence[Line]) -> list[Line]:
    """The lines in reading order, those of columns taken apart, the cells of a table's row parted by bars."""
    rows = _rows(lines)
    ordered: list[Line] = []
    start = 0
    while start < len(rows):
        end, bands = _region(rows, start)
        region = rows[start:end]
        arranged_region = _arranged(region, bands) if bands else None
        if arranged_region is None:
            ordered += rows[start].lines
            start += 1
        else:
            ordered += arranged_region
            start = end
    return ordered


def is_mixed(lines: Sequence[Line]) -> bool:
    """Whether lines of a page, as arranged, still run across columns of text, as far as one can tell.

    They do where running text stands on both sides of wide gaps in several rows that follow one another, and where words
    that were divided at the end of a line go on elsewhere.
    """
    run: list[tuple[Line, Line]] = []
    for row in _rows(lines):
        parted = _parted(row)
        run = [*run, parted] if parted else []
        if len(run) >= _ACROSS and _goes_on(run):
            return True
    return sum(len(_DIVIDED.findall(line.text)) for line in lines if not line.row) >= _ROWS


def _parted(row: _Row) -> tuple[Line, Line] | None:
    """The first part of a row and the one behind a wide gap."""
    if row.pieces[0].angle or any(line.row for line in row.lines):
        return None
    size = row.pieces[0].size
    return next(
        ((one, two) for one, two in pairwise(row.pieces) if two.left - one.right >= _MIXED * size), None
    )


def _goes_on(rows: Sequence[tuple[Line, Line]]) -> bool:
    """Whether the parts of rows are running text: of several words each on both sides, that goes on in small letters."""
    parts = [part for row in rows for part in row]
    words = [word for part in parts for word in part.text.split()]
    return (
        all(
            sum(len(part.text.split()) for part in side) >= _WORDS * len(side)
            for side in zip(*rows, strict=True)
        )
        and sum(part.text[0].islower() for part in parts) >= _SMALL * len(parts)
        and sum(map(_is_number, words)) <= _NUMBERS * len(words)
    )


def _rows(lines: Sequence[Line]) -> list[_Row]:
    rows: list[_Row] = []
    for line in lines:
        pieces = line.pieces or (line,)
        last = rows[-1] if rows else None
        if last is not None and _follows(last.pieces[-1], pieces[0]):
            rows[-1] = _Row((*last.lines, line), (*last.pieces, *pieces))
        else:
            rows.append(_Row((line,), pieces))
    return rows


def _follows(one: Line, two: Line) -> bool:
    """Whether a piece stands to the right of another, at its height and apart from it."""
    level = abs(one.baseline - two.baseline) < 0.3 * max(one.size, two.size)
    return (
        level
        and (one.page, one.angle) == (two.page, two.angle)
        and two.left - one.right >= _GUTTER * one.size
    )


def _region(rows: Sequence[_Row], start: int) -> tuple[int, list[Band]]:
    """Where the region ends that begins with a row, and its gutters; none where there is no region."""
    bands = _gaps(rows[start])
    end = start + 1
    if rows[start].pieces[0].angle:
        return end, []
    for one, two in pairwise(rows[start:]):
        left = _between(bands, two)
        if not left or not _near(one, two):
            break
        bands = left
        end += 1
    return end, [band for band in bands if _divides(band, rows[start:end])]


def _gaps(row: _Row) -> list[Band]:
    return [(one.right, two.left) for one, two in pairwise(row.pieces)]


def _near(one: _Row, two: _Row) -> bool:
    first, second = one.pieces[0], two.pieces[0]
    pitch = (first.baseline - second.baseline) / first.size
    same = abs(first.size - second.size) <= 0.15 * first.size
    return first.page == second.page and first.angle == second.angle and 0 < pitch <= _APART and same


def _between(bands: Sequence[Band], row: _Row) -> list[Band]:
    """What is left of the bands between the pieces of a further row."""
    size = row.pieces[0].size
    edges = [
        float("-inf"),
        *(edge for piece in row.pieces for edge in (piece.left, piece.right)),
        float("inf"),
    ]
    white = list(zip(edges[::2], edges[1::2], strict=True))
    parts = [(max(left, low), min(right, high)) for left, right in bands for low, high in white]
    return [(left, right) for left, right in parts if right - left >= _GUTTER * size]


def _divides(band: Band, rows: Sequence[_Row]) -> bool:
    """Whether enough rows have words on both sides of a band."""
    both = sum(row.pieces[0].right <= band[0] and row.pieces[-1].left >= band[1] for row in rows)
    return both >= _ROWS and 2 * both >= len(rows)


def _arranged(rows: Sequence[_Row], bands: Sequence[Band]) -> list[Line] | None:
    """The lines of a region in reading order; None where it is neither a table nor columns of running text.

    White bands that cross a single column by chance have no edges: the words beside them stand anywhere.
    """
    cells = [_cells(row, bands) for row in rows]
    columns = [[row[number] for row in cells if row[number]] for number in range(len(bands) + 1)]
    if not all(map(_is_aligned, columns)) or not _stands_out(
        bands, [cell for column in columns for cell in column]
    ):
        return None
    if all(_is_running(column) for column in columns):
        return [_joined(cell) for column in columns for cell in column]
    if any(_is_running(column) for column in columns) and len(columns) == 2:
        return None
    numbers = sum(any(_is_number(_text(cell)) for cell in row[1:] if cell) for row in cells)
    if len(columns) > 2 or numbers >= _CELLS * len(rows):
        return list(_table(cells))
    return None


def _cells(row: _Row, bands: Sequence[Band]) -> list[list[Line]]:
    """The pieces of a row by the column that they stand in."""
    cells: list[list[Line]] = [[] for _ in range(len(bands) + 1)]
    for piece in row.pieces:
        cells[sum(piece.left >= right - piece.size / 4 for _, right in bands)].append(piece)
    return cells


def _stands_out(bands: Sequence[Band], cells: Sequence[Sequence[Line]]) -> bool:
    """Whether the bands are wider than the gaps within cells are, if there are many: spread lines have wide gaps anywhere."""
    gaps = [two.left - one.right for cell in cells for one, two in pairwise(cell)]
    narrowest = min(right - left for left, right in bands)
    return len(gaps) < _SPREAD * len(cells) or narrowest >= _WIDER * median(gaps)


def _is_aligned(column: Sequence[Sequence[Line]]) -> bool:
    """Whether most cells of a column begin, end or are centred at the same place."""
    size = column[0][0].size
    edges = [(cell[0].left, cell[-1].right, (cell[0].left + cell[-1].right) / 2) for cell in column]
    return any(
        max(sum(abs(one - other) <= _LEVEL * size for other in places) for one in places)
        >= _ALIGNED * len(places)
        for places in zip(*edges, strict=True)
    )


def _is_running(column: Sequence[Sequence[Line]]) -> bool:
    """Whether the lines of a column are running text: of several words, going on in small letters, seldom numbers."""
    texts = [_text(cell) for cell in column]
    words = [word for text in texts for word in text.split()]
    small = sum(text[0].islower() for text in texts[1:])
    return (
        len(texts) >= _ROWS
        and median(len(text.split()) for text in texts) >= _WORDS
        and small >= _SMALL * (len(texts) - 1)
        and sum(map(_is_number, words)) <= _NUMBERS * len(words)
    )


def _table(rows: Sequence[Sequence[Sequence[Line]]]) -> Iterator[Line]:
    """A line for each row; the second line of a cell belongs to it."""
    made: list[list[list[Line]]] = []
    for cells in rows:
        first = next(piece for cell in cells for piece in cell)
        filled = [number for number, cell in enumerate(cells) if cell]
        above = next((piece for cell in made[-1] for piece in cell), None) if made else None
        wrapped = (
            above is not None
            and len(filled) < 2
            and above.baseline - first.baseline <= _WRAPPED * first.size * max(1, _depth(made[-1]))
        )
        if wrapped and not _is_number(_text(cells[filled[0]])):
            made[-1][filled[0]] += cells[filled[0]]
        else:
            made.append([list(cell) for cell in cells])
    for row in made:
        pieces = [piece for cell in row for piece in cell]
        text = " | ".join(map(_text, row))
        yield replace(
            _joined(pieces),
            text=text.strip(),
            right=max(piece.right for piece in pieces),
            divided=False,
            row=True,
        )


def _depth(row: Sequence[Sequence[Line]]) -> int:
    """How many lines a row of a table has."""
    return len({round(piece.baseline) for cell in row for piece in cell})


def _joined(pieces: Sequence[Line]) -> Line:
    """Pieces that stand side by side in one column as a line."""
    first, last = pieces[0], pieces[-1]
    return replace(first, text=_text(pieces), right=last.right, divided=last.divided, pieces=())


def _text(pieces: Sequence[Line]) -> str:
    return " ".join(piece.text for piece in pieces)


def _is_number(text: str) -> bool:
    digits = sum(map(str.isdigit, text))
    return digits > 0 and 2 * digits >= sum(not char.isspace() for char in text) - 2
