"""What does the lexicon cost a question, in a large collection?

    python -m benchmarks.lexicon [--data DIR] [--work DIR] [--passages 300000] [--every 10]

Sentences of the German news articles are drawn into as many passages as asked for, and XQuAD's English
questions are looked up in the lexical index with the lexicon and without it, in turn. Printed are the
medians of what a question costs, understanding and search together, and how long the file takes to load:
time of the one processor that does it, which other programs hardly lengthen, and time by the clock.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from assistant.language.lexicon import Lexicon, shipped
from assistant.retrieval.query import understand
from assistant.retrieval.search import DEEP, term_of
from benchmarks import corpora
from ingest.store.lexical import Entry, LexicalIndex
from ingest.text.sentences import sentence_spans

SENTENCES = 6  # in a passage
BATCH = 20_000


def entries(data: Path, count: int) -> Iterator[Entry]:
    """Passages of sentences drawn at random from the news."""
    chance = random.Random(1)
    pool = [text[span.start : span.end] for text in corpora.news(data) for span in sentence_spans(text, "de")]
    for number in range(count):
        text = " ".join(chance.choices(pool, k=SENTENCES))
        yield Entry(f"p{number}", f"d{number // 5}", f"d{number // 5}:1", text)


def fill(index: LexicalIndex, data: Path, count: int) -> None:
    batch: list[Entry] = []
    for entry in entries(data, count):
        batch.append(entry)
        if len(batch) == BATCH:
            index.update(batch)
            batch = []
    index.update(batch)


def milliseconds(question: str, index: LexicalIndex, lexicon: Lexicon) -> tuple[float, float]:
    """Processor and clock time from a question's text to the best passages by spelling, their background included."""
    began = time.thread_time(), time.perf_counter()
    query = understand(question, ["de"], lexicon, language="en")
    terms = [term_of(word) for word in query.words]
    index.search(terms, DEEP)
    index.backgrounds(terms, ("de",))
    return 1000 * (time.thread_time() - began[0]), 1000 * (time.perf_counter() - began[1])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=corpora.DATA)
    parser.add_argument("--work", type=Path, help="keep the index here (default: a temporary folder)")
    parser.add_argument("--passages", type=int, default=300_000)
    parser.add_argument("--every", type=int, default=10, help="ask every Nth question (default 10)")
    options = parser.parse_args()
    began = time.thread_time(), time.perf_counter()
    lexicon, none = shipped(), Lexicon({})
    lexicon.alternatives("peace", "en", "de")
    took = 1000 * (time.thread_time() - began[0]), 1000 * (time.perf_counter() - began[1])
    print(
        f"# the lexicon is loaded in {took[0]:.0f} ms of processor time, {took[1]:.0f} ms by the clock",
        flush=True,
    )
    with tempfile.TemporaryDirectory() as name:
        index = LexicalIndex((options.work or Path(name)) / "lexical")
        if sum(index.keys().values()) != options.passages:
            fill(index, options.data, options.passages)
        print(f"# {sum(index.keys().values()):,} passages", flush=True)
        questions = [question.text for question in corpora.questions("en", options.data)[:: options.every]]
        times: dict[str, list[tuple[float, float]]] = {"without the lexicon": [], "with the lexicon": []}
        for question in (*questions[:5], *questions):
            for label, used in zip(times, (none, lexicon), strict=True):
                times[label].append(milliseconds(question, index, used))
        index.close()
    print(
        "\n| question, lexical half | median processor ms | 95 % | median clock ms | 95 % |\n|---|---|---|---|---|"
    )
    for label, values in times.items():
        figures = (
            f"{ordered[int(share * len(ordered))]:.1f}"
            for ordered in _sorted(values[5:])
            for share in (0.5, 0.95)
        )
        print(f"| {label} | {' | '.join(figures)} |")


def _sorted(times: list[tuple[float, float]]) -> tuple[list[float], list[float]]:
    return sorted(processor for processor, _ in times), sorted(clock for _, clock in times)


if __name__ == "__main__":
    main()
