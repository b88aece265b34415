"""What both commands do alike at a terminal: plain lines, JSON lines, progress, stopping on Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

_ERRORS = Console(stderr=True, highlight=False, markup=False, emoji=False)


def say(text: str) -> None:
    """Lines on standard output."""
    _write(sys.stdout, "\n".join(map(plain, text.split("\n"))))


def complain(text: str) -> None:
    """Lines on standard error."""
    _write(sys.stderr, "\n".join(map(plain, text.split("\n"))))


def say_json(data: dict[str, Any]) -> None:
    """One JSON object on one line of standard output."""
    _write(sys.stdout, json.dumps(data, ensure_ascii=False))


def plain(text: str) -> str:
    """``text`` on one line, without what would steer a terminal: names and titles are data."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def _write(stream: Any, text: str) -> None:
    encoding = stream.encoding or "utf-8"
    # Escapes like \udc80 are valid JSON, too.
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
    stream.flush()


def abandon_output() -> None:
    """Whoever read standard output has gone: let Python not stumble over that at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def working(what: str) -> Iterator[None]:
    """Shows on a terminal that something goes on which takes seconds."""
    with _ERRORS.status(what):
        yield


@contextmanager
def stoppable() -> Iterator[threading.Event]:
    """An event that the first Ctrl-C sets, or SIGTERM; the second raises `KeyboardInterrupt`."""
    stop = threading.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class ProgressBar:
    """A progress bar over things of one kind, on a terminal only: the one at work, how many, how fast."""

    def __init__(self, total: int, things: str) -> None:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
        )
        self._progress = Progress(
            *columns, TimeRemainingColumn(), console=_ERRORS, transient=True, disable=not _ERRORS.is_terminal
        )
        self._things = things
        self._task: TaskID = self._progress.add_task("", total=total, rate="")
        self._parts: dict[str, float] = {}
        self._done = 0

    def __enter__(self) -> ProgressBar:
        self._progress.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._progress.stop()

    def part(self, name: str, fraction: float) -> None:
        """So much of the thing ``name`` is done, in [0, 1]."""
        self._parts[name] = fraction
        self._show(name)

    def finished(self, name: str) -> None:
        self._parts.pop(name, None)
        self._done += 1
        self._show(name)

    def _show(self, name: str) -> None:
        if self._progress.disable:
            return
        elapsed = self._progress.tasks[0].elapsed or 0.0
        self._progress.update(
            self._task,
            completed=self._done + sum(self._parts.values()),
            description=_shortened(plain(name)),
            rate=f"{self._done / elapsed:.1f} {self._things}/s" if elapsed > 1 else "",
        )


def _shortened(name: str, width: int = 36) -> str:
    """The end of a long name, which tells more than its beginning."""
    return name if len(name) <= width else f"…{name[1 - width :]}"
