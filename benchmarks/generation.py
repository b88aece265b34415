"""How long does the first word of a generated answer take, over what the model itself takes?

    python -m benchmarks.generation [--data DIR] [--work DIR] [--questions N]

A scripted server, in a process of its own, answers at once. The same question goes to it in turn through the bare
LangChain client and through the product, which searches the 1,028 news articles, writes the prompt and reads the reply.
``--work`` keeps the index for the next run, and takes one that is there.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from benchmarks import corpora
from tests.scripted import MODEL, Prompt, ScriptedModel


def serve() -> None:
    """Be the server until the input ends; its address is the first line of output."""

    def answer(prompt: Prompt) -> list[str]:
        return ["The ", "sentences ", "say ", "so [1]."]

    with ScriptedModel() as model:
        model.answer = answer
        print(model.url, flush=True)
        sys.stdin.read()


def first_words_bare(url: str, question: str) -> float:
    """Milliseconds until the bare client has the first word."""
    from langchain.chat_models import init_chat_model

    chat = init_chat_model(MODEL, model_provider="openai", base_url=url, api_key="none")
    began = time.perf_counter()
    with closing(chat.stream(question)) as chunks:
        next(chunk for chunk in chunks if chunk.text)
        return (time.perf_counter() - began) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=corpora.DATA)
    parser.add_argument("--work", type=Path, help="keep the index here (default: a temporary folder)")
    parser.add_argument("--questions", type=int, default=60)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve()
        return
    command = [sys.executable, "-m", "benchmarks.generation", "--serve"]
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server,
    ):
        assert server.stdout is not None
        assert server.stdin is not None
        measure(server.stdout.readline().strip(), options.work or Path(folder), options)
        server.stdin.close()


def measure(url: str, folder: Path, options: argparse.Namespace) -> None:
    from ingest.privacy import quiet

    quiet()
    from assistant import Assistant, Settings
    from assistant.types import Delta, Done

    settings = Settings(data_dir=folder, llm=f"openai:{MODEL}", llm_base_url=url)
    with closing(Assistant.open(settings)) as assistant:
        if not assistant.index.records():
            add(assistant, corpora.news(options.data), folder / "texts")
        print(f"{len(assistant.index.records()):,} articles, {assistant.index.passages:,} passages")
        bare, product, searching, worked = [], [], [], []
        for number, question in enumerate(
            corpora.questions("de", options.data)[:: 1190 // (options.questions + 3)]
        ):
            one = first_words_bare(url, question.text)
            began, other, used, work = time.perf_counter(), 0.0, time.process_time(), 0.0
            for event in assistant.stream(question.text):
                if isinstance(event, Delta) and not other:
                    other = (time.perf_counter() - began) * 1000
                    work = (time.process_time() - used) * 1000
                if (
                    isinstance(event, Done) and event.answer.mode == "generated" and number > 2
                ):  # the first warm up
                    bare.append(one)
                    product.append(other)
                    searching.append(event.answer.timings_ms["retrieve"])
                    worked.append(work)
    show(bare, product, searching, worked)


def add(assistant: object, texts: list[str], folder: Path) -> None:
    from assistant import Assistant
    from ingest.loaders import load
    from ingest.pipeline import ingest

    assert isinstance(assistant, Assistant)
    items = corpora.write(texts, folder, "news")
    ingest(items, assistant.index, assistant.embedder, lambda path, name: load(path.read_bytes(), name))


def show(bare: list[float], product: list[float], searching: list[float], worked: list[float]) -> None:
    added = [b - a for a, b in zip(bare, product, strict=True)]
    tail = sorted(added)[int(len(added) * 0.95)]
    print(f"\n| first word, ms, median of {len(added)} | |\n|---|---|")
    print(f"| bare client | {statistics.median(bare):.0f} |")
    print(f"| product | {statistics.median(product):.0f} |")
    print(f"| added | {statistics.median(added):.0f} (95 %: {tail:.0f}) |")
    print(f"| of it searching | {statistics.median(searching):.0f} |")
    print(f"| processor time of the product | {statistics.median(worked):.0f} |")


if __name__ == "__main__":
    main()
