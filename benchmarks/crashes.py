"""Is the index whole after the ingesting process is killed at random moments?

    python -m benchmarks.crashes [--data DIR] [--rounds 50]

The saved web pages are ingested once undisturbed. Then, round after round, `ingest` is started
on the same pages in a folder of its own, killed (SIGKILL) after a random time, and started
again until it ends by itself. Each round must end with exactly the same documents and texts.
The processes are forked from one that has imported the libraries, so that the kills fall into the work
and not into ten seconds of importing.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import tempfile
import time
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from benchmarks import corpora
from ingest.cli import main as main_of_ingest
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.privacy import quiet
from ingest.store.index import Index

CONTEXT = multiprocessing.get_context("forkserver")


def texts(data_dir: Path, embedder: SentenceTransformerEmbedder) -> dict[str, str]:
    """Every document's text by its source, checked to be whole and there once."""
    index = Index.open(data_dir, embedder)
    found = {record.source: index.text(record.id) for record in index.records()}
    assert all(len(index.text(record.id)) == record.characters for record in index.records())
    assert len(index._store.sample_ids(100_000)) == index.passages, "passages of no document are left over"
    assert sum(index._lexical.keys().values()) == index.passages, "the lexical index is out of step"
    assert len(found) == len(index.records()), "a source is there twice"
    index.close()
    return found


def work(pages: Path, data_dir: Path) -> None:
    """What the command `ingest` does, in this process."""
    os.environ["ASSISTANT_DATA_DIR"] = str(data_dir)
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
        raise SystemExit(main_of_ingest([str(pages), "--json"]))


def start(pages: Path, data_dir: Path) -> ForkServerProcess:
    process = CONTEXT.Process(target=work, args=(pages, data_dir))
    process.start()
    return process


def disturbed(pages: Path, data_dir: Path, whole: float, kills: int, chance: random.Random) -> int:
    """Ingest with up to ``kills`` kills at random moments, then to the end; the number of kills that hit."""
    hit = 0
    for _ in range(kills):
        process = start(pages, data_dir)
        process.join(chance.uniform(0.1, whole))
        hit += process.exitcode is None
        process.kill()
        process.join()
    process = start(pages, data_dir)
    process.join()
    return hit


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=corpora.DATA)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    pages = options.data / "news_pages" / "pages"
    if not any(pages.glob("*")):
        parser.error(f"there are no pages in {pages}: say with --data where they are")
    quiet()
    CONTEXT.set_forkserver_preload(["ingest.cli", "sentence_transformers"])
    chance = random.Random(options.seed)
    embedder = SentenceTransformerEmbedder()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        start(pages, folder / "first").join()  # the libraries are read from the disk once
        began = time.monotonic()
        start(pages, folder / "undisturbed").join()
        whole = time.monotonic() - began
        expected = texts(folder / "undisturbed", embedder)
        print(f"# undisturbed: {len(expected)} documents in {whole:.0f} s", flush=True)
        kills = done = 0
        while kills < options.rounds:
            done += 1
            kills += disturbed(pages, folder / f"round{done}", whole, 3, chance)
            assert texts(folder / f"round{done}", embedder) == expected, f"round {done} differs"
            print(f"# round {done}: {kills} kills so far, the same {len(expected)} documents", flush=True)
    print(f"\n{kills} kills in {done} rounds: every round ended with the undisturbed run's documents, whole.")


if __name__ == "__main__":
    main()
