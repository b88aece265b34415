"""Search in the texts of all documents on the documents page: its form, and what was found, as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from assistant.citation_links import place, viewer_link
from assistant.retrieval.word_search import WordHit, WordHits, pieces
from assistant.types import Filters
from assistant.web.kit.html import NOTHING, Html, date_element, element, join, text
from assistant.web.kit.localisation import Words

PAGE = 20  # hits shown at a time
LONGEST = 1_000  # characters that the fields take


def form(words: Words) -> Html:
    """The fields; the page's script fills them from the address."""
    box = element(
        "input",
        type="search",
        name="find",
        maxlength=LONGEST,
        autocomplete="off",
        spellcheck="false",
        placeholder=words("find_texts_hint"),
        aria_label=words("find_texts"),
    )
    button = element("button", text(words("find_texts_button")), type="submit")
    source = element("input", type="text", name="source", maxlength=LONGEST, placeholder=words("search"))
    fields = (
        _field(words("from_day"), element("input", type="date", name="from")),
        _field(words("to_day"), element("input", type="date", name="to")),
        _field(words("find_texts_source"), source),
    )
    restrict = element("details", element("summary", text(words("restrict"))), element("div", *fields))
    heading = element("h2", text(words("find_texts")))
    found = element("div", class_="found", aria_live="polite", data_failed=words("find_texts_failed"))
    line = element("div", box, button, class_="line")
    return join([element("form", heading, line, restrict, role="search"), found])


def results(found: WordHits, filters: Filters, offset: int, words: Words) -> Html:
    """How many hits there are, those from ``offset`` on by document, and a button for more."""
    count = element("p", text(_count(found, words)), class_="count")
    if not found.total:
        advice = element("p", text(words("find_texts_none_hint")), class_="hint")
        return join([count, _undated(found, filters, words), advice])
    documents = [
        _document(key, list(hits), words)
        for key, hits in groupby(found.hits, key=lambda hit: hit.document.id)
    ]
    end = offset + len(found.hits)
    more = (
        element("button", text(words("find_texts_more")), type="button", class_="more", value=end)
        if found.hits and (end < found.total or not found.counted)
        else NOTHING
    )
    return join([count, _undated(found, filters, words), *documents, more])


def _field(label: str, field: Html) -> Html:
    return element("label", text(label + " "), field)


def _count(found: WordHits, words: Words) -> str:
    if not found.total:
        return words("find_texts_none")
    documents = words.count("find_texts_documents", found.documents)
    if not found.counted:
        return words("find_texts_over", n=words.number(found.total), documents=documents)
    return words.count("find_texts_count", found.total, documents=documents)


def _undated(found: WordHits, filters: Filters, words: Words) -> Html:
    """With a restriction to days: how many documents it leaves out because they have none, and a box to search them too."""
    if not filters.in_days or not (found.undated_left_out or filters.include_undated):
        return NOTHING
    said = text(words.count("left_out", found.undated_left_out)) if found.undated_left_out else NOTHING
    label = words("also_these") if found.undated_left_out else words("find_texts_undated")
    box = element("input", type="checkbox", name="undated", checked=filters.include_undated)
    return element("p", said, text(" "), element("label", box, text(f" {label}")), class_="undated")


def _document(document_id: str, hits: Sequence[WordHit], words: Words) -> Html:
    record = hits[0].document
    title = element("bdi", text(record.title or place(record)))
    about = [element("bdi", text(place(record)))]
    about += [date_element(record.published, words)] if record.published else []
    link = element("a", title, href=viewer_link(record.id), target="_blank")
    heading = element("h3", link, element("span", join(about, text(" · ")), class_="about"))
    items = (_hit(hit, words) for hit in hits)
    return element("section", heading, element("ol", *items), data_document=document_id)


def _hit(hit: WordHit, words: Words) -> Html:
    record = hit.document
    href = viewer_link(record.id, hit.start, hit.end, hit.version, hit.text)
    snippet = element(
        "a",
        text(_plain(hit.before)),
        *_marked(hit),
        text(_plain(hit.after)),
        href=href,
        target="_blank",
        lang=hit.language or None,
        dir="auto",
    )
    where = words("page", n=hit.page) if hit.page else hit.time
    page = element("span", text(where), class_="about") if where else NOTHING
    return element("li", snippet, text(" "), page)


def _marked(hit: WordHit) -> list[Html]:
    return [
        element("mark", text(_plain(piece))) if looked_for else text(_plain(piece))
        for piece, looked_for in pieces(hit.text, hit.start, hit.words)
    ]


def _plain(part: str) -> str:
    """A part of a text in one line, white space at its ends as one space."""
    inner = " ".join(part.split())
    before, after = part[:1].isspace(), part[-1:].isspace()
    return f"{' ' * before}{inner}{' ' * (after and bool(inner))}"
