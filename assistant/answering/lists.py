"""What says nothing without what follows: a sentence that announces a list ("Three things spoke for it:"), and what an item or a
paragraph begins with ("2. Bees.").
"""

from __future__ import annotations

import re

from ingest.text.sentences import sentence_spans

LONGEST_LIST, LONGEST_ITEM = 800, 500  # characters
_ANNOUNCES = re.compile(r":[\s*_\"”“»«]*$")
_BEGINS = re.compile(r"[ \t]*\n(?:[ \t]*\n)?(?=[ \t]*(?:[-–—•*·▪◦‣]|\(?\d{1,2}[.)]|\(?[a-z]\))[ \t]+\S)")
_ITEM = re.compile(r"[ \t]*(?:[-–—•*·▪◦‣]|\(?\d{1,2}[.)]|\(?[a-z]\))[ \t]+\S[^\n]*")
_BETWEEN = re.compile(r"[ \t]*\n(?:[ \t]*\n)?")

# At most so many words, after a number or without one, are called by it and not a sentence.
_MOST_NUMBERED, _MOST = 5, 2
_NUMBERED = re.compile(
    r"(?:[-–•*] )?(?:\(?\d{1,2}[.)]|\(?[a-z]\)|(?:TOP|Item|Punkt) \d{1,2}[:.]?)[ \t]+(?=[^\W\d])", re.I
)


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


def is_called(text: str, start: int, end: int) -> bool:
    """Whether ``text`` from ``start`` to ``end`` is only what the item or paragraph that begins there is called."""
    if text[text.rfind("\n", 0, start) + 1 : start].strip("*_ \t-–•") or not _rest(text, end).strip("*_ \t"):
        return False
    numbered = _NUMBERED.match(text, start, end)
    words = text[numbered.end() if numbered else start : end].split()
    return 0 < len(words) <= (_MOST_NUMBERED if numbered else _MOST) and text[start:end].rstrip(
        "*_ "
    ).endswith((".", ":"))


def item_end(text: str, end: int, language: str) -> int:
    """Where what begins before ``end`` is whole: at the end of its paragraph, or, of one longer than `LONGEST_ITEM`, of its next sentence."""
    rest = _rest(text, end).rstrip()
    if len(rest) <= LONGEST_ITEM:
        return end + len(rest)
    spans = sentence_spans(rest, language)
    return end + next((one.end for one in spans if rest[: one.end].strip()), len(rest))


def _rest(text: str, start: int) -> str:
    """What stands from ``start`` to the end of its line."""
    line = text.find("\n", start)
    return text[start : len(text) if line < 0 else line]
