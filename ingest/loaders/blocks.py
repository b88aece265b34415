"""Building a document's text out of blocks, so that every heading's offset is known, not searched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ingest.loaders.clean import clean, one_line
from ingest.types import Heading


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
