"""How many questions are answered at a time, who waits, and who is told to ask again.

More at a time than the processors can compute makes each slower and none faster, so a few are answered and the others wait in order,
those of a caller behind whose questions fewer are under way first. Beyond what can be answered within `LONGEST_WAIT` a question is
refused at once. Whoever waits for a language model takes none of these places: it has places of its own, and where they are
taken the documents are quoted instead.
"""

from __future__ import annotations

import math
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import count

from assistant.errors import Busy, ModelFailed
from assistant.types import Event, StatusEvent
from ingest.errors import Cancelled

AT_ONCE = max(
    4, 2 * (os.cpu_count() or 1)
)  # computed for: half of that waits for a lock, a disk or the other threads
MOST_WAITING = 96
LONGEST_WAIT = 8.0  # seconds; whoever would wait longer is refused
MOST_GENERATING = 24  # that wait for the language model
MOST_QUESTIONS = AT_ONCE + MOST_WAITING + MOST_GENERATING
_HEARTBEAT = 0.5  # seconds between two events of a question that waits
_USUAL = 0.25  # seconds that a question is taken to need before any has been answered
_SMOOTHING = 0.1  # how much the latest question changes the mean


@dataclass(eq=False, slots=True)
class _Turn:
    """A question on its way; ``number`` is its place in the order, and one that ``returns`` comes first."""

    caller: str
    number: int
    returns: bool = False
    generates: bool = False
    began: float = 0.0
    granted: threading.Event = field(default_factory=threading.Event)


class Admission:
    """Lets questions in. Thread-safe."""

    def __init__(
        self,
        at_once: int = AT_ONCE,
        waiting: int = MOST_WAITING,
        generating: int = MOST_GENERATING,
    ) -> None:
        self._at_once = at_once
        self._most_of_one = max(1, at_once - 1)  # nobody's slow questions take all places
        self._most_waiting = waiting
        self._most_generating = generating
        self._running: list[_Turn] = []
        self._waiting: list[_Turn] = []
        self._generating = 0
        self._mean = _USUAL
        self._numbers = count()
        self._changed = threading.Condition()

    @property
    def waiting(self) -> int:
        """How many questions wait for their turn."""
        return len(self._waiting)

    @property
    def running(self) -> int:
        """How many questions are being computed for."""
        return len(self._running)

    def admit(self, events: Generator[Event], caller: str) -> Generator[Event]:
        """The events of an answer once it is its turn, with the status "waiting" before where that takes a while.

        Raises `Busy` at once where it would take too long. The place is given back when the generator ends or is closed.
        """
        admitted = self._admitted(events, caller)
        next(admitted)
        return admitted

    @contextmanager
    def place(self, caller: str, left: Callable[[], bool] = lambda: False) -> Iterator[None]:
        """Its turn, for what is computed in one go and tells nothing on the way.

        Raises `Busy` at once where it would take too long, and `Cancelled` where the caller has ``left`` meanwhile.
        """
        turn = self._enter(caller)
        try:
            while not turn.granted.wait(_HEARTBEAT):
                if left():
                    raise Cancelled("Nobody waits for it any more.")
            yield
        finally:
            self._leave(turn)

    def give_way(self, seconds: float) -> None:
        """Wait until no question waits for its turn, but no longer than ``seconds``."""
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting, seconds)

    def _admitted(self, events: Generator[Event], caller: str) -> Generator[Event]:
        with closing(events):
            turn = self._enter(caller)
            try:
                yield StatusEvent(stage="waiting")  # taken by `admit`: from here on the place is given back
                while not turn.granted.wait(_HEARTBEAT):
                    yield StatusEvent(stage="waiting")
                yield from self._in_turns(turn, events)
            finally:
                self._leave(turn)

    def _in_turns(self, turn: _Turn, events: Generator[Event]) -> Generator[Event]:
        """The events; while a language model is waited for, others are computed for."""
        begun = set[str]()
        event = next(events, None)
        while event is not None:
            if isinstance(event, StatusEvent):
                if event.stage == "reading":
                    self._return(turn)
                    while not turn.granted.wait(_HEARTBEAT):
                        yield event
                # A stage is said again while a model is silent.
                elif (event.stage == "answering" or event.stage in begun) and not self._step_aside(turn):
                    event = events.throw(ModelFailed("busy", "Too many answers are being written."))
                    continue
                begun.add(event.stage)
            yield event
            event = next(events, None)

    def _enter(self, caller: str) -> _Turn:
        with self._changed:
            turn = _Turn(caller, next(self._numbers))
            self._waiting.append(turn)
            self._let_in()
            wait = self._usual() * self._before(turn) / self._at_once
            if not turn.granted.is_set() and (len(self._waiting) > self._most_waiting or wait > LONGEST_WAIT):
                self._waiting.remove(turn)
                raise Busy(max(1, math.ceil(wait / 2)))
            return turn

    def _usual(self) -> float:
        """Seconds that a question needs: as of late, or longer where those under way have been so for longer."""
        now = time.monotonic()
        ages = [now - turn.began for turn in self._running]
        return max(self._mean, sum(ages) / len(ages)) if ages else self._mean

    def _before(self, turn: _Turn) -> int:
        """How many questions have their turn up to this one: of every other caller no more than wait of its own."""
        waiting = Counter(one.caller for one in self._waiting)
        return sum(min(number, waiting[turn.caller]) for number in waiting.values())

    def _step_aside(self, turn: _Turn) -> bool:
        """Give the place to others for as long as a model writes; False where too many wait for it already."""
        with self._changed:
            if not turn.generates:
                if self._generating >= self._most_generating:
                    return False
                self._generating, turn.generates = self._generating + 1, True
            if turn in self._running:
                self._running.remove(turn)
                self._let_in()
            return True

    def _return(self, turn: _Turn) -> None:
        """Wait for a place again, before those that have had none, where it has been given to others."""
        with self._changed:
            if turn not in self._running:
                turn.returns = True
                turn.granted.clear()
                self._waiting.append(turn)
                self._let_in()

    def _leave(self, turn: _Turn) -> None:
        with self._changed:
            self._generating -= turn.generates
            if turn in self._waiting:
                self._waiting.remove(turn)
            elif turn in self._running:
                self._running.remove(turn)
                self._mean += _SMOOTHING * (time.monotonic() - turn.began - self._mean)
            self._let_in()

    def _free(self) -> int:
        return self._at_once - len(self._running)

    def _let_in(self) -> None:
        """Give free places to those whose turn it is."""
        while self._free() > 0 and (turn := self._next()):
            self._waiting.remove(turn)
            self._running.append(turn)
            turn.began = time.monotonic()
            turn.granted.set()
        self._changed.notify_all()

    def _next(self) -> _Turn | None:
        under_way = Counter(turn.caller for turn in self._running)
        allowed = [turn for turn in self._waiting if under_way[turn.caller] < self._most_of_one]
        order = [(not turn.returns, under_way[turn.caller], turn.number) for turn in allowed]
        return allowed[order.index(min(order))] if order else None
