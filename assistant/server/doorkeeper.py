"""ASGI middleware: finds out who is asking, and lets in whom the rules allow, as often as the limits allow."""

from __future__ import annotations

import math
from contextlib import nullcontext
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.access.callers import Caller
from assistant.access.directory import Access
from assistant.access.limits import Places, Window
from assistant.errors import NotSignedIn
from assistant.server import away, problems
from assistant.server.paths import foreign_origin, root_of, route_path
from assistant.server.rules import Found, Rule, find
from assistant.server.shown import Proxies, shown
from assistant.settings import Settings
from ingest.errors import IngestError

_CLOSED = 1008  # the WebSocket status "policy violation"


class Doorkeeper:
    """Puts the `Caller` into ``scope["state"]["caller"]``."""

    def __init__(self, app: ASGIApp, *, access: Access, settings: Settings) -> None:
        self._app = app
        self._access = access
        self._proxies = Proxies(settings.trusted_proxies, settings.proxy_header)
        self._rate = Window(settings.rate_limit, 60.0)
        self._places = Places(settings.at_once)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": _CLOSED})  # there is no rule for one
        elif scope["type"] != "http":
            await self._app(scope, receive, send)
        else:
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = route_path(scope)
        found = find(str(scope["method"]), path)
        headers = Headers(scope=scope)
        state = scope.setdefault("state", {})
        state["client"] = self._proxies.client(scope, headers)
        state["host"] = self._proxies.host(scope, headers)
        scope["scheme"] = self._proxies.scheme(scope, headers)
        refusal = _missing(found, scope)
        if refusal is None and found.rule is not None and found.rule.who != "anyone":
            caller = await self._identified(scope, headers)
            refusal = caller if isinstance(caller, Response) else _refusal(caller, found, path)
            if isinstance(caller, Caller):
                state["caller"] = caller
        if refusal is not None:
            await refusal(scope, receive, send)
        else:
            await self._limited(found.rule, scope, receive, send)

    async def _identified(self, scope: Scope, headers: Headers) -> Caller | Response:
        seen = shown(scope, headers, self._proxies.user(scope, headers), foreign_origin(scope, headers))
        try:
            return await run_in_threadpool(self._access.identify, seen)
        except NotSignedIn as error:
            return _to_login(scope) if _is_page(scope, headers) else unauthorized(scope, str(error))
        except IngestError as error:
            return away.page(str(error)) if _is_page(scope, headers) else problems.of(error, retry=False)

    async def _limited(self, rule: Rule | None, scope: Scope, receive: Receive, send: Send) -> None:
        caller = scope["state"].get("caller")
        name = caller.limited_as if isinstance(caller, Caller) else ""
        wait = self._rate.wait(name) if name else 0.0
        if wait:
            await _too_many(scope, "Too many requests in a minute.", wait)(scope, receive, send)
            return
        if name:
            self._rate.count(name)
        with self._places.place(name) if name and rule and rule.costly else nullcontext(True) as free:
            if free:
                await self._app(scope, receive, send)
            else:
                words = "Too many requests of yours are being answered at the same time."
                await _too_many(scope, words, 1)(scope, receive, send)


def unauthorized(scope: Scope, detail: str) -> Response:
    """The answer to whom nobody knows."""
    return problems.shaped(route_path(scope), 401, detail, {"WWW-Authenticate": "Bearer"})


def _missing(found: Found, scope: Scope) -> Response | None:
    """The answer where there is no such route, or not for this method."""
    path = route_path(scope)
    if found.rule is not None and found.rule.who != "nobody":
        return None
    if found.rule is None and found.methods:
        words = f"{scope['method']} is not possible at {path}. The API is described at /docs."
        return problems.shaped(path, 405, words, {"Allow": ", ".join(found.methods)})
    return problems.shaped(path, 404, f"There is nothing at {path}. The API is described at /docs.")


def _refusal(caller: Caller, found: Found, path: str) -> Response | None:
    """The answer to someone who is known, but may not do this; None where they may."""
    rule = found.rule
    if rule is None or rule.who in ("anyone", "nobody"):
        return None
    if caller.via == "embed" and not rule.embed:
        return problems.shaped(path, 403, "An embed token does not open this.")
    if not caller.may(rule.who):  # type: ignore[arg-type]  # the two that are no role are out
        return problems.shaped(
            path, 403, f"This needs the role {rule.who}, and {caller.name!r} has the role {caller.role}."
        )
    if found.document_id and not caller.sees(found.document_id):
        return problems.shaped(path, 404, f"There is no document {found.document_id!r} for this token.")
    return None


def _too_many(scope: Scope, words: str, wait: float) -> Response:
    seconds = math.ceil(wait)
    detail = f"{words} Try again in {seconds} seconds."
    return problems.shaped(route_path(scope), 429, detail, {"Retry-After": str(seconds)})


def _is_page(scope: Scope, headers: Headers) -> bool:
    """Whether a browser wants to show the answer, and can be sent to the sign-in page."""
    return scope["method"] in ("GET", "HEAD") and "text/html" in headers.get("accept", "")


def _to_login(scope: Scope) -> Response:
    query = bytes(scope.get("query_string", b"")).decode("latin-1")
    wanted = route_path(scope) + (f"?{query}" if query else "")
    return RedirectResponse(f"{root_of(scope)}/login?next={quote(wanted)}", 303)
