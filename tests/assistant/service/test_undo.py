"""Removing can be undone exactly, within its time, whenever the process is killed in between."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np

from assistant.service.service import Service
from assistant.service.trash import UNDO_SECONDS, Trash
from assistant.service.undo import put_aside
from ingest.embedding import SentenceTransformerEmbedder, Vectors
from ingest.types import Record
from tests.assistant.service.test_worker import LAKE, LONG, finished, put, started


def added(service: Service, folder: Path, name: str, text: str) -> Record:
    job = finished(service, service.jobs.submit(name, put(folder, name, text)))
    return service.record(str(job.document_id))


def whole(service: Service, record: Record) -> tuple[tuple[object, ...], Vectors]:
    """Everything there is of a document, but for the name of its version; and its vectors: (passages, dimensions)."""
    index = service.assistant.index
    known = index.record(record.id)
    passages = index.passages_of(record.id)
    vectors = index.vectors([passage.id for passage in passages])
    original = service.originals.find(record.sha256)
    parts = (
        known and replace(known, version=""),
        tuple(replace(passage, id="") for passage in passages),
        original and original.read_bytes(),
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
    put_aside(service.assistant, service.originals, service.trash, [record.id])
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


def test_after_its_time_it_is_gone_for_good(tmp_path: Path, embedder: SentenceTransformerEmbedder) -> None:
    service = started(tmp_path, embedder)
    service.wait(60)
    now = [1_000_000.0]
    service.trash = Trash(tmp_path / "trash", lambda: now[0])
    record = added(service, tmp_path, "lake.txt", LAKE)
    removal = service.withdraw([record.id])
    assert removal is not None
    now[0] += UNDO_SECONDS - 1
    assert service.trash.removals() == [removal]
    now[0] += 2
    assert service.undo(removal.id) == []
    assert list((tmp_path / "trash").iterdir()) == []
    secret = hashlib.sha256(LAKE.encode()).hexdigest()
    assert not list(tmp_path.glob(f"data/**/*{secret}*"))
    service.close()
