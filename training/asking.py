"""Asks the product itself, over collections of documents, and notes the signals of every sentence that it considers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.answering.evidence import Sentence, sentences_of, with_similarities
from assistant.answering.signals import Signals, signals_of
from assistant.core import HITS, Assistant
from assistant.reading.reader import Margins, Reader
from assistant.retrieval.probes import probes_of
from assistant.retrieval.query import Query
from assistant.retrieval.search import retrieve, sentence_vectors
from assistant.types import Hit


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question, the places that answer it as (source, code point), and the sources that are left out.

    ``kind`` names the pair of languages, or the collection.
    """

    kind: str
    question: str
    places: frozenset[tuple[str, int]]
    without: frozenset[str] = frozenset()
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Considered:
    """What was considered for a case: sentences, their signals and whether each answers."""

    case: Case
    query: Query
    sentences: list[Sentence]
    signals: list[Signals]
    answers: NDArray[np.bool_]


def considered(assistant: Assistant, reader: Reader, cases: Iterable[Case]) -> Iterator[Considered]:
    """What the assistant considers for each case. A passage is read once for the same question."""
    read: tuple[str, dict[str, Margins]] = ("", {})
    for case in cases:
        query = assistant.understand(case.question)
        probes = probes_of(query, assistant.index, assistant.embedder)
        hits = retrieve(query, probes, assistant.index, HITS + 4 * bool(case.without))
        hits = [hit for hit in hits if hit.document.source not in case.without][:HITS]
        if read[0] != case.question:
            read = (case.question, {})
        _read(reader, case.question, hits, read[1])
        vectors = sentence_vectors(hits, assistant.index, assistant.embedder)
        sentences = with_similarities(probes, sentences_of(hits), vectors)
        yield Considered(
            case=case,
            query=query,
            sentences=sentences,
            signals=signals_of(query, sentences, read[1]),
            answers=np.array([_holds(sentence, case) for sentence in sentences], dtype=np.bool_),
        )


def _read(reader: Reader, question: str, hits: list[Hit], margins: dict[str, Margins]) -> None:
    new = [hit for hit in hits if hit.passage.id not in margins]
    margins.update(reader.read(question, new))


def _holds(sentence: Sentence, case: Case) -> bool:
    source = sentence.hit.document.source
    return any(source == own and sentence.start <= at < sentence.end for own, at in case.places)
