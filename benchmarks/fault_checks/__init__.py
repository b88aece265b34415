"""Faults that are not told by a quote alone: a module for each group, whose ``checks`` yields what was tried and how it ended."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A sample that was tried: ``right`` or not, and in ``seen`` what was seen instead of what would be right.

    ``language`` is an ISO 639-1 code, empty where it does not matter.
    """

    kind: str
    name: str
    right: bool
    seen: str = ""
    language: str = ""
