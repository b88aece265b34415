"""A start reads the catalogue from a file, and from the store wherever the file may not be what the store has."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.store.catalogue_file import CatalogueFile
from ingest.store.chroma import ChromaStore
from ingest.store.chroma_client import local_client
from ingest.store.index import Index
from ingest.store.lexical import LexicalIndex
from ingest.store.lock import FolderLock
from ingest.store.replica import Replica
from ingest.types import Record
from tests.ingest.store.test_changes import WRITES, killed, prepared

NAMES = ("river", "harbour", "mill")


class CountedStore(ChromaStore):
    """One that counts how often the whole catalogue is read."""

    read = 0

    def records(self) -> list[Record]:
        self.read += 1
        return super().records()


def opened(folder: Path, replica: str = "") -> tuple[Index, CountedStore]:
    store = CountedStore(local_client(folder / "chroma"), "three-numbers")
    kept = CatalogueFile(folder / "catalogue.sqlite3")
    index = Index(
        Replica(store, LexicalIndex(folder / "lexical"), replica, kept=kept), FolderLock(folder, "test")
    )
    return index, store


def killed_at_the_start(folder: Path, write: str, after: bool) -> None:
    """A start that does not get further than that write, where it makes one."""
    with ExitStack() as opened:
        store = CountedStore(local_client(folder / "chroma"), "three-numbers")
        opened.callback(store.close)
        lexical = LexicalIndex(folder / "lexical")
        opened.callback(lexical.close)
        kept = CatalogueFile(folder / "catalogue.sqlite3")
        opened.callback(kept.close)
        with killed(store, write, after):
            Replica(store, lexical, kept=kept)


def kept_as(index: Index) -> list[Record]:
    return sorted(index.replica.store.records(), key=lambda record: record.id)


def known(index: Index) -> list[Record]:
    return sorted(index.records(), key=lambda record: record.id)


@pytest.mark.parametrize("replica", ["", "a"], ids=["alone", "shared"])
def test_after_a_change_a_start_reads_the_file(tmp_path: Path, replica: str) -> None:
    index, store = opened(tmp_path, replica)
    index.put([prepared("river", "high"), prepared("harbour", "quay")])
    index.close()
    index, store = opened(tmp_path, replica)
    assert store.read == 0
    assert known(index) == kept_as(index)
    index.put([prepared("river", "low")])
    index.remove(["harbour"])
    index.close()
    index, store = opened(tmp_path, replica)
    assert store.read == 0
    (record,) = known(index)
    assert [record] == kept_as(index)
    index.close()


@pytest.mark.parametrize("damage", [b"", b"no database" * 500])
def test_a_damaged_file_is_made_anew(tmp_path: Path, damage: bytes) -> None:
    for reads in (1, 1, 0):  # the first start has no file yet, the second a damaged one
        index, store = opened(tmp_path)
        assert store.read == reads
        if not index.records():
            index.put([prepared("river", "high")])
        assert [record.id for record in index.records()] == ["river"]
        index.close()
        if reads and not (tmp_path / "damaged").exists():
            (tmp_path / "catalogue.sqlite3").write_bytes(damage)
            (tmp_path / "damaged").touch()


def test_a_file_damaged_while_it_is_in_use_stops_no_change_and_is_made_anew(tmp_path: Path) -> None:
    index, _ = opened(tmp_path)
    index.put([prepared("river", "high")])
    (tmp_path / "catalogue.sqlite3").write_bytes(b"no database" * 5_000)
    index.put([prepared("harbour", "quay")])
    index.remove(["river"])
    assert [record.id for record in index.records()] == ["harbour"]
    index.close()
    for reads in (1, 0):
        index, store = opened(tmp_path)
        assert store.read == reads
        assert known(index) == kept_as(index)
        index.close()


def test_what_another_process_has_changed_is_read_from_the_store(tmp_path: Path) -> None:
    """As a release does that keeps no such file, or a replica on another machine."""
    index, _ = opened(tmp_path)
    index.put([prepared("river", "high")])
    index.close()
    store = ChromaStore(local_client(tmp_path / "chroma"), "three-numbers")
    other = Index(Replica(store, LexicalIndex(tmp_path / "other")), FolderLock(tmp_path, "test"))
    other.put([prepared("river", "low")])
    other.close()
    index, counted = opened(tmp_path)
    assert counted.read == 1
    assert known(index) == kept_as(index)
    index.close()


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["put", "remove", "fail", "kill"]),
        st.sampled_from(NAMES),
        st.sampled_from(WRITES),
        st.sampled_from(["", *WRITES]),
        st.booleans(),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=12)
@given(STEPS)
def test_killed_at_any_write_the_next_start_has_what_the_store_has(
    steps: Sequence[tuple[str, str, str, str, bool]],
) -> None:
    with TemporaryDirectory() as name:
        index, store = opened(Path(name))
        for number, (act, document, write, again, after) in enumerate(steps):
            if act == "remove":
                index.remove([document])
            elif act == "put":
                index.put([prepared(document, f"word{number}")])
            else:
                with killed(store, write, after):
                    index.put([prepared(document, f"word{number}")])
                if act == "kill":
                    index.replica._events = frozenset()  # a killed process keeps nothing when it ends
                    index.close()
                    if again:
                        killed_at_the_start(Path(name), again, after)
                    index, store = opened(Path(name))
            index.replica.mend()
            assert known(index) == kept_as(index)
        index.close()
        index, _ = opened(Path(name))
        assert known(index) == kept_as(index)
        assert index.integrity().whole
        index.close()
