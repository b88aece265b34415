"""Where the time of an answer goes."""

from __future__ import annotations

import time
from collections.abc import Callable


class Clock:
    """Milliseconds by stage."""

    def __init__(self, now: Callable[[], float] = time.perf_counter) -> None:
        self._now = now
        self._began = self._last = now()
        self.laps: dict[str, float] = {}

    def lap(self, stage: str) -> None:
        """The time since the last lap was spent on ``stage``."""
        moment = self._now()
        self.laps[stage] = round((moment - self._last) * 1000, 1)
        self.laps["total"] = round((moment - self._began) * 1000, 1)
        self._last = moment

    def mark(self, moment: str) -> None:
        """The time from the beginning to ``moment``, the first time that it is marked."""
        self.laps.setdefault(moment, round((self._now() - self._began) * 1000, 1))
