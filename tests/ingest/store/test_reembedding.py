"""Everything is embedded anew beside the index, whatever is changed or killed meanwhile, and nothing of two models is mixed."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.errors import Cancelled, ModelSwitched, StoreError
from ingest.pipeline import prepare, prepare_all
from ingest.store import reembedding
from ingest.store.chroma import ChromaStore
from ingest.store.chroma_client import local_client
from ingest.store.index import Index
from ingest.store.lexical import LexicalIndex
from ingest.store.lock import FolderLock
from ingest.store.records import Prepared
from ingest.store.reembedding import Reembedding
from ingest.store.reindex_lease import ask_to_cancel, drop_former, reindex_note
from ingest.store.replica import Replica
from ingest.types import Document, document_id
from tests.ingest.store.test_index import HashedEmbedder

NAMES = ("a", "b", "c", "d", "e", "f")
Change = tuple[
    int, str, str
]  # at which step, which document, and its text from then on; without one it is removed


@pytest.fixture(autouse=True)
def one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents are embedded one by one, so that there are steps between them."""
    monkeypatch.setattr(reembedding, "_GROUP", 1)
    monkeypatch.setattr(reembedding, "_FEW", 0)


def document(name: str, text: str) -> Document:
    return Document(
        id=document_id(name),
        source=name,
        title=name,
        text=text,
        published=None,
        authors=(),
        language="en",
        media_type="text/plain",
        sha256=text,
        page_starts=(0,),
    )


@dataclass
class Anew:
    """An index, and its documents being embedded by another model."""

    folder: Path
    index: Index
    embedder: SentenceTransformerEmbedder
    store: ChromaStore
    other: HashedEmbedder
    embedded: int = 0

    def put(self, name: str, text: str) -> None:
        self.index.put([prepare(document(name, text), self.embedder)])

    def remove(self, name: str) -> None:
        self.index.remove([document_id(name)])

    def work(self) -> Reembedding:
        work = Reembedding(
            self.index.replica.store,
            self.store,
            self.other,
            self._prepare,
            self.index.records,
            self.index.replica.name,
        )
        work.claim()
        return work

    def _prepare(self, documents: Sequence[Document]) -> list[Prepared]:
        self.embedded += len(documents)
        return prepare_all(documents, self.other)

    @contextmanager
    def switched(self, work: Reembedding) -> Iterator[Index]:
        work.derive(self.folder)
        with self.index.replica.at_rest(), work.lease.standstill():
            work.finish()
            work.switch()
            index = Index.open(self.folder, self.other, lock=self.index.lock)
            self.index.succeed(index, lambda old: replace(prepare(old.document, self.other), added=old.added))
        try:
            yield index
        finally:
            index.replica.close()


@contextmanager
def anew(folder: Path, embedder: SentenceTransformerEmbedder) -> Iterator[Anew]:
    with ExitStack() as opened:
        index = Index.open(folder, embedder)
        opened.callback(index.close)
        client = local_client(folder / "chroma")
        opened.callback(client.close)
        other = HashedEmbedder()
        yield Anew(folder, index, embedder, ChromaStore(client, other.fingerprint), other)


def texts(index: Index) -> dict[str, str]:
    return {record.source: index.texts.of(record) for record in index.records()}


changes = st.lists(
    st.tuples(
        st.integers(0, 8), st.sampled_from(NAMES), st.sampled_from(("", "rain", "sun", "wind and rain"))
    ),
    max_size=6,
)


