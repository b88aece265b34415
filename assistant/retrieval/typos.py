"""Misspelt words of a question: which word of the collection is meant, and whether that is sure enough to search for it.

Only words that the collection and all vocabularies lack are read as others, and the answer says so. Of a name that may be right
as it is, the other spelling is only offered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import DamerauLevenshtein

from assistant.language.compounds import is_german_word
from assistant.language.lexicon import Lexicon, places
from assistant.language.word_families import GERMAN
from assistant.language.words import Word, is_listed, lemma
from assistant.retrieval.query import CAPITALISED_NOUNS
from assistant.types import Respelling
from ingest.text.folding import fold, plain

_SHORTEST, _LONG = 4, 7  # letters of a word with one edit, and of one with two
_LONGER = 8  # letters of a word that may have two edits which change its sound
_MOST_OFFERED = 2
# How many times as many passages the word that is meant must have as the next one that is as near.
_CLEARLY = 3
_ENDINGS = frozenset(("s", "e", "n", "en", "es", "er", "em", "ern", "t", "te", "d", "ed", "ing", "a", "i"))
_WORD = re.compile(r"[^\W_]+")
_DOUBLED = re.compile(r"(\w)\1+")
# Letters that sound alike in German and English names, spelled without accents.
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("qu|kw", "kv"), ("sch|sh", "s"), ("ph|w|f", "v"), ("tz|ts|z|ss|c(?=[ei])", "s"), ("ck|ch|g|c|q", "k"), ("th|dt|d", "t"),
        ("b", "p"), ("ei|ay|ey", "ai"), ("ie|y|j", "i"), ("(?<=.)h", ""),
    )
)  # fmt: skip

Spellings = Callable[[str], Mapping[str, int]]
Lookup = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """A question as it is read, the words ``taken`` for others, and those that are only ``offered``."""

    question: str
    taken: tuple[Respelling, ...] = ()
    offered: tuple[Respelling, ...] = ()


AS_WRITTEN = Spelling(question="")


@dataclass(frozen=True, slots=True, kw_only=True)
class SpellingChecker:
    """Reads the words of questions with what the collection and the lexicon have; ``languages`` begin with the question's.

    ``spellings`` gives the collection's words, without accents, by how they begin, with their numbers of passages;
    ``as_written`` gives how one of them is written there, empty where it is not found.
    """

    spellings: Spellings
    as_written: Lookup
    lexicon: Lexicon
    languages: Sequence[str]

    def read(self, question: str, words: Iterable[Word]) -> Spelling:
        """The question with its misspelt words, of its content ``words``, as they are meant."""
        taken: list[Respelling] = []
        offered: list[Respelling] = []
        for word in words:
            meant, sure = self._meant(word)
            found = [Respelling(written=word.text, read=other) for other in meant]
            (taken if sure else offered).extend(found)
        read = {correction.written: correction.read for correction in taken}
        question = _WORD.sub(lambda match: read.get(match[0], match[0]), question) if read else question
        return Spelling(question=question, taken=tuple(taken), offered=tuple(offered))

    def _meant(self, word: Word) -> tuple[list[str], bool]:
        """The words that may be meant by one that is not there, and whether it is surely the one."""
        written = plain(word.text)
        if len(written) < _SHORTEST or not written.isalpha():
            return [], False
        known = self._is_known(word.text)
        if known and not word.name:
            return [], False
        if self._is_held(written):
            return [], False
        near = self._near(written, self.spellings(written[0]))
        if not near:
            return [], False
        best = [self.as_written(other) or other for other in near]
        if fold(written) == fold(best[0]) and not (
            _differs_in_doubling(written, near[0]) or self._is_in_use(best[0], self.languages)
        ):
            return [], False  # the same name in another spelling, which is found anyway
        sure = not known and len(best) == 1 and self._is_sure(word, best[0])
        names = [other for other in best if other[0].isupper()]  # all that a name may be meant as
        return (best if sure else names)[:_MOST_OFFERED], sure

    def _is_held(self, written: str) -> bool:
        """Whether the collection has a word, or one that differs from it in nothing but an ending.

        Few words begin with all of it, or with all but its ending; those that begin with one letter may be a hundred thousand.
        """
        longer = self.spellings(written)
        if written in longer or any(_is_inflected(written, other) for other in longer):
            return True
        stems = (written.removesuffix(ending) for ending in _ENDINGS)
        return any(_is_inflected(written, stem) and stem in self.spellings(stem) for stem in stems)

    def _near(self, written: str, held: Mapping[str, int]) -> list[str]:
        """The nearest words of the collection, one where it is clearly more usual than the others."""
        most = 2 if len(written) >= _LONG else 1
        swapped = written[1] + written[0] + written[2:]
        others = {**held, **({swapped: 1} if swapped in self.spellings(swapped) else {})}
        distances = {
            other: DamerauLevenshtein.distance(written, other, score_cutoff=most)
            for other in others
            if abs(len(other) - len(written)) <= most and len(other) >= _SHORTEST and other.isalpha()
        }
        least = min(distances.values(), default=most + 1)
        if least > most:
            return []
        nearest = sorted(
            (other for other, distance in distances.items() if distance == least),
            key=lambda other: (-others[other], other),
        )
        first, *rest = nearest
        rivals = [
            other
            for other in rest
            if not _is_inflected(other, first) and others[other] * _CLEARLY > others[first]
        ]
        return [first, *rivals]

    def _is_sure(self, word: Word, other: str) -> bool:
        """Whether a word that is known nowhere is surely another: one in common use, or a name that sounds the same.

        What is written like a name is no other word: "Reigate" is not "reiste".
        """
        written, read = plain(word.text), plain(other)
        distance = DamerauLevenshtein.distance(written, read)
        if _sound(written) == _sound(read):
            return True
        if distance > 1 and len(written) < _LONGER:
            return False
        language = self.languages[0]
        capital = word.text[0].isupper() and word.name
        if capital and not other[0].isupper():
            return False
        noun = not capital or language in CAPITALISED_NOUNS
        if word.text.islower() or (noun and self._is_in_use(other, (language,))):
            return True
        replaced = len(written) == len(read) and sorted(written) != sorted(read)
        return distance == 1 and not replaced

    def _is_known(self, word: str) -> bool:
        """Whether any vocabulary of the languages has a word: dictionaries have many names, too."""
        lower = word.lower()
        return (
            self._is_in_use(word, self.languages)
            or any(is_listed(form, code) for code in self.languages for form in (lower, word.capitalize()))
            or any(lower in places(code) for code in self.languages if code in (GERMAN, "en"))
        )

    def _is_in_use(self, word: str, languages: Sequence[str]) -> bool:
        lower = word.lower()
        headword = any(
            self.lexicon.knows(form, code) for code in languages for form in (lower, lemma(word, code))
        )
        return headword or (GERMAN in languages and is_german_word(lower))


def _is_inflected(one: str, other: str) -> bool:
    """Whether two words differ in nothing but an ending."""
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= _SHORTEST and longer.startswith(shorter) and longer[len(shorter) :] in _ENDINGS


def _differs_in_doubling(one: str, other: str) -> bool:
    return _DOUBLED.sub(r"\1", one) == _DOUBLED.sub(r"\1", other)


def _sound(word: str) -> str:
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    return _DOUBLED.sub(r"\1", word)
