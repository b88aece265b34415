"""What does a collection of 3,000, 30,000 and 300,000 passages cost: adding to it, starting over it, asking it, taking from it?

    pip install '.[benchmark]'
    python -m benchmarks.scale --work DIR [--data DIR] [--sizes 3000 30000 300000] [--questions 60]

The collections are made as `benchmarks.large_collection` says, once, and kept in DIR (some 12 GB for all three, and two hours or so
on two quiet cores, nearly all of it for the largest; a stopped run goes on where it was). Each is a copy of the one before, grown: that is
where the rate of ingestion comes from, in which the encoder has no part. Then, with an encoder at work: a server is started over
a collection, its first answer awaited, XQuAD's questions are asked in German and English by HTTP, one after the other, without a language model; an
article is uploaded, asked about until an answer cites it, and deleted. The questions are asked once more of a server without the reader, which
reads as many passages whatever the collection: what is left is what may grow with it. Memory is what the server's
processes have resident after the questions. ``processor`` are the milliseconds of the server's processors, which say more
than the clock where the machine has other work. Measuring takes some minutes for each size.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from benchmarks import corpora
from benchmarks.large_collection import DAYS, FIRST_DAY, Grower, Growth, RealCollection, copied
from ingest.embedding.types import Embedder, Vectors
from ingest.files import sizes
from ingest.privacy import quiet
from ingest.store.index import Index
from tests.support.server import Server, started

PATIENCE = 600.0  # seconds that a new document is waited for
TOP = 10
WARM = 6  # questions before those that count
# A restriction to half of the documents, and a question about all of them.
HALF = {"published_from": str(FIRST_DAY + timedelta(days=DAYS // 2))}
UNLIMITED = {"ASSISTANT_RATE_LIMIT": "1000000"}
ABOUT_ALL = "Wie viele Artikel gibt es?"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleFigures:
    """What was measured at one size; milliseconds, seconds, and bytes. ``mapped`` is the memory that files are mapped into."""

    growth: Growth
    found: float
    start: float
    start_processor: float
    asked: AskedTimes
    without_reader: AskedTimes
    restricted: AskedTimes
    about_all: AskedTimes
    memory: int
    mapped: int
    disk: int
    arrival: float
    arrival_processor: float
    deletion: float


def say(text: str) -> None:
    print(f"# {time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def distinct_questions(data: Path, many: int) -> list[str]:
    """German and English questions in turn, spread over all paragraphs, no two the same one in another language."""
    german, english = (corpora.questions(language, data) for language in ("de", "en"))
    step = max(1, len(german) // many)
    return [(german, english)[number % 2][number * step].text for number in range(many)]


def share_found(index: Index, queries: Sequence[Vectors]) -> float:
    """The share of the exact nearest passages that the approximate search finds, over all queries."""
    asked = np.stack(queries)
    exact: list[list[tuple[float, str]]] = [[] for _ in queries]
    ids = list(index.replica.store.passage_ids())
    for first in range(0, len(ids), 5_000):
        vectors = index.search.vectors(ids[first : first + 5_000])
        keys, cosines = list(vectors), asked @ np.stack(list(vectors.values())).T
        for number, row in enumerate(cosines):
            best = np.argpartition(-row, min(TOP, len(row) - 1))[:TOP]
            found = [*exact[number], *((float(row[n]), keys[n]) for n in best)]
            exact[number] = sorted(found, reverse=True)[:TOP]
    hits = 0
    for vector, nearest in zip(queries, exact, strict=True):
        hits += len({key for _, key in nearest} & {key for key, _ in index.search.nearest(vector, TOP)})
    return hits / (TOP * len(queries))


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


def collection(
    work: Path, size: int, before: Path | None, grower: Grower, queries: Sequence[Vectors], embedder: Embedder
) -> tuple[Growth, float]:
    """Grow a collection from the one before, if it isn't there; what that took, and how well the nearest passages are found in it."""
    folder, note = work / str(size), work / f"{size}.json"
    if note.exists():
        kept = json.loads(note.read_text())
        return Growth(**kept["growth"]), float(kept["found"])
    if before is not None and not folder.exists():
        copied(before, folder)
    growth = grower.grow(folder / "data", size)
    say(f"{growth.passages:,} passages: comparing with exact search")
    index = Index.open(folder / "data", embedder, command="benchmark")
    found = share_found(index, queries)
    index.close()
    note.write_text(json.dumps({"growth": asdict(growth), "found": found}))
    return growth, found


