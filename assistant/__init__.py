"""Answering questions over an index of articles, with citations."""

from assistant.core import Assistant
from assistant.settings import Settings

__all__ = ["Assistant", "Settings"]
