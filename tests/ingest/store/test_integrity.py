"""A look at what is stored finds what is missing, left over or out of step, and nothing where all fits together."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.store.chroma import ChromaStore
from ingest.store.index import Index
from ingest.store.records import key_of
from tests.ingest.store.test_changes import prepared


@pytest.fixture
def index(tmp_path: Path, tiny_embedder: SentenceTransformerEmbedder) -> Index:
    return Index.open(tmp_path, tiny_embedder)


def test_what_is_wrong_is_found_and_a_start_mends_what_it_can(
    index: Index, tmp_path: Path, tiny_embedder: SentenceTransformerEmbedder
) -> None:
    river, hill = index.put([prepared("river", "one"), prepared("hill", "two")])
    assert index.integrity().whole
    store: ChromaStore = index.replica.store
    index.replica.lexical.update([], [key_of(river)])
    store.delete_records([hill.id])
    index.close()
    index = Index.open(tmp_path, tiny_embedder)
    found = index.integrity()
    assert (found.documents, found.left_over, found.out_of_step) == (1, hill.passages, 0)
    index.replica.store.delete_passages(river.id, river.version)
    assert index.integrity().incomplete == (river.id,)
    index.close()
