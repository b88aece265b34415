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

from assistant.checking.claims import (
    MATCH,
    YEAR,
    AskedFor,
    Claim,
    fates_in,
    may_differ,
    same_time,
    same_words,
    straight,
)
from assistant.checking.dates import DateOrTime, moments
from assistant.checking.figures import PEOPLE, Figure, agree, comparable, figures_of
from assistant.checking.negation import clause_spans, denials_in, may_deny
from assistant.language.lexicon import Lexicon, places
from assistant.language.matching import match_score, vocabulary
from assistant.language.words import Word, equivalents, lemma
from assistant.types import DisagreementKind
from ingest.text.folding import fold, words

# Words that make a part of what they stand with, or something else of it.
_NARROWER = re.compile(
    r"\b(?:schwer|leicht|lebensgefährlich|schwerst\w*|seriously|critically|badly|slightly|severely|allein(?:e)?|alone|only in"
    r"|männer|frauen|kinder"
    r"|men|women|children)\b",
    re.I,
)
_RATE = re.compile(
    r"\b(?:pro|per|je|a|an|each|im|in der|täglich|daily|monatlich|monthly|jährlich|yearly|annually|wöchentlich|weekly)\b"
    r"(?:\W+(?P<unit>tag|day|woche|week|monat|month|jahr|year|stunde|hour|quadratmeter|square|kilometer|liter|person|kopf)\b"
    r"(?!\W+\d))?",
    re.I,
)
_CLAUSE_ENDS = re.compile(r"[;:]\s|,\s(?!\d)|(?<!\d)[.!?]\s|\s[–—-]\s|\b(?:und|and|während|while|but|aber)\s")
_PLACED = re.compile(
    r"\b(?:[Ii]n|[Ii]m|[Bb]ei|[Nn]ahe|[Aa]us|[Nn]ear|[Aa]t|[Oo]ff|[Aa]cross|[Tt]hroughout)\s+(?:(?:der|dem|den|the|gesamten|ganzen|whole|all of)\s+)*"
    r"(?P<name>(?:[a-zäöü]+en\s+)?[A-ZÄÖÜ][\w-]+(?:\s[A-ZÄÖÜ][\w-]+)?)"
)
# How many times as much may be told of one time, where only one source says in which time.
_SAME_RATE = 2
_AVERAGE = re.compile(
    r"\b(?:durchschnittlich\w*|im schnitt|im mittel|averag\w+|pro kopf|per head|per capita)\b", re.I
)
_CAPITALISED = re.compile(r"\b[A-ZÄÖÜ][\w-]+")
_FEW_WORDS = 4
_UNIONS = frozenset(("eu", "eurozone", "euroraum", "usa", "us", "uk", "welt", "world", "europa", "europe"))
_RATE_BEFORE = re.compile(r"\b(?:pro|per|je|täglich|daily|each)\W+[^.;]*$", re.I)
_ADVERBS_OF_RATE = {
    "täglich",
    "daily",
    "monatlich",
    "monthly",
    "jährlich",
    "yearly",
    "annually",
    "wöchentlich",
    "weekly",
}
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


def difference(one: Claim, other: Claim, asked: AskedFor, lexicon: Lexicon) -> Difference | None:
    """What the sentences contradict each other in; None where nothing shows that they do."""
    found: Difference | None = None
    if same_words(one.text, other.text):
        return None
    if asked.kind == "figures":
        found = _figures(one, other, asked, lexicon)
    elif asked.kind == "dates":
        found = _dates(one, other, asked)
    elif asked.kind == "polarity":
        found = _polarity(one, other, asked)
    return found if found and may_differ(one, other, asked, lexicon) else None


