"""What was found, judged: which sentences answer, in which order, and whether any does.

With the reader by the learned rule; without it by words and similarities, weighted by hand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant.answering.asked_speaker import AskedSpeaker, asked_speaker, name_in
from assistant.answering.attribution import has_cue, is_said_by, tells
from assistant.answering.evidence import Sentence, neighbours, rank, sentences_of, with_similarities
from assistant.answering.introductions import only_namesakes, with_introductions
from assistant.answering.named_speech import with_names
from assistant.answering.refusal import HELD, answerable
from assistant.answering.signals import NAMES, Signals, signals_of, with_reader
from assistant.answering.tables import SURE, with_rows
from assistant.language.matching import match_score, vocabulary
from assistant.reading.reader import AMONG_FEW, Margins, Reader
from assistant.reading.rule import probability, shipped_rule
from assistant.retrieval.probes import Probes
from assistant.retrieval.query import Query
from assistant.retrieval.question_type import is_question, kind_of
from assistant.types import Hit
from ingest.embedding.types import SentenceVectors

# Who asks reads the quotes anyway: an answer that is right in one of five cases is worth more than none. A higher value refuses
# more questions, answered ones too; what it was chosen on: docs/reader.md.
LIKELY = 0.2
# From here on the best sentence is offered beside the refusal, as one that possibly answers.
POSSIBLE = 0.08
# What is asked without anybody waiting, such as a suggestion, has no more hits than this: it counts as nobody who asks.
FEW = AMONG_FEW


# What is taken from the odds of an interviewer's question, which answers nothing: it comes last. One that is quoted
# ("He asked: “Why?”") may be what somebody wants to know.
QUESTION = 20.0
# What the odds of a sentence gain that surely tells the words of whom is asked for, and one that has the question's own verb for it
# ("deny"); chosen on `benchmarks.who_said`.
SAID, BY_VERB = 2.0, 2.0
# What is taken from the odds of a sentence that reports nobody's words where somebody's are asked for.
UNSAID = 3.0
# What is taken from the odds of a sentence that has no word for what somebody's words are asked on, and how likely an answer has to be
# for such a sentence to be quoted all the same; chosen on `benchmarks.said_about`.
OFF_TOPIC, LIKELY_ANYWAY = 1.0, 0.5
# Where documents are judged apart: how many are read, of how many of those that fit best more than one passage is, and how many
# passages are read at a time.
MOST_READ, FIRST_READ, READ_APART, TOGETHER = 48, 16, 2, 8
_QUOTES = re.compile('["„“”«»]')


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedSentences:
    """The sentences of the hits, best first, and the probability that one of them answers.

    ``unquoted`` is who was asked for words of, where the best sentence reports none; ``other_days`` says that what would have
    answered speaks of other days than those asked for.
    """

    ranked: Sequence[Sentence]
    answered: float
    unquoted: str = ""
    other_days: bool = False

    @property
    def answers(self) -> bool:
        """Whether it is likely enough that one of the sentences answers to quote it."""
        return self.answered >= LIKELY and not self.unquoted

    @property
    def may_answer(self) -> bool:
        """Whether the best sentence is worth a look though it is not likely enough to be quoted."""
        return self.answered >= POSSIBLE and not self.answers


def judge(
    query: Query,
    probes: Probes,
    hits: Sequence[Hit],
    vectors: Mapping[str, SentenceVectors],
    reader: Reader | None,
) -> JudgedSentences:
    """The judgement of the sentences of ``hits``, by ``reader`` where there is one.

    ``probes`` are those of the search; ``vectors`` are those of the hits' sentences, by passage id.
    """
    if reader is None:
        ranked, unquoted = _said(query, rank(query, probes, hits, vectors))
        answered = float(answerable(query, probes, ranked))
        return _with_rows(query, JudgedSentences(ranked=ranked, answered=answered, unquoted=unquoted))
    candidates = with_similarities(probes, sentences_of(hits), vectors)
    signals = signals_of(query, candidates)
    with reader.reading() if len(hits) > FEW else nullcontext(FEW) as most:
        asked, worth = asked_among(query, candidates), worth_reading(hits, candidates, signals, most)
        margins = reader.read(query.text, [with_names(hit, asked.words) for hit in worth] if asked else worth)
    return _with_rows(query, _judged(query, asked, candidates, with_reader(signals, candidates, margins)))


def judge_apart(
    query: Query,
    probes: Probes,
    documents: Sequence[Sequence[Hit]],
    vectors: Mapping[str, SentenceVectors],
    reader: Reader | None,
) -> list[JudgedSentences]:
    """The judgement of each document's hits as if they were all that was found, whatever the other documents say.

    The documents come in the order in which they fit: the first hits of each are read, of those that fit best `READ_APART`, then one.
    """
    if reader is None:
        return [judge(query, probes, hits, vectors, None) for hits in documents]
    candidates = [with_similarities(probes, sentences_of(hits), vectors) for hits in documents]
    asked = asked_among(query, [one for some in candidates for one in some])
    worth = [
        hit
        for number, hits in enumerate(documents[:MOST_READ])
        for hit in hits[: READ_APART if number < FIRST_READ else 1]
    ]
    worth = [with_names(hit, asked.words) for hit in worth] if asked else worth
    margins: dict[str, Margins] = {}
    with reader.reading():
        for first in range(0, len(worth), TOGETHER):
            margins |= reader.read(query.text, worth[first : first + TOGETHER])
    return [
        _with_rows(query, _judged(query, asked, some, with_reader(signals_of(query, some), some, margins)))
        for some in candidates
    ]


def _said(query: Query, ranked: Sequence[Sentence]) -> tuple[list[Sentence], str]:
    """What those say whom the question asks for; all, and their names, where they say nothing."""
    asked = asked_among(query, ranked)
    said = [one for one in ranked if asked is None or is_said_by(asked.words, one)]
    return (said, "") if said or asked is None else ([*ranked], name_in(query, asked.words))


def asked_among(query: Query, candidates: Sequence[Sentence]) -> AskedSpeaker | None:
    """Whose words are asked for; where the question may mean something else ("What did Volta announce?"), only whom some are found of."""
    asked = asked_speaker(query)
    for_words = kind_of(query.text) == "any"  # "How many, says the minister, …?" asks for a number
    known = asked is not None and (
        asked.sure or (for_words and any(tells(asked.words, one) for one in candidates))
    )
    return asked if known else None


def _with_rows(query: Query, judged: JudgedSentences) -> JudgedSentences:
    """The same with what answers by its form: rows of tables, and what says who somebody is."""
    ranked = with_introductions(query, with_rows(query, judged.ranked))
    if only_namesakes(query, ranked):
        return replace(judged, answered=0.0)
    changed = bool(ranked) and ranked[0] is not judged.ranked[0]
    return JudgedSentences(ranked=ranked, answered=max(SURE, judged.answered)) if changed else judged


def worth_reading(
    hits: Sequence[Hit], candidates: Sequence[Sentence], signals: Sequence[Signals], most: int
) -> list[Hit]:
    """The ``most`` passages to read: those that fit best, and last the one whose best sentence is likeliest to answer unread.

    A short passage that answers may fit the question less than one that only has its words.
    """
    chosen = list(hits[: most - 1])
    odds = shipped_rule().sentence.odds(NAMES, _values(signals))
    likeliest = [candidates[i].hit for i in np.argsort(-odds, kind="stable")]
    return [*chosen, *[hit for hit in likeliest if hit not in chosen][:1]]


def _values(signals: Sequence[Signals]) -> NDArray[np.float64]:
    return np.array([own.values() for own in signals], dtype=np.float64).reshape(-1, len(NAMES))


def _judged(
    query: Query, asked: AskedSpeaker | None, candidates: Sequence[Sentence], signals: Sequence[Signals]
) -> JudgedSentences:
    """The learned rule's judgement."""
    values = _values(signals)
    rule = shipped_rule()
    odds = rule.sentence.odds(NAMES, values)
    odds -= QUESTION * np.array([only_asks(one) for one in candidates])
    unsaid = np.array(
        [asked is not None and not is_said_by(asked.words, one) for one in candidates], dtype=bool
    )
    odds -= UNSAID * unsaid
    if asked is not None and kind_of(query.text) == "any":
        odds += [_gain(asked, one) for one in candidates]
    elsewhere = np.array(
        [asked is not None and _off_topic(query, asked, one) for one in candidates], dtype=bool
    )
    odds -= OFF_TOPIC * elsewhere
    likely = probability(odds)
    best = np.argsort(-odds, kind="stable")
    answered = rule.answered(NAMES, values, odds)
    doubtful = unsaid | elsewhere if answered < LIKELY_ANYWAY else unsaid
    silent = len(best) > 0 and bool(doubtful[best[0]])
    return JudgedSentences(
        ranked=[replace(candidates[i], score=float(odds[i]), probability=float(likely[i])) for i in best],
        answered=answered,
        unquoted=name_in(query, asked.words) if asked and silent else "",
    )


def _off_topic(query: Query, asked: AskedSpeaker, sentence: Sentence) -> bool:
    """Whether neither a sentence nor what stands beside it has a word for what somebody's words are asked on."""
    language = sentence.hit.language
    if not asked.topic or not all(
        word.name or language in (query.language, *word.equivalents) for word in asked.topic
    ):
        return False
    texts = [vocabulary(sentence.text, language), *neighbours(sentence)]
    return all(match_score(word, text) < HELD for word in asked.topic for text in texts)


def only_asks(sentence: Sentence) -> bool:
    """Whether a sentence is a question that is not quoted, which answers nothing."""
    return is_question(sentence.text) and not _QUOTES.search(sentence.text)


def _gain(asked: AskedSpeaker, sentence: Sentence) -> float:
    """What the odds of a sentence gain for whose words it tells."""
    if not tells(asked.words, sentence):
        return 0.0
    return SAID + BY_VERB * has_cue(asked.verbs, sentence)
