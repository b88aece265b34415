"""Blocks of text, cleaned, and a document's text built out of them, so that every heading's offset is known, not searched."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from ingest.types import Heading

# Line, page and paragraph separators of other systems; made line feeds so that no words stick together.
_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# Control characters, soft hyphens (they hide words from search), byte order marks, the two non-characters.
_DROPPED = re.compile("[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\ufeff\ufffe\uffff]+")
_SURROGATES = re.compile("[\ud800-\udfff]")
_SPACE = re.compile(r"\s+")


def clean(text: str) -> str:
    """``text`` in NFC, with line feeds only, without control characters, trimmed; else unchanged.

    Cleaning twice changes nothing.
    """
    text = _BREAKS.sub("\n", _DROPPED.sub("", text))
    return unicodedata.normalize("NFC", _SURROGATES.sub("\ufffd", text)).strip()


def one_line(text: str) -> str:
    """``text`` cleaned, every run of white space made one space."""
    return _SPACE.sub(" ", clean(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph, heading, list item or table row. Within a ``group`` no empty line is between."""

    text: str
    heading: bool = False
    group: str = ""


def compose(blocks: Iterable[Block]) -> tuple[str, tuple[Heading, ...]]:
    """The text of all blocks that are not blank, with an empty line between two groups."""
    parts: list[str] = []
    headings: list[Heading] = []
    length = 0
    group = ""
    for block in blocks:
        text = one_line(block.text) if block.heading else clean(block.text)
        if not text:
            continue
        gap = "" if not parts else "\n" if group and block.group == group else "\n\n"
        if block.heading:
            headings.append(Heading(start=length + len(gap), text=text))
        parts += gap, text
        length += len(gap) + len(text)
        group = block.group
    return "".join(parts), tuple(headings)


def compose_pages(
    pages: Iterable[Iterable[Block]],
) -> tuple[str, tuple[Heading, ...], tuple[int, ...]]:
    """The text of all pages, its headings, and where each page begins; one without text begins where the next one does."""
    text, waiting = "", 0
    headings: list[Heading] = []
    starts: list[int] = []
    for page in pages:
        words, found = compose(page)
        waiting += 1
        if words:
            text += "\n\n" if text else ""
            starts += [len(text)] * waiting
            headings += (Heading(start=len(text) + one.start, text=one.text) for one in found)
            text, waiting = text + words, 0
    return text, tuple(headings), (*starts, *[len(text)] * waiting)
