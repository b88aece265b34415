"""Removing can be undone exactly, within its time, whenever the process is killed in between."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import time
from typing import Any

import numpy as np
import pytest

from assistant.errors import Conflict, NotFound
from assistant.service.service import Service
from assistant.service.trash import UNDO_SECONDS, Removed, Trash
from assistant.service.undo import Undo
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.embedding.types import Vectors
from ingest.store.records import Prepared
from ingest.types import Document, Passage, Record, document_id
from tests.assistant.service.test_worker import LAKE, LONG, finished, put, started


def added(service: Service, folder: Path, name: str, text: str) -> Record:
    job = finished(service, service.jobs.submit(name, put(folder, name, text)))
    return service.record(str(job.document_id))


def whole(service: Service, record: Record) -> tuple[tuple[object, ...], Vectors]:
    """Everything there is of a document, but for the name of its version; and its vectors: (passages, dimensions)."""
    index = service.assistant.index
    known = index.record(record.id)
    passages = index.texts.passages_of(record.id)
    ids = [passage.id for passage in passages]
    vectors, sentences = index.search.vectors(ids), index.search.sentence_vectors(ids)
    assert [len(sentences.get(passage.id, ())) for passage in passages] == [
        len(p.sentences) for p in passages
    ]
    original = service.originals.find(record.sha256)
    parts = (
        known and replace(known, version=""),
        tuple(replace(passage, id="") for passage in passages),
        original and original.read_bytes(),
        [sentences[passage.id].tolist() for passage in passages if passage.sentences],
    )
    return parts, np.stack([vectors[passage.id] for passage in passages])


def assert_same(now: tuple[tuple[object, ...], Vectors], before: tuple[tuple[object, ...], Vectors]) -> None:
    """Chroma brings a vector that is put back to unit length again, which on some processors changes its last bit."""
    assert now[0] == before[0]
    np.testing.assert_allclose(now[1], before[1], atol=1e-6)


def test_undone_after_a_restart_everything_is_as_it_was(
    tmp_path: Path, embedder: SentenceTransformerEmbedder
) -> None:
    service = started(tmp_path, embedder)
    service.wait(60)
    records = [added(service, tmp_path, "lake.txt", LAKE), added(service, tmp_path, "long.txt", LONG[:9_000])]
    before = [whole(service, record) for record in records]
    assert service.withdraw(["nothing"]) is None
    removal = service.withdraw([record.id for record in records])
    assert removal is not None
    assert removal.titles == ("lake", "long")
    assert service.assistant.search("lake of Constance") == []
    assert not service.originals.find(records[0].sha256)
    service.close()
    service = started(tmp_path, embedder)
    service.wait(60)
    assert service.assistant.index.records() == []
    assert [one.id for one in service.trash.removals()] == [removal.id]
    assert {record.id for record in service.undo(removal.id)} == {record.id for record in records}
    for record, one in zip(records, before, strict=True):
        assert_same(whole(service, record), one)
    assert service.assistant.search("lake of Constance")[0].document.id == records[0].id
    assert service.trash.removals() == service.undo(removal.id) == []
    service.close()


def test_killed_between_trash_and_index_a_document_is_in_one_of_them(
    tmp_path: Path, embedder: SentenceTransformerEmbedder
) -> None:
    service = started(tmp_path, embedder)
    service.wait(60)
    record = added(service, tmp_path, "lake.txt", LAKE)
    Undo(service.assistant, service.originals, service.trash).hold([record])
    service.close()  # as if it had been killed before the document left the index
    service = started(tmp_path, embedder)
    service.wait(60)
    assert service.trash.removals() == []
    assert service.record(record.id) == record
    service.close()


def test_what_was_added_anew_is_not_undone(tmp_path: Path, embedder: SentenceTransformerEmbedder) -> None:
    service = started(tmp_path, embedder)
    service.wait(60)
    record = added(service, tmp_path, "lake.txt", LAKE)
    removal = service.withdraw([record.id])
    newer = added(service, tmp_path, "lake.txt", LAKE + " And boats.")
    assert removal is not None
    assert service.undo(removal.id) == []
    assert service.record(record.id) == newer
    service.close()


def test_with_another_model_it_is_embedded_anew(
    tmp_path: Path, embedder: SentenceTransformerEmbedder
) -> None:
    service = started(tmp_path, embedder)
    service.wait(60)
    record = added(service, tmp_path, "lake.txt", LAKE)
    before = whole(service, record)
    removal = service.withdraw([record.id])
    assert removal is not None
    (note,) = (service.settings.data_dir / "trash").glob("*/*.json")
    note.write_text(note.read_text().replace(embedder.fingerprint, "0123456789ab"))
    np.save(note.with_suffix(".npy"), np.zeros((1, 3), np.float32))
    (back,) = service.undo(removal.id)
    assert_same(whole(service, back), before)
    service.close()


def test_what_an_earlier_release_removed_comes_back_and_is_quoted(
    tmp_path: Path, embedder: SentenceTransformerEmbedder
) -> None:
    """It stored no sentences, and no vectors of them."""
    service = started(tmp_path, embedder)
    service.wait(60)
    record = added(service, tmp_path, "lake.txt", LAKE)
    ((_, _, original, _), vectors) = whole(service, record)
    removal = service.withdraw([record.id])
    assert removal is not None
    (note,) = (service.settings.data_dir / "trash").glob("*/*.json")
    entry = json.loads(note.read_bytes())
    for passage in entry["passages"]:
        del passage["sentences"]
    note.write_text(json.dumps(entry), encoding="utf-8")
    note.with_suffix(".npz").unlink()
    service.close()
    service = started(tmp_path, embedder)
    service.wait(60)
    (back,) = service.undo(removal.id)
    ((_, _, original_now, _), vectors_now) = whole(service, back)
    assert original_now == original
    np.testing.assert_allclose(vectors_now, vectors, atol=1e-6)
    assert service.assistant.index.texts.by_id(back.id) == LAKE
    answer = service.assistant.ask("Do ferries cross it every day?")
    assert any("Ferries cross it every day." in citation.quote for citation in answer.citations)
    service.close()


def test_after_its_time_it_is_gone_for_good(tmp_path: Path, embedder: SentenceTransformerEmbedder) -> None:
    service = started(tmp_path, embedder)
    service.wait(60)
    now = [1_000_000.0]
    service.trash = Trash(tmp_path / "data" / "trash", lambda: now[0])
    record = added(service, tmp_path, "lake.txt", LAKE)
    removal = service.withdraw([record.id])
    assert removal is not None
    now[0] += UNDO_SECONDS - 1
    assert service.trash.removals() == [removal]
    now[0] += 2
    assert service.undo(removal.id) == []
    assert list((tmp_path / "data" / "trash").iterdir()) == []
    secret = hashlib.sha256(LAKE.encode()).hexdigest()
    assert not list(tmp_path.glob(f"data/**/*{secret}*"))
    service.close()


MANY = 150


def short(number: int, dimensions: int) -> Prepared:
    """A document of one passage, with a vector made up for it."""
    source, text = f"{number}.txt", f"Note {number} is about the harbour."
    key = document_id(source)
    document = Document(
        id=key,
        source=source,
        title=f"note {number}",
        text=text,
        published=None,
        authors=(),
        language="en",
        media_type="text/plain",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )
    passage = Passage(id="", document_id=key, text=text, start=0, end=len(text), page=None, heading="")
    vector = np.random.default_rng(number).normal(size=(1, dimensions)).astype(np.float32)
    return Prepared(document=document, passages=[passage], vectors=vector / np.linalg.norm(vector))


@contextmanager
def purging(*trashes: Trash) -> Iterator[None]:
    """Threads that look at what can be undone, as editors' pages do, as long as this lasts."""
    over = threading.Event()
    failures: list[Exception] = []

    def look(trash: Trash) -> None:
        while not over.wait(0.001):  # without a pause, those who look would keep the others from working
            try:
                trash.purge()
                trash.removals()
            except Exception as error:
                failures.append(error)
                return

    threads = [threading.Thread(target=look, args=[trash]) for trash in trashes]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert not failures


