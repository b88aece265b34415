"""Killed at random moments, the index ends as if nothing had happened. The long run is in benchmarks/crashes.py."""

from __future__ import annotations

import os
import random
import sys
from multiprocessing.context import ForkServerProcess
from multiprocessing.synchronize import Event
from pathlib import Path

from ingest import cli
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.store.index import Index
from tests.support.forked_command import CONTEXT

KILLS = 4  # of processes that are forked from one that has imported the libraries: they hit the work


def ingest(pages: Path, data_dir: Path, model: Path, entered: Event) -> None:
    """The command, in a process of its own."""
    os.environ |= {"ASSISTANT_DATA_DIR": str(data_dir), "ASSISTANT_EMBEDDING_MODEL": str(model)}
    entered.set()
    sys.exit(cli.main([str(pages), "--json"]))


def started(pages: Path, data_dir: Path, model: Path) -> ForkServerProcess:
    """A process that is about to run the command."""
    entered = CONTEXT.Event()
    process = CONTEXT.Process(target=ingest, args=(pages, data_dir, model, entered))
    process.start()
    assert entered.wait(120)
    return process


def articles() -> dict[str, str]:
    chance = random.Random(7)
    words = [
        "Hafen",
        "Brücke",
        "Rat",
        "Wahl",
        "Fluss",
        "Schule",
        "Markt",
        "Straße",
        "Zug",
        "Regen",
        "beschloss",
        "öffnete",
        "sperrte",
        "lobte",
        "baute",
    ]

    def sentence() -> str:
        return " ".join(chance.choices(words, k=chance.randint(5, 12))).capitalize() + ". "

    return {
        f"article{n:02}.txt": "".join(sentence() for _ in range(chance.randint(3, 60))) for n in range(40)
    }


def test_killed_and_started_again_every_document_is_there_whole_and_once(
    tmp_path: Path, embedder: SentenceTransformerEmbedder, tiny_model: Path
) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    expected = articles()
    for name, text in expected.items():
        (pages / name).write_text(text, encoding="utf-8")

    chance = random.Random(11)
    for _ in range(KILLS):
        process = started(pages, tmp_path / "data", tiny_model)
        process.join(chance.uniform(0.2, 1.6))
        process.kill()
        process.join()
    process = started(pages, tmp_path / "data", tiny_model)
    process.join()
    assert process.exitcode == 0

    index = Index.open(tmp_path / "data", embedder)
    found = {Path(record.source).name: index.texts.by_id(record.id) for record in index.records()}
    assert found == {name: text.strip() for name, text in expected.items()}
    assert len(index.records()) == len(expected)
    assert len(list(index.replica.store.passage_ids())) == index.catalogue.passages
    assert sum(index.replica.lexical.keys().values()) == index.catalogue.passages
    index.close()
