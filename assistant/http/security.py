"""What every request passes first: which pages may send it, and the headers that every response carries.

A page on another site can make a browser send requests here, but not forge ``Host`` or ``Origin``, nor set
headers of its own. So a request that changes something must come from a page of this server or from no page at all,
and a server on the loopback interface answers only to loopback names (against DNS rebinding). Sites that may embed
the chat reach what embedding needs, and have to show a token or a key for it: cookies do not count there.
"""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.http import problems
from assistant.http.permissions import find
from assistant.http.urls import foreign_origin, route_path

_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_DATA = "default-src 'none'; frame-ancestors 'none'"
# Gradio compiles its templates in the page, and has scripts and styles in the HTML.
_PAGE = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' blob:; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; "
)
# Gradio names these by their content: another content has another name.
_HASHED = "/assets/"
_FOREVER = "public, max-age=31536000, immutable"
_CORS = {
    "Access-Control-Allow-Headers": "Authorization, Content-Type, X-API-Key, X-Request-ID",
    "Access-Control-Expose-Headers": "Retry-After, X-Request-ID",
    "Access-Control-Max-Age": "600",
}
_log = logging.getLogger(__name__)


class SecurityMiddleware:
    """ASGI middleware. ``loopback``: the server is bound to the loopback interface.

    ``embed_origins`` are the sites that may show ``/embed`` in a frame; everything else only this one may.
    """

    def __init__(self, app: ASGIApp, *, loopback: bool, embed_origins: tuple[str, ...] = ()) -> None:
        self._app = app
        self._loopback = loopback
        self._origins = embed_origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        foreign = foreign_origin(scope, headers)
        cors = self._cors(scope, headers, foreign)
        send_with_headers = self._with_headers(scope, send, cors)
        refusal = self._refusal(scope, headers, foreign, cors)
        if refusal:
            await problems.shaped(route_path(scope), 403, refusal)(scope, receive, send_with_headers)
        elif cors and scope["method"] == "OPTIONS":
            await Response(status_code=204)(scope, receive, send_with_headers)
        else:
            await self._pass(scope, receive, send_with_headers)

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on. An exception from below becomes a 500 with headers like any other response."""
        started = False

        async def watched_send(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, watched_send)
        except Exception:  # the edge of the application
            if started:
                raise
            _log.exception("%s %s failed", scope.get("method", ""), scope["path"])
            await problems.shaped(route_path(scope), 500, problems.UNEXPECTED)(scope, receive, send)

    def _refusal(self, scope: Scope, headers: Headers, foreign: str, cors: dict[str, str]) -> str:
        """Why the request is refused; empty where it is not."""
        host = headers.get("host", "")
        if self._loopback and _host_name(host) not in _LOOPBACK:
            return (
                f"This server answers on this machine only, and is not called {host!r}: use http://127.0.0.1."
            )
        changes = scope["type"] == "websocket" or scope["method"] not in _SAFE
        if changes and foreign and not cors:
            return f"A page of {foreign} may not do this here."
        return ""

    def _cors(self, scope: Scope, headers: Headers, foreign: str) -> dict[str, str]:
        """The headers that let the page of an embedding site read the answer; empty where it may not."""
        if scope["type"] != "http" or foreign not in self._origins:
            return {}
        preflight = headers.get("access-control-request-method", "") if scope["method"] == "OPTIONS" else ""
        rule = find(preflight or str(scope["method"]), route_path(scope)).rule
        if rule is None or not rule.embed:
            return {}
        methods = {"Access-Control-Allow-Methods": ", ".join(rule.methods)}
        return {"Access-Control-Allow-Origin": foreign, **methods, **_CORS}

    def _with_headers(self, scope: Scope, send: Send, cors: dict[str, str]) -> Send:
        """``send`` that adds the headers which every response carries."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name in [name for name in headers if name.startswith("access-control-")]:
                    del headers[name]  # Gradio's own are more generous
                for name, value in {**_HEADERS, **self._framing(scope), **cors}.items():
                    headers.setdefault(name, value)
                if message["status"] == 200 and route_path(scope).startswith(_HASHED):
                    headers.setdefault("Cache-Control", _FOREVER)
                if self._origins:
                    headers.add_vary_header("Origin")
            await send(message)

        return send_with_headers

    def _framing(self, scope: Scope) -> dict[str, str]:
        """Who may show the response in a frame, and what may run in it, for browsers new and old."""
        path = route_path(scope)
        if path.startswith("/embed"):
            ancestors = " ".join(("'self'", *self._origins))
            return {"Content-Security-Policy": f"{_PAGE}frame-ancestors {ancestors}"}
        policy = _DATA if path.startswith(("/api/", "/v1/")) else f"{_PAGE}frame-ancestors 'self'"
        return {"Content-Security-Policy": policy, "X-Frame-Options": "SAMEORIGIN"}


def _host_name(host: str) -> str:
    """The name in a ``Host`` header, without the port."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""
