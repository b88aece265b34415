"""Loading files in a child process that may crash, hang or run out of memory without harm to this one."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, cast

from ingest.errors import Cancelled, DamagedSource, ReaderUnavailable, SourceError, TooLarge
from ingest.loaders import sandbox_protocol
from ingest.loaders.docx_comments import DocxComment
from ingest.loaders.hocr import RecognisedPage
from ingest.loaders.members import Contents
from ingest.loaders.pdf_alignment import PageQuote
from ingest.loaders.pdf_places import PagePlaces
from ingest.loaders.tesseract import Tesseract
from ingest.types import Content

_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "LC_CTYPE", "SYSTEMROOT", "TESSDATA_PREFIX")
_STARTING = 60.0  # seconds that the reader may take to start on a busy machine
_POLL = 0.1  # seconds between two looks whether anybody still waits for what is read
IsUnwanted = Callable[[], bool]


class Sandbox:
    """One reader process, started when first needed, reused for many files, replaced when it dies.

    ``timeout`` is the time in seconds that one file may take, ``memory`` the address space in bytes that
    the reader may use. Threads may share a sandbox; they take turns. Use it in a ``with`` statement.
    """

    def __init__(self, *, timeout: float = 120.0, memory: int = 2 << 30) -> None:
        self._timeout = timeout
        self._memory = memory
        self._lock = threading.Lock()
        self._home = tempfile.TemporaryDirectory(prefix="ingest-reader-")
        self._reader: _Reader | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the reader, after the file that it is reading for another thread."""
        with self._lock:
            self._stop()
            self._home.cleanup()

    def load(
        self,
        path: Path,
        name: str,
        recognised: Sequence[RecognisedPage] = (),
        cancelled: IsUnwanted | None = None,
    ) -> Content:
        """What the file at ``path`` holds, which errors call ``name``; its format is told by the suffix.

        ``recognised`` are pages of a PDF that `recognise` has read; ``cancelled`` is asked in a thread of its own.

        Raises what ``ingest.loaders.load`` does; ``DamagedSource`` also where reading it takes too long or
        crashes the reader; ``ReaderUnavailable`` where no reader can be started, which is no fault of the file;
        `Cancelled`, the reader ended, once ``cancelled()``.
        """
        request: dict[str, Any] = {"path": os.path.abspath(path), "name": name}
        if recognised:
            request["recognised"] = [asdict(page) for page in recognised]
        return cast("Content", self._asked(request, cancelled))

    def contents(self, path: Path, name: str) -> Contents:
        """Which documents the file at ``path`` holds; raises what `load` does."""
        return cast("Contents", self._asked({"path": os.path.abspath(path), "name": name, "contents": True}))

    def member(self, path: Path, name: str, number: int) -> bytes:
        """The bytes of a document that `contents` has named, counted from 0; raises what `load` does."""
        request = {"path": os.path.abspath(path), "name": name, "member": number}
        return cast("bytes", self._asked(request))

    def render(self, path: Path, name: str, page: int) -> bytes:
        """Page ``page``, counted from 1, of the PDF at ``path`` as PNG; raises what `load` does."""
        return cast("bytes", self._asked({"path": os.path.abspath(path), "name": name, "page": page}))

    def recognise(
        self, path: Path, name: str, page: int, program: Tesseract, languages: str
    ) -> RecognisedPage:
        """What Tesseract reads on page ``page``, counted from 1, of the PDF at ``path``, in languages as in "deu+eng".

        Raises what `load` does.
        """
        asked = {"page": page, "command": program.command, "turned": program.turned, "languages": languages}
        request = {"path": os.path.abspath(path), "name": name, "recognise": asked}
        return cast("RecognisedPage", self._asked(request))

    def commented(
        self, path: Path, name: str, text: str, comments: Sequence[DocxComment], author: str
    ) -> bytes:
        """The Word document at ``path`` with comments on the text that `load` has read in it; raises what `load` does."""
        asked = {"text": text, "comments": [asdict(comment) for comment in comments], "author": author}
        request = {"path": os.path.abspath(path), "name": name, "comment": asked}
        return cast("bytes", self._asked(request))

    def places(self, path: Path, name: str, page: int, quote: PageQuote) -> PagePlaces:
        """Where words stand on page ``page``, counted from 1, of the PDF at ``path``; raises what `load` does."""
        request = {"path": os.path.abspath(path), "name": name, "page": page, "quote": asdict(quote)}
        return cast("PagePlaces", self._asked(request))

    def _asked(self, request: dict[str, Any], cancelled: IsUnwanted | None = None) -> sandbox_protocol.Result:
        name = str(request["name"])
        with self._lock:
            used = self._reader is not None
            result = self._read(request, cancelled)
            if used and isinstance(result, TooLarge | _Crashed):
                # Files read before may have used up the memory, or damaged the reader: try a fresh one.
                self._stop()
                result = self._read(request, cancelled)
        if isinstance(result, _Crashed):
            raise DamagedSource(name, result.code, **result.values)
        if isinstance(result, SourceError):
            raise result
        return result

    def _read(
        self, request: dict[str, Any], cancelled: IsUnwanted | None
    ) -> sandbox_protocol.Result | SourceError:
        name = str(request["name"])
        if self._reader is None:
            self._reader = _Reader(self._memory, self._timeout, Path(self._home.name), cancelled)
        try:
            answer = self._reader.ask(request, self._timeout, cancelled)
        except BaseException:  # interrupted while waiting: what it would still say belongs to no one
            self._stop()
            raise
        if answer is not None:
            return sandbox_protocol.unpack(answer, name)
        late, status = self._reader.late, self._stop()
        if late:
            return DamagedSource(name, "slow", seconds=f"{self._timeout:g}")
        return _Crashed(name, "crashed", status=status)

    def _stop(self) -> str:
        """Ends the reader, if there is one, and says how it ended."""
        reader, self._reader = self._reader, None
        return reader.stop() if reader else ""


