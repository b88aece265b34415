"""Signing in and out: a page without scripts, in two languages, light or dark.

`SecurityMiddleware` refuses a form of another site by its origin. Guessing is slowed down by name and address.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import math
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import Headers

from assistant.access.callers import Caller
from assistant.access.identification import SESSION, Authenticator, Credentials
from assistant.access.rate_limits import ConcurrencyLimit
from assistant.access.shared_limits import CountedLimits
from assistant.api import login_page
from assistant.errors import NotSignedIn
from assistant.http.authentication import COOKIE, session_of
from assistant.http.urls import root_of

MOST_BY_NAME, MOST_BY_ADDRESS = 5, 50
_MINUTES = 5
_AT_ONCE = 4  # passwords checked at a time, each in 64 MiB
_MOST_WAITING = 64  # attempts under way, those that wait for their turn included
_BUSY_SECONDS = 60
_STYLE_HASH = base64.b64encode(hashlib.sha256(login_page.STYLE.encode()).digest()).decode()
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
}
_MOST_FIELD = 1_000


def router(access: Authenticator, limits: CountedLimits) -> APIRouter:
    """GET and POST /login, POST /logout."""
    routes = APIRouter(include_in_schema=False)
    attempts = _SignInAttempts(access, limits)

    @routes.get("/login")
    def page(request: Request, next: str = "") -> Response:  # noqa: A002  # as it stands in the address
        return _page(request, next, signed_in=_session_caller(access, request))

    @routes.post("/login")
    async def sign_in(
        request: Request,
        name: Annotated[str, Form(max_length=_MOST_FIELD)] = "",
        password: Annotated[str, Form(max_length=_MOST_FIELD)] = "",
        next: Annotated[str, Form(max_length=8_000)] = "",  # noqa: A002  # likewise
    ) -> Response:
        client = str(request.state.client)
        if wait := attempts.wait(name, client):
            return _throttled(request, next, 429, name, wait)
        try:
            session = await attempts.sign_in(name, password, client)
        except NotSignedIn:
            return _page(request, next, status=401, problem="wrong", name=name)
        if session is None:
            return _throttled(request, next, 503, name, _BUSY_SECONDS)
        response = RedirectResponse(root_of(request.scope) + local_path(next), 303)
        _set_cookie(request, response, session, SESSION)
        return response

    @routes.post("/logout")
    def sign_out(request: Request) -> Response:
        access.sign_out(session_of(request.headers))
        response = RedirectResponse(f"{root_of(request.scope)}/login", 303)
        _set_cookie(request, response, "", 0)
        return response

    return routes


class _SignInAttempts:
    """Checks passwords: few at a time, and only so many for a name and for an address.

    They are checked in threads of their own. While many wait, other requests are answered.
    """

    def __init__(self, access: Authenticator, limits: CountedLimits) -> None:
        self._access = access
        self._by_name = limits.limit("sign-in", MOST_BY_NAME, _MINUTES * 60)
        self._by_address = limits.limit("sign-in from", MOST_BY_ADDRESS, _MINUTES * 60)
        self._places = ConcurrencyLimit(_MOST_WAITING)
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="sign-in")

    def wait(self, name: str, client: str) -> float:
        """Seconds until the next attempt is allowed; 0 where it is now."""
        return max(self._by_name.wait(_both(name, client)), self._by_address.wait(client))

    async def sign_in(self, name: str, password: str, client: str) -> str | None:
        """The secret of a new session; None where too many attempts are under way. Raises `NotSignedIn`."""
        with self._places.place("") as free:
            if not free:
                return None
            self._by_name.count(_both(name, client))  # before checking: guesses sent side by side count too
            self._by_address.count(client)
            loop = asyncio.get_running_loop()
            session = await loop.run_in_executor(self._threads, self._access.sign_in, name, password)
        self._by_name.forget(_both(name, client))
        return session


def local_path(address: str) -> str:
    """The address if it is a path on this server, or else "/": signing in leads to no other site."""
    leads_out = not address.startswith("/") or address.startswith("//") or "\\" in address
    return address if address.isprintable() and not leads_out else "/"


def _both(name: str, client: str) -> str:
    return f"{client} {name}"


def _session_caller(access: Authenticator, request: Request) -> Caller | None:
    """The user of the browser's session; None where it has no session that lasts."""
    try:
        caller = access.identify(Credentials(session=session_of(Headers(scope=request.scope))))
    except NotSignedIn:
        return None
    return caller if caller.via == "session" else None


def _throttled(request: Request, next_path: str, status: int, name: str, seconds: float) -> HTMLResponse:
    """The page that says in how many minutes to try again."""
    minutes = math.ceil(seconds / 60)
    response = _page(request, next_path, status=status, problem="throttled", name=name, minutes=minutes)
    response.headers["Retry-After"] = str(math.ceil(seconds))
    return response


def _page(
    request: Request,
    next_path: str,
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
        next_path=local_path(next_path),
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
