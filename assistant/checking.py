"""Whether the quotes of a statement bear it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.lexicon import Lexicon
from assistant.phrases import say
from assistant.types import Support

_UNCITED = {"en": "No source is cited for this.", "de": "Dafür ist keine Quelle angegeben."}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """``reason`` is in words; empty where ``supported`` is "yes"."""

    supported: Support
    reason: str


def check(
    statement: str,
    quotes: Sequence[str],
    surroundings: Sequence[str],
    *,
    language: str,
    lexicon: Lexicon,
    similarity: float | None = None,
) -> Verdict:
    """Whether anything is cited for ``statement`` at all."""
    if not quotes:
        return Verdict(supported="no", reason=say(_UNCITED, language))
    return Verdict(supported="not checked", reason="")
