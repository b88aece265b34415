"""Chroma: the record of everything indexed. Passages, their vectors and texts, and the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import chromadb
import httpx
import numpy as np
from chromadb.config import Settings
from chromadb.errors import ChromaError, NotFoundError

from ingest.embedding import Vectors
from ingest.errors import StoreError, StoreUnreachable
from ingest.store.serialisation import PAGE, metadata, pages, passage_data, passage_of, record_data, record_of
from ingest.store.state import SharedState
from ingest.types import Passage, Record

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 60.0
# Measured against exact search: see benchmarks/README.md.
HNSW = {"space": "cosine", "ef_construction": 200, "ef_search": 256, "max_neighbors": 24}


class ChromaStore:
    """Two collections per embedding model, and one of state (intents, the model in use, the revision).

    Every method raises `StoreError` where Chroma fails, `StoreUnreachable` where its server does not answer.
    """

    def __init__(self, client: Any, fingerprint: str) -> None:
        self._client = client
        self.fingerprint = fingerprint
        self.state = SharedState(client.get_or_create_collection("state", embedding_function=None))
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

    def committed(self, ids: Sequence[str]) -> dict[str, Record]:
        """The records of those of ``ids`` that are there, as they are this moment."""
        found = self._documents.get(ids=list(ids), include=["metadatas"]) if ids else {"ids": []}
        rows = zip(found["ids"], found.get("metadatas") or (), strict=False)
        return {key: record_of(key, data) for key, data in rows}

    def put_records(self, records: Sequence[Record], vectors: Vectors) -> None:
        """Commit documents: from here on the passages of these versions are the ones that count."""
        if records:
            self._documents.upsert(
                ids=[record.id for record in records],
                embeddings=vectors,
                metadatas=[record_data(record) for record in records],
            )

    def delete_records(self, ids: Sequence[str]) -> None:
        if ids:
            self._documents.delete(ids=list(ids))

    # -- passages ----------------------------------------------------------------------------

    def put_passages(self, passages: Sequence[tuple[Passage, str]], vectors: Vectors) -> None:
        """Store passages, each with its document's version; ``vectors`` has one row for each."""
        for first in range(0, len(passages), PAGE):
            batch = passages[first : first + PAGE]
            self._passages.upsert(
                ids=[passage.id for passage, _ in batch],
                embeddings=vectors[first : first + PAGE],
                documents=[passage.text for passage, _ in batch],
                metadatas=[passage_data(passage, version) for passage, version in batch],
            )

    def passages_of(self, document_id: str, version: str) -> list[Passage]:
        """A document version's passages in the order of the text."""
        where = {"$and": [{"document_id": document_id}, {"version": version}]}
        found = [passage_of(key, text, data) for key, text, data in _texts(self._passages, where)]
        return sorted(found, key=lambda passage: passage.start)

    def passages(self, ids: Sequence[str]) -> dict[str, tuple[Passage, str]]:
        """Passages by id, each with its version; unknown ids are left out."""
        found = self._passages.get(ids=list(ids), include=["documents", "metadatas"]) if ids else {"ids": []}
        rows = zip(found["ids"], found.get("documents") or (), found.get("metadatas") or (), strict=False)
        return {key: (passage_of(key, text, data), str(data["version"])) for key, text, data in rows}

    def vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """The vectors of those of ``ids`` that are there, each of shape (dimensions,)."""
        found = self._passages.get(ids=list(ids), include=["embeddings"]) if ids else {"ids": []}
        return {
            key: np.asarray(v, dtype=np.float32)
            for key, v in zip(found["ids"], found.get("embeddings", ()), strict=True)
        }

    def sample_ids(self, limit: int) -> list[str]:
        """Up to ``limit`` passage ids from evenly spaced places of the collection."""
        total = self._passages.count()
        if total <= limit:
            return list(self._passages.get(limit=limit, include=[])["ids"])
        runs = 16
        step, length = total // runs, limit // runs
        found = (
            self._passages.get(limit=length, offset=step * run, include=[])["ids"] for run in range(runs)
        )
        return [key for ids in found for key in ids]

    def nearest(self, vector: Vectors, limit: int, documents: Sequence[str] = ()) -> list[tuple[str, float]]:
        """Passage ids with their cosine to ``vector``, best first."""
        where = {"document_id": {"$in": list(documents)}} if documents else None
        found = self._passages.query(
            query_embeddings=vector.reshape(1, -1), n_results=limit, where=where, include=["distances"]
        )
        return [
            (key, 1.0 - float(far)) for key, far in zip(found["ids"][0], found["distances"][0], strict=True)
        ]

    def count_passages(self) -> int:
        return int(self._passages.count())

    def delete_passages(self, document_id: str, version: str) -> None:
        self._passages.delete(where={"$and": [{"document_id": document_id}, {"version": version}]})

    def versions(self, document_ids: Collection[str]) -> set[tuple[str, str]]:
        """The versions of these documents of which there are passages: (document id, version)."""
        where = {"document_id": {"$in": list(document_ids)}}
        return {
            (str(data["document_id"]), str(data["version"])) for _, data in metadata(self._passages, where)
        }

    def drop(self) -> None:
        """Delete this model's collections."""
        for noun in ("passages", "documents"):
            self._client.delete_collection(f"{noun}-{self.fingerprint}")


