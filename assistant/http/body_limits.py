"""How long a request's body may be: by the rule for its route, enforced before anything below reads it.

``Content-Length`` is checked first, and the bytes are counted as they come, for it may be missing or wrong.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.http import problems
from assistant.http.permissions import BodySize, find
from assistant.http.urls import route_path

MAX_FILES = 1_000  # files in one upload
_FORM_OVERHEAD = 10_000_000  # bytes of an upload beside its files: the headers of the parts, the other fields

# Bytes. An upload has MAX_FILES times ASSISTANT_MAX_UPLOAD_MB, a draft is one such file, or a text.
SIZES: dict[BodySize, int] = {
    "form": 64_000,
    "json": 1_000_000,
    "text": 4_000_000,
    "collection": 1_000_000_000_000,
}

# After a refusal a client that is still sending is read from for a while, so that it gets to read the answer.
_DRAINED_BYTES = 20_000_000
_DRAINED_SECONDS = 2.0


class BodyLimitMiddleware:
    """Answers a longer body with 413 and closes the connection. ``max_file_bytes`` is the limit of one uploaded file."""

    def __init__(self, app: ASGIApp, *, max_file_bytes: int) -> None:
        self._app = app
        self._max_file_bytes = max_file_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit(scope)
        if _announced(scope) > limit:
            await _refuse(limit, scope, receive, send)
        else:
            await self._pass(limit, scope, receive, send)

    def _limit(self, scope: Scope) -> int:
        """The bytes that the body may have. Only a multipart body is an upload: any other is read into memory."""
        rule = find(str(scope["method"]), route_path(scope)).rule
        size = rule.body if rule else "json"
        multipart = Headers(scope=scope).get("content-type", "").lower().startswith("multipart/")
        if size == "draft":
            return self._max_file_bytes + SIZES["form"] if multipart else SIZES["text"]
        if size != "upload":
            return SIZES[size]
        return MAX_FILES * self._max_file_bytes + _FORM_OVERHEAD if multipart else SIZES["json"]

    async def _pass(self, limit: int, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on; whatever the application makes of a body that is cut off, the answer is 413."""
        received, started, refused, complete = 0, False, False, False
        send_end = send

        async def limited_receive() -> Message:
            nonlocal received, refused, complete
            message = await receive() if received <= limit else {}
            received += len(message.get("body", b""))
            if received > limit:
                refused = not started
                raise HTTPException(413)  # nothing below takes it for a fault of its own
            complete = not message.get("more_body", False)
            return message

        async def watched_send(message: Message) -> None:
            nonlocal started, send_end
            if refused:
                return
            if not started and not complete and Headers(raw=message["headers"]).get("connection") == "close":
                send_end = _lingering(receive, send)  # the application has refused what is still being sent
            started = True
            await send_end(message)

        try:
            await self._app(scope, limited_receive, watched_send)
        except Exception:
            if not refused:
                raise
        if refused:
            await _refuse(limit, scope, receive, send)


def _announced(scope: Scope) -> int:
    """The ``Content-Length``; 0 where there is none."""
    length = Headers(scope=scope).get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() else 0


async def _refuse(limit: int, scope: Scope, receive: Receive, send: Send) -> None:
    detail = f"The body is longer than the {limit:,} bytes allowed at {route_path(scope)}."
    response = problems.shaped(route_path(scope), 413, detail, {"Connection": "close"})
    await response(scope, receive, _lingering(receive, send))


def _lingering(receive: Receive, send: Send) -> Send:
    """``send`` that sends an answer at once, but its end, which closes the connection, only after draining the request.

    Were the connection closed while bytes arrive, the client's system, or a proxy, could discard the answer.
    """

    async def lingering_send(message: Message) -> None:
        if message["type"] != "http.response.body" or message.get("more_body"):
            await send(message)
            return
        await send({**message, "more_body": True})
        with suppress(TimeoutError):
            async with asyncio.timeout(_DRAINED_SECONDS):
                await _drain(receive)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    return lingering_send


async def _drain(receive: Receive) -> None:
    drained = 0
    while drained <= _DRAINED_BYTES:
        message = await receive()
        drained += len(message.get("body", b""))
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return
