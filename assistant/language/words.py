"""Words of a language: their base forms, whether they carry content, and their equivalents in another language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import simplemma
import stopwordsiso

from assistant.language.lexicon import Lexicon

# The shortest part that a German compound is cut into, and what may stand between its parts.
SHORTEST_PART = 4
LINKING = ("", "s", "es", "n", "en", "er", "e")


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A content word of a question.

    ``forms`` are all that it may appear as in the sources, its own form first: its lemma, and
    its ``equivalents`` by language. ``name`` tells proper names and numbers. ``weight`` is how much
    it tells: its rarity in the collection, see `weighed`.
    """

    text: str
    forms: tuple[str, ...]
    equivalents: Mapping[str, tuple[str, ...]]
    name: bool
    weight: float = 1.0

    @property
    def own(self) -> tuple[str, ...]:
        """The forms in the question's own language."""
        foreign = {form for forms in self.equivalents.values() for form in forms}
        return tuple(form for form in self.forms if form not in foreign)


def is_function_word(word: str, language: str, lexicon: Lexicon) -> bool:
    """Whether ``word`` carries no content: on the maintained list, and no headword of ours."""
    lower = word.lower().replace("’", "'")
    listed = _function_words(language)
    base = lemma(lower, language)
    known = lexicon.knows(lower, language) or (base in listed and lexicon.knows(base, language))
    return lower in listed and not known


def lemma(word: str, language: str) -> str:
    """The base form of ``word`` in lower case; the word itself where it is unknown."""
    try:
        return str(simplemma.lemmatize(word, lang=language)).lower()
    except ValueError:  # simplemma does not know the language
        return word.lower()


def is_listed(word: str, language: str) -> bool:
    """Whether the lemmatiser's dictionary has ``word``; it has many names, too."""
    try:
        return bool(simplemma.is_known(word, lang=language))
    except ValueError:  # simplemma does not know the language
        return False


@lru_cache(maxsize=32)
def _function_words(language: str) -> frozenset[str]:
    known = stopwordsiso.has_lang(language)
    return frozenset(stopwordsiso.stopwords(language)) if known else frozenset()


def equivalents(text: str, base: str, language: str, target: str, lexicon: Lexicon) -> tuple[str, ...]:
    """What a word is in ``target``: as written, as a lemma, or part by part where it is a compound."""
    lower = text.lower()
    for form in dict.fromkeys((lower, base, *_derived(lower, language))):
        found = lexicon.alternatives(form, language, target)
        if found:
            return found
    return _compound(base, language, target, lexicon)


def _derived(word: str, language: str) -> tuple[str, ...]:
    """Base forms that the lemmatiser leaves alone: possessives, hyphens, plain endings, "Kapitänin"."""
    found = [word.split("'")[0].split("’")[0], word.replace("-", " "), word.replace("-", "")]
    if language == "de":
        found += [word.removesuffix(ending) for ending in ("in", "innen", "es", "en", "e", "n", "s")]
    if language == "en":
        found += [
            word.removesuffix(ending)
            for ending in ("s", "es", "ed", "d", "ing", "ly", "er", "r", "est", "st")
        ]
    return tuple(form for form in found if len(form) > 2 and form != word)


def _compound(word: str, language: str, target: str, lexicon: Lexicon) -> tuple[str, ...]:
    """A compound's parts, each translated: "friedensplan" gives "peace plan"."""
    if language != "de" or len(word) < 2 * SHORTEST_PART:
        return ()
    for cut in range(len(word) - SHORTEST_PART, SHORTEST_PART - 1, -1):
        tail = lexicon.alternatives(word[cut:], language, target)
        if not tail:
            continue
        for link in LINKING:
            head = word[:cut].removesuffix(link) if link else word[:cut]
            if link and not word[:cut].endswith(link):
                continue
            front = lexicon.alternatives(head, language, target) or lexicon.alternatives(
                head + "e", language, target
            )
            if front:
                return (f"{front[0]} {tail[0]}", *front[:2], *tail[:2])
    return ()
