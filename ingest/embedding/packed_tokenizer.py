"""The tokenizer that the packed model was trained with: XLM-RoBERTa's, run by `sentencepiece`.

Its pieces come from the packed file, its normalisation is `sentencepiece`'s rule "nmt_nfkc", which it was trained with.
`tokenizers` tells the same tokens, and takes several times the memory and the time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from sentencepiece import SentencePieceNormalizer, SentencePieceProcessor

from ingest.embedding.packed import PackedModel, Pieces
from ingest.embedding.types import Tokens

RULE = "nmt_nfkc"
NORMAL, UNKNOWN, CONTROL = 1, 2, 3  # sentencepiece's kinds of pieces
SPACE = "▁"  # how a piece writes the white space before it
# What the normalisation reads as a space: Unicode's white space but for U+0085, which is a token, and some that shows nothing.
BLANK = re.compile(r"(?:(?!\x85)[\s\u061c\u200b\u200c\u200e\u200f\u2581\ufeff\ufffd])*")


class PackedTokenizer:
    """Tells the tokens of texts as the packed model reads them; nothing is truncated. Thread-safe."""

    def __init__(self, packed: PackedModel) -> None:
        rule = SentencePieceNormalizer(rule_name=RULE).serialized_model_proto()
        # Messages of protobuf in a row are one message with the fields of all.
        self._processor = SentencePieceProcessor(
            model_proto=_pieces_message(packed.pieces, packed.unknown) + rule
        )
        self._begin, self._end = packed.begin, packed.end

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """The ids of each text's tokens, special ones included."""
        return [[self._begin, *self._processor.encode(text, return_type=int), self._end] for text in texts]

    def located(self, text: str) -> Tokens:
        """The tokens of a text, special ones included, and which of its code points each stands for."""
        found = self._processor.encode(text, return_type="offset_mapping")
        spans = _spans(text, found["pieces"], found["offsets"])
        return Tokens(ids=[self._begin, *found["ids"], self._end], offsets=[(0, 0), *spans, (0, 0)])


def _spans(text: str, pieces: Sequence[str], offsets: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The code points that pieces stand for, the white space before them left out.

    One that is nothing but white space stands for the code point after it, and so does each of several that came from
    one code point, such as those of "…".
    """
    for piece, (start, end) in zip(pieces, offsets, strict=True):
        if piece.startswith(SPACE) and (blank := BLANK.match(text, start)):
            start = blank.end()
        yield start, max(end, start + 1)


def _pieces_message(pieces: Pieces, unknown: int) -> bytes:
    """The pieces as a `ModelProto` of sentencepiece in protobuf's wire format.

    Each is a message in field 1: its UTF-8 (field 1), its score (field 2, a float32) and its kind (field 3). Nothing is longer
    than 127 bytes, so each length takes a byte. Raises `ValueError` where a piece is longer.
    """
    lengths = pieces.lengths
    if lengths.max(initial=0) > 127 - 9:
        raise ValueError("no packed model: a piece is too long")
    kinds = np.where(pieces.scores == 0, CONTROL, NORMAL)
    kinds[unknown] = UNKNOWN
    score = pieces.scores.astype("<f4").view(np.uint8).reshape(-1, 4).T
    before, after = (0x0A, lengths + 9, 0x0A, lengths), (0x15, *score, 0x18, kinds)
    ends = np.cumsum(lengths + len(before) + len(after))
    message = np.empty(ends[-1], dtype=np.uint8)
    is_text = np.ones(len(message), dtype=np.bool_)
    for first, values in ((ends - lengths - len(before) - len(after), before), (ends - len(after), after)):
        for place, value in enumerate(values):
            message[first + place] = value
            is_text[first + place] = False
    message[is_text] = pieces.text
    return message.tobytes()
