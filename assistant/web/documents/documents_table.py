"""The table of documents: searching, sorting and paging it, and the resulting page as HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from assistant.citation_links import place, viewer_link
from assistant.web.documents.table_state import COLUMNS, TableState
from assistant.web.kit.dates import dated
from assistant.web.kit.html import NOTHING, Html, date_element, element, join, text
from assistant.web.kit.localisation import Words
from ingest.store.stories import Stories
from ingest.types import Record, page_ranges

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
    ``stories`` are the documents of the rows' stories that have copies, by the rows' ids, the earliest first; ``has_copies``
    says whether any of all documents has.
    """

    view: TableState
    total: int
    matching: int
    pages: int
    rows: tuple[Record, ...]
    edited: Mapping[str, int] = field(default_factory=dict)
    stories: Mapping[str, tuple[Record, ...]] = field(default_factory=dict)
    has_copies: bool = False


def table_page(records: Sequence[Record], view: TableState, stories: Stories | None = None) -> TablePage:
    """The page of the table of ``records``, the newest first; its view is corrected: an existing page, and only matching documents selected."""
    stories = stories or Stories()
    found = matching(records, view.search)
    if view.folded:
        found = _once(found, stories)
    newest_first = found is records and view.sort == "added" and view.backwards  # as they are given
    matches = found if newest_first else sorted(found, key=_KEYS[view.sort], reverse=view.backwards)
    ticked = set(view.selected)
    ids = {record.id for record in matches if record.id in ticked} if ticked else ticked
    pages = max(1, -(-len(matches) // PAGE))
    page = min(max(0, view.page), pages - 1)
    corrected = replace(view, page=page, selected=tuple(key for key in view.selected if key in ids))
    rows = tuple(matches[page * PAGE : (page + 1) * PAGE])
    copied = {record.id: story for record in rows if len(story := stories.of(record.id)) > 1}
    return TablePage(
        view=corrected,
        total=len(records),
        matching=len(matches),
        pages=pages,
        rows=rows,
        stories=copied,
        has_copies=bool(stories.links),
    )


def _once(records: Sequence[Record], stories: Stories) -> list[Record]:
    """Of each story its earliest copy among the records."""
    order = {record.id: number for number, record in enumerate(records)}
    first = {
        stories.id_of(record.id): next((copy for copy in stories.of(record.id) if copy.id in order), record)
        for record in records
    }
    return list(first.values())


def matching(records: Sequence[Record], search: str) -> Sequence[Record]:
    """The records whose title or source contains every word of the search, ignoring case."""
    searched = search.casefold().split()
    if not searched:
        return records
    return [
        record
        for record in records
        if all(
            word in f"{record.title}\n{record.shown_source}\n{record.source}".casefold() for word in searched
        )
    ]


def table(page: TablePage, words: Words, *, editing: bool = False) -> Html:
    """The table, with the search that it was made for: the page's script asks again where it is not the latest.

    ``editing`` readers can say that documents tell different stories.
    """
    return element("div", _rows(page, words, editing), data_search=page.view.search)


def _fold(page: TablePage, words: Words) -> Html:
    """The button that shows every story once, where there are copies."""
    if not page.has_copies:
        return NOTHING
    pressed = "true" if page.view.folded else "false"
    button = element(
        "button", text(words("fold_stories")), type="button", data_act="fold", value="", aria_pressed=pressed
    )
    return element("p", button, class_="fold")


def _rows(page: TablePage, words: Words, editing: bool) -> Html:
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
        "tbody", *(row for record in page.rows for row in _with_story(record, page, words, editing))
    )
    on_page = {record.id for record in page.rows}
    elsewhere = ",".join(key for key in page.view.selected if key not in on_page)
    rows = element("table", caption, head, body, class_="shelf", data_elsewhere=elsewhere)
    return join([_fold(page, words), rows, _pages(page, words)])


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


def _with_story(record: Record, page: TablePage, words: Words, editing: bool) -> Iterator[Html]:
    """The row of a document, and below it that of its story, if it is opened."""
    story = page.stories.get(record.id, ())
    opened = bool(story) and record.id == page.view.opened
    edited = page.edited.get(record.id, 0)
    yield _row(record, record.id in page.view.selected, edited, len(story), opened, words)
    if opened:
        others = [copy for copy in story if copy.id != record.id]
        items = element("ul", *(_copy(copy, record, words, editing) for copy in others))
        label = element("p", text(words("same_story")), class_="hint")
        yield element("tr", element("td"), element("td", label, items, colspan=len(COLUMNS)), class_="story")


def _copy(copy: Record, record: Record, words: Words, editing: bool) -> Html:
    """Another document of a story, with the button that tells the two apart."""
    title = copy.title or place(copy)
    parts = [element("a", element("bdi", text(title)), href=viewer_link(copy.id), target="_blank")]
    parts.append(element("span", text(place(copy)), title=copy.shown_source))
    parts += [date_element(copy.published, words)] if copy.published else []
    if editing:
        parts.append(
            element(
                "button",
                text(words("not_same_story")),
                type="button",
                data_act="apart",
                value=f"{copy.id} {record.id}",
                aria_label=f"{words('not_same_story')}: {title}",
            )
        )
    return element("li", join(parts, text(" · ")))


def _copies(record: Record, copies: int, opened: bool, words: Words) -> Html:
    """The button that lists the copies of a document's story."""
    if copies < 2:
        return NOTHING
    expanded = "true" if opened else "false"
    return element(
        "button",
        text(words.count("copies", copies)),
        type="button",
        data_act="story",
        value=record.id,
        aria_expanded=expanded,
        class_="copies",
    )


def _scan_notes(record: Record, words: Words) -> Iterator[Html]:
    """That text was recognised from a scan, and that pages were not read."""
    if record.recognised_pages:
        yield element("small", text(words("recognised_short")), title=words("recognised"), class_="scan")
    if record.unread_pages:
        count, pages = len(record.unread_pages), page_ranges(record.unread_pages)
        label = text(words.count("unread_short", count))
        yield element("small", label, title=words.count("pages_unread", count, pages=pages), class_="scan")


def _row(record: Record, ticked: bool, edited: int, copies: int, opened: bool, words: Words) -> Html:
    title = record.title or place(record)
    box = element(
        "input", type="checkbox", value=record.id, checked=ticked, aria_label=words("select", title=title)
    )
    link = element("a", element("bdi", text(title)), href=viewer_link(record.id), target="_blank")
    label = text(words.count("edited", edited))
    edits = element("a", label, href=f"{viewer_link(record.id)}/edits", target="_blank", class_="edited")
    title_cell = [
        link,
        *([edits] if edited else []),
        *_scan_notes(record, words),
        *([_copies(record, copies, opened, words)] if copies > 1 else []),
    ]
    cells = {
        "title": join(title_cell, text(" ")) if len(title_cell) > 1 else link,
        "source": element("bdi", text(place(record)), title=record.shown_source),
        "language": text(", ".join(words.known("language", code) for code in record.languages)),
        "date": dated(record, words),
        "passages": text(words.number(record.passages)),
        "added": date_element(record.added.date(), words),
    }
    columns = (element("td", cells[name], class_=name) for name in COLUMNS)
    return element("tr", element("td", box, class_="tick"), *columns)
