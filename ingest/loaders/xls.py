"""Excel workbooks of before 2007, through xlrd: sheets and cells as `xlsx` reads them.

What is only called .xls, as many exports are, is read as what it is: a page with tables, a newer workbook, or a text.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from ingest.errors import DamagedSource, EncryptedSource
from ingest.loaders import delimited, html, metadata, xlsx
from ingest.loaders.blocks import Block, compose
from ingest.loaders.number_formats import displayed, shown
from ingest.loaders.packages import OLE, not_a_package
from ingest.loaders.sheets import Budget, Row, blocks_of
from ingest.types import Content

_MEDIA_TYPE = "application/vnd.ms-excel"
_BIFF = (b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08")  # sheets of before 1995, without a container
_PAGE = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|table|meta|head|style|div)\b", re.I)
_PASSWORD = re.compile(r"encrypt|password", re.I)
_TEXT, _NUMBER, _DATE, _TRUTH = 1, 2, 3, 4
_SHORT_DATES = {14: "short date", 22: "short date h:mm"}
_GERMANY = {49, 43, 41}  # calling codes, which workbooks name the country of their program by


def load(data: bytes, name: str) -> Content:
    """The sheets that readers see; title and authors are not read."""
    if data.startswith(b"PK"):
        return xlsx.load(data, name)
    if _PAGE.match(data[:1000]):
        return html.load(data, name)
    if not data.startswith((OLE, *_BIFF)):
        return delimited.load(data, name)
    text, headings = compose(_blocks(_open(data, name), name))
    return Content(
        text=text, media_type=_MEDIA_TYPE, title=metadata.title("", "", "", name), headings=headings
    )


def _open(data: bytes, name: str) -> Any:
    import xlrd

    log = io.StringIO()  # it prints what it finds odd
    try:
        return xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=log)
    except xlrd.XLRDError as error:
        if _PASSWORD.search(str(error)):
            raise EncryptedSource(name, "encrypted") from error
        if data.startswith(OLE) and "Workbook".encode("utf-16-le") not in data:
            raise not_a_package(data, name, ".xlsx") from error
        raise DamagedSource(name, "office_damaged", suffix=".xls") from error
    except MemoryError:
        raise
    except Exception as error:  # damaged files make it stumble in many ways
        raise DamagedSource(name, "office_damaged", suffix=".xls") from error


def _blocks(workbook: Any, name: str) -> Iterator[Block]:
    budget = Budget(name)
    german = bool(set(workbook.countries) & _GERMANY)
    for sheet in workbook.sheets():
        if sheet.visibility == 0:
            yield from blocks_of(budget.rows(_rows(workbook, sheet, german)), sheet.name)


def _rows(workbook: Any, sheet: Any, german: bool) -> Iterator[Row]:
    """The rows of a sheet that are shown; a cell that spans rows has its words in each."""
    merged = {
        (row, left): (top, left)
        for top, bottom, left, _ in sheet.merged_cells
        for row in range(top, min(bottom, sheet.nrows))
    }
    hidden = {number for number, column in sheet.colinfo_map.items() if column.hidden}
    for number in range(sheet.nrows):
        about = sheet.rowinfo_map.get(number)
        if about is not None and about.hidden and not about.outline_level:
            continue
        yield [
            ""
            if column in hidden
            else _text(workbook, sheet, *merged.get((number, column), (number, column)), german=german)
            for column in range(max(sheet.row_len(number), 0))
        ]


def _text(workbook: Any, sheet: Any, row: int, column: int, *, german: bool) -> str:
    import xlrd

    if column >= sheet.row_len(row):
        return ""
    cell = sheet.cell(row, column)
    if cell.ctype == _TEXT:
        return str(cell.value)
    if cell.ctype == _TRUTH:
        return shown(bool(cell.value), german=german)
    if cell.ctype in (_NUMBER, _DATE):
        since_1904 = bool(workbook.datemode)
        return displayed(cell.value, _code(workbook, cell), german=german, since_1904=since_1904)
    return str(xlrd.error_text_from_code.get(cell.value, "")) if cell.ctype == xlrd.XL_CELL_ERROR else ""


def _code(workbook: Any, cell: Any) -> str:
    try:
        style = workbook.xf_list[cell.xf_index]
    except (IndexError, TypeError):
        return "General"
    known = workbook.format_map.get(style.format_key)
    return _SHORT_DATES.get(style.format_key) or (known.format_str if known else "General")
