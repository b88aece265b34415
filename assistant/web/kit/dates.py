"""A document's date of publication with what says so: the page, the text, the name of the file, or who has corrected it."""

from __future__ import annotations

from assistant.web.kit.html import NOTHING, Html, date_element, element, join, text
from assistant.web.kit.localisation import Words
from ingest.types import Record


def dated(record: Record, words: Words) -> Html:
    """The day and where it comes from; nothing where there is none."""
    if record.published is None:
        return NOTHING
    origin = element("span", text(origin_of_date(record, words)), class_="origin")
    return join([date_element(record.published, words), text(" "), origin])


def origin_of_date(record: Record, words: Words) -> str:
    """Where the date comes from, in words; records of earlier releases do not say."""
    name = record.corrected_by("published")
    if name:
        return words("origin_corrected_by", name=name)
    origin = record.published_from.replace(" ", "_") or "unknown"
    return words(f"origin_{origin}")
