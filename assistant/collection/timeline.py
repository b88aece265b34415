"""The course of events: sentences about a topic, verbatim, in the order of the days that they speak of."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.answering import extractive
from assistant.answering.asked_days import asked_days
from assistant.answering.citations import numbered, verified, without_markers
from assistant.answering.copies import told_once
from assistant.answering.evidence import Sentence, rank
from assistant.answering.refusal import is_near
from assistant.collection import wording
from assistant.collection.selection import says_something
from assistant.language.quotation_marks import quoted
from assistant.retrieval.retriever import Retriever
from assistant.retrieval.search import RetrievalResult
from assistant.time_expressions.finding import TimeExpression, find_time_expressions
from assistant.time_expressions.naming import span_named
from assistant.time_expressions.spans import DaySpan, one_day
from assistant.types import Answer, Citation, Filters, Listing, ListingGroup, Statement, Turn
from ingest.store.index import Index
from ingest.types import Record

HITS = 60  # passages that are looked at
MOST, FEWEST = 20, 2  # entries
LONGEST = 1_000  # characters of a question that can be one for a course of events
# Questions for a course of events, in English and German.
_ASKS: tuple[tuple[str, str], ...] = (
    (
        "en",
        r"\W*(?:(?:please|can you|could you|give|show|make|draw up|write|create|i need|i want|what is|what was|what's)\s+(?:me\s+|us\s+)?)*"
        r"(?:an?\s+|the\s+)?(?:time\s?line|chronology|sequence of events|course of events)(?:\s+(?:of|for|about|on|in|around|behind))?\b[:,]?"
        r"\s*(?P<topic>.*)",
    ),
    ("en", r"\W*how did (?P<topic>.+) (?:come about|unfold|come to pass|come to be)\W*"),
    ("en", r"\W*(?P<topic>.+?)[,:]?\s+(?:as a time\s?line|in chronological order)\W*"),
    ("de", r"\W*wie (?:kam|ist|konnte) es (?P<topic>(?:zu|zum|zur|dazu)\b.+?)(?:\s+(?:gekommen|kommen))?\W*"),
    (
        "de",
        r"\W*(?:(?:bitte|kannst du|können sie|gib|zeig|zeige|mach|mache|erstelle|erstell|schreibe?|ich brauche|was ist|wie ist|wie war)\s+"
        r"(?:mir\s+|uns\s+)?)*(?:bitte\s+)?(?:eine?[nrm]?\s+|die\s+|den\s+|der\s+)?"
        r"(?:chronologie|zeitleiste|zeitstrahl|zeitlicher?n?\s+(?:ablauf|verlauf)|zeittafel|chronologischer?n?\s+(?:ablauf|verlauf|abfolge))"
        r"(?:\s+(?:von|vom|zu|zum|zur|über|für|der|des|um|rund um))?\b[:,]?\s*(?P<topic>.*)",
    ),
    (
        "de",
        r"\W*(?P<topic>.+?)[,:]?\s+(?:als zeitleiste|in zeitlicher reihenfolge|in chronologischer reihenfolge)\W*",
    ),
)
# Questions for what happened, which are for a course of events where they name a topic and days.
_HAPPENED: tuple[tuple[str, str], ...] = (
    (
        "en",
        r"\W*what(?: else)?(?: has| have| had)? (?:happened|occurred|took place|taken place|went on|gone on|been going on|changed)\b\s*"
        r"(?:with|to|at|in|around|about|on|for)?\b\s*(?P<topic>.+)",
    ),
    (
        "de",
        r"\W*was (?:geschah|passierte|ereignete sich|ist|war|tat sich|hat sich|änderte sich)(?: alles)?\b\s*"
        r"(?:mit|an|am|bei|beim|in|im|um|auf|rund um|bezüglich)?\b\s*(?P<topic>.+?)(?:\s+(?:geschehen|passiert|los|ereignet|getan|geändert|vorgefallen))?",
    ),
)
_LED = re.compile(
    r"^(?:zu|zum|zur|dazu|mit|an|am|bei|beim|in|im|um|with|to|at|on|about|around|the|an?|der|dem|den|die|das|des|einem|einer|all)\s+(?=\S)",
    re.I,
)

TextOf = Callable[[Record], str]
Once = Callable[[Sequence[Sentence]], Sequence[Sentence]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineRequest:
    """The course of events of a ``topic``, ``within`` some days if they are named; ``tentative`` if the question may want something else.

    ``language`` is that of the words with which it is asked for, empty where there are none.
    """

    topic: str
    language: str = ""
    within: DaySpan | None = None
    tentative: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedSentence:
    """A sentence and the expression in it that tells the days it speaks of."""

    sentence: Sentence
    told: TimeExpression


def timeline_request(question: str, today: date) -> TimelineRequest | None:
    """What course of events a question wants, of the days that it names on ``today``; None where it asks for something else."""
    text = question.strip().rstrip(" ?!.")
    if len(text) > LONGEST:
        return None
    for language, pattern in _ASKS:
        if match := re.fullmatch(pattern, text, re.I):
            topic, within = _days_apart(match["topic"], language, today)
            return TimelineRequest(topic=topic, language=language, within=within) if topic else None
    for language, pattern in _HAPPENED:
        rest, within = _days_apart(text, language, today)
        match = re.fullmatch(pattern, rest, re.I) if within else None
        topic = _bare(match["topic"]) if match else ""
        if topic:
            return TimelineRequest(topic=topic, language=language, within=within, tentative=True)
    return None


def _days_apart(text: str, language: str, today: date) -> tuple[str, DaySpan | None]:
    """The text without the expression that is seen from today, and its days; the whole text where there is none."""
    asked = asked_days(text, language, today)
    if asked is None or not asked.inferred:
        return _bare(text), None
    start, end = asked.expression
    return _bare(" ".join(f"{text[:start]} {text[end:]}".split())), asked.span


def _bare(topic: str) -> str:
    """A topic without articles and prepositions before it."""
    topic = topic.strip(" ,:")
    while led := _LED.match(topic):
        topic = topic[led.end() :]
    return topic


def timeline_of(
    wanted: TimelineRequest, history: Sequence[Turn], filters: Filters, index: Index, retriever: Retriever
) -> Answer | None:
    """The course of events; None where too few sentences tell a day.

    Raises `Outdated` where a document has been removed or replaced meanwhile.
    """
    retrieved = retriever.retrieve(wanted.topic, history, filters, HITS, wanted.language)
    if retriever.names_nowhere(retrieved.query, filters):
        return None

    def once(ranked: Sequence[Sentence]) -> Sequence[Sentence]:
        return told_once(ranked, index, filters)

    answer = _in_order(retrieved, wanted.within, once, index.texts.of)
    return answer and replace(answer, citations=verified(answer.citations, index.texts.of))


def _in_order(
    retrieved: RetrievalResult, within: DaySpan | None, once: Once, text_of: TextOf
) -> Answer | None:
    """The answer, not verified yet, of these days alone; ``once`` takes out what copies of a story repeat."""
    query = retrieved.query
    ranked = rank(query, retrieved.probes, retrieved.hits, retrieved.sentence_vectors)
    about = once(_about(retrieved, ranked))
    dated = [DatedSentence(sentence=one, told=told) for one in about if (told := _told(one))]
    if within:
        dated = [one for one in dated if one.told.span.touches(within)]
    apart = _apart(dated)
    chosen = apart[:MOST]
    if len(chosen) < (1 if within else FEWEST):
        return None
    chosen.sort(key=_order)
    with_days = {one.sentence.hit.passage.id for one in dated}
    undated = set() if within else {one.hit.passage.id for one in about} - with_days
    return _answer(retrieved, chosen, len(undated), len(apart) - len(chosen), text_of)


def _about(retrieved: RetrievalResult, ranked: Sequence[Sentence]) -> list[Sentence]:
    """The sentences that are about the topic, best first."""
    near = (one for one in ranked if is_near(retrieved.query, retrieved.probes, one))
    return [one for one in near if says_something(one)]


def _told(sentence: Sentence) -> TimeExpression | None:
    """The expression that says most exactly which days a sentence speaks of; None where nothing does."""
    found = find_time_expressions(sentence.text, sentence.hit.language, sentence.hit.document.published)
    known = [one for one in found if one.first and one.first == one.named.first]
    return min(known, key=lambda one: one.named.days, default=None)


def _apart(dated: Sequence[DatedSentence]) -> list[DatedSentence]:
    """Without those that say what a better one says."""
    apart: list[DatedSentence] = []
    for one in dated:
        if not any(extractive.overlap(one.sentence, other.sentence) for other in apart):
            apart.append(one)
    return apart


def _order(one: DatedSentence) -> tuple[object, ...]:
    """By the days that are named: what lasts since a day stands there."""
    named = one.told.named
    return (named.first, named.last, one.sentence.hit.document.id, one.sentence.start)


def _answer(
    retrieved: RetrievalResult, chosen: Sequence[DatedSentence], undated: int, left: int, text_of: TextOf
) -> Answer:
    language = retrieved.query.language
    statements: list[Statement] = []
    citations: list[Citation] = []
    for number, one in enumerate(chosen, 1):
        (statement,), (citation,) = extractive.quote([one.sentence], text_of)
        statements.append(replace(statement, citations=(number,)))
        citations.append(replace(citation, number=number))
    shown, cited = numbered(statements, citations)
    groups = tuple(
        ListingGroup(label=span_named(one.told.named, language), citations=(number,))
        for number, one in enumerate(chosen, 1)
    )
    documents = wording.documents(len({one.document.id for one in cited}), language, of=True)
    parts = [wording.say("timeline_left", language, count=left, n=left)] if left else []
    parts += [wording.say("timeline_undated", language, count=undated, n=undated)] if undated else []
    listing = Listing(
        kind="timeline",
        lead=wording.say("timeline", language, n=len(cited), documents=documents),
        more=" ".join(parts),
        groups=groups,
    )
    entries = [
        f"{group.label}{_how(one, language)}\n{extractive.rendered([statement], cited, language)}"
        for group, one, statement in zip(groups, chosen, shown, strict=True)
    ]
    return Answer(
        question=retrieved.question,
        text="\n\n".join([listing.lead, *entries, *([listing.more] if listing.more else [])]),
        statements=shown,
        citations=cited,
        refused=False,
        mode="quoted",
        language=language,
        listing=listing,
    )


def _how(one: DatedSentence, language: str) -> str:
    """How an inferred day is known: by which words, seen from which day."""
    published = one.sentence.hit.document.published
    if one.told.how != "inferred" or published is None:
        return ""
    expression = without_markers(quoted(one.told.text, one.sentence.hit.language))
    day = span_named(one_day(published), language)
    return " " + wording.say("timeline_inferred", language, expression=expression, published=day)


def too_few(language: str) -> str:
    """That there is no timeline, so that the question is answered as others are."""
    return wording.say("timeline_too_few", language)
