"""Whether a statement tells as fact what its sources give as somebody's words: "Europe blocks the talks", where a minister says so.

A statement keeps the attribution if it says in any way that these are words of somebody ("laut …", "he claimed", the subjunctive,
quotation marks, "allegedly"), or names who speaks. It drops it if it doesn't, and what it says stands in others' words alone: not in
the frame around them ("…, said the minister on Tuesday in Bonn"), and in no sentence cited that is the document's own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.checking.spelling import occurs_in
from assistant.language.lexicon import Lexicon
from assistant.language.words import is_function_word
from assistant.speech import written_in
from assistant.types import Citation
from ingest.quotations import find_quotations
from ingest.quotations.finding import grammar_of
from ingest.quotations.grammar import SpeechGrammar
from ingest.text.folding import tokens
from ingest.types import Quotation

# The share of a statement's words from which on it tells what has them: somebody's words, or the frame around them.
_TOLD = 0.5
_LONGEST_FRAME = 12  # words before a colon
_BEFORE = 400  # characters before a statement that may say whose words it tells
# Words by which hearsay is told without a verb of saying.
_HEARSAY = {
    "de": re.compile(r"\b(?:angeblich\w*|mutmaßlich\w*|vorgeblich\w*|vermeintlich\w*|soll|sollen)\b", re.I),
    "en": re.compile(
        r"\b(?:allege[ds]?|allegedly|reportedly|supposedly|supposed|purported(?:ly)?|is said to|are said to|apparently)\b",
        re.I,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedWords:
    """A cited quote parted: what others say in it, the ``frame`` that is the document's own, and who speaks, as far as named."""

    said: str
    frame: str
    speakers: tuple[str, ...]
    language: str


def told_as_fact(
    statement: str, before: str, citations: Sequence[Citation], language: str, lexicon: Lexicon
) -> str | None:
    """Whose words a statement in ``language`` tells as if they were fact; empty where nobody is named, None where it doesn't.

    ``before`` is the answer's text before it. Languages without a grammar of speech are not judged.
    """
    grammar = grammar_of(language)
    if grammar is None or not citations:
        return None
    parted = [cited_words(citation) for citation in citations]
    words = [word for word in tokens(statement) if not is_function_word(word, language, lexicon)]

    def is_of_others(part: CitedWords) -> bool:
        of_frame = _share(words, part.frame, language, lexicon)
        if part.language.partition("-")[0] == grammar.language:
            of_said = _share(words, part.said, language, lexicon)
            return of_said >= _TOLD and of_said > of_frame
        return of_frame < _TOLD and 2 * len(tokens(part.said)) >= len(tokens(part.frame))

    if not all(part.said.strip() and is_of_others(part) for part in parted):
        return None
    named = any(_is_named(part, statement, language, lexicon) for part in parted)
    own = [part.said for part in parted if part.language.partition("-")[0] == grammar.language]
    if named or _says_whose(statement, before, grammar, " ".join(own)):
        return None
    return next((part.speakers[0] for part in parted if part.speakers), "")


def without_source(text: str, language: str) -> str:
    """A sentence without its source: "Laut Polizei ist die Straße gesperrt" without "Laut Polizei". Verbs of saying stay."""
    grammar = grammar_of(language)
    sources = [
        part
        for one in find_quotations(text, language)
        if grammar and one.cue and one.cue.of(text).lower() not in grammar.verbs
        for part in (one.cue, one.speaker)
        if part
    ]
    return "".join(
        " " if any(part.start <= at < part.end for part in sources) else sign for at, sign in enumerate(text)
    )


def cited_words(citation: Citation) -> CitedWords:
    """A quote in its parts."""
    start, passage = citation.start, citation.passage
    here = [one for one in _told(passage.quotations) if one.start < citation.end and one.end > start]
    frames = [part for one in here for part in (one.cue, one.speaker) if part]
    inside = [
        any(one.start <= at < one.end for one in here)
        and not any(part.start <= at < part.end for part in frames)
        for at in range(start, citation.end)
    ]
    signs = list(zip(citation.quote, inside, strict=True))
    names = (name for one in here for name in (one.name, written_in(passage, one.speaker)) if name)
    return CitedWords(
        said="".join(sign if held else " " for sign, held in signs),
        frame="".join(" " if held else sign for sign, held in signs),
        speakers=tuple(dict.fromkeys(names)),
        language=citation.language,
    )


def _told(quotations: Sequence[Quotation] | None) -> list[Quotation]:
    """Those that tell what was said; what only names it ("criticised the plan") is the document's own."""
    return [one for one in quotations or () if one.kind != "reported"]


def _says_whose(statement: str, before: str, grammar: SpeechGrammar, said: str) -> bool:
    """Whether a statement says that it tells somebody's words, also as it goes on with those before it.

    Words of saying that stand in ``said``, what it tells, are a part of that.
    """
    told = {word.lower() for word in tokens(said)}
    if any(found[0].lower() not in told for found in _HEARSAY[grammar.language].finditer(statement)):
        return True
    opening, colon, _ = statement.partition(":")
    frame = [word.lower() for word in tokens(opening)] if colon else []
    if len(frame) <= _LONGEST_FRAME and any(word in grammar.verbs.keys() - told for word in frame):
        return True
    before = before[-_BEFORE:].rstrip()
    text = f"{before} {statement}" if before else statement
    start = len(text) - len(statement)
    cues = [
        one.cue.of(text).lower() if one.cue else ""
        for one in find_quotations(text, grammar.language)
        if one.end > start
    ]
    return any(cue not in told for cue in cues)


def _is_named(cited: CitedWords, statement: str, language: str, lexicon: Lexicon) -> bool:
    """Whether a statement names who speaks. What is named in their words as well may be what these are about."""
    written = (word.strip(',.;:()„“”"«»') for speaker in cited.speakers for word in speaker.split())
    named = {
        word
        for word in written
        if len(word) > 2 and (word[:1].isupper() or not is_function_word(word, cited.language, lexicon))
    }
    foreign = (
        cited.language.partition("-")[0] != language.partition("-")[0]
    )  # other letters for the same sounds
    return any(
        not occurs_in(word, cited.said, language, lexicon)
        and occurs_in(word, statement, language, lexicon, near=foreign)
        for word in named
    )


def _share(words: Sequence[str], text: str, language: str, lexicon: Lexicon) -> float:
    """The share of words that a text has; all of none."""
    return sum(occurs_in(word, text, language, lexicon) for word in words) / len(words) if words else 1.0
