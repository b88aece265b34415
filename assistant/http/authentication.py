"""Who sends a request, and whether they may: credentials are read from headers, and the rule of the route is applied.

`Proxies` holds what trusted reverse proxies may state. `credentials_of` reads what the request itself carries, and
`AuthenticationMiddleware` lets the request through or answers with a refusal, the limits of one caller included.
"""

from __future__ import annotations

import asyncio
import ipaddress
import math
import time
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
from assistant.access.rate_limits import ConcurrencyLimit
from assistant.access.shared_limits import CountedLimits
from assistant.errors import NotSignedIn
from assistant.http import problems
from assistant.http.permissions import MatchedRule, Rule, find
from assistant.http.urls import foreign_origin, root_of, route_path
from assistant.settings import Settings
from ingest.errors import IngestError

COOKIE = "assistant_session"
EMBED_COOKIE = "assistant_embed"
_BEARER = "bearer "
_POLICY_VIOLATION = 1008  # a WebSocket status
_UPLOAD_SECONDS, _UPLOAD_LOOK = 60.0, 0.05  # that an upload waits for its turn, and between two looks
_UNAVAILABLE_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="5">
<title>Not available</title><body style="font: 1.1rem system-ui; margin: 20vh auto; max-width: 40rem; padding: 0 1rem">
<p>Not available for the moment. This page tries again by itself.</p><p>{detail}</p></body></html>
"""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


# Trusted proxies


class Proxies:
    """The trusted reverse proxies: ``addresses`` are theirs, ``header`` names the user whom they have signed in."""

    def __init__(self, addresses: Sequence[str], header: str = "") -> None:
        self._networks: list[Network] = [ipaddress.ip_network(address) for address in addresses]
        self._header = header

    def trusted(self, scope: Scope) -> bool:
        """Whether the request comes from one of them."""
        return _in(self._networks, _peer(scope))

    def user(self, scope: Scope, headers: Headers) -> str:
        """The user whom the proxy has signed in; empty where there is none, or the sender is no trusted proxy."""
        names = headers.getlist(self._header) if self._header else []
        return names[0].strip() if len(names) == 1 and self.trusted(scope) else ""

    def scheme(self, scope: Scope, headers: Headers) -> str:
        """ "http" or "https", as the browser connected."""
        scheme = headers.get("x-forwarded-proto", "").strip().lower()
        return scheme if scheme in ("http", "https") and self.trusted(scope) else str(scope["scheme"])

    def host(self, scope: Scope, headers: Headers) -> str:
        """The name of this server in the browser's address, with the port where it is not the usual one."""
        host = headers.get("x-forwarded-host", "").partition(",")[0].strip()
        return host if host and self.trusted(scope) else headers.get("host", "")

    def client(self, scope: Scope, headers: Headers) -> str:
        """The address of the client: the last in the chain that is no trusted proxy's. Those before it can be forged."""
        peer = _peer(scope)
        if not self.trusted(scope):
            return peer
        chain = [part.strip() for part in ",".join(headers.getlist("x-forwarded-for")).split(",")]
        return next((part for part in reversed(chain) if part and not _in(self._networks, part)), peer)


def _peer(scope: Scope) -> str:
    return str((scope.get("client") or ("",))[0])


def _in(networks: Sequence[Network], address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks)


# Credentials in headers and cookies


def credentials_of(headers: Headers, proxy_user: str, foreign: str) -> Credentials:
    """``foreign`` is the origin of a page of another site, empty for a page of this one.

    What browsers send by themselves (cookies, the proxy's sign-in) proves nothing for another site's page.
    """
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


# The middleware


