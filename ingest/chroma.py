"""Chroma: the record of everything indexed. Passages, their vectors and texts, and the catalogue."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import chromadb
import numpy as np
from chromadb.config import Settings
from chromadb.errors import ChromaError

from ingest.embedding import Vectors
from ingest.errors import StoreError, StoreUnreachable
from ingest.types import Passage, Record

BATCH = 2_000
# Measured against exact search: see benchmarks/README.md.
HNSW = {"space": "cosine", "ef_construction": 200, "ef_search": 256, "max_neighbors": 24}


@dataclass(frozen=True, slots=True)
class Intent:
    """A change under way: which document, to which version; None when it is being removed."""

    id: str
    document_id: str
    version: str | None


class ChromaStore:
    """Two collections per embedding model, and one of state (intents, the model in use, the revision)."""

    def __init__(self, client: Any, fingerprint: str) -> None:
        self._client = client
        self.fingerprint = fingerprint
        self._state = client.get_or_create_collection("state", embedding_function=None)
        self._passages = self._collection("passages")
        self._documents = self._collection("documents")

    def _collection(self, noun: str) -> Any:
        return self._client.get_or_create_collection(
            f"{noun}-{self.fingerprint}", embedding_function=None, configuration={"hnsw": HNSW}
        )

    # -- documents ---------------------------------------------------------------------------

    def records(self) -> list[Record]:
        """The whole catalogue."""
        return [_record(key, data) for key, data in _pages(self._documents)]

    def put_records(self, records: Sequence[Record], vectors: Vectors) -> None:
        """Commit documents: from here on the passages of these versions are the ones that count."""
        if records:
            self._documents.upsert(
                ids=[record.id for record in records],
                embeddings=vectors,
                metadatas=[_record_data(record) for record in records],
            )

    def delete_records(self, ids: Sequence[str]) -> None:
        if ids:
            self._documents.delete(ids=list(ids))

    # -- passages ----------------------------------------------------------------------------

    def put_passages(self, passages: Sequence[tuple[Passage, str]], vectors: Vectors) -> None:
        """Store passages, each with its document's version; ``vectors`` has one row for each."""
        for first in range(0, len(passages), BATCH):
            batch = passages[first : first + BATCH]
            self._passages.upsert(
                ids=[passage.id for passage, _ in batch],
                embeddings=vectors[first : first + BATCH],
                documents=[passage.text for passage, _ in batch],
                metadatas=[_passage_data(passage, version) for passage, version in batch],
            )

    def passages_of(self, document_id: str, version: str) -> list[Passage]:
        """A document version's passages in the order of the text."""
        where = {"$and": [{"document_id": document_id}, {"version": version}]}
        found = [_passage(key, text, data) for key, text, data in _texts(self._passages, where)]
        return sorted(found, key=lambda passage: passage.start)

    def passages(self, ids: Sequence[str]) -> dict[str, tuple[Passage, str]]:
        """Passages by id, each with its version; unknown ids are left out."""
        found = self._passages.get(ids=list(ids), include=["documents", "metadatas"]) if ids else {"ids": []}
        rows = zip(found["ids"], found.get("documents") or (), found.get("metadatas") or (), strict=False)
        return {key: (_passage(key, text, data), str(data["version"])) for key, text, data in rows}

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
        pages = (
            self._passages.get(limit=length, offset=step * run, include=[])["ids"] for run in range(runs)
        )
        return [key for page in pages for key in page]

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

    def delete_passages_except(self, document_id: str, version: str) -> None:
        self._passages.delete(where={"$and": [{"document_id": document_id}, {"version": {"$ne": version}}]})

    # -- state -------------------------------------------------------------------------------

    def put_intents(self, intents: Sequence[Intent]) -> None:
        if intents:
            self._state.upsert(
                ids=[intent.id for intent in intents],
                embeddings=[[0.0]] * len(intents),
                metadatas=[
                    {"kind": "intent", "document_id": one.document_id, "version": one.version or ""}
                    for one in intents
                ],
            )

    def intents(self) -> list[Intent]:
        found = self._state.get(where={"kind": "intent"}, include=["metadatas"])
        rows = zip(found["ids"], found["metadatas"] or (), strict=True)
        return [Intent(key, str(data["document_id"]), str(data["version"]) or None) for key, data in rows]

    def delete_intents(self, intents: Sequence[Intent]) -> None:
        if intents:
            self._state.delete(ids=[intent.id for intent in intents])

    def note(self, name: str) -> dict[str, Any]:
        """What was last noted under ``name``; empty where nothing was."""
        found = self._state.get(ids=[name], include=["metadatas"])
        return dict(found["metadatas"][0]) if found["ids"] else {}

    def put_note(self, name: str, data: dict[str, Any]) -> None:
        self._state.upsert(ids=[name], embeddings=[[0.0]], metadatas=[{**data, "kind": "note"}])

    def touch(self) -> str:
        """Give the index a new revision, and return it: replicas compare it to know of changes."""
        revision = uuid.uuid4().hex[:12]
        self.put_note("revision", {"revision": revision})
        return revision

    def revision(self) -> str:
        return str(self.note("revision").get("revision", ""))

    def drop(self) -> None:
        """Delete this model's collections."""
        for noun in ("passages", "documents"):
            self._client.delete_collection(f"{noun}-{self.fingerprint}")


