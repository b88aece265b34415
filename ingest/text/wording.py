"""Words as they are written, to be found word for word: their places, their spelling, and phrases of them. Pure.

Case, accents and punctuation do not count; "ü" is also "ue". Unlike `folding` it does not go by sound: "Rate" is not "Ratte".
A word broken by a hyphen at the end of a line is both its halves and the whole. Offsets are code points, half-open.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

# Counts up whenever words are cut or spelled otherwise: what was indexed before is then indexed anew.
EDITION = 1
LONGEST_WORD = 64  # characters of a word that the index tells apart

# Scripts that put no space between words: there every sign is a word.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# What no letter is, and belongs to the one before: accents, vowel signs, what joins letters and what may part them.
_MARKS = "".join(sign for sign in map(chr, range(0x300, 0x10000)) if unicodedata.category(sign)[0] == "M")
_INSIDE = rf"[{_MARKS}\u200c\u200d]|\u00ad(?:[ \t]*\r?\n[ \t]*(?=\w))?"
_SPACED = rf"[^\W_{_UNSPACED}]"
# A number is one word as it is written: 5 is not in 12.5.
_WORD = re.compile(
    rf"{_SPACED}+(?:(?:{_INSIDE}|(?<=\d)[.,:](?=\d)){_SPACED}*)*|(?=[{_UNSPACED}])\w[{_MARKS}]*"
)
_HYPHENS = "-\u2010"
_BROKEN = re.compile(rf"[{_HYPHENS}][ \t]*\r?\n[ \t]*")
_INVISIBLE = re.compile(r"[\u00ad\u200c\u200d\s]+")
# Accents that count for nothing after a Latin or Greek letter, and the vowel points of Hebrew and Arabic, which are
# mostly left out. In other scripts such a mark makes another letter, as in "й" and "が"; but "ё" is often written "е".
_ACCENTS = re.compile("(?<=[a-z\u0370-\u03ff\u0300-\u036f])[\u0300-\u036f]+|(?<=е)\u0308")
_POINTS = re.compile("[\u0591-\u05c7\u064b-\u065f\u0670]")
_LETTERS = str.maketrans(
    {"ł": "l", "ı": "i", "đ": "d", "ð": "d", "ø": "o", "æ": "ae", "œ": "oe", "þ": "th", "ς": "σ"}
)
_AS_TWO = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_TWO = re.compile("a[ae]+|[ou]e+")
_SEARCHED = re.compile(r'["“”„‟«»]([^"“”„‟«»]*)(?:["“”„‟«»]|$)|([^\s"“”„‟«»]+)')


class WrittenWord(NamedTuple):  # made for every word of every document: a dataclass takes three times as long
    """A word of a text; ``broken`` where a hyphen at the end of the line stands between it and the next one."""

    start: int
    end: int
    text: str
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in sequence, as somebody has written them; at least one."""

    words: tuple[str, ...]


def words_in(text: str, begin: int = 0, end: int | None = None) -> list[WrittenWord]:
    """The words of a text in order; only those from ``begin`` to ``end``, where the last one may be cut.

    >>> [word.text for word in words_in("Berlin-Mitte, 12.5 %")]
    ['Berlin', 'Mitte', '12.5']
    """
    found = list(_WORD.finditer(text, begin, len(text) if end is None else end))
    broken = [
        text[one.end()] in _HYPHENS and _BROKEN.fullmatch(text, one.end(), other.start()) is not None
        for one, other in pairwise(found)
    ]
    last = [False] if found else []
    return [
        WrittenWord(match.start(), match.end(), match[0], breaks)
        for match, breaks in zip(found, [*broken, *last], strict=True)
    ]


def phrases_in(query: str) -> tuple[Phrase, ...]:
    """What a query looks for: each phrase in quotation marks, and each word outside of them; each once.

    >>> [phrase.words for phrase in phrases_in('dredging "Eighty metres"')]
    [('dredging',), ('Eighty', 'metres')]
    """
    parts = (match[1] if match[1] is not None else match[2] for match in _SEARCHED.finditer(query))
    phrases = (Phrase(tuple(word.text for word in words_in(part))) for part in parts)
    by_spelling = {tuple(map(index_form, phrase.words)): phrase for phrase in phrases if phrase.words}
    return tuple(by_spelling.values())


def places(words: Sequence[WrittenWord], phrase: Phrase) -> Iterator[tuple[int, int]]:
    """The indices of the first and the last of ``words`` wherever the phrase stands, in order."""
    wanted = [spellings(word) for word in phrase.words]
    for first in range(len(words)):
        last = _last(words, first, wanted)
        if last is not None:
            yield first, last


def readings(words: Sequence[WrittenWord]) -> list[str]:
    """Words as the index takes them, separated by spaces; where some are broken, a second time with these joined."""
    written = " ".join(index_form(word.text) for word in words)
    if not any(word.broken for word in words):
        return [written]
    return [written, " ".join(index_form(word) for word in _joined(words))]


@lru_cache(maxsize=200_000)
def index_form(word: str) -> str:
    """What all spellings of a word that `spellings` takes for one have in common, and few others have."""
    return _TWO.sub(lambda match: match[0][0], _plain(word))[:LONGEST_WORD]


@lru_cache(maxsize=200_000)
def spellings(word: str) -> frozenset[str]:
    """How a word may be written without accents: "Müller" as "muller" and as "mueller". Two words with one in common are the same."""
    if word.isascii():
        return frozenset((word.lower(),))
    composed = unicodedata.normalize("NFC", word.casefold())
    return frozenset((_plain(word), _plain(composed.translate(_AS_TWO))))


def _plain(word: str) -> str:
    """A word in lower case, without accents and what cannot be seen."""
    if word.isascii():
        return word.lower()
    spelled = unicodedata.normalize("NFKD", _INVISIBLE.sub("", word).casefold())
    bare = _POINTS.sub("", _ACCENTS.sub("", spelled))
    return unicodedata.normalize("NFC", bare).translate(_LETTERS)


def _last(words: Sequence[WrittenWord], first: int, wanted: Sequence[frozenset[str]]) -> int | None:
    """The index of the word that ends the sequence ``wanted`` that begins with the word ``first``; None if none does."""
    if not wanted or first >= len(words):
        return None
    written, last = "", first - 1
    while last + 1 < len(words) and (last < first or words[last].broken):
        last += 1
        written += words[last].text
        if spellings(written).isdisjoint(wanted[0]):
            continue
        if len(wanted) == 1:
            return last
        end = _last(words, last + 1, wanted[1:])
        if end is not None:
            return end
    return None


def _joined(words: Sequence[WrittenWord]) -> Iterator[str]:
    """The words, those that are broken as one with what follows."""
    written = ""
    for word in words:
        written += word.text
        if not word.broken:
            yield written
            written = ""
