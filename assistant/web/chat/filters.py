"""What a question is restricted to: the filters of an event or an address, and their chips and date fields as HTML."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from pydantic import TypeAdapter, ValidationError

from assistant.types import Filters
from assistant.web.kit.html import NOTHING, Html, element, text
from assistant.web.kit.localisation import Words
from ingest.store.index import Index

# More documents than this are shown as one chip with their number.
MOST_NAMED = 4
_DATE = TypeAdapter(date | None)


def parse_filters(
    documents: Sequence[object], published_from: object, published_to: object, include_undated: object = False
) -> Filters:
    """Filters from the values of an event or an address; an invalid date restricts nothing, reversed days are swapped."""
    ids = (str(document) for document in documents)
    first, last = _parse_date(published_from), _parse_date(published_to)
    if first and last and first > last:
        first, last = last, first
    return Filters(
        documents=tuple(dict.fromkeys(key for key in ids if key)),
        published_from=first,
        published_to=last,
        include_undated=include_undated in (True, "true"),
    )


def _parse_date(value: object) -> date | None:
    try:
        return _DATE.validate_python(value or None)
    except ValidationError:
        return None


def chips(filters: Filters, title_of: Callable[[str], str], words: Words, undated: int = 0) -> Html:
    """A chip for each restriction of the next question; ``title_of`` maps a document's id to its title.

    With a restriction to days also how many documents are ``undated``, and a box to search them too.
    """
    parts = [*_document_chips(filters, title_of, words), *_date_chips(filters, words)]
    parts += [_undated(filters, undated, words)] if filters.in_days and undated else []
    if not parts:
        return NOTHING
    return element("ul", *parts, class_="chips", aria_label=words("restricted_to"))


def date_fields(filters: Filters, words: Words) -> Html:
    """The fields for the first and the last day of publication."""
    fields = (
        _field("since", words("from_day"), filters.published_from),
        _field("until", words("to_day"), filters.published_to),
    )
    return element("div", *fields, class_="days")


def _document_chips(filters: Filters, title_of: Callable[[str], str], words: Words) -> list[Html]:
    ids = filters.documents
    if len(ids) > MOST_NAMED:
        return [_chip(words.count("documents_total", len(ids)), replace(filters, documents=()), words)]
    return [
        _chip(title_of(key), replace(filters, documents=tuple(rest for rest in ids if rest != key)), words)
        for key in ids
    ]


def _date_chips(filters: Filters, words: Words) -> list[Html]:
    chips = []
    if filters.published_from:
        label = words("since", day=words.date(filters.published_from))
        chips.append(_chip(label, replace(filters, published_from=None), words))
    if filters.published_to:
        label = words("until", day=words.date(filters.published_to))
        chips.append(_chip(label, replace(filters, published_to=None), words))
    return chips


def _undated(filters: Filters, undated: int, words: Words) -> Html:
    if filters.include_undated:
        said, label = NOTHING, words.count("also_undated", undated)
    else:
        said, label = element("span", text(words.count("left_out", undated))), words("also_these")
    box = element(
        "input", type="checkbox", checked=filters.include_undated, data_act="narrow", **_data(filters)
    )
    return element("li", said, element("label", box, text(label)), class_="undated")


def _chip(label: str, without: Filters, words: Words) -> Html:
    """A chip whose button removes its restriction: what is left are the filters ``without``."""
    remove = element(
        "button",
        text("×"),
        type="button",
        aria_label=words("take_away", what=label),
        data_act="narrow",
        data_undated="true" if without.include_undated else None,
        **_data(without),
    )
    return element("li", element("bdi", text(label)), remove)


def _data(filters: Filters) -> dict[str, str]:
    """What an event needs of the documents and days of filters."""
    return {
        "data_documents": ",".join(filters.documents),
        "data_since": _iso(filters.published_from),
        "data_until": _iso(filters.published_to),
    }


def _field(name: str, label: str, day: date | None) -> Html:
    field = element("input", type="date", name=name, value=_iso(day))
    return element("label", text(label + " "), field)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def document_title(document_id: str, index: Index | None, words: Words) -> str:
    """A document's title, or its source; its id where the index is not loaded."""
    if index is None:
        return document_id
    record = index.record(document_id)
    return (record.title or record.shown_source) if record else words("document_gone")
