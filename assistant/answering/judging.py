"""What was found, judged: which sentences answer, in which order, and whether any does.

With the reader by the learned rule; without it by words and similarities, weighted by hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.answering.evidence import Sentence, rank, sentences_of, with_similarities
from assistant.answering.refusal import answerable
from assistant.answering.signals import NAMES, Signals, signals_of, with_reader
from assistant.reading.reader import Margins, Reader
from assistant.reading.rule import probability, shipped_rule
from assistant.retrieval.probes import Probes
from assistant.retrieval.query import Query
from assistant.types import Hit
from ingest.embedding.types import SentenceVectors

# So many passages are read first; the others only where these don't make an answer this probable.
FIRST, SURE = 3, 0.9
# Who asks reads the quotes anyway: one that is right in two of five cases is worth more than none. Chosen on what was kept
# back from the reader: .06 of the answered questions are refused there, and .79 of the others.
LIKELY = 0.35


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedSentences:
    """The sentences of the hits, best first, and the probability that one of them answers."""

    ranked: Sequence[Sentence]
    answered: float

    @property
    def answers(self) -> bool:
        """Whether it is likely enough that one of the sentences answers to quote it."""
        return self.answered >= LIKELY


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
        ranked = rank(query, probes, hits, vectors)
        return JudgedSentences(ranked=ranked, answered=float(answerable(query, probes, ranked)))
    candidates = with_similarities(probes, sentences_of(hits), vectors)
    signals = signals_of(query, candidates)
    margins: dict[str, Margins] = {}
    with reader.reading() as most:
        for first, last in ((0, min(FIRST, most)), (FIRST, most)):
            margins |= reader.read(query.text, hits[first:last])
            judgement = _judged(candidates, with_reader(signals, candidates, margins))
            if judgement.answered >= SURE:
                break
    return judgement


def _judged(candidates: Sequence[Sentence], signals: Sequence[Signals]) -> JudgedSentences:
    """The learned rule's judgement."""
    values = np.array([own.values() for own in signals], dtype=np.float64).reshape(-1, len(NAMES))
    rule = shipped_rule()
    odds = rule.sentence.odds(NAMES, values)
    likely = probability(odds)
    best = np.argsort(-odds, kind="stable")
    return JudgedSentences(
        ranked=[replace(candidates[i], score=float(odds[i]), probability=float(likely[i])) for i in best],
        answered=rule.answered(NAMES, values, odds),
    )
