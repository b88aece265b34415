"""The packed model as a module of sentence-transformers: its tokenizer and its transformer, in torch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from sentence_transformers.base.modules.input_module import InputModule
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel

from ingest.embedding.packed import PackedModel, unpacked

_DENSE = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


class PackedTransformer(InputModule):
    """Tokens in, a vector of each out; up to ``max_seq_length`` tokens are read, special ones included."""

    def __init__(self, packed: PackedModel, dtype: torch.dtype) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # sentence-transformers leaves it untyped
        self.tokenizer = tokenizer_of(packed)
        self.max_seq_length = packed.positions
        self.tokenizer.enable_truncation(packed.positions)
        self.tokenizer.enable_padding(pad_id=packed.padding)
        self.model = _bert(packed, dtype)

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **options: Any) -> dict[str, Any]:
        """Token ids and the attention mask, each of shape (texts, tokens)."""
        encodings = self.tokenizer.encode_batch([(prompt or "") + text for text in inputs])
        return {
            "input_ids": torch.tensor([encoding.ids for encoding in encodings]),
            "attention_mask": torch.tensor([encoding.attention_mask for encoding in encodings]),
        }

    def forward(self, features: dict[str, torch.Tensor], **options: Any) -> dict[str, torch.Tensor]:
        """Adds the token embeddings, shape (texts, tokens, width)."""
        output = self.model(input_ids=features["input_ids"], attention_mask=features["attention_mask"])
        return features | {"token_embeddings": output.last_hidden_state.float()}

    def get_embedding_dimension(self) -> int:
        return int(self.model.config.hidden_size)

    def save(self, output_path: str, *arguments: Any, **options: Any) -> None:
        raise NotImplementedError("The packed model is read from its package and is not saved.")


def tokenizer_of(packed: PackedModel) -> Tokenizer:
    """The tokenizer of XLM-RoBERTa, which the model was trained with."""
    tokenizer = Tokenizer(models.Unigram(packed.pieces, unk_id=packed.unknown))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace("▁", prepend_scheme="always")]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", packed.begin), ("</s>", packed.end)]
    )
    return tokenizer


class _PackedWords(torch.nn.Module):
    """The word embeddings in their four bits, of which rows are unpacked when looked up: 54 MB instead of 384."""

    def __init__(self, packed: PackedModel, dtype: torch.dtype) -> None:
        super().__init__()
        self._blocks, self._width, self._dtype = packed.words, packed.width, dtype

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        rows = unpacked(self._blocks[ids.numpy()]).reshape(*ids.shape, self._width)
        return torch.from_numpy(np.ascontiguousarray(rows)).to(self._dtype)


def _bert(packed: PackedModel, dtype: torch.dtype) -> Any:
    config = BertConfig(
        vocab_size=packed.vocabulary,
        hidden_size=packed.width,
        num_hidden_layers=packed.layers,
        num_attention_heads=packed.heads,
        intermediate_size=packed.inner,
        max_position_embeddings=packed.positions,
        type_vocab_size=packed.types,
        layer_norm_eps=packed.epsilon,
    )
    with torch.device("meta"):  # the weights are put in below: random ones would take seconds
        model: Any = BertModel(config, add_pooling_layer=False)
    model.set_input_embeddings(_PackedWords(packed, dtype))
    state = {name: torch.from_numpy(weights).to(dtype) for name, weights in _state(packed).items()}
    model.load_state_dict(state, assign=True)
    model.embeddings.position_ids = torch.arange(packed.positions).unsqueeze(0)
    model.embeddings.token_type_ids = torch.zeros((1, packed.positions), dtype=torch.long)
    return model.eval()


def _state(packed: PackedModel) -> dict[str, np.ndarray[Any, np.dtype[np.float32]]]:
    """The tensors by the names that `BertModel` gives them, in its shapes."""
    tensors, width = packed.tensors, packed.width
    state = {
        "embeddings.position_embeddings.weight": tensors["emb.pos"].reshape(-1, width),
        "embeddings.token_type_embeddings.weight": tensors["emb.type"].reshape(-1, width),
        "embeddings.LayerNorm.weight": tensors["emb.ln.w"],
        "embeddings.LayerNorm.bias": tensors["emb.ln.b"],
    }
    for layer in range(packed.layers):
        for short, name in _DENSE.items():
            bias = tensors[f"l{layer}.{short}.b"]
            state[f"encoder.layer.{layer}.{name}.weight"] = tensors[f"l{layer}.{short}.w"].reshape(
                len(bias), -1
            )
            state[f"encoder.layer.{layer}.{name}.bias"] = bias
        for short, name in _NORMS.items():
            state[f"encoder.layer.{layer}.{name}.weight"] = tensors[f"l{layer}.{short}.w"]
            state[f"encoder.layer.{layer}.{name}.bias"] = tensors[f"l{layer}.{short}.b"]
    return state
