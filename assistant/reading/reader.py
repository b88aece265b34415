"""The reader: a question and a passage in, for each of its sentences how much more likely it answers than that none does.

The packed encoder of the bundled multilingual model reads both together, with low-rank adapters and a head that
`training/` has made. Runs without a network, on the processor.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load

from assistant.errors import ReaderUnusable
from assistant.reading.inputs import ReaderInput, reader_input
from assistant.retrieval.search import sentences_in
from assistant.types import Hit
from ingest.embedding.loading import NumberFormat, engine_of, packed_model, packed_tokenizer
from ingest.embedding.models import unit
from ingest.embedding.packed import SHA256, Adapter
from ingest.embedding.packed_encoder import padded
from ingest.embedding.types import Engine

WEIGHTS, CARD = "reader.safetensors", "reader.json"
# How many passages are read for a question: of one who asks alone, of a few who ask at once, and of more than `FEW`.
# What fewer cost in answers: docs/reader.md.
ALONE, AMONG_FEW, AMONG_MANY = 3, 2, 1
FEW = 4

Margins = NDArray[np.float32]


class Reader:
    """Reads passages for questions. Thread-safe.

    ``tensors`` are those of the file of weights: the adapters as "l4.q.down" and "l4.q.up", the head as "sentence.weight"
    (1, 2 * width), "sentence.bias" (1,), "none.weight" (1, width), "none.bias" (1,), "words" (width,), "likeness" () and
    "typical" ().
    """

    def __init__(self, tensors: dict[str, NDArray[Any]], number_format: NumberFormat = "auto") -> None:
        tensors = {name: tensor.astype(np.float32) for name, tensor in tensors.items()}
        adapted = sorted({name.rpartition(".")[0] for name in tensors if name.endswith(".down")})
        adapter = Adapter(
            matrices={name: (tensors[f"{name}.down"], tensors[f"{name}.up"]) for name in adapted}
        )
        packed = packed_model()
        self._engine: Engine = engine_of(packed, number_format, adapter)
        self._tokenizer = packed_tokenizer(packed)
        self._padding = packed.padding
        self._head = tensors
        self._asking, self._lock = 0, Lock()
        self._remembered: OrderedDict[bytes, Margins] = OrderedDict()
        self._most_remembered = 0
        self.waiting: Callable[[], int] = lambda: 0  # how many more questions will be read for

    def remembering(self, most: int) -> Reader:
        """The same reader, which reads each of the last ``most`` passages for a question once, and counts as nobody who asks."""
        other = copy(self)
        other._asking, other._lock = 0, Lock()
        other._remembered, other._most_remembered = OrderedDict(), most
        return other

    @contextmanager
    def reading(self) -> Iterator[int]:
        """While a question is being read for: how many passages, fewer while others are read for too."""
        with self._lock:
            self._asking += 1
            asking = self._asking + self.waiting()
        try:
            yield ALONE if asking == 1 else AMONG_FEW if asking <= FEW else AMONG_MANY
        finally:
            with self._lock:
                self._asking -= 1

    @property
    def busy(self) -> bool:
        """Whether it is reading for somebody."""
        return self._asking + self.waiting() > 0

    def read(self, question: str, hits: Sequence[Hit]) -> dict[str, Margins]:
        """By passage id, the scores of each hit's sentences less that of "none", shape (sentences,).

        They are logarithms of odds; sentences beyond what the model reads get -inf.
        """
        rows = [
            reader_input(
                self._tokenizer,
                question,
                hit.document.title,
                hit.passage.text,
                sentences_in(hit.passage, hit.document),
            )
            for hit in hits
        ]
        read = self._read_once(rows) if self._most_remembered else self._read(rows)
        return dict(zip((hit.passage.id for hit in hits), read, strict=True))

    def _read_once(self, rows: Sequence[ReaderInput]) -> list[Margins]:
        keys = [hashlib.sha256(repr(row).encode()).digest() for row in rows]
        with self._lock:
            read = {key: self._remembered[key] for key in keys if key in self._remembered}
        missing = {key: row for key, row in zip(keys, rows, strict=True) if key not in read}
        read |= zip(missing, self._read([*missing.values()]), strict=True)
        with self._lock:
            for key in keys:
                self._remembered[key] = read[key]
                self._remembered.move_to_end(key)
            while len(self._remembered) > self._most_remembered:
                self._remembered.popitem(last=False)
        return [read[key] for key in keys]

    def _read(self, rows: Sequence[ReaderInput]) -> list[Margins]:
        if not rows:
            return []
        tokens = self._engine(*padded([row.ids for row in rows], self._padding))
        return [self._margins(tokens[number], row) for number, row in enumerate(rows)]

    def _margins(self, tokens: NDArray[np.float32], row: ReaderInput) -> Margins:
        """By the mean of a sentence's tokens, and by how near each word of the question comes to one of them.

        The latter is MaxSim (Khattab and Zaharia, "ColBERT", 2020), the question's words weighted.
        """
        head, first, question = self._head, tokens[0], tokens[slice(*row.question)]
        own, shared = np.split(head["sentence.weight"][0], 2)
        constant = (
            shared @ first + head["sentence.bias"][0] - head["none.weight"][0] @ first - head["none.bias"][0]
        )
        weights = _softmax(question @ head["words"])
        near = unit(question) @ unit(tokens).T
        margins = [
            constant
            + own @ tokens[start:stop].mean(axis=0)
            + head["likeness"] * (weights @ near[:, start:stop].max(axis=1) - head["typical"])
            if stop > start
            else -np.inf
            for start, stop in row.sentences
        ]
        return np.array(margins, dtype=np.float32)


def _softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    powers = np.exp(scores - scores.max())
    return np.asarray(powers / powers.sum())


@cache
def shipped_reader(number_format: NumberFormat = "auto") -> Reader:
    """The reader with the weights of the package; one for the process.

    Raises `ReaderUnusable` where they are damaged, and `EmbeddingError` where the encoder is missing or damaged.
    """
    return Reader(read_weights(weights_folder()), number_format)


def weights_folder() -> Traversable:
    return files("assistant.reading") / "weights"


def read_weights(folder: Traversable) -> dict[str, NDArray[Any]]:
    """The tensors in a folder's file of weights. Raises `ReaderUnusable` unless they are those of their card."""
    try:
        data = (folder / WEIGHTS).read_bytes()
        card = json.loads((folder / CARD).read_text("utf-8"))
        sha256 = hashlib.sha256(data).hexdigest()
        if sha256 != card["sha256"]:
            raise ValueError(f"{WEIGHTS} has SHA-256 {sha256}, not {card['sha256']}")
        if card["encoder_sha256"] != SHA256:
            raise ValueError("they were made for another encoder")
        return load(data)
    except (OSError, ValueError, KeyError) as error:
        raise ReaderUnusable(
            f"The reader's weights are damaged or missing ({error}). "
            "Install the assistant again, or set ASSISTANT_READER=none."
        ) from error
