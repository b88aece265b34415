"""What a check says of a draft's sentences and quotations, in the languages that drafts are checked in: ``phrases.json``."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

FALLBACK = "en"


@cache
def _phrases() -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = json.loads(
        files("assistant.drafts").joinpath("phrases.json").read_text("utf-8")
    )
    return loaded


def reason(key: str, language: str, *values: str) -> str:
    """The reason in ``language`` (ISO 639-1), in English where it has none; the values stand for its ``{}``."""
    return _phrases().get(language, _phrases()[FALLBACK])[key].format(*values)
