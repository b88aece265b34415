"""Is everything there, whole and once, after processes are killed at random moments?

    python -m benchmarks.crashes [--work DIR] [--kills 200] [--every 5] [--seed 1]
    python -m benchmarks.crashes --pages [--data DIR] [--rounds 50]

A server with the small model of the tests is told to add and replace documents, delete them, take archives, follow a feed,
synchronise a folder and change its embedding model, at random; it is killed (SIGKILL) at a random moment of that and
started again. After every few kills all that was begun is let end, and every document must be there whole and once: the new
version where the server had confirmed it, else the old or the new. What is stored must fit together. With ``--work`` a run that
is stopped goes on when it is started again.

With ``--pages`` the command `ingest` is killed instead: the saved web pages are ingested once undisturbed. Then, round after round, `ingest` is started
on the same pages in a folder of its own, killed (SIGKILL) after a random time, and started
again until it ends by itself. Each round must end with exactly the same documents and texts.
The processes are forked from one that has imported the libraries, so that the kills fall into the work
and not into ten seconds of importing.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from benchmarks import corpora
from ingest.cli import main as main_of_ingest
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.privacy import quiet
from ingest.store.index import Index
from tests.support.killing import FILES, MEMBERS, UPLOADS, KilledServer
from tests.support.site import site
from tests.support.tiny_model import write_tiny_model

CONTEXT = multiprocessing.get_context("forkserver")


def texts(data_dir: Path, embedder: SentenceTransformerEmbedder) -> dict[str, str]:
    """Every document's text by its source, checked to be whole and there once."""
    index = Index.open(data_dir, embedder)
    found = {record.source: index.texts.by_id(record.id) for record in index.records()}
    assert all(len(index.texts.by_id(record.id)) == record.characters for record in index.records())
    passages, replica = index.catalogue.passages, index.replica
    assert len(list(replica.store.passage_ids())) == passages, "passages of no document are left over"
    assert sum(replica.lexical.keys().values()) == passages, "the lexical index is out of step"
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
    parser.add_argument("--work", type=Path, help="a folder that a stopped run goes on in")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--every", type=int, default=5, help="kills between two looks at everything")
    parser.add_argument("--pages", action="store_true")
    parser.add_argument("--data", type=Path, default=corpora.DATA)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.pages:
        kill_ingest(parser, options)
        return
    with tempfile.TemporaryDirectory() as name:
        kill_server(options.work or Path(name), options)


def kill_server(work: Path, options: argparse.Namespace) -> None:
    """Kill a server until it has been killed often enough, counting what earlier runs in that folder did."""
    models = [work / "one" / "model", work / "other" / "model"]
    for seed, model in enumerate(models):
        if not model.exists():
            write_tiny_model(model.parent, seed=seed)
    quiet()
    with site() as feeds:
        killed = KilledServer(work, models, feeds)
        chance = random.Random(f"{options.seed} {killed.kills}")
        amid: Counter[str] = Counter()
        try:
            while killed.kills < options.kills:
                told = kill_once(killed, chance)
                amid[told.split(";")[0]] += 1
                print(f"{killed.kills:4} {told}", flush=True)
                if not killed.kills % options.every or killed.kills == options.kills:
                    killed.check()
                    there = sum(versions != {0} for versions in killed.allowed.values())
                    print(f"     all {there} documents whole and once", flush=True)
        finally:
            killed.close()
    print(json.dumps(dict(sorted(amid.items())), indent=2))
    print(f"{killed.kills} kills: after every {options.every}, all was there, whole and once.")


def kill_once(killed: KilledServer, chance: random.Random) -> str:
    delay = chance.uniform(0.0, 1.0)

    def some(names: Sequence[str]) -> list[str]:
        return chance.sample(names, chance.randint(1, len(names)))

    match chance.choice(("upload", "upload", "delete", "archive", "sync", "follow", "reindex", "reindex")):
        case "upload":
            return killed.upload(some(UPLOADS), delay)
        case "delete":
            return killed.delete(chance.choice(UPLOADS), delay)
        case "archive":
            return killed.pack(some(MEMBERS), delay)
        case "sync":
            return killed.sync(some(FILES), delay)
        case "follow":
            return killed.follow(delay)
        case _:
            return killed.reindex(delay)


def kill_ingest(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
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
