"""What a request shows of who sent it, read out of its headers, and what a trusted proxy says of it."""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Sequence
from contextlib import nullcontext
from html import escape
from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote

from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.access.callers import Caller
from assistant.access.identification import Authenticator, Credentials
from assistant.access.rate_limits import ConcurrencyLimit, RateLimit
from assistant.errors import NotSignedIn
from assistant.http import authentication, problems
from assistant.http.permissions import MatchedRule, Rule, find
from assistant.http.urls import foreign_origin, root_of, route_path
from assistant.settings import Settings
from ingest.errors import IngestError

COOKIE = "assistant_session"
EMBED_COOKIE = "assistant_embed"
_BEARER = "bearer "

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Proxies:
    """The proxies whose word counts: ``addresses`` are theirs, ``header`` names the user they have signed in."""

    def __init__(self, addresses: Sequence[str], header: str = "") -> None:
        self._networks: list[Network] = [ipaddress.ip_network(one) for one in addresses]
        self._header = header

    def trusted(self, scope: Scope) -> bool:
        """Whether the request comes from one of them."""
        return _in(self._networks, _peer(scope))

    def user(self, scope: Scope, headers: Headers) -> str:
        """Whom the proxy has signed in; empty where nobody, or where no trusted proxy says so."""
        named = headers.getlist(self._header) if self._header else []
        return named[0].strip() if len(named) == 1 and self.trusted(scope) else ""

    def scheme(self, scope: Scope, headers: Headers) -> str:
        """Whether the browser came by "http" or "https"."""
        said = headers.get("x-forwarded-proto", "").strip().lower()
        return said if said in ("http", "https") and self.trusted(scope) else str(scope["scheme"])

    def host(self, scope: Scope, headers: Headers) -> str:
        """What the browser calls this server, with the port where it is not the usual one."""
        said = headers.get("x-forwarded-host", "").partition(",")[0].strip()
        return said if said and self.trusted(scope) else headers.get("host", "")

    def client(self, scope: Scope, headers: Headers) -> str:
        """The address of whoever sent the request: the last that no trusted proxy has, for the rest can be made up."""
        peer = _peer(scope)
        if not self.trusted(scope):
            return peer
        chain = [part.strip() for part in ",".join(headers.getlist("x-forwarded-for")).split(",")]
        return next((one for one in reversed(chain) if one and not _in(self._networks, one)), peer)


def shown(scope: Scope, headers: Headers, proxy_user: str, foreign: str) -> Credentials:
    """``foreign`` is the origin of a page of another site: what browsers send of their own accord proves nothing there."""
    return Credentials(
        owner=headers.get("x-owner-token", ""),
        key=key_of(headers),
        session="" if foreign else session_of(headers),
        token="" if foreign else _cookie(headers, EMBED_COOKIE),
        proxy_user="" if foreign else proxy_user,
        origin=foreign,
    )


def key_of(headers: Headers) -> str:
    """An API key or an embed token, from either header that programs send it in."""
    authorization = headers.get("authorization", "")
    if authorization.lower().startswith(_BEARER):
        return authorization[len(_BEARER) :].strip()
    return headers.get("x-api-key", "")


def session_of(headers: Headers) -> str:
    """The session that the browser's cookie names."""
    return _cookie(headers, COOKIE)


def _cookie(headers: Headers, name: str) -> str:
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return ""
    return cookie.value if cookie else ""


def _peer(scope: Scope) -> str:
    return str((scope.get("client") or ("",))[0])


def _in(networks: Sequence[Network], address: str) -> bool:
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(known in network for network in networks)


_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="5">
<title>Not available</title><body style="font: 1.1rem system-ui; margin: 20vh auto; max-width: 40rem; padding: 0 1rem">
<p>Not available for the moment. This page tries again by itself.</p><p>{detail}</p></body></html>
"""


def page(detail: str) -> HTMLResponse:
    return HTMLResponse(_PAGE.format(detail=escape(detail)), 503, {"Cache-Control": "no-store"})


_CLOSED = 1008  # the WebSocket status "policy violation"


class AuthenticationMiddleware:
    """Puts the `Caller` into ``scope["state"]["caller"]``."""

    def __init__(self, app: ASGIApp, *, access: Authenticator, settings: Settings) -> None:
        self._app = app
        self._access = access
        self._proxies = Proxies(settings.trusted_proxies, settings.proxy_header)
        self._rate = RateLimit(settings.rate_limit, 60.0)
        self._places = ConcurrencyLimit(settings.at_once)

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
            return (
                authentication.page(str(error))
                if _is_page(scope, headers)
                else problems.of(error, retry=False)
            )

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


def _missing(found: MatchedRule, scope: Scope) -> Response | None:
    """The answer where there is no such route, or not for this method."""
    path = route_path(scope)
    if found.rule is not None and found.rule.who != "nobody":
        return None
    if found.rule is None and found.methods:
        words = f"{scope['method']} is not possible at {path}. The API is described at /docs."
        return problems.shaped(path, 405, words, {"Allow": ", ".join(found.methods)})
    return problems.shaped(path, 404, f"There is nothing at {path}. The API is described at /docs.")


def _refusal(caller: Caller, found: MatchedRule, path: str) -> Response | None:
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
