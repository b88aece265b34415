"""The product's multilingual model as a folder that sentence-transformers, and so every peer, loads.

The same weights, unpacked to float32, and the same pieces, run by `tokenizers`. What differs is said when the folder is made:
the share of texts that both tokenizers cut alike, and the least cosine between vectors of both.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from ingest.embedding.loading import load_encoder, packed_model, packed_tokenizer
from ingest.embedding.packed import PackedModel
from ingest.embedding.torch_engine import _state
from ingest.settings import MULTILINGUAL_MODEL

SPECIAL = {"bos_token": "<s>", "cls_token": "<s>", "eos_token": "</s>", "sep_token": "</s>"} | {
    "pad_token": "<pad>",
    "unk_token": "<unk>",
}


def unpack(folder: Path) -> Path:
    """Write the model to ``folder``, unless it is there."""
    if (folder / "modules.json").is_file():
        return folder
    packed = packed_model()
    folder.mkdir(parents=True, exist_ok=True)
    weights = {name: np.ascontiguousarray(tensor) for name, tensor in _state(packed, None).items()}
    words = _words(packed)
    save_file(
        {"embeddings.word_embeddings.weight": words, **weights},
        folder / "model.safetensors",
        {"format": "pt"},
    )
    _tokenizer(packed).save(str(folder / "tokenizer.json"))
    _write(folder / "config.json", _config(packed))
    _write(
        folder / "tokenizer_config.json",
        {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": packed.positions, **SPECIAL},
    )
    _write(folder / "sentence_bert_config.json", {"max_seq_length": packed.positions, "do_lower_case": False})
    pooling = folder / "1_Pooling"
    pooling.mkdir(exist_ok=True)
    _write(
        pooling / "config.json", {"word_embedding_dimension": packed.width, "pooling_mode_mean_tokens": True}
    )
    (folder / "2_Normalize").mkdir(exist_ok=True)
    kinds = (("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize"))
    modules = [
        {"idx": number, "name": str(number), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for number, (path, kind) in enumerate(kinds)
    ]
    _write(folder / "modules.json", modules)
    return folder


def agreement(folder: Path, texts: Sequence[str]) -> tuple[float, float]:
    """The share of ``texts`` that both tokenizers cut alike, and the least cosine of both models' vectors of them."""
    from sentence_transformers import SentenceTransformer

    theirs = SentenceTransformer(str(folder), device="cpu")
    own, tokenizer = load_encoder(MULTILINGUAL_MODEL, "float32"), packed_tokenizer(packed_model())
    same = [
        ids == theirs.tokenizer(text)["input_ids"]
        for text, ids in zip(texts, tokenizer.ids(texts), strict=True)
    ]
    mine = own.vectors(texts)
    mine /= np.linalg.norm(mine, axis=1, keepdims=True)
    cosines = (mine * theirs.encode(list(texts), show_progress_bar=False)).sum(axis=1)
    return sum(same) / len(same), float(cosines.min())


def _words(packed: PackedModel) -> np.ndarray:
    from ingest.embedding.packed import unpacked

    return np.ascontiguousarray(unpacked(packed.words).reshape(packed.vocabulary, packed.width))


def _tokenizer(packed: PackedModel) -> Tokenizer:
    pieces, text, at = packed.pieces, packed.pieces.text.tobytes(), 0
    vocabulary: list[tuple[str, float]] = []
    for length, score in zip(pieces.lengths.tolist(), pieces.scores.tolist(), strict=True):
        vocabulary.append((text[at : at + length].decode(), score))
        at += length
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=packed.unknown))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    begin, end = vocabulary[packed.begin][0], vocabulary[packed.end][0]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}",
        pair=f"{begin} $A {end} {end} $B {end}",
        special_tokens=[(begin, packed.begin), (end, packed.end)],
    )
    tokenizer.add_special_tokens(sorted(set(SPECIAL.values())))
    return tokenizer


def _config(packed: PackedModel) -> dict[str, object]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "vocab_size": packed.vocabulary,
        "hidden_size": packed.width,
        "num_hidden_layers": packed.layers,
        "num_attention_heads": packed.heads,
        "intermediate_size": packed.inner,
        "max_position_embeddings": packed.positions,
        "type_vocab_size": packed.types,
        "layer_norm_eps": packed.epsilon,
        "pad_token_id": packed.padding,
    }


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")
