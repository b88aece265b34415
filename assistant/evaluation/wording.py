"""What a report says, in English and German: ``phrases.json``; and figures as each of them writes them."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from assistant.evaluation.intervals import Estimate

LANGUAGES = ("en", "de")


@cache
def phrases(language: str) -> dict[str, str]:
    """The phrases by key."""
    loaded: dict[str, dict[str, str]] = json.loads(
        files("assistant.evaluation").joinpath("phrases.json").read_text("utf-8")
    )
    return loaded[language]


def phrase(key: str, language: str, **values: object) -> str:
    return phrases(language)[key].format(**values)


def number(value: float, language: str, digits: int = 0) -> str:
    """A number with its thousands in groups."""
    written = f"{value:,.{digits}f}"
    return written.translate(str.maketrans(",.", ".,")) if language == "de" else written


def percent(value: float | None, language: str) -> str:
    """A share in per cent; a dash where there is none."""
    if value is None:
        return "–"
    sign = " %" if language == "de" else "%"
    return f"{number(value * 100, language, 1)}{sign}"


def milliseconds(value: float | None, language: str) -> str:
    return "–" if value is None else f"{number(value, language)} ms"


def shown(name: str, value: float | None, language: str) -> str:
    """A figure of the measure ``name``."""
    return milliseconds(value, language) if name.startswith("latency") else percent(value, language)


def interval(name: str, estimate: Estimate, language: str) -> str:
    """The interval of an estimate, as in "61.2% to 84.0%"."""
    if estimate.low is None or estimate.high is None:
        return "–"
    ends = (shown(name, end, language) for end in (estimate.low, estimate.high))
    return phrase("to", language).join(ends)


def chance(value: float, language: str) -> str:
    """A probability of a change by chance."""
    least = 0.001
    return f"< {number(least, language, 3)}" if value < least else number(value, language, 3)
