"""The pages' phrases in the reader's language, from the files in ``translations/``; dates and numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "translations"
FALLBACK = "en"
COOKIE = "language"


@dataclass(frozen=True, slots=True)
class Words:
    """The phrases of one language; call it with a key."""

    language: str
    phrases: Mapping[str, str] = field(hash=False)  # what the language says already

    def __call__(self, key: str, **values: object) -> str:
        """The phrase with its ``{names}`` filled in."""
        return self.phrases[key].format(**values)

    def count(self, key: str, number: int, **values: object) -> str:
        """The phrase ``key_one`` or ``key_other`` for that number, with ``{n}`` and other ``{names}`` filled in."""
        return self(f"{key}_{'one' if number == 1 else 'other'}", n=self.number(number), **values)

    def known(self, prefix: str, name: str) -> str:
        """The phrase ``prefix_name``, or the name itself if there is none."""
        return self.phrases.get(f"{prefix}_{name}", name)

    def number(self, value: float) -> str:
        return f"{value:,}".translate(str.maketrans(",.", self("separators")))

    def date(self, day: date) -> str:
        return self("date", day=day.day, month=self("months").split()[day.month - 1], year=day.year)


@cache
def translations() -> dict[str, dict[str, str]]:
    """The phrases of each language of the pages, by language code."""
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json"))}


def words_in(language: str, otherwise: Words) -> Words:
    """The words of that language, if the pages have it."""
    known = translations().get(language)
    return Words(language, known) if known and language != otherwise.language else otherwise


def preferred_words(cookies: Mapping[str, str], accept_language: str | None) -> Words:
    """The words in the language that the reader has chosen (see ``static/settings.js``), else in the browser's."""
    return words(cookies.get(COOKIE) or accept_language)


def words(accept_language: str | None) -> Words:
    """The words for a browser's ``Accept-Language``.

    Only its first language counts, as in Gradio's own texts; with another rule a page could mix two languages.
    """
    first = (accept_language or "")[:2].lower()
    language = first if first in translations() else FALLBACK
    return Words(language, translations()[language])
