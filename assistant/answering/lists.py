"""The list that a sentence announces: "Three things spoke for it:" says nothing without what follows."""

from __future__ import annotations

import re

LONGEST_LIST = 800  # characters
_ANNOUNCES = re.compile(r":[\s*_\"”“»«]*$")
_BEGINS = re.compile(r"[ \t]*\n(?:[ \t]*\n)?(?=[ \t]*(?:[-–—•*·▪◦‣]|\(?\d{1,2}[.)]|\(?[a-z]\))[ \t]+\S)")
_ITEM = re.compile(r"[ \t]*(?:[-–—•*·▪◦‣]|\(?\d{1,2}[.)]|\(?[a-z]\))[ \t]+\S[^\n]*")
_BETWEEN = re.compile(r"[ \t]*\n(?:[ \t]*\n)?")


def announces(sentence: str) -> bool:
    """Whether a sentence ends with a colon."""
    return bool(_ANNOUNCES.search(sentence))


def list_end(text: str, end: int) -> int:
    """Where the list ends that follows ``end`` in ``text``, by whole items up to `LONGEST_LIST`; ``end`` where none follows."""
    begin = _BEGINS.match(text, end)
    if begin is None:
        return end
    last, at = end, begin.end()
    while (item := _ITEM.match(text, at)) and item.end() - end <= LONGEST_LIST:
        last = item.end()
        between = _BETWEEN.match(text, last)
        if between is None:
            break
        at = between.end()
    return end + len(text[end:last].rstrip())
