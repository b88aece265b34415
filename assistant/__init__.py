"""Answering questions over an index of articles, with citations."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.core import Assistant
    from assistant.settings import Settings

__all__ = ["Assistant", "Settings"]

_PLACES = {"Assistant": "assistant.core", "Settings": "assistant.settings"}


def __getattr__(name: str) -> object:
    """The two names, imported when they are asked for: a command that goes through a server needs neither's libraries."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_PLACES[name]), name)
