"""Sentences as claims: what they speak of, at which time, as whose words, and whether two speak of the same.

Two claims are about one thing where names say so: those of the question, of the titles and of the passages. Where a sentence names
another year, month or day than the other, or both are what two people expect, nothing is compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal

from assistant.checking.dates import moments
from assistant.checking.digits import normalised
from assistant.checking.names import names
from assistant.language.lexicon import Lexicon
from assistant.language.matching import Vocabulary, match_score, vocabulary
from assistant.language.words import Word
from assistant.types import DisagreementKind
from ingest.text.folding import fold

LANGUAGES = ("de", "en")
MATCH = 0.6  # the least score at which a text has a word

# What happens to people, by which figures are told apart: the dead are not the injured.
_FATES = tuple(
    re.compile(rf"\b(?:{stems})", re.I)
    for stems in (
        r"tot\b|tote[nrs]?\b|todes|getötet|starb|starben|sterben|gestorben|ums leben|umgekommen|ertrunken|ertrank|leichen?\b|erschossen"
        r"|killed|killing|kills?\b|dead\b|deaths?\b|died?\b|dying|drown|lost their lives|bodies",
        r"verletz|verwundet|injur|wounded|hurt\b",
        r"vermisst|missing\b|verschwunden|unaccounted",
        r"gerettet|geborgen|befreit|rescued|saved\b|freed\b|überleb|surviv",
        r"festgenommen|verhaftet|arrest|detained",
        r"gefangen|eingeschlossen|geisel|hostage|trapped",
    )
)
# That a figure or a date has become another.
_CHANGED = re.compile(
    r"\b(?:stieg\w*|gestiegen|steigt|erhöht\w*|gesunken|sank|inzwischen|mittlerweile|nunmehr|nun|jetzt|noch|korrigiert\w*|verschoben"
    r"|verzögert\w*|rose|risen|rises|climbed|revised|now|postponed|delayed|moved|still|raised|corrected)\b",
    re.I,
)
_EXPECTED = re.compile(
    r"\b(?:erwart\w*|prognos\w*|rechne\w*|dürfte\w*|könnte\w*|voraus|expect\w*|forecast\w*|predict\w*"
    r"|anticipat\w*|projected|might|could"
    r"|soll(?:en|te|ten)?\b[^.;]*\b(?:zunehmen|steigen|wachsen|sinken|zurückgehen|fallen|erreichen))\b",
    re.I,
)
_FUTURE = re.compile(
    r"\b(?:will|'ll|werden|wird|werde|würden?|going to|would|forderte?n?|demand\w*|want\w*)\b", re.I
)
_LAST_YEAR = re.compile(
    r"\b(?:(?:im )?(?:vergangene|letzte|vorige)[nrms]? Jahr(?:es)?|im Vorjahr|last year|the previous year)\b",
    re.I,
)
_BOUND = re.compile(
    r"\b(?:bis|until|till|by|seit|since|ab|from|von|vor|nach|before|after)\W+(?:\w+\W+){0,2}$", re.I
)

YEAR = re.compile(r"(?<![\d.,])(?:1[2-9]|20)\d\d(?![\d.,]*\d)")
_MONTHS_APART = 62  # days; news of so many days apart that say when nothing happened are of two events
_NAMES_SHARED = 2
# Where no name tells: so many days apart at most, so many words of the question at least, and which share of them.
_SAME_NEWS, _WORDS_SHARED, _NEARLY_ALL = 7, 3, 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A sentence, and what tells of what it speaks: its passage, its document's title and day, and whose words it tells.

    ``lead`` is the sentence before where it takes that up ("This figure is …").
    """

    text: str
    language: str
    passage: str
    title: str
    published: date | None
    speaker: str = ""
    lead: str = ""

    @property
    def around(self) -> Vocabulary:
        return vocabulary(f"{self.title}\n{self.passage}", self.language)

    def names(self, lexicon: Lexicon) -> tuple[str, ...]:
        """The proper names of title and passage."""
        return proper_names(f"{self.title}.\n{self.passage}", self.language, lexicon)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFor:
    """What a question asks for: ``measures`` of units where it names one, ``counted`` what it counts, ``words`` what else it says.

    ``names`` are names beyond doubt, ``perhaps`` those of the words that may be names.
    ``kind`` is empty where it asks for none of what is compared.
    """

    kind: DisagreementKind | Literal[""]
    text: str
    words: tuple[Word, ...]
    names: tuple[Word, ...]
    measures: frozenset[str] = frozenset()
    counted: Word | None = None
    perhaps: tuple[Word, ...] = ()


