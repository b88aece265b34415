"""Does the queue lose or double nothing under load, and do questions wait for it?

    python -m benchmarks.queue_load [--model FOLDER | --tiny] [--data DIR] [--uploads 200] [--clients 10] [--askers 5] [--idle 20]

A server of its own holds XQuAD's German paragraphs. Askers put its questions, one after the other each, first while nothing
else happens, then while clients upload news articles, each client a file at a time, as fast as the server takes them.
Every job has to end as "done", every article has to be there once with its whole text, and no request may fail. ``--tiny``
takes the small model of the tests, which shows the queue rather than the embedding. The clients use the same processors.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

import httpx

from benchmarks import corpora
from benchmarks.asking import processor_seconds
from tests.support import forked
from tests.support.server import Server
from tests.support.tiny_model import write_tiny_model


@dataclass
class Asked:
    """How long questions took, in seconds, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def ask(server: Server, questions: list[str], askers: int, stop: threading.Event) -> Asked:
    """Ask until told to stop."""
    asked = Asked()

    def one(first: int) -> None:
        with httpx.Client(timeout=120, trust_env=False) as client:
            for question in cycle(questions[first::askers]):
                if stop.is_set():
                    return
                began = time.perf_counter()
                response = client.post(f"{server.url}/api/ask", json={"question": question})
                asked.seconds.append(time.perf_counter() - began)
                if not response.is_success:
                    asked.errors.append(f"{response.status_code} {response.text[:200]}")

    with ThreadPoolExecutor(askers) as threads:
        for running in [threads.submit(one, number) for number in range(askers)]:
            running.result()
    return asked


def upload(server: Server, articles: dict[str, str], clients: int) -> list[str]:
    """Upload every article, and wait until all jobs have ended; returns what went wrong."""
    errors: list[str] = []
    names = list(articles)

    def one(first: int) -> list[str]:
        jobs = []
        with httpx.Client(timeout=120, trust_env=False) as client:
            for name in names[first::clients]:
                files = {"files": (name, articles[name].encode())}
                response = client.post(f"{server.url}/api/documents", files=files)
                if response.status_code == 202:
                    jobs += [job["id"] for job in response.json()["jobs"]]
                else:
                    errors.append(f"{name}: {response.status_code} {response.text[:200]}")
        return jobs

    with ThreadPoolExecutor(clients) as threads:
        running = [threads.submit(one, number) for number in range(clients)]
        jobs = [job for client in running for job in client.result()]
    ended = [server.finished(job, 3_600) for job in jobs]
    errors += [f"{job['source']}: {job['state']} {job['error']}" for job in ended if job["state"] != "done"]
    return errors


def differences(server: Server, articles: dict[str, str], before: int) -> list[str]:
    """What is lost, doubled or not whole."""
    listed = server.call("GET", "/api/documents", params={"limit": 1_000}).json()
    sources = [document["source"] for document in listed["documents"]]
    wrong = [f"{name} is there {sources.count(name)} times" for name in articles if sources.count(name) != 1]
    if listed["total"] != before + len(articles):
        wrong.append(f"{listed['total']} documents, not {before + len(articles)}")
    for document in listed["documents"]:
        if document["source"] in articles:
            text = server.call("GET", f"/api/documents/{document['id']}/text").json()["text"]
            if text.split() != articles[document["source"]].split():
                wrong.append(f"{document['source']} has another text")
    if not server.call("GET", "/api/integrity").json()["whole"]:
        wrong.append("what is stored does not fit together")
    return wrong


def line(name: str, asked: Asked) -> str:
    ordered = sorted(asked.seconds)
    return (
        f"{name:16} {len(ordered):6} questions, median {statistics.median(ordered) * 1000:6.0f} ms, "
        f"p95 {ordered[int(0.95 * len(ordered))] * 1000:6.0f} ms, longest {ordered[-1] * 1000:6.0f} ms"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="")
    parser.add_argument("--tiny", action="store_true")
    parser.add_argument("--data", type=Path, default=corpora.DATA)
    parser.add_argument("--uploads", type=int, default=200)
    parser.add_argument("--clients", type=int, default=10)
    parser.add_argument("--askers", type=int, default=5)
    parser.add_argument("--idle", type=float, default=20.0, help="seconds")
    options = parser.parse_args()
    articles = {
        f"news{number:04}.txt": text.strip()
        for number, text in enumerate(corpora.news(options.data)[: options.uploads])
    }
    questions = [question.text for question in corpora.questions("de", options.data)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model = str(write_tiny_model(folder / "tiny")) if options.tiny else options.model
        server, process = forked.start(folder / "data", Path(model) if model else None)
        try:
            paragraphs = corpora.paragraphs("de", options.data)
            base = {f"paragraph{number:03}": text for number, text in enumerate(paragraphs)}
            server.add(**base)
            measure(server, int(process.pid or 0), articles, questions, len(base), options)
        finally:
            forked.end(process, kill=False)


def measure(
    server: Server,
    pid: int,
    articles: dict[str, str],
    questions: list[str],
    before: int,
    options: argparse.Namespace,
) -> None:
    stop = threading.Event()
    with ThreadPoolExecutor(1) as beside:
        warming = beside.submit(ask, server, questions, options.askers, stop)
        time.sleep(options.idle / 4)
        stop.set()
        warming.result()
        stop.clear()
        idle = beside.submit(ask, server, questions, options.askers, stop)
        time.sleep(options.idle)
        stop.set()
        quiet = idle.result()
        stop.clear()
        used, began = processor_seconds(pid), time.monotonic()
        busy = beside.submit(ask, server, questions, options.askers, stop)
        errors = upload(server, articles, options.clients)
        took = time.monotonic() - began
        stop.set()
        meanwhile = busy.result()
        used = processor_seconds(pid) - used
    wrong = [*errors, *quiet.errors, *meanwhile.errors, *differences(server, articles, before)]
    ratio = statistics.median(meanwhile.seconds) / statistics.median(quiet.seconds)
    print(line("idle", quiet))
    print(line("while ingesting", meanwhile))
    print(f"median while ingesting / idle: {ratio:.2f}")
    print(
        f"{len(articles)} uploads by {options.clients} clients in {took:.1f} s, {len(articles) / took:.1f} a second; "
        f"the server used {used:.1f} s of processor time"
    )
    print("\n".join(wrong) if wrong else "all done, none lost or doubled, no error")


if __name__ == "__main__":
    main()
