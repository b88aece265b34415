"""A sample of the stored vectors, kept in memory: how similar a question is to passages at large, by their language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ingest.embedding.types import Vectors
from ingest.store.catalogue import Catalogue
from ingest.store.chroma import ChromaStore
from ingest.store.lexical import Background
from ingest.store.records import passage_language
from ingest.types import Record

SIZE = 768
_ENOUGH = 8  # passages of a language
_DRIFT = 0.1  # the share of passages by which a collection may have grown or shrunk since


@dataclass(frozen=True, slots=True)
class _Taken:
    """The sampled vectors of each language, each of shape (sampled, dimensions), and how many passages there were.

    ``centres`` are the means of those that are enough.
    """

    passages: int
    by_language: Mapping[str, Vectors]
    centres: dict[str, Vectors]


class Sample:
    """Taken when first needed, and again once the collection has changed much."""

    def __init__(self, store: ChromaStore) -> None:
        self._store = store
        self._taken: _Taken | None = None

    def backgrounds(self, vector: Vectors, catalogue: Catalogue) -> dict[str, Background]:
        """How ``vector`` scores over a sample of each language's passages.

        An embedding model finds texts in a question's own language more similar than those in another, whatever they say:
        means are those of each language, the deviation is the mean one within a language.
        """
        by_language = self._taken_now(catalogue).by_language
        cosines = {language: vectors @ vector for language, vectors in by_language.items()}
        size = sum(len(values) for values in cosines.values())
        spread = sum(float(values.var()) * len(values) for values in cosines.values()) / max(1, size)
        return {
            language: Background(float(values.mean()), spread**0.5, len(values))
            for language, values in cosines.items()
        }

    def centres(self, catalogue: Catalogue) -> dict[str, Vectors]:
        """The mean vector of each language that enough passages of the sample are in, of the most frequent one first."""
        return self._taken_now(catalogue).centres

    def _taken_now(self, catalogue: Catalogue) -> _Taken:
        taken, passages = self._taken, catalogue.passages
        if taken is None or abs(taken.passages - passages) > _DRIFT * taken.passages:
            vectors = self._store.vectors(catalogue.sample_ids(SIZE))
            by_language = _by_language(vectors, catalogue.owners(vectors))
            taken = self._taken = _Taken(passages, by_language, _centres(by_language))
        return taken


def _by_language(vectors: Mapping[str, Vectors], owners: Mapping[str, Record]) -> dict[str, Vectors]:
    rows: dict[str, list[Vectors]] = {}
    for key, record in owners.items():
        rows.setdefault(passage_language(key, record), []).append(vectors[key])
    return {language: np.asarray(of_language, dtype=np.float32) for language, of_language in rows.items()}


def _centres(by_language: Mapping[str, Vectors]) -> dict[str, Vectors]:
    return {
        language: np.asarray(vectors.mean(axis=0), dtype=np.float32)
        for language, vectors in sorted(by_language.items(), key=lambda item: -len(item[1]))
        if len(vectors) >= _ENOUGH
    }
