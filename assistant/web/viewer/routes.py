"""The routes of the source viewer: a document's page, its parts, search in its text, images of its original pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from assistant.access.callers import caller_of
from assistant.citation_links import web_address
from assistant.errors import NotFound
from assistant.service.service import Service
from assistant.web.kit.html import policy
from assistant.web.kit.localisation import Words, preferred_words
from assistant.web.kit.page import index_of
from assistant.web.viewer import document_page, document_text
from assistant.web.viewer.document_view import (
    MOST_FOUND,
    DocumentView,
    find_words,
    parse_citations,
    view_document,
)
from ingest.errors import SourceError, SourceNotFound
from ingest.types import Record

# Reading a long text from the index takes seconds, and a page fetches its parts in many requests.
CACHED_DOCUMENTS = 8
LONGEST_SEARCH = 200
_HEADERS = {
    "Content-Security-Policy": policy(form_action="'none'", frame_ancestors="'self'"),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}

Cites = Annotated[list[str], Query()]


def router(service: Service) -> APIRouter:
    """The route ``GET /documents/{id}?start=&end=&cite=`` and those that its page fetches; offsets are code points."""
    routes = APIRouter(include_in_schema=False)
    read = _reader(service)

    @routes.get("/documents/{document_id}")
    def view(
        request: Request,
        document_id: str,
        start: str = "",
        end: str = "",
        cite: Cites = [],  # noqa: B006  # FastAPI copies it
        theme: str = Query("", alias="__theme"),
    ) -> HTMLResponse:
        words = _words(request)
        if index_of(service) is None:
            return _html(document_page.unready(service, words, theme), 503)
        document = read(document_id)
        if document is None:
            return _html(document_page.missing(words, theme), 404)
        cited = parse_citations(start, end, cite, len(document.body))
        original = _original(service, document.record)
        pages = _pdf(service, document.record) is not None
        caller = caller_of(request)
        navigation = caller is None or caller.via != "embed"
        return _html(
            document_page.document(document, cited, original, pages, words, theme, navigation=navigation), 200
        )

    @routes.get("/documents/{document_id}/parts/{number}")
    def part(
        request: Request,
        document_id: str,
        number: int,
        start: str = "",
        end: str = "",
        cite: Cites = [],  # noqa: B006  # FastAPI copies it
    ) -> HTMLResponse:
        document = read(document_id)
        if document is None or not 0 <= number < len(document.parts):
            return HTMLResponse("", 404, _HEADERS)
        cited = parse_citations(start, end, cite, len(document.body))
        return HTMLResponse(document_text.fragment(document, number, cited, _words(request)), 200, _HEADERS)

    @routes.get("/documents/{document_id}/find")
    def find(document_id: str, q: Annotated[str, Query(max_length=LONGEST_SEARCH)] = "") -> JSONResponse:
        """How often the words of ``q`` occur, and the first `MOST_FOUND` ranges."""
        document = read(document_id)
        spans = find_words(document.body, q) if document else []
        return JSONResponse({"total": len(spans), "spans": spans[:MOST_FOUND]}, headers=_HEADERS)

    @routes.get("/documents/{document_id}/pages/{number}.png")
    def page(document_id: str, number: int) -> Response:
        index = index_of(service)
        record = index.record(document_id) if index else None
        path = _pdf(service, record) if record else None
        if record is None or path is None:
            return Response(status_code=404, headers=_HEADERS)
        try:
            image = service.pages.png(path, record.sha256, number)
        except SourceError as error:
            return Response(status_code=404 if isinstance(error, SourceNotFound) else 422, headers=_HEADERS)
        headers = {"Cache-Control": "private, max-age=3600", **_HEADERS}
        return Response(image, 200, headers, "image/png")

    return routes


def _reader(service: Service) -> Callable[[str], DocumentView | None]:
    @lru_cache(maxsize=CACHED_DOCUMENTS)
    def version(document_id: str, version: str) -> DocumentView | None:
        index = service.assistant.index
        record = index.record(document_id)
        return view_document(record, index.passages_of(document_id)) if record else None

    def current(document_id: str) -> DocumentView | None:
        """The current version of the document; None if there is none, or while the index is not open."""
        index = index_of(service)
        record = index.record(document_id) if index else None
        return version(document_id, record.version) if record else None

    return current


def _words(request: Request) -> Words:
    return preferred_words(request.cookies, request.headers.get("accept-language"))


def _pdf(service: Service, record: Record) -> Path | None:
    """The PDF that a document was made of, if it still exists."""
    if record.media_type != "application/pdf":
        return None
    try:
        return service.original(record.id)
    except NotFound:
        return None


def _original(service: Service, record: Record) -> str | None:
    """The address of what the document was made of: the web page, or the file if it still exists."""
    if address := web_address(record.shown_source):
        return address
    try:
        service.original(record.id)
    except NotFound:
        return None
    return f"../api/documents/{record.id}/original"


def _html(page: str, status: int) -> HTMLResponse:
    return HTMLResponse(f"<!doctype html>{page}", status, _HEADERS)
