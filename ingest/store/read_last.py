"""What was read last of the store, kept in memory: questions need the same passages and texts again and again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Item = TypeVar("Item")


def _one(_: object) -> int:
    return 1


class ReadLast(Generic[Key, Item]):
    """``read`` gives items by key, those that are there; the last ones, of ``most`` by their ``size`` together, need not be read again. Thread-safe.

    What a key names never changes, as another version of a document has passages of its own; but it may be gone by now:
    whether a document still counts is told by the catalogue alone.
    """

    def __init__(
        self,
        read: Callable[[Sequence[Key]], Mapping[Key, Item]],
        most: int,
        size: Callable[[Item], int] = _one,
    ) -> None:
        self._read = read
        self._most = most
        self._size = size
        self._lock = threading.Lock()
        self._kept: OrderedDict[Key, Item] = OrderedDict()
        self._total = 0

    def some(self, keys: Sequence[Key]) -> dict[Key, Item]:
        """The items of those keys that are there, in the order of the keys."""
        with self._lock:
            found = {key: self._kept[key] for key in keys if key in self._kept}
        missing = [key for key in dict.fromkeys(keys) if key not in found]
        if missing:
            found |= self._read(missing)
        ordered = {key: found[key] for key in keys if key in found}
        with self._lock:
            for key, item in ordered.items():
                if key not in self._kept:
                    self._kept[key] = item
                    self._total += self._size(item)
                self._kept.move_to_end(key)
            while self._total > self._most:
                self._total -= self._size(self._kept.popitem(last=False)[1])
        return ordered
