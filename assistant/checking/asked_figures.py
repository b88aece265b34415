"""Figures that a question asks for: which one a sentence gives, and whether those of two sentences contradict each other.

A figure is asked for where it counts what the question counts, or has a unit that the question measures in. Where a sentence has
several such figures, it gives none. Two contradict each other where they can't both be true of one thing at one time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.checking.claims import MATCH, AskedFor, Claim, StraightText, fates_in, same_time, straight
from assistant.checking.figures import PEOPLE, Figure, agree, comparable, figures_of
from assistant.language.lexicon import Lexicon, places
from assistant.language.matching import match_score, vocabulary
from assistant.language.words import Word, equivalents, lemma

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


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenFigure:
    """The figure that a sentence gives for a question, the clause that it stands in, and all figures of the sentence."""

    claim: Claim
    text: StraightText
    figure: Figure
    clause: str
    figures: tuple[Figure, ...]

    @property
    def whole(self) -> str:
        """The sentence with what it takes up from the one before."""
        return f"{self.claim.lead} {self.text.text}"

    @property
    def place(self) -> tuple[int, int]:
        return self.text.stretch(self.figure.start, self.figure.end)


def given_figure(claim: Claim, asked: AskedFor, lexicon: Lexicon) -> GivenFigure | None:
    """The one figure of a sentence that the question asks for; None where there is none, or which it is can't be told."""
    text = straight(claim.text)
    figures = figures_of(text.text, claim.language, lexicon)
    scores = [_fits(figure, text.text, claim, asked) for figure in figures]
    best = max(scores, default=0.0)
    if not best or scores.count(best) > 1:
        return None
    figure = figures[scores.index(best)]
    return GivenFigure(
        claim=claim, text=text, figure=figure, clause=_clause(text.text, figure), figures=figures
    )


def figures_differ(one: GivenFigure, other: GivenFigure, asked: AskedFor, lexicon: Lexicon) -> bool:
    """Whether two sentences give figures that can't both be true."""
    mine, yours = one.figure, other.figure
    if not comparable(mine, yours) or _says(one, yours) or _says(other, mine) or not _same_kind(one, other):
        return False
    if not asked.counted and not mine.measures and not _count_alike(one, other, lexicon):
        return False
    return same_time(one.claim, other.claim)


def _says(given: GivenFigure, figure: Figure) -> bool:
    """Whether a sentence has a figure that agrees with one."""
    return any(comparable(own, figure) and agree(own, figure) for own in given.figures)


def _fits(figure: Figure, text: str, claim: Claim, asked: AskedFor) -> float:
    """How surely a figure is what the question asks for: 0 where it is not."""
    if figure.part:
        return 0.0
    language = claim.language
    if asked.measures:
        fitting = figure.measures in asked.measures and bool(figure.measures or figure.counted)
        return float(fitting and not _is_elsewhere(_clause(text, figure), text, claim, asked))
    if asked.counted is None or figure.measures or figure.change:
        return 0.0
    fates, wanted = fates_in(_clause(text, figure)), fates_in(asked.text)
    if wanted and fates and not wanted & fates:
        return 0.0
    if _is_elsewhere(_clause(text, figure), text, claim, asked):
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


def _count_alike(one: GivenFigure, other: GivenFigure, lexicon: Lexicon) -> bool:
    """Whether two figures without a unit count the same: "Hektar" and "hectares"."""
    own = vocabulary(" ".join(other.figure.counted), other.claim.language)
    languages = one.claim.language, other.claim.language
    return any(match_score(_word(word, *languages, lexicon), own) >= MATCH for word in one.figure.counted)


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


def _is_elsewhere(clause: str, text: str, claim: Claim, asked: AskedFor) -> bool:
    """Whether a clause is about another place than the question, which the sentence names elsewhere or not at all."""
    own, named = vocabulary(clause, claim.language), asked.names or asked.perhaps
    if not named or any(match_score(name, own) >= MATCH for name in named):
        return False
    whole = vocabulary(text, claim.language)
    if any(match_score(name, whole) >= MATCH for name in named):
        return bool(asked.names) and _PLACED.search(clause) is not None
    written = {word.lower() for word in _CAPITALISED.findall(text)}
    return bool(written & (places(claim.language) | _UNIONS))


def _same_kind(one: GivenFigure, other: GivenFigure) -> bool:
    """Whether both figures are of the same kind: of the same fate, neither a part, an average or a rate where the other is none."""
    clause, theirs, mine, yours = one.clause, other.clause, one.figure, other.figure
    fates, other_fates = fates_in(clause), fates_in(theirs)
    if fates and other_fates and not fates & other_fates:
        return False
    if bool(_AVERAGE.search(one.whole)) != bool(_AVERAGE.search(other.whole)):
        return False
    if {word.lower() for word in _NARROWER.findall(clause)} ^ {
        word.lower() for word in _NARROWER.findall(theirs)
    }:
        plain = {*_NARROWER.findall(clause.lower())} | {*_NARROWER.findall(theirs.lower())}
        if plain - PEOPLE or not (_NARROWER.search(clause) and _NARROWER.search(theirs)):
            return False
    if _rates(one.text.text, mine) != _rates(
        other.text.text, yours
    ):  # said of one only: then they are near each other
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
