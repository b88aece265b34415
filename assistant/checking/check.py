"""All checks together: takes a statement and the quotes that it cites, and gives a verdict with the reason.

Each check looks for one kind of error that language models make and that words show: in figures, dates,
names, negations, and in what happened. A statement that passes is not proved: the checks say "no" where something is
certainly missing. Whether what happened is in the quotes is less certain, so it has a word of its own: "not found" asks
for a look.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.checking import amounts, dates
from assistant.checking.amounts import Amount
from assistant.checking.dates import DateOrTime
from assistant.checking.digits import without_list_marker
from assistant.checking.events import NOT_CHECKED, WordVectors, happened
from assistant.checking.names import missing_name
from assistant.checking.negation import LANGUAGES, polarity_change
from assistant.checking.quantities import Quantities, quantities_of
from assistant.checking.told_as_fact import without_source
from assistant.language.lexicon import Lexicon
from assistant.messages import (
    ADDED,
    LOST,
    NAME_MISSING,
    NOT_CITED,
    NOT_FOUND,
    NOT_READ,
    NUMBER_MISSING,
    OPPOSITE,
    SOMETHING_ELSE,
    UNLIKE,
    say,
)
from assistant.types import Events, Support
from ingest.text.languages import detect

_POLARITY = {"added": ADDED, "lost": LOST, "opposite": OPPOSITE}
# A statement less similar than this speaks of something else. Shortened sentences of XQuAD reach 0.3 at least,
# another sentence of the same article 0.25 at the median (English). Translations reach no more, so they are not
# judged by it.
_LEAST_SIMILARITY = 0.5  # deviations above that to passages at large
# Below this many characters the language of a quote cannot be detected.
_DETECTABLE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """Whether a statement is supported, and what happened found; ``reason`` says in words why not, empty where it is."""

    supported: Support
    reason: str = ""
    events: Events = "not checked"


def check(
    statement: str,
    quotes: Sequence[str],
    surroundings: Sequence[str],
    *,
    language: str,
    lexicon: Lexicon,
    quoted_in: str = "",
    similarity: float | None = None,
    word_vectors: WordVectors | None = None,
) -> CheckResult:
    """Check a sentence in ``language`` (ISO 639-1) against the verbatim ``quotes`` that it cites.

    ``surroundings`` are texts around the quotes whose names count, too: title, heading, date, neighbouring sentences.
    ``quoted_in`` is the language of the passages that the quotes are from, where it is one and known: it counts for quotes too short
    to tell theirs. ``similarity`` is how many deviations the best quote is nearer to the statement in meaning than passages at large;
    None where it is unknown. ``word_vectors`` gives what the bundled multilingual model makes of the words of a text; without
    it what happened is told by the words alone, where they suffice.
    """
    if not quotes:
        return CheckResult(supported="no", reason=say(NOT_CITED, language))
    plain = without_list_marker(statement)
    readable = language in LANGUAGES and _readable(plain, quotes)
    quoted = " ".join(quotes)
    if quoted_in not in LANGUAGES or len(quoted) >= _DETECTABLE:
        quoted_in = detect(quoted, LANGUAGES)
    foreign = quoted_in != language
    unsourced = without_source(statement, language) if readable else statement
    faults = list(
        _faults(plain, unsourced, quotes, surroundings, language, lexicon, readable, similarity, foreign)
    )
    verdict = NOT_CHECKED
    if readable:
        languages = (language, quoted_in or language)
        verdict = happened(unsourced, quotes, surroundings, languages, lexicon, word_vectors)
    if verdict.contrary:
        faults.append(say(SOMETHING_ELSE, language))
    if faults:
        return CheckResult(supported="no", reason=" ".join(faults), events=verdict.events)
    if not readable:
        return CheckResult(supported="not checked", reason=say(NOT_READ, language))
    if verdict.events == "not found":
        return CheckResult(supported="not checked", reason=say(NOT_FOUND, language), events="not found")
    return CheckResult(supported="yes", events=verdict.events)


def _faults(
    statement: str,
    unsourced: str,
    quotes: Sequence[str],
    surroundings: Sequence[str],
    language: str,
    lexicon: Lexicon,
    readable: bool,
    similarity: float | None,
    foreign: bool,
) -> Iterator[str]:
    """What the quotes do not support, in words; ``foreign`` if they are in another language than the statement, which is ``unsourced`` without "laut …"."""
    stated = quantities_of(statement, language if readable else "")
    number = next(missing_quantities(stated, quotes, surroundings), None)
    if number:
        yield say(NUMBER_MISSING, language).format(number.text)
    name = missing_name(statement, [*quotes, *surroundings], language, lexicon, foreign=foreign)
    if name:
        yield say(NAME_MISSING, language).format(name)
    change = (
        polarity_change(without_list_marker(unsourced), quotes, language, lexicon, foreign=foreign)
        if readable
        else ""
    )
    if change:
        yield say(_POLARITY[change], language)
    if similarity is not None and similarity < _LEAST_SIMILARITY and not foreign:
        yield say(UNLIKE, language)


def missing_quantities(
    stated: Quantities, quotes: Sequence[str], surroundings: Sequence[str]
) -> Iterator[Amount | DateOrTime]:
    """The amounts of a statement that its quotes do not have, then its moments.

    Quotes are read in every language: theirs is not known for sure.
    """
    quoted = [quantities_of(quote, language) for quote in quotes for language in LANGUAGES]
    quoted_amounts = [amount for quantities in quoted for amount in quantities.amounts]
    quoted_moments = [moment for quantities in quoted for moment in quantities.moments]
    published = dates.dates_among(surroundings)
    numbers = [*quoted_amounts, *(amounts.amount_of(moment) for moment in quoted_moments)]
    for amount in stated.amounts:
        supported = amounts.is_supported(amount, numbers) or amounts.is_publication_year(amount, published)
        if amount.sure and not supported:
            yield amount
    for moment in stated.moments:
        supported = dates.is_supported(moment, quoted_moments, published)
        supported = supported or amounts.is_supported(amounts.amount_of(moment), quoted_amounts)
        if moment.sure and not supported:
            yield moment


def _readable(statement: str, quotes: Sequence[str]) -> bool:
    """Whether the quotes are in a language whose number words and negations are known.

    Where the detected language is that of the statement, it counts as known: short texts and lists of names are often
    detected wrongly, and then the statement is, too.
    """
    text = " ".join(quotes)
    return len(text) < _DETECTABLE or detect(text) in (*LANGUAGES, detect(statement))
