"""What answers about the collection say, in the languages in which such questions are recognised: ``phrases.json``."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from assistant.collection.periods import Period
from ingest.text.months import month_name

FALLBACK = "en"


@cache
def _phrases() -> dict[str, dict[str, Any]]:
    loaded: dict[str, dict[str, Any]] = json.loads(
        files("assistant.collection").joinpath("phrases.json").read_text("utf-8")
    )
    return loaded


def say(key: str, language: str, *, count: int | None = None, **values: object) -> str:
    """The phrase in ``language``, in English where it has none; the one for a single thing where ``count`` is 1."""
    phrase = _phrases().get(language, _phrases()[FALLBACK])[key]
    if not isinstance(phrase, str):
        phrase = phrase[0 if count == 1 else 1]
    return str(phrase).format(**values)


def documents(number: int, language: str, *, complete: bool = True, of: bool = False) -> str:
    """The number of documents, "at least" so many where not all were looked at; with ``of`` as it stands after "of"."""
    written = f"{number:,}".replace(",", "." if language == "de" else ",")
    shown = written if complete else say("at_least", language, n=written)
    return say("documents_of" if of else "documents", language, count=number, n=shown)


def period_named(period: Period, language: str) -> str:
    """A period in words by itself, without a preposition."""
    return in_period(period, language).removeprefix("im Jahr ").removeprefix("im ").removeprefix("vom ")


def in_period(period: Period, language: str) -> str:
    """A period in words: "12 March 2024", "February 2024", "since 1 March 2024"; German with its preposition."""
    german = language == "de"
    if period.month:
        month = month_name(period.month, language)
        if period.day:
            return f"vom {period.day}. {month}" if german else f"{period.day} {month}"
        return f"im {month}" if german else month
    first, last = period.first, period.last
    if first is None or last is None:
        return _open(first, last, language)
    if first == last:
        return f"vom {_day(first, language)}" if german else _day(first, language)
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        years = f"{first.year}" if first.year == last.year else f"{first.year}–{last.year}"
        return f"im Jahr {years}" if german and first.year == last.year else years
    if first.day == 1 and (first.year, first.month) == (last.year, last.month) and _ends_month(last):
        written = f"{month_name(first.month, language)} {first.year}"
        return f"im {written}" if german else written
    to = "bis" if german else "to"
    lead = "vom " if german else ""
    return f"{lead}{_day(first, language)} {to} {_day(last, language)}"


def _open(first: date | None, last: date | None, language: str) -> str:
    german = language == "de"
    if first:
        return f"{'seit' if german else 'since'} {_day(first, language)}"
    return f"{'bis' if german else 'up to'} {_day(last, language)}" if last else ""


def _day(day: date, language: str) -> str:
    return f"{day.day}{'.' if language == 'de' else ''} {month_name(day.month, language)} {day.year}"


def _ends_month(day: date) -> bool:
    return day.day >= 28 and date.fromordinal(day.toordinal() + 1).month != day.month
