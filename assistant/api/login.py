"""Signing in and out: a page without scripts, in two languages, light or dark.

A form of another site cannot be sent here: `SecurityMiddleware` refuses it by its origin. Guessing is slowed down by name and address.
"""

from __future__ import annotations

import base64
import hashlib
import math
import threading
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import Headers

from assistant.access.callers import Caller
from assistant.access.identification import SESSION, Authenticator, Credentials
from assistant.access.rate_limits import RateLimit
from assistant.api import login_page
from assistant.errors import NotSignedIn
from assistant.http.authentication import COOKIE, session_of
from assistant.http.urls import root_of

MOST_BY_NAME, MOST_BY_ADDRESS = 5, 50
_MINUTES = 5
_AT_ONCE = 4  # passwords checked at a time, each in 64 MiB
_STYLE_HASH = base64.b64encode(hashlib.sha256(login_page.STYLE.encode()).digest()).decode()
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
}
_MOST_FIELD = 1_000


def router(access: Authenticator) -> APIRouter:
    """GET and POST /login, POST /logout."""
    routes = APIRouter(include_in_schema=False)
    door = _Door(access)

    @routes.get("/login")
    def page(request: Request, next: str = "") -> Response:  # noqa: A002  # as it stands in the address
        return _page(request, next, signed_in=_known(access, request))

    @routes.post("/login")
    def sign_in(
        request: Request,
        name: Annotated[str, Form(max_length=_MOST_FIELD)] = "",
        password: Annotated[str, Form(max_length=_MOST_FIELD)] = "",
        next: Annotated[str, Form(max_length=8_000)] = "",  # noqa: A002  # likewise
    ) -> Response:
        client = str(request.state.client)
        if wait := door.wait(name, client):
            minutes = math.ceil(wait / 60)
            response = _page(request, next, status=429, problem="throttled", name=name, minutes=minutes)
            response.headers["Retry-After"] = str(math.ceil(wait))
            return response
        session = door.enter(name, password, client)
        if session is None:
            return _page(request, next, status=401, problem="wrong", name=name)
        onward = RedirectResponse(root_of(request.scope) + inside(next), 303)
        _set_cookie(request, onward, session, SESSION)
        return onward

    @routes.post("/logout")
    def sign_out(request: Request) -> Response:
        access.sign_out(session_of(request.headers))
        response = RedirectResponse(f"{root_of(request.scope)}/login", 303)
        _set_cookie(request, response, "", 0)
        return response

    return routes


class _Door:
    """Lets in who knows the password, and few guesses at a time."""

    def __init__(self, access: Authenticator) -> None:
        self._access = access
        self._by_name = RateLimit(MOST_BY_NAME, _MINUTES * 60)
        self._by_address = RateLimit(MOST_BY_ADDRESS, _MINUTES * 60)
        self._checking = threading.BoundedSemaphore(_AT_ONCE)

    def wait(self, name: str, client: str) -> float:
        """Seconds until the next attempt is allowed; 0 where it is now."""
        return max(self._by_name.wait(_both(name, client)), self._by_address.wait(client))

    def enter(self, name: str, password: str, client: str) -> str | None:
        """The secret of a new session; None where name and password do not belong together."""
        self._by_name.count(_both(name, client))  # before checking: guesses sent side by side count too
        self._by_address.count(client)
        try:
            with self._checking:
                session = self._access.sign_in(name, password)
        except NotSignedIn:
            return None
        self._by_name.forget(_both(name, client))
        return session


def inside(wanted: str) -> str:
    """The path to go on to, on this server whatever was asked for."""
    leads_out = not wanted.startswith("/") or wanted.startswith("//") or "\\" in wanted
    return wanted if wanted.isprintable() and not leads_out else "/"


def _both(name: str, client: str) -> str:
    return f"{client} {name}"


def _known(access: Authenticator, request: Request) -> Caller | None:
    """Who the browser's session belongs to."""
    try:
        caller = access.identify(Credentials(session=session_of(Headers(scope=request.scope))))
    except NotSignedIn:
        return None
    return caller if caller.via == "session" else None


def _page(
    request: Request,
    wanted: str,
    *,
    status: int = 200,
    problem: str = "",
    name: str = "",
    minutes: int = 0,
    signed_in: Caller | None = None,
) -> HTMLResponse:
    html = login_page.page(
        request.headers.get("accept-language", ""),
        root=root_of(request.scope),
        wanted=inside(wanted),
        problem=problem,
        name=name,
        minutes=minutes,
        signed_in=signed_in,
    )
    return HTMLResponse(html, status, _HEADERS)


def _set_cookie(request: Request, response: Response, session: str, seconds: int) -> None:
    response.set_cookie(
        COOKIE,
        session,
        max_age=seconds,
        path=root_of(request.scope) or "/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
