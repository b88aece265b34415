"""What the pages say, in the reader's language: the files in ``translations/``, dates, numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "translations"
FALLBACK = "en"
COOKIE = "language"


@dataclass(frozen=True, slots=True)
class Words:
    """The phrases of one language, called by their keys."""

    language: str
    phrases: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The phrase with its ``{names}`` filled in."""
        return self.phrases[key].format(**values)

    def count(self, key: str, number: int, **values: object) -> str:
        """The phrase for that many: ``key_one`` or ``key_other``, with ``{n}`` and what else it names filled in."""
        return self(f"{key}_{'one' if number == 1 else 'other'}", n=self.number(number), **values)

    def known(self, prefix: str, name: str) -> str:
        """The phrase ``prefix_name``, or the name itself where there is none."""
        return self.phrases.get(f"{prefix}_{name}", name)

    def number(self, value: float) -> str:
        return f"{value:,}".translate(str.maketrans(",.", self("separators")))

    def date(self, day: date) -> str:
        return self("date", day=day.day, month=self("months").split()[day.month - 1], year=day.year)


@cache
def translations() -> dict[str, dict[str, str]]:
    """Every language that the pages speak, each with its phrases."""
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json"))}


def chosen(cookies: Mapping[str, str], accept_language: str | None) -> Words:
    """The words in the language that the reader has switched to (see ``static/settings.js``), else the browser's."""
    return words(cookies.get(COOKIE) or accept_language)


def words(accept_language: str | None) -> Words:
    """The words for a browser's ``Accept-Language``.

    Only the language it names first counts, as in Gradio's own pages: two rules would mix two languages.
    """
    wanted = (accept_language or "")[:2].lower()
    language = wanted if wanted in translations() else FALLBACK
    return Words(language, translations()[language])
