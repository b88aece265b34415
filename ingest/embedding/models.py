"""Embedding models: what ingestion and retrieval ask of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from itertools import chain

import numpy as np

from ingest.embedding.loading import NumberFormat, default_model, earlier_fingerprints, load_encoder
from ingest.embedding.sentence_vectors import directions, means
from ingest.embedding.types import PassageVectors, SentenceVectors, Vectors, traits_of
from ingest.text.sentences import Span


class SentenceTransformerEmbedder:
    """An `Embedder` over a bundled model, or one that sentence-transformers runs.

    ``model`` is the name of a bundled model, a folder, or any name that sentence-transformers takes; empty for the
    bundled model that is the default. Raises `EmbeddingError` where it cannot be loaded.
    """

    def __init__(self, model: str = "", number_format: NumberFormat = "auto") -> None:
        self.name = model or default_model()
        self.traits = traits_of(self.name)
        self._encoder = load_encoder(self.name, number_format)
        self.max_tokens = self._encoder.max_tokens
        self.dimensions = self._encoder.dimensions
        self.fingerprint = self._encoder.fingerprint
        self._mean_queries: dict[str, Vectors] = {}

    def earlier_fingerprints(self) -> frozenset[str]:
        """What earlier versions named the same model by. It may load the model once more."""
        return earlier_fingerprints(self.name)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text as the model reads it, prefix and special tokens included."""
        prefix = self.traits.passage_prefix
        return self._encoder.count_tokens([prefix + text for text in texts])

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(texts), dimensions)."""
        return self._encode([self.traits.passage_prefix + text for text in texts])

    def embed_with_sentences(
        self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]
    ) -> PassageVectors:
        """Unit vectors, shape (len(texts), dimensions), and a direction for each sentence of each text.

        ``sentences`` are spans of code points in the text that they stand in.
        """
        prefix = self.traits.passage_prefix
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        of_sentences: list[SentenceVectors] = []
        for number, reading in enumerate(self._encoder.readings([prefix + text for text in texts])):
            vectors[number] = unit(reading.vector)
            offsets = [
                (max(0, start - len(prefix)), max(0, end - len(prefix))) for start, end in reading.offsets
            ]
            of_sentences.append(directions(means(reading.tokens, offsets, sentences[number])))
        return PassageVectors(vectors=vectors, sentences=of_sentences)

    def embed_query(self, text: str) -> Vectors:
        """A unit vector, shape (dimensions,)."""
        return self._encode([self.traits.query_prefix + text]).reshape(-1)

    def mean_query(self, language: str) -> Vectors:
        """The mean vector of everyday questions in a language, or in all that there are some in; shape (dimensions,)."""
        questions = everyday_questions()
        known = language if language in questions else ""
        if known not in self._mean_queries:
            asked = questions[known] if known else chain.from_iterable(questions.values())
            vectors = self._encode([self.traits.query_prefix + text for text in asked])
            self._mean_queries[known] = np.asarray(vectors.mean(axis=0), dtype=np.float32)
        return self._mean_queries[known]

    def _encode(self, texts: list[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        return unit(self._encoder.vectors(texts))


@cache
def everyday_questions() -> dict[str, list[str]]:
    """Questions about anything, by language."""
    questions: dict[str, list[str]] = json.loads(
        files("ingest.embedding").joinpath("questions.json").read_text("utf-8")
    )
    return questions


def unit(vectors: Vectors) -> Vectors:
    """The vectors, along the last axis, at length 1."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)
