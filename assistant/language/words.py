"""Words of a language: their base forms, whether they carry content, and their equivalents in another language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

import simplemma
import stopwordsiso

from assistant.language.function_words import function_words
from assistant.language.lexicon import Lexicon

# The shortest part that a German compound is cut into, and what may stand between its parts.
_SHORTEST_PART = 4
_LINKS = ("", "s", "es", "n", "en", "er", "e")


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A content word with everything that it may be called in the sources.

    ``forms`` are all its spellings: as written, its lemma, and its ``equivalents``, which are by language.
    ``name`` is true for proper names and numbers. ``weight`` is how much the word counts beside others. ``foreign`` is true
    where the sources are in other languages and no lexicon says what it is called there: only words of one origin match.
    ``parts`` are the short words that a German compound is made of, ``short`` the German nouns of few letters among its forms,
    which compounds may be made of. ``proper`` is true for words that are names beyond doubt, also of those that a lexicon has.
    """

    text: str
    forms: tuple[str, ...]
    equivalents: Mapping[str, tuple[str, ...]]
    name: bool
    weight: float = 1.0
    foreign: bool = False
    parts: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    proper: bool = False

    @property
    def own(self) -> tuple[str, ...]:
        """The forms in the word's own language."""
        foreign = {form for forms in self.equivalents.values() for form in forms}
        return tuple(form for form in self.forms if form not in foreign)


@lru_cache(maxsize=100_000)
def lemma(word: str, language: str) -> str:
    """The base form of ``word`` in lower case; the word itself where it is unknown."""
    try:
        return str(simplemma.lemmatize(word, lang=language)).lower()
    except ValueError:  # simplemma does not know the language
        return word.lower()


def load_lemmas(languages: Iterable[str]) -> None:
    """Read the tables of base forms of these languages, which takes most of a second for each; else the first word does."""
    for language in languages:
        lemma("words", language)


def as_written(base: str, language: str) -> str:
    """A base form in lower case, or a phrase, as it is written: German nouns and English names with a capital letter.

    Where a German word may be a noun or another word ("leben"), it stays as it is.
    """
    return " ".join(_capitalised(word, language) for word in base.split(" "))


def _capitalised(word: str, language: str) -> str:
    capital = word[:1].upper() + word[1:]
    try:
        known, as_noun = simplemma.lemmatize(word, lang=language), simplemma.lemmatize(capital, lang=language)
    except ValueError:  # simplemma does not know the language
        return word
    if known[:1].isupper():
        return str(known) if known.lower() == word else capital
    if known == word:
        stem = word.removesuffix("e")
        adjective = simplemma.lemmatize(f"{stem}em", lang=language) in (stem, word)
        return word if word.endswith("n") or adjective or as_noun != capital or language != "de" else capital
    return capital if as_noun == capital else word


def is_listed(word: str, language: str) -> bool:
    """Whether the lemmatiser's dictionary has ``word``; it has many names, too."""
    try:
        return bool(simplemma.is_known(word, lang=language))
    except ValueError:  # simplemma does not know the language
        return False


@lru_cache(maxsize=100_000)
def is_german_noun(word: str) -> bool:
    """Whether the lemmatiser's dictionary has ``word``, in lower case, as a German noun; it has many names, too."""
    capital = word[:1].upper() + word[1:]
    return is_listed(capital, "de") and str(simplemma.lemmatize(capital, lang="de"))[:1].isupper()


def is_function_word(word: str, language: str, lexicon: Lexicon) -> bool:
    """Whether ``word`` carries no content: it is on the list of stopwords, and no headword of the lexicon."""
    lower = word.lower().replace("’", "'")
    listed = stopwords(language)
    base = lemma(lower, language)
    known = lexicon.knows(lower, language) or (base in listed and lexicon.knows(base, language))
    return lower in listed and not known


@lru_cache(maxsize=32)
def stopwords(language: str) -> frozenset[str]:
    """The words, in lower case, that stopwords-iso or our table lists; some of them carry content: "day"."""
    known = stopwordsiso.has_lang(language)
    listed = frozenset(stopwordsiso.stopwords(language)) if known else frozenset()
    listed |= function_words(language)
    return listed | _adverbs_of_prepositions() if language == "de" else listed


@cache
def _adverbs_of_prepositions() -> frozenset[str]:
    """German "wovor", "worauf", "davon", "hierzu" and so on, of which the list has some."""
    plain = ["bei", "durch", "für", "gegen", "her", "hin", "mit", "nach", "von", "vor", "zu", "zwischen"]
    vowels = ["an", "auf", "aus", "in", "über", "um", "unter"]
    return frozenset(
        [f"{first}{word}" for first in ("wo", "da", "hier") for word in plain]
        + [f"{first}{word}" for first in ("wor", "dar", "hier") for word in vowels]
    )


def equivalents(text: str, base: str, language: str, target: str, lexicon: Lexicon) -> tuple[str, ...]:
    """What a word with the lemma ``base`` is in ``target``: as written, as a lemma, or as a compound by its parts."""
    lower = text.lower()
    for form in dict.fromkeys((lower, base, *_derived(lower, language))):
        translations = lexicon.alternatives(form, language, target)
        if translations:
            return translations
    return _compound(base, language, target, lexicon)


def _derived(word: str, language: str) -> tuple[str, ...]:
    """Base forms that the lemmatiser leaves alone: possessives, hyphens, plain endings, "Kapitänin"."""
    forms = [word.split("'")[0].split("’")[0], word.replace("-", " "), word.replace("-", "")]
    if language == "de":
        forms += [word.removesuffix(ending) for ending in ("in", "innen", "es", "en", "e", "n", "s")]
    if language == "en":
        forms += [
            word.removesuffix(ending)
            for ending in ("s", "es", "ed", "d", "ing", "ly", "er", "r", "est", "st")
        ]
    return tuple(form for form in forms if len(form) > 2 and form != word)


def _compound(word: str, language: str, target: str, lexicon: Lexicon) -> tuple[str, ...]:
    """A compound's parts, each translated: "friedensplan" gives "peace plan"."""
    if language != "de" or len(word) < 2 * _SHORTEST_PART:
        return ()
    for cut in range(len(word) - _SHORTEST_PART, _SHORTEST_PART - 1, -1):
        second = lexicon.alternatives(word[cut:], language, target)
        first = _first_part(word[:cut], language, target, lexicon) if second else ()
        if first:
            return (f"{first[0]} {second[0]}", *first[:2], *second[:2])
    return ()


def _first_part(part: str, language: str, target: str, lexicon: Lexicon) -> tuple[str, ...]:
    """What the first part of a compound is in ``target``, without a link after it or with its last "e" restored."""
    for noun in without_link(part):
        translations = lexicon.alternatives(noun, language, target)
        translations = translations or lexicon.alternatives(noun + "e", language, target)
        if translations:
            return translations
    return ()


def without_link(part: str) -> Iterator[str]:
    """What the first part of a compound may be as a word of its own: "friedens" and "frieden"."""
    return (part.removesuffix(link) for link in _LINKS if part.endswith(link))
