"""The bundled multilingual model's pieces, readable."""

from __future__ import annotations

from itertools import accumulate, pairwise

from ingest.embedding.packed import PackedModel


def piece_texts(packed: PackedModel) -> list[str]:
    """Each piece as text, by its id."""
    text, ends = packed.pieces.text.tobytes(), accumulate(packed.pieces.lengths.tolist(), initial=0)
    return [text[start:end].decode() for start, end in pairwise(ends)]
