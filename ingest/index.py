"""The one door to storage: Chroma holds the record, Tantivy a lexical index derived from it.

A document is committed by one write, that of its record. Around it stands an intent, so that
a process killed at any instant leaves a note of what to finish or to undo at the next start.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import numpy as np

from ingest.chroma import ChromaStore, Intent, local_client, server_client
from ingest.embedding import Embedder, Vectors
from ingest.errors import ModelMismatch
from ingest.lexical import Background, Entry, LexicalIndex, Term, sync
from ingest.locking import FolderLock
from ingest.types import Document, Heading, Passage, Record

SAMPLE = 768


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A document ready to be stored: its passages and their vectors, shape (passages, dimensions)."""

    document: Document
    passages: Sequence[Passage]
    vectors: Vectors


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
        cls, folder: Path, embedder: Embedder, *, chroma_url: str = "", command: str = "assistant"
    ) -> Index:
        """The index in ``folder``, or on a Chroma server.

        Raises `StoreLocked`, `StoreUnreachable` or `ModelMismatch`.
        """
        lock = FolderLock(folder, command)
        try:
            client = server_client(chroma_url) if chroma_url else local_client(folder / "chroma")
            store = ChromaStore(client, embedder.fingerprint, embedder.dimensions)
            _check_model(store, client, embedder)
            return cls(store, LexicalIndex(folder / "lexical" / embedder.fingerprint), lock)
        except BaseException:
            lock.release()
            raise

    def close(self) -> None:
        self._lexical.close()
        self.lock.release()

    # -- writing -----------------------------------------------------------------------------

    def put(self, batch: Sequence[Prepared]) -> list[Record]:
        """Store documents, each wholly or not at all; a document of the same id is replaced."""
        with self._writing:
            records = [_record(prepared) for prepared in batch]
            before = {record.id: self._records.get(record.id) for record in records}
            intents = [_intent(record.id, record.version) for record in records]
            self._store.put_intents(intents)
            pairs = [(p, r.version) for prepared, r in zip(batch, records, strict=True) for p in prepared.passages]
            self._store.put_passages(pairs, np.concatenate([prepared.vectors for prepared in batch]))
            self._store.put_records(records, np.stack([_mean(prepared.vectors) for prepared in batch]))
            self._records |= {record.id: record for record in records}
            self._drop_old([old for old in before.values() if old is not None])
            self._store.delete_intents(intents)
            self._lexical.update(
                [entry for one, record in zip(batch, records, strict=True) for entry in _entries(record, one.passages)],
                [_key(old) for old in before.values() if old is not None],
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
            self._lexical.update([], [_key(record) for record in records])
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
        by_key = {_key(record): record for record in self._records.values()}
        stale, missing = sync(self._lexical, {key: record.passages for key, record in by_key.items()})
        for first in range(0, max(len(stale), len(missing)), 500):
            records = [by_key[key] for key in missing[first : first + 500]]
            entries = [entry for record in records for entry in _entries(record, self.passages_of(record.id))]
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
        return self._store.vectors_by_id(ids)

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

    def share_holding(self, word: str) -> float:
        """The share of passages that may hold ``word``, in (0, 1]."""
        return self._lexical.share_holding(word)

    def _sample_vectors(self) -> Vectors:
        if self._sample is None:
            self._sample = (self.passages, self._store.vectors(self._store.sample_ids(SAMPLE)))
        return self._sample[1]

    def documents(self) -> Iterator[Document]:
        """Every document with its text, as it was ingested."""
        for record in self.records():
            yield self.document(record)

    def document(self, record: Record) -> Document:
        """A record's whole document, its headings taken from its passages."""
        passages = self.passages_of(record.id)
        return Document(
            id=record.id,
            source=record.source,
            title=record.title,
            text="".join(passage.text for passage in passages),
            published=record.published,
            authors=record.authors,
            language=record.language,
            media_type=record.media_type,
            sha256=record.sha256,
            page_starts=record.page_starts,
            headings=_headings(passages),
        )


def rebuild(
    folder: Path, embedder: Embedder, prepare: Callable[[Document], Prepared], *, chroma_url: str = ""
) -> Iterator[tuple[int, int]]:
    """Re-embed everything with another model beside the old index, then switch to it.

    Yields (documents done, documents in all). Killed on the way, the old index stays in use.
    """
    lock = FolderLock(folder, "assistant reindex")
    try:
        client = server_client(chroma_url) if chroma_url else local_client(folder / "chroma")
        fresh = ChromaStore(client, embedder.fingerprint, embedder.dimensions)
        model = fresh.note("model")
        if model.get("fingerprint") in (None, embedder.fingerprint):
            _adopt(fresh, embedder)
            return
        old = ChromaStore(client, str(model["fingerprint"]), int(model["dimensions"]))
        yield from _copy(old, fresh, prepare)
        _adopt(fresh, embedder)
        old.drop()
    finally:
        lock.release()


def _copy(
    old: ChromaStore, fresh: ChromaStore, prepare: Callable[[Document], Prepared]
) -> Iterator[tuple[int, int]]:
    records = old.records()
    for number, record in enumerate(records, 1):
        passages = old.passages_of(record.id, record.version)
        document = Document(
            id=record.id,
            source=record.source,
            title=record.title,
            text="".join(passage.text for passage in passages),
            published=record.published,
            authors=record.authors,
            language=record.language,
            media_type=record.media_type,
            sha256=record.sha256,
            page_starts=record.page_starts,
            headings=_headings(passages),
        )
        prepared = prepare(document)
        fresh.delete_passages_except(record.id, "")
        fresh.put_passages([(passage, record.version) for passage in prepared.passages], prepared.vectors)
        fresh.put_records([_record(prepared, record.added)], _mean(prepared.vectors).reshape(1, -1))
        yield number, len(records)


def _check_model(store: ChromaStore, client: object, embedder: Embedder) -> None:
    """Raise `ModelMismatch` where another model made the index; a new or empty one is this model's."""
    model = store.note("model")
    if model.get("fingerprint") == embedder.fingerprint:
        return
    if model and ChromaStore(client, str(model["fingerprint"]), int(model["dimensions"])).records():
        raise ModelMismatch(
            f"The index was made with the embedding model {model['name']!r}, and {embedder.name!r} is configured. "
            f"Run `assistant reindex` to embed everything anew, or set ASSISTANT_EMBEDDING_MODEL={model['name']}."
        )
    _adopt(store, embedder)


def _adopt(store: ChromaStore, embedder: Embedder) -> None:
    data = {"fingerprint": embedder.fingerprint, "name": embedder.name, "dimensions": embedder.dimensions}
    store.put_note("model", data)


def _intent(document_id: str, version: str | None) -> Intent:
    return Intent(f"intent-{uuid.uuid4().hex}", document_id, version)


def _key(record: Record) -> str:
    return f"{record.id}:{record.version}"


def _entries(record: Record, passages: Sequence[Passage]) -> list[Entry]:
    return [
        Entry(passage.id, record.id, _key(record), f"{record.title}\n{passage.heading}\n{passage.text}")
        for passage in passages
    ]


def _mean(vectors: Vectors) -> Vectors:
    mean = vectors.mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), dtype=np.float32)


def _headings(passages: Sequence[Passage]) -> tuple[Heading, ...]:
    found: list[Heading] = []
    for passage in passages:
        if passage.heading and (not found or found[-1].text != passage.heading):
            found.append(Heading(start=passage.start, text=passage.heading))
    return tuple(found)


def _record(prepared: Prepared, added: datetime | None = None) -> Record:
    document = prepared.document
    return Record(
        id=document.id,
        version=document.version,
        source=document.source,
        title=document.title,
        published=document.published,
        authors=document.authors,
        language=document.language,
        media_type=document.media_type,
        sha256=document.sha256,
        page_starts=document.page_starts,
        passages=len(prepared.passages),
        characters=len(document.text),
        added=added or datetime.now(UTC),
    )
