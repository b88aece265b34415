"""Jobs, undo and suggestions: these tests use the small model, for to them it doesn't matter which one it is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.shared.database import Database
from ingest.embedding.models import SentenceTransformerEmbedder
from tests.support.postgres import MISSING, postgres, postgres_programs
from tests.support.replica_queues import Replicas


@pytest.fixture(scope="session")
def embedder(tiny_embedder: SentenceTransformerEmbedder) -> SentenceTransformerEmbedder:
    return tiny_embedder


@pytest.fixture(scope="session")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if postgres_programs() is None:
        pytest.fail(MISSING) if os.environ.get("CI") == "true" else pytest.skip(MISSING)
    with postgres(tmp_path_factory.mktemp("database")) as url:
        yield url


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    database = Database(url)
    yield database
    with database.writing("all") as rows:
        for (table,) in rows.all("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
            rows.do(f"DROP TABLE {table}")
    database.close()


@pytest.fixture
def replicas(url: str, database: Database, tmp_path: Path) -> Iterator[Replicas]:
    made = Replicas(url, tmp_path)
    yield made
    made.close()
