"""Do names fold into one across scripts and spellings, and are articles found by them?

    python -m benchmarks.spellings [--data DIR]

Names: those of tests/ingest/text/spellings.tsv, each in its own script against its German, English and French spelling. One half
of them, by a hash, was looked at while the rules were made; the other was kept back. Search: XQuAD's questions against its 240
paragraphs by the lexical index alone, without lexicon. Speed: words of the news that no cache holds.
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
import time
from pathlib import Path

from benchmarks import corpora
from ingest.store.lexical import Entry, LexicalIndex, Term
from ingest.text.folding import fold, word_grams, words

NAMES = Path(__file__).resolve().parent.parent / "tests" / "ingest" / "text" / "spellings.tsv"
LANGUAGES = (("ru", "ru"), ("ru", "en"), ("ru", "de"), ("en", "ru"), ("de", "de"), ("en", "en"), ("de", "en"))


def pairs(half: int) -> list[tuple[str, str]]:
    """A name in its own script and in one of its Latin spellings; half 0 was looked at, 1 kept back."""
    lines = [line.split("\t") for line in NAMES.read_text("utf-8").splitlines()]
    return [
        (own, other)
        for own, others in lines
        if hashlib.sha256(own.encode()).digest()[0] % 2 == half
        for other in dict.fromkeys(others.split("|"))
    ]


def similarity(one: str, other: str) -> float:
    """The Jaccard similarity of two words' 4-grams."""
    ours, theirs = set(word_grams(one)), set(word_grams(other))
    return len(ours & theirs) / len(ours | theirs)


def found(paragraphs: list[str], asked: list[corpora.Question]) -> tuple[float, float]:
    """The shares of questions whose paragraph is the first, and among the first five."""
    with tempfile.TemporaryDirectory() as folder:
        index = LexicalIndex(Path(folder))
        index.update(Entry(str(n), str(n), str(n), text) for n, text in enumerate(paragraphs))
        ranks = [
            next((rank for rank, (key, _) in enumerate(hits) if int(key) == question.paragraph), 5)
            for question in asked
            for hits in [index.search([Term((word,)) for word in words(question.text)], 5)]
        ]
        index.close()
    return sum(rank == 0 for rank in ranks) / len(ranks), sum(rank < 5 for rank in ranks) / len(ranks)


def seconds(sample: list[str]) -> float:
    """Processor time to fold 100,000 words, none of them in the cache."""
    start = time.process_time()
    for word in sample:
        fold.__wrapped__(word)
    return (time.process_time() - start) / len(sample) * 100_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, default=corpora.DATA)
    data = parser.parse_args().data
    for half, name in enumerate(("looked at", "kept back")):
        compared = pairs(half)
        same = sum(fold(own) == fold(other) for own, other in compared) / len(compared)
        near = sum(similarity(own, other) >= 0.5 for own, other in compared) / len(compared)
        print(f"{name}: {len(compared)} pairs, the same {same:.3f}, half of the 4-grams shared {near:.3f}")
    for text, question in LANGUAGES:
        first, five = found(corpora.paragraphs(text, data), corpora.questions(question, data))
        print(f"text {text}, question {question}: R@1 {first:.3f}, R@5 {five:.3f}")
    news = list({word for article in corpora.news(data) for word in words(article)})
    ascii_only = [word for word in news if word.isascii()]
    russian = list({word for text in corpora.paragraphs("ru", data) for word in words(text)})
    for name, sample in (("ASCII", ascii_only), ("German", news), ("Russian", russian)):
        print(f"{name}: {min(seconds(sample) for _ in range(5)):.3f} s for 100,000 words")


if __name__ == "__main__":
    main()
