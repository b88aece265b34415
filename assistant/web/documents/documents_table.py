"""The documents page's table: which documents are on the page being looked at, and that as HTML."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from assistant.web.answer.render import dated
from assistant.web.answer.sources import place, viewer_link
from assistant.web.kit.html import NOTHING, Html, element, join, text
from assistant.web.kit.localisation import Words
from ingest.types import Record

PAGE = 50  # documents on a page
# By column: what it is sorted by. Dates and numbers begin with the latest and the greatest.
_KEYS: dict[str, Callable[[Record], Any]] = {
    "title": lambda record: (record.title or place(record)).casefold(),
    "source": lambda record: place(record).casefold(),
    "date": lambda record: record.published or date.min,
    "language": lambda record: record.language,
    "passages": lambda record: record.passages,
    "added": lambda record: record.added,
}
COLUMNS = tuple(_KEYS)
_GREATEST_FIRST = frozenset({"date", "passages", "added"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TableState:
    """How the documents are looked at; ``page`` counts from 0, ``selected`` holds the ids of those ticked."""

    search: str = ""
    sort: str = "added"
    backwards: bool = True
    page: int = 0
    selected: tuple[str, ...] = ()

    def sorted_by(self, column: str) -> TableState:
        """By another column, or by the same one the other way round."""
        if column not in _KEYS:
            return self
        backwards = not self.backwards if column == self.sort else column in _GREATEST_FIRST
        return replace(self, sort=column, backwards=backwards, page=0)

    def ticked(self, shown: Collection[str], ticked: Collection[str]) -> TableState:
        """Of the documents ``shown``, those ``ticked`` are selected; others stay as they are."""
        kept = [key for key in self.selected if key not in shown]
        return replace(self, selected=(*kept, *ticked))


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePage:
    """What a view shows of ``total`` documents: the ``rows`` of one of ``pages`` of those ``found``."""

    view: TableState
    total: int
    found: int
    pages: int
    rows: tuple[Record, ...]


def show(records: Sequence[Record], view: TableState) -> TablePage:
    """The documents as they are looked at; the view says no more than holds: no page too far, none selected that is hidden."""
    found = sorted(matching(records, view.search), key=_KEYS[view.sort], reverse=view.backwards)
    ids = {record.id for record in found}
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(0, view.page), pages - 1)
    held = replace(view, page=page, selected=tuple(key for key in view.selected if key in ids))
    rows = tuple(found[page * PAGE : (page + 1) * PAGE])
    return TablePage(view=held, total=len(records), found=len(found), pages=pages, rows=rows)


def matching(records: Sequence[Record], search: str) -> list[Record]:
    """The records whose title or source holds every word of the search, whatever its case."""
    sought = search.casefold().split()
    return [
        record
        for record in records
        if all(word in f"{record.title}\n{record.source}".casefold() for word in sought)
    ]


def table(shown: TablePage, words: Words) -> Html:
    """The rows, or what to do where there are none."""
    if not shown.total:
        return nothing("documents_empty", words)
    if not shown.found:
        return element("p", text(words("no_match")), class_="hint unmatched")
    caption = element("caption", text(words("documents")), class_="unseen")
    head = element(
        "thead", element("tr", _all(words), *(_column(name, shown.view, words) for name in COLUMNS))
    )
    body = element("tbody", *(_row(record, record.id in shown.view.selected, words) for record in shown.rows))
    here = {record.id for record in shown.rows}
    elsewhere = ",".join(key for key in shown.view.selected if key not in here)
    rows = element("table", caption, head, body, class_="shelf", data_elsewhere=elsewhere)
    return join([rows, _pages(shown, words)])


def nothing(key: str, words: Words) -> Html:
    """An empty place, and what to do about it."""
    lines = [element("p", text(words(f"{key}_{part}")), class_=part) for part in ("lead", "hint")]
    return element("div", *lines, class_="welcome")


def _pages(shown: TablePage, words: Words) -> Html:
    """Which documents are shown, and the way to the others."""
    first = shown.view.page * PAGE
    numbers = (first + 1, first + len(shown.rows), shown.found)
    where = dict(zip(("first", "last", "total"), map(words.number, numbers), strict=True))
    said = element("p", text(words("shown_of", **where)), class_="hint", role="status")
    if shown.pages == 1:
        return NOTHING if shown.found == shown.total else element("div", said, class_="pages")
    last, page = shown.pages - 1, shown.view.page
    steps = (("first", "«", 0), ("previous", "‹", page - 1), ("next", "›", page + 1), ("last", "»", last))
    buttons = [
        element(
            "button",
            text(sign),
            type="button",
            data_act="page",
            value=max(0, min(last, at)),
            data_key=name,
            disabled=page == max(0, min(last, at)),
            aria_label=words(f"{name}_rows"),
        )
        for name, sign, at in steps
    ]
    return element("nav", *buttons[:2], said, *buttons[2:], class_="pages", aria_label=words("pages"))


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


def _row(record: Record, ticked: bool, words: Words) -> Html:
    title = record.title or place(record)
    box = element(
        "input", type="checkbox", value=record.id, checked=ticked, aria_label=words("select", title=title)
    )
    link = element("a", element("bdi", text(title)), href=viewer_link(record.id), target="_blank")
    cells = {
        "title": link,
        "source": element("bdi", text(place(record)), title=record.source),
        "language": text(words.known("language", record.language)),
        "date": dated(record.published, words) if record.published else NOTHING,
        "passages": text(words.number(record.passages)),
        "added": dated(record.added.date(), words),
    }
    columns = (element("td", cells[name], class_=name) for name in COLUMNS)
    return element("tr", element("td", box, class_="tick"), *columns)
