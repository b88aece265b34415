"""Documents read back: their passages, their texts, and what names a text."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from ingest.store.chroma import ChromaStore
from ingest.types import Passage, Record, version_of

RecordOf = Callable[[str], Record | None]


class StoredTexts:
    """The texts of an index's documents; ``record`` gives the current record of an id. Thread-safe."""

    def __init__(self, store: ChromaStore, record: RecordOf) -> None:
        self._store = store
        self._record = record
        # Versions never change, so what was read of one stays true.
        self._passages = lru_cache(maxsize=128)(self._read_passages)
        self._text = lru_cache(maxsize=64)(self._read_text)
        self._text_version = lru_cache(maxsize=10_000)(self._read_text_version)

    def passages_of(self, document_id: str) -> list[Passage]:
        """A document's passages in order; empty for an unknown document."""
        record = self._record(document_id)
        return list(self._passages(record.id, record.version)) if record else []

    def by_id(self, document_id: str) -> str:
        """A document's whole text; empty for an unknown document."""
        record = self._record(document_id)
        return self.of(record) if record else ""

    def of(self, record: Record) -> str:
        """The whole text of the version of a document that ``record`` is of; empty where it is gone."""
        return self._text(record.id, record.version)

    def version_of(self, record: Record) -> str:
        """The name of what the text of that version of a document says; see `ingest.types.version_of`."""
        return record.text_version or self._text_version(record.id, record.version)

    def _read_passages(self, document_id: str, version: str) -> tuple[Passage, ...]:
        return tuple(self._store.passages_of(document_id, version))

    def _read_text(self, document_id: str, version: str) -> str:
        return "".join(passage.text for passage in self._passages(document_id, version))

    def _read_text_version(self, document_id: str, version: str) -> str:
        return version_of(self._read_text(document_id, version))
