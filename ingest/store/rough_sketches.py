"""What tells most pairs of documents apart without reading their texts: their wording as small numbers. Pure.

Grams and words are hashed to sixteen bits. Where two have the same number by chance, documents look more alike than they are, never
less: who is told apart here would be by their texts as well, whatever they mean.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from ingest.text.shared_wording import NUMBER, UNSURE, Wording

Hashes = NDArray[np.uint16]
Bits = NDArray[np.uint8]
_LENGTHS = np.dtype("<u4")
_HASHES = np.dtype("<u2")
_BIT = np.array([1 << place for place in range(8)], dtype=np.uint8)


@dataclass(frozen=True, eq=False)  # without slots: what is derived is computed once
class RoughSketch:
    """The hashes of the grams of each sentence, one after another, of a text's words, of its numbers, and of its other facts."""

    grams: Hashes
    words: Hashes
    numbers: Hashes
    facts: Hashes

    @classmethod
    def of(cls, wording: Wording) -> RoughSketch:
        return cls(
            _hashed(gram for sentence in wording.sentences for gram in sentence),
            _hashed(wording.words),
            _hashed(wording.numbers),
            _hashed(wording.facts.keys() - wording.numbers),
        )

    @classmethod
    def from_bytes(cls, written: bytes) -> RoughSketch:
        lengths = np.frombuffer(written, _LENGTHS, 4)
        hashes = np.frombuffer(written, _HASHES, offset=lengths.nbytes)
        parts = np.split(hashes, np.cumsum(lengths)[:-1])
        return cls(*parts)

    def to_bytes(self) -> bytes:
        parts = (self.grams, self.words, self.numbers, self.facts)
        return b"".join(
            (
                np.array([len(part) for part in parts], _LENGTHS).tobytes(),
                *(part.astype(_HASHES).tobytes() for part in parts),
            )
        )

    @property
    def size(self) -> int:
        """The grams of all sentences, as `Wording.size` counts them."""
        return len(self.grams)

    @cached_property
    def _has_gram(self) -> Bits:
        return _bits(self.grams)

    @cached_property
    def _has_word(self) -> Bits:
        return _bits(self.words)

    def most_sentences(self, other: RoughSketch) -> float:
        """What `shared_sentences` of this text in another is at most."""
        return _count(self.grams, other._has_gram) / self.size if self.size else 0.0

    def most_facts(self, other: RoughSketch) -> float:
        """What `shared_facts` is at most."""
        held = NUMBER * self._held(self.numbers, other) + self._held(self.facts, other)
        return (held + UNSURE / 2) / (NUMBER * len(self.numbers) + len(self.facts) + UNSURE)

    def most_numbers(self, other: RoughSketch) -> float:
        """What `shared_numbers` is at most."""
        return (self._held(self.numbers, other) + 0.5) / (len(self.numbers) + 1)

    @staticmethod
    def _held(hashes: Hashes, other: RoughSketch) -> int:
        return _count(hashes, other._has_word)


def _bits(hashes: Hashes) -> Bits:
    """A bit for each number that there may be: of some thousand documents, which are compared with a few at once, bytes were too much."""
    table = np.zeros(1 << 16, dtype=np.bool_)
    table[hashes] = True
    return np.packbits(table, bitorder="little")


def _count(hashes: Hashes, among: Bits) -> int:
    """How many of the numbers are among those."""
    return int(np.count_nonzero(among[hashes >> 3] & _BIT[hashes & 7]))


def _hashed(texts: Iterable[str] | Collection[str]) -> Hashes:
    numbers = (crc32(text.encode("utf-8", "surrogatepass")) & 0xFFFF for text in texts)
    return np.fromiter(numbers, dtype=np.uint16)