def _figures(one: Claim, other: Claim, asked: AskedFor, lexicon: Lexicon) -> Difference | None:
    here, there = (straight(claim.text) for claim in (one, other))
    if not same_time(one, other, here.text, there.text):
        return None
    ours = figures_of(here.text, one.language, lexicon)
    theirs = figures_of(there.text, other.language, lexicon)
    mine = _asked_for(ours, here.text, one.language, asked, lexicon)
    yours = _asked_for(theirs, there.text, other.language, asked, lexicon)
    if mine is None or yours is None or not comparable(mine, yours):
        return None
    if (
        not asked.counted
        and not mine.measures
        and not _count_alike(mine, yours, one.language, other.language, lexicon)
    ):
        return None
    if not _same_kind(mine, yours, here.text, there.text):
        return None
    said_by_both = any(comparable(figure, mine) and agree(figure, mine) for figure in theirs) or any(
        comparable(figure, yours) and agree(figure, yours) for figure in ours
    )
    if said_by_both:
        return None
    return Difference(
        kind="figures", one=here.stretch(mine.start, mine.end), other=there.stretch(yours.start, yours.end)
    )


def _asked_for(
    figures: Sequence[Figure], text: str, language: str, asked: AskedFor, lexicon: Lexicon
) -> Figure | None:
    """The one figure of a sentence that the question asks for; None where there is none, or which it is can't be told."""
    scored = [
        (score, figure)
        for figure in figures
        if not figure.part and (score := _fits(figure, text, language, asked, lexicon)) > 0
    ]
    if not scored:
        return None
    best = max(score for score, _ in scored)
    likely = [figure for score, figure in scored if score == best]
    return likely[0] if len(likely) == 1 else None


def _fits(figure: Figure, text: str, language: str, asked: AskedFor, lexicon: Lexicon) -> float:
    """How surely a figure is what the question asks for: 0 where it is not."""
    if _is_elsewhere(_clause(text, figure), text, language, asked):
        return 0.0
    if asked.measures:
        return float(figure.measures in asked.measures and bool(figure.measures or figure.counted))
    if asked.counted is None or figure.measures or figure.change:
        return 0.0
    fates, wanted = fates_in(_clause(text, figure)), fates_in(asked.text)
    if wanted and fates and not wanted & fates:
        return 0.0
    fated = 0.5 * bool(wanted & fates)
    if not figure.counted:
        named = match_score(asked.counted, vocabulary(text, language)) >= MATCH
        return 0.5 + fated if named or fated else 0.0
    if match_score(asked.counted, vocabulary(" ".join(figure.counted), language)) >= MATCH:
        return 2.0 + fated
    people = asked.counted.text.lower() in PEOPLE or any(form in PEOPLE for form in asked.counted.forms)
    counted = any(word.lower() in PEOPLE for word in figure.counted)
    if people and counted and (fated or not wanted):
        return 1.0 + fated
    return 0.75 if fated and not _noun(figure, language) else 0.0


def _count_alike(mine: Figure, yours: Figure, language: str, other: str, lexicon: Lexicon) -> bool:
    """Whether two figures without a unit count the same: "Hektar" and "hectares"."""
    own = vocabulary(" ".join(yours.counted), other)
    return any(match_score(_word(word, language, other, lexicon), own) >= MATCH for word in mine.counted)


def _word(word: str, language: str, target: str, lexicon: Lexicon) -> Word:
    base = lemma(word, language)
    forms = (word, base, *equivalents(word, base, language, target, lexicon))
    return Word(text=word, forms=tuple(dict.fromkeys(forms)), equivalents={}, name=False)


def _noun(figure: Figure, language: str) -> bool:
    """Whether a figure counts something that has a name."""
    return any(word[0].isupper() for word in figure.counted) if language == "de" else bool(figure.counted)


def _clause(text: str, figure: Figure) -> str:
    """What stands around a figure, between commas and conjunctions."""
    start = max((match.end() for match in _CLAUSE_ENDS.finditer(text, 0, figure.start)), default=0)
    following = _CLAUSE_ENDS.search(text, figure.end)
    return text[start : following.start() if following else len(text)]


