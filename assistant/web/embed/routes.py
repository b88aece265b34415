"""The compact chat for a frame on another site: its page, its answers as they come, and the way to what they cite.

No cookie is needed in the frame, for browsers keep none there. An embed token comes to the page from the page around
it, or behind the # of the frame's address, which is sent to nobody; the page shows it as an API key is shown. A cited
document opens in a tab of its own, which has only the token to show: a form carries it there, and the tab gets a
cookie that is good for that document.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from importlib import resources
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from pydantic import Field

from assistant.api.schemas.requests import AskRequest
from assistant.core import checked
from assistant.errors import BadAccess
from assistant.http import streaming
from assistant.http.authentication import EMBED_COOKIE
from assistant.http.dependencies import CallerDependency, ServiceDependency, narrowed
from assistant.http.problems import of as problem_of
from assistant.http.urls import root_of
from assistant.settings import Settings
from assistant.web.answer.conversations import Exchange, exchanging
from assistant.web.embed import embed_page
from assistant.web.embed.embed_page import EmbedOptions
from assistant.web.kit.html import policy
from assistant.web.kit.localisation import Words, words

MOST_DOCUMENTS = 100
_SCRIPT_HEADERS = {"Cache-Control": "public, max-age=3600", "Cross-Origin-Resource-Policy": "cross-origin"}

DocumentId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Offset = Annotated[int, Query(ge=0, lt=10**11)]


class EmbedQuestion(AskRequest):
    """A question of the embedded chat: its number in the conversation, and the language of the page."""

    turn: int = Field(1, ge=1, le=10_000)
    language: str = Field("", max_length=35)


def router(settings: Settings) -> APIRouter:
    """GET /embed and /widget.js, and what the embedded chat sends."""
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
        ancestors = _ancestors(origin, settings.embed_origins)
        said = words(language or request.headers.get("accept-language"))
        look = EmbedOptions(theme=theme, accent=accent, documents=ids, greeting=greeting, parent=origin)
        headers = {
            "Content-Security-Policy": policy(form_action="'self'", frame_ancestors=ancestors),
            "Cache-Control": "no-cache",
        }
        return HTMLResponse(f"<!doctype html>{embed_page.page(look, said)}", headers=headers)

    @routes.post("/embed/ask")
    async def ask(
        asked: EmbedQuestion, service: ServiceDependency, caller: CallerDependency
    ) -> StreamingResponse:
        filters = narrowed(caller, asked.filters())
        now = Exchange(question=checked(asked.question))
        said = words(asked.language)
        told = exchanging(service, now, asked.turns(), said, filters)
        return streaming.respond(_lines(told, asked.turn, said), _failed)

    @routes.post("/embed/documents/{document_id}")
    def open_document(
        request: Request,
        document_id: DocumentId,
        token: Annotated[str, Form(pattern=r"^[A-Za-z0-9_.-]{1,3500}$")],
        start: Offset = 0,
        end: Offset = 0,
    ) -> Response:
        """To the viewer; what follows the # in the address goes along of its own accord."""
        path, root = f"/documents/{document_id}", root_of(request.scope)
        onward = RedirectResponse(f"{root}{path}?start={start}&end={end}", 303)
        for one in (path, f"/api{path}"):
            onward.set_cookie(
                EMBED_COOKIE,
                token,
                path=root + one,
                secure=request.url.scheme == "https",
                httponly=True,
                samesite="lax",
            )
        return onward

    @routes.get("/widget.js")
    def widget() -> Response:
        return Response(_widget(), media_type="text/javascript", headers=_SCRIPT_HEADERS)

    return routes


def _ancestors(origin: str, allowed: tuple[str, ...]) -> str:
    """The sites that may show the page; only ``origin`` where that is given. Raises `BadAccess` for one not listed."""
    if origin and origin not in allowed:
        raise BadAccess(f"ASSISTANT_EMBED_ORIGINS does not list {origin}.")
    return " ".join(("'self'", *([origin] if origin else allowed)))


def _lines(told: Generator[Exchange], turn: int, said: Words) -> Iterator[str]:
    """An event for every change in what is shown; closing it closes ``told``, which stops a language model."""
    last = ""
    with closing(told):
        for now in told:
            shown = embed_page.shown(now, turn, said)
            if shown != last:
                yield streaming.event("shown" if now.pending else "done", shown)
                last = shown


def _failed(error: Exception) -> str:
    return streaming.event("error", bytes(problem_of(error).body).decode())


def _widget() -> bytes:
    return resources.files("assistant").joinpath("web", "static", "widget.js").read_bytes()
