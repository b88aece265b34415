"""Where sentences that answer one question disagree: which, in what, and which of them a later article supersedes.

Only sentences of different stories are compared, of those that may answer as well as the best. A figure or a date is superseded
where another document, published at least a day later, gives another one; nothing is said of which is right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant import messages
from assistant.answering.citations import without_markers
from assistant.answering.evidence import Sentence
from assistant.answering.extractive import needs_the_one_before
from assistant.checking.claims import LANGUAGES, AskedFor, Claim, names_in
from assistant.checking.contradiction import Difference, contradiction, said
from assistant.checking.units import unit
from assistant.language.lexicon import Lexicon, places
from assistant.language.words import Word
from assistant.retrieval.query import Query
from assistant.retrieval.question_type import AnswerKind, kind_of
from assistant.speech import told_by
from assistant.types import Answer, Attribution, Citation, Disagreement, DisagreementKind, DisagreementSide
from ingest.text.months import day_in_words

# Which sentences are compared: the first so many, whose probability is at least so much, and at least this share of the best one's.
COMPARED, LEAST, NEAR = 10, 0.02, 0.03
# The same of sentences in another language than the question's, whose probabilities are lower.
LEAST_FOREIGN, NEAR_FOREIGN = 0.015, 0.015
NEAR_BY_SCORE = 0.35  # the share of the best score where there are no probabilities
MOST_SIDES = 4

_CURRENCIES = frozenset(("euro", "dollar", "pound", "franc", "yen"))
_SIZES = _CURRENCIES | {"length", "mass", "share", ""}
# What questions that name nothing to be counted ask the measure of.
_MEASURES: tuple[tuple[str, frozenset[str]], ...] = (
    (r"how long|wie lang", frozenset(("length", "time"))),
    (r"how (?:far|tall|deep|wide)|wie (?:weit|tief|breit)", frozenset(("length",))),
    (r"how heavy|wie schwer", frozenset(("mass",))),
    (r"how old|wie alt", frozenset(("time",))),
    (
        r"wie teuer|wie ?viele? (?:geld|euro|dollar)|how (?:much money|many (?:euros?|dollars?|pounds?))",
        _CURRENCIES | {""},
    ),
    (
        r"what (?:percentage|share)|wie ?viele? prozent|how many percent|welche[rn]? anteil",
        frozenset(("share",)),
    ),
    (r"how (?:much|high|large|big)|wie (?:hoch|groß|stark|viel)\b|wieviel\b", _SIZES),
)
_COUNTED_BY_UNIT = ("prozent", "percent", "euro", "euros", "dollar", "dollars", "pounds", "geld")
_ASKS_HOW_MUCH = re.compile(r"\W*(?:how|wie|what|(?:für|um) wie)\b", re.I)
_COSTS = re.compile(r"\b(?:costs?|price|fee|earn\w*|kostet\w*|kosten|preis|verdien\w*|fares?)\b", re.I)
_COUNTS = re.compile(
    r"\b(?:how many|what number of|wie ?vielen?)\s+(?P<noun>[^\W\d_]+)(?:\s+(?P<next>[^\W\d_]+))?", re.I
)
_POLAR = re.compile(
    r"^\W*(?!(?:what|that|seit|mit|jetzt|zuletzt|nicht)\b)(?:is|are|was|were|does|do|did|has|have|had|will|would|can|could|should"
    r"|ist|sind|war|waren|hat|haben|hatte|hatten|wird|werden|wurde|wurden|kann|können|darf|dürfen|soll|sollen|muss|müssen|gibt"
    r"|gab|enthält|bleibt|bekommt|gilt|kommt|nimmt|steht|geht|macht|[a-zäöü]+t)\b",
    re.I,
)


def asked_for(query: Query) -> AskedFor:
    """What the question asks for that sentences may disagree in."""
    text, kind = query.text, kind_of(query.text)
    known = places(query.language if query.language in LANGUAGES else "en")
    named = tuple(word for word in query.words if _is_name(word, known))
    plain = tuple(word for word in query.words if word not in named)
    perhaps = tuple(word for word in plain if word.name and word.text[0].isupper())
    asked = AskedFor(kind="", text=text, words=plain, names=named, perhaps=perhaps)
    if kind == "date":
        return replace(asked, kind="dates")
    if kind == "duration":
        return replace(asked, kind="figures", measures=frozenset(("time",)))
    counts = _COUNTS.search(text)
    if counts and counts["noun"].lower() not in _COUNTED_BY_UNIT:
        noun = next((word for word in query.words if word.text in (counts["noun"], counts["next"])), None)
        return replace(asked, kind="figures", counted=noun) if noun and unit(noun.text) is None else asked
    if measures := _measures_of(text, kind):
        return replace(asked, kind="figures", measures=measures)
    return replace(asked, kind="polarity") if _POLAR.search(text) else asked


def _is_name(word: Word, known: frozenset[str]) -> bool:
    """Whether a word of a question is a name beyond doubt, or that of a place."""
    return not word.text[0].isdigit() and (
        word.proper or (word.text[0].isupper() and word.text.lower() in known)
    )


def _measures_of(text: str, kind: AnswerKind) -> frozenset[str]:
    """What units measure of which the question asks how much; none where it asks for no amount."""
    if _COSTS.search(text):
        return _CURRENCIES | {""}
    named = next((measured for asks, measured in _MEASURES if re.search(rf"\b(?:{asks})", text, re.I)), None)
    if named and (kind != "any" or _ASKS_HOW_MUCH.match(text)):
        return named
    return _SIZES if kind in ("number", "length") else frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpposedSentence:
    """A sentence, and from where to where of its document's text stands what others contradict."""

    sentence: Sentence
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Opposition:
    """Sentences of which each contradicts all others, the best first."""

    kind: DisagreementKind
    sides: tuple[OpposedSentence, ...]