def test_nothing_is_lost_while_others_purge(tmp_path: Path, embedder: SentenceTransformerEmbedder) -> None:
    service = started(tmp_path, embedder)
    service.wait(60)
    records = service.assistant.index.put([short(n, embedder.dimensions) for n in range(MANY)])
    folder = tmp_path / "data" / "trash"
    with purging(service.trash, Trash(folder), Trash(folder)):
        removal = service.withdraw([record.id for record in records])
        assert removal is not None
        assert service.assistant.index.records() == []
        assert len(removal.titles) == MANY
        assert [offered.id for offered in service.trash.removals()] == [removal.id]
        assert len(service.undo(removal.id)) == MANY
    assert {record.sha256 for record in service.assistant.index.records()} == {
        record.sha256 for record in records
    }
    service.close()


def written_slowly(trash: Trash, meanwhile: Callable[[], object]) -> str:
    """Hold two documents, and do something after the first one is written."""

    def documents() -> Iterator[Removed]:
        for number in range(2):
            yield Removed(prepared=short(number, 3), fingerprint="", original=None)
            meanwhile()

    return trash.hold(documents())


def test_what_is_being_written_or_removed_is_safe_from_a_clock_that_is_ahead(tmp_path: Path) -> None:
    trash, ahead = Trash(tmp_path), Trash(tmp_path, lambda: time() + 2 * UNDO_SECONDS)
    offers: list[object] = []

    def meanwhile() -> None:
        ahead.purge()
        offers.extend(trash.removals())

    name = written_slowly(trash, meanwhile)
    meanwhile()
    assert offers == []  # neither while it was written nor before the documents have left the index
    removal = trash.offer(name)
    assert removal.titles == ("note 0", "note 1")
    assert trash.removals() == [removal]


