"""How fast does the product ingest: with each of its two models, and against the usual LangChain pipeline?

    pip install '.[benchmark]' && pip install --no-deps langchain-huggingface
    python -m benchmarks.ingestion [--data DIR] [--articles N] [--rounds N] [--pipelines NAME ...]

(langchain-huggingface asks for an older huggingface-hub than the product runs on; what is used of it works with either.)
`multilingual` is the product with multilingual-e5-small; `english` is the product with all-MiniLM-L6-v2, which torch
runs; `usual` is RecursiveCharacterTextSplitter(1000, 200), HuggingFaceEmbeddings with all-MiniLM-L6-v2, and
Chroma.add_texts. They run in turn, each time in a fresh process and a fresh folder; processor time and the largest
memory are the operating system's account of that process. Start-up (imports, loading the model) is left out of the
seconds and part of the memory. `in encoder` is the share of the seconds that was spent in embedding passages.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import corpora
from ingest.settings import ENGLISH_MODEL, MULTILINGUAL_MODEL


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one run took; memory in megabytes, ``encoding`` the seconds in the encoder, 0 where that is not known."""

    articles: int
    passages: int
    wall: float
    cpu: float
    encoding: float
    peak: float


@dataclass
class Stopwatch:
    """Seconds spent in what it wraps, by any thread, and the passages that were given to it."""

    seconds: float = 0.0
    passages: int = 0

    def wrapped(self, embed: Callable[..., Any]) -> Callable[..., Any]:
        def timed(texts: Sequence[str], *rest: Any) -> Any:
            began = time.perf_counter()
            try:
                return embed(texts, *rest)
            finally:
                self.seconds += time.perf_counter() - began
                self.passages += len(texts)

        return timed


def product(model: str, texts: list[str], folder: Path) -> Run:
    """The product with a model."""
    from ingest.embedding.models import SentenceTransformerEmbedder
    from ingest.loaders import load
    from ingest.pipeline import ingest
    from ingest.store.index import Index

    watch = Stopwatch()

    class Timed(SentenceTransformerEmbedder):
        def embed_passages(self, texts: Sequence[str]) -> Any:
            return watch.wrapped(super().embed_passages)(texts)

        def embed_with_sentences(self, texts: Sequence[str], sentences: Any) -> Any:
            return watch.wrapped(super().embed_with_sentences)(texts, sentences)

    items = corpora.write(texts, folder / "texts", "news")
    embedder = Timed(model)
    embedder.embed_query("warm")
    index = Index.open(folder / "data", embedder)
    began, used = time.perf_counter(), time.process_time()
    report = ingest(items, index, embedder, lambda path, name, _: load(path.read_bytes(), name))
    wall, cpu = time.perf_counter() - began, time.process_time() - used
    assert report.count("added") == len(texts), report.failed[:1]
    index.close()
    return Run(
        articles=len(texts), passages=watch.passages, wall=wall, cpu=cpu, encoding=watch.seconds, peak=peak()
    )


def usual(texts: list[str], folder: Path) -> Run:
    """The usual LangChain pipeline."""
    from langchain_chroma import Chroma
    from langchain_huggingface import HuggingFaceEmbeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    from ingest.embedding.loading import english_folder

    corpora.write(texts, folder / "texts", "news")
    embeddings = HuggingFaceEmbeddings(model_name=english_folder())
    embeddings.embed_query("warm")
    store = Chroma(embedding_function=embeddings, persist_directory=str(folder / "data"))
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    passages = 0
    began, used = time.perf_counter(), time.process_time()
    for path in sorted((folder / "texts").iterdir()):
        chunks = splitter.split_text(path.read_text(encoding="utf-8"))
        store.add_texts(chunks)
        passages += len(chunks)
    wall, cpu = time.perf_counter() - began, time.process_time() - used
    return Run(articles=len(texts), passages=passages, wall=wall, cpu=cpu, encoding=0.0, peak=peak())


PIPELINES: dict[str, Callable[[list[str], Path], Run]] = {
    "multilingual": partial(product, MULTILINGUAL_MODEL),
    "english": partial(product, ENGLISH_MODEL),
    "usual": usual,
}


def peak() -> float:
    """The largest memory of this process so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def child(name: str, count: int, data: Path) -> None:
    """One run in this process, its figures as a line of JSON."""
    from ingest.privacy import quiet

    quiet()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(asdict(PIPELINES[name](corpora.news(data)[:count], Path(folder)))))


def run(name: str, options: argparse.Namespace) -> Run:
    """One run in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.ingestion", "--child", name]
    command += ["--articles", str(options.articles), "--data", str(options.data)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    figures = Run(**json.loads(done.stdout.splitlines()[-1]))
    print(f"# {name}: {figures.wall:.1f} s, {figures.cpu:.1f} processor s", flush=True)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=corpora.DATA)
    parser.add_argument("--articles", type=int, default=1028)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pipelines", nargs="+", choices=PIPELINES, default=list(PIPELINES))
    parser.add_argument("--child", choices=PIPELINES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child, options.articles, options.data)
        return
    runs: dict[str, list[Run]] = {name: [] for name in options.pipelines}
    for _ in range(options.rounds):
        for name in runs:
            runs[name].append(run(name, options))
    show(runs)


def show(runs: dict[str, list[Run]]) -> None:
    print("\n| pipeline | passages/s | articles/s | in encoder | processor s | peak MB |")
    print("|---|---|---|---|---|---|")
    for name, some in runs.items():
        passages = statistics.median(one.passages / one.wall for one in some)
        articles = statistics.median(one.articles / one.wall for one in some)
        share = statistics.median(one.encoding / one.wall for one in some)
        cpu = statistics.median(one.cpu for one in some)
        print(
            f"| {name} | {passages:.1f} | {articles:.2f} | {f'{share:.0%}' if share else '-'} | {cpu:.1f} "
            f"| {max(one.peak for one in some):.0f} |"
        )
    first, *others = runs
    for other in others:
        ratios = [b.wall / a.wall for a, b in zip(runs[first], runs[other], strict=True)]
        rounds = ", ".join(f"{ratio:.2f}" for ratio in ratios)
        print(f"\n{first} / {other}: {statistics.median(ratios):.2f} times as fast (rounds: {rounds})")


if __name__ == "__main__":
    main()
