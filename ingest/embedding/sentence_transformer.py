"""Models that `sentence-transformers` runs: all but the bundled multilingual one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer

from ingest.embedding.threads import compute_with
from ingest.embedding.types import Reading, Vectors

BATCH_SIZE = 16
# What Hugging Face's tokenizers tell of a text takes a hundred times its room: all sentences of a long text at once
# took gigabytes.
COUNTED_AT_ONCE = 2_000


class SentenceTransformerEncoder:
    """An `Encoder` of sentence-transformers.

    ``model`` is a folder or any name that the library takes; ``sha256`` is that of its weights, empty where it has no file
    of them at hand.
    """

    def __init__(self, model: str, *, bfloat16: bool, sha256: str = "") -> None:
        self._model = _loaded(model, bfloat16)
        self._tokenizer = _untruncated(self._model)
        self.max_tokens = int(self._model.max_seq_length or 512)
        self.dimensions = int(self._model.get_embedding_dimension() or 0)
        self.fingerprint = _fingerprint(self._model, sha256)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        counts: list[int] = []
        for first in range(0, len(texts), COUNTED_AT_ONCE):
            some = list(texts[first : first + COUNTED_AT_ONCE])
            counts.extend(len(encoding.ids) for encoding in self._tokenizer.encode_batch(some))
        return counts

    def vectors(self, texts: Sequence[str]) -> Vectors:
        compute_with(sum(map(len, texts)))
        vectors: Any = self._model.encode(
            list(texts), batch_size=BATCH_SIZE, convert_to_tensor=True, show_progress_bar=False
        )
        return _floats(vectors)

    def readings(self, texts: Sequence[str]) -> Iterator[Reading]:
        compute_with(sum(map(len, texts)))
        for first in range(0, len(texts), BATCH_SIZE):
            some = list(texts[first : first + BATCH_SIZE])
            rows: Any = self._model.encode(
                some, batch_size=BATCH_SIZE, output_value=None, show_progress_bar=False
            )
            for text, row in zip(some, rows, strict=True):
                # Models pad shorter texts of a batch before or after their tokens.
                tokens = row["token_embeddings"][row["attention_mask"] > 0]
                yield Reading(
                    vector=_floats(row["sentence_embedding"]),
                    tokens=_floats(tokens),
                    offsets=self._tokenizer.encode(text).offsets,
                )


def summed_fingerprint(model: str, *, bfloat16: bool) -> str:
    """The fingerprint of versions up to 0.1 for models without a file of weights at hand. It loads the model."""
    loaded = _loaded(model, bfloat16)
    digest = hashlib.sha256(f"{loaded.max_seq_length}".encode())
    for key, tensor in sorted(loaded.state_dict().items()):
        digest.update(f"{key}{tuple(tensor.shape)}{tensor.float().sum().item():.4f}".encode())
    return digest.hexdigest()[:12]


def _loaded(model: str, bfloat16: bool) -> SentenceTransformer:
    dtype = torch.bfloat16 if bfloat16 else torch.float32
    return SentenceTransformer(model, model_kwargs={"dtype": dtype}, trust_remote_code=False)


def _fingerprint(model: SentenceTransformer, sha256: str) -> str:
    """Identifies the model, in whatever number format it is loaded.

    It is a hash of that of the weights' file where there is one, else of the weights rounded to bfloat16: rounding those
    that were loaded as bfloat16 changes nothing.
    """
    digest = hashlib.sha256(f"{model.max_seq_length}".encode())
    if sha256:
        digest.update(sha256.encode())
    else:
        for key, tensor in sorted(model.state_dict().items()):
            digest.update(f"{key}{tuple(tensor.shape)}".encode())
            digest.update(tensor.cpu().bfloat16().float().numpy().tobytes())
    return digest.hexdigest()[:12]


def _untruncated(model: SentenceTransformer) -> Tokenizer:
    """A copy of the model's tokenizer that never truncates: whether one does is its state."""
    own: Any = model.tokenizer
    tokenizer = Tokenizer.from_str(getattr(own, "backend_tokenizer", own).to_str())
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _floats(tensor: torch.Tensor) -> Vectors:
    vectors: Vectors = tensor.float().cpu().numpy()
    return vectors
