"""Where users, keys and sessions are stored: a file in the data folder, or the Chroma server that several servers share.

Each entry is a small JSON object under a kind and a name. Several processes may write to a store at a time, and each
reads at once what another has written. `CachedStore` answers from its last readings while the Chroma server is away.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar

from assistant.settings import Settings
from ingest.errors import StoreError, StoreUnreachable
from ingest.store.notes import Notes

_WAIT = 10.0  # seconds for another process that is writing
_TABLE = (
    "CREATE TABLE IF NOT EXISTS notes (kind TEXT, name TEXT, data TEXT NOT NULL, PRIMARY KEY (kind, name))"
)


class Store(Protocol):
    """Raises a `StoreError` where it cannot be read or written."""

    def get(self, kind: str, name: str) -> dict[str, Any] | None: ...
    def all(self, kind: str) -> dict[str, dict[str, Any]]:
        """Everything of a kind, by name."""

    def put(self, kind: str, name: str, data: dict[str, Any]) -> None: ...
    def add(self, kind: str, name: str, data: dict[str, Any]) -> dict[str, Any]:
        """Store it unless the name is taken; returns what is stored under that name afterwards."""

    def delete(self, kind: str, name: str) -> None: ...


def open_store(settings: Settings) -> Store:
    """The store that these settings lead to; the servers that share a Chroma server share it."""
    if settings.chroma_url:
        return Notes(settings.chroma_url, "access")
    return FileStore(settings.data_dir / "access.sqlite3")


class FileStore:
    """An SQLite file, which is created by the first writing."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, kind: str, name: str) -> dict[str, Any] | None:
        rows = self._rows("SELECT name, data FROM notes WHERE kind = ? AND name = ?", kind, name)
        return rows.get(name)

    def all(self, kind: str) -> dict[str, dict[str, Any]]:
        return self._rows("SELECT name, data FROM notes WHERE kind = ? ORDER BY name", kind)

    def put(self, kind: str, name: str, data: dict[str, Any]) -> None:
        self._write("INSERT OR REPLACE INTO notes VALUES (?, ?, ?)", kind, name, json.dumps(data))

    def add(self, kind: str, name: str, data: dict[str, Any]) -> dict[str, Any]:
        self._write("INSERT OR IGNORE INTO notes VALUES (?, ?, ?)", kind, name, json.dumps(data))
        return self.get(kind, name) or data

    def delete(self, kind: str, name: str) -> None:
        if self._path.exists():
            self._write("DELETE FROM notes WHERE kind = ? AND name = ?", kind, name)

    def _rows(self, query: str, *values: str) -> dict[str, dict[str, Any]]:
        if not self._path.exists():
            return {}
        with self._connected() as connection:
            return {name: json.loads(data) for name, data in connection.execute(query, values)}

    def _write(self, statement: str, *values: str) -> None:
        with self._connected() as connection, connection:
            connection.execute(statement, values)

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        """A new connection for each use: a connection belongs to one thread, and opening one takes no time."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))  # only its owner reads it
            with closing(sqlite3.connect(self._path, timeout=_WAIT)) as connection:
                connection.execute(_TABLE)
                yield connection
        except (sqlite3.Error, OSError, ValueError) as error:
            raise StoreError(
                f"The users and keys in {self._path} cannot be read or written ({error})."
            ) from error


# Seconds for which a server without its Chroma may accept a key that another server has revoked.
LASTS = 900.0
_MOST = 10_000  # readings in the cache

Read = TypeVar("Read")


class CachedStore:
    """A `Store` over another. A reading that fails gives the last result of the same reading; writing has no cache."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._read: dict[tuple[str, ...], tuple[float, Any]] = {}

    def get(self, kind: str, name: str) -> dict[str, Any] | None:
        return self._reading(lambda: self._store.get(kind, name), kind, name)

    def all(self, kind: str) -> dict[str, dict[str, Any]]:
        return self._reading(lambda: self._store.all(kind), kind)

    def put(self, kind: str, name: str, data: dict[str, Any]) -> None:
        self._store.put(kind, name, data)

    def add(self, kind: str, name: str, data: dict[str, Any]) -> dict[str, Any]:
        return self._store.add(kind, name, data)

    def delete(self, kind: str, name: str) -> None:
        self._store.delete(kind, name)

    def _reading(self, read: Callable[[], Read], *key: str) -> Read:
        try:
            result = read()
        except StoreUnreachable:
            since, last = self._read.get(key, (0.0, None))
            if key not in self._read or self._clock() - since > LASTS:
                raise
            return last  # type: ignore[no-any-return]  # the cached result of the same reading
        self._remember(key, result)
        return result

    def _remember(self, key: tuple[str, ...], result: object) -> None:
        self._read.pop(key, None)
        self._read[key] = (self._clock(), result)
        for oldest in list(self._read)[: max(0, len(self._read) - _MOST)]:
            self._read.pop(oldest, None)
