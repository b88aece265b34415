"""What does the lexicon cost a question, in a large collection?

    python -m benchmarks.lexicon [--data DIR] [--work DIR] [--passages 300000] [--every 10]

Sentences of the German news articles are drawn into as many passages as asked for, and XQuAD's English
questions are looked up in the lexical index with the lexicon and without it, in turn. Printed are the
medians of what a question costs, understanding and search together, and how long the file takes to load.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from assistant.lexicon import Lexicon, shipped
from assistant.query import understand
from assistant.retrieval import POOL
from benchmarks import corpora
from ingest.lexical import Entry, LexicalIndex, Term
from ingest.sentences import sentence_spans

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


def milliseconds(question: str, index: LexicalIndex, lexicon: Lexicon) -> float:
    """What a question takes from its text to the best passages by spelling, their background included."""
    began = time.perf_counter()
    query = understand(question, ["de"], lexicon, language="en")
    terms = [Term(word.forms) for word in query.words]
    index.search(terms, POOL)
    index.background(terms)
    return 1000 * (time.perf_counter() - began)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=corpora.DATA)
    parser.add_argument("--work", type=Path, help="keep the index here (default: a temporary folder)")
    parser.add_argument("--passages", type=int, default=300_000)
    parser.add_argument("--every", type=int, default=10, help="ask every Nth question (default 10)")
    options = parser.parse_args()
    began = time.perf_counter()
    lexicon, none = shipped(), Lexicon({})
    lexicon.alternatives("peace", "en", "de")
    print(f"# the lexicon is loaded in {1000 * (time.perf_counter() - began):.0f} ms", flush=True)
    with tempfile.TemporaryDirectory() as name:
        index = LexicalIndex((options.work or Path(name)) / "lexical")
        if sum(index.keys().values()) != options.passages:
            fill(index, options.data, options.passages)
        print(f"# {sum(index.keys().values()):,} passages", flush=True)
        questions = [question.text for question in corpora.questions("en", options.data)[:: options.every]]
        times: dict[str, list[float]] = {"without the lexicon": [], "with the lexicon": []}
        for question in (*questions[:5], *questions):
            for label, used in zip(times, (none, lexicon), strict=True):
                times[label].append(milliseconds(question, index, used))
        index.close()
    print("\n| question, lexical half | median ms | 95 % ms |\n|---|---|---|")
    for label, values in times.items():
        ordered = sorted(values[5:])
        print(f"| {label} | {statistics.median(ordered):.1f} | {ordered[int(0.95 * len(ordered))]:.1f} |")


if __name__ == "__main__":
    main()
