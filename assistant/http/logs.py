"""The id of the request that is being answered: from its sender, or made here."""

from __future__ import annotations

import json
import logging
import re
import time
import uuid
from contextvars import ContextVar
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.access.callers import Caller
from assistant.http.metrics import Metrics
from assistant.http.permissions import find
from assistant.http.urls import route_path

HEADER = "X-Request-ID"
_GOOD = re.compile(r"[\w.:-]{1,64}", re.ASCII)
_current_id: ContextVar[str] = ContextVar("request_id", default="")


def request_id() -> str:
    """Empty outside of requests."""
    return _current_id.get()


def begin(sent: str) -> str:
    """Use the id that the sender gave if it can stand in a log, or else a new one; returns it."""
    chosen = sent if _GOOD.fullmatch(sent) else uuid.uuid4().hex
    _current_id.set(chosen)
    return chosen


_OURS = "assistant"
_KNOWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """``time`` in UTC, ``level``, ``logger``, ``message``, ``request_id``, and what was given as ``extra``."""

    def format(self, record: logging.LogRecord) -> str:
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line: dict[str, Any] = {
            "time": f"{moment}.{int(record.msecs):03}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": request_id(),
        }
        line |= {name: value for name, value in vars(record).items() if name not in _KNOWN}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def configure() -> None:
    """Write JSON lines to standard error: warnings of all libraries, and what this package has to say."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(_OURS).setLevel(logging.INFO)


_log = logging.getLogger("assistant.requests")


class LoggingMiddleware:
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
