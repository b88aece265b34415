"""The days that a quote speaks of."""

from __future__ import annotations

from assistant.time_expressions.finding import TimeExpression, find_time_expressions
from assistant.types import Citation


def days_of(citation: Citation) -> tuple[TimeExpression, ...]:
    """The expressions of time in a quote, by offset in it, as its document's date tells now: editors may have corrected it."""
    return find_time_expressions(citation.quote, citation.language, citation.document.published)