def _is_elsewhere(clause: str, text: str, language: str, asked: AskedFor) -> bool:
    """Whether a clause is about another place than the question, which the sentence names elsewhere or not at all."""
    own, whole = vocabulary(clause, language), vocabulary(text, language)
    if not asked.names or any(match_score(name, own) >= MATCH for name in asked.names):
        return False
    named = {match["name"].lower() for match in _PLACED.finditer(clause)}
    if any(match_score(name, whole) >= MATCH for name in asked.names):
        return bool(named)
    written = {word.lower() for word in _CAPITALISED.findall(clause)}
    return bool(written & (places(language) | _UNIONS))


def _same_kind(mine: Figure, yours: Figure, here: str, there: str) -> bool:
    """Whether both figures are of the same kind: of the same fate, neither a part, an average or a rate where the other is none."""
    clause, theirs = _clause(here, mine), _clause(there, yours)
    fates, other_fates = fates_in(clause), fates_in(theirs)
    if fates and other_fates and not fates & other_fates:
        return False
    if bool(_AVERAGE.search(here)) != bool(_AVERAGE.search(there)):
        return False
    if {word.lower() for word in _NARROWER.findall(clause)} ^ {
        word.lower() for word in _NARROWER.findall(theirs)
    }:
        plain = {*_NARROWER.findall(clause.lower())} | {*_NARROWER.findall(theirs.lower())}
        if plain - PEOPLE or not (_NARROWER.search(clause) and _NARROWER.search(theirs)):
            return False
    if _rates(here, mine) != _rates(there, yours):  # said of one only: then they are near each other
        values = sorted((mine.high, yours.high))
        return values[1] <= _SAME_RATE * values[0]
    if mine.change == yours.change:
        return True
    return mine.measures == "length" and not (mine.level or yours.level)


def _rates(text: str, figure: Figure) -> bool:
    """Whether a figure is so many in a time or for each."""
    after, before = text[figure.end :], text[max(0, figure.start - 60) : figure.start]
    match = _RATE.match(after.lstrip()) or _RATE.search(after[:30])
    if match and (match["unit"] or match.group().lower() in _ADVERBS_OF_RATE):
        return True
    return bool(_RATE_BEFORE.search(before))


