"""The words of a statement that say what happened, and which words of its quotes are their counterparts by form.

A counterpart is the same word, another of its family ("wählen" and "Wahl", "rief … an" and "angerufen"), or what the
lexicon calls either in the other language. Names and figures are left out: they have checks of their own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.checking.names import names
from assistant.language.lexicon import Lexicon
from assistant.language.matching import match_score, vocabulary
from assistant.language.word_families import GERMAN, family, rejoined
from assistant.language.words import Word, equivalents, is_function_word, lemma
from ingest.text.sentences import Span

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# The least score at which a text has a word.
_MATCH = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class EventWord:
    """A content word and its place among `word_spans` of its text."""

    text: str
    place: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterparts:
    """The words of a statement that count, those of the quotes, and which are counterparts of another by form.

    ``quoted`` has the words of each quote. ``matched`` says for each word of the statement whether the quotes have it,
    ``taken`` for each word of each quote whether the statement has it.
    """

    stated: tuple[EventWord, ...]
    quoted: tuple[tuple[EventWord, ...], ...]
    matched: tuple[bool, ...]
    taken: tuple[tuple[bool, ...], ...]


def word_spans(text: str) -> list[Span]:
    """Where the words of ``text`` stand, figures left out."""
    return [Span(*match.span()) for match in _WORD.finditer(text)]


def counterparts(
    statement: str,
    quotes: Sequence[str],
    surroundings: Sequence[str],
    languages: tuple[str, str],
    lexicon: Lexicon,
) -> Counterparts:
    """The counterparts of a statement's words in its quotes; ``languages`` are those of the statement and the quotes.

    A name, and a capitalised word that the ``surroundings`` have, say who or where, not what happened.
    """
    language, quoted_language = languages
    around = vocabulary(" ".join(surroundings), quoted_language)
    whole = vocabulary(" \n".join([*quotes, *_bases(" ".join(quotes), quoted_language)]), quoted_language)
    named = {part.text for name in names(statement, language, lexicon) for part in name if not part.common}
    stated, matched, all_forms = [], [], []
    for word in content_words(statement, language, lexicon):
        forms = _word(word.text, language, statement, lexicon)
        has = match_score(forms, whole) >= _MATCH
        elsewhere = word.text in named or (word.text[0].isupper() and match_score(forms, around) >= _MATCH)
        if has or not elsewhere:
            stated.append(word)
            matched.append(has)
            all_forms.append(forms)
    quoted = tuple(tuple(content_words(quote, quoted_language, lexicon)) for quote in quotes)
    return Counterparts(
        stated=tuple(stated),
        quoted=quoted,
        matched=tuple(matched),
        taken=tuple(
            tuple(_is_taken(word.text, all_forms, quoted_language) for word in words) for words in quoted
        ),
    )


def content_words(text: str, language: str, lexicon: Lexicon) -> list[EventWord]:
    """The words of ``text`` that carry content."""
    return [
        EventWord(text=text[span.start : span.end], place=place)
        for place, span in enumerate(word_spans(text))
        if span.end > span.start + 1 and not _is_function_word(text[span.start : span.end], language, lexicon)
    ]


def _bases(text: str, language: str) -> list[str]:
    """The base forms of the words of ``text``."""
    return [lemma(text[span.start : span.end], language) for span in word_spans(text)]


def _is_taken(word: str, stated: Sequence[Word], language: str) -> bool:
    own = vocabulary(f"{word} {lemma(word, language)}", language)
    return any(match_score(forms, own) >= _MATCH for forms in stated)


@lru_cache(maxsize=50_000)
def _is_function_word(word: str, language: str, lexicon: Lexicon) -> bool:
    return is_function_word(word, language, lexicon)


def _word(text: str, language: str, statement: str, lexicon: Lexicon) -> Word:
    """A word of the statement in all its forms, a German verb in two parts also as one."""
    forms = _forms(text, language, lexicon)
    if language == GERMAN and text.islower():
        bases = (lemma(text, language), *family(text, language)[:1])
        for verb in rejoined(statement):
            if any(verb.endswith(base) and verb != base for base in bases if base.endswith("n")):
                forms += _forms(verb, language, lexicon)
    return Word(text=text, forms=forms, equivalents={}, name=False)


@lru_cache(maxsize=50_000)
def _forms(text: str, language: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The word, its base form, its family, and what they are in other languages with the families of those."""
    own = dict.fromkeys((text, lemma(text, language), *family(text, language)))
    forms = dict(own)
    for target in {target for source, target in lexicon.pairs if source == language}:
        for form in own:
            for other in equivalents(form, lemma(form, language), language, target, lexicon):
                forms |= dict.fromkeys((other, *family(other, target)))
    return tuple(forms)
