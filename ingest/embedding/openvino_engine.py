"""The packed model run by OpenVINO: twice as fast as torch on the same processor, with the same vectors.

The matrices stay integers of eight bits with a scale for every 32 (they have four bits in the file, so nothing is lost),
and OpenVINO rounds what is multiplied with them to eight bits in groups of 32 too, where the processor has instructions
for it; cosines to float32 stay above .9998. Two copies of the compiled model serve, one for questions and one for
ingestion, so that neither waits for the other; that for ingestion is compiled when it is first needed. A thread runs one or
two texts at a time. With an adapter there is one copy.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from math import ceil
from queue import SimpleQueue
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.embedding.packed import Adapter, PackedModel, unpacked
from ingest.embedding.types import Vectors

# Importing OpenVINO reports that to its makers. These are absent to it: the reporter and the converters that call it.
for _reporting in ("openvino_telemetry", "openvino.tools.ovc"):
    sys.modules[_reporting] = None  # type: ignore[assignment]  # how Python marks a module that must not be imported

import openvino  # noqa: E402  # after the reporter is out of the way
from openvino import opset15 as ops  # noqa: E402

GROUP = 32  # weights that share a scale
STREAMS = 8  # at most so many run at the same time, each by its share of the threads: each takes 20 MB
TOGETHER = 2  # texts that one thread runs at a time, padded to the longest of them
FEW = 1_024  # tokens that the copy for questions runs: those of two of the longest texts
STEP = 16  # lengths are rounded up to a multiple: OpenVINO prepares, and keeps, something for each shape
FAR_BELOW = np.float32(-1e4)  # added to the scores of padding, before the softmax

# One for the process, never let go. On processors with AVX-512 each gives the thread that first compiles with it a stack for signals,
# and sets back what it found there when it goes: after two that go in another order than they came, that is memory that was freed,
# and the next signal, such as Ctrl-C, ends the process.
_CORE = openvino.Core()


class OpenVinoEngine:
    """Token ids in, a vector of each token out. Thread-safe.

    With ``exact`` nothing is rounded to eight bits. Raises `RuntimeError` where OpenVINO can't run on this machine.
    """

    def __init__(
        self,
        packed: PackedModel,
        *,
        bfloat16: bool,
        exact: bool,
        threads: int,
        adapter: Adapter | None = None,
    ) -> None:
        self._words, self._width = packed.words, packed.width
        streams = min(threads, STREAMS)
        options = {
            "INFERENCE_PRECISION_HINT": "bf16" if bfloat16 else "f32",
            "DYNAMIC_QUANTIZATION_GROUP_SIZE": 0 if exact else GROUP,
            "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": streams,
        }
        self._compiled = partial(_requests, packed, adapter, options, streams)
        self._few = self._compiled()
        self._many = self._few if adapter else None
        self._compiling = Lock()
        self._threads = ThreadPoolExecutor(streams, thread_name_prefix="encoder")

    def __call__(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> Vectors:
        """Of shape (texts, tokens, width), for ids and an attention mask of shape (texts, tokens)."""
        vectors = np.zeros((*ids.shape, self._width), dtype=np.float32)
        parts = list(_by_length(mask))
        requests = self._few if ids.size <= FEW else self._for_many()
        if len(parts) == 1:
            self._run(requests, parts[0], ids, mask, vectors)
        else:
            running = [self._threads.submit(self._run, requests, rows, ids, mask, vectors) for rows in parts]
            for task in running:
                task.result()
        return vectors

    def _for_many(self) -> SimpleQueue[Any]:
        with self._compiling:
            if self._many is None:
                self._many = self._compiled()
            return self._many

    def _run(
        self,
        requests: SimpleQueue[Any],
        rows: NDArray[np.intp],
        ids: NDArray[np.int64],
        mask: NDArray[np.int64],
        vectors: Vectors,
    ) -> None:
        """Puts the vectors of these rows' tokens into ``vectors``."""
        longest = int(mask[rows].sum(axis=1).max())
        length = min(ceil(longest / STEP) * STEP, mask.shape[1])
        own = ids[rows, :length]
        words = unpacked(self._words[own]).reshape(*own.shape, self._width)
        added = (1 - mask[rows, :length]).astype(np.float32) * FAR_BELOW
        request = requests.get()
        try:
            vectors[rows, :length] = request.infer([words, added], share_inputs=True, share_outputs=True)[0]
        finally:
            requests.put(request)


