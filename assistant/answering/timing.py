"""How long each stage of an answer takes."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

# What an answer is made of, in the order in which they come; each answer has those that it needed. Together they are its "total".
STAGES = ("kept", "retrieve", "read", "model", "check", "deliver", "copies", "translate")
# Moments in between, counted from the question.
MOMENTS = ("first_token",)

OnLap = Callable[[str, float, float], object]


class Clock:
    """Milliseconds by stage; ``on_lap`` is told each stage with the moments of its begin and end."""

    def __init__(
        self,
        now: Callable[[], float] = time.perf_counter,
        on_lap: OnLap = lambda stage, began, ended: None,
    ) -> None:
        self._now = now
        self._on_lap = on_lap
        self._start = self._last = now()
        self.laps: dict[str, float] = {}

    def lap(self, stage: str) -> None:
        """Add the time since the last lap to that of ``stage``, and record the total so far, which is their sum."""
        moment = self._now()
        before, total = self.laps.get("total", 0.0), round((moment - self._start) * 1000, 1)
        self.laps[stage] = round(self.laps.get(stage, 0.0) + total - before, 1)
        self.laps["total"] = total
        self._on_lap(stage, self._last, moment)
        self._last = moment

    def mark(self, moment: str) -> None:
        """Record the time from the start to ``moment``; only the first call counts."""
        self.laps.setdefault(moment, round((self._now() - self._start) * 1000, 1))


def slowest_stage(timings: Mapping[str, float]) -> str:
    """The stage that took the longest; empty where none was timed."""
    return max((stage for stage in STAGES if stage in timings), key=lambda stage: timings[stage], default="")
