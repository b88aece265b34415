"""The product as one of the pipelines of `peers.py`: its own ingestion, and its own search.

python -m benchmarks.peer_product JOB.json RESULT.json
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from assistant.core import Assistant
from benchmarks import corpora
from benchmarks.peer_pipelines import FIRST, Chunk, measured
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.loaders import load
from ingest.pipeline import ingest
from ingest.privacy import quiet
from ingest.store.index import Index


class PeerProduct:
    """The assistant's search over a folder of its own."""

    def __init__(self, model: str, folder: Path) -> None:
        embedder = SentenceTransformerEmbedder(model)
        embedder.embed_query("warm")
        self._folder = folder
        self._assistant = Assistant(Index.open(folder / "data", embedder), embedder)
        self.chunks: list[str] = []

    def add(self, texts: Mapping[str, str]) -> None:
        items = []
        for name, text in texts.items():
            items += corpora.write([text], self._folder / "texts" / name, name)
        report = ingest(
            items,
            self._assistant.index,
            self._assistant.embedder,
            lambda path, name, _: load(path.read_bytes(), name),
        )
        if report.failed:
            raise SystemExit(f"{report.failed[0].source}: {report.failed[0].error}")
        self.chunks = [""] * self._assistant.index.catalogue.passages

    def find(self, question: str) -> list[Chunk]:
        hits = self._assistant.search(question, FIRST)
        return [(hit.document.source.rsplit("-", 1)[0], hit.passage.text) for hit in hits]

    def close(self) -> None:
        self._assistant.close()


def main() -> None:
    job = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    quiet()
    product = PeerProduct(job["model"], Path(job["folder"]))
    result = measured(product, job["texts"], job["asked"])
    product.close()
    # No passage is longer than what the model reads: the product's second invariant.
    result["lost"], result["words"] = 0, sum(len(text.split()) for text in job["texts"].values())
    Path(sys.argv[2]).write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main()
