"""Documents read back: their passages, their texts, and what names a text."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from ingest.store.chroma import ChromaStore
from ingest.types import Passage, Record, version_of

RecordOf = Callable[[str], Record | None]

KEPT = 4_000_000  # characters of texts that stay in memory: hundreds of articles, or a few books
OF_A_PASSAGE = 500  # so many of them take as much as what is known of a passage besides its text


@dataclass(frozen=True, slots=True)
class _Read:
    """A version of a document, as it was read back."""

    passages: tuple[Passage, ...]
    text: str

    @property
    def size(self) -> int:
        """What it takes in memory, as characters."""
        return len(self.text) + OF_A_PASSAGE * len(self.passages)


class StoredTexts:
    """The texts of an index's documents; ``record`` gives the current record of an id. Thread-safe."""

    def __init__(self, store: ChromaStore, record: RecordOf) -> None:
        self._store = store
        self._record = record
        # Versions never change, so what was read of one stays true.
        self._kept: OrderedDict[tuple[str, str], _Read] = OrderedDict()
        self._characters = 0
        self._lock = threading.Lock()
        self._text_version = lru_cache(maxsize=10_000)(self._read_text_version)

    def passages_of(self, document_id: str) -> list[Passage]:
        """A document's passages in order; empty for an unknown document."""
        record = self._record(document_id)
        return list(self._read(record.id, record.version).passages) if record else []

    def by_id(self, document_id: str) -> str:
        """A document's whole text; empty for an unknown document."""
        record = self._record(document_id)
        return self.of(record) if record else ""

    def of(self, record: Record) -> str:
        """The whole text of the version of a document that ``record`` is of; empty where it is gone."""
        return self._read(record.id, record.version).text

    def version_of(self, record: Record) -> str:
        """The name of what the text of that version of a document says; see `ingest.types.version_of`."""
        return record.text_version or self._text_version(record.id, record.version)

    def _read(self, document_id: str, version: str) -> _Read:
        """A version, from memory where it is one of those that were read last."""
        key = (document_id, version)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        passages = tuple(self._store.passages_of(document_id, version))
        read = _Read(passages, "".join(passage.text for passage in passages))
        if not passages:  # it is gone
            return read
        with self._lock:
            if key not in self._kept:
                self._kept[key] = read
                self._characters += read.size
            while self._characters > KEPT and len(self._kept) > 1:
                self._characters -= self._kept.popitem(last=False)[1].size
        return read

    def _read_text_version(self, document_id: str, version: str) -> str:
        return version_of(self._read(document_id, version).text)
