"""Questions about days: "What happened in March?", "What has Adeyemi said since the summer?", "When did the bridge open?". Pure.

What speaks of the days asked for comes first, and what plainly speaks of others is no answer. A document's date alone decides
nothing: an article of 2021 may tell of 2019.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from assistant.answering.asked_speaker import SAYING
from assistant.answering.evidence import Sentence
from assistant.answering.judging import POSSIBLE, JudgedSentences
from assistant.answering.recency import is_as_good
from assistant.language.matching import NAME_HELD, match_score, vocabulary
from assistant.retrieval.query import Query
from assistant.retrieval.question_type import kind_of
from assistant.time_expressions.finding import (
    TimeExpression,
    bounded,
    bounding_event,
    find_time_expressions,
    is_named,
    tells_of_past,
)
from assistant.time_expressions.spans import DaySpan
from ingest.text.folding import words

# How far down sentences are looked at.
LOOKED_AT = 8
LONGEST = 1_000  # characters of a question in which days are looked for
MOST_DAYS = 7  # of an event whose days are known
REPORTED = 7  # days after which news still tells of a day
Place = Literal["inside", "near", "outside"]
# What has the form of the past and asks how something is.
_STATE = re.compile(
    r"\b(?:ist|sind|hat|haben|is|are)\b[^?]*\b(?:geöffnet|geschlossen|gesperrt|offen|open|closed|shut)\b",
    re.I,
)
# Participles of what has happened beside "ist", which are no verbs in the past by themselves.
_HAPPENED = re.compile(
    r"\b(?:passiert|geschehen|vorgefallen|gekommen|gegangen|gestorben|gestiegen|gesunken|gefallen|zurückgetreten|los)\b",
    re.I,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedDays:
    """The days that a question names; ``relative`` where they can only be those seen from the day on which it is asked: "last week".

    "In March" and "on Wednesday" may be meant as an article says them. ``inferred`` are both; ``expression`` is where they stand.
    ``lasting`` where the question asks what is so on the day on which it is asked: older articles tell it, too.
    """

    span: DaySpan
    relative: bool
    inferred: bool
    expression: tuple[int, int]
    lasting: bool = False

    @property
    def published(self) -> tuple[date | None, date | None]:
        """The days on which what happened then is reported."""
        first, last = self.span.first, self.span.last
        known = first is not None and last is not None and date.max - last > timedelta(days=REPORTED)
        return first, last + timedelta(days=REPORTED) if known and last else None


def asked_days(question: str, language: str, today: date) -> AskedDays | None:
    """The days that ``question`` asks for on ``today``; None where it names none, or several.

    Of one expression seen from today and others that are written, the first counts: "What was said last week about 2019?".
    """
    found = [
        one for one in find_time_expressions(question[:LONGEST], language, today) if one.first or one.last
    ]
    inferred = [one for one in found if one.how == "inferred"]
    chosen = inferred or found
    if len(chosen) != 1:
        return None
    (one,) = chosen
    relative = bool(inferred) and not is_named(one.text, language)
    return AskedDays(
        span=one.span,
        relative=relative,
        inferred=bool(inferred),
        expression=(one.start, one.end),
        lasting=relative and one.span.holds(today) and _asks_what_is_so(question[:LONGEST], language),
    )


def _asks_what_is_so(question: str, language: str) -> bool:
    """Whether a question is in the present and for nobody's words: "Wer ist heute Bürgermeister?", "Is the pool open today?"."""
    if _STATE.search(question):
        return True
    said = any(word.lower() in SAYING.get(language, ()) for word in words(question))
    return not (said or _HAPPENED.search(question) or tells_of_past(question, language))


def days_by_event(query: Query, ranked: Sequence[Sentence]) -> AskedDays | None:
    """The days before or after an event that a question names, "before the talks", by what the sentences found say of its day."""
    found = bounding_event(query.text, query.language)
    word = next((word for word in query.words if found and word.text.casefold() == found[1].casefold()), None)
    if found is None or word is None:
        return None
    for one in ranked[:LOOKED_AT]:
        if match_score(word, vocabulary(one.text, one.hit.language)) < NAME_HELD:
            continue
        told = [known.span for known in _known(one.text, one) if 0 < known.span.days <= MOST_DAYS]
        if len(told) == 1:
            span = bounded(told[0], found[0], None)
            return AskedDays(span=span, relative=False, inferred=False, expression=(0, 0))
    return None


def in_days(judged: JudgedSentences, asked: AskedDays) -> JudgedSentences:
    """The judgement with what speaks of the days asked for first, and without what plainly speaks of others.

    Where all that answers does so, nothing answers a question about "last week"; one about 2019 keeps what was found: the year may
    be another's in the question, too.
    """
    looked_at = judged.ranked[:LOOKED_AT]
    places = [_place(one, asked) for one in looked_at]
    kept = [one for one, place in zip(looked_at, places, strict=True) if place != "outside"]
    as_good = [one for one in kept if is_as_good(one, looked_at[0])] if looked_at else []
    if not as_good:
        doubtful = JudgedSentences(ranked=kept, answered=min(judged.answered, POSSIBLE) if kept else 0.0)
        return doubtful if asked.relative else judged
    left = kept if asked.relative else [*kept, *(one for one in looked_at if one not in kept)]
    first = [
        one for one, place in zip(looked_at, places, strict=True) if place == "inside" and one in as_good
    ]
    ranked = [*first, *(one for one in left if one not in first), *judged.ranked[LOOKED_AT:]]
    return replace(judged, ranked=ranked)


def plainly_of_other_days(sentence: Sentence, asked: AskedDays) -> bool:
    """Whether a sentence plainly speaks of other days than those asked for."""
    return _place(sentence, asked) == "outside"


def _place(sentence: Sentence, asked: AskedDays) -> Place:
    place = place_of(sentence, asked.span)
    return "near" if place == "outside" and asked.lasting and not _known(sentence.text, sentence) else place


def place_of(sentence: Sentence, asked: DaySpan) -> Place:
    """Whether a sentence speaks of the days asked for: by its own words, else by those beside it or the day of publication."""
    published = sentence.hit.document.published
    own = _known(sentence.text, sentence)
    if any(_within(one.span, asked) for one in own):
        return "inside"
    within = published is not None and asked.holds(published)
    if within and not own:
        return "inside"
    if within or published is None or any(one.span.touches(asked) for one in own):
        return "near"
    if own:
        return "outside"
    beside = "\n".join(
        (sentence.before, sentence.after, sentence.hit.document.title, sentence.hit.passage.section)
    )
    return "near" if any(one.span.touches(asked) for one in _known(beside, sentence)) else "outside"


def dated_first(query: Query, ranked: Sequence[Sentence]) -> Sequence[Sentence]:
    """The sentences; those that answer about as well as the best and tell a day first where a day is asked for."""
    if kind_of(query.text) != "date" or not ranked or _known(ranked[0].text, ranked[0]):
        return ranked
    dated = [one for one in ranked[:LOOKED_AT] if is_as_good(one, ranked[0]) and _known(one.text, one)]
    return [*dated, *(one for one in ranked if one not in dated)] if dated else ranked


def _known(text: str, sentence: Sentence) -> list[TimeExpression]:
    """The expressions of time in a text of the sentence's document whose days are known."""
    found = find_time_expressions(text, sentence.hit.language, sentence.hit.document.published)
    return [one for one in found if one.first or one.last]


def _within(span: DaySpan, asked: DaySpan) -> bool:
    """Whether all of a stretch is in another; of one with an open end the end that is known counts."""
    days = [day for day in (span.first, span.last) if day]
    return all(asked.holds(day) for day in days)
