"""The source viewer: a document's whole text as plain HTML, the cited words marked and scrolled into view."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from assistant.errors import NotFound
from assistant.service import Service
from assistant.web.html import NOTHING, Html, element, join, text
from assistant.web.page import failure, index_of
from assistant.web.render import dated
from assistant.web.sources import place, web_address
from assistant.web.words import Words, words
from ingest.types import Record

ASSETS = "../web"
_BREAK = re.compile(r"\n[^\S\n]*\n\s*")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph: the document's text from ``start`` to ``end``, without the blank lines around it."""

    start: int
    end: int


def router(service: Service) -> APIRouter:
    """The route ``GET /documents/{id}?start=&end=``; offsets are code points into the text."""
    routes = APIRouter()

    @routes.get("/documents/{document_id}", response_class=HTMLResponse, include_in_schema=False)
    def view(
        request: Request,
        document_id: str,
        start: str = "",
        end: str = "",
        theme: str = Query("", alias="__theme"),
    ) -> HTMLResponse:
        said = words(request.headers.get("accept-language"))
        index = index_of(service)
        if index is None:
            return _response(unready(service, said, theme), 503)
        record = index.record(document_id)
        if record is None:
            page = notice(said("missing_title"), said("missing_hint"), said, theme)
            return _response(page, 404)
        headings = frozenset(passage.heading for passage in index.passages_of(document_id))
        body = index.text(document_id)
        cited = clamped(start, end, len(body))
        original = _original(service, record)
        return _response(document(record, body, headings, cited, original, said, theme), 200)

    return routes


def clamped(start: str, end: str, length: int) -> tuple[int, int]:
    """The offsets as far as they make sense; an empty range where they do not."""
    if not (start.isdecimal() and end.isdecimal() and len(start) < 12 and len(end) < 12):
        return (0, 0)
    first, last = min(int(start), length), min(int(end), length)
    return (first, last) if first < last else (0, 0)


def blocks(body: str) -> Iterator[Block]:
    """The paragraphs of a text, between its blank lines."""
    start = len(body) - len(body.lstrip())
    end = len(body.rstrip())
    for gap in _BREAK.finditer(body, start, end):
        yield Block(start, gap.start())
        start = gap.end()
    if start < end:
        yield Block(start, end)


def document(
    record: Record,
    body: str,
    headings: frozenset[str],
    cited: tuple[int, int],
    original: str | None,
    said: Words,
    theme: str,
) -> Html:
    """The page of a document; ``original`` is the address of what it was made of."""
    top = element(
        "header", element("h1", text(record.title), dir="auto"), *_facts(record, cited, original, said)
    )
    paragraphs = element(
        "article", *_paragraphs(record, body, headings, cited, said), lang=record.language or None, dir="auto"
    )
    jump = element("a", text(said("to_citation")), class_="jump", href="#cited") if cited[1] else NOTHING
    return _page(record.title, join([top, paragraphs, jump]), said, theme)


def unready(service: Service, said: Words, theme: str) -> Html:
    """The page while models load, which tries again, or when they cannot be loaded, which says why."""
    loading = service.state == "loading"
    hint = said("loading_hint") if loading else failure(service, said)
    return notice(said("loading_title"), hint, said, theme, again=loading)


def notice(title: str, hint: str, said: Words, theme: str, *, again: bool = False) -> Html:
    """A page that says why there is no document to see, and where to go."""
    lines = [
        element("h1", text(title)),
        element("p", text(hint)),
        element("p", element("a", text(said("to_documents")), href="../documents")),
    ]
    return _page(title, element("div", *lines, class_="notice"), said, theme, again=again)


def _facts(record: Record, cited: tuple[int, int], original: str | None, said: Words) -> list[Html]:
    """Where the document is from, when, by whom, which page is cited, and its original, at that page."""
    facts = [element("bdi", text(place(record)))]
    facts += [dated(record.published, said)] if record.published else []
    facts += [element("bdi", text(said("by", authors=", ".join(record.authors))))] if record.authors else []
    page = record.page_at(cited[0]) if cited[1] else None
    facts += [text(said("cited_page", n=page))] if page else []
    lines = [element("p", join(facts, text(" · ")), class_="facts")]
    if original:
        href = f"{original}#page={page}" if page else original
        link = element("a", text(said("original")), href=href, target="_blank", rel="noopener noreferrer")
        lines.append(element("p", link, class_="facts"))
    return lines


def _original(service: Service, record: Record) -> str | None:
    """Where to see what the document was made of: the web page, or the file if it is still there."""
    if address := web_address(record.source):
        return address
    try:
        service.original(record.id)
    except NotFound:
        return None
    return f"../api/documents/{record.id}/original"


def _paragraphs(
    record: Record, body: str, headings: frozenset[str], cited: tuple[int, int], said: Words
) -> Iterator[Html]:
    pages = list(enumerate(record.page_starts, 1))
    mark_id: str | None = "cited"
    for block in blocks(body):
        while pages and pages[0][1] <= block.start:
            yield _page_mark("p", pages.pop(0)[0], said)
        inside = [page for page in pages if page[1] < block.end]
        del pages[: len(inside)]
        words_of_block = body[block.start : block.end]
        if block.start == 0 and words_of_block == record.title and not _within(block, cited):
            continue  # the page's own heading says it already
        yield element(
            "h2" if words_of_block in headings else "p", *_pieces(body, block, cited, inside, mark_id, said)
        )
        mark_id = None if _within(block, cited) else mark_id


def _pieces(
    body: str,
    block: Block,
    cited: tuple[int, int],
    pages: Sequence[tuple[int, int]],
    mark_id: str | None,
    said: Words,
) -> Iterator[Html]:
    """A paragraph's text with its cited part marked, and the pages that begin in the midst of it.

    The first mark of all carries the id that a link scrolls to.
    """
    begins = {start: number for number, start in pages}
    cuts = sorted({block.start, block.end, *begins, *(cut for cut in cited if block.start < cut < block.end)})
    for start, end in pairwise(cuts):
        if start in begins:
            yield _page_mark("span", begins[start], said)
        if cited[0] <= start < cited[1]:
            yield element("mark", text(body[start:end]), id=mark_id)
            mark_id = None
        else:
            yield text(body[start:end])


def _page_mark(tag: str, number: int, said: Words) -> Html:
    return element(tag, text(said("page", n=number)), class_="page", id=f"page-{number}")


def _within(block: Block, cited: tuple[int, int]) -> bool:
    return cited[0] < block.end and block.start < cited[1]


def _page(title: str, content: Html, said: Words, theme: str, *, again: bool = False) -> Html:
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", http_equiv="refresh", content="3") if again else NOTHING,
        element("title", text(f"{title} · {said('product')}")),
        element("link", rel="stylesheet", href=f"{ASSETS}/viewer.css"),
        element("script", src=f"{ASSETS}/viewer.js", defer=True),
    )
    home = element("a", text(said("to_chat")), href="../")
    shelf = element("a", text(said("to_documents")), href="../documents")
    body = element(
        "body", element("nav", home, text(" "), shelf, aria_label=said("product")), element("main", content)
    )
    chosen = theme if theme in ("light", "dark") else None
    return element("html", head, body, lang=said.language, data_theme=chosen)


def _response(page: Html, status: int) -> HTMLResponse:
    policy = "default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    headers = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
    return HTMLResponse(f"<!doctype html>{page}", status, headers)
