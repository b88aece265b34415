"""Quoted words compared with a text, word for word. Pure.

White space, punctuation, quotation marks, hyphens at the end of a line and the two spellings of umlauts ("ü", "ue") do not count. Case counts,
but for the first letter of a quotation and behind an omission. Omissions ("[…]", "(...)", "…") stand for any words of the text,
insertions ("[der Minister]") for a few or none. Offsets are code points, half-open.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ingest.text.wording import WrittenWord, words_in

LONGEST_OMISSION, LONGEST_INSERTION = 1_500, 150  # characters of the text that they stand for
MOST_SEGMENTS = 40  # between omissions: what has more is no quotation
_OMISSION = re.compile(r"\[\s*(?:…|\.(?:\s?\.){2,})\s*\]|\(\s*(?:…|\.(?:\s?\.){2,})\s*\)|…|\.(?:\s?\.){2,}")
_LETTER = re.compile(r"\[(\w)\](?=\w)")
_INSERTION = re.compile(r"\[[^\[\]]{1,120}\]")
# What is no word and changes what is said; a minus only before a figure, where it is no dash between two.
_SIGN = re.compile(r"[%‰€$£¥°§&+=×±]|(?<![\w\s])[-−–](?=\d)|(?<=\s)[-−–](?=\d)|^[-−–](?=\d)")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200d\u2060\s]+")
# A hyphen before a small letter, where the line that ended there has become a space.
_BROKEN = re.compile(r"[-\u2010]\s+(?=[a-zäöüß])")
_AS_TWO = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})

Offsets = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotedSegment:
    """Words in sequence between two omissions; after it the text may go on for ``gap`` characters before the next segment begins."""

    words: tuple[WrittenWord, ...]
    gap: int = 0


def segments_of(text: str, start: int = 0) -> tuple[QuotedSegment, ...]:
    """Quoted words, parted at omissions and insertions; ``start`` is where ``text`` begins in its draft, which offsets are counted in."""
    plain = _LETTER.sub(lambda match: f"\x00{match[1]}\x00", text)
    gaps = [(*match.span(), LONGEST_OMISSION) for match in _OMISSION.finditer(plain)]
    gaps += [
        (*match.span(), LONGEST_INSERTION)
        for match in _INSERTION.finditer(plain)
        if not _OMISSION.fullmatch(match[0])
    ]
    found: list[QuotedSegment] = []
    at = 0
    for first, last, gap in [*sorted(gaps), (len(text), len(text), 0)]:
        words = [_moved(word, start + at) for word in written(plain[at:first])] if first > at else []
        if words:
            found.append(QuotedSegment(words=tuple(words), gap=gap))
        elif found:
            found[-1] = QuotedSegment(words=found[-1].words, gap=max(gap, found[-1].gap))
        at = max(at, last)
    return tuple(found)


def _moved(word: WrittenWord, by: int) -> WrittenWord:
    return WrittenWord(word.start + by, word.end + by, word.text, word.broken)


def written(text: str) -> list[WrittenWord]:
    """The words and signs of a text in order; a letter in brackets ("[D]ie") belongs to its word."""
    words: list[WrittenWord] = []
    for word in words_in(text):
        if _BROKEN.match(text, word.end):
            word = word._replace(broken=True)
        before = words[-1] if words else None
        if before and before.end + 1 == word.start and text[before.end] == "\x00":
            words[-1] = WrittenWord(before.start, word.end, before.text + word.text, word.broken)
        else:
            words.append(word)
    signs = [WrittenWord(match.start(), match.end(), _sign(match[0])) for match in _SIGN.finditer(text)]
    return sorted([*words, *signs], key=lambda word: word.start) if signs else words


def _sign(text: str) -> str:
    return "-" if text in "-−–" else text


def verbatim_places(segments: Sequence[QuotedSegment], words: Sequence[WrittenWord]) -> Iterator[Offsets]:
    """Where all segments stand one after the other among the words of a text: from the first word to the last."""
    if not segments or len(segments) > MOST_SEGMENTS:
        return
    ends = _ends(segments, words)
    at = 0
    while at < len(words):
        end = ends[at]
        if end is not None:
            yield words[at].start, words[end - 1].end
            at = end
        else:
            at += 1


def _ends(segments: Sequence[QuotedSegment], words: Sequence[WrittenWord]) -> list[int | None]:
    """For each word the index behind the last one where all segments stand from it on; None where they don't.

    From the last segment to the first, so that time grows with their number and that of the words, however often they stand there.
    """
    last = segments[-1].words
    ends = [_segment_from(last, words, at) for at in range(len(words))]
    for segment in reversed(segments[:-1]):
        following = _next_ones(ends)
        ends = [
            None if end is None else _within_gap(end, segment.gap, following, ends, words)
            for end in (_segment_from(segment.words, words, at) for at in range(len(words)))
        ]
    return ends


def _within_gap(
    end: int, gap: int, following: Sequence[int], ends: Sequence[int | None], words: Sequence[WrittenWord]
) -> int | None:
    """The end of the rest where it begins no further than ``gap`` characters behind a segment that ends before the word ``end``."""
    start = following[end]
    if start == len(words) or words[start].start - words[end - 1].end > gap:
        return None
    return ends[start]


def _next_ones(ends: Sequence[int | None]) -> list[int]:
    """For each index the first one from it on that has an end; their number where there is none."""
    following = [len(ends)] * (len(ends) + 1)
    for at in range(len(ends) - 1, -1, -1):
        following[at] = at if ends[at] is not None else following[at + 1]
    return following


def omitted_places(segments: Sequence[QuotedSegment], words: Sequence[WrittenWord]) -> Iterator[Offsets]:
    """What of a text, in which the segments stand from the first of ``words`` on, stands between each two of them; it may be empty."""
    end = _segment_from(segments[0].words, words, 0)
    for number in range(1, len(segments)):
        following = next(
            (
                at
                for at, last in enumerate(_ends(segments[number:], words))
                if last is not None and at >= (end or 0)
            ),
            None,
        )
        if end is None or following is None:
            return
        yield words[end - 1].end, words[following].start
        end = _segment_from(segments[number].words, words, following)


def _segment_from(quoted: Sequence[WrittenWord], words: Sequence[WrittenWord], at: int) -> int | None:
    """The index behind the last word of a segment that stands from the word ``at`` on; None where it doesn't."""
    waiting, seen = [(0, at)], {(0, at)}
    while waiting:
        mine, theirs = waiting.pop()
        if mine == len(quoted):
            return theirs
        if theirs >= len(words):
            continue
        for own, next_mine in _readings(quoted, mine):
            for other, next_theirs in _readings(words, theirs):
                following = (next_mine, next_theirs)
                if following not in seen and same_word(own, other, first=mine == 0):
                    seen.add(following)
                    waiting.append(following)
    return None


