"""Every error as RFC 9457 problem details: ``{"type", "title", "status", "detail"}``, ``detail`` saying what to do.

Below /v1 errors have the shape that clients of OpenAI's interface expect. Both shapes hold the request's id.
"""

from __future__ import annotations

import errno
import logging
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from assistant.errors import (
    AssistantError,
    BadAccess,
    BadCorrection,
    BadDraft,
    BadQuestion,
    Busy,
    Conflict,
    NotFound,
    NotReady,
    NotSignedIn,
    Outdated,
)
from assistant.http.invalid import in_words
from assistant.http.logs import request_id
from assistant.http.urls import route_path
from ingest.errors import IngestError, SourceError, StoreUnreachable, TooLarge

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = "2"  # seconds
_log = logging.getLogger(__name__)

_STATUS: dict[type[Exception], int] = {
    BadAccess: 403,
    BadCorrection: 422,
    BadDraft: 422,
    BadQuestion: 422,
    Busy: 503,
    Conflict: 409,
    NotFound: 404,
    NotReady: 503,
    NotSignedIn: 401,
    Outdated: 503,
    TooLarge: 413,
    SourceError: 422,
    StoreUnreachable: 503,
}
UNEXPECTED = "Something went wrong here, not with your request. The server's log says more."
_WORDS = {
    404: "There is nothing at {path}. The API is described at /docs.",
    405: "{method} is not possible at {path}. The API is described at /docs.",
    500: UNEXPECTED,
}
# What OpenAI calls the kinds of errors.
_KINDS = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    429: "rate_limit_error",
}
_OPENAPI = {
    "description": "Problem details (RFC 9457)",
    "content": {
        MEDIA_TYPE: {
            "schema": {
                "type": "object",
                "properties": {
                    "type": {"type": "string"},
                    "title": {"type": "string"},
                    "status": {"type": "integer"},
                    "detail": {"type": "string"},
                    "request_id": {"type": "string"},
                },
                "required": ["type", "title", "status", "detail"],
            },
            "example": {
                "type": "about:blank",
                "title": "Not Found",
                "status": 404,
                "detail": "There is no …",
                "request_id": "6f1c0b7f0d6e4d0f",
            },
        }
    },
}
DESCRIBED: dict[int | str, dict[str, Any]] = dict.fromkeys(("4XX", "5XX"), _OPENAPI)

ExceptionHandler = Callable[[Request, Any], Awaitable[Response]]


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None, **more: Any) -> JSONResponse:
    """A response with problem details; ``more`` are further members."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "request_id": request_id(),
        **more,
    }
    return JSONResponse(body, status, dict(headers or {}), MEDIA_TYPE)


def shaped(
    path: str, status: int, detail: str, headers: Mapping[str, str] | None = None, **more: Any
) -> JSONResponse:
    """A response in the shape that clients of ``path`` expect: problem details, or OpenAI's below /v1."""
    if not path.startswith("/v1/"):
        return problem(status, detail, headers, **more)
    kind = _KINDS.get(status, "invalid_request_error" if status < 500 else "server_error")
    error = {"message": detail, "type": kind, "param": None, "code": None}
    return JSONResponse({"error": error, "request_id": request_id()}, status, dict(headers or {}))


def install(app: FastAPI) -> None:
    """Answer every exception with a problem."""
    handlers: dict[type[Exception], ExceptionHandler] = {
        HTTPException: _http,
        RequestValidationError: _validation,
        AssistantError: _own_error,
        IngestError: _own_error,
        ClientDisconnect: _disconnected,
        OSError: _system,
        Exception: _unexpected,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


def of(error: Exception, retry: bool = True, path: str = "") -> JSONResponse:
    """The response for any error; ``retry``: waiting may help. What is said of one that nobody foresaw is nothing internal."""
    if isinstance(error, HTTPException):
        return shaped(path, error.status_code, str(error.detail), error.headers)
    if isinstance(error, OSError):
        return _of_system(error, path)
    if not isinstance(error, AssistantError | IngestError):
        _log.error("A request failed", exc_info=error)
        return shaped(path, 500, UNEXPECTED)
    status = next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), 500)
    headers = {"Retry-After": RETRY_AFTER} if status == 503 and retry else {}
    if isinstance(error, Busy):
        headers = {"Retry-After": str(error.seconds)}
    return shaped(path, status, str(error), headers)


async def _own_error(request: Request, error: Exception) -> Response:
    service = getattr(request.app.state, "service", None)
    retry = service is None or (service.state == "loading" and not service.away)
    return of(error, retry, route_path(request.scope))


async def _http(request: Request, error: HTTPException) -> Response:
    phrase = HTTPStatus(error.status_code).phrase
    words = _WORDS.get(error.status_code, phrase) if error.detail == phrase else str(error.detail)
    detail = words.replace("{path}", request.url.path).replace("{method}", request.method)
    return shaped(route_path(request.scope), error.status_code, detail, error.headers)


async def _validation(request: Request, error: RequestValidationError) -> Response:
    errors = [
        {"field": _field(item["loc"]), "message": in_words(item["type"], item.get("ctx"))}
        for item in error.errors()
    ]
    if any(item["type"] == "json_invalid" for item in error.errors()):
        return shaped(route_path(request.scope), 400, "The body is not valid JSON.", errors=errors)
    detail = "; ".join(f"{item['field']}: {item['message']}" for item in errors)
    return shaped(route_path(request.scope), 422, detail, errors=errors)


def _field(location: tuple[int | str, ...]) -> str:
    """Where in the request, as in ``history.0.question``."""
    return ".".join(str(part) for part in location[1:]) or str(location[0])


async def _disconnected(request: Request, error: ClientDisconnect) -> Response:
    return Response(status_code=400)  # nobody reads it


async def _system(request: Request, error: OSError) -> Response:
    return _of_system(error, route_path(request.scope))


def _of_system(error: OSError, path: str) -> JSONResponse:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return shaped(path, 507, "There is no room left on the server's disk.")
    _log.error("A request failed", exc_info=error)
    return shaped(path, 500, UNEXPECTED)


async def _unexpected(request: Request, error: Exception) -> Response:
    return shaped(route_path(request.scope), 500, UNEXPECTED)  # the traceback is logged by the server
