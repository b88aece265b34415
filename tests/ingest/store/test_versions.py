"""Earlier versions are kept whole or not at all, as long as they are to be, whoever is killed in between."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ingest.errors import Cancelled
from ingest.store import versions
from ingest.store.changes import DEAD
from ingest.store.chroma import ChromaStore
from ingest.store.chroma_client import local_client
from ingest.store.index import Index
from ingest.store.lexical import LexicalIndex
from ingest.store.lock import FolderLock
from ingest.store.replica import Replica
from ingest.store.serialisation import metadata
from ingest.store.versions import EarlierVersions
from tests.ingest.store.test_changes import Two, prepared

ONE, TWO, THREE = (prepared("river", words) for words in ("one", "two", "three"))


def opened(folder: Path, keep_days: int | None = None) -> Index:
    store = ChromaStore(local_client(folder / "chroma"), "three-numbers")
    replica = Replica(store, LexicalIndex(folder / "lexical"), keep_days=keep_days)
    return Index(replica, FolderLock(folder / "data", "test"))


def said(index: Index, document_id: str = "river") -> list[str]:
    """The texts of the earlier versions of a document, the latest replaced first."""
    return [index.history.text(version) for version in index.history.earlier(document_id)]


def later(index: Index, seconds: float, keep_days: int | None = None) -> EarlierVersions:
    return EarlierVersions(index.replica.store.earlier, keep_days, lambda: versions.time.time() + seconds)


class Killed:
    """A collection whose process is killed at its ``number``th write."""

    def __init__(self, inner: Any, number: int) -> None:
        self._inner = inner
        self._left = number

    def __getattr__(self, name: str) -> Any:
        if name not in ("upsert", "delete"):
            return getattr(self._inner, name)

        def write(**options: Any) -> None:
            self._left -= 1
            if self._left < 0:
                raise Cancelled("killed")
            getattr(self._inner, name)(**options)

        return write


def test_what_a_document_said_is_kept_with_its_record(tmp_path: Path) -> None:
    index = opened(tmp_path)
    for version in (ONE, TWO, ONE, THREE):
        index.put([version, prepared("harbour", "calm")])
    assert said(index) == [ONE.document.text, TWO.document.text]
    assert said(index, "harbour") == []
    (kept, _) = index.history.earlier("river")
    assert kept.record.title == "river"
    assert kept.version == kept.record.text_version
    assert index.history.total() == (2, len(ONE.document.text) + len(TWO.document.text))
    index.close()


def test_a_long_text_is_kept_in_parts(tmp_path: Path) -> None:
    index = opened(tmp_path)
    long = "Ähre 𝒳 " * 3_000
    whole = prepared("river", long)
    index.put([whole])
    index.put([TWO])
    assert said(index) == [whole.document.text]
    sizes = [
        len(text.encode())
        for text in index.replica.store.earlier.get(where={"kind": "part"}, include=["documents"])[
            "documents"
        ]
    ]
    assert len(sizes) > 10
    assert max(sizes) < 16_384
    index.close()


@pytest.mark.parametrize("number", range(6))
def test_killed_at_any_write_the_present_version_is_whole_and_an_earlier_one_whole_or_none(
    tmp_path: Path, number: int
) -> None:
    index = opened(tmp_path)
    index.put([ONE])
    index.replica.earlier._collection = Killed(index.replica.store.earlier, number)
    try:
        index.put([TWO])
    except Cancelled:
        assert number < 4
    index.close()
    index = opened(tmp_path)
    present = index.texts.by_id("river")
    assert (present, said(index)) in [
        (ONE.document.text, []),
        (TWO.document.text, [ONE.document.text]),
    ]
    later(index, DEAD + 1).tidy(index.replica.store.committed)
    kinds = {str(data["kind"]) for _, data in metadata(index.replica.store.earlier)}
    assert kinds in (set(), {"head", "part"})  # nothing is left over
    index.put([THREE])
    assert said(index)[0] == present
    index.close()


@pytest.mark.parametrize("number", range(6))
def test_killed_while_its_versions_are_deleted_a_document_leaves_none_in_the_end(
    tmp_path: Path, number: int
) -> None:
    index = opened(tmp_path)
    index.put([ONE])
    index.put([TWO])
    index.replica.earlier._collection = Killed(index.replica.store.earlier, number)
    try:
        index.remove(["river"])
    except Cancelled:
        assert number < 5
    index.close()
    index = opened(tmp_path)
    if index.record("river"):  # killed before anything
        assert said(index) == [ONE.document.text]
        index.remove(["river"])
    assert index.replica.store.earlier.count() == 0
    index.close()


def test_a_damaged_version_is_never_shown(tmp_path: Path) -> None:
    index = opened(tmp_path)
    index.put([prepared("river", "long " * 2_000)])
    index.put([TWO])
    (kept,) = index.history.earlier("river")
    parts = index.replica.store.earlier.get(where={"kind": "part"}, include=[])["ids"]
    index.replica.store.earlier.delete(ids=parts[:1])
    assert index.history.text(kept) == ""
    index.close()


def test_versions_are_kept_as_long_as_the_setting_says(tmp_path: Path) -> None:
    index = opened(tmp_path)
    index.put([ONE])
    index.put([TWO])
    day = 86_400.0
    assert len(later(index, 100 * day).of("river")) == 1
    assert len(later(index, 6.9 * day, 7).of("river")) == 1
    late = later(index, 7.1 * day, 7)
    assert (late.of("river"), late.total()) == ([], (0, 0))
    late.tidy(index.replica.store.committed)
    assert index.replica.store.earlier.count() == 0
    index.close()
    index = opened(tmp_path, keep_days=0)
    index.put([THREE])
    assert (said(index), index.replica.store.earlier.count()) == ([], 0)
    index.close()


def test_versions_go_with_their_document_once_it_cannot_be_put_back(tmp_path: Path) -> None:
    index = opened(tmp_path)
    index.put([ONE])
    index.put([TWO])
    index.remove(["river"], undo_seconds=600)
    removed = index.history.removed("river")
    assert removed is not None
    assert removed.title == "river"
    later(index, 500).tidy(index.replica.store.committed)
    index.put([TWO])
    assert index.history.removed("river") is None
    later(index, DEAD * 2).tidy(index.replica.store.committed)
    assert said(index) == [ONE.document.text]
    index.remove(["river"], undo_seconds=600)
    later(index, 700).tidy(index.replica.store.committed)
    assert index.replica.store.earlier.count() == 0
    assert index.history.removed("river") is None
    index.close()


def test_others_on_the_same_store_see_them_too(tmp_path: Path) -> None:
    two = Two(tmp_path)
    one, other = two.indexes
    one.put([ONE])
    other.put([TWO])
    other.put([THREE])
    one.replica.follow()
    assert said(one) == said(other) == [TWO.document.text, ONE.document.text]
    one.remove(["river"], undo_seconds=600)
    other.replica.follow()
    assert other.history.removed("river") is not None
    two.close()


def test_a_document_of_an_earlier_release_is_bound_as_well(tmp_path: Path) -> None:
    """Its record does not know the version of its text."""
    index = opened(tmp_path)
    (record,) = index.put([ONE])
    data = dict(index.replica.store._documents.get(ids=["river"], include=["metadatas"])["metadatas"][0])
    del data["text_version"]
    index.replica.store._documents.delete(ids=["river"])
    index.replica.store._documents.upsert(
        ids=["river"], embeddings=np.ones((1, 3), dtype=np.float32), metadatas=[data]
    )
    index.close()
    index = opened(tmp_path)
    old = index.records()[0]
    assert old.text_version == ""
    assert index.texts.version_of(old) == record.text_version
    index.put([ONE])
    assert said(index) == []
    index.put([TWO])
    assert said(index) == [ONE.document.text]
    index.close()
