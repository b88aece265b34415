"""The routes of the embedded chat: its page, its streamed answers, opening a cited document, and the widget's script.

Browsers store no cookies in a frame of another site. So the page gets an embed token from the page around it, or from
its own address after the #, which is never sent; it sends the token as an API key is sent. A cited document opens in a
new tab: a form posts the token, and the tab gets a cookie that is valid for that document only.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from contextlib import closing
from importlib import resources
from typing import Annotated, Any, Literal
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from pydantic import BaseModel, Field

from assistant.api.schemas.requests import AskRequest
from assistant.asked_text import LONGEST_QUESTION, checked
from assistant.citation_links import LONGEST_QUOTE
from assistant.errors import BadAccess
from assistant.http import streaming
from assistant.http.authentication import EMBED_COOKIE
from assistant.http.dependencies import CallerDependency, ServiceDependency, asked_by, narrowed
from assistant.http.problems import of as problem_of
from assistant.http.urls import address_of, root_of
from assistant.service.feedback import Judgement, RatedCitation, Rating, now
from assistant.settings import Settings
from assistant.web.answer.conversations import Exchange, stream_exchange
from assistant.web.embed import embed_page
from assistant.web.embed.embed_page import EmbedOptions
from assistant.web.kit import localisation
from assistant.web.kit.html import policy
from assistant.web.kit.localisation import Words

MOST_DOCUMENTS = 100
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+")
_SCRIPT_HEADERS = {"Cache-Control": "public, max-age=3600", "Cross-Origin-Resource-Policy": "cross-origin"}

DocumentId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Offset = Annotated[int, Query(ge=0, lt=10**11)]
Quoted = Annotated[str, Field(max_length=2 * LONGEST_QUOTE)]


class EmbedQuestion(AskRequest):
    """A question of the embedded chat, with its number in the conversation and the language of the page."""

    turn: int = Field(1, ge=1, le=10_000)
    language: str = Field("", max_length=35)


class JudgedQuote(BaseModel):
    """What an answer quoted that is judged."""

    document_id: DocumentId
    title: str = Field("", max_length=1_000)
    quote: str = Field("", max_length=20_000)


class EmbedFeedback(BaseModel):
    """A verdict on an answer of the embedded chat, with what is recorded of it."""

    id: str = Field(pattern=r"^[0-9a-f]{16}$")
    verdict: Rating
    question: str = Field(max_length=LONGEST_QUESTION)
    answer: str = Field(max_length=20_000)
    mode: Literal["quoted", "generated"]
    model: str | None = Field(None, max_length=300)
    citations: list[JudgedQuote] = Field([], max_length=100)


def _judged(body: EmbedFeedback) -> dict[str, Any]:
    citations = (RatedCitation(**quote.model_dump()) for quote in body.citations)
    return {**body.model_dump(exclude={"citations"}), "citations": tuple(citations)}


def router(settings: Settings) -> APIRouter:
    """GET /embed and /widget.js, and the routes that the embedded chat posts to."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/embed")
    def page(
        request: Request,
        language: Annotated[
            str, Query(pattern=r"^([A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*)?$", max_length=35)
        ] = "",
        theme: Literal["auto", "light", "dark"] = "auto",
        accent: Annotated[str, Query(pattern=r"^(#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6}))?$")] = "",
        documents: Annotated[str, Query(pattern=r"^([A-Za-z0-9_-]{1,64}(,[A-Za-z0-9_-]{1,64})*)?$")] = "",
        greeting: Annotated[str, Query(max_length=500)] = "",
        origin: Annotated[str, Query(max_length=300)] = "",
    ) -> HTMLResponse:
        ids = tuple(documents.split(",")) if documents else ()
        if len(ids) > MOST_DOCUMENTS:
            raise BadAccess(f"The chat can be restricted to {MOST_DOCUMENTS} documents, not to {len(ids)}.")
        words = localisation.words(language or request.headers.get("accept-language"))
        stranger = _stranger(origin, request, settings.embed_origins)
        if stranger:  # any page may show this: there is nothing in it to click
            body = f"<!doctype html>{embed_page.refusal(stranger, theme, words)}"
            everyone = {"Content-Security-Policy": policy(form_action="'none'", frame_ancestors="*")}
            return HTMLResponse(body, 403, headers=everyone | {"Cache-Control": "no-cache"})
        ancestors = " ".join(("'self'", *([origin] if origin else settings.embed_origins)))
        options = EmbedOptions(theme=theme, accent=accent, documents=ids, greeting=greeting, parent=origin)
        headers = {
            "Content-Security-Policy": policy(
                form_action="'self'",
                frame_ancestors=ancestors,
                images="'self' data:",  # the icons of the style sheet
            ),
            "Cache-Control": "no-cache",
        }
        return HTMLResponse(f"<!doctype html>{embed_page.page(options, words)}", headers=headers)

    @routes.post("/embed/ask")
    async def ask(
        request: Request, body: EmbedQuestion, service: ServiceDependency, caller: CallerDependency
    ) -> StreamingResponse:
        filters = narrowed(caller, body.filters())
        exchange = Exchange(question=checked(body.question))
        words = localisation.words(body.language)
        steps = stream_exchange(service, exchange, body.turns(), words, filters, asked_by(caller, request))
        return streaming.respond(_lines(steps, body.turn, words, f"{address_of(request.scope)}/"), _failed)

    @routes.post("/embed/feedback", status_code=204)
    def judge(body: EmbedFeedback, service: ServiceDependency, caller: CallerDependency) -> None:
        """A reader's verdict on an answer, as the page was sent it."""
        service.feedback.add(Judgement(time=now(), note="", **_judged(body)))

    @routes.post("/embed/documents/{document_id}")
    def open_document(
        request: Request,
        document_id: DocumentId,
        token: Annotated[str, Form(pattern=r"^[A-Za-z0-9_.-]{1,3500}$")],
        start: Offset = 0,
        end: Offset = 0,
        version: Annotated[str, Query(pattern=r"^[0-9a-f]{0,64}$")] = "",
        quote: Annotated[list[Quoted], Query(max_length=2)] = [],  # noqa: B006  # FastAPI copies it
        digest: Annotated[str, Query(pattern=r"^[0-9a-f-]{0,40}$")] = "",
    ) -> Response:
        """Redirects to the viewer; the browser keeps the part after the #."""
        path, root = f"/documents/{document_id}", root_of(request.scope)
        words = [("version", version), *(("quote", part) for part in quote), ("digest", digest)]
        query = urlencode(
            [("start", start), ("end", end), *((name, value) for name, value in words if value)]
        )
        redirect = RedirectResponse(f"{root}{path}?{query}", 303)
        for cookie_path in (path, f"/api{path}"):
            redirect.set_cookie(
                EMBED_COOKIE,
                token,
                path=root + cookie_path,
                secure=request.url.scheme == "https",
                httponly=True,
                samesite="lax",
            )
        return redirect

    @routes.get("/widget.js")
    def widget() -> Response:
        return Response(_widget(), media_type="text/javascript", headers=_SCRIPT_HEADERS)

    return routes


