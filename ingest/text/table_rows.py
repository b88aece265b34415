"""Rows of tables in a text: lines whose cells are parted by a bar, as every loader writes them."""

from __future__ import annotations

import re
from itertools import takewhile

BAR = " | "
YEAR = re.compile(r"(?:19|20)\d\d")


def cells_of(line: str) -> tuple[str, ...]:
    """The cells of a row; none for a line that is no row."""
    return tuple(cell.strip() for cell in line.split("|")) if BAR in line and "\n" not in line.strip() else ()


def rows_above(text: str, at: int) -> list[tuple[str, ...]]:
    """The rows of the same table before the line that ``at`` is in, from the first one on."""
    before = text[: text.rfind("\n", 0, at) + 1].split("\n")[:-1]
    return list(takewhile(bool, map(cells_of, reversed(before))))[::-1]


def rows_below(text: str, at: int) -> list[tuple[str, ...]]:
    """The rows of the same table after the line that ``at`` is in."""
    end = text.find("\n", at)
    return list(takewhile(bool, map(cells_of, text[end + 1 :].split("\n")))) if end >= 0 else []


def is_header(text: str, start: int, end: int) -> bool:
    """Whether ``text`` from ``start`` to ``end`` is the row above a table's columns: without numbers, over rows that have some."""
    cells = cells_of(text[start:end])
    if not cells or any(map(_has_digit, cells)) or rows_above(text, start):
        return False
    below = rows_below(text, start)
    if len(cells) == 2:
        return len(below) > 1 and all(_has_digit(row[-1]) for row in below)
    return 2 * sum(any(map(_has_digit, row)) for row in below) > len(below)


def _has_digit(cell: str) -> bool:
    """Whether a cell has a number; a year may be a column's name."""
    return any(map(str.isdigit, cell)) and YEAR.fullmatch(cell) is None
