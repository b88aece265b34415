"""What was last read from a store that does not answer for the moment, so that whoever is signed in stays so."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from assistant.access.store import Store
from ingest.errors import StoreUnreachable

# Seconds for which a server that is cut off may take a key for good that was revoked elsewhere.
LASTS = 900.0
_MOST = 10_000  # readings remembered

Read = TypeVar("Read")


class Remembered:
    """A `Store` over another. Readings fall back to the last of the same that succeeded; writing does not."""

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
            found = read()
        except StoreUnreachable:
            since, last = self._read.get(key, (0.0, None))
            if key not in self._read or self._clock() - since > LASTS:
                raise
            return last  # type: ignore[no-any-return]  # it is what this reading gave before
        self._keep(key, found)
        return found

    def _keep(self, key: tuple[str, ...], found: object) -> None:
        self._read.pop(key, None)
        self._read[key] = (self._clock(), found)
        for oldest in list(self._read)[: max(0, len(self._read) - _MOST)]:
            self._read.pop(oldest, None)
