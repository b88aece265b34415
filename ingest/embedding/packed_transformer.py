"""The packed model as a module of sentence-transformers: its tokenizer, and the engine that runs its transformer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers.base.modules.input_module import InputModule

from ingest.embedding.packed import PackedModel
from ingest.embedding.packed_tokenizer import PackedTokenizer
from ingest.embedding.types import Vectors

# Token ids and an attention mask in, a vector of each token out: shapes (texts, tokens), and (texts, tokens, width).
Engine = Callable[[NDArray[np.int64], NDArray[np.int64]], Vectors]


class PackedTransformer(InputModule):
    """Tokens in, a vector of each out; up to ``max_seq_length`` tokens are read, special ones included."""

    def __init__(self, packed: PackedModel, tokenizer: PackedTokenizer, engine: Engine) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # sentence-transformers leaves it untyped
        self.tokenizer = tokenizer
        self.max_seq_length = packed.positions
        self._padding, self._width = packed.padding, packed.width
        self._engine = engine

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **options: Any) -> dict[str, Any]:
        """Token ids and the attention mask, each of shape (texts, tokens)."""
        rows = [self._cut(ids) for ids in self.tokenizer.ids([(prompt or "") + text for text in inputs])]
        ids = np.full((len(rows), max(map(len, rows), default=0)), self._padding, dtype=np.int64)
        mask = np.zeros_like(ids)
        for number, row in enumerate(rows):
            ids[number, : len(row)] = row
            mask[number, : len(row)] = 1
        return {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask)}

    def _cut(self, ids: list[int]) -> list[int]:
        """What the model reads of a text; the last token is the special one that ends it."""
        return ids if len(ids) <= self.max_seq_length else [*ids[: self.max_seq_length - 1], ids[-1]]

    def forward(self, features: dict[str, torch.Tensor], **options: Any) -> dict[str, torch.Tensor]:
        """Adds the token embeddings, shape (texts, tokens, width)."""
        ids, mask = (features[name].cpu().numpy() for name in ("input_ids", "attention_mask"))
        return features | {"token_embeddings": torch.from_numpy(self._engine(ids, mask))}

    def get_embedding_dimension(self) -> int:
        return self._width

    def save(self, output_path: str, *arguments: Any, **options: Any) -> None:
        raise NotImplementedError("The packed model is read from its package and is not saved.")
