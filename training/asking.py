"""Asks the product itself, over collections of documents, and notes the signals of every sentence that it considers."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.answering.evidence import sentences_of, with_similarities
from assistant.answering.signals import NAMES, signals_of, with_reader
from assistant.core import Assistant
from assistant.reading.reader import ALONE, AMONG_FEW, Margins, Reader
from benchmarks.cases import Case, answers, retrieved


@dataclass(frozen=True, slots=True, kw_only=True)
class Considered:
    """What was considered for a case of the collection ``kind``.

    ``values`` are the signals of each sentence, shape (sentences, names); ``answers`` says whether it answers.
    """

    kind: str
    values: NDArray[np.float64]
    answers: NDArray[np.bool_]


def considered(
    kind: str, assistant: Assistant, reader: Reader, cases: Iterable[Case], chance: random.Random
) -> Iterator[Considered]:
    """What the assistant considers for each case; as when it is busy, now and then with fewer passages read.

    A passage is read once for the same question.
    """
    asked, read = "", dict[str, Margins]()
    for case in cases:
        passages = chance.choice((AMONG_FEW, ALONE, ALONE))
        found = retrieved(assistant, case)
        if found.query.text != asked:
            asked, read = found.query.text, {}
        first = found.hits[:passages]
        read |= reader.read(asked, [hit for hit in first if hit.passage.id not in read])
        own = {hit.passage.id: read[hit.passage.id] for hit in first}
        sentences = with_similarities(found.probes, sentences_of(found.hits), found.sentence_vectors)
        signals = with_reader(signals_of(found.query, sentences), sentences, own)
        yield Considered(
            kind=kind,
            values=np.array([one.values() for one in signals], dtype=np.float64).reshape(-1, len(NAMES)),
            answers=np.array([answers(sentence, case) for sentence in sentences], dtype=np.bool_),
        )


def keep(rows: Sequence[Considered], path: Path) -> None:
    """Write what was considered to one file, in numpy's own format."""
    np.savez_compressed(
        path,
        kinds=np.array([row.kind for row in rows]),
        lengths=np.array([len(row.answers) for row in rows]),
        values=np.concatenate([row.values for row in rows]),
        answers=np.concatenate([row.answers for row in rows]),
    )


def kept(path: Path) -> list[Considered]:
    """What `keep` has written."""
    data = np.load(path)
    ends = np.cumsum(data["lengths"])[:-1]
    parts = zip(data["kinds"], np.split(data["values"], ends), np.split(data["answers"], ends), strict=True)
    return [Considered(kind=str(kind), values=values, answers=answers) for kind, values, answers in parts]
