"""The routes of the source viewer: a document's page, its parts, search in its text, images of its original pages."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache, lru_cache
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from assistant.access.callers import caller_of
from assistant.citation_links import web_address
from assistant.errors import NotFound
from assistant.service.edits import edits_of
from assistant.service.service import Service
from assistant.web.kit.html import Html, policy
from assistant.web.kit.localisation import Words, preferred_words
from assistant.web.kit.page import index_of
from assistant.web.viewer import document_page, document_text, notices
from assistant.web.viewer.binding import Binding, CitedLink, EarlierTexts, bind
from assistant.web.viewer.document_view import (
    MOST_FOUND,
    DocumentView,
    find_words,
    page_quote,
    parse_span,
    view_document,
    view_earlier,
)
from assistant.web.viewer.edits_page import edits_page
from ingest.errors import SourceError, SourceNotFound
from ingest.loaders.pdf_places import PagePlaces
from ingest.store.versions import EarlierVersion
from ingest.text.differences import changes
from ingest.types import Record

# Reading a long text from the index takes seconds, and a page fetches its parts in many requests.
CACHED_DOCUMENTS = 8
LONGEST_SEARCH = 200
_HEADERS = {
    "Content-Security-Policy": policy(form_action="'none'", frame_ancestors="'self'"),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}

_NO_PLACES = asdict(PagePlaces())

Several = Annotated[list[str], Query()]


def router(service: Service) -> APIRouter:
    """The route ``GET /documents/{id}`` and those that its page fetches.

    ``?start=&end=&cite=`` are offsets in code points, ``version``, ``quote`` and ``digest`` the text that they belong to
    and what it says there (see `assistant.citation_links`). ``?version=`` alone, or with ``earlier=1``, opens that version.
    """
    routes = APIRouter(include_in_schema=False)
    read = DocumentReader(service)

    @routes.get("/documents/{document_id}")
    def view(
        request: Request,
        document_id: str,
        start: str = "",
        end: str = "",
        version: str = "",
        quote: Several = [],  # noqa: B006  # FastAPI copies it
        digest: str = "",
        cite: Several = [],  # noqa: B006  # FastAPI copies it
        earlier: str = "",
        theme: str = Query("", alias="__theme"),
    ) -> HTMLResponse:
        words = _words(request)
        index = index_of(service)
        if index is None:
            return _html(document_page.unready(service, words, theme), 503)
        document = present = read.present(document_id, version)
        if present is None:
            removed = index.history.removed(document_id)
            if removed is not None:
                return _html(document_page.removed(removed, words, theme), 410)
            return _html(document_page.missing(words, theme), 404)
        if version and (earlier or not start):
            document = read.version(present, version)
        if document is None:
            return _html(document_page.version_missing(document_id, words, theme), 404)
        link = CitedLink(start=start, end=end, version=version, quote=quote, digest=digest, cites=cite)
        bound = bind(link, document.body, document.version, read.earlier_texts(document))
        caller = caller_of(request)
        page = document_page.document(
            document,
            bound.cited,
            None if document.earlier else _original(service, document.record),
            document.earlier is None and _pdf(service, document.record) is not None,
            words,
            theme,
            navigation=caller is None or caller.via != "embed",
            about=_about(document, present, bound, link, words),
        )
        return _html(page, 200)

    @routes.get("/documents/{document_id}/edits")
    def edits(request: Request, document_id: str, theme: str = Query("", alias="__theme")) -> HTMLResponse:
        """What was edited of an article after it was first stored."""
        words, index = _words(request), index_of(service)
        record = index.found(document_id) if index else None
        if index is None or record is None:
            return _html(document_page.missing(words, theme), 404)
        return _html(edits_page(record, edits_of(index, record), words, theme), 200)

    @routes.get("/documents/{document_id}/parts/{number}")
    def part(
        request: Request,
        document_id: str,
        number: int,
        start: str = "",
        end: str = "",
        version: str = "",
        cite: Several = [],  # noqa: B006  # FastAPI copies it
        earlier: str = "",
    ) -> HTMLResponse:
        document = read.present(document_id, version)
        if document is not None and version and earlier:
            document = read.version(document, version)
        if document is None or not 0 <= number < len(document.parts):
            return HTMLResponse("", 404, _HEADERS)
        link = CitedLink(start=start, end=end, version=version, cites=cite)
        bound = bind(link, document.body, document.version, read.earlier_texts(document))
        html = document_text.fragment(document, number, bound.cited, _words(request))
        return HTMLResponse(html, 200, _HEADERS)

    @routes.get("/documents/{document_id}/find")
    def find(
        document_id: str, q: Annotated[str, Query(max_length=LONGEST_SEARCH)] = "", version: str = ""
    ) -> JSONResponse:
        """How often the words of ``q`` occur, and the first `MOST_FOUND` ranges."""
        document = read.present(document_id, version)
        if document is not None and version:
            document = read.version(document, version)
        spans = find_words(document.body, q) if document else []
        return JSONResponse({"total": len(spans), "spans": spans[:MOST_FOUND]}, headers=_HEADERS)

    @routes.get("/documents/{document_id}/pages/{number}.png")
    def page(document_id: str, number: int) -> Response:
        index = index_of(service)
        record = index.found(document_id) if index else None
        path = _pdf(service, record) if record else None
        if record is None or path is None:
            return Response(status_code=404, headers=_HEADERS)
        try:
            image = service.pages.png(path, record.sha256, number)
        except SourceError as error:
            return Response(status_code=404 if isinstance(error, SourceNotFound) else 422, headers=_HEADERS)
        headers = {"Cache-Control": "private, max-age=3600", **_HEADERS}
        return Response(image, 200, headers, "image/png")

    @routes.get("/documents/{document_id}/pages/{number}/places")
    def places(
        document_id: str, number: int, start: str = "", end: str = "", version: str = ""
    ) -> JSONResponse:
        """Boxes over the words between two offsets on the picture of a page, in percent of it, and whether over all."""
        document, span = read.present(document_id, version), parse_span(start, end)
        path = _pdf(service, document.record) if document else None
        if document is None or path is None:
            return JSONResponse(_NO_PLACES, 404, headers=_HEADERS)
        quote = page_quote(document, number, span) if span and version in ("", document.version) else None
        if quote is None:
            return JSONResponse(_NO_PLACES, headers=_HEADERS)
        try:
            return JSONResponse(asdict(service.pages.places(path, number, quote)), headers=_HEADERS)
        except SourceError:
            return JSONResponse(_NO_PLACES, headers=_HEADERS)

    return routes


class DocumentReader:
    """Reads documents and their earlier versions for the viewer; the last few that were read are kept in memory."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._present = lru_cache(maxsize=CACHED_DOCUMENTS)(self._read_present)
        self._earlier = lru_cache(maxsize=CACHED_DOCUMENTS)(self._read_earlier)

    def present(self, document_id: str, version: str = "") -> DocumentView | None:
        """The current version of the document; None if there is none, or while the index is not open.

        The id may be one that it had under another name of its file: see `Index.found`.
        """
        index = index_of(self._service)
        record = index.found(document_id, version) if index else None
        return self._present(record.id, record.version) if record else None

    def version(self, present: DocumentView, version: str) -> DocumentView | None:
        """A version of the document; None where it is not kept."""
        if version == present.version:
            return present
        earlier = self.earlier_texts(present).of(version)
        document = self._earlier(earlier) if earlier else None
        return document if document and document.body else None

    def earlier_texts(self, document: DocumentView) -> EarlierTexts:
        index, document_id = self._service.assistant.index, document.record.id
        versions = cache(lambda: index.history.earlier(document_id))
        return EarlierTexts(versions, lambda version: self._earlier(version).body)

    def _read_present(self, document_id: str, version: str) -> DocumentView | None:
        index = self._service.assistant.index
        record = index.record(document_id)
        if record is None:
            return None
        return view_document(record, index.texts.passages_of(document_id), index.texts.version_of(record))

    def _read_earlier(self, version: EarlierVersion) -> DocumentView:
        return view_earlier(version, self._service.assistant.index.history.text(version))


def _about(
    document: DocumentView, present: DocumentView, bound: Binding, link: CitedLink, words: Words
) -> Html:
    """What readers must know of the text: that it is an earlier version, or what became of the words quoted."""
    if document.earlier is None:
        return notices.finding(document, bound, link, words)
    changed = changes(document.body, present.body, document.record.language)
    return notices.earlier(document, document.earlier, changed, words)


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
