"""Spelling folded so that one name matches across languages and transliterations, and its 4-grams."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

WORD = re.compile(r"[^\W_]+")
GRAM = 4

# German, English and French spellings of one sound, longest first; then doubled letters once.
_SOUNDS = (
    ("tsch", "ch"),
    ("dsch", "j"),
    ("sch", "sh"),
    ("ph", "f"),
    ("th", "t"),
    ("ts", "s"),
    ("ck", "k"),
    ("ß", "ss"),
    ("ae", "a"),
    ("oe", "o"),
    ("ue", "u"),
    ("ou", "u"),
    ("w", "v"),
    ("c", "k"),
    ("z", "s"),
    ("y", "i"),
    ("j", "i"),
    ("ie", "i"),
)
# Letters that are no other letter with an accent, as they are written where the keyboard lacks them.
_LETTERS = str.maketrans({"ł": "l", "ı": "i", "đ": "d", "ð": "d", "ø": "o", "æ": "a", "œ": "o", "þ": "th"})
# Counts up whenever words are folded otherwise: what was folded before is then folded anew.
EDITION = 2
_DOUBLED = re.compile(r"([^\W\d_])\1+")


@lru_cache(maxsize=200_000)
def fold(word: str) -> str:
    """``word`` in lower case, without accents, spelled by sound: Uschakow and Ushakov become one."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    folded = "".join(letter for letter in plain if not unicodedata.combining(letter)).translate(_LETTERS)
    for spelling, sound in _SOUNDS:
        folded = folded.replace(spelling, sound)
    return _DOUBLED.sub(r"\1", folded)


def words(text: str) -> list[str]:
    """The words of ``text`` as written, digits included, punctuation left out."""
    return WORD.findall(text)


@lru_cache(maxsize=200_000)
def word_grams(word: str) -> tuple[str, ...]:
    """The 4-grams within a folded word; a word of up to four letters is one gram.

    >>> word_grams("Frieden")
    ('frid', 'ride', 'iden')
    """
    folded = fold(word)
    return tuple(folded[i : i + GRAM] for i in range(max(1, len(folded) - GRAM + 1)))


def grams(text: str) -> list[str]:
    """The 4-grams of all words of ``text``, in order, repeated as often as they occur."""
    return [gram for word in words(text) for gram in word_grams(word)]
