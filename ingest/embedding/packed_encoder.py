"""The packed model as an encoder: its tokenizer, the engine that runs its transformer, and the mean of the tokens' vectors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ingest.embedding.packed import PackedModel
from ingest.embedding.types import Engine, Reading, Vectors

if TYPE_CHECKING:  # sentencepiece is there only where the packed model is
    from ingest.embedding.packed_tokenizer import PackedTokenizer

TOGETHER = 16  # texts that the engine is given at a time


class PackedEncoder:
    """An `Encoder` of the packed model. Thread-safe."""

    def __init__(
        self, packed: PackedModel, tokenizer: PackedTokenizer, engine: Engine, fingerprint: str
    ) -> None:
        self.max_tokens, self.dimensions, self.fingerprint = packed.positions, packed.width, fingerprint
        self._padding = packed.padding
        self._tokenizer, self._engine = tokenizer, engine

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return list(map(len, self._tokenizer.ids(texts)))

    def vectors(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        rows = self._tokenizer.ids(texts)
        for number, tokens in enumerate(self._tokens(rows)):
            vectors[number] = tokens.mean(axis=0)
        return vectors

    def readings(self, texts: Sequence[str]) -> Iterator[Reading]:
        located = [self._tokenizer.located(text) for text in texts]
        tokens_of = self._tokens([found.ids for found in located])
        for found, tokens in zip(located, tokens_of, strict=True):
            yield Reading(vector=tokens.mean(axis=0), tokens=tokens, offsets=found.offsets[: len(tokens)])

    def _tokens(self, rows: Sequence[list[int]]) -> Iterator[Vectors]:
        """The vectors of the tokens of each row of ids, as far as the model reads."""
        for first in range(0, len(rows), TOGETHER):
            some = [self._read(row) for row in rows[first : first + TOGETHER]]
            outputs = self._engine(*padded(some, self._padding))
            yield from (tokens[: len(row)] for row, tokens in zip(some, outputs, strict=True))

    def _read(self, ids: list[int]) -> list[int]:
        """What the model reads of a text; the last token is the special one that ends it."""
        return ids if len(ids) <= self.max_tokens else [*ids[: self.max_tokens - 1], ids[-1]]


def padded(rows: Sequence[list[int]], padding: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of ids as an engine takes them: ids and attention mask, each of shape (rows, tokens)."""
    ids = np.full((len(rows), max(map(len, rows), default=0)), padding, dtype=np.int64)
    mask = np.zeros_like(ids)
    for number, row in enumerate(rows):
        ids[number, : len(row)] = row
        mask[number, : len(row)] = 1
    return ids, mask
