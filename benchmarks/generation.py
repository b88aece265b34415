"""How long does the first word of a generated answer take, over what the model itself takes?

    python -m benchmarks.generation [--data DIR] [--work DIR] [--questions N]

A scripted server, in a process of its own, answers at once. The same question goes to it in turn through the bare
LangChain client and through the product, which searches the 1,028 news articles, writes the prompt and reads the reply.
The processor time holds on a busy machine, too.
``--work`` keeps the index for the next run, and takes one that is there.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.core import Assistant
from assistant.settings import Settings
from assistant.types import DeltaEvent, DoneEvent
from benchmarks import corpora
from ingest.loaders import load
from ingest.pipeline import ingest
from ingest.privacy import quiet
from tests.support.language_model import MODEL, Prompt, ScriptedModel

WARMING = 4  # questions that are not counted


def serve() -> None:
    """Be the server until the input ends; its address is the first line of output."""

    def answer(prompt: Prompt) -> list[str]:
        return ["The ", "sentences ", "say ", "so [1]."]

    with ScriptedModel() as model:
        model.answer = answer
        print(model.url, flush=True)
        sys.stdin.read()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Milliseconds until the first word: on the clock, of this process's processor time, and of those searching."""

    wall: float
    worked: float
    searching: float = 0.0


class Watch:
    """Started when it is made."""

    def __init__(self) -> None:
        self._wall, self._worked = time.perf_counter(), time.process_time()

    def read(self) -> Wait:
        wall, worked = time.perf_counter() - self._wall, time.process_time() - self._worked
        return Wait(wall=wall * 1000, worked=worked * 1000)


def bare(url: str) -> Callable[[str], Wait]:
    """The client of LangChain alone."""
    from langchain.chat_models import init_chat_model

    chat = init_chat_model(MODEL, model_provider="openai", base_url=url, api_key="none")

    def ask(question: str) -> Wait:
        watch = Watch()
        with closing(chat.stream(question)) as chunks:
            next(chunk for chunk in chunks if chunk.text)
            return watch.read()

    return ask


def product(assistant: Assistant) -> Callable[[str], Wait | None]:
    """The product; None where it did not write an answer."""

    def ask(question: str) -> Wait | None:
        watch, first = Watch(), None
        for event in assistant.stream(question):
            if isinstance(event, DeltaEvent):
                first = first or watch.read()
            if isinstance(event, DoneEvent) and event.answer.mode == "generated" and first:
                return replace(first, searching=event.answer.timings_ms["retrieve"])
        return None

    return ask


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=corpora.DATA)
    parser.add_argument("--work", type=Path, help="keep the index here (default: a temporary folder)")
    parser.add_argument("--questions", type=int, default=60)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    quiet()
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
    settings = Settings(data_dir=folder, llm=f"openai:{MODEL}", llm_base_url=url)
    with closing(Assistant.open(settings)) as assistant:
        if not assistant.index.records():
            add(assistant, corpora.news(options.data), folder / "texts")
        print(f"{len(assistant.index.records()):,} articles, {assistant.index.catalogue.passages:,} passages")
        listed = corpora.questions("de", options.data)
        asked = [one.text for one in listed[:: len(listed) // (options.questions + WARMING)]]
        show(list(compared(asked, bare(url), product(assistant)))[WARMING:])


def compared(
    questions: Sequence[str], alone: Callable[[str], Wait], whole: Callable[[str], Wait | None]
) -> Iterator[tuple[Wait, Wait]]:
    """Each question asked both ways, one way first and then the other."""
    for number, question in enumerate(questions):
        first = alone(question) if number % 2 else None
        other = whole(question)
        one = first or alone(question)
        if other:
            yield one, other


def add(assistant: Assistant, texts: list[str], folder: Path) -> None:
    items = corpora.write(texts, folder, "news")
    ingest(items, assistant.index, assistant.embedder, lambda path, name, _: load(path.read_bytes(), name))


def show(waits: Sequence[tuple[Wait, Wait]]) -> None:
    alone, whole = zip(*waits, strict=True)
    added = [other.wall - one.wall for one, other in waits]
    rows = {
        "bare client": ([one.wall for one in alone], [one.worked for one in alone]),
        "product": ([one.wall for one in whole], [one.worked for one in whole]),
        "added": (added, [other.worked - one.worked for one, other in waits]),
    }
    print(f"\n| first word, ms, median of {len(waits)} | on the clock | processor time |\n|---|---|---|")
    for name, columns in rows.items():
        print(f"| {name} | {' | '.join(f'{statistics.median(column):.0f}' for column in columns)} |")
    print(f"| of it searching | {statistics.median(one.searching for one in whole):.0f} | |")
    print(f"| added, 95 of 100 below | {sorted(added)[int(len(added) * 0.95)]:.0f} | |")


if __name__ == "__main__":
    main()
