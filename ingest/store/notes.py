"""Small JSON objects by kind and name in a collection of a Chroma server, for whoever shares that server."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from ingest.errors import IngestError, StoreUnreachable
from ingest.store.chroma_client import server_client

_NOWHERE = [0.0]  # Chroma wants a vector for everything
_PAGE = 1_000

_Found = TypeVar("_Found")


class Notes:
    """The collection ``name`` at ``url``. It connects when first used; raises `StoreUnreachable`."""

    def __init__(self, url: str, name: str) -> None:
        self._url = url
        self._name = name
        self._collection: Any = None

    def get(self, kind: str, name: str) -> dict[str, Any] | None:
        entries = self._do(lambda notes: notes.get(ids=[_id(kind, name)], include=["documents"]))
        return dict(json.loads(entries["documents"][0])) if entries["ids"] else None

    def all(self, kind: str) -> dict[str, dict[str, Any]]:
        """Everything of a kind, by name."""
        notes: dict[str, dict[str, Any]] = {}
        offset, more = 0, True
        while more:
            page = self._do(partial(_page, kind=kind, offset=offset))
            names = [str(data["name"]) for data in page["metadatas"]]
            notes |= {name: json.loads(text) for name, text in zip(names, page["documents"], strict=True)}
            offset, more = offset + _PAGE, len(names) == _PAGE
        return dict(sorted(notes.items()))

    def put(self, kind: str, name: str, data: dict[str, Any]) -> None:
        self._do(lambda notes: notes.upsert(**_note(kind, name, data)))

    def add(self, kind: str, name: str, data: dict[str, Any]) -> dict[str, Any]:
        """Put it unless there is something by that name already; returns what is there then."""
        # Chroma leaves alone what is there already, and says nothing.
        self._do(lambda notes: notes.add(**_note(kind, name, data)))
        return self.get(kind, name) or data

    def delete(self, kind: str, name: str) -> None:
        self._do(lambda notes: notes.delete(ids=[_id(kind, name)]))

    def _do(self, act: Callable[[Any], _Found]) -> _Found:
        try:
            if self._collection is None:
                client = server_client(self._url)
                self._collection = client.get_or_create_collection(self._name, embedding_function=None)
            return act(self._collection)
        except IngestError:
            raise
        except Exception as error:  # Chroma's own errors, and those of the HTTP client below it
            raise StoreUnreachable(
                f"The Chroma server at {self._url} does not answer ({error}). Check ASSISTANT_CHROMA_URL."
            ) from error


def _id(kind: str, name: str) -> str:
    return f"{kind}:{name}"


def _note(kind: str, name: str, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "ids": [_id(kind, name)],
        "embeddings": [_NOWHERE],
        "documents": [json.dumps(data)],
        "metadatas": [{"kind": kind, "name": name}],
    }


def _page(collection: Any, kind: str, offset: int) -> Any:
    return collection.get(
        where={"kind": kind}, limit=_PAGE, offset=offset, include=["documents", "metadatas"]
    )
