"""The table of documents: searching, sorting and paging it, and the resulting page as HTML."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from assistant.citation_links import place, viewer_link
from assistant.web.documents.table_state import COLUMNS, TableState
from assistant.web.kit.dates import dated
from assistant.web.kit.html import NOTHING, Html, date_element, element, join, text
from assistant.web.kit.localisation import Words
from ingest.types import Record

PAGE = 50  # documents on a page of the table
# The sort key of each column.
_KEYS: dict[str, Callable[[Record], Any]] = {
    "title": lambda record: (record.title or place(record)).casefold(),
    "source": lambda record: place(record).casefold(),
    "date": lambda record: record.published or date.min,
    "language": lambda record: record.language,
    "passages": lambda record: record.passages,
    "added": lambda record: record.added,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePage:
    """One of ``pages`` pages of the ``matching`` documents among ``total``: its ``rows``.

    ``edited`` says how many other texts articles among them have had, by id.
    """

    view: TableState
    total: int
    matching: int
    pages: int
    rows: tuple[Record, ...]
    edited: Mapping[str, int] = field(default_factory=dict)


def table_page(records: Sequence[Record], view: TableState) -> TablePage:
    """The page of the table; its view is corrected: an existing page, and only matching documents selected."""
    matches = sorted(matching(records, view.search), key=_KEYS[view.sort], reverse=view.backwards)
    ids = {record.id for record in matches}
    pages = max(1, -(-len(matches) // PAGE))
    page = min(max(0, view.page), pages - 1)
    corrected = replace(view, page=page, selected=tuple(key for key in view.selected if key in ids))
    rows = tuple(matches[page * PAGE : (page + 1) * PAGE])
    return TablePage(view=corrected, total=len(records), matching=len(matches), pages=pages, rows=rows)


def matching(records: Sequence[Record], search: str) -> list[Record]:
    """The records whose title or source contains every word of the search, ignoring case."""
    searched = search.casefold().split()
    return [
        record
        for record in records
        if all(
            word in f"{record.title}\n{record.shown_source}\n{record.source}".casefold() for word in searched
        )
    ]


def table(page: TablePage, words: Words) -> Html:
    """The table, with the search that it was made for: the page's script asks again where it is not the latest."""
    return element("div", _rows(page, words), data_search=page.view.search)


def _rows(page: TablePage, words: Words) -> Html:
    """The table with its page numbers, or what to do if there are no rows."""
    if not page.total:
        return _empty_table("documents_empty", words)
    if not page.matching:
        return element("p", text(words("no_match")), class_="hint unmatched")
    caption = element("caption", text(words("documents")), class_="unseen")
    head = element(
        "thead", element("tr", _all(words), *(_column(name, page.view, words) for name in COLUMNS))
    )
    body = element(
        "tbody",
        *(
            _row(record, record.id in page.view.selected, page.edited.get(record.id, 0), words)
            for record in page.rows
        ),
    )
    on_page = {record.id for record in page.rows}
    elsewhere = ",".join(key for key in page.view.selected if key not in on_page)
    rows = element("table", caption, head, body, class_="shelf", data_elsewhere=elsewhere)
    return join([rows, _pages(page, words)])


def _empty_table(key: str, words: Words) -> Html:
    """That there are no documents, and what to do about it."""
    lines = [element("p", text(words(f"{key}_{part}")), class_=part) for part in ("lead", "hint")]
    return element("div", *lines, class_="welcome")


def _pages(page: TablePage, words: Words) -> Html:
    """Which documents are on the page, and buttons to the other pages."""
    first = page.view.page * PAGE
    numbers = (first + 1, first + len(page.rows), page.matching)
    numbered = dict(zip(("first", "last", "total"), map(words.number, numbers), strict=True))
    label = element("p", text(words("shown_of", **numbered)), class_="hint", role="status")
    if page.pages == 1:
        return NOTHING if page.matching == page.total else element("div", label, class_="pages")
    last, current = page.pages - 1, page.view.page
    steps = (
        ("first", "«", 0),
        ("previous", "‹", current - 1),
        ("next", "›", current + 1),
        ("last", "»", last),
    )
    buttons = [
        element(
            "button",
            text(sign),
            type="button",
            data_act="page",
            value=max(0, min(last, at)),
            data_key=name,
            disabled=current == max(0, min(last, at)),
            aria_label=words(f"{name}_rows"),
        )
        for name, sign, at in steps
    ]
    return element("nav", *buttons[:2], label, *buttons[2:], class_="pages", aria_label=words("pages"))


def _all(words: Words) -> Html:
    box = element("input", type="checkbox", value="", aria_label=words("select_all"))
    return element("th", box, scope="col", class_="tick")


def _column(name: str, view: TableState, words: Words) -> Html:
    sign = ("↓" if view.backwards else "↑") if name == view.sort else ""
    button = element(
        "button",
        text(words(f"column_{name}")),
        element("span", text(sign), aria_hidden="true"),
        type="button",
        data_act="sort",
        value=name,
    )
    order = ("descending" if view.backwards else "ascending") if name == view.sort else None
    return element("th", button, scope="col", class_=name, aria_sort=order)


def _row(record: Record, ticked: bool, edited: int, words: Words) -> Html:
    title = record.title or place(record)
    box = element(
        "input", type="checkbox", value=record.id, checked=ticked, aria_label=words("select", title=title)
    )
    link = element("a", element("bdi", text(title)), href=viewer_link(record.id), target="_blank")
    label = text(words.count("edited", edited))
    edits = element("a", label, href=f"{viewer_link(record.id)}/edits", target="_blank", class_="edited")
    cells = {
        "title": join([link, text(" "), edits]) if edited else link,
        "source": element("bdi", text(place(record)), title=record.shown_source),
        "language": text(words.known("language", record.language)),
        "date": dated(record, words),
        "passages": text(words.number(record.passages)),
        "added": date_element(record.added.date(), words),
    }
    columns = (element("td", cells[name], class_=name) for name in COLUMNS)
    return element("tr", element("td", box, class_="tick"), *columns)
