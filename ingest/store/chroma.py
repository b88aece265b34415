"""The record of everything indexed, in Chroma: passages, their vectors and texts, and the catalogue."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import numpy as np

from ingest.embedding.types import SentenceVectors, Vectors
from ingest.store.serialisation import (
    PAGE,
    batches,
    metadata,
    metadata_of,
    pages,
    passage_data,
    passage_of,
    record_data,
    record_of,
    sentence_vectors_of,
)
from ingest.store.state import SharedState
from ingest.types import Passage, Record

_FILTERED = 10_000  # documents that one query is restricted to
_DELETED = 100  # entries deleted at a time
# Measured against exact search: see benchmarks/README.md.
HNSW = {"space": "cosine", "ef_construction": 200, "ef_search": 256, "max_neighbors": 24}


class ChromaStore:
    """Two collections per embedding model, one of state (intents, the model in use, the revision), one of earlier versions.

    Every method raises `StoreError` where Chroma fails, `StoreUnreachable` where its server does not answer.
    """

    def __init__(self, client: Any, fingerprint: str) -> None:
        self._client = client
        self.fingerprint = fingerprint
        self.state = SharedState(client.get_or_create_collection("state", embedding_function=None))
        self.earlier = client.get_or_create_collection("versions", embedding_function=None)
        self._passages = self._collection("passages")
        self._documents = self._collection("documents")

    def _collection(self, noun: str) -> Any:
        return self._client.get_or_create_collection(
            f"{noun}-{self.fingerprint}", embedding_function=None, configuration={"hnsw": HNSW}
        )

    # -- documents ---------------------------------------------------------------------------

    def records(self) -> list[Record]:
        """The whole catalogue."""
        return [record_of(key, data) for key, data in metadata(self._documents)]

    @property
    def model(self) -> str:
        """The name of the embedding model in use; empty where none is yet."""
        return str(self.state.note("model").get("name", ""))

    def made_by(self) -> tuple[str, int]:
        """The fingerprint of the embedding model in use, and the dimensions of its vectors, 0 where none is yet."""
        note = self.state.note("model")
        return str(note.get("model_fingerprint", self.fingerprint)), int(note.get("dimensions", 0))

    def has_documents(self) -> bool:
        return bool(self.count_documents())

    def count_documents(self) -> int:
        return int(self._documents.count())

    def committed(self, ids: Sequence[str]) -> dict[str, Record]:
        """The records of those of ``ids`` that are there, as they are this moment."""
        rows = (row for some in batches(ids) for row in metadata_of(self._documents, some))
        return {key: record_of(key, data) for key, data in rows}

    def put_records(self, records: Sequence[Record], vectors: Vectors) -> None:
        """Commit documents: from here on the passages of these versions are the ones that count."""
        for first in range(0, len(records), PAGE):
            batch = records[first : first + PAGE]
            self._documents.upsert(
                ids=[record.id for record in batch],
                embeddings=vectors[first : first + PAGE],
                metadatas=[record_data(record) for record in batch],
            )

    def near_documents(
        self, ids: Sequence[str], limit: int, least: float
    ) -> dict[str, list[tuple[str, float]]]:
        """For each of these documents those whose vectors are nearest to its own, with their cosines of at least ``least``."""
        limit = min(limit + 1, self._documents.count())
        near: dict[str, list[tuple[str, float]]] = {}
        for some in batches(ids):
            own = self._documents.get(ids=some, include=["embeddings"])
            if not own["ids"]:
                continue
            rows = self._documents.query(
                query_embeddings=own["embeddings"], n_results=limit, include=["distances"]
            )
            for key, others, distances in zip(own["ids"], rows["ids"], rows["distances"], strict=True):
                cosines = [1.0 - float(distance) for distance in distances]
                near[key] = [
                    (other, cosine)
                    for other, cosine in zip(others, cosines, strict=True)
                    if other != key and cosine >= least
                ]
        return near

    def delete_records(self, ids: Sequence[str]) -> None:
        for some in batches(ids):
            self._documents.delete(ids=some)

    # -- passages ----------------------------------------------------------------------------

    def put_passages(
        self,
        passages: Sequence[tuple[Passage, str]],
        vectors: Vectors,
        sentences: Sequence[SentenceVectors],
    ) -> None:
        """Store passages, each with its document's version; ``vectors`` has one row for each, as ``sentences`` has."""
        for first in range(0, len(passages), PAGE):
            batch = passages[first : first + PAGE]
            self._passages.upsert(
                ids=[passage.id for passage, _ in batch],
                embeddings=vectors[first : first + PAGE],
                documents=[passage.text for passage, _ in batch],
                metadatas=[
                    passage_data(passage, version, rows)
                    for (passage, version), rows in zip(batch, sentences[first : first + PAGE], strict=True)
                ],
            )

    def passages_of(self, document_id: str, version: str) -> list[Passage]:
        """A document version's passages in the order of the text."""
        where = {"$and": [{"document_id": document_id}, {"version": version}]}
        passages = [passage_of(key, text, data) for key, text, data in _texts(self._passages, where)]
        return sorted(passages, key=lambda passage: passage.start)

    def passages(self, ids: Sequence[str]) -> dict[str, tuple[Passage, str]]:
        """Passages by id, each with its version; unknown ids are left out."""
        return {key: (passage, version) for key, passage, version, _ in self.passages_with_sentences(ids)}

    def passages_with_sentences(
        self, ids: Sequence[str]
    ) -> Iterator[tuple[str, Passage, str, SentenceVectors | None]]:
        """Those of ``ids`` that are there, each with its version and what `sentence_vectors` gives of it, in no order."""
        for some in batches(ids):
            rows = self._passages.get(ids=some, include=["documents", "metadatas"])
            for key, text, data in zip(rows["ids"], rows["documents"], rows["metadatas"], strict=True):
                yield key, passage_of(key, text, data), str(data["version"]), sentence_vectors_of(data)

    def vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """The vectors of those of ``ids`` that are there, each of shape (dimensions,)."""
        answers = (self._passages.get(ids=some, include=["embeddings"]) for some in batches(ids))
        return {
            key: np.asarray(vector, dtype=np.float32)
            for rows in answers
            for key, vector in zip(rows["ids"], rows["embeddings"], strict=True)
        }

    def sentence_vectors(self, ids: Sequence[str]) -> dict[str, SentenceVectors]:
        """The vectors of the sentences of those of ``ids`` that have some, each of shape (sentences, dimensions)."""
        rows = (row for some in batches(ids) for row in metadata_of(self._passages, some))
        return {key: vectors for key, data in rows if (vectors := sentence_vectors_of(data)) is not None}

    def passage_ids(self) -> Iterator[str]:
        """The ids of all stored passages, also of those of no committed version."""
        for page in pages(self._passages, None, []):
            yield from page["ids"]

    def nearest(self, vector: Vectors, limit: int, documents: Sequence[str] = ()) -> list[tuple[str, float]]:
        """Passage ids with their cosine to ``vector``, best first; of ``documents`` only where there are any.

        Chroma binds a variable of SQLite to each document, of which there are 32,766: more documents are asked
        for in several queries, whose hits are merged.
        """
        if not documents:
            return self._nearest(vector, limit, None)
        parts = [documents[first : first + _FILTERED] for first in range(0, len(documents), _FILTERED)]
        hits = [
            hit
            for part in parts
            for hit in self._nearest(vector, limit, {"document_id": {"$in": list(part)}})
        ]
        return sorted(hits, key=lambda hit: -hit[1])[:limit]

    def _nearest(self, vector: Vectors, limit: int, where: dict[str, Any] | None) -> list[tuple[str, float]]:
        rows = self._passages.query(
            query_embeddings=vector.reshape(1, -1), n_results=limit, where=where, include=["distances"]
        )
        return [
            (key, 1.0 - float(distance))
            for key, distance in zip(rows["ids"][0], rows["distances"][0], strict=True)
        ]

    def delete_passages(self, document_id: str, version: str) -> None:
        self._passages.delete(where={"$and": [{"document_id": document_id}, {"version": version}]})

    def versions(self, document_ids: Collection[str]) -> set[tuple[str, str]]:
        """The versions of these documents of which there are passages: (document id, version)."""
        return {
            (str(data["document_id"]), str(data["version"]))
            for ids in batches(document_ids)
            for _, data in metadata(self._passages, {"document_id": {"$in": ids}})
        }

    def drop(self, fingerprint: str) -> None:
        """Delete a model's collections, a little at a time: while Chroma deletes, it answers nothing."""
        for noun in ("documents", "passages"):
            collection = self._client.get_or_create_collection(
                f"{noun}-{fingerprint}", embedding_function=None
            )
            while ids := collection.get(limit=_DELETED, include=[])["ids"]:
                began = time.monotonic()
                collection.delete(ids=ids)
                time.sleep(time.monotonic() - began)
            self._client.delete_collection(f"{noun}-{fingerprint}")

    def is_left(self) -> bool:
        """Whether another model's collections are those in use by now."""
        return self.state.note("model").get("fingerprint") not in (None, self.fingerprint)

    def close(self) -> None:
        """Close the client: Chroma's files are closed when their last client is."""
        self._client.close()


def store_in_use(client: Any) -> ChromaStore | None:
    """The collections of the embedding model that made what is there; None where nothing is."""
    state = SharedState(client.get_or_create_collection("state", embedding_function=None))
    used = state.note("model")
    return ChromaStore(client, str(used["fingerprint"])) if used else None


def model_in_use(client: Any) -> str:
    """The name of the embedding model that made what is there; empty where nothing is, so that any other may follow."""
    store = store_in_use(client)
    return store.model if store and store.has_documents() else ""


def _texts(collection: Any, where: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for page in pages(collection, where, ["documents", "metadatas"]):
        yield from zip(page["ids"], page["documents"], page["metadatas"], strict=True)