def _dates(one: Claim, other: Claim, asked: AskedFor) -> Difference | None:
    here, there = (straight(claim.text) for claim in (one, other))
    ours, theirs = _mentions(here.text), _mentions(there.text)
    if len(ours) != 1 or len(theirs) != 1:
        return None
    mine, yours = ours[0], theirs[0]
    if _compatible(mine, yours) or _another_time(one, other, mine, yours):
        return None
    if not _asks_alike(one, other, asked):
        return None
    return Difference(
        kind="dates", one=here.stretch(mine.start, mine.end), other=there.stretch(yours.start, yours.end)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMention:
    """A date as a sentence names it: its parts, 0 for those that it leaves out, and where it stands."""

    year: int
    month: int
    day: int
    start: int
    end: int


def _mentions(text: str) -> list[DateMention]:
    """The dates of a sentence, months and years that stand alone among them."""
    named, rest = moments(text)
    grouped: dict[str, list[DateOrTime]] = {}
    for moment in named:
        if moment.kind in ("day", "month", "year") and moment.sure:
            grouped.setdefault(moment.text, []).append(moment)
    found = [
        mention
        for written, parts in grouped.items()
        for mention in [_mention(text, written, parts)]
        if mention
    ]
    for match in YEAR.finditer(rest):
        found.append(
            DateMention(year=int(match.group()), month=0, day=0, start=match.start(), end=match.end())
        )
    return found


def _mention(text: str, written: str, parts: Sequence[DateOrTime]) -> DateMention | None:
    written = written.rstrip(".,")
    start = text.find(written)
    values = {part.kind: part.value for part in parts}
    if start < 0:
        return None
    return DateMention(
        year=values.get("year", 0),
        month=values.get("month", 0),
        day=values.get("day", 0),
        start=start,
        end=start + len(written),
    )


def _compatible(mine: DateMention, yours: DateMention) -> bool:
    """Whether both may be the same day; what only one of them says is no difference."""
    pairs = [(mine.year, yours.year), (mine.month, yours.month), (mine.day, yours.day)]
    both = [(here, there) for here, there in pairs if here and there]
    return not both or all(here == there for here, there in both)


def _another_time(one: Claim, other: Claim, mine: DateMention, yours: DateMention) -> bool:
    """Whether the later article speaks of the next time: what the earlier one announced was over by then."""
    first, mention, second = (one, mine, other) if _before(one, other) else (other, yours, one)
    if first.published is None or second.published is None:
        return bool(mine.day and yours.day and not (mine.year and yours.year))
    day = _day_of(mention, first.published)
    return day is not None and first.published <= day < second.published


def _before(one: Claim, other: Claim) -> bool:
    return (one.published or date.min) <= (other.published or date.min)


def _day_of(mention: DateMention, published: date) -> date | None:
    """The day of a mention, by the year that it says or that of publication; None for a year alone."""
    if not mention.month:
        return None
    try:
        return date(mention.year or published.year, mention.month, mention.day or 28)
    except ValueError:
        return None


def _asks_alike(one: Claim, other: Claim, asked: AskedFor) -> bool:
    """Whether both sentences have something of what the question says besides names, in them or beside them."""
    return all(
        any(
            match_score(word, vocabulary(claim.text, claim.language)) >= MATCH
            for word in asked.words + asked.names
        )
        for claim in (one, other)
    )


def _polarity(one: Claim, other: Claim, asked: AskedFor) -> Difference | None:
    here, there = straight(one.text), straight(other.text)
    if (
        _SUPPOSED.search(here.text)
        or _SUPPOSED.search(there.text)
        or not same_time(one, other, here.text, there.text)
    ):
        return None
    mine, yours = _stance(here.text, one.language, asked), _stance(there.text, other.language, asked)
    if mine is None or yours is None or mine.denied == yours.denied:
        return None
    shared = mine.said & yours.said
    enough = len(shared) >= max(1, MATCH * len(asked.words))
    if not enough and not (shared and _is_within(here.text, mine, there.text, yours)):
        return None
    return Difference(
        kind="polarity", one=here.stretch(mine.start, mine.end), other=there.stretch(yours.start, yours.end)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stance:
    """Which words of the question a clause has, whether it denies what they say, and where it stands."""

    said: frozenset[str]
    denied: bool
    start: int
    end: int


def _stance(text: str, language: str, asked: AskedFor) -> Stance | None:
    """That of the clause with most words of the question; None where it may deny them in a way that can't be told."""
    stances = [_stance_of(text, start, end, language, asked) for start, end in clause_spans(text)]
    best = max(stances, key=lambda stance: len(stance.said), default=None)
    if best is None or not best.said:
        return None
    asks = vocabulary(asked.text).words
    doubtful = [word for word in words(text[best.start : best.end]) if may_deny(word)]
    known = all(fold(word) in asks or _prefixed(word, asked) for word in doubtful)
    return best if known else None


def _is_within(text: str, mine: Stance, other: str, yours: Stance) -> bool:
    """Whether all words of one clause are in the other, but for those that deny: "The lights were on", "The lights were not on"."""
    clauses = [text[mine.start : mine.end], other[yours.start : yours.end]]
    short, long = sorted(
        (
            {word.casefold() for word in words(clause)} - {word.casefold() for word in denials_in(clause)}
            for clause in clauses
        ),
        key=len,
    )
    return len(short) >= _FEW_WORDS and short <= long


def _stance_of(text: str, start: int, end: int, language: str, asked: AskedFor) -> Stance:
    clause = text[start:end]
    own = vocabulary(clause, language)
    said = {word.text for word in asked.words if match_score(word, own) >= MATCH}
    opposite = {word.text for word in asked.words if any(f"un{form}" in own.words for form in word.forms)}
    denials = len(denials_in(clause)) + len(opposite)
    return Stance(said=frozenset(said | opposite), denied=denials % 2 == 1, start=start, end=end)


def _prefixed(word: str, asked: AskedFor) -> bool:
    """Whether a word is one of the question's with "un-"."""
    return any(word.lower() == f"un{form}" for own in asked.words for form in own.forms)
