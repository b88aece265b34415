"""How many questions does a server answer, how long do they wait, and what does it say beyond what it can do?

    python -m benchmarks.load [--work DIR] [--data DIR] [--askers 1 10 50] [--doors api chat v1] [--seconds 15] [--quiet]

A server of its own, on this machine, holds XQuAD's 240 German paragraphs and 1,028 news articles; they are added at the first run and stay
in ``--work``. Askers put XQuAD's questions, in English and German, one after the other without a pause: through `/api/ask`, through
`/v1/chat/completions`, and through the chat page's own events with a conversation each. Each number of askers is measured with and,
unless ``--quiet``, without articles being added meanwhile. Whoever is refused (429 or 503) waits for as long as `Retry-After` says, on the page three
seconds, and asks the next question. The askers run in a process of their own on the same processors. A cell takes ``--seconds`` and a few more: 18 of them
some eight minutes. The exit status is 1 where anything but a refusal went wrong.
"""

from __future__ import annotations

import argparse
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import httpx
import numpy as np
import psutil

from benchmarks import corpora
from benchmarks.sessions import asking, processor_time, shown_steps
from tests.support.server import NO_TLS, Server, started

DOORS = ("api", "v1", "chat")
WORK = Path.home() / ".cache" / "assistant-benchmarks" / "load"
PATIENCE = 120.0  # seconds until a client gives up
TOGETHER = 5  # articles uploaded at a time while others ask
# Words of the page that refuses, in English: what it says instead of an answer.
ANSWERED = ('class="answer', 'class="refusal"')
QUESTIONS_OF_A_CONVERSATION = 5
REFUSED = ("can be answered in time", "several questions under way")


@dataclass
class LoadSeen:
    """What the askers of one cell have seen; seconds from asking to the whole answer, refusals not among them."""

    seconds: list[float] = field(default_factory=list)
    refused: int = 0
    errors: list[str] = field(default_factory=list)
    added: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    door: str
    askers: int
    ingesting: bool


class Asker:
    """One person who asks until the time is over."""

    def __init__(self, server: Server, door: str, number: int, event: int, seen: LoadSeen) -> None:
        self._http = httpx.Client(base_url=server.url, timeout=PATIENCE, verify=NO_TLS, trust_env=False)
        self._door, self._event, self._seen = door, event, seen
        self._session, self._asked_so_far = f"load{number}-{time.monotonic_ns()}", 0

    def ask(self, questions: Iterator[str], until: float) -> None:
        with self._http:
            while time.monotonic() < until:
                began = time.monotonic()
                try:
                    pause = self._asked(next(questions))
                except (httpx.HTTPError, RuntimeError, ValueError) as error:
                    self._seen.errors.append(f"{type(error).__name__}: {error}")
                    continue
                if pause is None:
                    self._seen.seconds.append(time.monotonic() - began)
                else:
                    self._seen.refused += 1
                    time.sleep(min(pause, max(0.0, until - time.monotonic())))

    def _asked(self, question: str) -> float | None:
        """Ask; None once the answer is there, or the seconds to wait where the question was refused."""
        if self._door == "chat":
            return self._asked_on_the_page(question)
        path, body = (
            ("/api/ask", {"question": question})
            if self._door == "api"
            else (
                "/v1/chat/completions",
                {"model": "assistant", "messages": [{"role": "user", "content": question}]},
            )
        )
        response = self._http.post(path, json=body)
        if response.status_code in (429, 503):
            return float(response.headers["retry-after"])
        response.raise_for_status()
        answered = response.json()
        if not (answered["answer"] if self._door == "api" else answered["choices"][0]["message"]["content"]):
            raise ValueError(f"an empty answer to {question!r}")
        return None

    def _asked_on_the_page(self, question: str) -> float | None:
        session = f"{self._session}-{self._asked_so_far // QUESTIONS_OF_A_CONVERSATION}"
        self._asked_so_far += 1
        shown = "".join(shown_steps(self._http, self._event, session, question))
        if any(words in shown for words in REFUSED):
            return 3.0
        if 'class="problem"' in shown or not any(words in shown for words in ANSWERED):
            raise RuntimeError(shown[-300:])
        return None


def measure(server: Server, cell: Cell, questions: list[str], event: int, seconds: float) -> LoadSeen:
    """Let the askers ask for so long, and wait for their last answers."""
    seen, until = LoadSeen(), time.monotonic() + seconds
    threads = [
        threading.Thread(
            target=Asker(server, cell.door, number, event, seen).ask,
            args=(_from(questions, number * 7), until),
        )
        for number in range(cell.askers)
    ]
    with ingesting(server, seen) if cell.ingesting else ExitStack():
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return seen


