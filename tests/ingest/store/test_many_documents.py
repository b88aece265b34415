"""Restrictions to, and changes of, more documents than SQLite takes variables in one statement (32,766)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from ingest.store.chroma import ChromaStore
from ingest.store.chroma_client import local_client
from ingest.store.index import Index
from ingest.store.lexical import LexicalIndex, Term
from ingest.store.lock import FolderLock
from ingest.store.records import document_and_version
from ingest.store.replica import Replica
from tests.ingest.store.test_changes import prepared

# What counts is how many are named, not how many there are.
UNKNOWN = [f"unknown-{number}" for number in range(40_000)]


@pytest.fixture
def store(tmp_path: Path) -> ChromaStore:
    return ChromaStore(local_client(tmp_path / "chroma"), "three-numbers")


@pytest.fixture
def index(store: ChromaStore, tmp_path: Path) -> Iterator[Index]:
    index = Index(Replica(store, LexicalIndex(tmp_path / "lexical")), FolderLock(tmp_path, "test"))
    index.put([prepared("river", "high"), prepared("harbour", "quay")])
    yield index
    index.close()


def test_questions_restricted_to_very_many_documents(index: Index) -> None:
    named = [*UNKNOWN, "river"]
    vector = np.asarray([1, 0, 0], dtype=np.float32)
    found = index.search.fetch([key for key, _ in index.search.nearest(vector, 3, named)])
    assert {record.id for _, record in found.values()} == {"river"}
    everywhere = index.search.nearest(vector, 4, ["river", *UNKNOWN, "harbour"])
    assert everywhere == sorted(everywhere, key=lambda hit: -hit[1])
    assert len(everywhere) == 4
    found = index.search.fetch([key for key, _ in index.search.spelled([Term(("again",))], 10, named)])
    assert {record.id for _, record in found.values()} == {"river"}


def test_very_many_documents_are_looked_up_and_removed(index: Index, store: ChromaStore) -> None:
    named = ["harbour", *UNKNOWN, "river"]
    records = store.committed(named)
    assert records.keys() == {"harbour", "river"}
    assert store.versions(named) == {(record.id, record.version) for record in records.values()}
    assert store.state.written(named) == []
    assert len(store.passages([*UNKNOWN, *store.passage_ids()])) == 4
    assert len(store.vectors([*UNKNOWN, *store.passage_ids()])) == 4
    store.delete_records(named)
    assert store.committed(named) == {}


@pytest.mark.parametrize("named", [0, 10_000])
def test_a_search_within_documents_lists_the_same_whichever_way(
    tmp_path: Path, store: ChromaStore, monkeypatch: pytest.MonkeyPatch, named: int
) -> None:
    """Restricted where few are allowed; else of all, without those of others, and restricted where that leaves too few."""
    monkeypatch.setattr("ingest.store.passage_search.NAMED", named)
    index = Index(Replica(store, LexicalIndex(tmp_path / "words")), FolderLock(tmp_path / "own", "test"))
    names = [f"d{number:02}" for number in range(40)]
    index.put([prepared(name, "high " * (number % 7 + 1)) for number, name in enumerate(names)])
    vector = np.asarray([1, 0, 0], dtype=np.float32)
    for among in (names[:2], names[::2], names[1:], names):
        for limit in (1, 5, 30, 100):
            spelled = index.search.spelled([Term(("high",))], limit, among)
            listed = index.replica.lexical.search([Term(("high",))], limit, among)
            assert [score for _, score in spelled] == [score for _, score in listed]
            assert {document_and_version(key)[0] for key, _ in spelled} <= set(among)
            near = index.search.nearest(vector, limit, among)
            assert [score for _, score in near] == [score for _, score in store.nearest(vector, limit, among)]
            assert {document_and_version(key)[0] for key, _ in near} <= set(among)
    index.close()