class AuthenticationMiddleware:
    """Puts the `Caller` into ``scope["state"]["caller"]``, or refuses the request."""

    def __init__(
        self, app: ASGIApp, *, access: Authenticator, settings: Settings, limits: CountedLimits
    ) -> None:
        self._app = app
        self._access = access
        self._proxies = Proxies(settings.trusted_proxies, settings.proxy_header)
        self._rate = limits.limit("requests", settings.rate_limit, 60.0)
        self._places = ConcurrencyLimit(settings.at_once)
        self._uploads = ConcurrencyLimit(settings.at_once)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})  # there is no rule for one
        elif scope["type"] != "http":
            await self._app(scope, receive, send)
        else:
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = route_path(scope)
        match = find(str(scope["method"]), path)
        headers = Headers(scope=scope)
        state = scope.setdefault("state", {})
        state["client"] = self._proxies.client(scope, headers)
        state["host"] = self._proxies.host(scope, headers)
        scope["scheme"] = self._proxies.scheme(scope, headers)
        refusal = _no_route(match, scope)
        if refusal is None and match.rule is not None and match.rule.who != "anyone":
            caller = await self._identify(scope, headers)
            refusal = caller if isinstance(caller, Response) else _forbidden(caller, match, path)
            if isinstance(caller, Caller):
                state["caller"] = caller
        if refusal is not None:
            await refusal(scope, receive, send)
        else:
            await self._within_limits(match.rule, scope, receive, send)

    async def _identify(self, scope: Scope, headers: Headers) -> Caller | Response:
        """The caller, or the response for someone who is not known or cannot be looked up."""
        user = self._proxies.user(scope, headers)
        credentials = credentials_of(headers, user, foreign_origin(scope, headers))
        try:
            return await run_in_threadpool(self._access.identify, credentials)
        except NotSignedIn as error:
            return _to_login(scope) if _is_page(scope, headers) else unauthorized(scope, str(error))
        except IngestError as error:
            if _is_page(scope, headers):
                return _unavailable_page(str(error))
            return problems.of(error, retry=False)

    async def _within_limits(self, rule: Rule | None, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on, or answer 429 where the caller sends too many in a minute or at a time."""
        caller = scope["state"].get("caller")
        rate_name = caller.limited_as if isinstance(caller, Caller) else ""
        wait = self._rate.wait(rate_name) if rate_name else 0.0
        if wait:
            await _too_many(scope, "Too many requests in a minute.", wait)(scope, receive, send)
            return
        if rate_name:
            self._rate.count(rate_name)
        place = place_name(caller, scope) if isinstance(caller, Caller) and rule and rule.costly else ""
        if place and rule and rule.body == "upload":
            await self._upload(place, scope, receive, send)
            return
        with self._places.place(place) if place else nullcontext(True) as free:
            if free:
                await self._app(scope, receive, send)
            else:
                detail = "Too many requests of yours are being answered at the same time."
                await _too_many(scope, detail, 1)(scope, receive, send)

    async def _upload(self, name: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand an upload on once few enough of the caller's are under way: it takes no place of a question, and waits for its own."""
        until = time.monotonic() + _UPLOAD_SECONDS
        while (give_back := self._uploads.take(name)) is None:
            if time.monotonic() > until:
                detail = "Too many uploads of yours are under way at the same time."
                await _too_many(scope, detail, 1)(scope, receive, send)
                return
            await asyncio.sleep(_UPLOAD_LOOK)
        try:
            await self._app(scope, receive, send)
        finally:
            give_back()


def place_name(caller: Caller, scope: Scope) -> str:
    """For whom costly requests under way are counted: a key, an embed token, a user, or an address where nobody signs in.

    Empty for the commands of the user whom the server runs as: those are not limited.
    """
    match caller.via:
        case "owner":
            return ""
        case "open":
            return f"address {scope['state']['client']}"
        case "session" | "proxy":
            return f"user {caller.name}"
        case "key" | "embed":
            return caller.limited_as


# Refusals


def unauthorized(scope: Scope, detail: str) -> Response:
    """The answer to someone who is not known."""
    return problems.shaped(route_path(scope), 401, detail, {"WWW-Authenticate": "Bearer"})


def _unavailable_page(detail: str) -> HTMLResponse:
    """A page for browsers that loads itself again after some seconds."""
    html = _UNAVAILABLE_PAGE.format(detail=escape(detail))
    return HTMLResponse(html, 503, {"Cache-Control": "no-store"})


def _no_route(match: MatchedRule, scope: Scope) -> Response | None:
    """The answer where there is no such route, or not for this method; None where there is one."""
    path = route_path(scope)
    if match.rule is not None and match.rule.who != "nobody":
        return None
    if match.rule is None and match.methods:
        detail = f"{scope['method']} is not possible at {path}. The API is described at /docs."
        return problems.shaped(path, 405, detail, {"Allow": ", ".join(match.methods)})
    return problems.shaped(path, 404, f"There is nothing at {path}. The API is described at /docs.")


def _forbidden(caller: Caller, match: MatchedRule, path: str) -> Response | None:
    """The answer to a known caller who may not do this; None where they may."""
    rule = match.rule
    if rule is None or rule.who in ("anyone", "nobody"):
        return None
    if caller.via == "embed" and not rule.embed:
        return problems.shaped(path, 403, "An embed token does not open this.")
    if not caller.may(rule.who):  # type: ignore[arg-type]  # the two that are no role are out
        detail = f"This needs the role {rule.who}, and {caller.name!r} has the role {caller.role}."
        return problems.shaped(path, 403, detail)
    if match.document_id and not caller.sees(match.document_id):
        return problems.shaped(path, 404, f"There is no document {match.document_id!r} for this token.")
    return None


def _too_many(scope: Scope, reason: str, wait: float) -> Response:
    seconds = math.ceil(wait)
    detail = f"{reason} Try again in {seconds} seconds."
    return problems.shaped(route_path(scope), 429, detail, {"Retry-After": str(seconds)})


def _is_page(scope: Scope, headers: Headers) -> bool:
    """Whether a browser asks for a page to show, and can be sent to the sign-in page."""
    return scope["method"] in ("GET", "HEAD") and "text/html" in headers.get("accept", "")


def _to_login(scope: Scope) -> Response:
    """To the sign-in page, which leads back to this address."""
    query = bytes(scope.get("query_string", b"")).decode("latin-1")
    address = route_path(scope) + (f"?{query}" if query else "")
    return RedirectResponse(f"{root_of(scope)}/login?next={quote(address)}", 303)
