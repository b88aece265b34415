"""Killed at random moments, the index ends as if nothing had happened. The long run is in benchmarks/crashes.py."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

from ingest.embedding import SentenceTransformerEmbedder
from ingest.store.index import Index

KILLS = 3


def ingest(pages: Path, data_dir: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "ingest", str(pages), "--json"],
        env={**os.environ, "ASSISTANT_DATA_DIR": str(data_dir)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


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
    tmp_path: Path, embedder: SentenceTransformerEmbedder
) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    expected = articles()
    for name, text in expected.items():
        (pages / name).write_text(text, encoding="utf-8")

    chance = random.Random(11)
    for _ in range(KILLS):
        process = ingest(pages, tmp_path / "data")
        assert process.stdout is not None
        # Importing the model's libraries takes seconds: count from the first line or a while after the start.
        try:
            process.wait(chance.uniform(2.0, 12.0))
        except subprocess.TimeoutExpired:
            process.kill()
        process.wait()
        process.stdout.close()
    final = ingest(pages, tmp_path / "data")
    final.communicate()
    assert final.returncode == 0

    index = Index.open(tmp_path / "data", embedder)
    found = {Path(record.source).name: index.text(record.id) for record in index.records()}
    assert found == {name: text.strip() for name, text in expected.items()}
    assert len(index.records()) == len(expected)
    assert len(index._store.sample_ids(100_000)) == index.passages
    assert sum(index._lexical.keys().values()) == index.passages
    index.close()
