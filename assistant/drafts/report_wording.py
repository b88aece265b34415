"""The words in which the check of a draft is told, on pages, at the terminal and in files: ``report_wording.json``."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

FALLBACK = "en"


@cache
def phrases(language: str) -> dict[str, Any]:
    """All phrases, in English where ``language`` has none."""
    loaded: dict[str, dict[str, Any]] = json.loads(
        files("assistant.drafts").joinpath("report_wording.json").read_text("utf-8")
    )
    return loaded.get(language, loaded[FALLBACK])


def say(key: str, language: str, *, count: int | None = None, **values: object) -> str:
    """A phrase; the one for a single thing where ``count`` is 1."""
    phrase = phrases(language)[key]
    if not isinstance(phrase, str):
        phrase = phrase[0 if count == 1 else 1]
    if count is not None:
        values["n"] = f"{count:,}".replace(",", "." if language == "de" else ",")
    return str(phrase).format(**values)