def may_differ(one: Claim, other: Claim, asked: AskedFor, lexicon: Lexicon) -> bool:
    """Whether both speak of one thing, as facts or as whose words they are."""
    if {one.language, other.language} - set(LANGUAGES):
        return False
    return not _expectations(one, other) and _same_subject(one, other, asked, lexicon)


def same_words(one: str, other: str) -> bool:
    return one.casefold().split() == other.casefold().split()


def _same_subject(one: Claim, other: Claim, asked: AskedFor, lexicon: Lexicon) -> bool:
    """Whether the names of the question are beside both sentences or neither, and enough others beside both."""
    here, there = one.around, other.around
    beside = [(match_score(name, here) >= MATCH, match_score(name, there) >= MATCH) for name in asked.names]
    if any(mine != yours for mine, yours in beside):
        return False
    titles = [proper_names(claim.title, claim.language, lexicon) for claim in (one, other)]
    if all(titles) and not _names_held(titles[0], there) and not _names_held(titles[1], here):
        return False
    if any(mine for mine, _ in beside):
        return True
    shared = _names_held(one.names(lexicon), there) | _names_held(other.names(lexicon), here)
    if (
        _names_held(shared, vocabulary(asked.text))
        or len({fold(name)[:5] for name in shared}) >= _NAMES_SHARED
    ):
        return True
    return not asked.names and _same_news(one, other, asked, lexicon)


def _same_news(one: Claim, other: Claim, asked: AskedFor, lexicon: Lexicon) -> bool:
    """Whether two sentences of one week have nearly all that the question says, and neither names what the other's article lacks."""
    if not one.published or not other.published or len(asked.words) < _WORDS_SHARED:
        return False
    if abs((one.published - other.published).days) > _SAME_NEWS:
        return False
    for claim, its in ((one, other), (other, one)):
        own = vocabulary(claim.text, claim.language)
        held = sum(match_score(word, own) >= MATCH for word in asked.words)
        named = proper_names(claim.text, claim.language, lexicon)
        if held < _NEARLY_ALL * len(asked.words) or len(_names_held(named, its.around)) < len(named):
            return False
    return True


def names_in(claim: Claim, asked: AskedFor) -> int:
    """How many of the question's names a sentence has itself."""
    own = vocabulary(claim.text, claim.language)
    return sum(match_score(name, own) >= MATCH for name in asked.names)


def _names_held(names: Iterable[str], text: Vocabulary) -> set[str]:
    """Those of the names that a text has."""
    return {
        name
        for name in names
        if match_score(Word(text=name, forms=(name,), equivalents={}, name=True), text) >= MATCH
    }


