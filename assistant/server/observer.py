"""The outermost ASGI middleware: gives every request an id, counts it, and logs it.

What is logged are methods, paths, statuses and times. No question and no address query: those hold what people ask.
"""

from __future__ import annotations

import logging
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.access.callers import Caller
from assistant.server.identity import HEADER, begin
from assistant.server.metrics import Metrics
from assistant.server.paths import route_path
from assistant.server.rules import find

_log = logging.getLogger("assistant.requests")


class Observer:
    """``metrics`` are told of each request by its rule's path, so that ids make no new series."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name = begin(Headers(scope=scope).get(HEADER, ""))
        began, status = time.perf_counter(), 500

        async def numbered(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
                MutableHeaders(scope=message)[HEADER] = name
            await send(message)

        try:
            await self._app(scope, receive, numbered)
        finally:
            self._note(scope, status, time.perf_counter() - began)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        method, path = str(scope["method"]), route_path(scope)
        rule = find(method, path).rule
        self._metrics.requested(method if rule else "", rule.path if rule else "", status, seconds)
        state = scope.get("state", {})
        caller = state.get("caller")
        _log.info(
            "%s %s %d",
            method,
            path,
            status,
            extra={
                "method": method,
                "path": path,
                "status": status,
                "ms": round(seconds * 1000, 1),
                "caller": caller.name if isinstance(caller, Caller) else "",
                "client": state.get("client", ""),
            },
        )
