"""Documents read back: their passages, their texts, and what names a text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ingest.store.chroma import ChromaStore
from ingest.store.read_last import ReadLast
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


_GONE = _Read((), "")


class StoredTexts:
    """The texts of an index's documents; ``record`` gives the current record of an id. Thread-safe."""

    def __init__(self, store: ChromaStore, record: RecordOf) -> None:
        self._store = store
        self._record = record
        # Versions never change, so what was read of one stays true.
        # One that is larger than all that is kept is kept alone.
        self._versions = ReadLast(self._read_versions, KEPT, lambda read: min(read.size, KEPT))
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
        """A version; an empty one where it is gone."""
        key = (document_id, version)
        return self._versions.some([key]).get(key, _GONE)

    def _read_versions(self, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], _Read]:
        read = {key: tuple(self._store.passages_of(*key)) for key in keys}
        return {
            key: _Read(passages, "".join(passage.text for passage in passages))
            for key, passages in read.items()
            if passages
        }

    def _read_text_version(self, document_id: str, version: str) -> str:
        return version_of(self._read(document_id, version).text)