def _stranger(origin: str, request: Request, allowed: tuple[str, ...]) -> str:
    """The origin of a page that shows the chat in a frame and is not allowed to; empty where it is, or none is known.

    It says its ``origin``, or the browser does by ``Referer``. Raises `BadAccess` for what is no origin.
    """
    if origin and not _ORIGIN.fullmatch(origin):
        raise BadAccess("The origin must be that of a page, as in https://intranet.example.org.")
    if origin and origin not in allowed:
        return origin
    if request.headers.get("sec-fetch-dest") not in ("iframe", "frame"):
        return ""
    referer = urlsplit(request.headers.get("referer", ""))
    parent = f"{referer.scheme}://{referer.netloc}" if referer.netloc else ""
    return (
        ""
        if parent in ("", f"{request.url.scheme}://{request.headers.get('host', '')}", *allowed)
        else parent
    )


def _lines(steps: Generator[Exchange], turn: int, words: Words, base: str) -> Iterator[str]:
    """A server-sent event for each change; closing the iterator closes ``steps``, which stops the language model."""
    last = ""
    with closing(steps):
        for exchange in steps:
            data = embed_page.event_data(exchange, turn, words, base)
            if data != last:
                yield streaming.event("shown" if exchange.pending else "done", data)
                last = data


def _failed(error: Exception) -> str:
    return streaming.event("error", bytes(problem_of(error).body).decode())


def _widget() -> bytes:
    return resources.files("assistant").joinpath("web", "static", "widget.js").read_bytes()
