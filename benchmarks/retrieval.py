"""Does the product find the paragraph, and quote the sentence, that answers a question?

    python -m benchmarks.retrieval [--data DIR] [--work DIR] [--every N] [--answers N]

XQuAD's paragraphs are hidden among news articles, everything goes through the product's own
ingestion, and 1,190 questions are asked in both languages. R@k: the share of questions with a
passage of the right paragraph among the first k; "paragraphs" counts paragraphs and articles instead of their
passages. Picked: the share whose answering sentence is among the (at most three) sentences chosen to be
quoted; quoted: the same where the assistant does not refuse. Refused: the share it refuses, with the
right paragraph in the collection and with it left out. ``--every`` asks only every Nth
question, ``--answers`` quotes and refuses for every Nth of those, since that takes longer.
Where Spanish, Russian or Turkish lies beside the other two, a row for each is added: languages without a lexicon.
``--work`` keeps the index for the next run. Halves: R@5 over the paragraphs of the first and of the second
half of XQuAD's articles; constants were chosen on the first.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from assistant.answering.evidence import Sentence, rank
from assistant.answering.extractive import choose
from assistant.answering.refusal import answerable
from assistant.core import Assistant
from assistant.language.lexicon import Lexicon, shipped
from assistant.retrieval.probes import probes_of
from assistant.retrieval.retriever import HITS
from assistant.retrieval.search import retrieve, sentence_vectors
from benchmarks import corpora
from benchmarks.corpora import Question
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.loaders import load
from ingest.pipeline import ingest
from ingest.privacy import quiet
from ingest.store.index import Index

Choice = tuple[list[Sentence], bool]
OTHERS = {"es": "Spanish", "ru": "Russian", "tr": "Turkish"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one pair of languages got; shares in [0, 1], milliseconds for the median query."""

    name: str
    ranks: tuple[int, ...]
    paragraphs: tuple[int, ...]
    articles: tuple[int, ...]
    picked: float
    quoted: float
    refused: float
    refused_without: float
    milliseconds: float

    def among_paragraphs(self, k: int) -> float:
        return sum(rank <= k for rank in self.paragraphs) / len(self.paragraphs)

    def recall(self, k: int, half: int | None = None) -> float:
        middle = statistics.median(sorted(set(self.articles)))
        chosen = [
            rank
            for rank, article in zip(self.ranks, self.articles, strict=True)
            if half is None or (article >= middle) == bool(half)
        ]
        return sum(rank <= k for rank in chosen) / len(chosen)


def add(assistant: Assistant, texts: list[str], folder: Path, prefix: str) -> None:
    """Ingest texts as files named ``prefix-0000.txt`` and so on."""
    items = corpora.write(texts, folder / prefix, prefix)
    report = ingest(
        items, assistant.index, assistant.embedder, lambda path, name, _: load(path.read_bytes(), name)
    )
    if report.failed:
        raise SystemExit(f"{report.failed[0].source}: {report.failed[0].error}")
    print(
        f"# {len(texts)} texts {prefix}: {report.seconds:.0f} s, {assistant.index.catalogue.passages} passages",
        flush=True,
    )


def keep_only(assistant: Assistant, prefix: str) -> None:
    """Take out what an earlier run, or an earlier row, left in the index."""
    records = assistant.index.records()
    assistant.index.remove([record.id for record in records if not record.source.startswith(prefix)])


def measure(assistant: Assistant, name: str, text: str, asked: str, options: argparse.Namespace) -> Row:
    """Ask all questions in the language ``asked`` about the paragraphs in the language ``text``."""
    questions = corpora.questions(asked, options.data, answers=text)[:: options.every]
    ranks, paragraphs, times = [], [], []
    for question in questions:
        began = time.perf_counter()
        hits = assistant.search(question.text, 10)
        times.append(time.perf_counter() - began)
        sources = [hit.document.source for hit in hits]
        ranks.append(place(sources, source(text, question)))
        paragraphs.append(place(list(dict.fromkeys(sources)), source(text, question)))
    some = questions[:: options.answers]
    answers = [chosen(assistant, question.text, source(text, question)) for question in some]
    right = [has_answer(one, text, question) for ((one, _), _), question in zip(answers, some, strict=True)]
    return Row(
        name=name,
        ranks=tuple(ranks),
        paragraphs=tuple(paragraphs),
        articles=tuple(question.article for question in questions),
        picked=share(right),
        quoted=share(good and told for good, ((_, told), _) in zip(right, answers, strict=True)),
        refused=share(not told for (_, told), _ in answers),
        refused_without=share(not told for _, (_, told) in answers),
        milliseconds=1000 * statistics.median(times),
    )


