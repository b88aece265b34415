"""What a question is restricted to, as HTML: chips that can be taken away, and fields for dates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from assistant.types import Filters
from assistant.web.kit.html import NOTHING, Html, element, text
from assistant.web.kit.localisation import Words

# More documents than this are one chip.
NAMED = 4


def chips(filters: Filters, title_of: Callable[[str], str], words: Words) -> Html:
    """A chip for everything that restricts the next question; ``title_of`` names a document."""
    parts = [*_documents(filters, title_of, words), *_dates(filters, words)]
    if not parts:
        return NOTHING
    return element("ul", *parts, class_="chips", aria_label=words("restricted_to"))


def dates(filters: Filters, words: Words) -> Html:
    """The fields for the first and the last day."""
    fields = (
        _field("since", words("from_day"), filters.published_from),
        _field("until", words("to_day"), filters.published_to),
    )
    return element("div", *fields, class_="days")


def _documents(filters: Filters, title_of: Callable[[str], str], words: Words) -> list[Html]:
    ids = filters.documents
    if len(ids) > NAMED:
        return [_chip(words.count("documents_total", len(ids)), replace(filters, documents=()), words)]
    return [
        _chip(title_of(one), replace(filters, documents=tuple(other for other in ids if other != one)), words)
        for one in ids
    ]


def _dates(filters: Filters, words: Words) -> list[Html]:
    found = []
    if filters.published_from:
        label = words("since", day=words.date(filters.published_from))
        found.append(_chip(label, replace(filters, published_from=None), words))
    if filters.published_to:
        label = words("until", day=words.date(filters.published_to))
        found.append(_chip(label, replace(filters, published_to=None), words))
    return found


def _chip(label: str, without: Filters, words: Words) -> Html:
    """A chip whose button leaves ``without`` what it stands for."""
    away = element(
        "button",
        text("×"),
        type="button",
        aria_label=words("take_away", what=label),
        data_act="narrow",
        data_documents=",".join(without.documents),
        data_since=_iso(without.published_from),
        data_until=_iso(without.published_to),
    )
    return element("li", element("bdi", text(label)), away)


def _field(name: str, label: str, day: date | None) -> Html:
    box = element("input", type="date", name=name, value=_iso(day))
    return element("label", text(label + " "), box)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
