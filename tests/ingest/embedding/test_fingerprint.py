"""An embedding model is known by its weights, however they are loaded; indexes that knew it otherwise stay usable."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.pre_tokenizers import Whitespace
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.errors import ModelMismatch
from ingest.pipeline import prepare
from ingest.store.chroma import ChromaStore
from ingest.store.chroma_client import local_client
from ingest.store.index import Index
from ingest.types import Document

SPECIAL = {f"{name}_token": f"[{name.upper()}]" for name in ("pad", "unk", "cls", "sep")}
WORDS = [*SPECIAL.values(), "the", "river", "is", "high", "quay", "."]


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model as hubs have them: its weights lie in a folder below that of the modules."""
    whole, folder = tmp_path_factory.mktemp("transformer"), tmp_path_factory.mktemp("model")
    tokenizer = Tokenizer(
        WordPiece({word: at for at, word in enumerate(WORDS)}, unk_token=SPECIAL["unk_token"])
    )
    tokenizer.pre_tokenizer = Whitespace()
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **SPECIAL).save_pretrained(whole)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
    )
    BertModel(config).save_pretrained(whole)
    transformer = Transformer(str(whole), max_seq_length=64)
    model = SentenceTransformer(modules=[transformer, Pooling(16)])
    model.save(str(folder))
    weights = folder / "model.safetensors"
    if weights.exists():  # where it lies at the top, its hash would be the fingerprint: move all down by one
        (folder / "0_Transformer").mkdir()
        for path in [path for path in folder.iterdir() if path.is_file() and path.name != "modules.json"]:
            path.rename(folder / "0_Transformer" / path.name)
        modules = (folder / "modules.json").read_text("utf-8")
        (folder / "modules.json").write_text(
            modules.replace('"path": ""', '"path": "0_Transformer"'), "utf-8"
        )
    return folder


def document() -> Document:
    return Document(
        id="river", source="river.txt", title="river", text="the river is high .", published=None, authors=(),
        language="en", media_type="text/plain", sha256="0" * 64,
    )  # fmt: skip


def summed(checkpoint: Path, number_format: str) -> str:
    """The fingerprint that versions up to 0.1 gave such a model: by sums of its weights as they were loaded."""
    model = SentenceTransformer(str(checkpoint), model_kwargs={"dtype": number_format})
    digest = hashlib.sha256(f"{model.max_seq_length}".encode())
    for key, tensor in sorted(model.state_dict().items()):
        digest.update(f"{key}{tuple(tensor.shape)}{tensor.float().sum().item():.4f}".encode())
    return digest.hexdigest()[:12]


def test_the_number_format_makes_no_other_model(checkpoint: Path) -> None:
    plain = SentenceTransformerEmbedder(str(checkpoint), "float32")
    short = SentenceTransformerEmbedder(str(checkpoint), "bfloat16")
    assert plain.fingerprint == short.fingerprint
    # By what it was before, they were two.
    assert summed(checkpoint, "float32") != summed(checkpoint, "bfloat16")


@pytest.mark.parametrize("number_format", ["float32", "bfloat16"])
def test_an_index_that_was_made_under_an_earlier_name_is_opened_as_it_is(
    checkpoint: Path, tmp_path: Path, number_format: str
) -> None:
    maker = SentenceTransformerEmbedder(str(checkpoint), number_format)  # type: ignore[arg-type]  # a literal
    store = ChromaStore(local_client(tmp_path / "chroma"), summed(checkpoint, number_format))
    note = {"fingerprint": store.fingerprint, "name": maker.name, "dimensions": maker.dimensions}
    store.state.put_note("model", note)
    store.close()
    index = Index.open(tmp_path, maker)
    index.put([prepare(document(), maker)])
    index.close()
    again = Index.open(tmp_path, SentenceTransformerEmbedder(str(checkpoint), "float32"))
    assert again.texts.by_id("river") == document().text
    assert len(again.search.nearest(maker.embed_query("river"), 1)) == 1
    again.close()


def test_another_model_of_the_same_name_is_refused(checkpoint: Path, tmp_path: Path) -> None:
    embedder = SentenceTransformerEmbedder(str(checkpoint), "float32")
    index = Index.open(tmp_path, embedder)
    index.put([prepare(document(), embedder)])
    index.close()
    embedder.fingerprint = "another"
    with pytest.raises(ModelMismatch):
        Index.open(tmp_path, embedder)
