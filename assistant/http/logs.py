"""The log: one JSON line for each record, every line with the id of its request, and one line for each request.

The id comes from the sender's ``X-Request-ID`` or is made here. `LoggingMiddleware` sets it, sends it back, and counts the
request in the metrics; `configure` is called where the log is to be JSON.
"""

from __future__ import annotations

import json
import logging
import re
import time
import uuid
from asyncio import CancelledError
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.access.callers import Caller
from assistant.http.metrics import Metrics
from assistant.http.permissions import Rule, find
from assistant.http.urls import route_path
from ingest.tracing import Trace, span, trace_id

HEADER = "X-Request-ID"
_SAFE_ID = re.compile(r"[\w.:-]{1,64}", re.ASCII)
_PACKAGE = "assistant"
_TRACED = ("/api/", "/v1/", "/mcp", "/embed/ask")
_STANDARD_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_current_id: ContextVar[str] = ContextVar("request_id", default="")
_log = logging.getLogger("assistant.requests")


# The request's id


def request_id() -> str:
    """The id of the request that is being answered; empty outside of requests."""
    return _current_id.get()


def begin(sent: str) -> str:
    """Use the id that the sender gave if it is safe in a log, or else a new one; returns it."""
    chosen = sent if _SAFE_ID.fullmatch(sent) else uuid.uuid4().hex
    _current_id.set(chosen)
    return chosen


# JSON lines


class JsonLines(logging.Formatter):
    """``time`` in UTC, ``level``, ``logger``, ``message``, ``request_id``, ``trace_id`` where spans are sent, and the fields given as ``extra``."""

    def format(self, record: logging.LogRecord) -> str:
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line: dict[str, Any] = {
            "time": f"{moment}.{int(record.msecs):03}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": request_id(),
        }
        if trace := trace_id():
            line["trace_id"] = trace
        line |= {name: value for name, value in vars(record).items() if name not in _STANDARD_FIELDS}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def configure() -> None:
    """Write JSON lines to standard error: warnings of all libraries, and this package's records from "info" on."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(_PACKAGE).setLevel(logging.INFO)


# The middleware


def _spanned(method: str, rule: Rule | None, headers: Mapping[str, str]) -> AbstractContextManager[Trace]:
    """A span for a request of a program; health checks and the parts of pages would drown what matters."""
    if rule is None or not rule.path.startswith(_TRACED) or rule.path == "/api/health":
        return nullcontext(Trace())
    named = {"http.request.method": method, "http.route": rule.path}
    return span(f"{method} {rule.path}", carrier=headers, **named)


def left_page(record: logging.LogRecord) -> bool:
    """A filter for uvicorn's log: False for what Gradio raises in the stream of a page that somebody has just left.

    It has forgotten the page's session then and says "404" after the stream has begun, or does not find the session that it is about to
    forget as the stream is cancelled; which is nobody's error.
    """
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, KeyError):
        return not isinstance(error.__cause__ or error.__context__, CancelledError)
    cause = error.__cause__ if isinstance(error, RuntimeError) else None
    return not (isinstance(cause, HTTPException) and cause.status_code == 404)


class LoggingMiddleware:
    """Gives each request an id, logs it and counts it in ``metrics``, by its rule's path: document ids make no new series."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        identifier = begin(headers.get(HEADER, ""))
        start, status = time.perf_counter(), 500
        method, path = str(scope["method"]), route_path(scope)
        rule = find(method, path).rule

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
                MutableHeaders(scope=message)[HEADER] = identifier
            await send(message)

        with _spanned(method, rule, headers) as trace:
            try:
                await self._app(scope, receive, send_with_id)
            finally:
                trace.note(**{"http.response.status_code": status})
                self._record(scope, method, path, rule, status, time.perf_counter() - start)

    def _record(
        self, scope: Scope, method: str, path: str, rule: Rule | None, status: int, seconds: float
    ) -> None:
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
