"""What tells whether a sentence answers a question: one row of numbers for each candidate.

| signal | what it says |
|---|---|
| reader | the reader's logarithm of the odds that the sentence answers rather than that none of its passage does |
| unread | 1 where the reader has not read its passage: then its word counts nothing |
| words | the question's words that it has or shares with its neighbours, by rarity, standardised over the candidates |
| covered | the weighted share of the question's words in the sentence alone, in [0, 1] |
| around | the same in its passage, with heading, title and date |
| names | the share of the question's names and numbers there, in [0, 1]; 1 where it has none |
| absent | the share of the question's names and numbers that nothing found of its document has, in [0, 1] |
| similarity | by how many deviations its vector is nearer to the question than passages at large |
| passage | its passage's fused score less that of the best passage |
| kind | whether it has the kind of answer asked for (a number, a date), in [0, 1] |
| asks | 1 where it ends with a question mark |
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from math import isfinite
from operator import attrgetter

from assistant.answering.evidence import (
    Sentence,
    kind_score,
    names_held,
    names_of_documents,
    standardised,
    surroundings,
    word_scores,
)
from assistant.language.matching import coverage, vocabulary
from assistant.reading.reader import Margins
from assistant.retrieval.query import Query
from assistant.retrieval.question_type import is_question, kind_of

# Beyond these odds the reader is as sure as it can be.
SURE = 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """The table above. ``reader`` is 0 where the passage was not read."""

    reader: float
    unread: float
    words: float
    covered: float
    around: float
    names: float
    absent: float
    similarity: float
    passage: float
    kind: float
    asks: float

    def values(self) -> tuple[float, ...]:
        """The numbers in the order of `NAMES`."""
        return _values(self)


NAMES = tuple(field.name for field in fields(Signals))
_values: Callable[[Signals], tuple[float, ...]] = attrgetter(*NAMES)


def signals_of(query: Query, candidates: Sequence[Sentence]) -> list[Signals]:
    """The signals of each candidate before anything is read."""
    if not candidates:
        return []
    kind = kind_of(query.text)
    words = standardised(word_scores(query, candidates))
    best = max(sentence.hit.score for sentence in candidates)
    named = len({word.text for word in query.words if word.name})
    held = names_of_documents(query, candidates)
    passages = {
        one.hit.passage.id: one for one in candidates
    }  # what stands around is the same for all of a passage
    around = {
        key: coverage(query.words, vocabulary(surroundings(one), one.hit.language))
        for key, one in passages.items()
    }
    names = {key: len(names_held(query, one)) / named if named else 1.0 for key, one in passages.items()}
    return [
        Signals(
            reader=0.0,
            unread=1.0,
            words=float(shared),
            covered=coverage(query.words, vocabulary(sentence.text, sentence.hit.language)),
            around=around[sentence.hit.passage.id],
            names=names[sentence.hit.passage.id],
            absent=1 - len(held[sentence.hit.document.id]) / named if named else 0.0,
            similarity=sentence.similarity,
            passage=sentence.hit.score - best,
            kind=kind_score(query, kind, sentence),
            asks=float(is_question(sentence.text)),
        )
        for sentence, shared in zip(candidates, words, strict=True)
    ]


def with_reader(
    signals: Sequence[Signals], candidates: Sequence[Sentence], margins: Mapping[str, Margins]
) -> list[Signals]:
    """The signals with the reader's word; ``margins`` are for the sentences of the passages read, by passage id.

    A sentence that was cut off, whose margin is not finite, was not read.
    """
    return [
        replace(own, unread=0.0, reader=max(-SURE, min(SURE, float(read[one.number]))))
        if read is not None and isfinite(read[one.number])
        else own
        for own, one in zip(signals, candidates, strict=True)
        for read in [margins.get(one.hit.passage.id)]
    ]
