"""Dates and times in a text: months, weekdays, numeric dates, times of the day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.language.lexicon import calendar

DateKind = Literal["day", "month", "year", "weekday", "time"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DateOrTime:
    """A part of a date, or a time in minutes since midnight; not ``sure`` where it may be a word ("May")."""

    kind: DateKind
    value: int
    text: str
    sure: bool = True


_ISO = re.compile(r"\b(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})\b")
_DOTTED = re.compile(r"\b(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4}|\d{2})?(?!\d)")
_SLASHED = re.compile(r"\b(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4}|\d{2})\b")
_NAMES = {
    name: kind for language in ("de", "en") for name, kind in calendar(language).items() if len(name) > 2
}
_MONTHS = "|".join(sorted((n for n, (kind, _) in _NAMES.items() if kind == "month"), key=len, reverse=True))
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
_LEADS = re.compile(
    r"\b(?:in|im|since|seit|until|by|early|late|mid|last|next|ab|bis|anfang|mitte|ende|of|between|from|on|am|vom)\s+$",
    re.I,
)


def moments(text: str) -> tuple[list[DateOrTime], str]:
    """The moments that ``text`` names, and the text with them blanked out."""
    found: list[DateOrTime] = []
    for pattern, read in (*((pattern, _dated) for pattern in _DATES), (_SPOKEN, _timed), (_CLOCK, _timed)):
        for match in reversed(list(pattern.finditer(text))):
            parts = read(match)
            if parts:
                found += parts
                text = text[: match.start()] + " " * len(match.group()) + text[match.end() :]
    return [*found, *_named(text)], text


def borne_out(moment: DateOrTime, others: Sequence[DateOrTime], published: Sequence[date]) -> bool:
    """Whether the quotes name ``moment``, or the day of publication has it."""
    if any(other.kind == moment.kind and other.value == moment.value for other in others):
        return True
    if moment.kind == "time":
        return any(other.kind == "time" and other.value % 720 == moment.value % 720 for other in others)
    return any(_part(day, moment.kind) == moment.value for day in published)


def days(texts: Sequence[str]) -> list[date]:
    """The days that texts consist of: "2026-03-01", "1. März 2026"; other texts are no dates."""
    read = [moments(text) for text in texts]
    return [day for found, rest in read if not re.search(r"\w", rest) for day in _day(found)]


def _day(found: Sequence[DateOrTime]) -> Iterator[date]:
    parts = {moment.kind: moment.value for moment in found}
    if {"year", "month", "day"} <= parts.keys():
        yield date(parts["year"], parts["month"], parts["day"])


def _part(day: date, kind: DateKind) -> int:
    parts = {"day": day.day, "month": day.month, "year": day.year, "weekday": day.weekday()}
    return parts.get(kind, -1)


def _dated(match: re.Match[str]) -> list[DateOrTime]:
    parts = {kind: written for kind, written in match.groupdict().items() if written}
    values = {kind: _number(written) for kind, written in parts.items()}
    if values["month"] > 12 and values.get("day", 99) <= 12:
        values["month"], values["day"] = values["day"], values["month"]
    if not _possible(values):
        return []
    kinds: tuple[DateKind, ...] = ("day", "month", "year")
    return [
        DateOrTime(kind=kind, value=values[kind], text=match.group().strip())
        for kind in kinds
        if kind in values
    ]


def _possible(values: dict[str, int]) -> bool:
    try:
        date(values.get("year", 2000), values["month"], values.get("day", 1))
    except ValueError:
        return False
    return True


def _number(written: str) -> int:
    if not written.isdecimal():
        return _NAMES[written.lower()][1]
    return int(written)


def _timed(match: re.Match[str]) -> list[DateOrTime]:
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    half = (match["half"] or "").lower()
    hour += 12 if half == "p" and hour < 12 else -12 if half == "a" and hour == 12 else 0
    return [DateOrTime(kind="time", value=60 * hour + minute, text=match.group().strip())]


def _named(text: str) -> Iterator[DateOrTime]:
    """Months and weekdays that stand alone, written large; sure where a word before them says that they are meant."""
    for match in _WORD.finditer(text):
        word = match.group()
        kind, value = _NAMES.get(word.lower(), ("", 0))
        plain = word.lower().removesuffix("s")
        if not kind and _NAMES.get(plain, ("", 0))[0] == "weekday":
            kind, value = _NAMES[plain]
        if not kind or not word[0].isupper() or len(word) < 3:
            continue
        led = bool(_LEADS.search(text[: match.start()])) and text[match.end() : match.end() + 1] != "'"
        if kind == "month":
            yield DateOrTime(kind="month", value=value, text=word, sure=led and len(word) > 2)
        elif len(word) > 3:
            yield DateOrTime(kind="weekday", value=value, text=word)
