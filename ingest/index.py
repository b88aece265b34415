"""The one door to storage: Chroma holds the record, Tantivy a lexical index derived from it.

A document is committed by one write, that of its record. Around it stands an intent, so that
a process killed at any instant leaves a note of what to finish or to undo at the next start.
"""

from __future__ import annotations

import math
import threading
import uuid
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from ingest.chroma import ChromaStore, Intent, connect, store_in_use
from ingest.embedding import Embedder, Vectors
from ingest.lexical import Background, LexicalIndex, Term, sync
from ingest.locking import FolderLock
from ingest.models import check_model
from ingest.records import Prepared, entries_of, key_of, mean_of, record_of
from ingest.types import Passage, Record

SAMPLE = 768


class Index:
    """Documents and passages, findable by meaning and by spelling. Thread-safe."""

    def __init__(self, store: ChromaStore, lexical: LexicalIndex, lock: FolderLock) -> None:
        self._store = store
        self._lexical = lexical
        self.lock = lock
        self._writing = threading.RLock()
        self._records: dict[str, Record] = {}
        self._sample: tuple[int, Vectors] | None = None
        self._text = lru_cache(maxsize=64)(self._read_text)
        self.revision = ""
        self.recover()

    @classmethod
    def open(
        cls,
        folder: Path,
        embedder: Embedder,
        *,
        chroma_url: str = "",
        command: str = "assistant",
        lock: FolderLock | None = None,
    ) -> Index:
        """The index in ``folder``, or on a Chroma server. ``lock`` is given by who holds the folder already.

        Raises `StoreLocked`, `StoreUnreachable` or `ModelMismatch`, the lock released.
        """
        lock = lock or FolderLock(folder, command)
        try:
            client = connect(folder, chroma_url)
            store = ChromaStore(client, embedder.fingerprint)
            check_model(store, client, embedder)
            return cls(store, LexicalIndex(folder / "lexical" / embedder.fingerprint), lock)
        except BaseException:
            lock.release()
            raise

    @classmethod
    def open_stored(cls, folder: Path, lock: FolderLock, *, chroma_url: str = "") -> Index | None:
        """The index as the model that made it left it, for what needs no model; None where there is none yet.

        It lists and removes documents in a second, where loading a model takes ten.
        """
        store = store_in_use(connect(folder, chroma_url))
        return cls(store, LexicalIndex(folder / "lexical" / store.fingerprint), lock) if store else None

    def close(self) -> None:
        self._lexical.close()
        self.lock.release()

    # -- writing -----------------------------------------------------------------------------

    def put(self, batch: Sequence[Prepared]) -> list[Record]:
        """Store documents, each wholly or not at all; a document of the same id is replaced."""
        with self._writing:
            records = [record_of(prepared) for prepared in batch]
            before = {record.id: self._records.get(record.id) for record in records}
            intents = [_intent(record.id, record.version) for record in records]
            self._store.put_intents(intents)
            pairs = [
                (p, r.version) for prepared, r in zip(batch, records, strict=True) for p in prepared.passages
            ]
            self._store.put_passages(pairs, np.concatenate([prepared.vectors for prepared in batch]))
            self._store.put_records(records, np.stack([mean_of(prepared.vectors) for prepared in batch]))
            self._records |= {record.id: record for record in records}
            self._drop_old([old for old in before.values() if old is not None])
            self._store.delete_intents(intents)
            self._lexical.update(
                [
                    entry
                    for one, record in zip(batch, records, strict=True)
                    for entry in entries_of(record, one.passages)
                ],
                [key_of(old) for old in before.values() if old is not None],
            )
            self._changed()
            return records

    def remove(self, ids: Sequence[str]) -> list[Record]:
        """Remove documents; unknown ids are passed over. Returns what was removed."""
        with self._writing:
            records = [self._records[key] for key in dict.fromkeys(ids) if key in self._records]
            intents = [_intent(record.id, None) for record in records]
            self._store.put_intents(intents)
            self._store.delete_records([record.id for record in records])
            for record in records:
                del self._records[record.id]
                self._store.delete_passages(record.id, record.version)
            self._store.delete_intents(intents)
            self._lexical.update([], [key_of(record) for record in records])
            self._changed()
            return records

    def recover(self) -> None:
        """Finish or undo what a killed process left, then bring the lexical index in step."""
        with self._writing:
            self._records = {record.id: record for record in self._store.records()}
            intents = self._store.intents()
            for intent in intents:
                self._settle(intent)
            self._store.delete_intents(intents)
            self._sync_lexical()
            self._changed(new=bool(intents))

    def _settle(self, intent: Intent) -> None:
        record = self._records.get(intent.document_id)
        if record is not None and intent.version is None:
            self._store.delete_records([record.id])
            del self._records[record.id]
            record = None
        self._store.delete_passages_except(intent.document_id, record.version if record else "")

    def _sync_lexical(self) -> None:
        by_key = {key_of(record): record for record in self._records.values()}
        stale, missing = sync(self._lexical, {key: record.passages for key, record in by_key.items()})
        for first in range(0, max(len(stale), len(missing)), 500):
            records = [by_key[key] for key in missing[first : first + 500]]
            entries = [
                entry for record in records for entry in entries_of(record, self.passages_of(record.id))
            ]
            self._lexical.update(entries, stale[first : first + 500])

    def _drop_old(self, replaced: Sequence[Record]) -> None:
        for old in replaced:
            if self._records[old.id].version != old.version:
                self._store.delete_passages(old.id, old.version)

    def _changed(self, new: bool = True) -> None:
        self.revision = self._store.touch() if new or not self._store.revision() else self._store.revision()
        self._text.cache_clear()
        if self._sample is not None and abs(self._sample[0] - self.passages) > 0.1 * self._sample[0]:
            self._sample = None

    # -- reading -----------------------------------------------------------------------------

    @property
    def passages(self) -> int:
        """How many passages are in the index."""
        return sum(record.passages for record in list(self._records.values()))

    @property
    def languages(self) -> dict[str, int]:
        """The languages of the documents, each with its number of documents, most frequent first."""
        found: dict[str, int] = {}
        for record in self.records():
            found[record.language] = found.get(record.language, 0) + 1
        return dict(sorted(found.items(), key=lambda item: -item[1]))

    def records(self) -> list[Record]:
        """The catalogue, newest first."""
        return sorted(self._records.values(), key=lambda record: (record.added, record.id), reverse=True)

    def record(self, document_id: str) -> Record | None:
        return self._records.get(document_id)

    def passages_of(self, document_id: str) -> list[Passage]:
        """A document's passages in order; empty for an unknown document."""
        record = self._records.get(document_id)
        return self._store.passages_of(record.id, record.version) if record else []

    def text(self, document_id: str) -> str:
        """A document's whole text; empty for an unknown document."""
        record = self._records.get(document_id)
        return self._text(record.id, record.version) if record else ""

    def _read_text(self, document_id: str, version: str) -> str:
        return "".join(passage.text for passage in self._store.passages_of(document_id, version))

    def fetch(self, ids: Sequence[str]) -> dict[str, tuple[Passage, Record]]:
        """Passages by id with their documents; only those of committed versions."""
        found = self._store.passages(ids)
        return {
            key: (passage, record)
            for key, (passage, version) in found.items()
            if (record := self._records.get(passage.document_id)) and record.version == version
        }

    def vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """The vectors of those passages that are there, each of shape (dimensions,)."""
        return self._store.vectors(ids)

    def nearest(self, vector: Vectors, limit: int, documents: Sequence[str] = ()) -> list[tuple[str, float]]:
        """Passage ids by meaning with their cosines, best first."""
        limit = min(limit, self.passages)
        return self._store.nearest(vector, limit, documents) if limit else []

    def spelled(
        self,
        terms: Sequence[Term],
        limit: int,
        documents: Sequence[str] = (),
        passages: Sequence[str] = (),
    ) -> list[tuple[str, float]]:
        """Passage ids by spelling with their BM25 scores, best first."""
        return self._lexical.search(terms, limit, documents, passages) if limit else []

    def dense_background(self, vector: Vectors) -> Background:
        """How similar ``vector`` is to passages at large, by a cached sample."""
        sample = self._sample_vectors()
        if not len(sample):
            return Background(0.0, 0.0, 0)
        cosines = sample @ vector
        return Background(float(cosines.mean()), float(cosines.std()), len(cosines))

    def lexical_background(self, terms: Sequence[Term]) -> Background:
        return self._lexical.background(terms)

    def rarity(self, forms: Sequence[str]) -> float:
        """How rare a word is: log(1 + 1 / share) of the passages that have its most usual form; at least log 2."""
        return math.log1p(1 / max(self.share_holding(form) for form in forms))

    def share_holding(self, word: str) -> float:
        """The share of passages that may hold ``word``, in (0, 1]."""
        return self._lexical.share_holding(word)

    def _sample_vectors(self) -> Vectors:
        if self._sample is None:
            vectors = list(self._store.vectors(self._store.sample_ids(SAMPLE)).values())
            self._sample = (self.passages, np.asarray(vectors, dtype=np.float32))
        return self._sample[1]


def _intent(document_id: str, version: str | None) -> Intent:
    return Intent(f"intent-{uuid.uuid4().hex}", document_id, version)
