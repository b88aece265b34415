"""What the words of a text mean in a reader's language, one by one, from the lexicon: no translation.

The text stays as it is: a gloss says where in it the word stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.language.lexicon import Lexicon, calendar, places
from assistant.language.meanings import Meanings, WordPart, is_acronym
from assistant.language.words import as_written, is_listed, lemma
from ingest.text.folding import words

# Letters with their accents and with the signs that say where a word may be broken, joined by hyphens and apostrophes.
_WORD = re.compile(
    r"[^\W_](?:[^\W_]|[\u0300-\u036f\u00ad\u200b])*(?:[-‐‑'’](?:[^\W_]|[\u0300-\u036f\u00ad\u200b])+)*"
)
# Looking up a German word takes time that grows with the square of its length.
_LONGEST_WORD = 60
_BREAKS = re.compile("[\u00ad\u200b]")
_POSSESSIVE = re.compile("['’]s?$")
_SENTENCE_STARTS = '.!?:"“„«»‚‘(['
# After these a German word with a capital letter is a noun; in English they start what is called by its common name.
_DETERMINERS = {
    "de": frozenset(
        words(
            "der die das dem den des ein eine einer einem einen eines kein keine dieser diese dieses diesem diesen seine seiner "
            "ihre ihrer im am zum zur vom beim ins jeder jede jedes alle aller viele vieler mehr"
        )
    ),
    "en": frozenset(words("the a an this that these its their our his her my your every no")),
}
# Whoever is called so has a name after it.
_TITLE = re.compile(
    r"(?:herrn?|frau|dr|prof|professor|präsident|kanzler|minister|sprecher|chef|könig|papst|general|senator|mr|mrs|ms)(?:in)?$"
)
# Places and families end in these, in which the dictionary finds a castle or a mountain.
_NAME_TAIL = re.compile(r"(?:burg|berg|mann|stein|bach|hausen|heim|dorf|brück|brücken|hof|wald|feld)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gloss:
    """A word or phrase of a text, from ``start`` to ``end`` in code points, and what it is called in the reader's language.

    It has ``equivalents``, the best first, or ``parts`` where the lexicon knows only those of a compound.
    """

    start: int
    end: int
    equivalents: tuple[str, ...] = ()
    parts: tuple[WordPart, ...] = ()


@dataclass(frozen=True, slots=True)
class _Token:
    """A word of the text, as it is looked up; ``gap`` is what stands before it."""

    word: str
    start: int
    end: int
    gap: str

    @property
    def capital(self) -> bool:
        return self.word[0].isupper()

    @property
    def starts(self) -> bool:
        """Whether a sentence or a quotation starts with it."""
        signs = self.gap.rstrip()
        return signs[-1] in _SENTENCE_STARTS if signs else self.start == len(self.gap)


@lru_cache(maxsize=2_000)
def glosses(text: str, language: str, reader: str, lexicon: Lexicon) -> tuple[Gloss, ...]:
    """What the content words of ``text`` are in the language ``reader``, in order; none where no table joins the two.

    Function words and numbers have none, nor have names, but for those that have another one there: "Österreich".
    """
    if (language, reader) not in lexicon.pairs:
        return ()
    return tuple(_Glossary(_tokens(text), Meanings(language, reader, lexicon)).entries())


def _tokens(text: str) -> list[_Token]:
    """The words of a text, without those that are too long to be any."""
    tokens, end = list[_Token](), 0
    for match in _WORD.finditer(text):
        if len(match.group()) > _LONGEST_WORD:
            continue
        word = unicodedata.normalize("NFC", _BREAKS.sub("", match.group()))
        tokens.append(_Token(word, match.start(), match.end(), text[end : match.start()]))
        end = match.end()
    return tokens


@dataclass(frozen=True, slots=True)
class _Glossary:
    tokens: Sequence[_Token]
    meanings: Meanings

    @property
    def language(self) -> str:
        return self.meanings.language

    def entries(self) -> Iterator[Gloss]:
        position, named = 0, False
        while position < len(self.tokens):
            length, gloss = self._phrase(position)
            silent = gloss is not None or self._is_silent(self.tokens[position])
            named = not silent and self._is_name(position, named)
            if not silent and not named:
                gloss = self._word(self.tokens[position])
            if gloss is not None:
                yield gloss
            position += length

    def _phrase(self, position: int) -> tuple[int, Gloss | None]:
        """The longest phrase of the lexicon that starts there, and how many words it has."""
        longest = min(self.meanings.lexicon.longest(self.language), len(self.tokens) - position)
        for length in range(longest, 1, -1):
            tokens = self.tokens[position : position + length]
            if not all(token.gap.isspace() for token in tokens[1:]):
                continue
            bases = " ".join(lemma(token.word, self.language) for token in tokens)
            for form in (" ".join(token.word for token in tokens).lower(), bases):
                if found := self._other(form, self.meanings.of_form(form)):
                    return length, Gloss(start=tokens[0].start, end=tokens[-1].end, equivalents=found)
        return 1, None

    def _word(self, token: _Token) -> Gloss | None:
        word = _POSSESSIVE.sub("", token.word)
        if found := self.meanings.of_word(word):
            found = self._other(word, found)
            return Gloss(start=token.start, end=token.end, equivalents=found) if found else None
        parts = tuple(self.meanings.parts(word))
        return Gloss(start=token.start, end=token.end, parts=parts) if parts else None

    def _other(self, word: str, found: tuple[str, ...]) -> tuple[str, ...]:
        """The equivalents of a word; none where it is called the same."""
        same = any(self.meanings.is_same(form) for form in (word.lower(), lemma(word, self.language)))
        return () if same else found

    def _is_silent(self, token: _Token) -> bool:
        """Whether a word carries no content; at the start of a sentence its capital letter says nothing."""
        return self.meanings.is_silent(token.word.lower() if token.starts else token.word)

    def _is_name(self, position: int, after_name: bool) -> bool:
        """Whether a word is a name or a number; ``after_name`` says that the word before is one."""
        token = self.tokens[position]
        if any(letter.isdigit() for letter in token.word):
            return True
        if not token.capital or self._is_translated_name(token.word):
            return False
        if is_acronym(token.word):
            return True
        before = self.tokens[position - 1] if position and token.gap.isspace() else None
        follows = before is not None and (
            (after_name and self._is_continued(before)) or _TITLE.search(before.word.lower()) is not None
        )
        if self.language == "de":
            return follows or not self._is_noun(token.word, before.word.lower() if before else "")
        if follows or token.starts:
            return follows
        return not self._is_called(position)

    def _is_continued(self, name: _Token) -> bool:
        """Whether a capitalised word after ``name`` is a part of it, too.

        It is not in German after a genitive ("Putins Berater") and after an adjective at the start of a sentence.
        """
        word = name.word
        if not name.capital or is_acronym(word):
            return False
        if self.language != "de":
            return True
        listed = is_listed(word, "de")
        genitive = word.endswith("s") and not listed
        return not genitive and not (name.starts and listed and as_written(word.lower(), "de")[0].islower())

    def _is_called(self, position: int) -> bool:
        """Whether an article stands before the capitalised words of which this is one: "the Supreme Court"."""
        while position and self.tokens[position].capital and self.tokens[position].gap.isspace():
            position -= 1
        return self.tokens[position].word.lower() in _DETERMINERS.get(self.language, ())

    def _is_translated_name(self, word: str) -> bool:
        """Whether a month, weekday, country, language or city has another name in the reader's language."""
        lower = word.lower()
        named = lower in calendar(self.language, short=False) or lower in places(self.language)
        return named and bool(self.meanings.lexicon.alternatives(lower, self.language, self.meanings.reader))

    def _is_noun(self, word: str, before: str) -> bool:
        """Whether a capitalised German word may be a common noun."""
        if _NAME_TAIL.search(word.lower()) and before not in _DETERMINERS["de"]:
            return bool(self.meanings.of_word(word))
        return bool(self.meanings.of_word(word) or any(self.meanings.parts(word)))
