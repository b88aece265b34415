"""Spellings of names: takes a word of a name and a text, and gives whether the text has it.

The text may have it folded, inflected, in a compound, translated, or with a letter or two changed.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from assistant.language.lexicon import Lexicon, places
from assistant.language.matching import match_score, vocabulary
from assistant.language.words import Word, equivalents, lemma
from ingest.text.folding import fold, words

# The endings of a name that is inflected or made an adjective, spelling folded.
_ENDINGS = tuple(
    words(
        "s es n en er ers ern in a e i an ian ans ians ien iens ish ishe ishen isher ishes ishem ese ianer aner um us"
    )
)
# Those of cases in Slavic languages and Greek, for texts in Cyrillic or Greek.
_CASES = (
    *_ENDINGS,
    *words("u i o om im em oi ei iu oiu eiu aia uiu ogo oho omu emu ikh imi ami akh ovi evi iv os is on"),
)
_CYRILLIC_OR_GREEK = re.compile(r"[\u0370-\u052f\u1f00-\u1fff]{2}")
_SHORTEST_STEM = 4
_SHORTEST_NEAR = 6
# The least score at which a text has the translation of a name.
_TRANSLATED = 0.75


def occurs_in(name: str, text: str, language: str, lexicon: Lexicon, *, near: bool = False) -> bool:
    """Whether ``text`` has a word of a name in its own spelling, a folded one, or in another language.

    With ``near`` a letter or two may differ, as between transliterations.
    """
    if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text):
        return True
    forms = _forms(name, language, lexicon)
    folded_words = vocabulary(text).words
    endings = _CASES if _CYRILLIC_OR_GREEK.search(f"{name} {text}") else _ENDINGS
    if any(_is_spelled(fold(form), folded_words, endings) for form in forms if " " not in form):
        return True
    if near and _is_nearly_spelled(name, folded_words):
        return True
    translations = tuple(form for form in forms if form.lower() != name.lower())
    return bool(translations) and translation_occurs_in(translations, text)


def is_one_letter_apart(one: str, other: str) -> bool:
    """Whether two words differ by one letter, another, more or less."""
    return Levenshtein.distance(one, other, score_cutoff=1) == 1


def are_within_letters(one: str, other: str, most: int) -> bool:
    """Whether two words differ by so many letters at most."""
    return Levenshtein.distance(one, other, score_cutoff=most) <= most


def translation_occurs_in(translations: tuple[str, ...], text: str) -> bool:
    """Whether ``text`` has one of the translations of a name."""
    word = Word(text=translations[0], forms=translations, equivalents={}, name=True)
    return match_score(word, vocabulary(text)) >= _TRANSLATED


@lru_cache(maxsize=20_000)
def _forms(word: str, language: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The forms of a word that sources may have: as written, its lemma, its translations."""
    base = lemma(word, language)
    targets = dict.fromkeys((*(target for source, target in lexicon.pairs if source == language), "de", "en"))
    translations = [
        form
        for target in targets
        if target != language
        for form in equivalents(word, base, language, target, lexicon)
    ]
    return tuple(dict.fromkeys((word, base, *translations)))


def _is_spelled(form: str, folded_words: frozenset[str], endings: tuple[str, ...]) -> bool:
    """Whether a folded word is among others: the same, inflected either way, or as a part of a compound."""
    if form in folded_words:
        return True
    return len(form) > 2 and any(
        _is_inflected(form, word, endings) or _is_inflected(word, form, endings) or _is_part(form, word)
        for word in folded_words
    )


def _is_inflected(form: str, word: str, endings: tuple[str, ...]) -> bool:
    """Whether ``word`` is ``form`` with one of the endings, or both have a stem in common."""
    ending = word[len(form) :]
    if word.startswith(form) and ending in endings:
        return len(form) > 3 or ending == "s"
    return bool(_stems(form, endings) & _stems(word, endings))


@lru_cache(maxsize=50_000)
def _stems(form: str, endings: tuple[str, ...]) -> frozenset[str]:
    """The stems that a folded name may have without an ending, as of an adjective or a people: "kanar" of "kanarian"."""
    bare = (form.removesuffix(ending) for ending in endings)
    return frozenset(stem for stem in bare if len(stem) >= _SHORTEST_STEM)


def _is_part(form: str, compound: str) -> bool:
    """Whether a form begins or ends a compound."""
    rest = len(compound) - len(form)
    return len(form) > 3 and rest > 3 and (compound.startswith(form) or compound.endswith(form))


def _is_nearly_spelled(name: str, folded_words: frozenset[str]) -> bool:
    """Whether an unusual name is there in another spelling: of six letters one may differ, of nine two."""
    form = fold(name)
    if len(form) < _SHORTEST_NEAR or name.lower() in places("en") | places("de"):
        return False
    allowed = 2 if len(form) > 8 else 1
    return any(
        word[:1] == form[:1] and Levenshtein.distance(form, word, score_cutoff=allowed) <= allowed
        for word in folded_words
    )
