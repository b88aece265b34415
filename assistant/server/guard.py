"""What every request passes first: who may send it, how much, and the headers that every response carries.

A page on another site can make a browser send requests here, but not forge ``Host`` or ``Origin``, nor set
headers of its own. So a request that changes something must come from a page of this server or from no page at all,
and a server on the loopback interface answers only to loopback names (against DNS rebinding).
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.server.problems import problem

MAX_JSON = 2_000_000  # bytes of a request's body where it is no upload
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_DATA = "default-src 'none'; frame-ancestors 'none'"


class Guard:
    """ASGI middleware. ``loopback``: the server is bound to the loopback interface.

    ``embed_origins`` are the sites that may show ``/embed`` in a frame; everything else only this one may.
    """

    def __init__(self, app: ASGIApp, *, loopback: bool, embed_origins: tuple[str, ...] = ()) -> None:
        self._app = app
        self._loopback = loopback
        self._embedding = " ".join(("frame-ancestors 'self'", *embed_origins))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        if refusal:
            await problem(403, refusal)(scope, receive, send)
        else:
            bounded = _bounded(receive) if _is_json_call(scope, headers) else receive
            await self._app(scope, bounded, self._dressed(scope, send))

    def _refusal(self, scope: Scope, headers: Headers) -> str:
        """Why the request is refused; empty where it is not."""
        host = headers.get("host", "")
        if self._loopback and _name(host) not in _LOOPBACK:
            return (
                f"This server answers on this machine only, and is not called {host!r}: use http://127.0.0.1."
            )
        origin = headers.get("origin")
        changes = scope["type"] == "websocket" or scope["method"] not in _SAFE
        hosts = [host, *headers.getlist("x-forwarded-host")]
        if changes and origin is not None and not any(_same(origin, one) for one in hosts):
            return f"A page of {origin} may not do this here."
        return ""

    def _dressed(self, scope: Scope, send: Send) -> Send:
        framing = self._framing(str(scope["path"]))

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in {**_HEADERS, **framing}.items():
                    headers.setdefault(name, value)
            await send(message)

        return dressed

    def _framing(self, path: str) -> dict[str, str]:
        """Who may show the response in a frame, for browsers new and old."""
        if path.startswith("/embed"):
            return {"Content-Security-Policy": self._embedding}
        policy = _DATA if path.startswith(("/api/", "/v1/")) else "frame-ancestors 'self'"
        return {"Content-Security-Policy": policy, "X-Frame-Options": "SAMEORIGIN"}


def _is_json_call(scope: Scope, headers: Headers) -> bool:
    path = str(scope["path"])
    return path.startswith(("/api/", "/v1/")) and not headers.get("content-type", "").startswith("multipart/")


def _bounded(receive: Receive) -> Receive:
    """``receive``, until the body is longer than any of JSON may be."""
    total = 0

    async def bounded() -> Message:
        nonlocal total
        message = await receive()
        total += len(message.get("body", b""))
        if total > MAX_JSON:
            raise HTTPException(
                413, f"The body is longer than {MAX_JSON:,} bytes. Add long texts as documents."
            )
        return message

    return bounded


def _name(host: str) -> str:
    """The host's name without the port."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _same(origin: str, host: str) -> bool:
    """Whether an ``Origin`` header names the site that a ``Host`` header does, the port included."""
    try:
        ours, theirs = urlsplit(f"//{host}"), urlsplit(origin)
        default = _PORTS.get(theirs.scheme)
        return bool(theirs.hostname) and (theirs.hostname, theirs.port or default) == (
            ours.hostname,
            ours.port or default,
        )
    except ValueError:
        return False
