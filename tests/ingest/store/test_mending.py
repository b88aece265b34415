"""What failed half-way is mended by the next change or question; what was opened is closed before the folder is free."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from ingest.embedding.sentence_vectors import directions
from ingest.embedding.types import PassageVectors, Traits, Vectors
from ingest.errors import ModelMismatch, StoreError
from ingest.pipeline import OnPage, ingest
from ingest.store.chroma import ChromaStore
from ingest.store.chroma_client import local_client
from ingest.store.index import Index
from ingest.store.lexical import Entry, LexicalIndex, Term
from ingest.store.lock import FolderLock
from ingest.store.replica import Replica
from ingest.text.sentences import Span
from ingest.types import Content, Item
from tests.ingest.store.test_changes import prepared


class Faulty(LexicalIndex):
    """A lexical index on a disk that is full as often as ``failures`` says."""

    failures = 0

    def update(self, add: Iterable[Entry], remove_keys: Iterable[str] = ()) -> None:
        if self.failures:
            self.failures -= 1
            raise StoreError("The disk is full.")
        super().update(add, remove_keys)


class ThreeNumbers:
    """An embedder for which every text is the same vector of three numbers."""

    traits = Traits()
    dimensions = 3
    max_tokens = 256

    def __init__(self, name: str = "three-numbers") -> None:
        self.name = self.fingerprint = name

    def earlier_fingerprints(self) -> Iterator[str]:
        yield from ()

    def count_tokens(self, texts: Iterable[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def embed_passages(self, texts: Iterable[str]) -> Vectors:
        return np.tile(np.eye(3, dtype=np.float32)[0], (len(list(texts)), 1))

    def embed_with_sentences(
        self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]
    ) -> PassageVectors:
        rows = [directions(self.embed_passages(list(map(str, spans)))) for spans in sentences]
        return PassageVectors(vectors=self.embed_passages(texts), sentences=rows)

    def embed_query(self, text: str) -> Vectors:
        return self.embed_passages([text])[0]


def opened(folder: Path, replica: str) -> tuple[Index, Faulty]:
    lexical = Faulty(folder / "lexical")
    store = ChromaStore(local_client(folder / "chroma"), "three-numbers")
    return Index(Replica(store, lexical, replica), FolderLock(folder, "test")), lexical


def spelled(index: Index, word: str) -> set[str]:
    """The documents in which a word is found by its spelling."""
    hits = index.search.fetch([key for key, _ in index.search.spelled([Term((word,))], 10)])
    return {record.id for _, record in hits.values()}


REPLICAS = pytest.mark.parametrize("replica", ["", "a"], ids=["alone", "shared"])


@REPLICAS
def test_what_could_not_be_indexed_is_found_by_the_next_question(tmp_path: Path, replica: str) -> None:
    index, lexical = opened(tmp_path, replica)
    index.put([prepared("harbour", "quay")])
    lexical.failures = 1
    with pytest.raises(StoreError):
        index.put([prepared("river", "high")])
    assert spelled(index, "high") == {"river"}
    assert spelled(index, "quay") == {"harbour"}
    index.close()


@REPLICAS
def test_what_could_not_be_indexed_is_found_after_the_next_change(tmp_path: Path, replica: str) -> None:
    index, lexical = opened(tmp_path, replica)
    lexical.failures = 1
    with pytest.raises(StoreError):
        index.put([prepared("river", "high")])
    index.put([prepared("harbour", "quay")])
    assert spelled(index, "high") == {"river"}
    assert spelled(index, "quay") == {"harbour"}
    index.close()


@REPLICAS
def test_a_removal_that_failed_half_way_leaves_no_trace_in_questions(tmp_path: Path, replica: str) -> None:
    index, lexical = opened(tmp_path, replica)
    index.put([prepared("river", "high")])
    lexical.failures = 1
    with pytest.raises(StoreError):
        index.remove(["river"])
    assert spelled(index, "high") == set()
    assert index.texts.by_id("river") == ""
    index.close()


@REPLICAS
def test_mending_goes_on_failing_without_harm_to_questions(tmp_path: Path, replica: str) -> None:
    index, lexical = opened(tmp_path, replica)
    index.put([prepared("harbour", "quay")])
    lexical.failures = 3
    with pytest.raises(StoreError):
        index.put([prepared("river", "high")])
    assert spelled(index, "quay") == {"harbour"}  # what the lexical index has still counts
    while lexical.failures:
        spelled(index, "quay")
    assert spelled(index, "high") == {"river"}
    index.close()


def test_the_same_file_again_is_searchable(tmp_path: Path) -> None:
    index, lexical = opened(tmp_path, "")
    path = tmp_path / "river.txt"
    path.write_text("The river is high.", encoding="utf-8")
    item = Item(source=str(path), name=path.name, path=path)

    def load(path: Path, name: str, on_page: OnPage) -> Content:
        return Content(text=path.read_text(encoding="utf-8"), media_type="text/plain", title=name)

    lexical.failures = 1
    (failed,) = ingest([item], index, ThreeNumbers(), load).results
    assert (failed.outcome, failed.error) == ("failed", "The disk is full.")
    (again,) = ingest([item], index, ThreeNumbers(), load).results
    assert again.outcome == "unchanged"
    assert len(spelled(index, "river")) == 1
    index.close()


def test_where_the_end_of_a_change_fails_the_next_one_tidies_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index, _ = opened(tmp_path, "")
    index.put([prepared("river", "low")])
    state = index.replica.store.state

    def fail(*arguments: object) -> None:
        raise StoreError("The disk is full.")

    with monkeypatch.context() as broken:
        broken.setattr(state, "delete_intents", fail)
        with pytest.raises(StoreError):
            index.put([prepared("river", "high")])
    index.put([prepared("harbour", "quay")])
    assert spelled(index, "high") == {"river"}
    stored = list(index.replica.store.passage_ids())
    assert len(stored) == index.catalogue.passages == 4  # nothing of the old version is left
    assert state.intents() == []
    index.close()


def is_free(folder: Path) -> bool:
    try:
        FolderLock(folder, "test").release()
    except StoreError:
        return False
    return True


def test_a_folder_whose_opening_failed_can_be_opened_at_once(tmp_path: Path) -> None:
    index = Index.open(tmp_path, ThreeNumbers("one"))
    index.put([prepared("river", "high")])
    index.close()
    index.close()  # once more does no harm
    with pytest.raises(ModelMismatch):
        Index.open(tmp_path, ThreeNumbers("another"))
    assert is_free(tmp_path)
    lexical = tmp_path / "lexical" / "one"
    shutil.rmtree(lexical)
    lexical.write_text("no folder", encoding="utf-8")
    with pytest.raises(StoreError, match="lexical"):
        Index.open(tmp_path, ThreeNumbers("one"))
    lexical.unlink()
    again = Index.open(tmp_path, ThreeNumbers("one"))
    assert spelled(again, "high") == {"river"}
    again.close()


def test_the_lock_is_released_after_chroma_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    index = Index.open(tmp_path, ThreeNumbers())
    close, release = index.replica.store.close, index.lock.release
    monkeypatch.setattr(index.replica.store, "close", lambda: (close(), order.append("chroma")))
    monkeypatch.setattr(index.lock, "release", lambda: (release(), order.append("lock")))
    index.close()
    assert order == ["chroma", "lock"]


def test_what_a_killed_owner_was_writing_is_deleted_by_the_next(tmp_path: Path) -> None:
    draft = tmp_path / "half.draft"
    draft.write_text("{", encoding="utf-8")
    FolderLock(tmp_path, "test").release()
    assert not draft.exists()


def test_a_lock_that_was_given_stays_with_its_owner_where_opening_fails(tmp_path: Path) -> None:
    index = Index.open(tmp_path, ThreeNumbers("one"))
    index.put([prepared("river", "high")])
    index.close()
    lock = FolderLock(tmp_path, "test")
    with pytest.raises(ModelMismatch):
        Index.open(tmp_path, ThreeNumbers("another"), lock=lock)
    assert not is_free(tmp_path)
    lock.release()
