"""Whether the sentences that a statement cites bear it out: its figures, dates, names and negations.

Each check looks for one kind of error that language models make and that words show. What passes is
not proved: the checks say "no" where something is certainly missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.checking import amounts, dates
from assistant.checking.digits import without_list_marker
from assistant.checking.names import missing
from assistant.checking.negation import LANGUAGES, changed
from assistant.checking.quantities import Quantities, read
from assistant.language.lexicon import Lexicon
from assistant.messages import (
    ADDED,
    LOST,
    NAME_MISSING,
    NOT_CITED,
    NOT_READ,
    NUMBER_MISSING,
    OPPOSITE,
    UNLIKE,
    say,
)
from assistant.types import Support
from ingest.text.languages import detect

_POLARITY = {"added": ADDED, "lost": LOST, "opposite": OPPOSITE}
# What is less alike speaks of something else. Shortened sentences of XQuAD reach 0.3 at least, another sentence of
# the same article 0.25 in the middle (English). Translations reach no more than that, so they are not judged by it.
_UNLIKE = 0.2
# Below this many letters the language of a quote cannot be told.
_TELLING = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """Whether a statement is borne out; ``reason`` says in words why not, empty where it is."""

    supported: Support
    reason: str = ""


def check(
    statement: str,
    quotes: Sequence[str],
    surroundings: Sequence[str],
    *,
    language: str,
    lexicon: Lexicon,
    similarity: float | None = None,
) -> CheckResult:
    """Check a sentence in ``language`` (ISO 639-1) against the verbatim ``quotes`` that it cites.

    ``surroundings`` are what the quotes share their names with (title, heading, date, neighbours).
    ``similarity`` is the cosine of the statement's vector and the best quote's, where there is one.
    """
    if not quotes:
        return CheckResult(supported="no", reason=say(NOT_CITED, language))
    plain = without_list_marker(statement)
    readable = language in LANGUAGES and _readable(plain, quotes)
    found = list(_faults(plain, quotes, surroundings, language, lexicon, readable, similarity))
    if found:
        return CheckResult(supported="no", reason=" ".join(found))
    if not readable:
        return CheckResult(supported="not checked", reason=say(NOT_READ, language))
    return CheckResult(supported="yes")


def _faults(
    statement: str,
    quotes: Sequence[str],
    surroundings: Sequence[str],
    language: str,
    lexicon: Lexicon,
    readable: bool,
    similarity: float | None,
) -> Iterator[str]:
    """What the quotes do not bear out, in words."""
    number = _number_missing(read(statement, language if readable else ""), quotes, surroundings)
    if number:
        yield say(NUMBER_MISSING, language).format(number)
    foreign = detect(" ".join(quotes), LANGUAGES) != language
    name = missing(statement, [*quotes, *surroundings], language, lexicon, foreign=foreign)
    if name:
        yield say(NAME_MISSING, language).format(name)
    change = changed(statement, quotes, language, lexicon, foreign=foreign) if readable else ""
    if change:
        yield say(_POLARITY[change], language)
    if similarity is not None and similarity < _UNLIKE and not foreign:
        yield say(UNLIKE, language)


def _number_missing(stated: Quantities, quotes: Sequence[str], surroundings: Sequence[str]) -> str:
    """The first amount or moment of a statement that its quotes do not have; empty where they have all."""
    readings = [read(quote, language) for quote in quotes for language in LANGUAGES]
    there = [amount for reading in readings for amount in reading.amounts]
    named = [moment for reading in readings for moment in reading.moments]
    published = dates.days(surroundings)
    counted = [*there, *(amounts.counted(moment) for moment in named)]
    for amount in stated.amounts:
        if amount.sure and not amounts.borne_out(amount, counted) and not amounts.in_years(amount, published):
            return amount.text
    for moment in stated.moments:
        known = dates.borne_out(moment, named, published)
        if moment.sure and not known and not amounts.borne_out(amounts.counted(moment), there):
            return moment.text
    return ""


def _readable(statement: str, quotes: Sequence[str]) -> bool:
    """Whether the quotes are in a language whose number words and negations are known.

    Short texts and lists of names are often told wrong: then the statement is, too.
    """
    text = " ".join(quotes)
    return len(text) < _TELLING or detect(text) in (*LANGUAGES, detect(statement))