def opposed(
    query: Query, ranked: Sequence[Sentence], story_of: Callable[[str], str], lexicon: Lexicon
) -> Opposition | None:
    """The sentences that answer the question and disagree; None where none do. ``story_of`` names a document's story."""
    asked = asked_for(query)
    compared = list(_worth_comparing(query, ranked)) if asked.kind else []
    stories = [story_of(sentence.hit.document.id) for sentence in compared]
    if not asked.kind or len(set(stories)) < 2:
        return None
    claims = [_claim_of(sentence) for sentence in compared]
    told = [said(claim, asked, lexicon) for claim in claims]
    found: dict[tuple[int, int], Difference] = {
        (first, second): where
        for second, other in enumerate(told)
        for first, one in enumerate(told[:second])
        if one and other and stories[first] != stories[second]
        for where in [contradiction(one, other, asked, lexicon)]
        if where
    }
    if not found:
        return None
    chosen = _contrary_to_each_other(found, [names_in(claim, asked) for claim in claims])
    sides = [_side(number, compared, found) for number in sorted(chosen)[:MOST_SIDES]]
    return Opposition(kind=asked.kind, sides=tuple(sides))


def _contrary_to_each_other(
    found: Mapping[tuple[int, int], Difference], anchored: Sequence[int]
) -> list[int]:
    """The sentences of the pair that names most of what the question does, and those that contradict both and name as much."""
    chosen = [*max(found, key=lambda pair: (min(anchored[number] for number in pair), -pair[1], -pair[0]))]
    least = min(anchored[number] for number in chosen)
    for number, own in enumerate(anchored):
        contrary = all((min(number, other), max(number, other)) in found for other in chosen)
        if number not in chosen and own >= least and contrary:
            chosen.append(number)
    return chosen


def _side(
    number: int, compared: Sequence[Sentence], found: Mapping[tuple[int, int], Difference]
) -> OpposedSentence:
    pair, where = next((pair, where) for pair, where in found.items() if number in pair)
    start, end = where.one if pair[0] == number else where.other
    sentence = compared[number]
    return OpposedSentence(sentence=sentence, start=sentence.start + start, end=sentence.start + end)


def _worth_comparing(query: Query, ranked: Sequence[Sentence]) -> Iterator[Sentence]:
    if not ranked or any(sentence.probability is None for sentence in ranked[:1]):
        best = max((sentence.score for sentence in ranked), default=0.0)
        yield from (one for one in ranked[:COMPARED] if one.score >= NEAR_BY_SCORE * best > 0)
        return
    best = max(sentence.probability or 0.0 for sentence in ranked[:COMPARED])
    for sentence in ranked[:COMPARED]:
        foreign = sentence.hit.language != query.language
        least, near = (LEAST_FOREIGN, NEAR_FOREIGN) if foreign else (LEAST, NEAR)
        if (sentence.probability or 0.0) >= max(least, near * best):
            yield sentence


def _claim_of(sentence: Sentence) -> Claim:
    """The sentence with what tells of what it speaks."""
    passage, document = sentence.hit.passage, sentence.hit.document
    attribution = told_by(passage, sentence.start, sentence.end)
    return Claim(
        text=sentence.text,
        language=sentence.hit.language,
        passage=passage.text,
        title=document.title,
        published=document.published,
        speaker=attribution.speaker if attribution else "",
        lead=sentence.before if needs_the_one_before(sentence.text) else "",
    )


