"""The source viewer: a document's whole text as plain HTML, the cited words marked and scrolled into view."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from assistant.access.callers import caller_of
from assistant.errors import NotFound
from assistant.service.service import Service
from assistant.web.answer.sources import web_address
from assistant.web.kit.html import policy
from assistant.web.kit.localisation import Words, chosen
from assistant.web.kit.page import index_of
from assistant.web.viewer import document_page, document_text
from assistant.web.viewer.sections import MOST_FOUND, DocumentView, cited, found, reading
from ingest.errors import SourceError, SourceNotFound
from ingest.types import Record

# Reading a long text from the index takes seconds, and its parts come in many requests.
REMEMBERED = 8
LONGEST_SEARCH = 200
_HEADERS = {
    "Content-Security-Policy": policy(form_action="'none'", frame_ancestors="'self'"),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}

Cites = Annotated[list[str], Query()]


def router(service: Service) -> APIRouter:
    """The route ``GET /documents/{id}?start=&end=&cite=`` and what its page asks for; offsets are code points."""
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
        said = _words(request)
        if index_of(service) is None:
            return _html(document_page.unready(service, said, theme), 503)
        shown = read(document_id)
        if shown is None:
            return _html(document_page.missing(said, theme), 404)
        marks = cited(start, end, cite, len(shown.body))
        original = _original(service, shown.record)
        pages = _pdf(service, shown.record) is not None
        caller = caller_of(request)
        ways = caller is None or caller.via != "embed"
        return _html(document_page.document(shown, marks, original, pages, said, theme, ways=ways), 200)

    @routes.get("/documents/{document_id}/parts/{number}")
    def part(
        request: Request,
        document_id: str,
        number: int,
        start: str = "",
        end: str = "",
        cite: Cites = [],  # noqa: B006  # FastAPI copies it
    ) -> HTMLResponse:
        shown = read(document_id)
        if shown is None or not 0 <= number < len(shown.parts):
            return HTMLResponse("", 404, _HEADERS)
        marks = cited(start, end, cite, len(shown.body))
        return HTMLResponse(document_text.fragment(shown, number, marks, _words(request)), 200, _HEADERS)

    @routes.get("/documents/{document_id}/find")
    def find(document_id: str, q: Annotated[str, Query(max_length=LONGEST_SEARCH)] = "") -> JSONResponse:
        """How often words occur, and the first `MOST_FOUND` places."""
        shown = read(document_id)
        spans = found(shown.body, q) if shown else []
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
        kept = {"Cache-Control": "private, max-age=3600", **_HEADERS}
        return Response(image, 200, kept, "image/png")

    return routes


def _reader(service: Service) -> Callable[[str], DocumentView | None]:
    @lru_cache(maxsize=REMEMBERED)
    def version(document_id: str, version: str) -> DocumentView | None:
        index = service.assistant.index
        record = index.record(document_id)
        return reading(record, index.passages_of(document_id)) if record else None

    def current(document_id: str) -> DocumentView | None:
        """The document as it is now; None where there is none, or no index yet."""
        index = index_of(service)
        record = index.record(document_id) if index else None
        return version(document_id, record.version) if record else None

    return current


def _words(request: Request) -> Words:
    return chosen(request.cookies, request.headers.get("accept-language"))


def _pdf(service: Service, record: Record) -> Path | None:
    """The PDF that a document was made of, if it is still there."""
    if record.media_type != "application/pdf":
        return None
    try:
        return service.original(record.id)
    except NotFound:
        return None


def _original(service: Service, record: Record) -> str | None:
    """Where to see what the document was made of: the web page, or the file if it is still there."""
    if address := web_address(record.source):
        return address
    try:
        service.original(record.id)
    except NotFound:
        return None
    return f"../api/documents/{record.id}/original"


def _html(page: str, status: int) -> HTMLResponse:
    return HTMLResponse(f"<!doctype html>{page}", status, _HEADERS)
