"""The kinds of failures of a language model, whatever library raised the error.

Providers' errors share no class, but nearly all have a ``status_code``, or a response that has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

BUSY = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_TIMEOUTS = re.compile(r"Timeout")
_CONNECTIONS = re.compile(r"Connect|RemoteProtocol|ReadError|WriteError|Network")
_TOO_LONG = re.compile(r"context.?(?:length|window|size)|too (?:long|many tokens)|maximum.{0,30}tokens", re.I)
_QUOTA = re.compile(r"insufficient_quota|billing", re.I)
_LONGEST_DETAIL = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """``why`` is a key of `messages.FAILURES`. ``again`` is whether the same request may succeed soon,
    ``after`` how many seconds the server asks to wait first, None where it does not say."""

    why: str
    detail: str
    again: bool = False
    after: float | None = None


def failure_of(error: BaseException) -> Failure:
    """The failure behind an exception of a model, of its client or of the network."""
    detail = _detail(error)
    statuses = (_status(link) for link in _chain(error))
    status = next((status for status in statuses if status), None)
    if status is not None:
        return _refused(status, error, detail)
    names = " ".join(type(link).__name__ for link in _chain(error))
    if _TIMEOUTS.search(names):
        return Failure(why="slow", detail=detail)
    if _CONNECTIONS.search(names) or any(isinstance(link, OSError) for link in _chain(error)):
        return Failure(why="unreachable", detail=detail, again=True)
    return Failure(why="failed", detail=detail)


def _refused(status: int, error: BaseException, detail: str) -> Failure:
    """What an HTTP status means."""
    if status in (401, 403):
        return Failure(why="key", detail=detail)
    if status == 404:
        return Failure(why="unknown", detail=detail)
    if status in (400, 413, 422) and _TOO_LONG.search(detail):
        return Failure(why="long", detail=detail)
    if status == 429 and _QUOTA.search(detail):
        return Failure(why="quota", detail=detail)
    if status in BUSY:
        return Failure(why="busy", detail=detail, again=True, after=_retry_after(error))
    return Failure(why="failed", detail=detail)


def _status(error: BaseException) -> int | None:
    response = getattr(error, "response", None)
    for value in (getattr(error, "status_code", None), getattr(response, "status_code", None)):
        if isinstance(value, int):
            return value
    return None


def _retry_after(error: BaseException) -> float | None:
    """The seconds that the server asks to wait; None where it names none, or a date."""
    for link in _chain(error):
        headers = getattr(getattr(link, "response", None), "headers", None) or {}
        value = str(headers.get("retry-after", ""))
        if re.fullmatch(r"\d+(?:\.\d+)?", value):
            return float(value)
    return None


def _detail(error: BaseException) -> str:
    """The innermost message, on one line."""
    messages = (str(link) for link in reversed(list(_chain(error))))
    innermost = next((message for message in messages if message.strip()), "")
    whole = str(error) if _status(error) else innermost
    return " ".join((whole or type(error).__name__).split())[:_LONGEST_DETAIL]


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An exception and what caused it."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__
