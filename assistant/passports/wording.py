"""What is written around quotes that are carried away, in the languages of the pages: ``phrases.json``."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib.resources import files

from assistant.time_expressions.naming import span_named
from assistant.time_expressions.spans import DaySpan

FALLBACK = "en"


@cache
def phrases() -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = json.loads(
        files("assistant.passports").joinpath("phrases.json").read_text("utf-8")
    )
    return loaded


def say(key: str, language: str, **values: object) -> str:
    """The phrase in ``language``, in English where it has none."""
    return phrases().get(language, phrases()[FALLBACK])[key].format(**values)


def day_named(day: date, language: str) -> str:
    return span_named(DaySpan(first=day, last=day), language)


def said_in(key: str, pattern: Sequence[str], text: str) -> tuple[str, ...] | None:
    """The values of a phrase in whatever language it stands in ``text``, each as its ``pattern`` says; the last one counts."""
    for spoken in phrases().values():
        pieces = re.split(r"\{\w+\}", spoken[key])
        written = "".join(
            re.escape(piece) + (f"({value})" if value else "")
            for piece, value in zip(pieces, (*pattern, ""), strict=True)
        )
        if found := re.findall(written, text):
            return found[-1] if isinstance(found[-1], tuple) else (found[-1],)
    return None