def _from(questions: list[str], first: int) -> Iterator[str]:
    return (questions[number % len(questions)] for number in count(first))


@contextmanager
def ingesting(server: Server, seen: LoadSeen) -> Iterator[None]:
    """Upload new articles, a few at a time, as fast as the server takes them, and delete them in the end."""
    stop, documents = threading.Event(), list[str]()
    texts, stamp = corpora.english(), time.monotonic_ns()

    def add() -> None:
        for first in count(0, TOGETHER):
            names = [f"load-{stamp}-{number}" for number in range(first, first + TOGETHER)]
            chosen = {
                name: f"{name}\n\n{texts[number % len(texts)]}" for number, name in enumerate(names, first)
            }
            for job in server.add(**chosen):
                documents.append(str(job["document_id"]))
                seen.errors += [] if job["state"] == "done" else [f"{job['source']}: {job['error']}"]
                seen.added += 0 if stop.is_set() else 1
            if stop.is_set():
                return

    thread = threading.Thread(target=add)
    thread.start()
    time.sleep(1.0)  # until it has begun
    try:
        yield
    finally:
        stop.set()
        thread.join()
        for document in documents:
            server.call("DELETE", f"/api/documents/{document}")


def filled(server: Server, data: Path) -> None:
    """Add what is missing of the collection."""
    texts = {f"paragraph{number:03}": text for number, text in enumerate(corpora.paragraphs("de", data))}
    texts |= {f"news{number:04}": text for number, text in enumerate(corpora.news(data))}
    there = server.call("GET", "/api/status").json()["documents"]
    if there >= len(texts):
        return
    names = list(texts)
    for first in range(0, len(names), 50):
        server.add(**{name: texts[name] for name in names[first : first + 50]})


def row(cell: Cell, seen: LoadSeen, took: float, used: float, memory: int) -> str:
    median, p95, longest = np.percentile(seen.seconds or [0.0], [50, 95, 100])
    answers = len(seen.seconds)
    return (
        f"| {cell.door} | {cell.askers} | {f'{60 * seen.added / took:.0f} a minute' if cell.ingesting else 'no'} "
        f"| {answers / took:.1f} | {median:.2f} | {p95:.2f} | {longest:.2f} | {seen.refused} | {len(seen.errors)} "
        f"| {1000 * used / max(1, answers):.0f} | {memory / 1e6:.0f} |"
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--work", type=Path, default=WORK)
    parser.add_argument("--data", type=Path, default=corpora.DATA)
    parser.add_argument("--askers", type=int, nargs="+", default=[1, 10, 50])
    parser.add_argument("--doors", nargs="+", choices=DOORS, default=list(DOORS))
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--quiet", action="store_true", help="without articles being added")
    options = parser.parse_args()
    cells = [
        Cell(door, askers, adding)
        for door in options.doors
        for askers in options.askers
        for adding in ((False,) if options.quiet else (False, True))
    ]
    options.work.mkdir(parents=True, exist_ok=True)
    # One address asks for all, which has the limits of one caller by default.
    limits = {"ASSISTANT_RATE_LIMIT": "10000000", "ASSISTANT_AT_ONCE": "1000"}
    with (
        (options.work / "errors.txt").open("w") as errors,
        started(options.work, errors, **limits) as server,
    ):
        filled(server, options.data)
        return measured(server, cells, options)


def measured(server: Server, cells: list[Cell], options: argparse.Namespace) -> int:
    pairs = zip(corpora.questions("en", options.data), corpora.questions("de", options.data), strict=True)
    questions = [question.text for pair in pairs for question in pair]
    process, event = psutil.Process(server.process.pid), asking(server.url)
    measure(server, Cell("api", 4, ingesting=False), questions, event, 5.0)  # until all is loaded
    print(
        "| through | askers | articles added | answers a second | median s | p95 s | longest s | refused | errors | processor ms an answer | memory MB |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    wrong: list[str] = []
    for cell in cells:
        used, began = processor_time(process.pid), time.monotonic()
        seen = measure(server, cell, questions, event, options.seconds)
        took = time.monotonic() - began
        used = processor_time(process.pid) - used
        print(row(cell, seen, took, used, process.memory_info().rss), flush=True)
        wrong += seen.errors
    print("\n".join(wrong[:20]))
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
