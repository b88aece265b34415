"""Markdown made harmless: no image, link, HTML tag or bare address is left for a program to load or follow.

`Sanitizer` and `reduced` take what a language model writes, and leave plain text and citation markers; of links and
images their words. The text may come in any pieces: the result is the same. `defused` takes text that is to look as
it is written: source text, and what the sanitizer has left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.answering.citations import NUMBER, WORD_JOINER

# What a model writes, as its prompt says, where the documents do not answer.
REFUSAL = "NOANSWER"
# A construct longer than this is text: the unfinished end of a stream is held back no longer.
_LONGEST = 400
_SPACE = r"[^\S\n]{0,2}"
_NUMBERS = rf"\^?{NUMBER}(?:{_SPACE}[,;–-]{_SPACE}\^?{NUMBER}){{0,20}}"
_CONSTRUCT = re.compile(
    rf"""
    \[{_SPACE}(?P<numbers>{_NUMBERS}){_SPACE}\] | 【(?P<other>{_NUMBERS})[^】\[\]\n]{{0,40}}】
  | !?\[(?P<words>[^\[\]\n]{{0,{_LONGEST}}})\]\([^()\n]{{0,{_LONGEST}}}\)
  | (?P<tag></?[A-Za-z!?][^<>\n]{{0,{_LONGEST}}}>)
  | (?P<strong>\*\*)
  | (?P<angle><(?![\s\d=]))
  | (?P<refusal>{REFUSAL})
    """,
    re.VERBOSE,
)
# The end of an unfinished text that may still become a construct.
_UNFINISHED = re.compile(
    rf"""(?:
    !?\[[^\[\]\n]{{0,{_LONGEST}}}(?:\](?:\([^()\n]{{0,{_LONGEST}}})?)?
  | 【[^】\[\]\n]{{0,{_LONGEST}}}
  | !
  | <[^<>\n]{{0,{_LONGEST + 2}}}
  | \*+
  | {"|".join(REFUSAL[:length] for length in range(len(REFUSAL) - 1, 0, -1))}
    )\Z""",
    re.VERBOSE,
)
# The places at which text becomes a link, an address or a tag: links of every form need "](" or "]:", programs take
# for an address by itself what begins with "://" or "www.". One character after each place decides, so that text can
# be defused as it streams.
_LIVE = re.compile(r"(?<=\])(?=[(:])|(?<=:)(?=/)|(?<=www)(?=\.)|(?<=<)(?=[a-z/!?])", re.IGNORECASE)
_TAIL = 3  # characters before such a place that decide


@dataclass(frozen=True, slots=True)
class CitationMarker:
    """Citations, by the numbers in the prompt."""

    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RefusalMarker:
    """The model says that the documents do not answer."""


OutputPart = str | CitationMarker | RefusalMarker


class Sanitizer:
    """`feed` it the text as it comes, then `finish`; both return the parts that can no longer change."""

    def __init__(self) -> None:
        self._pending = ""

    def feed(self, text: str) -> Iterator[OutputPart]:
        self._pending += text
        unfinished = _UNFINISHED.search(self._pending)
        end = unfinished.start() if unfinished else len(self._pending)
        done, self._pending = self._pending[:end], self._pending[end:]
        yield from reduced(done)

    def finish(self) -> Iterator[OutputPart]:
        """The rest, which was held back."""
        done, self._pending = self._pending, ""
        yield from reduced(done)


def reduced(text: str) -> Iterator[OutputPart]:
    """The words and markers of a whole text."""
    position = 0
    for construct in _CONSTRUCT.finditer(text):
        if construct.start() > position:
            yield text[position : construct.start()]
        yield from _remains(construct)
        position = construct.end()
    if position < len(text):
        yield text[position:]


def _remains(construct: re.Match[str]) -> Iterator[OutputPart]:
    """The parts that a construct is reduced to."""
    numbers = construct["numbers"] or construct["other"]
    if numbers:
        yield CitationMarker(tuple(_expanded(numbers)))
    elif construct["words"]:
        yield from reduced(construct["words"])
    elif construct["angle"]:
        yield "‹"
    elif construct["refusal"]:
        yield RefusalMarker()


def _expanded(numbers: str) -> Iterator[int]:
    """The numbers of "3, 5" or of "3-5"; only both ends of a range that is reversed or has more than ten."""
    for part in re.split(r"[,;]", numbers.replace("^", "")):
        ends = [int(number) for number in re.findall(r"\d+", part)]
        yield from range(ends[0], ends[1] + 1) if len(ends) == 2 and 0 < ends[1] - ends[0] < 10 else ends


def defused(text: str, before: str = "") -> str:
    """``text`` that looks the same, but in which a program that shows Markdown finds no link, address or tag.

    ``before`` is the text that it will stand after, defused itself: together they have none either.
    """
    tail = before[-_TAIL:]
    return _LIVE.sub(WORD_JOINER, tail + text)[len(_LIVE.sub(WORD_JOINER, tail)) :]
