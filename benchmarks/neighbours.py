"""How often does Chroma's approximate search miss a nearest passage, and what does exact search cost?

    python -m benchmarks.neighbours DATA_DIR [--data DIR] [--questions 300] [--limit 10]

DATA_DIR is a data folder with an index in it, for instance what `benchmarks.retrieval --work` left in
``data``. XQuAD's questions are looked up by Chroma's HNSW graph, as the product has it set, and compared with the
cosines to all vectors.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

import numpy as np

from benchmarks import corpora
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.embedding.types import Vectors
from ingest.privacy import quiet
from ingest.store.index import Index


def everything(index: Index) -> tuple[list[str], Vectors]:
    """The ids and the vectors, shape (passages, dimensions), of all passages."""
    ids = [
        p.id for record in index.records() for p in index.replica.store.passages_of(record.id, record.version)
    ]
    vectors = {
        key: vector
        for start in range(0, len(ids), 2_000)
        for key, vector in index.search.vectors(ids[start : start + 2_000]).items()
    }
    return list(vectors), np.stack(list(vectors.values()))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, default=corpora.DATA)
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--limit", type=int, default=10)
    options = parser.parse_args()
    quiet()
    embedder = SentenceTransformerEmbedder()
    index = Index.open(options.folder, embedder)
    ids, vectors = everything(index)
    same, missed, approximate, exact = 0, 0, [], []
    asked = corpora.questions("en", options.data)[: options.questions]
    for question in asked:
        vector = embedder.embed_query(question.text)
        began = time.perf_counter()
        found = {key for key, _ in index.search.nearest(vector, options.limit)}
        halfway = time.perf_counter()
        best = np.argsort(-(vectors @ vector))[: options.limit]
        exact.append(time.perf_counter() - halfway)
        approximate.append(halfway - began)
        missing = {ids[n] for n in best} - found
        same += not missing
        missed += len(missing)
    index.close()
    print(f"{len(ids):,} passages, {len(asked)} questions, the {options.limit} nearest of each")
    print(f"lists that agree with exact search: {same / len(asked):.1%}")
    print(f"nearest passages missed: {missed / len(asked) / options.limit:.2%}")
    print(
        f"median milliseconds: Chroma {1000 * statistics.median(approximate):.1f}, exact {1000 * statistics.median(exact):.1f}"
    )


if __name__ == "__main__":
    main()
