"""The small model of the tests finds texts by their words, and is the same wherever it is made."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np

from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.text.sentences import sentence_spans
from tests.support.tiny_model import write_tiny_model

TEXTS = [
    "Der Pegel der Elbe in Dresden ist gestiegen.",
    "The harbour was closed for three days.",
    "Переговоры были конструктивными.",
    "港口因风暴关闭了三天。",
]
QUESTIONS = [
    "Wie hoch ist der Pegel in Dresden?",
    "Why was the harbour closed?",
    "Какими были переговоры?",
    "港口关闭",
]


def test_similar_texts_have_similar_vectors(tiny_embedder: SentenceTransformerEmbedder) -> None:
    passages = tiny_embedder.embed_passages(TEXTS)
    best = [int((passages @ tiny_embedder.embed_query(question)).argmax()) for question in QUESTIONS]
    assert best == [0, 1, 2, 3]


def test_it_has_vectors_of_sentences(tiny_embedder: SentenceTransformerEmbedder) -> None:
    text = " ".join(TEXTS[:2])
    spans = sentence_spans(text, "de")
    found = tiny_embedder.embed_with_sentences([text, ""], [spans, []])
    assert [rows.shape for rows in found.sentences] == [
        (2, tiny_embedder.dimensions),
        (0, tiny_embedder.dimensions),
    ]
    own = [np.argmax(rows @ tiny_embedder.embed_query(TEXTS[0])) for rows in found.sentences[:1]]
    assert own == [0]


def test_vectors_of_sentences_are_the_same_beside_longer_texts_whose_model_pads_on_the_left(
    tiny_model: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(tiny_model, tmp_path / "model")
    (config,) = folder.rglob("tokenizer_config.json")
    config.write_text(json.dumps(json.loads(config.read_text()) | {"padding_side": "left"}))
    embedder = SentenceTransformerEmbedder(str(folder))
    spans = sentence_spans(" ".join(TEXTS), "de")
    texts = [" ".join(TEXTS), TEXTS[0]]
    _, beside = embedder.embed_with_sentences(texts, [spans, spans[:1]]).sentences
    (alone,) = embedder.embed_with_sentences(texts[1:], [spans[:1]]).sentences
    np.testing.assert_allclose(beside, alone, atol=1)


def test_it_is_always_the_same(tiny_embedder: SentenceTransformerEmbedder, tmp_path: Path) -> None:
    again = SentenceTransformerEmbedder(str(write_tiny_model(tmp_path)))
    assert again.fingerprint == tiny_embedder.fingerprint
