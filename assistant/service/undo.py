"""Removing documents so that it can be undone, and undoing it: from the index to the trash and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from assistant.core import Assistant
from assistant.service.trash import Removal, Removed, Trash
from ingest.embedding import Embedder, Vectors
from ingest.loaders import suffix_of
from ingest.originals import Originals
from ingest.pipeline import prepare
from ingest.store.index import Index
from ingest.store.records import Prepared, document_of
from ingest.types import Record

_AT_ONCE = 1_000  # vectors read at a time


def put_aside(assistant: Assistant, originals: Originals, trash: Trash, ids: Sequence[str]) -> Removal | None:
    """Copy documents to the trash, from which `restore` brings them back; None where none of them is there."""
    records = [record for key in dict.fromkeys(ids) if (record := assistant.index.record(key))]
    return trash.keep([_as_it_is(assistant, originals, record) for record in records]) if records else None


def restore(assistant: Assistant, originals: Originals, trash: Trash, removal_id: str) -> list[Record]:
    """Put the documents of a removal back, but for those added anew since. None where it is too late."""
    removed = [
        one for one in trash.read(removal_id) if assistant.index.record(one.prepared.document.id) is None
    ]
    for one in removed:
        if one.original is not None:
            originals.keep(one.original, one.original.suffix)
    prepared = [_current(one, assistant.embedder) for one in removed]
    records = assistant.index.put(prepared) if prepared else []
    trash.drop(removal_id)
    return records


def _as_it_is(assistant: Assistant, originals: Originals, record: Record) -> Removed:
    passages = assistant.index.passages_of(record.id)
    prepared = Prepared(
        document=document_of(record, passages),
        passages=passages,
        vectors=_vectors(assistant.index, [passage.id for passage in passages]),
        added=record.added,
    )
    original = originals.find(record.sha256, suffix_of(record.source))
    return Removed(prepared=prepared, fingerprint=assistant.embedder.fingerprint, original=original)


def _vectors(index: Index, ids: Sequence[str]) -> Vectors:
    """The vectors of passages in their order, shape (passages, dimensions)."""
    found: dict[str, Vectors] = {}
    for first in range(0, len(ids), _AT_ONCE):
        found |= index.vectors(ids[first : first + _AT_ONCE])
    return np.stack([found[key] for key in ids])


def _current(one: Removed, embedder: Embedder) -> Prepared:
    """As it was, unless the embedding model is another by now."""
    if one.fingerprint == embedder.fingerprint:
        return one.prepared
    return replace(prepare(one.prepared.document, embedder), added=one.prepared.added)
