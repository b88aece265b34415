"""Citations: their markers in a text, their numbers, and the check that a quote is the document's text at its offsets.

A marker is one number or several in square brackets: "[1]", "[1, 2]". This module alone knows how it is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from assistant.errors import Outdated
from assistant.types import Citation, Statement
from ingest.types import Record, version_of

# Bounded, so that a text that is still being written need not be held back without end.
NUMBER = r"\d{1,9}"
_SPACE = r"[^\S\n]{0,2}"
MARKER = re.compile(rf"\[({NUMBER}(?:{_SPACE},{_SPACE}{NUMBER}){{0,20}})\]")
_OPENED = re.compile(r"(?<=\[)(?=\d)")
_SPACED_MARKER = re.compile(rf"\s*{MARKER.pattern}")
# An invisible joiner keeps a source's own "[3]" from reading as one of our citations.
WORD_JOINER = "\u2060"


class Misquote(AssertionError):
    """A quote that is not the document's text: a defect of this program, never shown to anybody."""


def verified(citations: Sequence[Citation], text_of: Callable[[Record], str]) -> tuple[Citation, ...]:
    """The citations, each with the version of its document's text. Raises `Misquote` unless every quote is that text.

    Raises `Outdated` where a document has been removed or replaced since it was retrieved.
    """
    checked: list[Citation] = []
    for citation in citations:
        text = text_of(citation.document)
        if not text:
            raise Outdated("The documents changed while they were being quoted. Ask again.")
        if text[citation.start : citation.end] != citation.quote:
            raise Misquote(f"[{citation.number}] is not what {citation.document.source} says there")
        if not citation.version:  # an earlier release has stored the document
            document = replace(citation.document, text_version=version_of(text))
            citation = replace(citation, document=document)
        checked.append(citation)
    return tuple(checked)


def numbered(
    statements: Sequence[Statement], citations: Sequence[Citation]
) -> tuple[tuple[Statement, ...], tuple[Citation, ...]]:
    """Both with citations numbered 1..n in order of appearance; citations without a statement are left out."""
    by_number = {citation.number: citation for citation in citations}
    order = dict.fromkeys(n for statement in statements for n in statement.citations if n in by_number)
    new = {old: number for number, old in enumerate(order, 1)}
    renumbered = tuple(
        replace(statement, citations=tuple(new[n] for n in statement.citations if n in new))
        for statement in statements
    )
    return renumbered, tuple(replace(by_number[old], number=number) for old, number in new.items())


def parts(text: str) -> Iterator[str | tuple[int, ...]]:
    """The text in order: its words as strings, each marker as the numbers in it. Empty strings are left out."""
    position = 0
    for match in MARKER.finditer(text):
        if match.start() > position:
            yield text[position : match.start()]
        yield tuple(int(number) for number in match[1].split(","))
        position = match.end()
    if position < len(text):
        yield text[position:]


def markers(text: str) -> tuple[int, ...]:
    """The citation numbers in a text, in order of first appearance."""
    return tuple(dict.fromkeys(n for part in parts(text) if isinstance(part, tuple) for n in part))


def unmarked(text: str) -> str:
    """The text without its markers and the white space before them."""
    return _SPACED_MARKER.sub("", text)


def without_markers(text: str) -> str:
    """Source text that looks the same, but in which nothing reads as a citation marker."""
    return MARKER.sub(lambda match: f"[{WORD_JOINER}{match[1]}]", text)


def unfinished_without_markers(text: str, before: str) -> str:
    """`without_markers` for text that streams, to stand after ``before``: no text after it can complete a marker."""
    tail = before[-1:]
    return _OPENED.sub(WORD_JOINER, tail + text)[len(tail) :]
