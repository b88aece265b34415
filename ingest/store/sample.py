"""A sample of the stored vectors, kept in memory: how similar a question is to passages at large."""

from __future__ import annotations

import numpy as np

from ingest.embedding.types import Vectors
from ingest.store.chroma import ChromaStore
from ingest.store.lexical import Background

SIZE = 768
_DRIFT = 0.1  # the share of passages by which a collection may have grown or shrunk since


class Sample:
    """Taken when first needed, and again once the collection has changed much."""

    def __init__(self, store: ChromaStore) -> None:
        self._store = store
        self._taken: tuple[int, Vectors] | None = None

    def background(self, vector: Vectors, passages: int) -> Background:
        """How ``vector`` scores over a sample of the collection, which has so many passages now."""
        sample = self._vectors(passages)
        if not len(sample):
            return Background(0.0, 0.0, 0)
        cosines = sample @ vector
        return Background(float(cosines.mean()), float(cosines.std()), len(cosines))

    def _vectors(self, passages: int) -> Vectors:
        taken = self._taken
        if taken is None or abs(taken[0] - passages) > _DRIFT * taken[0]:
            vectors = list(self._store.vectors(self._store.sample_ids(SIZE)).values())
            taken = self._taken = (passages, np.asarray(vectors, dtype=np.float32))
        return taken[1]
