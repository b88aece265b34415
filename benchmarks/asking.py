"""How long does an answer by quoting take over HTTP, and how much processor time?

    assistant serve --port 7998 &
    python -m benchmarks.asking http://127.0.0.1:7998 [--data DIR] [--every N] [--pid PID]

XQuAD's questions in English and German are asked one after the other, without a language model; the server's documents are
whatever its data folder holds (a work folder of `benchmarks.retrieval` holds some 5,000 passages). ``--pid`` is the server's process, on
Linux: its processor time is read before and after. To compare two versions, start both and give both addresses.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from itertools import zip_longest
from pathlib import Path

import httpx

from benchmarks import corpora


def processor_seconds(pid: int) -> float:
    """What a process has used of the processors so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def ask(client: httpx.Client, url: str, question: str) -> float:
    """Seconds until the whole answer is there."""
    began = time.perf_counter()
    client.post(f"{url}/api/ask", json={"question": question}).raise_for_status()
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("urls", nargs="+")
    parser.add_argument("--pid", type=int, nargs="*", default=[])
    parser.add_argument("--data", type=Path, default=corpora.DATA)
    parser.add_argument("--every", type=int, default=10)
    options = parser.parse_args()
    questions = [
        question.text
        for pair in zip(
            corpora.questions("en", options.data), corpora.questions("de", options.data), strict=True
        )
        for question in pair
    ][:: options.every]
    times: dict[str, list[float]] = {url: [] for url in options.urls}
    used: dict[str, float] = dict.fromkeys(options.urls, 0.0)
    with httpx.Client(timeout=60) as client:
        for url in options.urls:
            for question in questions[:20]:
                ask(client, url, question)
        for question in questions:
            for url, pid in zip_longest(options.urls, options.pid):
                before = processor_seconds(pid) if pid else 0.0
                times[url].append(ask(client, url, question))
                used[url] += (processor_seconds(pid) - before) if pid else 0.0
    print("| server | answers | median ms | p95 ms | processor ms an answer |\n|---|---|---|---|---|")
    for url, seconds in times.items():
        ordered = sorted(seconds)
        print(
            f"| {url} | {len(ordered)} | {1000 * statistics.median(ordered):.0f} "
            f"| {1000 * ordered[int(0.95 * len(ordered))]:.0f} | {1000 * used[url] / len(ordered):.0f} |"
        )


if __name__ == "__main__":
    main()
