"""The days that people name in a question: "12 March 2024", "im Februar", "since 2023", "last week". Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Literal

from ingest.text.months import months
from ingest.text.written_dates import dates_in

Bound = Literal["within", "since", "until", "before", "after"]

_MONTH_NAMES = {code: months(code) for code in ("de", "en")}
_MONTH = (
    "(?:"
    + "|".join(
        sorted(
            {re.escape(name) for names in _MONTH_NAMES.values() for name in names if len(name) > 2},
            key=lambda name: -len(name),
        )
    )
    + r")\.?"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th|\.)?"
_YEAR = r"(?:1[5-9]|20)\d\d"
_RELATIVE = (
    r"today|yesterday|(?:this|last|the last|the past|the current|the previous) (?:week|month|year)"
    r"|heute|gestern|(?:dem |den |der |die |das )?(?:diese[rmns]?|letzte[rmns]?|vorige[rmns]?|vergangene[rmns]?)"
    r" (?:woche|monats?|jahr(?:es)?)"
)
_WORDED = rf"(?:the year |(?:dem |des )?jahre?s? )?{_YEAR}|{_MONTH}(?:,? (?:of )?{_YEAR})?"
_DATED = (
    rf"{_DAY}(?: of)? {_MONTH}(?:,? {_YEAR})?|{_MONTH} {_DAY}(?:,? {_YEAR})?"
    rf"|{_YEAR}-\d\d?-\d\d?|\d\d?\.\s?\d\d?\.\s?{_YEAR}|\d\d?/\d\d?/{_YEAR}|{_YEAR}-\d\d"
)
# One point or stretch of time; the longest reading first.
MOMENT = rf"(?:the )?(?:{_DATED}|{_WORDED}|{_RELATIVE})"
_AND = r"(?:and|to|until|till|und|bis(?: zum)?|[-–])"
_BOUNDS: tuple[tuple[Bound, str], ...] = (
    ("since", r"since|from|starting|seit(?: dem)?|ab(?: dem)?|von|vom"),
    ("until", r"until|till|up to|bis(?: zum| ende)?"),
    ("before", r"before|earlier than|prior to|vor(?: dem)?"),
    ("after", r"after|later than|nach(?: dem)?"),
)
_SPAN = rf"(?:between|from|zwischen(?: dem)?|von|vom) (?P<first>{MOMENT}) {_AND} (?:dem )?(?P<last>{MOMENT})"
_OPEN = r"since|seit(?: dem)?|ab(?: dem)?|until|till|up to|bis(?: zum| ende)?|before|earlier than|prior to|vor(?: dem)?|after|later than|nach(?: dem)?"
_WITHIN = r"from|of|in|on|during|for|dated|within|aus(?: dem| der)?|vom|von|im|am|für|zum|in der|im laufe des|während(?: des)?|des|der"
# A stretch of time as it stands in a question, with the word that leads to it.
PHRASE = (
    rf"(?:(?:between|from|zwischen(?: dem)?|von|vom) {MOMENT} {_AND} (?:dem )?{MOMENT}"
    rf"|(?:{_OPEN}|{_WITHIN}) {MOMENT}|{_RELATIVE})"
)
_SPANS = re.compile(_SPAN, re.I)
_BOUNDED = re.compile(rf"(?P<bound>{_OPEN}|{_WITHIN}) (?P<moment>{MOMENT})", re.I)
_ALONE = re.compile(MOMENT, re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A stretch of days, both ends included; None where it is open.

    Of a month or a day of a month in any year, ``month`` and ``day`` say which; then neither end is given.
    """

    first: date | None = None
    last: date | None = None
    month: int = 0
    day: int = 0

    def allows(self, published: date | None) -> bool:
        """Whether a document of that date belongs to it; one without a date never does."""
        if published is None:
            return False
        if self.month and (published.month != self.month or self.day not in (0, published.day)):
            return False
        return (self.first or published) <= published <= (self.last or published)

    @property
    def one_day(self) -> bool:
        return self.first is not None and self.first == self.last


