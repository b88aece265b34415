"""Does a server come through every file of a folder: read, without text, or refused with a reason, and nothing else?

    assistant serve --port 7998 &
    python -m benchmarks.robustness DIR... [--url http://127.0.0.1:7998] [--pid PID] [--key KEY] [--keep]

Every file below the folders goes through the upload door, a few at a time, while one question is asked over and over, which a
document that the script adds answers. The table counts what became of the files, by kind. Below it stands what must not be:
readers that crashed, files that stood still for over a minute, a reader with over 2 GB of memory, errors of the server, failures without a
reason, wrong answers; then the exit status is 1. ``--pid`` is the server's process, on this Linux machine: its memory and that of
its readers is watched. What was added is deleted at the end, unless ``--keep``.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

AT_ONCE = 8  # files under way
HANG = 60.0  # seconds without any progress
MOST_MEMORY = 2 << 30  # bytes of a reader
PAUSE = 0.5  # seconds between two questions, and between two looks at the jobs
SILENCE = 30.0  # seconds that a question may take
NO_TEXT = ("no text", "0 bytes", "finds no words")
CONTROL = "control-of-robustness.md"
FACT = "Die Sternwarte von Quellhofen steht seit 1873 auf dem Eichberg.\n"
QUESTION, ANSWER = "Seit wann steht die Sternwarte von Quellhofen auf dem Eichberg?", "1873"


@dataclass
class Seen:
    """What happened: outcomes by suffix, reasons, and what must not happen."""

    outcomes: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    reasons: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    asked: list[float] = field(default_factory=list)
    reader_memory: int = 0
    server_memory: int = 0
    added: list[str] = field(default_factory=list)


def files_below(folders: Sequence[Path]) -> Iterator[Path]:
    for folder in folders:
        yield from sorted(path for path in folder.rglob("*") if path.is_file())


def outcome(job: dict[str, Any]) -> str:
    """What became of a file, in a word."""
    if job["state"] in ("done", "unchanged"):
        return "read"
    error = str(job["error"] or "")
    return "no text" if any(words in error for words in NO_TEXT) else "refused"


class _UnderWay:
    """A file that is being read: since when, and for how long at most nothing has changed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.began = self._changed = time.monotonic()
        self.stood = 0.0
        self._state: tuple[Any, ...] = ()

    def saw(self, job: dict[str, Any]) -> None:
        now, state = time.monotonic(), (job["state"], job["stage"], job["progress"])
        if job["state"] == "queued":
            self.began = self._changed = now
        self.stood = max(self.stood, now - self._changed)
        if state != self._state:
            self._state, self._changed = state, now


class FilesUnderWay:
    """The files on their way through the server."""

    def __init__(self, client: httpx.Client, seen: Seen) -> None:
        self._client, self._seen = client, seen
        self._open: dict[str, _UnderWay] = {}

    def send(self, number: int, path: Path) -> None:
        """Uploads one file as soon as there is room for it."""
        while len(self._open) >= AT_ONCE:
            self.look()
        name = f"{number:04}-{path.name}"
        response = self._client.post("/api/documents", files=[("files", (name, path.read_bytes()))])
        if response.status_code == 202:
            self._open[response.json()["jobs"][0]["id"]] = _UnderWay(path)
        else:
            self._refused(path, response)

    def finish(self) -> None:
        while self._open:
            self.look()

    def look(self) -> None:
        """Notes what has ended, and how long the others stood still."""
        time.sleep(PAUSE)
        for key, under_way in list(self._open.items()):
            response = self._client.get(f"/api/jobs/{key}")
            if response.status_code != 200:
                self._seen.faults.append(f"{under_way.path}: its job answers {response.status_code}")
                del self._open[key]
                continue
            job = response.json()
            under_way.saw(job)
            if job["state"] not in ("queued", "running"):
                del self._open[key]
                self._ended(under_way.path, job, under_way)

    def _ended(self, path: Path, job: dict[str, Any], under_way: _UnderWay) -> None:
        seen, what = self._seen, outcome(job)
        seen.outcomes[path.suffix.lower()][what] += 1
        seen.seconds.append(time.monotonic() - under_way.began)
        if job["document_id"]:
            seen.added.append(job["document_id"])
        error = str(job["error"] or "")
        if what != "read":
            seen.reasons[error] += 1
        if what != "read" and not error:
            seen.faults.append(f"{path}: failed without a reason")
        if "reader crashed" in error or "does not start" in error:
            seen.faults.append(f"{path}: {error}")
        if under_way.stood > HANG:
            seen.faults.append(f"{path}: stood still for {under_way.stood:.0f} s ({what})")

    def _refused(self, path: Path, response: httpx.Response) -> None:
        self._seen.outcomes[path.suffix.lower()]["refused"] += 1
        self._seen.reasons[f"{response.status_code}: {response.text[:100]}"] += 1
        if response.status_code >= 500:
            self._seen.faults.append(f"{path}: the upload answers {response.status_code}")


