"""What months and days of the week are called in a language, and the order in which it writes numeric dates: by CLDR."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

# Spellings in use that CLDR does not list.
_FURTHER = {
    "de": {"jänner": 1, "jaenner": 1, "feber": 2, "mrz": 3, "maerz": 3, "sept": 9},
    "en": {"sept": 9, "febr": 2},
}
_PARTICLE = re.compile(r"^(?:de |d['’])")  # Catalan's names of months bring it along


@cache
def months(language: str) -> Mapping[str, int]:
    """The numbers of months by their names and abbreviations, case-folded: of the language and, everywhere, in English."""
    names: dict[str, int] = {}
    for code in dict.fromkeys(("en", language)):
        for name, number in _names(code, "months"):
            names[_PARTICLE.sub("", name)] = int(number)
        names |= _FURTHER.get(code, {})
    return names


@cache
def weekdays(language: str) -> frozenset[str]:
    """The names and abbreviations of the days of the week, likewise."""
    return frozenset(name for code in {"en", language} for name, _ in _names(code, "days"))


@cache
def day_first(language: str) -> bool | None:
    """Whether 03/04/2026 is the third of April; None where the language, as English, does not decide that."""
    locale = _locale(language)
    pattern = str(locale.datetime_skeletons.get("Md", "")) if locale and language != "en" else ""
    return True if 0 <= pattern.find("d") < pattern.find("M") else None


@cache
def month_name(number: int, language: str) -> str:
    """What a month, counted from 1, is called in a language; in English where CLDR does not know it."""
    locale = _locale(language) or Locale("en")
    return str(locale.months["format"]["wide"][number])


def day_in_words(day: date, language: str) -> str:
    """A day as a language writes it in a sentence: "3. Mai 2025", "3 May 2025"; in English where CLDR does not know it."""
    locale = Locale("en", "GB") if language == "en" else _locale(language) or Locale("en", "GB")
    return str(format_date(day, "long", locale=locale))


@cache
def language_name(language: str, within: str = "en") -> str:
    """What a language is called by its code, in English or ``within`` another; empty where CLDR does not know it."""
    locale = _locale(within)
    return str(locale.languages.get(language, "")) if locale else ""


def _names(language: str, what: str) -> list[tuple[str, Any]]:
    locale = _locale(language)
    if locale is None:
        return []
    return [
        (name.casefold().rstrip("."), number)
        for context in getattr(locale, what).values()
        for width, names in context.items()
        if width in ("wide", "abbreviated")
        for number, name in names.items()
    ]


def _locale(language: str) -> Locale | None:
    try:
        return Locale.parse(language)
    except (UnknownLocaleError, ValueError, TypeError):  # no language, or one that CLDR does not know
        return None