def test_what_cannot_be_written_whole_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    trash = Trash(tmp_path)

    def lost() -> None:
        for path in tmp_path.glob("*/*.npy"):
            path.unlink()

    with pytest.raises(OSError):  # noqa: PT011  # which one depends on the system
        written_slowly(trash, lost)
    assert trash.removals() == []
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_was_writing_goes_at_the_next_start(
    tmp_path: Path, embedder: SentenceTransformerEmbedder
) -> None:
    draft = tmp_path / "data" / "trash" / "0123.draft"
    draft.mkdir(parents=True)
    put(draft, "0123.json", '{"document": ')
    service = started(tmp_path, embedder)
    service.wait(60)
    assert service.trash.removals() == []
    assert not draft.exists()
    service.close()


def test_killed_after_the_documents_have_left_the_index_they_can_be_undone(
    tmp_path: Path, embedder: SentenceTransformerEmbedder
) -> None:
    service = started(tmp_path, embedder)
    service.wait(60)
    record = added(service, tmp_path, "lake.txt", LAKE)
    Undo(service.assistant, service.originals, service.trash).hold([record])
    service.remove([record.id])
    service.close()  # as if it had been killed before the removal was offered
    service = started(tmp_path, embedder)
    service.wait(60)
    (removal,) = service.trash.removals()
    (back,) = service.undo(removal.id)
    assert replace(back, version="") == replace(record, version="")
    service.close()


# What an upload of the same name replaces.


def test_a_replaced_version_can_be_put_back_and_the_new_one_after_it(
    tmp_path: Path, embedder: SentenceTransformerEmbedder
) -> None:
    service = started(tmp_path, embedder)
    service.wait(60)
    old = added(service, tmp_path, "lake.txt", LAKE)
    before = whole(service, old)
    job = finished(service, service.jobs.submit("lake.txt", put(tmp_path, "b.txt", LAKE + " And boats.")))
    after = whole(service, service.record(old.id))
    (removal,) = service.trash.removals()
    assert (removal.id, removal.titles, removal.replaced) == (job.removal_id, ("lake",), True)
    service.undo(removal.id)
    assert_same(whole(service, service.record(old.id)), before)
    (redo,) = service.trash.removals()
    service.undo(redo.id)
    assert_same(whole(service, service.record(old.id)), after)
    service.close()


