"""Many people at once: do all get answers, each to their own question, and how long do they wait?

    assistant serve --port 7998 &
    python -m benchmarks.sessions http://127.0.0.1:7998 --sessions 50 --minutes 5 --pid $!

Every session speaks to the page's events as a browser does, with a conversation of its own; it does nothing with what comes
but search it, for the sessions share the processors with the server. Each asks about a person who stands in one document only,
must be answered out of that document, and must see its own questions alone. Documents for all sessions are added first and
deleted at the end. With the server's process id its processor time for an answer is told. The exit status is 1 where anything
went wrong.
"""

from __future__ import annotations

import argparse
import json
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import numpy as np
import psutil

NAMES = ("Adler", "Birke", "Distel", "Elster", "Fichte", "Ginster", "Hummel", "Iltis", "Käfer", "Linde")
PATIENCE = 60.0  # seconds that a browser would wait for any response; the client gives up after five
PAUSE = 1.0  # seconds that a reader takes before the next question, on the mean


@dataclass
class Told:
    """What the sessions have seen; times in seconds, from asking to the answer."""

    times: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def marker(number: int) -> str:
    """A name that no two sessions share."""
    return f"{NAMES[number % 10]}{NAMES[number // 10 % 10].lower()}{'xyzvw'[number // 100 % 5]}"


def article(number: int) -> bytes:
    name = marker(number)
    return f"# Bericht {name}\n\nFrau {name} leitet seit {1900 + number} das Museum der Stadt.\n".encode()


def add(url: str, sessions: int) -> list[str]:
    """The ids of a document for every session."""
    files = [("files", (f"session-{number}.md", article(number))) for number in range(sessions)]
    jobs = httpx.post(f"{url}/api/documents", files=files, timeout=120).json()["jobs"]
    return [finished(url, job["id"]) for job in jobs]


def finished(url: str, job_id: str) -> str:
    while (job := httpx.get(f"{url}/api/jobs/{job_id}", timeout=60).json())["state"] in ("queued", "running"):
        time.sleep(0.2)
    assert job["document_id"], job
    return str(job["document_id"])


def asking(url: str) -> int:
    """The number of the event by which the page asks: that of the question's box and the button beside it."""
    config = httpx.get(f"{url}/config", timeout=PATIENCE).json()
    parts = {part["id"]: part.get("props", {}).get("elem_id") for part in config["components"]}
    for event in config["dependencies"]:
        if {parts.get(target) for target, _ in event["targets"]} == {"question", "send"}:
            return int(event["id"])
    raise SystemExit("The page has no box to ask in that this script knows.")


def shown_steps(http: httpx.Client, event: int, session: str, asked: str) -> Iterator[str]:
    """What the page is told after a question, step by step, as text. Raises RuntimeError where the server says that it failed."""
    # The first input is the conversation, which the server keeps for the session.
    body = {"data": [None, asked], "fn_index": event, "session_hash": session}
    http.post("/gradio_api/queue/join", json=body).raise_for_status()
    with http.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as stream:
        stream.raise_for_status()
        for line in stream.iter_lines():
            if not line.startswith("data:"):
                continue
            message = json.loads(line.removeprefix("data:"))
            if message["msg"] in ("process_generating", "process_completed"):
                if not message["success"]:
                    raise RuntimeError(str(message["output"]))
                yield str(message["output"])


def session(url: str, number: int, event: int, until: float, told: Told) -> None:
    """One person who asks until the time is over."""
    chance = np.random.default_rng(number)
    try:
        with httpx.Client(base_url=url, timeout=PATIENCE) as http:
            while time.monotonic() < until:
                began, shown, answered = time.monotonic(), [], False
                for step in shown_steps(http, event, f"session{number}", question(number)):
                    shown.append(step)
                    if not answered and answer(number) in step:
                        answered = True
                        told.times.append(time.monotonic() - began)
                told.wrong += complaints("".join(shown), number)
                time.sleep(float(chance.exponential(PAUSE)))
    except Exception as error:  # whatever it is, it is what this script looks for
        told.wrong.append(f"session {number}: {type(error).__name__}: {error}")


def question(number: int) -> str:
    return f"Ich frage als Leser-{number}-hier: Wer ist Frau {marker(number)}?"


def answer(number: int) -> str:
    """What stands in its document alone."""
    return f"{1900 + number} das Museum"


def complaints(shown: str, number: int) -> list[str]:
    """What is wrong with what a page has shown: its answer is missing, or it shows what another session asked."""
    missing = [] if answer(number) in shown else [f"session {number}: no answer: {shown[-300:]}"]
    asked = {int(found) for found in re.findall(r"Leser-(\d+)-hier", shown)}
    missing += [] if number in asked else [f"session {number} does not see its own question"]
    return missing + [f"session {number} sees what session {other} asked" for other in asked - {number}]


def run(url: str, sessions: int, minutes: float) -> Told:
    told, event = Told(), asking(url)
    until = time.monotonic() + minutes * 60
    threads = [threading.Thread(target=session, args=(url, n, event, until, told)) for n in range(sessions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def main() -> int:
    parser = argparse.ArgumentParser(description="Ask in many sessions at once.")
    parser.add_argument("url", help="where the server is")
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--pid", type=int, help="the server's process, for its processor time")
    options = parser.parse_args()
    url: str = options.url.rstrip("/")
    documents = add(url, options.sessions)
    try:
        before = processor_time(options.pid)
        told = run(url, options.sessions, options.minutes)
        used = processor_time(options.pid) - before
    finally:
        for document in documents:
            httpx.delete(f"{url}/api/documents/{document}", timeout=60)
    return report(told, used, options)


def processor_time(pid: int | None) -> float:
    """Seconds that a process has used of all processors."""
    times = psutil.Process(pid).cpu_times() if pid else None
    return times.user + times.system if times else 0.0


def report(told: Told, used: float, options: Any) -> int:
    for line in told.wrong[:20]:
        print(line)
    p50, p95, worst = np.percentile(told.times or [0.0], [50, 95, 100])
    print(
        f"{options.sessions} sessions, {options.minutes:g} minutes: {len(told.times)} answers, {len(told.wrong)} wrong; "
        f"median {p50:.2f} s, p95 {p95:.2f} s, longest {worst:.2f} s"
        + (
            f"; {used / max(1, len(told.times)):.3f} s of the server's processors an answer"
            if options.pid
            else ""
        )
    )
    return 1 if told.wrong or not told.times else 0


if __name__ == "__main__":
    raise SystemExit(main())
