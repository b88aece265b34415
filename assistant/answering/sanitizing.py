"""Generated Markdown reduced as it streams: to plain text and citation markers, whatever a model writes.

No image, link, HTML tag or bare address survives in a form that a program which shows Markdown could load or
follow. What is left of them is their words. Feeding the text in any pieces gives the same result.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.answering.citations import WORD_JOINER

# What a model writes, as its prompt says, where the documents do not answer.
REFUSAL = "NOANSWER"
# A construct longer than this is text: what is held back while it is unfinished must end some time.
_LONGEST = 400
_NUMBERS = r"\^?\d{1,4}(?:\s{0,2}[,;–-]\s{0,2}\^?\d{1,4}){0,20}"
_CONSTRUCT = re.compile(
    rf"""
    \[\s?(?P<numbers>{_NUMBERS})\s?\] | 【(?P<other>{_NUMBERS})[^】\[\]\n]{{0,40}}】
  | !?\[(?P<words>[^\[\]\n]{{0,{_LONGEST}}})\]\([^()\n]{{0,{_LONGEST}}}\)
  | (?P<tag></?[A-Za-z!?][^<>\n]{{0,{_LONGEST}}}>)
  | (?P<strong>\*\*)
  | (?P<angle><(?![\s\d=]))
  | (?P<refusal>{REFUSAL})
    """,
    re.VERBOSE,
)
# What may yet become a construct, at the end of what has come so far.
_UNFINISHED = re.compile(
    rf"""(?:
    !?\[[^\[\]\n]{{0,{_LONGEST}}}(?:\](?:\([^()\n]{{0,{_LONGEST}}})?)?
  | 【[^】\[\]\n]{{0,160}}
  | !
  | <[^<>\n]{{0,{_LONGEST + 2}}}
  | \*+
  | {"|".join(REFUSAL[:length] for length in range(len(REFUSAL) - 1, 0, -1))}
    )\Z""",
    re.VERBOSE,
)
# Where a link, an address or a tag becomes one.
_LIVE = re.compile(r"(?<=\])(?=[(:])|(?<=:)(?=//)|(?<=www)(?=\.)|(?<=<)(?=[a-z/!?])", re.IGNORECASE)
_TAIL = 3  # how many characters of what was given out decide whether the next ones join them to an address


@dataclass(frozen=True, slots=True)
class CitationMarker:
    """Citations, by the numbers that the model was given."""

    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RefusalMarker:
    """The model says that nothing answers."""


OutputPart = str | CitationMarker | RefusalMarker


class Sanitizer:
    """`feed` it the text as it comes, then `finish`; both give what is sure by then."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, text: str) -> Iterator[OutputPart]:
        self._held += text
        unfinished = _UNFINISHED.search(self._held)
        sure = unfinished.start() if unfinished else len(self._held)
        done, self._held = self._held[:sure], self._held[sure:]
        yield from reduced(done)

    def finish(self) -> Iterator[OutputPart]:
        """What is left."""
        done, self._held = self._held, ""
        yield from reduced(done)


def reduced(text: str) -> Iterator[OutputPart]:
    """The words and markers of a whole text."""
    position = 0
    for found in _CONSTRUCT.finditer(text):
        if found.start() > position:
            yield text[position : found.start()]
        yield from _left_of(found)
        position = found.end()
    if position < len(text):
        yield text[position:]


def _left_of(found: re.Match[str]) -> Iterator[OutputPart]:
    """What is left of a construct."""
    numbers = found["numbers"] or found["other"]
    if numbers:
        yield CitationMarker(tuple(_counted(numbers)))
    elif found["words"]:
        yield from reduced(found["words"])
    elif found["angle"]:
        yield "‹"
    elif found["refusal"]:
        yield RefusalMarker()


def _counted(numbers: str) -> Iterator[int]:
    """The numbers of "3, 5" or of "3-5"; of a stretch that is none, both ends."""
    for part in re.split(r"[,;]", numbers.replace("^", "")):
        ends = [int(one) for one in re.findall(r"\d+", part)]
        yield from range(ends[0], ends[1] + 1) if len(ends) == 2 and 0 < ends[1] - ends[0] < 10 else ends


def harmless(text: str, before: str) -> str:
    """``text``, to be shown right after ``before``, such that the two together hold no link and no address.

    Links, in every form that Markdown has, need "](" or "]:"; what programs take for an address by itself
    begins with "://" or "www.".
    """
    shown = before[-_TAIL:]
    kept = len(shown)
    for letter in text:
        if shown[-1:] == "]" and letter in "(:":
            shown += " "
        elif (shown[-1:] == ":" and letter == "/") or (letter == "." and shown[-3:].lower() == "www"):
            shown += WORD_JOINER
        shown += letter
    return shown[kept:]


def defused(text: str) -> str:
    """Source text in which a program that shows Markdown finds nothing to load or to follow, though it looks the same."""
    return _LIVE.sub(WORD_JOINER, text)
