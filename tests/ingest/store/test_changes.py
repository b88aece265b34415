"""Processes that share a store lose nothing, whatever the order and whoever is killed in between."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import Cancelled
from ingest.store.changes import DEAD, GRACE, Changes
from ingest.store.chroma import ChromaStore
from ingest.store.chroma_client import local_client
from ingest.store.index import Index
from ingest.store.lexical import LexicalIndex, Term
from ingest.store.lock import FolderLock
from ingest.store.records import Prepared
from ingest.store.replica import Replica
from ingest.types import Document, Passage, Record

WRITES = ("put_intents", "put_passages", "put_records", "delete_records", "touch")
NAMES = st.sampled_from(["river", "harbour"])
_numbers = itertools.count()


def prepared(name: str, words: str) -> Prepared:
    """A document of two passages, with vectors of three numbers."""
    texts = (f"{name} {words}. ", f"And of {words} again.")
    document = Document(
        id=name,
        source=f"{name}.txt",
        title=name,
        text="".join(texts),
        published=None,
        authors=(),
        language="en",
        media_type="text/plain",
        sha256=words.encode().hex() * 8,
    )
    starts = (0, len(texts[0]))
    passages = [
        Passage(id="", document_id=name, text=text, start=start, end=start + len(text), page=None, heading="")
        for text, start in zip(texts, starts, strict=True)
    ]
    return Prepared(document=document, passages=passages, vectors=np.eye(3, dtype=np.float32)[:2])


@contextmanager
def killed(store: ChromaStore, step: str, after: bool) -> Iterator[None]:
    """As if the process had been killed at that write."""
    target: Any = store if hasattr(store, step) else store.state
    real = getattr(target, step)

    def stop(*arguments: Any) -> None:
        if after:
            real(*arguments)
        raise Cancelled("killed")

    setattr(target, step, stop)
    with suppress(Cancelled):
        yield
    delattr(target, step)


class Two:
    """Two indexes on one store, as two processes have them: they follow when they are told to."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.indexes = [self._open(name) for name in "ab"]

    def _open(self, name: str) -> Index:
        store = ChromaStore(local_client(self._folder / "chroma"), "three-numbers")
        lexical = LexicalIndex(self._folder / f"{name}-{next(_numbers)}")
        return Index(Replica(store, lexical, name), FolderLock(self._folder / name, "test"))

    def restart(self, number: int) -> None:
        self.indexes[number].close()
        self.indexes[number] = self._open("ab"[number])

    def settled(self) -> None:
        """Both have seen all there is, long after whatever happened."""
        for number, index in enumerate(self.indexes):
            later = Changes(
                index.replica.store, f"later {number}", shared=True, clock=lambda: time.time() + DEAD + GRACE
            )
            if later.settle():
                index.replica.store.state.touch(frozenset())
        for index in self.indexes:
            index.replica.follow()
        store = self.indexes[0].replica.store
        Changes(store, "last", shared=True, clock=lambda: time.time() + DEAD * 2).sweep()

    def close(self) -> None:
        for index in self.indexes:
            index.close()


Step = tuple[str, int, str, str, bool]
STEPS = st.one_of(
    st.tuples(st.sampled_from(["put", "remove"]), st.integers(0, 1), NAMES, st.just(""), st.booleans()),
    st.tuples(st.just("killed"), st.integers(0, 1), NAMES, st.sampled_from(WRITES), st.booleans()),
    st.tuples(st.sampled_from(["follow", "restart"]), st.integers(0, 1), NAMES, st.just(""), st.booleans()),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(STEPS, max_size=8))
def test_whatever_happens_documents_are_there_whole_and_once(steps: list[Step]) -> None:
    with TemporaryDirectory() as folder:
        two = Two(Path(folder))
        ever: dict[str, set[str]] = {"river": set(), "harbour": set()}
        seen: dict[str, None] = {}  # passages that either has read
        for number, (act, who, name, at, after) in enumerate(steps):
            index, words = two.indexes[who], f"word{number}"
            if act == "put":
                index.put([prepared(name, words)])
            elif act == "remove":
                index.remove([name])
            elif act == "killed":
                with killed(index.replica.store, at, after):
                    index.put([prepared(name, words)]) if after else index.remove([name])
                two.restart(who)
            elif act == "follow":
                index.replica.follow()
            else:
                two.restart(who)
            ever[name].add(prepared(name, words).document.text)
            if act == "put":
                assert words in index.texts.by_id(name)
            if act == "remove":
                assert index.texts.by_id(name) == ""
            for reader in two.indexes:
                seen |= dict.fromkeys(reader.search.fetch([*seen, *_listed(reader)]))
        two.settled()
        one, other = two.indexes
        found = {record.id: one.texts.by_id(record.id) for record in one.records()}
        assert found == {record.id: other.texts.by_id(record.id) for record in other.records()}
        assert all(text in ever[name] for name, text in found.items())
        stored = len(list(one.replica.store.passage_ids()))
        assert stored == 2 * len(found) == one.catalogue.passages == other.catalogue.passages
        assert one.replica.store.state.intents() == []
        for index in two.indexes:
            hits = index.search.fetch(_listed(index))
            assert {record.id for _, record in hits.values()} == set(found)
            read = sorted(index.search.fetch([*seen, *hits]).values(), key=lambda one: one[0].start)
            assert found == {name: _text(read, name) for name in {record.id for _, record in read}}
        two.close()


def _listed(index: Index) -> list[str]:
    return [key for key, _ in index.search.spelled([Term(("again",))], 10)]


def _text(read: Sequence[tuple[Passage, Record]], name: str) -> str:
    return "".join(passage.text for passage, record in read if record.id == name)


@pytest.mark.parametrize("step", ["put_passages", "put_records"])
def test_one_that_was_taken_for_dead_still_stores_whole(step: str, tmp_path: Path) -> None:
    two = Two(tmp_path)
    slow, other = two.indexes
    real = getattr(slow.replica.store, step)

    def late(*arguments: Any) -> None:
        setattr(slow.replica.store, step, real)
        if step == "put_records":
            two.settled()  # it is taken for dead, and what it has written is deleted
        real(*arguments)
        if step == "put_passages":
            two.settled()

    setattr(slow.replica.store, step, late)
    (record,) = slow.put([prepared("river", "high")])
    assert slow.texts.by_id("river") == prepared("river", "high").document.text
    two.settled()
    assert other.texts.by_id("river") == slow.texts.by_id("river")
    stored = len(list(other.replica.store.passage_ids()))
    assert len(other.texts.passages_of("river")) == record.passages == stored
    two.close()


def test_an_answer_can_finish_reading_what_another_replaces(tmp_path: Path) -> None:
    two = Two(tmp_path)
    one, other = two.indexes
    (old,) = one.put([prepared("river", "high")])
    other.replica.follow()
    other.put([prepared("river", "low")])
    other.replica.tidy()
    one.replica.follow()
    assert "high" in one.texts.of(old)
    assert "low" in one.texts.by_id("river")
    two.close()
