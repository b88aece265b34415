"""What answers about the collection say, in the languages in which such questions are recognised: ``phrases.json``."""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from assistant.collection.periods import Period
from assistant.time_expressions.naming import span_named
from assistant.time_expressions.spans import DaySpan
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
    named = span_named(DaySpan(first=first, last=last), language)
    if not german:
        return named
    whole_months = first.day == 1 and (last + timedelta(days=1)).day == 1
    lead = (
        ("im Jahr " if first.year == last.year else "")
        if named[:4].isdigit()
        else "im "
        if whole_months
        else "vom "
    )
    return lead + named


def _open(first: date | None, last: date | None, language: str) -> str:
    named = span_named(DaySpan(first=first, last=last), language)
    since = "seit" if language == "de" else "since"
    return named.replace("ab" if language == "de" else "from", since, 1) if first else named