@given(changes=changes, killed_after=st.integers(0, 7))
@settings(max_examples=5, deadline=None, database=None, suppress_health_check=[*HealthCheck])
def test_what_changes_meanwhile_is_taken_along_also_when_killed(
    changes: list[Change],
    killed_after: int,
    embedder: SentenceTransformerEmbedder,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with anew(tmp_path_factory.mktemp("anew"), embedder) as live:
        expected = {name: f"The story of {name}." for name in NAMES[:4]}
        for name, text in expected.items():
            live.put(name, text)
        step, resumed = 0, False
        while True:
            work = live.work()
            for _ in work.rounds():
                for at, name, text in changes:
                    if at == step and text:
                        live.put(name, text)
                        expected[name] = text
                    elif at == step:
                        live.remove(name)
                        expected.pop(name, None)
                step += 1
                if step > killed_after and not resumed:
                    break
            if resumed:
                break
            resumed = True
        with live.switched(work) as index:
            assert texts(index) == expected
            assert index.integrity().whole
            assert index.fingerprint == live.other.fingerprint
            for record in index.records():
                assert live.store.passages_of(record.id, record.version)


def test_what_is_embedded_stays_when_it_is_killed(
    embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    with anew(tmp_path, embedder) as live:
        for name in NAMES:
            live.put(name, f"The story of {name}.")
        steps = live.work().rounds()
        while live.embedded < 3:
            next(steps)
        work = live.work()
        list(work.rounds())
        assert live.embedded == len(NAMES)


def test_given_up_everything_is_as_it_was(embedder: SentenceTransformerEmbedder, tmp_path: Path) -> None:
    with anew(tmp_path, embedder) as live:
        live.put("a", "The story of a.")
        live.put("b", "The story of b.")
        work = live.work()
        steps = work.rounds()
        next(steps)
        ask_to_cancel(live.index.replica.store)
        with pytest.raises(Cancelled):
            list(steps)
        work.lease.give_up(tmp_path)
        assert reindex_note(live.index.replica.store) is None
        client = local_client(tmp_path / "chroma")
        assert {one.name for one in client.list_collections()} == {
            "state",
            "versions",
            f"passages-{embedder.fingerprint}",
            f"documents-{embedder.fingerprint}",
        }
        client.close()
        assert texts(live.index) == {"a": "The story of a.", "b": "The story of b."}
        assert live.index.integrity().whole


def test_the_former_index_passes_changes_on_and_its_vectors_go(
    embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    with anew(tmp_path, embedder) as live:
        for name in NAMES[:3]:
            live.put(name, f"The story of {name}.")
        work = live.work()
        list(work.rounds())
        before = {record.id: (record.version, record.added) for record in live.index.records()}
        with live.switched(work) as index:
            assert {record.id: (record.version, record.added) for record in index.records()} == before
            former = live.index.texts.by_id(document_id("a"))
            assert former == "The story of a."  # an answer may still quote it
            live.put("b", "Another story of b.")
            live.remove("c")
            expected = {"a": "The story of a.", "b": "Another story of b."}
            assert texts(index) == expected
            assert {record.source for record in live.index.records()} == set(expected)
            assert not drop_former(index.replica.store, tmp_path)  # others may be loading the model
            assert drop_former(index.replica.store, tmp_path, at_once=True)
            assert not (tmp_path / "lexical" / embedder.fingerprint).exists()
            assert index.integrity().whole


@contextmanager
def replica(live: Anew, name: str, switched: threading.Event) -> Iterator[Index]:
    """Another process on the same Chroma, as far as the store can tell."""
    folder = live.folder / name
    folder.mkdir()
    client = local_client(live.folder / "chroma")
    replica = Replica(
        ChromaStore(client, live.embedder.fingerprint),
        LexicalIndex(folder / "lexical"),
        name,
        on_switched=switched.set,
    )
    index = Index(replica, FolderLock(folder, "test"))
    yield index
    index.close()


def test_another_replica_waits_during_the_standstill_and_never_writes_into_what_is_left(
    embedder: SentenceTransformerEmbedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.store.index._SUCCESSION", 0.2)
    switched = threading.Event()
    with anew(tmp_path, embedder) as live, replica(live, "there", switched) as there:
        live.put("a", "The story of a.")
        store, mine = ChromaStore(live.store._client, embedder.fingerprint), "here"
        stale = store.records()  # as a process knows the documents that has not looked again
        work = Reembedding(store, live.store, live.other, live._prepare, lambda: stale, mine)
        work.claim()
        with pytest.raises(StoreError, match="Another server"):
            Reembedding(store, live.store, live.other, live._prepare, store.records, "there").claim()
        list(work.rounds())
        written = threading.Event()

        def write() -> None:
            there.put([prepare(document("b", "The story of b."), embedder)])
            written.set()

        with work.lease.standstill():
            writer = threading.Thread(target=write)
            writer.start()
            assert not written.wait(0.5)
            work.finish()
        writer.join(30)
        assert written.is_set()
        with work.lease.standstill():
            work.finish()
            work.switch()
        with pytest.raises(ModelSwitched):
            there.put([prepare(document("c", "The story of c."), embedder)])
        with pytest.raises(ModelSwitched):
            there.remove([document_id("a")])
        assert switched.is_set()
        assert {record.source for record in live.store.records()} == {"a", "b"}
        assert {record.source for record in store.records()} == {"a", "b"}
        assert {intent.act for intent in store.state.intents()} <= {"sweep"}
