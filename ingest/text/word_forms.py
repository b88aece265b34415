"""Whether a word stands in a text in one of its forms: as it is, inflected, or in German in a compound. Pure.

Unlike the 4-grams that passages are ranked by, this tells two words apart that share most of their letters, so that the documents
that have a word can be counted. Spelling is folded: Uschakow and Ushakov are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ingest.text.folding import fold, is_number
from ingest.text.wording import index_form, words_in

GERMAN = "de"
# How words are inflected, spelling folded; German and English, and what other languages have in common with them.
ENDINGS = tuple(
    dict.fromkeys(
        fold(ending)
        for ending in re.findall(
            r"\w+", "e en er es em ere eren erer ern n s d ed ing st ste sten t te ten ens a i"
        )
    )
)
# What a word may lose before such an ending, and how many letters are left at least: make and making, sprechen and sprecht.
_LOST = (("e", 3), ("en", 5))
_SHORTEST_IN_COMPOUND = 5  # letters of a word that is looked for in compounds
REST = 3  # letters at least of what a compound has besides
_INFLECTED = ("", "s", "es", "e", "en", "n")  # ends of compounds
# Before the letters of a word from its last to its first, by which the ends of compounds are found.
_REVERSED = "<"


@dataclass(frozen=True, slots=True)
class FoldedPatterns:
    """One word as the index may have it: one of these ``words``, or one that has at least `REST` letters after one of these ``stems``."""

    words: tuple[str, ...]
    stems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordForm:
    """One form of a word, each of its parts as the index may have it; several where it is a phrase."""

    parts: tuple[FoldedPatterns, ...]


def word_form(form: str, language: str) -> WordForm | None:
    """What is looked for of a form in a language (ISO 639-1); None where it has no word."""
    parts = tuple(_patterns(word, language) for word in _folded_words(form))
    return WordForm(parts) if parts else None


def indexed(readings: Iterable[str], language: str) -> frozenset[str]:
    """What the index has of a text, given as `wording.readings` writes it: its folded words, and those of a German text reversed, too."""
    words = {fold(word) for reading in readings for word in reading.split()}
    if language != GERMAN:
        return frozenset(words)
    return frozenset(
        (*words, *(f"{_REVERSED}{word[::-1]}" for word in words if len(word) >= _SHORTEST_IN_COMPOUND + REST))
    )


def _folded_words(form: str) -> Iterator[str]:
    return filter(None, (fold(index_form(word.text)) for word in words_in(form)))


def _patterns(folded: str, language: str) -> FoldedPatterns:
    if is_number(folded):
        return FoldedPatterns((folded,), ())
    stems = (folded, *(stem for end, least in _LOST if len(stem := folded.removesuffix(end)) >= least))
    words = dict.fromkeys((folded, *(one + ending for one in stems for ending in ENDINGS)))
    if language != GERMAN or len(folded) < _SHORTEST_IN_COMPOUND or not folded.isalnum():
        return FoldedPatterns(tuple(words), ())
    ends = (f"{_REVERSED}{(folded + ending)[::-1]}" for ending in _INFLECTED)
    return FoldedPatterns(tuple(words), (folded, *ends))
