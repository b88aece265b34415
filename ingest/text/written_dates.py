"""The days that a line of text names, in words or numbers. Pure.

Years or months alone are no days; of a span of days neither end is taken; a numeric date is taken only where it can be read
in one way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from ingest.text.months import day_first, months

FIRST_YEAR = 1450  # before printing, nothing was published

_DAY = r"(?P<d>\d{1,2})"
_YEAR = r"(?P<y>\d{4})(?![\d]|[./-]\d)"
_MONTH = r"(?P<name>[^\W\d_]{3,})\.?"
_NOT_WITHIN = r"(?<![\w./+-])"
_NAMED = (
    re.compile(
        rf"{_NOT_WITHIN}{_DAY}(?:st|nd|rd|th|er|\.|º|ª)?\s*(?:of\s+|de\s+|d['’])?{_MONTH},?\s*(?:de\s+|del\s+)?{_YEAR}",
        re.I,
    ),
    re.compile(rf"{_NOT_WITHIN}{_MONTH}\s+{_DAY}(?:st|nd|rd|th)?,?\s+{_YEAR}", re.I),
    re.compile(rf"{_NOT_WITHIN}(?P<y>\d{{4}})[.,]?\s*(?:m\.\s*)?{_MONTH}\s*{_DAY}(?!\d)", re.I),
)
_YEAR_FIRST = re.compile(
    rf"{_NOT_WITHIN}(?P<y>\d{{4}})(?P<sep>[-/.])\s?(?P<m>\d{{1,2}})(?P=sep)\s?(?P<d>\d{{1,2}})(?!\d|[-/.]\d)"
)
_SIGNS = re.compile(r"(?P<y>\d{4})\s*[年년]\s*(?P<m>\d{1,2})\s*[月월]\s*(?P<d>\d{1,2})\s*[日일]")
_DOTTED = re.compile(rf"{_NOT_WITHIN}{_DAY}\.\s?(?P<m>\d{{1,2}})\.\s?{_YEAR}")
_SHORT = re.compile(rf"{_NOT_WITHIN}(?P<d>\d\d)\.(?P<m>\d\d)\.(?P<y>\d\d)(?![\d]|[./-]\d)")
_EITHER = re.compile(rf"{_NOT_WITHIN}(?P<one>\d{{1,2}})(?P<sep>[/-])(?P<two>\d{{1,2}})(?P=sep){_YEAR}")

_TO = r"(?:[-–—/+&]|bis(?:\s+zum)?|to|until|till|through|thru|und|and|au|al|do|до)"
_BETWEEN = re.compile(rf"\s*{_TO}\s*(?:[^\W\d_]+\.?,?\s*)?", re.I)
# The first day of a span whose month or year stands at its end: "14.–16. März 2026", "March 14 to 16, 2026".
_BEGUN = re.compile(rf"(?:^|\W)\d{{1,2}}(?:st|nd|rd|th|\.)?\s*(?:[^\W\d_]{{3,}}\.?\s*)?{_TO}\s*$", re.I)
_BEGUN_MONTH = re.compile(rf"[^\W\d_]{{3,}}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?\s*{_TO}\s*$", re.I)
# What numbers follow that look like dates.
_NO_DATE = re.compile(
    r"(?:\b(?:version|ver|release|rev|build|tel|telefon|fon|phone|fax|isbn|din|iso|v)\b[.:]?|[§+#])\s*$", re.I
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenDate:
    """A day that a line names from ``start`` to ``end``."""

    start: int
    end: int
    day: date


def dates_in(
    line: str, language: str, *, day_comes_first: bool | None = None, short_years: bool = False
) -> list[WrittenDate]:
    """The days named in ``line``, in its order, without spans of days.

    ``day_comes_first`` says how 03/04/2026 is meant where the language does not; without either it is not taken. Years of
    two digits are read with ``short_years`` only.
    """
    decided = day_first(language)
    order = day_comes_first if decided is None else decided
    found = sorted(
        [*_named(line, language), *_numeric(line, short_years), *_either(line, order)],
        key=lambda date: date.start,
    )
    return _without_spans(line, _apart(found))


def numeric_order(lines: Sequence[str]) -> bool | None:
    """Whether the day comes first in dates such as 14/03/2026, by those that can be read in one way only; None if unknown."""
    orders = set()
    for line in lines:
        for match in _EITHER.finditer(line):
            one, two = int(match["one"]), int(match["two"])
            if (one > 12) != (two > 12):
                orders.add(one > 12)
    return orders.pop() if len(orders) == 1 else None


def _named(line: str, language: str) -> Iterator[WrittenDate]:
    names = months(language)
    for pattern in _NAMED:
        for match in pattern.finditer(line):
            month = names.get(match["name"].casefold())
            if month:
                yield from _written(line, match, int(match["y"]), month, int(match["d"]))


def _numeric(line: str, short_years: bool) -> Iterator[WrittenDate]:
    for pattern in (_YEAR_FIRST, _SIGNS, _DOTTED):
        for match in pattern.finditer(line):
            yield from _written(line, match, int(match["y"]), int(match["m"]), int(match["d"]))
    for match in _SHORT.finditer(line) if short_years else ():
        yield from _written(line, match, 2000 + int(match["y"]), int(match["m"]), int(match["d"]))


def _either(line: str, day_comes_first: bool | None) -> Iterator[WrittenDate]:
    """Dates such as 03/04/2026 that can be read in one way only."""
    for match in _EITHER.finditer(line):
        one, two, year = int(match["one"]), int(match["two"]), int(match["y"])
        readings = {first for first in (True, False) if (two if first else one) <= 12}
        chosen = readings if len(readings) == 1 or one == two else readings & {day_comes_first}
        if chosen:
            day, month = (one, two) if True in chosen else (two, one)
            yield from _written(line, match, year, month, day)


def _written(line: str, match: re.Match[str], year: int, month: int, day: int) -> Iterator[WrittenDate]:
    if year < FIRST_YEAR or _NO_DATE.search(line[: match.start()]):
        return
    try:
        yield WrittenDate(start=match.start(), end=match.end(), day=date(year, month, day))
    except ValueError:  # the 31st of a month that has none
        return


def _apart(found: Sequence[WrittenDate]) -> list[WrittenDate]:
    """Of dates that overlap the first, and of those that begin together the longest."""
    apart: list[WrittenDate] = []
    for written in found:
        if not apart or written.start >= apart[-1].end:
            apart.append(written)
        elif written.start == apart[-1].start and written.end > apart[-1].end:
            apart[-1] = written
    return apart


def _without_spans(line: str, found: Sequence[WrittenDate]) -> list[WrittenDate]:
    ends = {
        written
        for one, two in pairwise(found)
        if _BETWEEN.fullmatch(line[one.end : two.start])
        for written in (one, two)
    }
    return [
        written
        for written in found
        if written not in ends
        and not _BEGUN.search(line[: written.start])
        and not _BEGUN_MONTH.search(line[: written.start])
    ]
