"""A question understood: its language, its content words, and what each may be called in the sources."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.language.lexicon import Lexicon
from assistant.language.words import Word, equivalents, is_function_word, lemma
from assistant.retrieval.question_type import without_interrogative
from ingest.text.languages import detect

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
# Languages that a short question is told among, besides those of the index.
QUESTION_LANGUAGES = ("de", "en")
NOUNS_WRITTEN_LARGE = ("de", "lb")


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