def with_disagreement(answer: Answer, opposition: Opposition | None) -> Answer:
    """The answer with what its citations disagree in, as far as it cites the sentences that do."""
    if opposition is None:
        return answer
    sides = [side for opposed in opposition.sides for side in [_cited_side(answer, opposed)] if side]
    if len({side.citation for side in sides}) < 2:
        return answer
    dated = _by_day(answer, sides) if opposition.kind != "polarity" else ()
    latest = dated[-1].citation if dated else None
    found = Disagreement(
        kind=opposition.kind,
        sides=tuple(dated or sides),
        superseded=tuple(side.citation for side in dated[:-1]),
        latest=latest,
        line=_line(answer, opposition.kind, sides, dated),
    )
    return replace(answer, text=f"{answer.text}\n{found.line}", disagreements=(found,))


def uncited(answer: Answer, opposition: Opposition | None) -> list[Citation]:
    """Citations of the sentences that disagree and that the answer does not cite, numbered on from its own."""
    if opposition is None or not any(_cited_side(answer, side) for side in opposition.sides):
        return []
    missing = [side.sentence for side in opposition.sides if _cited_side(answer, side) is None]
    return [
        Citation(
            number=number,
            quote=sentence.text,
            start=sentence.start,
            end=sentence.end,
            passage=sentence.hit.passage,
            document=sentence.hit.document,
        )
        for number, sentence in enumerate(missing, len(answer.citations) + 1)
    ]


def _cited_side(answer: Answer, opposed: OpposedSentence) -> DisagreementSide | None:
    """The side as the answer cites it; None where it does not."""
    document = opposed.sentence.hit.document.id
    for citation in answer.citations:
        if (
            citation.document.id == document
            and citation.start <= opposed.start
            and opposed.end <= citation.end
        ):
            attribution = told_by(citation.passage, opposed.sentence.start, opposed.sentence.end)
            return DisagreementSide(
                citation=citation.number,
                value=citation.quote[opposed.start - citation.start : opposed.end - citation.start],
                start=opposed.start,
                end=opposed.end,
                speaker=_name(attribution),
            )
    return None


def _name(attribution: Attribution | None) -> str:
    """Who says it, where that is somebody: "recent reports" and the like are nobody."""
    return attribution.speaker if attribution and attribution.speaker[:1].isupper() else ""


def _by_day(answer: Answer, sides: Sequence[DisagreementSide]) -> list[DisagreementSide]:
    """The sides by the days of their documents; none unless these are all known and the newest is later than all others."""
    days = {side.citation: _day(answer, side.citation) for side in sides}
    known = [day for day in days.values() if day]
    if len(known) < len(sides) or known.count(max(known)) > 1:
        return []
    return sorted(sides, key=lambda side: days[side.citation] or date.min)


def _day(answer: Answer, number: int) -> date | None:
    return next((one.document.published for one in answer.citations if one.number == number), None)


def _line(
    answer: Answer,
    kind: DisagreementKind,
    sides: Sequence[DisagreementSide],
    dated: Sequence[DisagreementSide],
) -> str:
    """What the sources say, in one line: in the order of days where one supersedes the others."""
    language = answer.language
    if kind == "polarity":
        return messages.say(messages.CONTRARY, language).format(
            " · ".join(_named(answer, side, language) for side in sides)
        )
    phrase = messages.SUPERSEDED if dated else messages.DIFFERING
    between = "; " if dated else " · "
    told = [_told(answer, side, language, bool(dated)) for side in dated or sides]
    return messages.say(phrase, language).format(between.join(told))


def _told(answer: Answer, side: DisagreementSide, language: str, dated: bool) -> str:
    """ "12 on 3 May 2025 [1]", with whose words they are."""
    value = without_markers(" ".join(side.value.split()))
    day = _day(answer, side.citation)
    if not dated or day is None:
        return f"{value} ({_named(answer, side, language, marked=False)}) [{side.citation}]"
    said = f" ({without_markers(side.speaker)})" if side.speaker else ""
    return f"{messages.say(messages.ON_DAY, language).format(value, day_in_words(day, language))}{said} [{side.citation}]"


def _named(answer: Answer, side: DisagreementSide, language: str, *, marked: bool = True) -> str:
    """Who says it: the speaker or the document's title, and the day."""
    document = next(one.document for one in answer.citations if one.number == side.citation)
    who = without_markers(side.speaker or document.title or document.shown_source)
    day = f", {day_in_words(document.published, language)}" if document.published else ""
    return f"{who}{day} [{side.citation}]" if marked else f"{who}{day}"
