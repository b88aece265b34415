"""A small multilingual model made on the spot, for tests to which the model doesn't matter.

A text's vector is the mean of the vectors of its pieces of up to three letters (random, but always the same ones), so that
texts with common words, or common parts of words, are similar. Some of another script are single letters.
"""

from __future__ import annotations

import itertools
import string
from collections.abc import Iterator
from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

SPECIAL = {f"{name}_token": f"[{name.upper()}]" for name in ("pad", "unk", "cls", "sep")}
WIDTH, WINDOW = 96, 256
# Letters of the scripts that tests use: Latin with marks, Greek, Cyrillic, Hebrew, Arabic, kana and Han.
OTHER_LETTERS = ((0x21, 0x2B0), (0x370, 0x700), (0x2010, 0x2060), (0x3040, 0x3100), (0x4E00, 0xA000))


def write_tiny_model(folder: Path, seed: int = 0) -> Path:
    """Writes the model into ``folder``, for `SentenceTransformerEmbedder` or ASSISTANT_EMBEDDING_MODEL; each seed makes another."""
    torch_state = torch.random.get_rng_state()
    torch.manual_seed(seed)
    vocabulary = {piece: number for number, piece in enumerate(_pieces())}
    parts = folder / "parts"
    PreTrainedTokenizerFast(tokenizer_object=_tokenizer(vocabulary), **SPECIAL).save_pretrained(parts)
    _bert(len(vocabulary)).save_pretrained(parts)
    model = SentenceTransformer(
        modules=[Transformer(str(parts), max_seq_length=WINDOW), Pooling(WIDTH)], device="cpu"
    )
    model.save(str(folder / "model"), create_model_card=False)
    torch.random.set_rng_state(torch_state)
    return folder / "model"


def _pieces() -> Iterator[str]:
    yield from SPECIAL.values()
    for length in (3, 2):
        yield from ("".join(letters) for letters in itertools.product(string.ascii_lowercase, repeat=length))
    for first, end in OTHER_LETTERS:
        yield from (chr(code) for code in range(first, end))


def _tokenizer(vocabulary: dict[str, int]) -> Tokenizer:
    tokenizer = Tokenizer(
        models.WordPiece(vocabulary, unk_token=SPECIAL["unk_token"], continuing_subword_prefix="")
    )
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True, strip_accents=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    first = SPECIAL["cls_token"]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{first} $A", special_tokens=[(first, vocabulary[first])]
    )
    return tokenizer


def _bert(vocabulary: int) -> BertModel:
    """Word embeddings, and nothing that mixes or moves them."""
    model = BertModel(
        BertConfig(
            vocab_size=vocabulary,
            hidden_size=WIDTH,
            num_hidden_layers=0,
            num_attention_heads=1,
            intermediate_size=1,
            max_position_embeddings=WINDOW,
        ),
        add_pooling_layer=False,
    )
    with torch.no_grad():
        model.embeddings.position_embeddings.weight.zero_()
        model.embeddings.token_type_embeddings.weight.zero_()
    return model
