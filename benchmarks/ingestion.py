"""How fast does the product ingest, against the usual LangChain pipeline with the same model?

    pip install '.[benchmark]' && pip install --no-deps langchain-huggingface
    python -m benchmarks.ingestion [--data DIR] [--articles N] [--rounds N]

(langchain-huggingface asks for an older huggingface-hub than the product runs on; what is used of it works with either.)
The usual pipeline: RecursiveCharacterTextSplitter(1000, 200), HuggingFaceEmbeddings,
Chroma.add_texts. Both run in turn, each time in a fresh process and a fresh folder; processor
time and the largest memory are the operating system's account of that process. Start-up (imports,
loading the model) is left out of the seconds and part of the memory.
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
from pathlib import Path

from benchmarks import corpora


def product(texts: list[str], folder: Path) -> tuple[float, float]:
    """Seconds of wall and of processor time that the product takes."""
    from ingest.embedding.models import SentenceTransformerEmbedder
    from ingest.loaders import load
    from ingest.pipeline import ingest
    from ingest.store.index import Index

    items = corpora.write(texts, folder / "texts", "news")
    embedder = SentenceTransformerEmbedder()
    embedder.embed_query("warm")
    index = Index.open(folder / "data", embedder)
    began, used = time.perf_counter(), time.process_time()
    report = ingest(items, index, embedder, lambda path, name: load(path.read_bytes(), name))
    spent = time.perf_counter() - began, time.process_time() - used
    assert report.count("added") == len(texts), report.failed[:1]
    index.close()
    return spent


def usual(texts: list[str], folder: Path) -> tuple[float, float]:
    """Seconds of wall and of processor time that the usual LangChain pipeline takes."""
    from langchain_chroma import Chroma
    from langchain_huggingface import HuggingFaceEmbeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    from ingest.embedding.loading import english_folder

    corpora.write(texts, folder / "texts", "news")
    embeddings = HuggingFaceEmbeddings(model_name=english_folder())
    embeddings.embed_query("warm")
    store = Chroma(embedding_function=embeddings, persist_directory=str(folder / "data"))
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    began, used = time.perf_counter(), time.process_time()
    for path in sorted((folder / "texts").iterdir()):
        store.add_texts(splitter.split_text(path.read_text(encoding="utf-8")))
    return time.perf_counter() - began, time.process_time() - used


def child(name: str, count: int, data: Path) -> None:
    """One run in this process, its figures as a line of JSON."""
    from ingest.privacy import quiet

    quiet()
    texts = corpora.news(data)[:count]
    with tempfile.TemporaryDirectory() as folder:
        wall, cpu = {"product": product, "usual": usual}[name](texts, Path(folder))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"wall": wall, "cpu": cpu, "peak": peak, "articles": len(texts)}))


def run(name: str, options: argparse.Namespace) -> dict[str, float]:
    """One run in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.ingestion", "--child", name]
    command += ["--articles", str(options.articles), "--data", str(options.data)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    print(f"# {name}: {figures['wall']:.1f} s, {figures['cpu']:.1f} processor s", flush=True)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=corpora.DATA)
    parser.add_argument("--articles", type=int, default=1028)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--child", choices=["product", "usual"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child, options.articles, options.data)
        return
    runs: dict[str, list[dict[str, float]]] = {"product": [], "usual": []}
    for _ in range(options.rounds):
        for name in runs:
            runs[name].append(run(name, options))
    show(runs)


def show(runs: dict[str, list[dict[str, float]]]) -> None:
    print("\n| pipeline | articles/s | processor s | peak MB |\n|---|---|---|---|")
    for name, figures in runs.items():
        speed = statistics.median(one["articles"] / one["wall"] for one in figures)
        cpu = statistics.median(one["cpu"] for one in figures)
        peak = max(one["peak"] for one in figures)
        print(f"| {name} | {speed:.2f} | {cpu:.1f} | {peak:.0f} |")
    ratios = [b["wall"] / a["wall"] for a, b in zip(runs["product"], runs["usual"], strict=True)]
    print(
        f"\nproduct / usual: {statistics.median(ratios):.2f} times as fast (rounds: {', '.join(f'{r:.2f}' for r in ratios)})"
    )


if __name__ == "__main__":
    main()
