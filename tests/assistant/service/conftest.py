"""Jobs, undo and suggestions: these tests use the small model, for to them it doesn't matter which one it is."""

from __future__ import annotations

import pytest

from ingest.embedding.models import SentenceTransformerEmbedder


@pytest.fixture(scope="session")
def embedder(tiny_embedder: SentenceTransformerEmbedder) -> SentenceTransformerEmbedder:
    return tiny_embedder
