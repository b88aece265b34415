"""A sample of the stored vectors, kept in memory: how similar a question is to passages at large, by their language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ingest.embedding.types import Vectors
from ingest.store.chroma import ChromaStore
from ingest.store.lexical import Background
from ingest.types import Record

SIZE = 768
_DRIFT = 0.1  # the share of passages by which a collection may have grown or shrunk since

Owners = Callable[[Sequence[str]], Mapping[str, Record]]


@dataclass(frozen=True, slots=True)
class _Taken:
    """The sampled vectors of each language, each of shape (sampled, dimensions), and how many passages there were."""

    passages: int
    by_language: Mapping[str, Vectors]


class Sample:
    """Taken when first needed, and again once the collection has changed much."""

    def __init__(self, store: ChromaStore) -> None:
        self._store = store
        self._taken: _Taken | None = None

    def backgrounds(self, vector: Vectors, passages: int, owners: Owners) -> dict[str, Background]:
        """How ``vector`` scores over a sample of each language's passages; ``passages`` are how many there are now.

        An embedding model finds texts in a question's own language more similar than those in another, whatever they say.
        ``owners`` gives the documents of passage ids.
        """
        return {
            language: _background(vectors @ vector)
            for language, vectors in self._sampled(passages, owners).items()
        }

    def _sampled(self, passages: int, owners: Owners) -> Mapping[str, Vectors]:
        taken = self._taken
        if taken is None or abs(taken.passages - passages) > _DRIFT * taken.passages:
            vectors = self._store.vectors(self._store.sample_ids(SIZE))
            taken = self._taken = _Taken(passages, _by_language(vectors, owners(list(vectors))))
        return taken.by_language


def _by_language(vectors: Mapping[str, Vectors], owners: Mapping[str, Record]) -> dict[str, Vectors]:
    rows: dict[str, list[Vectors]] = {}
    for key, record in owners.items():
        rows.setdefault(record.language, []).append(vectors[key])
    return {language: np.asarray(of_language, dtype=np.float32) for language, of_language in rows.items()}


def _background(cosines: Vectors) -> Background:
    return Background(float(cosines.mean()), float(cosines.std()), len(cosines))
