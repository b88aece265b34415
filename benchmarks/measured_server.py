"""A server over a collection, started by itself as `assistant serve` is, and what its processes use."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psutil

from tests.support.server import Server, environment, wait_until_ready

PATIENCE = 600.0  # seconds that a new document is waited for
WARM = 6  # questions before those that count
NOTICE = """Bericht über die Glaswerkstatt

Frau {name} leitet seit 1987 die Glaswerkstatt am alten Zollhafen. Die Werkstatt hat vierzehn Angestellte.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedTimes:
    """The milliseconds of questions: by the clock in the middle and at the slow end, and of the processors on the mean."""

    median: float
    p95: float
    processor: float

    @classmethod
    def of(cls, clock: Sequence[float], processor: Sequence[float]) -> AskedTimes:
        return cls(
            median=statistics.median(clock),
            p95=sorted(clock)[int(0.95 * len(clock))],
            processor=statistics.mean(processor),
        )


class MeasuredServer:
    """A server over a collection, and what its processes use."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._process = psutil.Process(server.process.pid)

    def processor(self) -> float:
        """Seconds of all its processes so far."""
        return sum(sum(one.cpu_times()[:2]) for one in self._processes())

    def memory(self) -> tuple[int, int]:
        """What is resident, and what of it is files mapped into memory, which the system takes back where it needs it."""
        every = [one.memory_info() for one in self._processes()]
        return sum(one.rss for one in every), sum(one.shared for one in every)

    def _processes(self) -> list[psutil.Process]:
        return [self._process, *self._process.children(recursive=True)]

    def rest(self) -> None:
        """Wait until what a start leaves to do in the background is done, so that it does not count as a question's."""
        deadline = time.perf_counter() + PATIENCE
        used = self.processor()
        while time.perf_counter() < deadline:
            time.sleep(2)
            before, used = used, self.processor()
            if used - before < 0.1:
                return

    def ask(self, question: str, **more: Any) -> dict[str, Any]:
        asked = {"question": question, **more}
        return dict(self.server.call("POST", "/api/ask", json=asked).raise_for_status().json())

    def timed(self, questions: Sequence[str], **more: Any) -> AskedTimes:
        """The milliseconds of the answers but the first `WARM`."""
        for question in questions[:WARM]:
            self.ask(question, **more)
        clock, processor = [], []
        for question in questions[WARM:]:
            used, began = self.processor(), time.perf_counter()
            self.ask(question, **more)
            clock.append(1000 * (time.perf_counter() - began))
            processor.append(1000 * (self.processor() - used))
        return AskedTimes.of(clock, processor)

    def arrival(self, number: int) -> tuple[str, float, float]:
        """A document that is uploaded, and the seconds until an answer cites it, by the clock and of the processors."""
        name = f"Quendolin{chr(97 + number % 26)} Habertaler"
        files = [("files", (f"notice-{number}.md", NOTICE.format(name=name).encode()))]
        used, began = self.processor(), time.perf_counter()
        (job,) = self.server.call("POST", "/api/documents", files=files).raise_for_status().json()["jobs"]
        document = self.server.finished(job["id"], PATIENCE)["document_id"]
        while not any(
            one["document_id"] == document for one in self.ask(f"Wer ist Frau {name}?")["citations"]
        ):
            assert time.perf_counter() - began < PATIENCE, "the new document is not found"
        return str(document), time.perf_counter() - began, self.processor() - used

    def deletion(self, document: str) -> float:
        began = time.perf_counter()
        self.server.call("DELETE", f"/api/documents/{document}").raise_for_status()
        return time.perf_counter() - began


@contextmanager
def served(folder: Path, errors: IO[str], **settings: str) -> Iterator[MeasuredServer]:
    """A server over the data in ``folder``, ready to answer. Nothing of it is imported before: its start is measured."""
    data = folder / "data"
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "serve", "--port", "0"],
        cwd=folder,
        env=environment(ASSISTANT_DATA_DIR=str(data), ASSISTANT_RATE_LIMIT="1000000", **settings),
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        server = Server(next(word for word in line.split() if word.startswith("http")), data, process)
        wait_until_ready(server)
        yield MeasuredServer(server)
    finally:
        process.terminate()
        process.wait(30)