@pytest.mark.parametrize("replaced", [False, True])
def test_killed_around_replacing_both_versions_are_there(
    tmp_path: Path, embedder: SentenceTransformerEmbedder, replaced: bool
) -> None:
    service = started(tmp_path, embedder)
    service.wait(60)
    record = added(service, tmp_path, "lake.txt", LAKE)
    Undo(service.assistant, service.originals, service.trash).hold([record], replaced=True)
    if replaced:
        text = LAKE + " And boats."
        newer = replace(short(0, embedder.dimensions).document, id=record.id, source=record.source, text=text)
        passage = Passage(
            id="", document_id=record.id, text=text, start=0, end=len(text), page=None, heading=""
        )
        vectors = embedder.embed_passages([text])
        service.assistant.index.put([Prepared(document=newer, passages=[passage], vectors=vectors)])
    service.close()  # as if it had been killed
    service = started(tmp_path, embedder)
    service.wait(60)
    assert len(service.trash.removals()) == int(replaced)
    for removal in service.trash.removals():
        service.undo(removal.id)
    assert service.assistant.index.texts.by_id(record.id) == LAKE
    service.close()


def test_both_versions_are_kept_before_and_after_it_was_replaced(
    tmp_path: Path, embedder: SentenceTransformerEmbedder
) -> None:
    service = started(tmp_path, embedder)
    service.wait(60)
    old = added(service, tmp_path, "lake.txt", LAKE)
    before = whole(service, old)
    job = finished(service, service.jobs.submit("lake.txt", put(tmp_path, "b.txt", LAKE + " And boats.")))
    assert job.replaces is not None
    renamed = service.keep_both(job.id)
    assert (renamed.source, renamed.replaced, renamed.replaces) == ("lake (2).txt", False, None)
    assert_same(whole(service, service.record(old.id)), before)
    assert service.assistant.index.texts.by_id(str(renamed.document_id)) == LAKE + " And boats."
    assert service.original(str(renamed.document_id)).read_text() == LAKE + " And boats."
    assert service.trash.removals() == []
    with pytest.raises(Conflict):
        service.keep_both(job.id)
    with pytest.raises(NotFound):
        service.keep_both("nope")
    third = service.jobs.submit("lake.txt", put(tmp_path, "c.txt", LAKE + " And fish."), keep_both=True)
    assert finished(service, third).source == "lake (3).txt"
    again = service.jobs.submit("lake.txt", put(tmp_path, "d.txt", LAKE + " And fish."), keep_both=True)
    assert (finished(service, again).state, service.jobs.get(again.id).source) == (
        "unchanged",
        "lake (3).txt",
    )
    service.close()


def test_what_was_replaced_once_more_is_not_kept_beside_its_successor(
    tmp_path: Path, embedder: SentenceTransformerEmbedder
) -> None:
    service = started(tmp_path, embedder)
    service.wait(60)
    added(service, tmp_path, "lake.txt", LAKE)
    second = finished(service, service.jobs.submit("lake.txt", put(tmp_path, "b.txt", LAKE + " Boats.")))
    added(service, tmp_path, "lake.txt", LAKE + " Fish.")
    with pytest.raises(Conflict, match="changed since"):
        service.keep_both(second.id)
    assert [len(removal.titles) for removal in service.trash.removals()] == [1, 1]
    service.close()


# Undoing and replacing at the same time.


def texts(service: Service) -> set[str]:
    """The texts of the documents and of what can be put back."""
    index = service.assistant.index
    removed = {
        document.prepared.document.text
        for removal in service.trash.removals()
        for document in _taken(service.trash, removal.id)
    }
    return removed | {index.texts.by_id(record.id) for record in index.records()}


def _taken(trash: Trash, removal_id: str) -> tuple[Removed, ...]:
    taken = trash.take(removal_id)
    assert taken is not None
    trash.offer(taken.name)
    return taken.documents


def at_the_same_time(first: Callable[[], object]) -> Callable[[], object]:
    """Starts ``first`` in a thread and gives it some time, which it needs in full only if it has to wait."""
    thread = threading.Thread(target=first)
    thread.start()
    thread.join(1)
    return thread.join


VERSIONS = [LAKE, LAKE + " Boats.", LAKE + " Fish."]


