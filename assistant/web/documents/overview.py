"""The numbers above the table of documents, with a histogram of their dates of publication."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from assistant.web.kit.histogram import histogram
from assistant.web.kit.html import Html, element, text
from assistant.web.kit.localisation import Words
from ingest.store.catalogue_tally import CatalogueTally
from ingest.store.stories import Stories

MOST_LANGUAGES = 3


def overview(tally: CatalogueTally, words: Words, stories: Stories | None = None) -> Html:
    """Numbers of documents and passages, languages and range of dates; a histogram if there are enough dates for one.

    The number of stories is said where some are told more than once.
    """
    days = {day: count for day, count in tally.days.items() if day}
    facts = [
        _fact(words("documents"), words.number(tally.documents)),
        *_stories(stories or Stories(), words),
        _fact(words("column_passages"), words.number(tally.passages)),
        _fact(words("languages"), _languages(tally.in_languages(), words)),
    ]
    if days:
        facts.append(_fact(words("period"), _period(min(days), max(days), words)))
    return element(
        "div",
        element("dl", *facts),
        histogram(
            days,
            words.count("undated", tally.undated) if tally.undated else "",
            "plot",
            words,
        ),
        class_="glance",
    )


def _stories(stories: Stories, words: Words) -> list[Html]:
    return [_fact(words("stories"), words.number(stories.total()))] if stories.links else []


def _fact(name: str, value: str) -> Html:
    return element("div", element("dt", text(name)), element("dd", text(value)))


def _languages(languages: Mapping[str, int], words: Words) -> str:
    """The most frequent languages by name, and the number of the others."""
    known = [(code, count) for code, count in languages.items() if code]
    named = [
        f"{words.known('language', code)} {words.number(count)}" for code, count in known[:MOST_LANGUAGES]
    ]
    more = [words("more_languages", n=len(known) - MOST_LANGUAGES)] if len(known) > MOST_LANGUAGES else []
    return ", ".join([*named, *more]) or "–"


def _period(first: date, last: date, words: Words) -> str:
    return words.date(first) if first == last else f"{words.date(first)} – {words.date(last)}"
