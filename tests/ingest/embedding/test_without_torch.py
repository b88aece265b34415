"""Where torch is left out, the bundled multilingual model runs, and what cannot says what to install."""

from __future__ import annotations

import sys

import pytest

from assistant.llm.model import open_model
from assistant.settings import load_settings
from ingest.embedding.loading import engine_of, load_encoder, packed_model
from ingest.errors import EmbeddingError, WrongSetting
from ingest.settings import ENGLISH_MODEL, MULTILINGUAL_MODEL
from tests.support.multilingual import needs_multilingual


@pytest.fixture(autouse=True)
def _no_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "ingest.embedding.sentence_transformer",
        "ingest.embedding.torch_engine",
        "assistant.llm.in_process",
    ):
        monkeypatch.delitem(sys.modules, name, raising=False)
    for name in ("torch", "transformers"):
        monkeypatch.setitem(sys.modules, name, None)


@needs_multilingual
def test_the_bundled_multilingual_model_needs_none() -> None:
    pytest.importorskip("openvino")
    assert load_encoder(MULTILINGUAL_MODEL).vectors(["query: Wer hat den Turm gebaut?"]).shape == (1, 384)


@pytest.mark.parametrize("model", [ENGLISH_MODEL, "some/model"])
def test_another_model_says_what_to_install(model: str) -> None:
    with pytest.raises(EmbeddingError, match=r"needs torch.*pip install torch sentence-transformers"):
        load_encoder(model)


@needs_multilingual
def test_where_openvino_does_not_run_either_both_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "ingest.embedding.openvino_engine", raising=False)
    monkeypatch.setitem(sys.modules, "openvino", None)
    with pytest.raises(EmbeddingError, match=r"OpenVINO.*pip install torch"):
        engine_of(packed_model(), "float32")


def test_a_language_model_in_the_process_says_what_to_install() -> None:
    settings = load_settings(llm="huggingface:some/model")
    with pytest.raises(WrongSetting, match="pip install torch transformers"):
        open_model(settings)
