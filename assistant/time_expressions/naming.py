"""Stretches of days in words, in German or else in English: "4 May 2026", "3.–5. Mai 2026", "May 2026", "2015–2020". Pure."""

from __future__ import annotations

from datetime import date, timedelta

from assistant.time_expressions.spans import DaySpan
from ingest.text.months import month_name

_DASH = "\N{EN DASH}"


def span_named(span: DaySpan, language: str) -> str:
    """The days in words, as short as they can be said; empty where both ends are open."""
    german, first, last = language == "de", span.first, span.last
    if first is None or last is None:
        return _open(span, language)
    if first == last:
        return _day(first, language)
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return f"{first.year}" if first.year == last.year else f"{first.year}{_DASH}{last.year}"
    same_month = (first.year, first.month) == (last.year, last.month)
    whole = first.day == 1 and (last + timedelta(days=1)).day == 1
    if same_month and whole:
        return _month(first, language)
    if same_month:
        return f"{first.day}{'.' if german else ''}{_DASH}{_day(last, language)}"
    named = _month if whole else _day
    return f"{named(first, language)} {'bis' if german else 'to'} {named(last, language)}"


def _open(span: DaySpan, language: str) -> str:
    german = language == "de"
    if span.first:
        return f"{'ab' if german else 'from'} {_day(span.first, language)}"
    return f"{'bis' if german else 'up to'} {_day(span.last, language)}" if span.last else ""


def _day(day: date, language: str) -> str:
    return f"{day.day}{'.' if language == 'de' else ''} {_month(day, language)}"


def _month(day: date, language: str) -> str:
    return f"{month_name(day.month, 'de' if language == 'de' else 'en')} {day.year}"