def store_in_use(client: Any) -> ChromaStore | None:
    """The collections of the embedding model that made what is there; None where nothing is."""
    state = client.get_or_create_collection("state", embedding_function=None)
    found = state.get(ids=["model"], include=["metadatas"])["metadatas"]
    return ChromaStore(client, str(found[0]["fingerprint"])) if found else None


def connect(folder: Path, url: str) -> Any:
    """Chroma on the server at ``url``, or, without one, in this process with its files under ``folder``."""
    return server_client(url) if url else local_client(folder / "chroma")


def local_client(folder: Path) -> Any:
    """Chroma in this process, stored under ``folder``; telemetry off."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
    except (ChromaError, ValueError, OSError) as error:
        raise StoreError(f"The index in {folder} cannot be opened: {error}") from error


def server_client(url: str) -> Any:
    """Chroma on a server, ``http(s)://host[:port]``."""
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    try:
        return chromadb.HttpClient(
            host=parts.hostname or "localhost",
            port=parts.port or (443 if secure else 8000),
            ssl=secure,
            settings=Settings(anonymized_telemetry=False),
        )
    except (ChromaError, ValueError, OSError) as error:
        raise StoreUnreachable(
            f"No Chroma server answers at {url} ({error}). Check ASSISTANT_CHROMA_URL."
        ) from error


def _pages(collection: Any, where: dict[str, Any] | None = None) -> Iterator[tuple[str, dict[str, Any]]]:
    for found in _gets(collection, where, ["metadatas"]):
        yield from zip(found["ids"], found["metadatas"], strict=True)


def _texts(collection: Any, where: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for found in _gets(collection, where, ["documents", "metadatas"]):
        yield from zip(found["ids"], found["documents"], found["metadatas"], strict=True)


def _gets(collection: Any, where: dict[str, Any] | None, include: list[str]) -> Iterator[dict[str, Any]]:
    """All matching records a page at a time: a get without a limit fails past some tens of thousands."""
    offset = 0
    while True:
        found = collection.get(where=where, limit=BATCH, offset=offset, include=include)
        yield found
        if len(found["ids"]) < BATCH:
            return
        offset += BATCH


def _passage_data(passage: Passage, version: str) -> dict[str, Any]:
    return {
        "document_id": passage.document_id,
        "version": version,
        "start": passage.start,
        "end": passage.end,
        "page": passage.page or 0,
        "heading": passage.heading,
    }


def _passage(key: str, text: str, data: dict[str, Any]) -> Passage:
    return Passage(
        id=key,
        document_id=str(data["document_id"]),
        text=text,
        start=int(data["start"]),
        end=int(data["end"]),
        page=int(data["page"]) or None,
        heading=str(data["heading"]),
    )


def _record_data(record: Record) -> dict[str, Any]:
    return {
        "version": record.version,
        "source": record.source,
        "title": record.title,
        "published": record.published.isoformat() if record.published else "",
        "authors": json.dumps(record.authors, ensure_ascii=False),
        "language": record.language,
        "media_type": record.media_type,
        "sha256": record.sha256,
        "page_starts": json.dumps(record.page_starts),
        "passages": record.passages,
        "characters": record.characters,
        "added": record.added.isoformat(),
    }


def _record(key: str, data: dict[str, Any]) -> Record:
    return Record(
        id=key,
        version=str(data["version"]),
        source=str(data["source"]),
        title=str(data["title"]),
        published=date.fromisoformat(str(data["published"])) if data["published"] else None,
        authors=tuple(json.loads(str(data["authors"]))),
        language=str(data["language"]),
        media_type=str(data["media_type"]),
        sha256=str(data["sha256"]),
        page_starts=tuple(json.loads(str(data["page_starts"]))),
        passages=int(data["passages"]),
        characters=int(data["characters"]),
        added=datetime.fromisoformat(str(data["added"])),
    )
