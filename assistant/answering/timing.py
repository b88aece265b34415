"""How long each stage of an answer takes."""

from __future__ import annotations

import time
from collections.abc import Callable


class Clock:
    """Milliseconds by stage."""

    def __init__(self, now: Callable[[], float] = time.perf_counter) -> None:
        self._now = now
        self._start = self._last = now()
        self.laps: dict[str, float] = {}

    def lap(self, stage: str) -> None:
        """Record the time since the last lap as that of ``stage``, and the total so far."""
        moment = self._now()
        self.laps[stage] = round((moment - self._last) * 1000, 1)
        self.laps["total"] = round((moment - self._start) * 1000, 1)
        self._last = moment

    def mark(self, moment: str) -> None:
        """Record the time from the start to ``moment``; only the first call counts."""
        self.laps.setdefault(moment, round((self._now() - self._start) * 1000, 1))
