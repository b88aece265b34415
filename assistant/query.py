"""A question understood: its language, its content words, and what each may be called in the sources."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import simplemma
import stopwordsiso

from assistant.expected import without_interrogative
from assistant.lexicon import Lexicon
from ingest.languages import detect

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
# Languages that a short question is told among, besides those of the index.
QUESTION_LANGUAGES = ("de", "en")
SHORTEST_PART = 4
NOUNS_WRITTEN_LARGE = ("de", "lb")
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question as retrieval takes it; a lexicon joins its language to those ``joined``."""

    text: str
    language: str
    words: tuple[Word, ...]
    joined: tuple[str, ...] = ()


def understand(question: str, languages: Sequence[str], lexicon: Lexicon, language: str = "") -> Query:
    """The query of ``question`` towards sources in ``languages`` (ISO 639-1 codes)."""
    language = language or detect(question, (*QUESTION_LANGUAGES, *(code for code in languages if code)))
    targets = [code for code in languages if code and code != language]
    tokens = _tokens(without_interrogative(question))
    found: list[Word] = []
    position = 0
    while position < len(tokens):
        length, word = _phrase(tokens, position, language, targets, lexicon) or (1, None)
        word = word or _word(*tokens[position], language, targets, lexicon)
        if word is not None and word.text.lower() not in {other.text.lower() for other in found}:
            found.append(word)
        position += length
    joined = tuple(code for code in targets if (language, code) in lexicon.pairs)
    return Query(text=question, language=language, words=tuple(found), joined=joined)


def weighed(query: Query, rarity: Callable[[Sequence[str]], float]) -> Query:
    """The query with each word's weight by how rare its forms are."""
    return replace(query, words=tuple(replace(word, weight=rarity(word.forms)) for word in query.words))


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


def _phrase(
    tokens: Sequence[tuple[str, bool]], position: int, language: str, targets: Sequence[str], lexicon: Lexicon
) -> tuple[int, Word] | None:
    """The longest phrase of the lexicon that starts at ``position``, and how many words it has."""
    for length in range(min(lexicon.longest(language), len(tokens) - position), 1, -1):
        written = [token for token, _ in tokens[position : position + length]]
        for text in (" ".join(written).lower(), " ".join(lemma(word, language) for word in written)):
            found = {target: lexicon.alternatives(text, language, target) for target in targets}
            if any(found.values()):
                return length, _made(" ".join(written), text, found, name=False)
    return None


def _word(text: str, first: bool, language: str, targets: Sequence[str], lexicon: Lexicon) -> Word | None:
    if len(text) == 1 and not text.isdigit():
        return None
    if is_function_word(text, language, lexicon):
        # In mid-sentence a large letter makes it part of a name: the ship "Ever Given".
        named = text[0].isupper() and not first and language not in NOUNS_WRITTEN_LARGE
        return _made(text, text.lower(), {}, name=True) if named else None
    base = lemma(text, language)
    found = {target: equivalents(text, base, language, target, lexicon) for target in targets}
    known = any(found.values()) or lexicon.knows(text.lower(), language) or lexicon.knows(base, language)
    return _made(text, base, found, name=_is_name(text, base, first, language, known))


def _made(text: str, base: str, found: Mapping[str, tuple[str, ...]], *, name: bool) -> Word:
    forms = _unique([text, base, *(form for options in found.values() for form in options)])
    return Word(text=text, forms=forms, equivalents=found, name=name)


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


def _is_name(text: str, base: str, first: bool, language: str, known: bool) -> bool:
    """Whether a word is a name or a number: written large, and no lexicon has it.

    Where every noun is written large, or at the start of a sentence, the word must not be inflected either.
    """
    if any(letter.isdigit() for letter in text):
        return True
    if not text[0].isupper() or known:
        return False
    return base == text.lower() if first or language in NOUNS_WRITTEN_LARGE else True


def _tokens(question: str) -> list[tuple[str, bool]]:
    """The words, and whether each one's first letter says nothing: it starts a sentence, or all are large."""
    found = [(match.group(), _starts_sentence(question, match.start())) for match in _WORD.finditer(question)]
    small = sum(word[0].islower() for word, _ in found)
    return found if small else [(word, True) for word, _ in found]


def _starts_sentence(text: str, position: int) -> bool:
    before = text[:position].rstrip()
    return not before or before[-1] in '.!?:"“„«»'


def _unique(forms: Sequence[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for form in forms:
        found.setdefault(form.lower(), form)
    return tuple(found.values())


__all__ = [
    "Query",
    "Word",
    "equivalents",
    "is_function_word",
    "lemma",
    "understand",
    "weighed",
]
