"""Tables as text: values parted by commas, semicolons, tabs or bars, by Python's csv module."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.errors import DamagedSource
from ingest.loaders import metadata
from ingest.loaders.blocks import compose
from ingest.loaders.sheets import Budget, Row, blocks_of
from ingest.loaders.text import decode
from ingest.types import Content

_SAMPLE = 100  # lines by which the delimiter is told
_DELIMITERS = ";\t|,"  # where two fit as well, the one that is no part of numbers
_TABS = ".tsv .tab"
_DECLARED = re.compile(r"sep=(.)\r?\n", re.I)  # the line that Excel reads the delimiter from
_LONGEST_FIELD = 1_000_000
_BREAKS = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")


def load(data: bytes, name: str) -> Content:
    """The rows as a table; the title is the file's name."""
    text = decode(data, name).lstrip("\ufeff")
    rows = Budget(name).rows(_rows(text, name))
    words, headings = compose(blocks_of(rows))
    tabs = name.lower().endswith(tuple(_TABS.split()))
    return Content(
        text=words,
        media_type="text/tab-separated-values" if tabs else "text/csv",
        title=metadata.title("", "", "", name),
        headings=headings,
    )


def _rows(text: str, name: str) -> Iterator[Row]:
    declared = _DECLARED.match(text)
    if declared:
        text = text[declared.end() :]
    delimiter = declared[1] if declared else delimiter_of(text, name)
    text = _BREAKS.sub("\n", text).replace("\0", "")
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    try:
        yield from reader
    except csv.Error as error:
        raise DamagedSource(name, "csv_damaged", line=reader.line_num) from error


def delimiter_of(text: str, name: str = "") -> str:
    """The sign that parts the values: the one that cuts most lines into the same number of them."""
    lines = text[:1_000_000].splitlines(keepends=True)[:_SAMPLE]
    best = max((_Fit.of(lines, sign) for sign in _DELIMITERS), key=lambda fit: (fit.lines, fit.columns))
    if best.columns > 1:
        return best.sign
    return "\t" if name.lower().endswith(tuple(_TABS.split())) else ","


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fit:
    """How well a sign parts the values: in how many lines it gives the usual number of columns."""

    sign: str
    lines: int
    columns: int

    @classmethod
    def of(cls, lines: Sequence[str], sign: str) -> _Fit:
        try:
            rows = [row for row in csv.reader(lines, delimiter=sign, skipinitialspace=True) if any(row)]
        except csv.Error:
            rows = []
        widths = Counter(len(row) for row in rows if len(row) > 1)
        if not widths:
            return cls(sign=sign, lines=0, columns=1)
        columns, count = max(widths.items(), key=lambda item: (item[1], item[0]))
        return cls(sign=sign, lines=count, columns=columns)
