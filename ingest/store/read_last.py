"""What was read last of passages, kept in memory: questions need the same ones again and again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")


class ReadLast(Generic[Item]):
    """``read`` gives items by passage id, those that are there; the last ``most`` of them need not be read again. Thread-safe.

    What an id names never changes, as another version of a document has passages of its own; but it may be gone by now:
    whether a document still counts is told by the catalogue alone.
    """

    def __init__(self, read: Callable[[Sequence[str]], Mapping[str, Item]], most: int) -> None:
        self._read = read
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Item] = OrderedDict()

    def some(self, ids: Sequence[str]) -> dict[str, Item]:
        """The items of those ids that are there, in the order of the ids."""
        with self._lock:
            found = {key: self._kept[key] for key in ids if key in self._kept}
        missing = [key for key in dict.fromkeys(ids) if key not in found]
        if missing:
            found |= self._read(missing)
        ordered = {key: found[key] for key in ids if key in found}
        with self._lock:
            for key, item in ordered.items():
                self._kept[key] = item
                self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return ordered
