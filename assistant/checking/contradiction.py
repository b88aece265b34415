"""Whether two sentences that answer one question contradict each other: in a figure, in a date, or in what they deny.

Takes the question's words and two sentences with what stands around them, and gives the words that differ. It says nothing where
the sentences may speak of something else: another year, place or subject, a part of a whole, two people's expectations.
It is the same whichever sentence comes first, whatever white space stands between words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.checking.asked_figures import GivenFigure, figures_differ, given_figure
from assistant.checking.claims import (
    MATCH,
    YEAR,
    AskedFor,
    Claim,
    StraightText,
    may_differ,
    same_time,
    same_words,
    straight,
)
from assistant.checking.dates import DateOrTime, moments
from assistant.checking.negation import clause_spans, denials_in, may_deny
from assistant.language.lexicon import Lexicon
from assistant.language.matching import match_score, vocabulary
from assistant.types import DisagreementKind
from ingest.text.folding import fold, words

_FEW_WORDS = 4
_SUPPOSED = re.compile(
    r"\b(?:könnte\w*|würde\w*|might|could|would|ob|whether|falls|wenn|if|soll(?:e|en|te|ten)?|should|may|vielleicht|perhaps"
    r"|fraglich|unklar|unclear|möglicherweise|possibly|allegedly|angeblich|droht\w*|fordert\w*|will|wollen)\b",
    re.I,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Where two sentences contradict each other: half-open ranges of the one and of the other."""

    kind: DisagreementKind
    one: tuple[int, int]
    other: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenDate:
    """The one date of a sentence: its parts, 0 for those that it leaves out, and where it stands in the straight text."""

    claim: Claim
    text: StraightText
    year: int
    month: int
    day: int
    start: int
    end: int

    @property
    def place(self) -> tuple[int, int]:
        return self.text.stretch(self.start, self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stance:
    """Which words of the question a clause has, and whether it denies what they say."""

    claim: Claim
    text: StraightText
    said: frozenset[str]
    denied: bool
    start: int
    end: int

    @property
    def place(self) -> tuple[int, int]:
        return self.text.stretch(self.start, self.end)

    @property
    def clause(self) -> str:
        return self.text.text[self.start : self.end]


# What a sentence says of what is asked for.
Said = GivenFigure | GivenDate | Stance


def difference(one: Claim, other: Claim, asked: AskedFor, lexicon: Lexicon) -> Difference | None:
    """What the sentences contradict each other in; None where nothing shows that they do."""
    mine, yours = said(one, asked, lexicon), said(other, asked, lexicon)
    return contradiction(mine, yours, asked, lexicon) if mine and yours else None


def said(claim: Claim, asked: AskedFor, lexicon: Lexicon) -> Said | None:
    """What a sentence says of what is asked for; None where it says nothing of it, or more than one thing."""
    if asked.kind == "figures":
        return given_figure(claim, asked, lexicon)
    if asked.kind == "dates":
        return _given_date(claim, asked)
    return _stance(claim, asked) if asked.kind == "polarity" else None


def contradiction(one: Said, other: Said, asked: AskedFor, lexicon: Lexicon) -> Difference | None:
    """Where what two sentences say contradicts each other."""
    if not asked.kind or same_words(one.claim.text, other.claim.text):
        return None
    if isinstance(one, GivenFigure) and isinstance(other, GivenFigure):
        differ = figures_differ(one, other, asked, lexicon)
    elif isinstance(one, GivenDate) and isinstance(other, GivenDate):
        differ = not _compatible(one, other) and not _another_time(one, other)
    else:
        differ = isinstance(one, Stance) and isinstance(other, Stance) and _opposite(one, other, asked)
    if not differ or not may_differ(one.claim, other.claim, asked, lexicon):
        return None
    return Difference(kind=asked.kind, one=one.place, other=other.place)


def _given_date(claim: Claim, asked: AskedFor) -> GivenDate | None:
    """The date of a sentence that has one, and something of what the question says."""
    own = vocabulary(claim.text, claim.language)
    if not any(match_score(word, own) >= MATCH for word in asked.words + asked.names):
        return None
    found = _mentions(claim, straight(claim.text))
    return found[0] if len(found) == 1 else None


def _mentions(claim: Claim, text: StraightText) -> list[GivenDate]:
    """The dates of a sentence, months and years that stand alone among them."""
    named, rest = moments(text.text)
    grouped: dict[str, list[DateOrTime]] = {}
    for moment in named:
        if moment.kind in ("day", "month", "year") and moment.sure:
            grouped.setdefault(moment.text.rstrip(".,"), []).append(moment)
    found = [_mention(claim, text, written, parts) for written, parts in grouped.items()]
    years = [
        GivenDate(
            claim=claim,
            text=text,
            year=int(match.group()),
            month=0,
            day=0,
            start=match.start(),
            end=match.end(),
        )
        for match in YEAR.finditer(rest)
    ]
    return [*found, *years]


def _mention(claim: Claim, text: StraightText, written: str, parts: Sequence[DateOrTime]) -> GivenDate:
    start = max(0, text.text.find(written))
    values = {part.kind: part.value for part in parts}
    return GivenDate(
        claim=claim,
        text=text,
        year=values.get("year", 0),
        month=values.get("month", 0),
        day=values.get("day", 0),
        start=start,
        end=start + len(written),
    )


def _compatible(mine: GivenDate, yours: GivenDate) -> bool:
    """Whether both may be the same day; what only one of them says is no difference."""
    pairs = [(mine.year, yours.year), (mine.month, yours.month), (mine.day, yours.day)]
    both = [(here, there) for here, there in pairs if here and there]
    return not both or all(here == there for here, there in both)


def _another_time(one: GivenDate, other: GivenDate) -> bool:
    """Whether the later article speaks of the next time: what the earlier one announced was over by then."""
    first, second = sorted((one, other), key=lambda given: given.claim.published or date.min)
    told, later = first.claim.published, second.claim.published
    if told is None or later is None:
        return bool(first.day and second.day and not (first.year and second.year))
    day = _day_of(first, told)
    return day is not None and told <= day < later


def _day_of(given: GivenDate, published: date) -> date | None:
    """The day of a date, by the year that it says or that of publication; None for a year alone."""
    if not given.month:
        return None
    try:
        return date(given.year or published.year, given.month, given.day or 28)
    except ValueError:
        return None


def _opposite(one: Stance, other: Stance, asked: AskedFor) -> bool:
    """Whether one clause denies what the other says, in enough words of the question."""
    if one.denied == other.denied or not same_time(one.claim, other.claim):
        return False
    shared = one.said & other.said
    return len(shared) >= max(1, MATCH * len(asked.words)) or (bool(shared) and _is_within(one, other))


def _is_within(one: Stance, other: Stance) -> bool:
    """Whether all words of one clause are in the other, but for those that deny: "The lights were on", "The lights were not on"."""
    told = [
        {word.casefold() for word in words(clause)} - {word.casefold() for word in denials_in(clause)}
        for clause in (one.clause, other.clause)
    ]
    short, long = sorted(told, key=len)
    return len(short) >= _FEW_WORDS and short <= long


def _stance(claim: Claim, asked: AskedFor) -> Stance | None:
    """That of the clause with most words of the question; None where it is only supposed, or may be denied in a way that can't be told."""
    text = straight(claim.text)
    if not asked.words or _SUPPOSED.search(text.text):
        return None
    stances = [_stance_of(claim, text, start, end, asked) for start, end in clause_spans(text.text)]
    best = max(stances, key=lambda stance: len(stance.said), default=None)
    if best is None or not best.said:
        return None
    asks = vocabulary(asked.text).words
    doubtful = [word for word in words(best.clause) if may_deny(word)]
    known = all(fold(word) in asks or _prefixed(word, asked) for word in doubtful)
    return best if known else None


def _stance_of(claim: Claim, text: StraightText, start: int, end: int, asked: AskedFor) -> Stance:
    clause = text.text[start:end]
    own = vocabulary(clause, claim.language)
    told = {word.text for word in asked.words if match_score(word, own) >= MATCH}
    opposite = {word.text for word in asked.words if any(f"un{form}" in own.words for form in word.forms)}
    denials = len(denials_in(clause)) + len(opposite)
    return Stance(
        claim=claim, text=text, said=frozenset(told | opposite), denied=denials % 2 == 1, start=start, end=end
    )


def _prefixed(word: str, asked: AskedFor) -> bool:
    """Whether a word is one of the question's with "un-"."""
    return any(word.lower() == f"un{form}" for own in asked.words for form in own.forms)