@lru_cache(maxsize=5_000)
def proper_names(text: str, language: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The words of names in a text that mean nothing else."""
    found = (part.text for name in names(text, language, lexicon) for part in name if not part.common)
    return tuple(dict.fromkeys(found))


def _expectations(one: Claim, other: Claim) -> bool:
    """Whether one sentence is an expectation and the other none, or both are what two people expect or demand."""
    told, its = bool(_EXPECTED.search(one.text)), bool(_EXPECTED.search(other.text))
    if told or its:
        return told != its or not one.speaker or one.speaker != other.speaker
    ahead = any(_FUTURE.search(claim.text) for claim in (one, other))
    return ahead and bool(one.speaker and other.speaker) and one.speaker != other.speaker


def same_time(one: Claim, other: Claim) -> bool:
    """Whether neither sentence is about another year, month or day than the other, as far as they say.

    Years and months may be said by the sentence before, which a sentence takes up; a day there is that of something else.
    """
    here, there = one.text, other.text
    years, others = years_of(one, f"{one.lead} {here}"), years_of(other, f"{other.lead} {there}")
    if years and others:
        if not years & others:
            return False
    elif years or others:
        undated = other if years else one
        if undated.published is None or undated.published.year not in years | others:
            return False
    months, other_months = _months(f"{one.lead} {here}"), _months(f"{other.lead} {there}")
    if months and other_months and not months & other_months:
        return False
    apart = one.published and other.published and abs((one.published - other.published).days)
    changed = bool(_CHANGED.search(here) or _CHANGED.search(there))
    days, other_days = days_of(one, here), days_of(other, there)
    if days and other_days and not changed:
        return any(abs((day - another).days) <= 1 for day in days for another in other_days)
    happened = bool(fates_in(here) or fates_in(there))
    return changed or not happened or (apart or 0) <= _MONTHS_APART


def years_of(claim: Claim, text: str) -> set[int]:
    """The years that a sentence says it is about."""
    named = {int(match.group()) for match in YEAR.finditer(text) if not _BOUND.search(text[: match.start()])}
    if claim.published and _LAST_YEAR.search(text):
        named.add(claim.published.year - 1)
    return named


def _months(text: str) -> set[int]:
    """The months that a sentence names."""
    return {moment.value for moment in moments(text)[0] if moment.kind == "month" and moment.sure}


def days_of(claim: Claim, text: str) -> set[date]:
    """The days that a sentence names by day and month, or by the day of the week before its publication."""
    named, _ = moments(text)
    values = {moment.kind: moment.value for moment in named}
    year = values.get("year") or (claim.published.year if claim.published else 0)
    if "day" in values and "month" in values and year:
        try:
            return {date(year, values["month"], values["day"])}
        except ValueError:
            return set()
    if claim.published and "weekday" in values:
        return {claim.published - timedelta(days=(claim.published.weekday() - values["weekday"]) % 7)}
    return set()


def fates_in(text: str) -> set[int]:
    return {number for number, fate in enumerate(_FATES) if fate.search(text)}


@dataclass(frozen=True, slots=True, kw_only=True)
class StraightText:
    """A sentence without double spaces and with digits joined; ``origin`` is where each of its characters stands in the sentence."""

    text: str
    origin: tuple[int, ...]

    def stretch(self, start: int, end: int) -> tuple[int, int]:
        return self.origin[start], self.origin[max(start, end - 1)] + 1


@lru_cache(maxsize=2_000)
def straight(text: str) -> StraightText:
    """The sentence as figures and dates are read in it."""
    kept: list[tuple[str, int]] = []
    for at, letter in enumerate(text):
        if not letter.isspace():
            kept.append((letter, at))
        elif kept and kept[-1][0] != " ":
            kept.append((" ", at))
    while kept and kept[-1][0] == " ":
        kept.pop()
    plain = "".join(letter for letter, _ in kept)
    joined = normalised(plain)
    places_of = [at for _, at in kept]
    if joined != plain:
        places_of = _aligned(plain, joined, places_of)
    return StraightText(text=joined, origin=tuple(places_of))


def _aligned(plain: str, joined: str, origin: Sequence[int]) -> list[int]:
    """The origins of the characters of ``joined``, which was made from ``plain``; of a changed one that of its place."""
    found: list[int] = []
    for _, first, last, start, end in SequenceMatcher(None, plain, joined, autojunk=False).get_opcodes():
        found += [origin[min(first + at, max(first, last - 1), len(plain) - 1)] for at in range(end - start)]
    return found
