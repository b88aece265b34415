"""How often a caller may send requests, and how many may be under way. Counted in this process."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial

MANY = 10_000  # names that are counted; beyond, the name without an event for longest is forgotten


class RateLimit:
    """Up to ``most`` events a name within any ``seconds``. Thread-safe."""

    def __init__(self, most: int, seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._seconds = seconds
        self._now = now
        self._events: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def wait(self, name: str) -> float:
        """Seconds until the next event of ``name`` is allowed; 0 where it is now."""
        with self._lock:
            events = self._recent(name)
            return max(events[0] + self._seconds - self._now(), 0.001) if len(events) >= self._most else 0.0

    def count(self, name: str) -> None:
        """An event has happened."""
        with self._lock:
            events = self._recent(name)
            events.append(self._now())
            self._events[name] = events
            if len(self._events) > MANY:
                del self._events[next(iter(self._events))]

    def forget(self, name: str) -> None:
        with self._lock:
            self._events.pop(name, None)

    def _recent(self, name: str) -> deque[float]:
        """The events still counted, moved behind those of all other names."""
        events = self._events.pop(name, deque[float]())
        while events and events[0] <= self._now() - self._seconds:
            events.popleft()
        if events:
            self._events[name] = events
        return events


class _Place:
    """A place in a `ConcurrencyLimit`: given back by the last of its holders."""

    def __init__(self, give_back: Callable[[], None]) -> None:
        self._give_back = give_back
        self._holders = 1
        self._lock = threading.Lock()

    def hold(self) -> None:
        with self._lock:
            self._holders += 1

    def let_go(self) -> None:
        with self._lock:
            self._holders -= 1
            last = not self._holders
        if last:
            self._give_back()


_place: ContextVar[_Place | None] = ContextVar("place", default=None)


def hold_place() -> Callable[[], None]:
    """Hold the place of the request that is being answered beyond its end, until the function returned is called."""
    place = _place.get()
    if place is None:
        return lambda: None
    place.hold()
    return place.let_go


class ConcurrencyLimit:
    """Up to ``most`` under way for each name. Thread-safe."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken: dict[str, int] = {}
        self._lock = threading.Lock()

    @contextmanager
    def place(self, name: str) -> Iterator[bool]:
        """Whether there was a free place; it is taken until the context ends, or longer: see `hold_place`."""
        give_back = self.take(name)
        if give_back is None:
            yield False
            return
        place = _Place(give_back)
        token = _place.set(place)
        try:
            yield True
        finally:
            _place.reset(token)
            place.let_go()

    def take(self, name: str) -> Callable[[], None] | None:
        """Take a place, until the function returned is called; None where there is no free one."""
        with self._lock:
            taken = self._taken.get(name, 0)
            if taken >= self._most:
                return None
            self._taken[name] = taken + 1
        return partial(self._release, name)

    def _release(self, name: str) -> None:
        with self._lock:
            self._taken[name] -= 1
            if not self._taken[name]:
                del self._taken[name]
