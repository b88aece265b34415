"""Rows of a spreadsheet as blocks of text: tables under the name of their sheet, with their column names first. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ingest.errors import TooLarge
from ingest.loaders.blocks import Block, one_line

MAX_CELLS = 1_000_000  # that are filled, in all sheets of a file
MAX_CHARACTERS = 50_000_000
_FIGURE = re.compile(r"[^\w]*\d[\d.,:\s'’]*(?:[%‰€$£]|\w{1,3})?")
_YEAR = re.compile(r"(?:19|20)\d\d")

Row = Sequence[str]


def blocks_of(rows: Iterable[Row], heading: str = "") -> Iterator[Block]:
    """The blocks of one sheet. A blank row ends a table, unless what follows goes on with its figures.

    A row of a single cell above or below a table is a paragraph: the table's name, a note.
    """
    lines = [[_tidy(cell) for cell in row] for row in rows]
    filled = [number for row in lines for number, cell in enumerate(row) if cell]
    if not filled:
        return
    if heading:
        yield Block(text=heading, heading=True)
    first, last = min(filled), max(filled) + 1
    cut = [[*row[first:last], *[""] * (last - max(first, len(row)))] for row in lines]
    for number, region in enumerate(_regions(cut)):
        yield from _region(region, f"table {number}")


def _tidy(cell: str) -> str:
    """A cell in one line; most are so already, and need not be looked at letter by letter."""
    return cell if cell.isascii() and cell.isalnum() else one_line(cell)


class Budget:
    """How much the sheets of one file may still hold."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._cells, self._characters = MAX_CELLS, MAX_CHARACTERS

    def rows(self, rows: Iterable[Row]) -> list[Row]:
        """The rows, all of them. Raises `TooLarge` as soon as they are too many."""
        kept: list[Row] = []
        for row in rows:
            filled = [len(cell) for cell in row if cell]
            self._cells -= len(filled)
            self._characters -= sum(filled)
            if self._cells < 0 or self._characters < 0:
                raise TooLarge(self._name, "sheet_large", cells=f"{MAX_CELLS:,}".replace(",", " "))
            kept.append(row)
        return kept


def _regions(rows: Iterable[list[str]]) -> Iterator[list[list[str]]]:
    """Runs of rows without a blank one between; a run that begins with figures belongs to the one before."""
    region: list[list[str]] = []
    blank = False
    for row in rows:
        if not any(row):
            blank = True
            continue
        if region and blank and not _goes_on(region, row):
            yield region
            region = []
        region.append(row)
        blank = False
    if region:
        yield region


def _goes_on(region: Sequence[list[str]], row: Sequence[str]) -> bool:
    columns = {number for number, cell in enumerate(row) if cell}
    before = {number for line in region for number, cell in enumerate(line) if cell}
    return len(columns) > 1 and columns <= before and any(map(_is_figure, row))


def _is_figure(cell: str) -> bool:
    return bool(_FIGURE.fullmatch(cell)) and not _YEAR.fullmatch(cell)


def _region(rows: Sequence[list[str]], group: str) -> Iterator[Block]:
    """A table with what stands alone above and below it."""
    widths = [sum(map(bool, row)) for row in rows]
    wide = [number for number, width in enumerate(widths) if width > 1]
    if not wide:
        yield from (Block(text=" ".join(filter(None, row))) for row in rows)
        return
    top, bottom = wide[0], wide[-1] + 1
    yield from (Block(text=" ".join(filter(None, row))) for row in rows[:top])
    table = rows[top:bottom]
    used = [number for number in range(len(table[0])) if any(row[number] for row in table)]
    for row in table:
        yield Block(text=" | ".join(row[number] for number in used), group=group)
    yield from (Block(text=" ".join(filter(None, row))) for row in rows[bottom:])
