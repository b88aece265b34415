"""A sentence's vector in its context: the mean over its tokens in the one pass that the encoder makes over a passage.

"He said so" then knows who he is. Only the direction counts, so a byte for each dimension is enough.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ingest.embedding.types import SentenceVectors, Vectors
from ingest.text.sentences import Span

LARGEST = 127  # the largest number that a signed byte holds on both sides of zero


def means(tokens: Vectors, offsets: Sequence[tuple[int, int]], sentences: Sequence[Span]) -> Vectors:
    """The mean of each sentence's tokens, shape (sentences, dimensions); zeros for one without a token.

    ``tokens`` has shape (tokens, dimensions); ``offsets`` says which code points of the text each token stands for, none
    for a special one.
    """
    starts, ends = np.asarray(offsets, dtype=np.int64).reshape(-1, 2).T
    of_sentences = np.zeros((len(sentences), tokens.shape[1]), dtype=np.float32)
    for number, sentence in enumerate(sentences):
        own = (starts < sentence.end) & (ends > sentence.start) & (starts < ends)
        if own.any():
            of_sentences[number] = tokens[: len(own)][own].mean(axis=0)
    return of_sentences


def directions(vectors: NDArray[np.floating]) -> SentenceVectors:
    """The vectors as bytes, each scaled so that its largest number is `LARGEST`; shape as given."""
    largest = np.abs(vectors).max(axis=1, keepdims=True, initial=1e-9)
    return np.asarray(np.rint(vectors * (LARGEST / largest)), dtype=np.int8)


def cosines(stored: SentenceVectors, vector: Vectors) -> Vectors:
    """The cosine of each stored row, shape (sentences, dimensions), and a unit vector, shape (dimensions,)."""
    rows = stored.astype(np.float32)
    lengths = np.maximum(np.linalg.norm(rows, axis=1), 1e-9)
    return np.asarray(rows @ vector / lengths, dtype=np.float32)
