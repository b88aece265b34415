"""Where words of a document stand in the text of the page that they came from. Pure.

The two differ in white space, in hyphens that only divide a word, and where columns, notes or running heads stand between.
Letters are compared one by one, and what stands between two letters has to fit: "an other" is not "another".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

Range = tuple[int, int]

_HYPHENS = "-\ufffe"  # PDFium puts the second where a word seems to be divided
# A bar parts the cells of a row that a page has side by side.
_BETWEEN = re.compile(r"[-|\s\0-\x1f\x7f-\x9f\u00ad\ufeff\ufffe\uffff]")
_DIVIDES = re.compile(r"\ufffe|-\s+\Z")
_CLOSING = ",.;:!?)"
CONTEXT = 300  # characters on either side that tell equal words apart
_ENOUGH = 18  # letters of a piece and on one side of it that have to be the same, for it to be the one that is meant
_MOST_PIECES, _MOST_SKIPPED = 24, 40


@dataclass(frozen=True, slots=True, kw_only=True)
class PageQuote:
    """Words of a page as the document has them, with what stands before and after them on that page."""

    words: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class _Letters:
    """The letters and signs of a text without what may stand between them; ``at`` has the place of each in the text."""

    text: str
    signs: str
    at: tuple[int, ...]

    def between(self, number: int) -> str | None:
        """What stands before a letter since the one before it; None at both ends of the text."""
        if not 0 < number < len(self.at):
            return None
        return self.text[self.at[number - 1] + 1 : self.at[number]]

    @cached_property
    def word_ends(self) -> list[int]:
        """The numbers of the letters before which white space stands, and that after the last one."""
        ends = [number for number in range(1, len(self.at)) if _has_space(self.between(number))]
        return [*ends, len(self.at)]


def align(quote: PageQuote, page: str) -> tuple[list[Range], bool]:
    """The ranges of ``page``, its text as the PDF has it, where the words stand, and whether those are all of them.

    Words of which it is not certain where they stand are left out.
    """
    said = _letters(quote.before + quote.words + quote.after)
    first, last = len(quote.before), len(quote.before) + len(quote.words)
    numbers = [number for number, at in enumerate(said.at) if first <= at < last]
    if not numbers:
        return [], False
    there = _letters(page)
    found: list[Range] = []
    whole = True
    start, end = numbers[0], numbers[-1] + 1
    for _ in range(_MOST_PIECES + _MOST_SKIPPED):
        if start >= end or len(found) > _MOST_PIECES:
            break
        stop, at = _longest(said, there, start, end)
        if at is None:
            whole = False
        else:
            found.append((there.at[at], there.at[at + stop - start - 1] + 1))
        start = stop
    return found, whole and start >= end


def _letters(text: str) -> _Letters:
    signs, at = [], []
    for place, sign in enumerate(text):
        if _BETWEEN.match(sign):
            continue
        parts = unicodedata.normalize("NFD", sign)
        signs.append(parts)
        at += [place] * len(parts)
    return _Letters(text, "".join(signs), tuple(at))


def _longest(said: _Letters, there: _Letters, start: int, end: int) -> tuple[int, int | None]:
    """Where the longest piece of whole words ends that stands on the page at one certain place, and that place.

    None for the place where not even the first word does.
    """
    stops = [stop for stop in said.word_ends if start < stop < end] + [end]
    low, high = 0, len(stops)  # the first `low` stops occur, the one at `high` does not
    while low < high:
        middle = (low + high) // 2
        if next(_occurrences(said, there, start, stops[middle]), None) is None:
            high = middle
        else:
            low = middle + 1
    for stop in reversed(stops[:low]):
        at = _certain(said, there, start, stop)
        if at is not None:
            return stop, at
    return stops[0], None


def _certain(said: _Letters, there: _Letters, start: int, stop: int) -> int | None:
    """The place whose surroundings fit best; None where two fit equally well, or where too little does."""
    best: list[tuple[int, int]] = []
    for at in _occurrences(said, there, start, stop):
        around = _alike(said, there, start, at, -1), _alike(said, there, stop, at + stop - start, 1)
        room = min(_ENOUGH, max(start, len(said.at) - stop) + stop - start)
        if max(around) + stop - start >= room:
            best.append((sum(around), at))
    best.sort(reverse=True)
    if not best or (len(best) > 1 and best[0][0] == best[1][0]):
        return None
    return best[0][1]


def _occurrences(said: _Letters, there: _Letters, start: int, stop: int) -> Iterator[int]:
    """The numbers of the letters on the page where the piece begins, with the same between letters."""
    piece = said.signs[start:stop]
    at = there.signs.find(piece)
    while at >= 0:
        if all(_fits(said, there, start + step, at + step) for step in range(stop - start + 1)):
            yield at
        at = there.signs.find(piece, at + 1)


def _alike(said: _Letters, there: _Letters, number: int, at: int, step: int) -> int:
    """How many letters are the same from here on, backwards for a ``step`` of -1."""
    count = 0
    number, at = (number, at) if step > 0 else (number - 1, at - 1)
    while 0 <= number < len(said.at) and 0 <= at < len(there.at) and said.signs[number] == there.signs[at]:
        count, number, at = count + 1, number + step, at + step
    return count


def _fits(said: _Letters, there: _Letters, number: int, at: int) -> bool:
    """Whether what stands before a letter of the document can have come from what stands before that of the page."""
    ours, theirs = said.between(number), there.between(at)
    if ours is None or theirs is None:  # the page begins or ends here, in the document or in the PDF
        return not _cuts(said, number, ours) and not _cuts(there, at, theirs)
    if ours == theirs or (_has_space(ours) and _has_space(theirs) and _hyphens(ours) == _hyphens(theirs)):
        return True
    if _DIVIDES.search(theirs):
        return _hyphens(ours) <= 1
    closing = there.signs[at] in _CLOSING
    return _hyphens(ours) == _hyphens(theirs) and (_has_space(ours) == _has_space(theirs) or closing)


def _cuts(letters: _Letters, number: int, between: str | None) -> bool:
    """Whether a word goes on across a place, as nothing stands there between two letters."""
    return between == "" and letters.signs[number - 1].isalnum() and letters.signs[number].isalnum()


def _has_space(between: str | None) -> bool:
    return any(sign.isspace() for sign in between or "")


def _hyphens(between: str) -> int:
    return sum(between.count(sign) for sign in _HYPHENS)


def spans_of(page_starts: Sequence[int], length: int, number: int) -> Range | None:
    """The range of a page, counted from 1, in the text of a document of that ``length``; None if it has no such page."""
    if not 1 <= number <= len(page_starts):
        return None
    ends = [*page_starts[1:], length]
    return page_starts[number - 1], ends[number - 1]
