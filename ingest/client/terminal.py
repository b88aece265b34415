"""What both commands do alike at a terminal: exit status, plain lines, JSON lines, progress, stopping on Ctrl-C."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from ingest.errors import IngestError, WrongSetting

ErrorTypes = tuple[type[Exception], ...]
_ERRORS = Console(stderr=True, highlight=False, markup=False, emoji=False)


def run_command(
    parser: argparse.ArgumentParser,
    arguments: Sequence[str],
    command: Callable[[argparse.Namespace], int],
    *,
    wrong_usage: ErrorTypes = (),
    failures: ErrorTypes = (),
) -> int:
    """Run a command; returns its exit status: 0 all well, 1 something failed or was stopped, 2 wrong usage.

    Errors are printed. ``wrong_usage`` and ``failures`` name those that are not of `ingest`.
    """
    try:
        options = parser.parse_args(arguments)
    except SystemExit as error:  # argparse has printed the help, or what is wrong
        return int(error.code or 0)
    wrong_usage, failures = (WrongSetting, *wrong_usage), (IngestError, *failures)
    try:
        return command(options)
    except wrong_usage as error:
        complain(str(error))
        return 2
    except failures as error:
        complain(str(error))
    except KeyboardInterrupt:
        complain("Stopped.")
    except BrokenPipeError:
        _discard_output()
    return 1


def say(text: str) -> None:
    """Print lines on standard output."""
    _write(sys.stdout, "\n".join(map(plain, text.split("\n"))))


def complain(text: str) -> None:
    """Print lines on standard error."""
    _write(sys.stderr, "\n".join(map(plain, text.split("\n"))))


def say_json(data: dict[str, Any]) -> None:
    """Print a JSON object on one line of standard output."""
    _write(sys.stdout, json.dumps(data, ensure_ascii=False))


def plain(text: str) -> str:
    """``text`` on one line, without control characters, which a terminal would obey: names and titles are data."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


def _write(stream: Any, text: str) -> None:
    encoding = stream.encoding or "utf-8"
    # Escapes such as \udc80 are valid JSON, too.
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
    stream.flush()


def _discard_output() -> None:
    """Nobody reads standard output any more: without this Python would fail when it flushes it at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show ``what`` on a terminal while something runs that takes seconds."""
    with _ERRORS.status(what):
        yield


@contextmanager
def stoppable() -> Iterator[threading.Event]:
    """An event that the first Ctrl-C or SIGTERM sets; the second raises `KeyboardInterrupt`."""
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
    """A progress bar, on a terminal only: the current item, how many are done, how many per second.

    ``unit`` names the items, in the plural.
    """

    def __init__(self, total: int, unit: str) -> None:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
        )
        self._progress = Progress(
            *columns, TimeRemainingColumn(), console=_ERRORS, transient=True, disable=not _ERRORS.is_terminal
        )
        self._unit = unit
        self._task: TaskID = self._progress.add_task("", total=total, rate="")
        self._parts: dict[str, float] = {}
        self._done = 0
        self._total = total

    def __enter__(self) -> ProgressBar:
        self._progress.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._progress.stop()

    def part(self, name: str, fraction: float, note: str = "") -> None:
        """Set which part of the item ``name`` is done, in [0, 1], and what to say of it."""
        self._parts[name] = fraction
        self._show(name, note)

    def set(self, done: int, total: int, name: str) -> None:
        """So many of ``total`` items are done, of which ``name`` is the whole."""
        self._done, self._total = done, total
        self._show(name)

    def finished(self, name: str, *, extra: bool = False) -> None:
        """The item ``name`` is done; ``extra``: it was found on the way, and is not among the total yet."""
        self._parts.pop(name, None)
        self._total += extra
        self._done += 1
        self._show(name)

    def _show(self, name: str, note: str = "") -> None:
        if self._progress.disable:
            return
        elapsed = self._progress.tasks[0].elapsed or 0.0
        self._progress.update(
            self._task,
            total=self._total,
            completed=self._done + sum(self._parts.values()),
            description=f"{_shortened(plain(name))}{note}",
            rate=f"{self._done / elapsed:.1f} {self._unit}/s" if elapsed > 1 else "",
        )


def _shortened(name: str, width: int = 36) -> str:
    """The end of a long name, which says more than its beginning."""
    return name if len(name) <= width else f"…{name[1 - width :]}"