class _Crashed(SourceError):
    """The reader ended while it read this file. Never leaves this module."""


class _Reader:
    """The child process and the conversation with it."""

    def __init__(self, memory: int, timeout: float, home: Path, cancelled: IsUnwanted | None) -> None:
        limits = [str(memory), str(math.ceil(timeout))]
        command = [sys.executable, "-P", "-B", "-m", "ingest.loaders.sandbox_worker", *limits]
        self._process = subprocess.Popen(  # noqa: S603  # this Python runs this package's module
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=home, env=_environment(home)
        )
        self._requests = cast("IO[bytes]", self._process.stdin)
        self._answers = cast("IO[bytes]", self._process.stdout)
        self.late = False
        try:
            ready = self._answer(_STARTING, cancelled)
        except BaseException:
            self.stop()
            raise
        if ready is None:
            raise ReaderUnavailable(self.stop())

    def ask(
        self, request: dict[str, Any], timeout: float, cancelled: IsUnwanted | None
    ) -> dict[str, Any] | None:
        """The answer; None where the process has ended, with ``late`` set where that was for its slowness.

        Raises `Cancelled`, the process ended, once ``cancelled()``.
        """
        try:
            sandbox_protocol.send(self._requests, sandbox_protocol.encode(request))
        except BrokenPipeError:
            return None
        return self._answer(timeout, cancelled)

    def stop(self) -> str:
        """Ends the process, which is killed if it still runs after a second; in words, how it ended."""
        with suppress(BrokenPipeError):  # where what it was asked last never reached it
            self._requests.close()  # so that it ends, and first what it runs itself
        try:
            self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            self._process.kill()
        status = self._process.wait()
        self._answers.close()
        return f"signal {-status}" if status < 0 else f"exit status {status}"

    def _answer(self, timeout: float, cancelled: IsUnwanted | None) -> dict[str, Any] | None:
        over, unwanted = threading.Event(), threading.Event()
        watcher = threading.Thread(
            target=self._watch, args=(timeout, cancelled, over, unwanted), name="reader", daemon=True
        )
        watcher.start()
        try:
            answer = sandbox_protocol.receive(self._answers)
        finally:
            over.set()
            watcher.join()  # so that it cannot kill the reader while it reads the next file
        if unwanted.is_set():
            raise Cancelled("Nobody waits for the file that was being read.")
        return None if self.late else answer

    def _watch(
        self, timeout: float, cancelled: IsUnwanted | None, over: threading.Event, unwanted: threading.Event
    ) -> None:
        """Kill the reader where it takes too long, or nobody waits any more, before it is ``over``."""
        until = time.monotonic() + timeout
        while not over.wait(min(_POLL if cancelled else timeout, max(0.0, until - time.monotonic()))):
            if cancelled and cancelled():
                unwanted.set()
            elif time.monotonic() >= until:
                self.late = True
            else:
                continue
            self._process.kill()
            return


def _environment(home: Path) -> dict[str, str]:
    """What the reader needs to find the same modules as this process, and none of its secrets."""
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return environment | {
        "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path)),
        "HOME": str(home),
        # Numerical libraries reserve address space for every thread.
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
