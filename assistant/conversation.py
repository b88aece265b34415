"""Follow-up questions made standalone by carrying over what the last question was about."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.types import Turn

_FOLLOWS = re.compile(
    r"^\W*(?:and|und|but|aber|also|what about|how about|why|warum|wieso)\b"
    r"|\b(?:he|she|they|him|her|them|his|their|it|its|that|this|er|sie|ihn|ihm|ihr|ihnen|seine?[mnrs]?|ihre?[mnrs]?|dazu|darüber|davon|damit)\b",
    re.I,
)


def standalone(question: str, history: Sequence[Turn]) -> str:
    """What to search for: the question, preceded by the last one where it leans on it."""
    if not history or not _FOLLOWS.search(question):
        return question
    return f"{history[-1].question.strip()[:500]} {question}"
