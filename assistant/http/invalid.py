"""What is wrong with a value that a program has sent, in our own words: what it should be, not how it was checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

_Limits = Mapping[str, Any]
# By the name of the check that failed. Several names end alike: "int_type", "int_parsing".
_EXACT: dict[str, Callable[[_Limits], str]] = {
    "missing": lambda _: "is missing",
    "extra_forbidden": lambda _: "is not known here",
    "string_too_long": lambda given: f"must have at most {given['max_length']:,} characters",
    "string_too_short": lambda given: f"must have at least {given['min_length']:,} characters",
    "string_pattern_mismatch": lambda _: "is not written as it must be",
    "string_unicode": lambda _: "is no valid text",
    "too_long": lambda given: f"must have at most {given['max_length']:,} entries",
    "too_short": lambda given: f"must have at least {given['min_length']:,} entries",
    "greater_than_equal": lambda given: f"must be {given['ge']:,} or more",
    "greater_than": lambda given: f"must be more than {given['gt']:,}",
    "less_than_equal": lambda given: f"must be {given['le']:,} or less",
    "less_than": lambda given: f"must be less than {given['lt']:,}",
    "literal_error": lambda given: f"must be {given['expected']}",
    "enum": lambda given: f"must be {given['expected']}",
    "value_error": lambda given: str(given["error"]),
    "none_required": lambda _: "must be null",
}
_BEGINNINGS = {
    "string": "must be a text",
    "int": "must be a whole number",
    "float": "must be a number",
    "bool": "must be true or false",
    "datetime": "must be a date with a time, as in 2026-05-03T12:00:00Z",
    "date": "must be a date, as in 2026-05-03",
    "list": "must be a list",
    "tuple": "must be a list",
    "set": "must be a list",
    "dict": "must be an object",
    "model": "must be an object",
    "dataclass": "must be an object",
    "json": "is no valid JSON",
    "url": "must be a web address",
}


def in_words(kind: str, limits: Mapping[str, Any] | None = None) -> str:
    """What is said of a value that failed the check ``kind``, a type of error of pydantic's, with its ``limits``."""
    if kind in _EXACT:
        try:
            return _EXACT[kind](limits or {})
        except (KeyError, ValueError):  # a limit of another kind, as of dates
            return "is not within its limits"
    return next((words for start, words in _BEGINNINGS.items() if kind.startswith(start)), "is not valid")
