"""How often a caller may send requests, and how many may be under way. Counted in this process; several tell each other."""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial

MANY = 10_000  # names that are counted; beyond, the name without an event for longest is forgotten


class RateLimit:
    """Up to ``most`` events a name within any ``seconds``. Thread-safe.

    What other servers have counted comes in by `hear`, what this one has counted goes out by `told`.
    """

    def __init__(self, most: int, seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self.seconds = seconds
        self._now = now
        self._events: dict[str, deque[float]] = {}
        self._elsewhere: Mapping[str, Mapping[float, int]] = {}
        self._fresh: Counter[str] = Counter()
        self._forgotten: set[str] = set()
        self._lock = threading.Lock()

    def wait(self, name: str) -> float:
        """Seconds until the next event of ``name`` is allowed; 0 where it is now."""
        with self._lock:
            events: Sequence[float] = self._recent(name)
            if elsewhere := self._elsewhere.get(name):
                since = self._now() - self.seconds
                others = [at for at, count in elsewhere.items() if at > since for _ in range(count)]
                events = sorted([*events, *others])
            if len(events) < self._most:
                return 0.0
            return max(events[len(events) - self._most] + self.seconds - self._now(), 0.001)

    def count(self, name: str) -> None:
        """An event has happened."""
        with self._lock:
            events = self._recent(name)
            events.append(self._now())
            self._events[name] = events
            self._fresh[name] += 1
            if len(self._events) > MANY:
                oldest = next(iter(self._events))
                del self._events[oldest]
                self._fresh.pop(oldest, None)

    def forget(self, name: str) -> None:
        with self._lock:
            self._events.pop(name, None)
            self._fresh.pop(name, None)
            self._forgotten.add(name)
            if len(self._forgotten) > MANY:
                self._forgotten.clear()

    def told(self) -> tuple[Mapping[str, int], set[str]]:
        """How many events of each name have been counted here since this was last asked, and which names are forgotten."""
        with self._lock:
            fresh, forgotten = self._fresh, self._forgotten
            self._fresh, self._forgotten = Counter(), set()
            return fresh, forgotten

    def hear(self, elsewhere: Mapping[str, Mapping[float, int]]) -> None:
        """How many events of each name others have counted, by the time on this clock."""
        with self._lock:
            self._elsewhere = elsewhere

    def _recent(self, name: str) -> deque[float]:
        """The events still counted, moved behind those of all other names."""
        events = self._events.pop(name, deque[float]())
        while events and events[0] <= self._now() - self.seconds:
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
