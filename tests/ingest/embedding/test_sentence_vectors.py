"""A byte for each dimension is enough for the direction of a sentence."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ingest.embedding.sentence_vectors import cosines, directions
from ingest.embedding.types import Vectors

DIMENSIONS = 384
SEEDS = st.integers(0, 2**32 - 1)


def vectors(seed: int, number: int, outliers: int, factor: float) -> Vectors:
    """Rows as encoders make them, shape (number, dimensions): a few dimensions are always much larger than the rest."""
    chance = np.random.default_rng(seed)
    rows = chance.normal(size=(number, DIMENSIONS))
    rows[:, :outliers] *= factor
    return rows.astype(np.float32)


def unit(rows: Vectors) -> Vectors:
    return np.asarray(rows / np.linalg.norm(rows, axis=-1, keepdims=True), dtype=np.float32)


@given(SEEDS, st.integers(0, 9), st.integers(0, 8), st.floats(1, 20), st.floats(1e-3, 1e3))
def test_cosines_of_bytes_are_those_of_floats_to_a_hundredth(
    seed: int, number: int, outliers: int, factor: float, length: float
) -> None:
    rows = vectors(seed, number + 1, outliers, factor)
    question, sentences = unit(rows[0]), rows[1:] * length
    stored = directions(sentences)
    assert stored.dtype == np.int8
    assert stored.shape == sentences.shape
    np.testing.assert_allclose(cosines(stored, question), unit(sentences) @ question, atol=0.01)


@given(SEEDS)
def test_a_sentence_without_tokens_is_like_nothing(seed: int) -> None:
    question = unit(vectors(seed, 1, 0, 1))[0]
    assert cosines(directions(np.zeros((1, DIMENSIONS), np.float32)), question).tolist() == [0.0]
