"""How long does it take to find words and phrases word for word, and to count them?

    python -m benchmarks.word_search [--data DIR] [--copies N]

The news articles, N times under other names, are put into an index with vectors drawn at random, which the search for words doesn't
look at. Words are asked for that are rare, usual, and in every article, and phrases; the first 20 places are read and up to 1,000 counted.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assistant.retrieval.word_search import WordHits, find_words
from benchmarks import corpora
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.store.index import Index
from ingest.store.records import Prepared
from ingest.text.chunking import split
from ingest.types import Document, document_id

QUERIES = (
    "Schwechat",
    "Ministerium",
    "der",
    '"in der Nacht"',
    '"die in der"',
    "Wien Polizei",
    "Bank Fußball",
)
PASSAGE = 460  # tokens
BATCH = 200  # documents
ROUNDS = 5


def prepared(name: str, text: str, dimensions: int, chance: np.random.Generator) -> Prepared:
    document = Document(
        id=document_id(name),
        source=name,
        title=name,
        text=text,
        published=None,
        authors=(),
        language="de",
        media_type="text/plain",
        sha256=document_id(text) * 4,
    )
    # About as many tokens as the models count in German.
    passages = split(document, lambda texts: [len(one) // 3 + 1 for one in texts], PASSAGE)
    vectors = chance.normal(size=(len(passages), dimensions)).astype(np.float32)
    return Prepared(document=document, passages=passages, vectors=vectors)


def fill(index: Index, texts: Sequence[str], copies: int, dimensions: int) -> None:
    chance = np.random.default_rng(1)
    named = [(f"{copy}-{number}", text) for copy in range(copies) for number, text in enumerate(texts)]
    for first in range(0, len(named), BATCH):
        index.put(
            [prepared(name, text, dimensions, chance) for name, text in named[first : first + BATCH] if text]
        )


def timed(index: Index, query: str) -> tuple[WordHits, float, float]:
    """What is found, and the milliseconds of the processor and by the clock, each the median of a few rounds."""
    processor, clock = [], []
    for _ in range(ROUNDS):
        began = time.thread_time(), time.perf_counter()
        found = find_words(index, query)
        processor.append(1000 * (time.thread_time() - began[0]))
        clock.append(1000 * (time.perf_counter() - began[1]))
    return found, statistics.median(processor), statistics.median(clock)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=corpora.DATA)
    parser.add_argument("--copies", type=int, default=4)
    options = parser.parse_args()
    embedder = SentenceTransformerEmbedder()
    with tempfile.TemporaryDirectory() as name:
        index = Index.open(Path(name), embedder)
        fill(index, corpora.news(options.data), options.copies, embedder.dimensions)
        size = sum(file.stat().st_size for file in (Path(name) / "lexical").rglob("*") if file.is_file())
        print(
            f"{len(index.records()):,} documents, {index.catalogue.passages:,} passages, {size / 1e6:.0f} MB of words"
        )
        print("\n| words | places | documents | processor ms | clock ms |\n|---|---|---|---|---|")
        for query in QUERIES:
            found, processor, clock = timed(index, query)
            places = f"{'' if found.counted else 'more than '}{found.total:,}"
            print(
                f"| `{query}` | {places} | {found.documents:,} | {processor:.0f} | {clock:.0f} |", flush=True
            )
        index.close()


if __name__ == "__main__":
    main()
