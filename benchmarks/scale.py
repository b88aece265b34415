"""What does a collection of 3,000, 30,000 and 300,000 passages cost: adding to it, starting over it, asking it, taking from it?

    pip install '.[benchmark]'
    python -m benchmarks.scale --work DIR [--data DIR] [--sizes 3000 30000 300000] [--questions 60]

The collections are made as `benchmarks.large_collection` says, once, and kept in DIR (some 12 GB for all three, and two hours or so
on two quiet cores, nearly all of it for the largest; a stopped run goes on where it was). Each is a copy of the one before, grown: that is
where the rate of ingestion comes from, in which the encoder has no part. Then, with an encoder at work: a server is started over
a collection, its first answer awaited, XQuAD's questions are asked in German and English by HTTP, one after the other, without a language model; an
article is uploaded, asked about until an answer cites it, and deleted. Memory is what the server's processes have resident at most
after the questions. ``processor`` are the milliseconds of the server's processors. Measuring takes some minutes for each size.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from benchmarks import corpora
from benchmarks.large_collection import Grower, Growth, RealCollection, copied
from ingest.embedding.types import Embedder, Vectors
from ingest.files import sizes
from ingest.privacy import quiet
from ingest.store.index import Index
from tests.support.server import Server, started

PATIENCE = 600.0  # seconds that a new document is waited for
TOP = 10
WARM = 6  # questions before those that count
NOTICE = """Bericht über die Glaswerkstatt

Frau {name} leitet seit 1987 die Glaswerkstatt am alten Zollhafen. Die Werkstatt hat vierzehn Angestellte.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleFigures:
    """What was measured at one size; milliseconds, seconds, and bytes."""

    growth: Growth
    found: float
    start: float
    start_processor: float
    asked: int
    median: float
    p95: float
    processor: float
    memory: int
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

    def memory(self) -> int:
        return sum(one.memory_info().rss for one in self._processes())

    def _processes(self) -> list[psutil.Process]:
        return [self._process, *self._process.children(recursive=True)]

    def ask(self, question: str) -> dict[str, Any]:
        answer = self.server.call("POST", "/api/ask", json={"question": question}).raise_for_status()
        return dict(answer.json())

    def timed(self, questions: Sequence[str]) -> tuple[list[float], list[float]]:
        """The milliseconds of each answer by the clock, and of the processors."""
        clock, processor = [], []
        for question in questions:
            used, began = self.processor(), time.perf_counter()
            self.ask(question)
            clock.append(1000 * (time.perf_counter() - began))
            processor.append(1000 * (self.processor() - used))
        return clock, processor

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
        with started(folder, errors) as server:
            running = MeasuredServer(server)
            running.ask(questions[0])
            start, start_processor = time.perf_counter() - began, running.processor()
            say(f"{growth.passages:,} passages: first answer after {start:.1f} s")
            running.timed(questions[1:WARM])
            clock, processor = running.timed(questions[WARM:])
            memory = running.memory()
            arrivals = [running.arrival(number) for number in range(3)]
            deletions = [running.deletion(document) for document, _, _ in arrivals]
    ordered = sorted(clock)
    return ScaleFigures(
        growth=growth,
        found=found,
        start=start,
        start_processor=start_processor,
        asked=len(ordered),
        median=statistics.median(ordered),
        p95=ordered[int(0.95 * len(ordered))],
        processor=statistics.median(processor),
        memory=memory,
        disk=sum(sizes(folder / "data").values()),
        arrival=statistics.median(seconds for _, seconds, _ in arrivals),
        arrival_processor=statistics.median(seconds for _, _, seconds in arrivals),
        deletion=statistics.median(deletions),
    )


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
        ("a question, median ms", [f"{one.median:.0f}" for one in figures]),
        ("a question, p95 ms", [f"{one.p95:.0f}" for one in figures]),
        ("a question, processor ms", [f"{one.processor:.0f}" for one in figures]),
        ("memory, MB", [f"{one.memory / 1e6:,.0f}" for one in figures]),
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
