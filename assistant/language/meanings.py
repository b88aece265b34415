"""What a single word is called in a reader's language, from the lexicon: its equivalents, or those of a compound's parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.language.lexicon import Lexicon, calendar, places
from assistant.language.words import as_written, is_function_word, is_listed, lemma, stopwords, without_link

# How many equivalents a word or a part of it has at most.
MOST = 3
_HYPHEN = re.compile("[-‐‑]")
_LONGEST_ACRONYM = 6
_SHORTEST_PART = 4
_MOST_PARTS = 3
# What the lemmatiser leaves at the end of a word.
_ENDINGS = {"de": ("innen", "in"), "en": ("ly",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class WordPart:
    """A part of a compound and what it is called in the reader's language."""

    word: str
    equivalents: tuple[str, ...]


def is_acronym(word: str) -> bool:
    return word.isupper() and len(word) <= _LONGEST_ACRONYM


@dataclass(frozen=True, slots=True)
class Meanings:
    """Words of ``language`` in the language ``reader``; a word is given as it is written."""

    language: str
    reader: str
    lexicon: Lexicon

    def is_silent(self, word: str) -> bool:
        """Whether a word carries no content. In German no stop word does but nouns: many are auxiliary verbs."""
        lower = word.lower().replace("’", "'")
        if len(word) < 2 or lower not in stopwords(self.language):
            return len(word) < 2
        if self.language == "de":
            return as_written(lemma(word, "de"), "de")[0].islower()
        return "'" in lower or is_function_word(lower, self.language, self.lexicon)

    def is_same(self, form: str) -> bool:
        """Whether a base form is a word of the reader's language, too: "minister", which may be a "cabinet minister"."""
        options = self.lexicon.alternatives(form, self.language, self.reader)
        return any(form == option or form in option.split(" ") for option in options)

    def of_word(self, word: str) -> tuple[str, ...]:
        """The equivalents of a word: as it is written or by its base form, a German noun by its base form first."""
        lower, base = word.lower(), lemma(word, self.language)
        if self.language == "de" and word[0].isupper():
            forms = [base, lower, lemma(lower, "de")]
        elif self.language == "de":  # "klinge" is not "Klinge"
            forms = [form for form in (base, lower) if as_written(form, "de") == form]
        else:
            forms = [lower, base]
        if is_listed(word, self.language):
            endings = _ENDINGS.get(self.language, ())
            forms += [base.removesuffix(ending) for ending in endings if base.endswith(ending)]
        return next((found for form in forms if (found := self.of_form(form))), ())

    def parts(self, word: str) -> Iterator[WordPart]:
        """The parts of a compound with their equivalents: those between hyphens, or those of a German compound."""
        pieces = _HYPHEN.split(word)
        if len(pieces) > 1:
            for piece in pieces:
                yield from self._piece(piece)
        elif self.language == "de":
            yield from self._split(word, _MOST_PARTS)

    def _piece(self, piece: str) -> Iterator[WordPart]:
        if self.is_silent(piece) or is_acronym(piece):
            return
        found = self.of_word(piece)
        if found:
            yield WordPart(word=piece, equivalents=found)
        elif self.language == "de":
            yield from self._split(piece, _MOST_PARTS)

    def _split(self, word: str, most: int) -> tuple[WordPart, ...]:
        """The fewest parts that make up a German word, of those the ones with the longest last part; none if it has none."""
        best: tuple[WordPart, ...] = ()
        if word.islower() and lemma(word, "de").endswith("en"):  # a verb: "frohlocken"
            return best
        for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
            tail = word[cut:].capitalize() if word[0].isupper() else word[cut:]
            last = self.of_word(tail)
            if not last or (tail.islower() and as_written(tail, "de") != tail):
                continue
            first = self._first_parts(word[:cut], most - 1)
            if first and (not best or len(first) + 1 < len(best)):
                best = (*first, WordPart(word=tail, equivalents=last))
        return best

    def _first_parts(self, part: str, most: int) -> tuple[WordPart, ...]:
        """The first part of a compound, without a link after it or with its last "e" restored, or its own parts."""
        for form in (form for bare in without_link(part.lower()) for form in self._bases(bare)):
            if len(form) >= _SHORTEST_PART and (found := self.of_form(form)):
                return (WordPart(word=as_written(form, "de"), equivalents=found),)
        if most < 2:
            return ()
        return next((parts for bare in without_link(part) if (parts := self._split(bare, most))), ())

    def _bases(self, part: str) -> tuple[str, ...]:
        """What the first part of a compound may be as a word of its own; many are plurals: "Länder"."""
        return (part, f"{part}e", lemma(part.capitalize(), "de"))

    def of_form(self, form: str) -> tuple[str, ...]:
        """What a base form or phrase is called in the reader's language: at most `MOST` words, the best first."""
        options = self.lexicon.alternatives(form, self.language, self.reader)
        if (self.language, self.reader) in self.lexicon.inverted:
            options = tuple(sorted(options, key=lambda option: self._closeness(option, form)))
        kept = list[str]()
        for option in options:
            bases = {lemma(word, self.reader) for word in option.replace("-", " ").split(" ")}
            adverb = option.endswith("ly") and option.removesuffix("ly") in options
            if not adverb and not any(lemma(other, self.reader) in bases for other in kept):
                kept.append(option)
        return tuple(self._written(option, form) for option in kept[:MOST])

    def _written(self, option: str, form: str) -> str:
        """An equivalent with its capital letter: months, countries and languages have one in English."""
        if self.reader != "en":
            return as_written(option, self.reader)
        listed = self.lexicon.alternatives(option, "en", self.language)
        language = option in places("en") and bool(listed) and form.startswith(listed[0])
        named = form in calendar(self.language) or form in places(self.language) or language
        return option.title() if named else as_written(option, "en")

    def _closeness(self, option: str, form: str) -> tuple[int, bool, int]:
        """The lower, the more surely ``option`` means ``form``: by its place among all that ``option`` may mean.

        Then come words that are in common use: they are in phrases and may mean much.
        """
        listed = self.lexicon.alternatives(option, self.reader, self.language)
        place = listed.index(form) if form in listed else len(listed)
        return (place, not self.lexicon.is_in_phrases(option, self.reader), -len(listed))