def read_period(phrase: str, language: str, today: date) -> Period | None:
    """The period that a phrase such as "from February 2024" or "2024" names; None where it names none."""
    phrase = " ".join(phrase.split())
    if span := _SPANS.fullmatch(phrase):
        return _from_to(span["first"], span["last"], language, today)
    if bounded := _BOUNDED.fullmatch(phrase):
        moment = _moment(bounded["moment"], language, today)
        return _bounded(moment, bounded["bound"].lower()) if moment else None
    return _moment(phrase, language, today) if _ALONE.fullmatch(phrase) else None


def _from_to(first: str, last: str, language: str, today: date) -> Period | None:
    start, end = _moment(first, language, today), _moment(last, language, today)
    if start is None or end is None:
        return None
    if start.month and end.last:  # "from March to May 2024"
        start = _of_year(start, end.last.year)
    if start.first is None or end.last is None:
        return None
    ordered = sorted((start, end), key=lambda period: period.first or date.min)
    return Period(first=ordered[0].first, last=ordered[1].last)


def _bounded(moment: Period, written: str) -> Period:
    """The period that begins or ends with ``moment``, by the word before it."""
    bound = next((name for name, words in _BOUNDS if re.fullmatch(words, written)), "within")
    if moment.first is None or moment.last is None or not re.fullmatch(_OPEN, written):
        return moment
    match bound:
        case "since":
            return Period(first=moment.first)
        case "until":
            return Period(last=moment.last)
        case "before":
            return Period(last=moment.first - timedelta(days=1))
        case "after":
            return Period(first=moment.last + timedelta(days=1))
        case _:
            return moment


def _moment(written: str, language: str, today: date) -> Period | None:
    text = written.lower()
    if relative := _relative(text, today):
        return relative
    for code in dict.fromkeys((language, "en", "de")):
        for found in dates_in(written, code):
            return Period(first=found.day, last=found.day)
    year = re.search(rf"\b{_YEAR}\b", text)
    month = _month_of(text)
    if month is None and year and (numeric := re.search(rf"{_YEAR}-(\d\d)$", text)):
        month = int(numeric[1])
    if month is not None:
        if not 1 <= month <= 12:
            return None
        day = re.search(r"\b(\d{1,2})(?:st|nd|rd|th|\.)?(?!\d)", text)
        period = Period(month=month, day=int(day[1]) if day and not year else 0)
        return _of_year(period, int(year[0])) if year else period
    return Period(first=date(int(year[0]), 1, 1), last=date(int(year[0]), 12, 31)) if year else None


def _month_of(text: str) -> int | None:
    words = re.findall(r"[^\W\d_]+", text)
    return next((names[word] for word in words for names in _names() if word in names), None)


@cache
def _names() -> tuple[Mapping[str, int], ...]:
    return tuple(_MONTH_NAMES.values())


def _of_year(period: Period, year: int) -> Period:
    """A month of that year."""
    if not period.month:
        return period
    last = monthrange(year, period.month)[1]
    return replace(
        period, first=date(year, period.month, 1), last=date(year, period.month, last), month=0, day=0
    )


def _relative(text: str, today: date) -> Period | None:
    if text in ("today", "heute"):
        return Period(first=today, last=today)
    if text in ("yesterday", "gestern"):
        return Period(first=today - timedelta(days=1), last=today - timedelta(days=1))
    before = bool(re.search(r"\b(?:last|past|previous|letzt|vorig|vergangen)", text))
    if re.search(r"\b(?:week|woche)\b", text):
        monday = today - timedelta(days=today.weekday() + 7 * before)
        return Period(first=monday, last=monday + timedelta(days=6))
    if re.search(r"\b(?:month|monats?)\b", text):
        inside = today.replace(day=1) - timedelta(days=int(before))
        return _of_year(Period(month=inside.month), inside.year)
    if re.search(
        r"\b(?:this|last|past|current|previous|diese\w*|letzt\w*|vorig\w*|vergangen\w*) (?:year|jahr)", text
    ):
        year = today.year - before
        return Period(first=date(year, 1, 1), last=date(year, 12, 31))
    return None