def measured(folder: Path, growth: Growth, found: float, questions: Sequence[str]) -> ScaleFigures:
    with (folder / "errors.txt").open("a") as errors:
        began = time.perf_counter()
        with started(folder, errors, **UNLIMITED) as server:
            running = MeasuredServer(server)
            running.ask(questions[0])
            start, start_processor = time.perf_counter() - began, running.processor()
            say(f"{growth.passages:,} passages: first answer after {start:.1f} s")
            running.rest()
            asked = running.timed(questions)
            memory, mapped = running.memory()
            arrivals = [running.arrival(number) for number in range(3)]
            deletions = [running.deletion(document) for document, _, _ in arrivals]
        with started(folder, errors, ASSISTANT_READER="none", **UNLIMITED) as server:
            running = MeasuredServer(server)
            running.rest()
            without_reader = running.timed(questions)
            restricted = running.timed(questions, **HALF)
            about_all = running.timed([ABOUT_ALL] * (WARM + 10))
    return ScaleFigures(
        growth=growth,
        found=found,
        start=start,
        start_processor=start_processor,
        asked=asked,
        without_reader=without_reader,
        restricted=restricted,
        about_all=about_all,
        memory=memory,
        mapped=mapped,
        disk=sum(sizes(folder / "data").values()),
        arrival=statistics.median(seconds for _, seconds, _ in arrivals),
        arrival_processor=statistics.median(seconds for _, _, seconds in arrivals),
        deletion=statistics.median(deletions),
    )


def _asked_rows(what: str, times: Sequence[AskedTimes]) -> list[tuple[str, list[str]]]:
    return [
        (f"{what}, median ms", [f"{one.median:.0f}" for one in times]),
        (f"{what}, p95 ms", [f"{one.p95:.0f}" for one in times]),
        (f"{what}, processor ms", [f"{one.processor:.0f}" for one in times]),
    ]


def table(figures: Sequence[ScaleFigures]) -> str:
    """One column a size, as it stands in the README."""
    rows: list[tuple[str, list[str]]] = [
        ("documents", [f"{one.growth.documents:,}" for one in figures]),
        (
            "ingestion without an encoder, passages a second",
            [f"{one.growth.added / one.growth.seconds:.0f}" for one in figures],
        ),
        (
            "the same, a second of the processor",
            [f"{one.growth.added / one.growth.processor:.0f}" for one in figures],
        ),
        *_asked_rows("a question", [one.asked for one in figures]),
        (
            "of its processor time, the reader's share",
            [f"{1 - one.without_reader.processor / one.asked.processor:.0%}" for one in figures],
        ),
        *_asked_rows("all but the reader", [one.without_reader for one in figures]),
        *_asked_rows("the same, restricted to half of the days", [one.restricted for one in figures]),
        *_asked_rows("how many articles there are", [one.about_all for one in figures]),
        ("memory, MB", [f"{one.memory / 1e6:,.0f}" for one in figures]),
        ("of it files mapped into memory, MB", [f"{one.mapped / 1e6:,.0f}" for one in figures]),
        ("disk, MB", [f"{one.disk / 1e6:,.0f}" for one in figures]),
        ("from the start to the first answer, s", [f"{one.start:.1f}" for one in figures]),
        ("the same, processor s", [f"{one.start_processor:.1f}" for one in figures]),
        ("from an upload to an answer out of it, s", [f"{one.arrival:.2f}" for one in figures]),
        ("the same, processor s", [f"{one.arrival_processor:.2f}" for one in figures]),
        ("a deletion, s", [f"{one.deletion:.2f}" for one in figures]),
        (f"of the exact {TOP} nearest, found", [f"{one.found:.3f}" for one in figures]),
    ]
    head = f"| passages | {' | '.join(f'{one.growth.passages:,}' for one in figures)} |"
    lines = [f"| {name} | {' | '.join(values)} |" for name, values in rows]
    return "\n".join([head, "|---" * (len(figures) + 1) + "|", *lines])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=corpora.DATA)
    parser.add_argument("--sizes", type=int, nargs="+", default=[3_000, 30_000, 300_000])
    parser.add_argument("--questions", type=int, default=60)
    options = parser.parse_args()
    quiet()
    for size, growth, found in made(options):
        say(f"{size:,} passages: {growth}, {found:.3f} found")
    questions = distinct_questions(options.data, WARM + options.questions)
    figures = [
        measured(options.work / str(size), growth, found, questions) for size, growth, found in made(options)
    ]
    print(table(figures))


def made(options: argparse.Namespace) -> list[tuple[int, Growth, float]]:
    """The collections, which are there afterwards; models are loaded only where one is to be made."""
    ordered = sorted(options.sizes)
    if all((options.work / f"{size}.json").exists() for size in ordered):
        notes = [json.loads((options.work / f"{size}.json").read_text()) for size in ordered]
        return [
            (size, Growth(**note["growth"]), note["found"]) for size, note in zip(ordered, notes, strict=True)
        ]
    from ingest.embedding.models import SentenceTransformerEmbedder

    embedder = SentenceTransformerEmbedder()
    grower = Grower(RealCollection(options.data, options.work, embedder, say), embedder, say)
    queries = [embedder.embed_query(text) for text in distinct_questions(options.data, 2 * options.questions)]
    results: list[tuple[int, Growth, float]] = []
    before: Path | None = None
    for size in ordered:
        growth, found = collection(options.work, size, before, grower, queries, embedder)
        results.append((size, growth, found))
        before = options.work / str(size)
    return results


if __name__ == "__main__":
    main()
