"""Dates and times: takes a text and gives its days, months, years, weekdays and times of day; compares them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.language.lexicon import CalendarName, calendar

DateKind = Literal["day", "month", "year", "weekday", "time"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DateOrTime:
    """A part of a date, or a time in minutes since midnight: a moment, for short.

    Months count from 1, weekdays from 0 for Monday. It is not ``sure`` where it may be another word ("May").
    """

    kind: DateKind
    value: int
    text: str
    sure: bool = True


_ISO = re.compile(r"\b(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})\b")
_DOTTED = re.compile(r"\b(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4}|\d{2})?(?!\d)")
_SLASHED = re.compile(r"\b(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4}|\d{2})\b")
_NAMES = {
    name: named for language in ("de", "en") for name, named in calendar(language).items() if len(name) > 2
}
_MONTH_NAMES = [name for name, (kind, _) in _NAMES.items() if kind == "month"]
_MONTHS = "|".join(sorted(_MONTH_NAMES, key=len, reverse=True))
_YEAR = r"(?:,?\s+(?P<year>[12]\d{3}))?"
_DAY_MONTH = re.compile(
    rf"\b(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{_MONTHS})\b\.?{_YEAR}", re.I
)
_MONTH_DAY = re.compile(
    rf"\b(?P<month>{_MONTHS})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?![.,]\d){_YEAR}", re.I
)
_MONTH_YEAR = re.compile(rf"\b(?P<month>{_MONTHS})\.?,?\s+(?:of\s+)?(?P<year>[12]\d{{3}})\b", re.I)
_DATES = (_ISO, _DOTTED, _SLASHED, _DAY_MONTH, _MONTH_DAY, _MONTH_YEAR)
_HALF_DAY = r"(?P<half>[ap])\.?\s?m\b\.?"
_CLOCK = re.compile(rf"\b(?P<hour>[01]?\d|2[0-4])(?::(?P<minute>[0-5]\d))(?:\s*(?:{_HALF_DAY}|Uhr\b))?", re.I)
_SPOKEN = re.compile(rf"\b(?P<hour>[01]?\d|2[0-4])(?:[.:](?P<minute>[0-5]\d))?\s*(?:{_HALF_DAY}|Uhr\b)", re.I)
_WORD = re.compile(r"[^\W\d_]+")
# Words before "May" and the like that make it a month.
_BEFORE_MONTH = re.compile(
    r"\b(?:in|im|since|seit|until|by|early|late|mid|last|next|ab|bis|anfang|mitte|ende|of|between|from|on|am|vom)\s+$",
    re.I,
)


def moments(text: str) -> tuple[list[DateOrTime], str]:
    """The moments that ``text`` names, and the text with them blanked out.

    Months and weekdays that stand alone are not blanked out.
    """
    named: list[DateOrTime] = []
    for pattern, parse in (
        *((pattern, _date_parts) for pattern in _DATES),
        (_SPOKEN, _time),
        (_CLOCK, _time),
    ):
        for match in reversed(list(pattern.finditer(text))):
            parts = parse(match)
            if parts:
                named += parts
                text = text[: match.start()] + " " * len(match.group()) + text[match.end() :]
    return [*named, *_months_and_weekdays(text)], text


def is_supported(stated: DateOrTime, quoted: Sequence[DateOrTime], published: Sequence[date]) -> bool:
    """Whether the ``quoted`` moments have the ``stated`` one, or a day of publication has it."""
    same_kind = [moment.value for moment in quoted if moment.kind == stated.kind]
    if stated.value in same_kind:
        return True
    if stated.kind == "time":
        return any(value % 720 == stated.value % 720 for value in same_kind)
    return any(_part(day, stated.kind) == stated.value for day in published)


def dates_among(texts: Sequence[str]) -> list[date]:
    """The days of those texts that are nothing but a date: "2026-03-01", "1. März 2026"."""
    read = [moments(text) for text in texts]
    return [day for named, rest in read if not re.search(r"\w", rest) for day in _day(named)]


def _day(parts: Sequence[DateOrTime]) -> Iterator[date]:
    """The day that moments make together; nothing where a part is missing."""
    values = {moment.kind: moment.value for moment in parts}
    if {"year", "month", "day"} <= values.keys():
        yield date(values["year"], values["month"], values["day"])


def _part(day: date, kind: DateKind) -> int:
    parts = {"day": day.day, "month": day.month, "year": day.year, "weekday": day.weekday()}
    return parts.get(kind, -1)


def _date_parts(match: re.Match[str]) -> list[DateOrTime]:
    """Day, month and year of a date; nothing where no calendar has it. 5/13 is the 13th of May."""
    values = {kind: _number(written) for kind, written in match.groupdict().items() if written}
    if values["month"] > 12 and values.get("day", 99) <= 12:
        values["month"], values["day"] = values["day"], values["month"]
    if not _is_possible(values):
        return []
    kinds: tuple[DateKind, ...] = ("day", "month", "year")
    return [
        DateOrTime(kind=kind, value=values[kind], text=match.group().strip())
        for kind in kinds
        if kind in values
    ]


def _is_possible(values: dict[str, int]) -> bool:
    try:
        date(values.get("year", 2000), values["month"], values.get("day", 1))
    except ValueError:
        return False
    return True


def _number(written: str) -> int:
    return int(written) if written.isdecimal() else _NAMES[written.lower()][1]


def _time(match: re.Match[str]) -> list[DateOrTime]:
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    half = (match["half"] or "").lower()
    hour += 12 if half == "p" and hour < 12 else -12 if half == "a" and hour == 12 else 0
    return [DateOrTime(kind="time", value=60 * hour + minute, text=match.group().strip())]


def _months_and_weekdays(text: str) -> Iterator[DateOrTime]:
    """Capitalised months and weekdays that stand alone; a month is sure after a word such as "in" or "since"."""
    for match in _WORD.finditer(text):
        word = match.group()
        if not word[0].isupper() or len(word) < 3:
            continue
        named = _NAMES.get(word.lower()) or _plural_weekday(word)
        if named and named[0] == "month":
            possessive = text[match.end() : match.end() + 1] == "'"
            sure = not possessive and _BEFORE_MONTH.search(text[: match.start()]) is not None
            yield DateOrTime(kind="month", value=named[1], text=word, sure=sure)
        elif named and len(word) > 3:
            yield DateOrTime(kind="weekday", value=named[1], text=word)


def _plural_weekday(word: str) -> CalendarName | None:
    """The weekday of "Mondays" and "montags"."""
    named = _NAMES.get(word.lower().removesuffix("s"))
    return named if named and named[0] == "weekday" else None
