"""Making again what is derived: the lexical index from the record, and all vectors for another embedding model."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

from ingest.embedding import Embedder
from ingest.errors import ModelMismatch
from ingest.store.chroma import ChromaStore, connect, store_in_use
from ingest.store.lexical import LexicalIndex, sync
from ingest.store.lock import FolderLock
from ingest.store.records import Prepared, document_of, entries_of, key_of, versioned
from ingest.types import Document, Record

_AT_ONCE = 500  # documents


def derive(lexical: LexicalIndex, store: ChromaStore, records: Collection[Record]) -> None:
    """Index what is missing, and drop what is of no committed version."""
    by_key = {key_of(record): record for record in records}
    stale, missing = sync(lexical, {key: record.passages for key, record in by_key.items()})
    for first in range(0, max(len(stale), len(missing)), _AT_ONCE):
        entries = [
            entry
            for record in (by_key[key] for key in missing[first : first + _AT_ONCE])
            for entry in entries_of(record, store.passages_of(record.id, record.version))
        ]
        lexical.update(entries, stale[first : first + _AT_ONCE])


def reembed(
    folder: Path, embedder: Embedder, prepare: Callable[[Document], Prepared], *, chroma_url: str = ""
) -> Iterator[tuple[int, int]]:
    """Re-embed everything with another model beside the old index, then switch to it.

    Yields (documents done, documents in all). Killed on the way, the old index stays in use.
    """
    lock = FolderLock(folder, "assistant reindex")
    try:
        client = connect(folder, chroma_url)
        fresh = ChromaStore(client, embedder.fingerprint)
        old = store_in_use(client)
        if old is None or old.fingerprint == embedder.fingerprint:
            adopt(fresh, embedder)
            return
        yield from _copy(old, fresh, prepare)
        adopt(fresh, embedder)
        old.drop()
    finally:
        lock.release()


def _copy(
    old: ChromaStore, fresh: ChromaStore, prepare: Callable[[Document], Prepared]
) -> Iterator[tuple[int, int]]:
    records = old.records()
    for number, record in enumerate(records, 1):
        prepared = prepare(document_of(record, old.passages_of(record.id, record.version)))
        stored = versioned(prepared, record.added)
        for document_id, version in fresh.versions([record.id]):  # what a killed attempt has left
            fresh.delete_passages(document_id, version)
        fresh.put_passages([(passage, stored.record.version) for passage in stored.passages], stored.vectors)
        fresh.put_records([stored.record], stored.mean.reshape(1, -1))
        yield number, len(records)


def check_model(store: ChromaStore, client: Any, embedder: Embedder) -> None:
    """Raise `ModelMismatch` where another model made the index; a new or empty one is this model's."""
    used = store_in_use(client)
    if used is not None and used.fingerprint == embedder.fingerprint:
        return
    if used is not None and used.records():
        name = used.state.note("model")["name"]
        raise ModelMismatch(
            f"The index was made with the embedding model {name!r}, and {embedder.name!r} is configured. "
            f"Run `assistant reindex` to embed everything anew, or set ASSISTANT_EMBEDDING_MODEL={name}."
        )
    adopt(store, embedder)


def adopt(store: ChromaStore, embedder: Embedder) -> None:
    """Make the embedder's collections those in use."""
    data = {"fingerprint": embedder.fingerprint, "name": embedder.name, "dimensions": embedder.dimensions}
    store.state.put_note("model", data)
