"""Excel workbooks, through lxml: every sheet under its name, every cell as its number format shows it.

The parts are read row by row, since the libraries for workbooks build all cells at once, or tell no formats and hidden rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ingest.errors import UnsupportedFormat
from ingest.loaders import metadata
from ingest.loaders.blocks import Block, compose
from ingest.loaders.number_formats import BUILTIN, displayed, shown
from ingest.loaders.office import core_properties, main_part
from ingest.loaders.packages import Package, local
from ingest.loaders.sheets import MAX_CELLS, Budget, Row, blocks_of
from ingest.types import Content

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SUFFIXES = (".xlsx", ".xlsm")
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_GERMAN_WORDS = re.compile(r"Arbeitsblätter|Tabelle\d+")
_MOST_COLUMNS = 16_384
_MOST_BLANK_ROWS = 3  # kept of a run, for two tables need no more between them

_Range = tuple[int, int, int, int]


def load(data: bytes, name: str) -> Content:
    """The sheets that readers see, each under its name as a heading; title and authors from the core properties."""
    package = Package(data, name, ".xlsx")
    workbook = _Workbook(package, name)
    text, headings = compose(workbook.blocks())
    about_itself = core_properties(package)
    return Content(
        text=text,
        media_type=MEDIA_TYPE,
        title=metadata.title(about_itself.title, "", "", name),
        authors=about_itself.authors,
        language=about_itself.language,
        headings=headings,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """What must be known of a sheet before its cells are read."""

    hidden_columns: frozenset[int]
    filtered: bool
    merged: tuple[_Range, ...]


class _Workbook:
    """The sheets of a workbook with what their cells refer to."""

    def __init__(self, package: Package, name: str) -> None:
        self._package, self._name = package, name
        main = main_part(package)
        self._root = package.needed(main)
        if local(self._root) != "workbook":
            raise UnsupportedFormat(name, "binary_workbook")
        self._parts = package.relations(main)
        properties = self._root.find("{*}workbookPr")
        self._since_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self._strings = list(self._shared_strings())
        styles = package.tree(self._related("styles"))
        self._formats = list(_formats(styles)) if styles is not None else []
        self._german = self._is_german(styles)

    def blocks(self) -> Iterator[Block]:
        budget = Budget(self._name)
        for sheet in self._root.iterfind("{*}sheets/{*}sheet"):
            kind, part = self._parts.get(_relation_id(sheet), ("", ""))
            if sheet.get("state", "visible") == "visible" and kind == "worksheet":
                yield from blocks_of(budget.rows(self._rows(part)), sheet.get("name", ""))

    def _related(self, kind: str) -> str:
        return next((part for found, part in self._parts.values() if found == kind), "")

    def _shared_strings(self) -> Iterator[str]:
        return (_words(item) for item in self._package.elements(self._related("sharedStrings"), ("{*}si",)))

    def _is_german(self, styles: Any) -> bool:
        """Whether a German program has written it: what it calls sheets and the usual style is in its own language."""
        names = [sheet.get("name", "") for sheet in self._root.iterfind("{*}sheets/{*}sheet")]
        usual = [] if styles is None else styles.iterfind("{*}cellStyles/{*}cellStyle")
        if any(style.get("builtinId") == "0" and style.get("name") == "Standard" for style in usual):
            return True
        about = self._package.part("docProps/app.xml") or b""
        return any(map(_GERMAN_WORDS.fullmatch, names)) or "Arbeitsblätter".encode() in about

    def _rows(self, part: str) -> Iterator[Row]:
        """The rows that readers see, blank ones among them, as the texts of their cells."""
        shape = self._shape(part)
        merges = _Merges(shape.merged)
        before = 0
        for row in self._package.elements(part, ("{*}row",)):
            number = int(row.get("r") or before + 1)
            yield from [()] * min(number - before - 1, _MOST_BLANK_ROWS)
            before = number
            if not _is_shown(row, shape.filtered):
                continue
            cells = self._cells(row, shape)
            yield merges.filled(number, cells)

    def _shape(self, part: str) -> _Shape:
        """Reads a sheet once, without its cells."""
        hidden: set[int] = set()
        merged: list[_Range] = []
        filtered = False
        wanted = ("{*}col", "{*}mergeCell", "{*}filterColumn", "{*}row")
        for element in self._package.elements(part, wanted):
            match local(element):
                case "col" if element.get("hidden") in ("1", "true") and not element.get("outlineLevel"):
                    last = min(int(element.get("max", 0)), _MOST_COLUMNS)
                    hidden.update(range(int(element.get("min", 1)) - 1, last))
                case "mergeCell" if len(merged) < MAX_CELLS and (found := _range(element.get("ref", ""))):
                    merged.append(found)
                case "filterColumn":
                    filtered = True
        return _Shape(hidden_columns=frozenset(hidden), filtered=filtered, merged=tuple(merged))

    def _cells(self, row: Any, shape: _Shape) -> dict[int, str]:
        """The texts of a row by column, from 0."""
        found: dict[int, str] = {}
        column = -1
        for cell in row:
            if local(cell) != "c":
                continue
            match = _CELL.fullmatch(cell.get("r") or "")
            column = _column(match[1]) if match else column + 1
            if len(cell) and column < _MOST_COLUMNS and column not in shape.hidden_columns:
                text = self._text(cell)
                if text:
                    found[column] = text
        return found

    def _text(self, cell: Any) -> str:
        kind, value = cell.get("t", "n"), ""
        for child in cell:
            if local(child) == "v":
                value = child.text or ""
            elif local(child) == "is" and kind == "inlineStr":
                return _words(child)
        if not value:
            return ""
        if kind == "s":
            return self._strings[int(value)] if value.isdecimal() and int(value) < len(self._strings) else ""
        if kind == "b":
            return shown(value not in ("0", "false"), german=self._german)
        return _unescaped(value) if kind in ("str", "e", "d") else self._number(value, cell.get("s", "0"))

    def _number(self, value: str, style: str) -> str:
        try:
            number = float(value)
        except ValueError:
            return value
        code = (
            self._formats[int(style)] if style.isdecimal() and int(style) < len(self._formats) else "General"
        )
        return displayed(number, code, german=self._german, since_1904=self._since_1904)


class _Merges:
    """Cells that span rows: their words belong to every row, for each is read by itself."""

    def __init__(self, ranges: Sequence[_Range]) -> None:
        self._open: list[tuple[_Range, str]] = []
        self._coming = sorted((one for one in ranges if one[2] > one[0]), reverse=True)

    def filled(self, number: int, cells: Mapping[int, str]) -> list[str]:
        self._open = [(span, text) for span, text in self._open if span[2] >= number]
        while self._coming and self._coming[-1][0] <= number:
            span = self._coming.pop()
            if span[0] == number and (text := cells.get(span[1], "")):
                self._open.append((span, text))
        below = {span[1]: text for span, text in self._open if span[0] < number}
        row = {**below, **cells} if cells else cells
        return [row.get(column, "") for column in range(max(row, default=-1) + 1)]


def _is_shown(row: Any, filtered: bool) -> bool:
    """Rows that a filter or a folded group has put away are data like the others."""
    return filtered or row.get("hidden") not in ("1", "true") or bool(row.get("outlineLevel"))


def _formats(styles: Any) -> Iterator[str]:
    """The number format of each style of cells."""
    own = {one.get("numFmtId"): one.get("formatCode", "") for one in styles.iterfind("{*}numFmts/{*}numFmt")}
    for style in styles.iterfind("{*}cellXfs/{*}xf"):
        number = style.get("numFmtId", "0")
        builtin = BUILTIN.get(int(number), "General") if number.isdecimal() else "General"
        yield own.get(number) or builtin


def _words(item: Any) -> str:
    """The words of a string with its formatted runs, without how they are pronounced."""
    runs = (run for run in item.iter("{*}t") if local(run.getparent()) != "rPh")
    return _unescaped("".join(run.text or "" for run in runs))


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _relation_id(element: Any) -> str:
    return next((value for key, value in element.items() if key.endswith("}id")), "")


@lru_cache(maxsize=20_000)
def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number - 1


def _range(reference: str) -> _Range | None:
    """First row, first column (from 0), last row, last column of ``B2:C5``."""
    corners = [_CELL.fullmatch(corner) for corner in reference.split(":")]
    if len(corners) != 2 or corners[0] is None or corners[1] is None:
        return None
    (first, top), (last, bottom) = corners[0].groups(), corners[1].groups()
    return int(top), _column(first), int(bottom), _column(last)
