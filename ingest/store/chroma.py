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
from chromadb.errors import (
    AuthorizationError,
    BatchSizeExceededError,
    ChromaAuthError,
    DuplicateIDError,
    IDAlreadyExistsError,
    InvalidArgumentError,
    InvalidDimensionException,
    InvalidHTTPVersion,
    InvalidUUIDError,
    NotFoundError,
    QuotaError,
    RateLimitError,
    UniqueConstraintError,
    VersionMismatchError,
)

from ingest.embedding import Vectors
from ingest.errors import StoreError, StoreUnreachable
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
)
from ingest.store.state import SharedState
from ingest.types import Passage, Record

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 60.0
# Measured against exact search: see benchmarks/README.md.
# How SQLite says that its file is no database, or that it may not be written.
_DAMAGED = ("malformed", "not a database", "corrupt", "(code: 11)", "(code: 26)")
_UNWRITABLE = ("readonly", "read-only", "permission denied", "unable to open", "(code: 8)", "(code: 14)")
_REFUSED = (
    BatchSizeExceededError,
    DuplicateIDError,
    IDAlreadyExistsError,
    InvalidArgumentError,
    InvalidDimensionException,
    InvalidHTTPVersion,
    InvalidUUIDError,
    UniqueConstraintError,
    VersionMismatchError,
)
_FILTERED = 10_000  # documents that one query is restricted to
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

    def delete_records(self, ids: Sequence[str]) -> None:
        for some in batches(ids):
            self._documents.delete(ids=some)

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
        answers = (self._passages.get(ids=some, include=["documents", "metadatas"]) for some in batches(ids))
        return {
            key: (passage_of(key, text, data), str(data["version"]))
            for rows in answers
            for key, text, data in zip(rows["ids"], rows["documents"], rows["metadatas"], strict=True)
        }

    def vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """The vectors of those of ``ids`` that are there, each of shape (dimensions,)."""
        answers = (self._passages.get(ids=some, include=["embeddings"]) for some in batches(ids))
        return {
            key: np.asarray(vector, dtype=np.float32)
            for rows in answers
            for key, vector in zip(rows["ids"], rows["embeddings"], strict=True)
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

    def drop(self) -> None:
        """Delete this model's collections."""
        for noun in ("passages", "documents"):
            self._client.delete_collection(f"{noun}-{self.fingerprint}")

    def close(self) -> None:
        """Close the client: Chroma's files are closed when their last client is."""
        self._client.close()


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
    try:
        folder.mkdir(parents=True, exist_ok=True)
        client = chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
    except Exception as error:  # Chroma's own errors, SQLite's, and bare ones of its Rust half
        raise local_failure(folder, error) from error
    return _Translating(client, lambda: _local_failures(folder))


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
    return _Translating(client, lambda: _server_failures(url))


class _Translating:
    """A client or a collection of Chroma's whose failures are errors of this package."""

    def __init__(self, inner: Any, failures: Callable[[], AbstractContextManager[None]]) -> None:
        self._inner = inner
        self._failures = failures

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inner, name)

        def call(*arguments: Any, **options: Any) -> Any:
            with self._failures():
                result = method(*arguments, **options)
            return _Translating(result, self._failures) if isinstance(result, chromadb.Collection) else result

        return call


@contextmanager
def _local_failures(folder: Path) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # Chroma's own errors, SQLite's, and bare ones of its Rust half
        raise local_failure(folder, error) from error


@contextmanager
def _server_failures(url: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # Chroma's own errors, those of the HTTP client below it, and bare ones
        raise server_failure(url, error) from error


def local_failure(folder: Path, error: Exception) -> StoreError:
    """What a failure of Chroma in this process means, and what to do."""
    text = str(error) or type(error).__name__
    if _is_disk_full(text):
        return StoreError(
            f"The disk is full: the index in {folder} cannot be written ({text}). Free some space."
        )
    if any(sign in text.lower() for sign in _DAMAGED):
        return StoreError(
            f"The index in {folder} is damaged ({text}). Restore the data folder from a backup."
        )
    if any(sign in text.lower() for sign in _UNWRITABLE):
        return StoreError(
            f"The index in {folder} cannot be written ({text}). Check whose the folder is, and its permissions."
        )
    return StoreError(f"The index in {folder} cannot be read or written: {text}")


def server_failure(url: str, error: Exception) -> StoreError:
    """What a failure of a Chroma server, or of the way to it, means, and what to do."""
    text = str(error) or type(error).__name__
    check = "Check ASSISTANT_CHROMA_URL, and that it is running."
    if isinstance(error, NotFoundError):
        return StoreError(
            f"The index at {url} is not the one that was opened: it was made anew, or for another embedding "
            "model. Restart this server."
        )
    if isinstance(error, (httpx.TimeoutException, TimeoutError)):
        return StoreUnreachable(f"The Chroma server at {url} does not answer in time ({text}). {check}")
    if isinstance(error, (httpx.TransportError, ConnectionError)) or "Could not connect to" in text:
        return StoreUnreachable(f"The Chroma server at {url} does not answer ({text}). {check}")
    if isinstance(error, (ChromaAuthError, AuthorizationError)):
        return StoreError(f"The Chroma server at {url} refuses access ({text}). Check its credentials.")
    if isinstance(error, (RateLimitError, QuotaError)):
        return StoreError(
            f"The Chroma server at {url} has reached a limit ({text}). Wait, or raise its limit."
        )
    if _is_disk_full(text):
        return StoreError(f"The disk of the Chroma server at {url} is full ({text}). Free some space there.")
    if any(sign in text.lower() for sign in _DAMAGED):
        return StoreError(f"The data of the Chroma server at {url} is damaged ({text}). Restore its backup.")
    if isinstance(error, _REFUSED):
        return StoreError(f"The Chroma server at {url} refuses the request ({text}). Check its version.")
    if _is_of_a_proxy(error):  # what stands before a server that is starting, or has stopped
        return StoreUnreachable(f"The Chroma server at {url} does not answer ({text}). {check}")
    return StoreError(f"The Chroma server at {url} failed: {text}. Its log may say more.")


def _is_disk_full(text: str) -> bool:
    return any(sign in text.lower() for sign in ("disk is full", "no space left", "(code: 13)"))


def _is_of_a_proxy(error: Exception) -> bool:
    """Whether it is an HTTP error of a server that has no Chroma at hand, which Chroma's client may pass on as text."""
    if isinstance(error, httpx.HTTPStatusError):
        return error.response.status_code in (502, 503, 504)
    return any(sign in str(error) for sign in ("502 Bad Gateway", "503 Service", "504 Gateway"))


def _texts(collection: Any, where: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for found in pages(collection, where, ["documents", "metadatas"]):
        yield from zip(found["ids"], found["documents"], found["metadatas"], strict=True)
