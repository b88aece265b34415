"""How long the latest questions took, and which were slow: in memory, without a word of them."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from assistant.answering.timing import slowest_stage
from assistant.types import Answer
from ingest.tracing import trace_id

# Seconds from which on an answer is slow: one that quotes, and one for which a language model was asked.
SLOW_QUOTED, SLOW_WRITTEN = 5.0, 30.0
RECENT = 3_600.0  # seconds for which a question counts as a recent one
_KEPT = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedQuestion:
    """When a question was answered, in seconds since 1970, in how many seconds, and which stage took most of them.

    ``trace`` is the id of its trace, empty where none is kept; ``slow`` whether it took longer than it should.
    """

    at: float
    seconds: float
    stage: str
    trace: str
    slow: bool


class QuestionTimes:
    """The latest questions. Thread-safe; ``clock`` gives seconds since 1970."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._timed: deque[TimedQuestion] = deque(maxlen=_KEPT)

    def took(self, answer: Answer) -> None:
        """Note an answer that was given; to be called where its trace is the current one."""
        seconds = answer.timings_ms.get("total", 0.0) / 1000
        limit = SLOW_WRITTEN if "model" in answer.timings_ms else SLOW_QUOTED
        timed = TimedQuestion(
            at=self._clock(),
            seconds=seconds,
            stage=slowest_stage(answer.timings_ms),
            trace=trace_id(),
            slow=seconds > limit,
        )
        with self._lock:
            self._timed.append(timed)

    def recent(self) -> list[TimedQuestion]:
        """Those of the last hour, the latest first."""
        since = self._clock() - RECENT
        with self._lock:
            return [one for one in reversed(self._timed) if one.at >= since]
