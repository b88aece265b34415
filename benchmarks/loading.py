"""How long does a bundled embedding model take from the start of a process to its first vector, and how much memory?

    python -m benchmarks.loading [--rounds N]

`multilingual` is multilingual-e5-small, run by OpenVINO; `english` is all-MiniLM-L6-v2, run by sentence-transformers. They
take turns, each time in a fresh process, after one round that fills the file cache. Memory is the largest that the process
had; `to the first vector` counts from the first import, `then sixteen passages` is what a first batch of about 250 tokens each takes
after that.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time

from benchmarks.ingestion import peak
from ingest.settings import ENGLISH_MODEL, MULTILINGUAL_MODEL

MODELS = {"multilingual": MULTILINGUAL_MODEL, "english": ENGLISH_MODEL}
PASSAGE = (
    "Der Pegel der Elbe in Dresden ist über Nacht um zwei Meter gestiegen; die Altstadt blieb trocken. " * 9
)


def one(model: str) -> list[float]:
    """Seconds to the first vector, megabytes then, and seconds for a batch of passages after it."""
    began = time.perf_counter()
    from ingest.embedding.models import SentenceTransformerEmbedder

    embedder = SentenceTransformerEmbedder(model)
    embedder.embed_query("How high is the river?")
    first, memory = time.perf_counter() - began, peak()
    began = time.perf_counter()
    embedder.embed_passages([PASSAGE] * 16)
    return [first, memory, time.perf_counter() - began]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--one", choices=MODELS, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        print(json.dumps(one(MODELS[chosen.one])))
        return
    runs: dict[str, list[list[float]]] = {name: [] for name in MODELS}
    for number in range(chosen.rounds + 1):
        for name, taken in runs.items():
            command = [sys.executable, "-m", "benchmarks.loading", "--one", name]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            if number:
                taken.append(json.loads(done.stdout))
    print(
        "| model | seconds to the first vector | MB | seconds for sixteen passages then |\n|---|---|---|---|"
    )
    for name, taken in runs.items():
        first, memory, passages = (statistics.median(column) for column in zip(*taken, strict=True))
        print(f"| {name} | {first:.2f} | {memory:.0f} | {passages:.2f} |")


if __name__ == "__main__":
    main()