def test_no_version_is_lost_when_one_is_put_back_while_the_next_one_is_being_stored(
    tmp_path: Path, embedder: SentenceTransformerEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = started(tmp_path, embedder)
    service.wait(60)
    for number, text in enumerate(VERSIONS[:2]):
        second = finished(service, service.jobs.submit("lake.txt", put(tmp_path, f"{number}.txt", text)))
    index, waiting = service.assistant.index, list[Callable[[], object]]()
    store = index.put

    def store_late(batch: Sequence[Prepared]) -> list[Record]:
        monkeypatch.undo()
        waiting.append(at_the_same_time(lambda: service.undo(str(second.removal_id))))
        return store(batch)

    monkeypatch.setattr(index, "put", store_late)
    finished(service, service.jobs.submit("lake.txt", put(tmp_path, "c.txt", VERSIONS[2])))
    waiting[0]()
    assert texts(service) == set(VERSIONS)
    service.close()


def test_no_version_is_lost_when_another_is_stored_while_both_are_being_kept(
    tmp_path: Path, embedder: SentenceTransformerEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = started(tmp_path, embedder)
    service.wait(60)
    for number, text in enumerate(VERSIONS[:2]):
        second = finished(service, service.jobs.submit("lake.txt", put(tmp_path, f"{number}.txt", text)))
    free_name, waiting = service.jobs.free_name, list[Callable[[], object]]()

    def free_name_late(*asked: Any, **more: Any) -> str:
        monkeypatch.undo()
        job = service.jobs.submit("lake.txt", put(tmp_path, "c.txt", VERSIONS[2]))
        waiting.append(at_the_same_time(lambda: finished(service, job)))
        return free_name(*asked, **more)

    monkeypatch.setattr(service.jobs, "free_name", free_name_late)
    service.keep_both(second.id)
    waiting[0]()
    assert texts(service) == set(VERSIONS)
    service.close()


def test_no_version_is_lost_when_one_is_stored_while_its_document_is_being_removed(
    tmp_path: Path, embedder: SentenceTransformerEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = started(tmp_path, embedder)
    service.wait(60)
    record = added(service, tmp_path, "lake.txt", LAKE)
    remove, waiting = service.remove, list[Callable[[], object]]()

    def remove_late(ids: Sequence[str], **options: float) -> list[Record]:
        monkeypatch.undo()
        job = service.jobs.submit("lake.txt", put(tmp_path, "b.txt", VERSIONS[1]))
        waiting.append(at_the_same_time(lambda: finished(service, job)))
        return remove(ids, **options)

    monkeypatch.setattr(service, "remove", remove_late)
    service.withdraw([record.id])
    waiting[0]()
    assert texts(service) == set(VERSIONS[:2])
    service.close()


def test_what_cannot_be_read_back_after_a_power_cut_keeps_no_server_from_starting(
    tmp_path: Path, embedder: SentenceTransformerEmbedder
) -> None:
    service = started(tmp_path, embedder)
    service.wait(60)
    records = [added(service, tmp_path, name, LAKE + name) for name in ("lake.txt", "sea.txt")]
    removals = [service.withdraw([record.id]) for record in records]
    service.close()
    torn = tmp_path / "data" / "trash" / str(removals[0] and removals[0].id) / f"{records[0].id}.json"
    torn.write_text(torn.read_text()[:50])
    service = started(tmp_path, embedder)
    service.wait(60)
    assert service.trash.removals() == [removals[1]]
    assert not torn.exists()
    service.close()


@pytest.mark.parametrize("left", [0, 100])
def test_a_document_whose_sentence_vectors_a_power_cut_has_torn_can_be_put_back(
    left: int, tmp_path: Path, tiny_embedder: SentenceTransformerEmbedder
) -> None:
    service = started(tmp_path, tiny_embedder)
    service.wait(60)
    record = added(service, tmp_path, "lake.txt", LAKE)
    removal = service.withdraw([record.id])
    service.close()
    assert removal
    torn = tmp_path / "data" / "trash" / removal.id / f"{record.id}.npz"
    torn.write_bytes(torn.read_bytes()[:left])
    service = started(tmp_path, tiny_embedder)
    service.wait(60)
    (back,) = service.undo(removal.id)
    assert service.assistant.index.texts.by_id(back.id) == LAKE
    service.close()
