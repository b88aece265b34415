"""The packed model run by torch, where there is no OpenVINO."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import BertConfig, BertModel

from ingest.embedding.packed import Adapter, PackedModel, unpacked
from ingest.embedding.threads import compute_with
from ingest.embedding.types import Vectors

CHARACTERS = 4  # that a token has, about

# The matrices of a layer: how the packed file, and how `BertModel` calls them.
DENSE = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


class TorchEngine:
    """Token ids in, a vector of each token out. Thread-safe."""

    def __init__(self, packed: PackedModel, *, bfloat16: bool, adapter: Adapter | None = None) -> None:
        self._model = bert(packed, torch.bfloat16 if bfloat16 else torch.float32, adapter)

    def __call__(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> Vectors:
        """Of shape (texts, tokens, width), for ids and an attention mask of shape (texts, tokens)."""
        compute_with(CHARACTERS * ids.size)
        with torch.inference_mode():
            output = self._model(input_ids=torch.from_numpy(ids), attention_mask=torch.from_numpy(mask))
            vectors: Vectors = output.last_hidden_state.float().numpy()
        return vectors


class _PackedWords(torch.nn.Module):
    """The word embeddings in their four bits, of which rows are unpacked when looked up: 54 MB instead of 384."""

    def __init__(self, packed: PackedModel, dtype: torch.dtype) -> None:
        super().__init__()
        self._blocks, self._width, self._dtype = packed.words, packed.width, dtype

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        rows = unpacked(self._blocks[ids.numpy()]).reshape(*ids.shape, self._width)
        return torch.from_numpy(np.ascontiguousarray(rows)).to(self._dtype)


def bert(packed: PackedModel, dtype: torch.dtype, adapter: Adapter | None = None) -> Any:
    """The packed model as a `BertModel`, what the adapter adds summed into its matrices."""
    config = BertConfig(
        vocab_size=packed.vocabulary,
        hidden_size=packed.width,
        num_hidden_layers=packed.layers,
        num_attention_heads=packed.heads,
        intermediate_size=packed.inner,
        max_position_embeddings=packed.positions,
        type_vocab_size=packed.types,
        layer_norm_eps=packed.epsilon,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    with torch.device("meta"):  # the weights are put in below: random ones would take seconds
        model: Any = BertModel(config, add_pooling_layer=False)
    model.set_input_embeddings(_PackedWords(packed, dtype))
    state = {
        name: torch.from_numpy(weights.copy()).to(dtype) for name, weights in _state(packed, adapter).items()
    }
    model.load_state_dict(state, assign=True)
    model.embeddings.position_ids = torch.arange(packed.positions).unsqueeze(0)
    model.embeddings.token_type_ids = torch.zeros((1, packed.positions), dtype=torch.long)
    return model.eval()


def _state(packed: PackedModel, adapter: Adapter | None) -> dict[str, Vectors]:
    """The tensors by the names that `BertModel` gives them, in its shapes."""
    floats, width = packed.floats, packed.width
    thin = adapter.matrices if adapter else {}
    state = {
        "embeddings.position_embeddings.weight": floats["emb.pos"].reshape(-1, width),
        "embeddings.token_type_embeddings.weight": floats["emb.type"].reshape(-1, width),
        "embeddings.LayerNorm.weight": floats["emb.ln.w"],
        "embeddings.LayerNorm.bias": floats["emb.ln.b"],
    }
    for layer in range(packed.layers):
        for short, name in DENSE.items():
            matrix = packed.matrix(f"l{layer}.{short}.w")
            down, up = thin.get(f"l{layer}.{short}", (None, None))
            adapted = matrix if down is None or up is None else matrix + up @ down
            state[f"encoder.layer.{layer}.{name}.weight"] = adapted
            state[f"encoder.layer.{layer}.{name}.bias"] = floats[f"l{layer}.{short}.b"]
        for short, name in _NORMS.items():
            state[f"encoder.layer.{layer}.{name}.weight"] = floats[f"l{layer}.{short}.w"]
            state[f"encoder.layer.{layer}.{name}.bias"] = floats[f"l{layer}.{short}.b"]
    return state