def store_in_use(client: Any) -> ChromaStore | None:
    """The collections of the embedding model that made what is there; None where nothing is."""
    state = SharedState(client.get_or_create_collection("state", embedding_function=None))
    used = state.note("model")
    return ChromaStore(client, str(used["fingerprint"])) if used else None


def connect(folder: Path, url: str) -> Any:
    """Chroma on the server at ``url``, or, without one, in this process with its files under ``folder``."""
    return server_client(url) if url else local_client(folder / "chroma")


def local_client(folder: Path) -> Any:
    """Chroma in this process, stored under ``folder``; telemetry off."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        client = chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
    except (ChromaError, ValueError, OSError) as error:
        raise StoreError(f"The index in {folder} cannot be opened: {error}") from error
    return _Told(client, lambda: _local_failures(folder))


def server_client(url: str) -> Any:
    """Chroma on a server, ``http(s)://host[:port]``. Raises `StoreUnreachable` where none answers."""
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    with _server_failures(url):
        client = chromadb.HttpClient(
            host=parts.hostname or "localhost",
            port=parts.port or (443 if secure else 8000),
            ssl=secure,
            settings=Settings(anonymized_telemetry=False),
        )
        # Chroma waits for ever, and has no setting for it: a server that hangs would hang every request.
        client._server._session.timeout = httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)  # type: ignore[attr-defined]
    return _Told(client, lambda: _server_failures(url))


class _Told:
    """A client or a collection of Chroma's whose failures are errors of this package."""

    def __init__(self, inner: Any, failures: Callable[[], AbstractContextManager[None]]) -> None:
        self._inner = inner
        self._failures = failures

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inner, name)

        def told(*arguments: Any, **options: Any) -> Any:
            with self._failures():
                result = method(*arguments, **options)
            return _Told(result, self._failures) if isinstance(result, chromadb.Collection) else result

        return told


@contextmanager
def _local_failures(folder: Path) -> Iterator[None]:
    try:
        yield
    except ChromaError as error:
        raise StoreError(f"The index in {folder} cannot be read or written: {error}") from error


@contextmanager
def _server_failures(url: str) -> Iterator[None]:
    try:
        yield
    except NotFoundError as error:
        raise StoreError(
            f"The index at {url} is not the one that was opened: it was made anew, or for another embedding "
            "model. Restart this server."
        ) from error
    except Exception as error:  # Chroma's own errors, those of the HTTP client below it, and bare ones
        raise StoreUnreachable(
            f"The Chroma server at {url} does not answer ({error or type(error).__name__}). "
            "Check ASSISTANT_CHROMA_URL, and that it is running."
        ) from error


def _texts(collection: Any, where: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for found in pages(collection, where, ["documents", "metadatas"]):
        yield from zip(found["ids"], found["documents"], found["metadatas"], strict=True)
