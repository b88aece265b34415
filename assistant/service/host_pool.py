"""Work for hosts of the web, a few at a time: one that hangs keeps no other waiting."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from math import inf

SIDE_BY_SIDE = 4
# A host whose work has failed after so many seconds is left alone for so many.
SLOW, REST = 3.0, 60.0
_log = logging.getLogger(__name__)


class HostPool:
    """Runs work in threads, for each host one thing at a time; ``on_free`` is called whenever one is done. Thread-safe."""

    def __init__(self, name: str, on_free: Callable[[], object]) -> None:
        self._pool = ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix=name)
        self._on_free = on_free
        self._until: dict[str, float] = {}  # by host, when it may be asked again: infinite while it is asked
        self._lock = threading.Lock()

    def busy(self) -> dict[str, float]:
        """The hosts for which nothing may be begun now, and in how many seconds it may; infinite for those at work."""
        now = time.monotonic()
        with self._lock:
            self._until = {host: until for host, until in self._until.items() if until > now}
            return {host: until - now for host, until in self._until.items()}

    def run(self, host: str, work: Callable[[], bool]) -> None:
        """Begin work for a host that is not `busy`; it tells whether the host has taken it."""
        with self._lock:
            self._until[host] = inf
        self._pool.submit(self._work, host, work)

    def close(self) -> None:
        """Begin nothing more, and wait for what is under way."""
        self._pool.shutdown(cancel_futures=True)

    def _work(self, host: str, work: Callable[[], bool]) -> None:
        began, taken = time.monotonic(), False
        try:
            taken = work()
        except Exception:  # a thread's edge: another try may fare better
            _log.exception("What was to be sent to %s could not be", host)
            began -= SLOW
        ended = time.monotonic()
        with self._lock:
            self._until[host] = ended if taken or ended - began < SLOW else ended + REST
        self._on_free()