def _readings(words: Sequence[WrittenWord], at: int) -> Iterator[tuple[str, int]]:
    """The word at an index, and where it is broken the same joined with what follows, each with the index behind it."""
    text = words[at].text
    yield text, at + 1
    while words[at].broken and at + 1 < len(words):
        at += 1
        text += words[at].text
        yield text, at + 1


def same_word(one: str, other: str, *, first: bool = False) -> bool:
    """Whether two words are the same letter for letter; of the ``first`` of a quotation its first letter may be small or large."""
    if one == other:
        return True
    mine, yours = forms(one), forms(other)
    if not mine.isdisjoint(yours):
        return True
    return first and not {_uncapitalised(form) for form in mine}.isdisjoint(map(_uncapitalised, yours))


def _uncapitalised(word: str) -> str:
    return word[:1].lower() + word[1:]


@lru_cache(maxsize=200_000)
def forms(word: str) -> frozenset[str]:
    """How a word may be written: as it is, and with its umlauts as two letters."""
    composed = unicodedata.normalize("NFC", _INVISIBLE.sub("", word))
    return frozenset((composed, composed.translate(_AS_TWO)))


@lru_cache(maxsize=200_000)
def key_of(word: str) -> str:
    """What words that may be compared more closely have in common: that of "würde" is that of "Würde"."""
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", word)).lower().translate(_AS_TWO)


def joined(words: Sequence[WrittenWord]) -> list[WrittenWord]:
    """The words, those broken at the end of a line as one with what follows."""
    found: list[WrittenWord] = []
    goes_on = False
    for word in words:
        if goes_on:
            last = found[-1]
            found[-1] = WrittenWord(last.start, word.end, last.text + word.text)
        else:
            found.append(WrittenWord(word.start, word.end, word.text))
        goes_on = word.broken
    return found
