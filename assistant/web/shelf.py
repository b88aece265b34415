"""The documents page's table as HTML: which documents there are, each selectable and a link to the viewer."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from assistant.web.html import NOTHING, Html, element, join, text
from assistant.web.render import dated
from assistant.web.sources import place, viewer_link
from assistant.web.words import Words
from ingest.types import Record

COLUMNS = ("title", "source", "language", "date", "passages", "added")
MOST = 200


def matching(records: Sequence[Record], search: str) -> list[Record]:
    """The records whose title or source holds every word of the search, whatever its case."""
    sought = search.casefold().split()
    return [
        record
        for record in records
        if all(word in f"{record.title}\n{record.source}".casefold() for word in sought)
    ]


def summary(records: Sequence[Record], words: Words) -> Html:
    """How many documents and passages there are."""
    passages = sum(record.passages for record in records)
    counted = [words.count("documents_total", len(records)), words.count("passages_total", passages)]
    return element("p", text(" · ".join(counted)), class_="total")


def table(
    records: Sequence[Record], found: Sequence[Record], selected: Collection[str], words: Words
) -> Html:
    """Those of ``records`` that a search has ``found``, at most `MOST`, or what to do where there are none."""
    if not records:
        return nothing("documents_empty", words)
    if not found:
        return element("p", text(words("no_match")), class_="hint unmatched")
    head = element("thead", element("tr", _all(words), *(_column(name, words) for name in COLUMNS)))
    body = element("tbody", *(_row(record, record.id in selected, words) for record in found[:MOST]))
    return join([element("table", head, body, class_="shelf"), _more(found, words)])


def nothing(key: str, words: Words) -> Html:
    """An empty place, and what to do about it."""
    lines = [element("p", text(words(f"{key}_{part}")), class_=part) for part in ("lead", "hint")]
    return element("div", *lines, class_="welcome")


def _more(found: Sequence[Record], words: Words) -> Html:
    if len(found) <= MOST:
        return NOTHING
    said = words("shown_of", shown=words.number(MOST), total=words.number(len(found)))
    return element("p", text(said), class_="hint")


def _all(words: Words) -> Html:
    box = element("input", type="checkbox", value="", aria_label=words("select_all"))
    return element("th", box, scope="col", class_="tick")


def _column(name: str, words: Words) -> Html:
    return element("th", text(words(f"column_{name}")), scope="col", class_=name)


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
