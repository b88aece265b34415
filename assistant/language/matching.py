"""Whether a text has a word in one of its forms: by folded 4-grams, so that inflections and compounds match."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.language.compounds import short_parts
from assistant.language.word_families import GERMAN, rejoined
from assistant.language.words import Word
from ingest.text.folding import GRAM, fold, is_number, tokens, word_grams, words

# The least share of a form's 4-grams that one word must have to count as that form.
_LEAST_OVERLAP = 0.6
# The same for a word of another language: "territoire" and "Territorium" have half of their 4-grams in common.
_LEAST_OVERLAP_FOREIGN = 0.5
# The least certainty, in [0, 1], with which a text names somebody.
NAME_HELD = 0.6
# What signs are called.
_SIGNS = {"%": ("Prozent", "percent"), "€": ("Euro",), "$": ("Dollar",), "£": ("Pfund", "pound")}
# How surely a compound speaks of its short part, and the part of the compound: "Stadtrat" and "Rat".
_IN_COMPOUND, _PART_ALONE = 0.8, 0.5
_SHORTEST_COMPOUND = 6
# How short words are inflected in German and English, spelling folded.
_ENDINGS = tuple(words("e en er es em ere eren erer s n ed ing st ste sten t"))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A text's folded words, the 4-grams of all of them together, and what may be German compounds, as written."""

    words: frozenset[str]
    grams: frozenset[str]
    compounds: frozenset[str] = frozenset()


@lru_cache(maxsize=40_000)
def vocabulary(text: str, language: str = "") -> Vocabulary:
    """The vocabulary of ``text``, in a language (ISO 639-1) whose verbs may have to be put together."""
    written = {*tokens(text), *(name for sign, names in _SIGNS.items() if sign in text for name in names)}
    if language == GERMAN:
        written |= rejoined(text)
    return Vocabulary(
        frozenset(fold(word) for word in written),
        frozenset(gram for word in written for gram in word_grams(word)),
        frozenset(word for word in written if _may_be_compound(word)) if language == GERMAN else frozenset(),
    )


def _may_be_compound(word: str) -> bool:
    return len(word) >= _SHORTEST_COMPOUND and word[0].isupper()


def match_score(word: Word, text: Vocabulary) -> float:
    """How surely ``text`` has ``word`` in one of its forms, in [0, 1]."""
    return _score(word.forms, word.parts, word.foreign, text)


@lru_cache(maxsize=40_000)  # a sentence is looked at by itself, beside its neighbours and within its passage
def _score(forms: tuple[str, ...], short: tuple[str, ...], foreign: bool, text: Vocabulary) -> float:
    least = _LEAST_OVERLAP_FOREIGN if foreign else _LEAST_OVERLAP
    score = 0.0
    for form in forms:
        score = max(score, _form_score(form, text, least))
        if score == 1.0:
            return score
    if score < _PART_ALONE and any(_stands_alone(fold(part), text) for part in short):
        return _PART_ALONE
    return score


def coverage(query: Sequence[Word], text: Vocabulary) -> float:
    """The weighted share of the words that ``text`` has, in [0, 1]; 0 for no words."""
    total = sum(word.weight for word in query)
    return sum(word.weight * match_score(word, text) for word in query) / total if total else 0.0


def _form_score(form: str, text: Vocabulary, least: float) -> float:
    """The mean over the words of a form, which may be a phrase."""
    parts = _parts(form)
    if len(parts) == 1:
        return _part_score(parts[0], text, least)
    return sum(_part_score(part, text, least) for part in parts) / len(parts) if parts else 0.0


@dataclass(frozen=True, slots=True)
class _FormPart:
    """A folded word of a form, and what tells whether a text has it. ``grams`` is empty for a number and a short word."""

    folded: str
    number: bool
    grams: frozenset[str]


@lru_cache(maxsize=20_000)
def _parts(form: str) -> tuple[_FormPart, ...]:
    """The words of a form."""
    folded = [fold(word) for word in tokens(form)]
    return tuple(
        _FormPart(word, number, frozenset() if number or len(word) <= GRAM else _folded_grams(word))
        for word in folded
        for number in [is_number(word)]
    )


def _part_score(part: _FormPart, text: Vocabulary, least: float) -> float:
    if part.folded in text.words:
        return 1.0
    grams = part.grams
    if not grams:
        return 0.0 if part.number else _short_word_score(part.folded, text)
    if len(grams & text.grams) < least * len(grams):
        return 0.0
    best = max(len(grams & _folded_grams(other)) for other in text.words) / len(grams)
    return best if best >= least else 0.0


def _short_word_score(folded: str, text: Vocabulary) -> float:
    """1 where the text has a short word with an ending ("neu", "neuen"), less where a compound is made of it.

    In the middle of any other word it means nothing.
    """
    if _stands_alone(folded, text):
        return 1.0
    return _IN_COMPOUND * any(_is_made_of(folded, word) for word in text.compounds)


def _stands_alone(folded: str, text: Vocabulary) -> bool:
    return not _inflected(folded).isdisjoint(text.words)


@lru_cache(maxsize=20_000)
def _inflected(folded: str) -> frozenset[str]:
    """A short word and what its endings make of it."""
    return frozenset([folded, *(folded + ending for ending in _ENDINGS)])


@lru_cache(maxsize=200_000)
def _is_made_of(folded: str, word: str) -> bool:
    return folded[:2] in fold(word) and any(fold(part) == folded for part in short_parts(word))


@lru_cache(maxsize=200_000)
def _folded_grams(folded: str) -> frozenset[str]:
    return frozenset(folded[i : i + GRAM] for i in range(max(1, len(folded) - GRAM + 1)))