def source(language: str, question: Question) -> str:
    return f"{language}-{question.paragraph:04}.txt"


def place(sources: list[str], right: str) -> int:
    return sources.index(right) + 1 if right in sources else 99


def chosen(assistant: Assistant, question: str, right: str) -> tuple[Choice, Choice]:
    """What the assistant would quote, and whether it would rather than refuse: with the right source, and without."""
    query = assistant.understand(question)
    probes = probes_of(query, assistant.index, assistant.embedder)
    hits = retrieve(query, probes, assistant.index, 2 * HITS)
    others = [hit for hit in hits if hit.document.source != right]
    vectors = sentence_vectors(hits, assistant.index, assistant.embedder)
    ranked = [rank(query, probes, some[:HITS], vectors) for some in (hits, others)]
    found, without = ((choose(query, one), answerable(query, probes, one)) for one in ranked)
    return found, without


def has_answer(found: list[Sentence], language: str, question: Question) -> bool:
    """Whether one of the sentences holds the place where the right answer stands."""
    return any(
        sentence.hit.document.source == source(language, question)
        and sentence.start <= question.answer_start < sentence.end
        for sentence in found
    )


def share(values: object) -> float:
    listed = [bool(value) for value in values]  # type: ignore[attr-defined]
    return sum(listed) / len(listed)


def head() -> None:
    print(
        f"| {'text, question':34} | R@1 | R@5 | R@10 | R@5 paragraphs | picked | quoted | refused "
        "| refused without | R@5 halves | ms |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|")


def show(row: Row) -> None:
    """One row of the table, as soon as it is known: a whole run takes the better part of an hour."""
    print(
        f"| {row.name:34} | {row.recall(1):.3f} | {row.recall(5):.3f} | {row.recall(10):.3f} "
        f"| {row.among_paragraphs(5):.3f} | {row.picked:.3f} | {row.quoted:.3f} | {row.refused:.3f} | {row.refused_without:.3f} "
        f"| {row.recall(5, 0):.3f} / {row.recall(5, 1):.3f} | {row.milliseconds:.0f} |",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=corpora.DATA)
    parser.add_argument("--work", type=Path, help="keep the index here (default: a temporary folder)")
    parser.add_argument("--every", type=int, default=1, help="ask every Nth question (default 1)")
    parser.add_argument("--without-lexicon", action="store_true", help="ask with an empty lexicon")
    parser.add_argument("--answers", type=int, default=4, help="answer every Nth of those (default 4)")
    options = parser.parse_args()
    quiet()
    embedder = SentenceTransformerEmbedder()
    print(f"# {HITS} passages are read for an answer; {embedder.name}")
    with tempfile.TemporaryDirectory() as name:
        folder = options.work or Path(name)
        lexicon = Lexicon({}) if options.without_lexicon else shipped()
        assistant = Assistant(Index.open(folder / "data", embedder), embedder, lexicon)
        keep_only(assistant, "news-")
        add(assistant, corpora.news(options.data), folder, "news")
        add(assistant, corpora.paragraphs("de", options.data), folder, "de")
        head()
        show(measure(assistant, "German, English among news", "de", "en", options))
        show(measure(assistant, "German, German among news", "de", "de", options))
        keep_only(assistant, "news-")
        add(assistant, corpora.paragraphs("en", options.data), folder, "en")
        show(measure(assistant, "English, English among news", "en", "en", options))
        add(assistant, corpora.english(options.data), folder, "english")
        show(measure(assistant, "English, German, English texts too", "en", "de", options))
        for code, name in OTHERS.items():
            if corpora.has(code, options.data):
                keep_only(assistant, "news-")
                add(assistant, corpora.paragraphs(code, options.data), folder, code)
                show(measure(assistant, f"{name}, English among news", code, "en", options))
        assistant.close()


if __name__ == "__main__":
    main()
