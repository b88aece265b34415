"""The id of the request that is being answered: from its sender, or made here."""

from __future__ import annotations

import re
import uuid
from contextvars import ContextVar

HEADER = "X-Request-ID"
_GOOD = re.compile(r"[\w.:-]{1,64}", re.ASCII)
_current: ContextVar[str] = ContextVar("request_id", default="")


def request_id() -> str:
    """Empty outside of requests."""
    return _current.get()


def begin(sent: str) -> str:
    """Use the id that the sender gave if it can stand in a log, or else a new one; returns it."""
    chosen = sent if _GOOD.fullmatch(sent) else uuid.uuid4().hex
    _current.set(chosen)
    return chosen
