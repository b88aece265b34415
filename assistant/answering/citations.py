"""Citations made and checked: a quote is what stands in the document at its offsets, or it is not shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.errors import Outdated
from assistant.types import Citation, Statement
from ingest.types import Record

_MARKER = re.compile(r"\[(\d+(?:\s*,\s*\d+)*)\]")
# An invisible joiner keeps a source's own "[3]" from reading as one of our citations.
WORD_JOINER = "\u2060"


class Misquote(AssertionError):
    """A quote that is not what the document says: a defect of ours, never shown to anybody."""


def verify(citations: Sequence[Citation], text_of: Callable[[Record], str]) -> None:
    """Raise `Misquote` unless every quote is its document's text at its offsets.

    Raises `Outdated` where a document has been removed or replaced since it was found.
    """
    for citation in citations:
        text = text_of(citation.document)
        if not text:
            raise Outdated("The documents changed while they were being quoted. Ask again.")
        if text[citation.start : citation.end] != citation.quote:
            raise Misquote(f"[{citation.number}] is not what {citation.document.source} says there")


def numbered(
    statements: Sequence[Statement], citations: Sequence[Citation]
) -> tuple[tuple[Statement, ...], tuple[Citation, ...]]:
    """Both with citations numbered 1..n in order of appearance; what no statement cites is left out."""
    by_number = {citation.number: citation for citation in citations}
    order = dict.fromkeys(n for statement in statements for n in statement.citations if n in by_number)
    new = {old: number for number, old in enumerate(order, 1)}
    renumbered = tuple(
        replace(statement, citations=tuple(new[n] for n in statement.citations if n in new))
        for statement in statements
    )
    return renumbered, tuple(replace(by_number[old], number=number) for old, number in new.items())


def markers(text: str) -> tuple[int, ...]:
    """The citation numbers in a text, in order of first appearance."""
    found = (int(n) for match in _MARKER.finditer(text) for n in match.group(1).split(","))
    return tuple(dict.fromkeys(found))


def without_markers(text: str) -> str:
    """Source text in which nothing reads as a citation marker, though it looks the same."""
    return _MARKER.sub(lambda match: f"[{WORD_JOINER}{match.group(1)}]", text)
