"""Asks the product itself, over collections of documents, and notes the signals of every sentence that it considers."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.answering.evidence import Sentence, sentences_of, with_similarities
from assistant.answering.signals import Signals, signals_of, with_reader
from assistant.core import Assistant
from assistant.reading.reader import LEAST, MOST, Margins, Reader
from benchmarks.cases import Case, answers, retrieved


@dataclass(frozen=True, slots=True, kw_only=True)
class Considered:
    """What was considered for a case: sentences, their signals and whether each answers; ``kind`` names its collection."""

    kind: str
    case: Case
    sentences: list[Sentence]
    signals: list[Signals]
    answers: NDArray[np.bool_]


def considered(
    kind: str, assistant: Assistant, reader: Reader, cases: Iterable[Case], chance: random.Random
) -> Iterator[Considered]:
    """What the assistant considers for each case; as when it is busy, now and then with fewer passages read.

    A passage is read once for the same question.
    """
    asked, read = "", dict[str, Margins]()
    for case in cases:
        passages = chance.choice((LEAST, MOST, MOST))
        query, probes, hits, vectors = retrieved(assistant, case)
        if query.text != asked:
            asked, read = query.text, {}
        first = hits[:passages]
        read |= reader.read(asked, [hit for hit in first if hit.passage.id not in read])
        own = {hit.passage.id: read[hit.passage.id] for hit in first}
        sentences = with_similarities(probes, sentences_of(hits), vectors)
        yield Considered(
            kind=kind,
            case=case,
            sentences=sentences,
            signals=with_reader(signals_of(query, sentences), sentences, own),
            answers=np.array([answers(sentence, case) for sentence in sentences], dtype=np.bool_),
        )
