"""Bringing the lexical index in step with the record, of which it is derived."""

from __future__ import annotations

from collections.abc import Collection

from ingest.store.chroma import ChromaStore
from ingest.store.lexical import LexicalIndex, sync
from ingest.store.records import entries_of, key_of
from ingest.types import Record

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