def _requests(
    packed: PackedModel, adapter: Adapter | None, options: dict[str, Any], number: int
) -> SimpleQueue[Any]:
    """What runs the model, compiled anew: each is one thread's at a time."""
    compiled = _CORE.compile_model(_graph(packed, adapter), "CPU", options)
    requests: SimpleQueue[Any] = SimpleQueue()
    for _ in range(number):
        requests.put(compiled.create_infer_request())
    return requests


def _by_length(mask: NDArray[np.int64]) -> Iterator[NDArray[np.intp]]:
    """The rows in groups of `TOGETHER`, the longest first."""
    order = np.argsort(-mask.sum(axis=1), kind="stable")
    for first in range(0, len(order), TOGETHER):
        yield order[first : first + TOGETHER]


def _graph(packed: PackedModel, adapter: Adapter | None) -> openvino.Model:
    """BERT's encoder from word embeddings, shape (texts, tokens, width), and what the mask adds, to token vectors."""
    floats, width, heads = packed.floats, packed.width, packed.heads
    thin = adapter.matrices if adapter else {}

    def dense(x: Any, name: str) -> Any:
        y = ops.add(ops.matmul(x, _matrix(packed.blocks[f"{name}.w"]), False, True), floats[f"{name}.b"])
        if name not in thin:
            return y
        down, up = thin[name]
        return ops.add(y, ops.matmul(ops.matmul(x, down, False, True), up, False, True))

    def norm(x: Any, name: str) -> Any:
        normed = ops.mvn(x, _integers(-1), True, packed.epsilon, "inside_sqrt")
        return ops.add(ops.multiply(normed, floats[f"{name}.w"]), floats[f"{name}.b"])

    def split(x: Any) -> Any:
        return ops.transpose(
            ops.reshape(x, _integers(0, 0, heads, width // heads), True), _integers(0, 2, 1, 3)
        )

    words = ops.parameter([-1, -1, width], openvino.Type.f32, name="words")
    added = ops.parameter([-1, -1], openvino.Type.f32, name="added")
    mask = ops.unsqueeze(added, _integers(1, 2))
    positions = floats["emb.pos"].reshape(-1, width) + floats["emb.type"][:width]
    tokens = ops.gather(ops.shape_of(words), _integers(1), 0)
    x = norm(ops.add(words, ops.slice(positions, _integers(0), tokens, _integers(1), _integers(0))), "emb.ln")
    for layer in (f"l{number}" for number in range(packed.layers)):
        query, key, value = (split(dense(x, f"{layer}.{name}")) for name in "qkv")
        attended = ops.transpose(
            ops.scaled_dot_product_attention(query, key, value, mask), _integers(0, 2, 1, 3)
        )
        joined = dense(ops.reshape(attended, _integers(0, 0, width), True), f"{layer}.ao")
        x = norm(ops.add(x, joined), f"{layer}.aln")
        inner = ops.gelu(dense(x, f"{layer}.fi"), "erf")
        x = norm(ops.add(x, dense(inner, f"{layer}.fo")), f"{layer}.oln")
    return openvino.Model([ops.result(x)], [words, added], "encoder")


def _integers(*values: int) -> Any:
    return ops.constant(np.array(values, dtype=np.int64))


def _matrix(blocks: NDArray[np.void]) -> Any:
    """A matrix as OpenVINO keeps it compressed: integers, and a scale for each block."""
    nibbles = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=-1)
    integers = ops.convert(ops.constant(nibbles.astype(np.int8) - np.int8(8)), "f16")
    scaled = ops.multiply(integers, ops.constant(blocks["scale"].astype(np.float16)[..., None]))
    return ops.convert(ops.reshape(scaled, _integers(len(blocks), -1), False), "f32")
