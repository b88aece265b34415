"""What asking the same questions again and again needs to work out once: the vectors of their words."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from ingest.embedding.types import Embedder, PassageVectors, Traits, Vectors
from ingest.text.sentences import Span


class RememberedQueries:
    """An embedder that embeds each question once.

    ``known`` are the vectors of earlier ones as bytes, by `text_key`, and ``keep`` is told further ones.
    """

    def __init__(
        self,
        embedder: Embedder,
        known: Mapping[str, bytes] = MappingProxyType({}),
        keep: Callable[[str, bytes], object] = lambda key, vector: None,
    ) -> None:
        self._embedder = embedder
        self._known = dict(known)
        self._keep = keep

    def embed_query(self, text: str) -> Vectors:
        key = text_key(text)
        if key not in self._known:
            self._known[key] = self._embedder.embed_query(text).astype(np.float32).tobytes()
            self._keep(key, self._known[key])
        return np.frombuffer(self._known[key], dtype=np.float32)

    # -- all else is the embedder's own ----------------------------------------------------------

    @property
    def name(self) -> str:
        return self._embedder.name

    @property
    def fingerprint(self) -> str:
        return self._embedder.fingerprint

    def earlier_fingerprints(self) -> frozenset[str]:
        return self._embedder.earlier_fingerprints()

    @property
    def dimensions(self) -> int:
        return self._embedder.dimensions

    @property
    def max_tokens(self) -> int:
        return self._embedder.max_tokens

    @property
    def traits(self) -> Traits:
        return self._embedder.traits

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._embedder.count_tokens(texts)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return self._embedder.embed_passages(texts)

    def embed_with_sentences(
        self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]
    ) -> PassageVectors:
        return self._embedder.embed_with_sentences(texts, sentences)

    def mean_query(self, language: str) -> Vectors:
        return self._embedder.mean_query(language)


def text_key(text: str) -> str:
    """What a text is known by without its words, which go with the question."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
