"""Whether a text has a name: folded, inflected, in a compound, translated, or in a near spelling."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from assistant.language.lexicon import Lexicon, places
from assistant.language.matching import held, vocabulary
from assistant.language.words import Word, equivalents, lemma
from ingest.text.folding import fold, words

# What a name takes on when it is inflected or becomes an adjective, spelling folded.
_ENDINGS = tuple(
    words(
        "s es n en er ers ern in a e i an ian ans ians ien iens ish ishe ishen isher ishes ishem ese ianer aner um us"
    )
)
_SHORTEST_STEM = 4
_SHORTEST_NEAR = 6
# How surely the sources must have the translation of a name.
_TRANSLATED = 0.75


def has(name: str, there: str, language: str, lexicon: Lexicon, *, near: bool = False) -> bool:
    """Whether ``there`` has a word of a name in its own spelling, a folded one, or another language.

    ``near`` accepts a letter or two that differ, as between transliterations.
    """
    if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", there):
        return True
    forms = _forms(name, language, lexicon)
    known = vocabulary(there)
    if any(_spelled(fold(form), known.words) for form in forms if " " not in form):
        return True
    if near and _near(name, known.words):
        return True
    translated = tuple(form for form in forms if form.lower() != name.lower())
    if not translated:
        return False
    return translation_held(name, translated, there)


def translation_held(name: str, forms: tuple[str, ...], there: str) -> bool:
    """Whether ``there`` has one of the translations of a name."""
    return held(Word(text=name, forms=forms, equivalents={}, name=True), vocabulary(there)) >= _TRANSLATED


@lru_cache(maxsize=20_000)
def _forms(word: str, language: str, lexicon: Lexicon) -> tuple[str, ...]:
    """A word as it may stand in the sources: as written, as a lemma, translated."""
    base = lemma(word, language)
    targets = dict.fromkeys((*(target for source, target in lexicon.pairs if source == language), "de", "en"))
    translated = [
        form
        for target in targets
        if target != language
        for form in equivalents(word, base, language, target, lexicon)
    ]
    return tuple(dict.fromkeys((word, base, *translated)))


def _spelled(form: str, there: frozenset[str]) -> bool:
    """Whether a folded word is there: the same, inflected either way, or as a part of a compound."""
    if form in there:
        return True
    return len(form) > 2 and any(
        _inflected(form, other) or _inflected(other, form) or _compounded(form, other) for other in there
    )


def _inflected(form: str, other: str) -> bool:
    if other.startswith(form) and other[len(form) :] in _ENDINGS:
        return len(form) > 3 or other[len(form) :] == "s"
    return bool(_stems(form) & _stems(other))


@lru_cache(maxsize=50_000)
def _stems(form: str) -> frozenset[str]:
    """What may be left of a folded name when it is no longer an adjective or a people: "kanar" of "kanarian"."""
    bare = (form.removesuffix(ending) for ending in _ENDINGS)
    return frozenset(stem for stem in bare if len(stem) >= _SHORTEST_STEM)


def _compounded(form: str, other: str) -> bool:
    rest = len(other) - len(form)
    return len(form) > 3 and rest > 3 and (other.startswith(form) or other.endswith(form))


def _near(name: str, there: frozenset[str]) -> bool:
    """Whether an unusual name is there with another spelling: one letter in six may differ, two in nine."""
    form = fold(name)
    if len(form) < _SHORTEST_NEAR or name.lower() in places("en") | places("de"):
        return False
    allowed = 2 if len(form) > 8 else 1
    return any(
        other[:1] == form[:1] and Levenshtein.distance(form, other, score_cutoff=allowed) <= allowed
        for other in there
    )