def asking(client: httpx.Client, seen: Seen, stop: threading.Event) -> None:
    """Asks the same question until it is told to stop."""
    while not stop.wait(PAUSE):
        began = time.monotonic()
        try:
            response = client.post("/api/ask", json={"question": QUESTION}, timeout=SILENCE)
            right = response.status_code == 200 and ANSWER in "".join(
                citation["quote"] for citation in response.json()["citations"]
            )
        except httpx.HTTPError as error:
            seen.faults.append(f"the question failed: {type(error).__name__}")
            continue
        seen.asked.append(time.monotonic() - began)
        if not right:
            seen.faults.append(f"the question was answered wrong: {response.text[:200]}")


def watching(pid: int, seen: Seen, stop: threading.Event) -> None:
    """Notes the most memory that the server and any of its readers has had; on Linux."""
    while not stop.wait(PAUSE):
        seen.server_memory = max(seen.server_memory, peak(pid))
        seen.reader_memory = max(seen.reader_memory, *map(peak, children(pid)), 0)


def peak(pid: int) -> int:
    """The most resident memory that a process has had, in bytes; 0 where there is none."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0)


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    try:
        lists = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:
        return []
    return [int(child) for line in lists for child in line.split()]


def add_control(client: httpx.Client) -> str:
    """The id of the document that answers the question."""
    job = client.post("/api/documents", files=[("files", (CONTROL, FACT.encode()))]).json()["jobs"][0]
    while (job := client.get(f"/api/jobs/{job['id']}").json())["state"] in ("queued", "running"):
        time.sleep(PAUSE)
    return str(job["document_id"])


def report(seen: Seen) -> None:
    print("| kind | files | read | no text | refused |\n|---|---|---|---|---|")
    for suffix, counts in [*sorted(seen.outcomes.items()), ("all", sum(seen.outcomes.values(), Counter()))]:
        figures = " | ".join(str(counts[what]) for what in ("read", "no text", "refused"))
        print(f"| {suffix or 'none'} | {counts.total()} | {figures} |")
    print("\nReasons:")
    for reason, count in seen.reasons.most_common():
        print(f"{count:5} {reason[:160]}")
    print(f"\nLongest file: {max(seen.seconds, default=0):.1f} s. Questions: {len(seen.asked)}", end="")
    print(
        f", median {statistics.median(seen.asked):.2f} s, longest {max(seen.asked):.2f} s."
        if seen.asked
        else "."
    )
    if seen.server_memory:
        print(f"Memory: server {seen.server_memory / 1e9:.2f} GB, reader {seen.reader_memory / 1e9:.2f} GB.")
    print(f"\nMust not be: {len(seen.faults)}")
    for fault, count in Counter(seen.faults).most_common():
        print(f"{count:5} {fault}")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    parser.add_argument("--url", default="http://127.0.0.1:7998")
    parser.add_argument("--pid", type=int)
    parser.add_argument("--key", default="", help="an API key, where the server asks for one")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every Nth file")
    parser.add_argument("--keep", action="store_true", help="leave the documents in the collection")
    options = parser.parse_args()
    headers = {"Authorization": f"Bearer {options.key}"} if options.key else {}
    seen, stop = Seen(), threading.Event()
    with (
        httpx.Client(base_url=options.url, headers=headers, timeout=300) as client,
        httpx.Client(base_url=options.url, headers=headers) as other,
    ):
        control = add_control(client)
        threads = [threading.Thread(target=asking, args=(other, seen, stop))]
        if options.pid:
            threads.append(threading.Thread(target=watching, args=(options.pid, seen, stop)))
        for thread in threads:
            thread.start()
        try:
            upload = FilesUnderWay(client, seen)
            for number, path in enumerate(list(files_below(options.folders))[:: options.every]):
                upload.send(number, path)
            upload.finish()
        except KeyboardInterrupt:
            print("Stopped: the table is of what has ended until then.\n")
        finally:
            stop.set()
            for thread in threads:
                thread.join()
            for key in [] if options.keep else [*dict.fromkeys(seen.added), control]:
                client.delete(f"/api/documents/{key}")
    if seen.reader_memory > MOST_MEMORY:
        seen.faults.append(f"a reader had {seen.reader_memory / 1e9:.2f} GB of memory")
    report(seen)
    return 1 if seen.faults else 0


if __name__ == "__main__":
    sys.exit(main())
