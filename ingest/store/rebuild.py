"""Making again what is derived: the lexical index from the record, and all vectors for another embedding model."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from ingest.embedding.types import Embedder
from ingest.errors import ModelMismatch
from ingest.store.chroma import ChromaStore, store_in_use
from ingest.store.chroma_client import connect
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
    with ExitStack() as opened:  # closed in the reverse order, the lock last
        opened.callback(FolderLock(folder, "assistant reindex").release)
        client = connect(folder, chroma_url)
        opened.callback(client.close)
        old = store_in_use(client)
        if old is not None and _is_made_by(old, embedder):
            return
        fresh = ChromaStore(client, embedder.fingerprint)
        if old is not None:
            yield from _copy(old, fresh, prepare)
        _put_in_use(fresh, embedder)
        if old is not None:
            old.drop()


def _copy(
    old: ChromaStore, fresh: ChromaStore, prepare: Callable[[Document], Prepared]
) -> Iterator[tuple[int, int]]:
    records = old.records()
    _forget(fresh, {record.id for record in fresh.records()} - {record.id for record in records})
    for number, record in enumerate(records, 1):
        prepared = prepare(document_of(record, old.passages_of(record.id, record.version)))
        stored = versioned(prepared, record.added)
        for document_id, version in fresh.versions([record.id]):  # what a killed attempt has left
            fresh.delete_passages(document_id, version)
        pairs = [(passage, stored.record.version) for passage in stored.passages]
        fresh.put_passages(pairs, stored.vectors, stored.sentences)
        fresh.put_records([stored.record], stored.mean.reshape(1, -1))
        yield number, len(records)


def _forget(fresh: ChromaStore, gone: Collection[str]) -> None:
    """Delete what a killed attempt has copied and has been removed since: it would be there again."""
    fresh.delete_records(list(gone))
    for document_id, version in fresh.versions(gone):
        fresh.delete_passages(document_id, version)


def store_for(client: Any, embedder: Embedder) -> ChromaStore:
    """The collections that the embedder's model made; a new or empty index becomes this model's.

    Raises `ModelMismatch` where another model made the index.
    """
    used = store_in_use(client)
    if used is not None and _is_made_by(used, embedder):
        return used
    if used is not None and used.has_documents():
        name = used.state.note("model")["name"]
        raise ModelMismatch(
            f"The index was made with the embedding model {name!r}, and {embedder.name!r} is configured. "
            f"Run `assistant reindex` to embed everything anew, or set ASSISTANT_EMBEDDING_MODEL={name}."
        )
    store = ChromaStore(client, embedder.fingerprint)
    _put_in_use(store, embedder)
    return store


def _is_made_by(store: ChromaStore, embedder: Embedder) -> bool:
    """Whether the embedder's model made these collections.

    Versions up to 0.1 named the collections of some models by a fingerprint that depended on the number format. They stay
    named so; that they are this model's is noted once, since finding out may mean loading the model again.
    """
    note = store.state.note("model")
    if embedder.fingerprint in (store.fingerprint, note.get("model_fingerprint")):
        return True
    if note["name"] != embedder.name or store.fingerprint not in embedder.earlier_fingerprints():
        return False
    store.state.put_note("model", note | {"model_fingerprint": embedder.fingerprint})
    return True


def _put_in_use(store: ChromaStore, embedder: Embedder) -> None:
    """Make the embedder's collections those in use."""
    data = {"fingerprint": embedder.fingerprint, "name": embedder.name, "dimensions": embedder.dimensions}
    store.state.put_note("model", data)
