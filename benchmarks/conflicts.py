"""Whether sources that disagree are told, and whether nothing else is.

    python -m benchmarks.conflicts [--data DIR] [--work DIR] [--show]

Pairs of short articles were written for this (`conflicts_articles/*.txt`): two sources that give one thing different figures or
dates, or of which one denies what the other says; a later article with another figure; and pairs that only look like it (other
years, places and subjects, parts of a total, rounding, people's expectations). They lie among 1,028 German news articles. Rules were
made with the halves ``looked_at`` in view; ``held_back`` counts. Found: the answer says that the two disagree, with both values.
Then questions are asked over the news alone (200 of `questions/news.txt`, which were looked at, 100 of `questions/news_held_back.txt`,
which were not): what is told there is listed, to be judged by a reader. ``--work`` keeps the indexes for the next run; times are those of the comparison alone
and of the whole answer, with it and without it in one run.
"""

from __future__ import annotations

import argparse
import hashlib
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assistant import quoting
from assistant.answering import disagreement
from assistant.core import Assistant
from assistant.types import Answer
from benchmarks.cases import opened
from benchmarks.corpora import DATA, news, write
from ingest.embedding.loading import default_model
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.pipeline import prepare
from ingest.types import Document, document_id

ARTICLES = Path(__file__).parent / "conflicts_articles"
QUESTIONS = Path(__file__).parent / "questions"
PARTS = ("looked_at", "looked_at_more", "held_back")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedPair:
    """Two articles, the question that both answer, and what they say differently; no ``values`` where they agree."""

    name: str
    kind: str
    question: str
    values: tuple[str, ...]
    documents: tuple[Document, ...]

    @property
    def disagrees(self) -> bool:
        return self.kind != "none"


def pairs(part: str) -> list[PlantedPair]:
    """The pairs of one file."""
    return [_pair(part, block) for block in (ARTICLES / f"{part}.txt").read_text("utf-8").split("=== ")[1:]]


def _pair(part: str, block: str) -> PlantedPair:
    head, *articles = block.split("--- ")
    name, kind, question, *values = (field.strip() for field in head.split("|"))
    return PlantedPair(
        name=name,
        kind=kind,
        question=question,
        values=tuple(values) if kind != "none" else (),
        documents=tuple(
            _document(f"{part}/{name}-{number}.txt", article) for number, article in enumerate(articles)
        ),
    )


def _document(source: str, article: str) -> Document:
    head, _, text = article.partition("\n")
    language, day, title = (field.strip() for field in head.split("|"))
    return Document(
        id=document_id(source),
        source=source,
        title=title,
        text=text.strip(),
        published=date.fromisoformat(day),
        authors=(),
        language=language,
        media_type="text/plain",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )


def is_found(answer: Answer, pair: PlantedPair) -> bool:
    """Whether the answer sets both articles side by side; of an update, whether it says which one is superseded."""
    for found in answer.disagreements:
        cited = {side.citation: answer.citations[side.citation - 1].document for side in found.sides}
        sources = {document.id for document in cited.values()}
        if sources >= {document.id for document in pair.documents}:
            older = min(pair.documents, key=lambda document: document.published or date.min)
            superseded = {cited[number].id for number in found.superseded}
            return "update" not in pair.kind or superseded == {older.id}
    return False


def measure(assistant: Assistant, show: bool) -> None:
    """The table of planted pairs, and those that were missed."""
    print("| pairs | that disagree | found | that do not | told all the same |\n|---|---|---|---|---|")
    wrong: list[str] = []
    for part in PARTS:
        planted = pairs(part)
        answers = [(pair, assistant.ask(pair.question)) for pair in planted]
        found = sum(is_found(answer, pair) for pair, answer in answers if pair.disagrees)
        told = sum(bool(answer.disagreements) for pair, answer in answers if not pair.disagrees)
        disagreeing = sum(pair.disagrees for pair in planted)
        print(
            f"| {part.replace('_', ' ')} | {disagreeing} | {found} | {len(planted) - disagreeing} | {told} |"
        )
        wrong += [
            f"{part}: {pair.name}: {pair.question}"
            for pair, answer in answers
            if (not is_found(answer, pair) if pair.disagrees else answer.disagreements)
        ]
    print("\n" + "\n".join(wrong) if show else "")


def look_at_news(assistant: Assistant, file: str) -> None:
    """What is told of the news articles alone."""
    questions = (QUESTIONS / file).read_text("utf-8").splitlines()
    answers = [assistant.ask(question) for question in questions]
    told = [answer for answer in answers if answer.disagreements]
    refused = sum(answer.refused for answer in answers)
    print(f"\n{file}: {len(questions)} questions, {refused} refused, {len(told)} with a disagreement")
    for answer in told:
        print(f"  {answer.question}\n    {answer.disagreements[0].line}")
        for side in answer.disagreements[0].sides:
            print(f"      [{side.citation}] {' '.join(answer.citations[side.citation - 1].quote.split())}")


def times(assistant: Assistant, questions: Sequence[str]) -> None:
    """Milliseconds of an answer with the comparison and without it, each question both ways, and of the comparison itself."""
    with_it: list[float] = []
    without: list[float] = []
    compare = disagreement.opposed
    own: list[float] = []

    def timed(*arguments: object) -> object:
        began = time.thread_time()
        found = compare(*arguments)  # type: ignore[arg-type]
        own.append(1000 * (time.thread_time() - began))
        return found

    for question in questions:
        for number in range(2):
            quoting.opposed = timed if number else (lambda *_: None)  # type: ignore[attr-defined,assignment]
            began = time.perf_counter()
            assistant.ask(question)
            (with_it if number else without).append(1000 * (time.perf_counter() - began))
    quoting.opposed = compare  # type: ignore[attr-defined]
    own.sort()
    print(
        f"\nan answer takes {statistics.median(with_it):.1f} ms with the comparison, {statistics.median(without):.1f} without; "
        f"the comparison alone {statistics.mean(own):.2f} of processor time on average, {own[int(0.95 * len(own))]:.1f} at the 95th percentile, {own[-1]:.1f} at most"
    )


def _documents() -> Iterator[Document]:
    for part in PARTS:
        for pair in pairs(part):
            yield from pair.documents


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--work", type=Path, default=None)
    parser.add_argument("--show", action="store_true", help="name what was missed and what was told wrongly")
    options = parser.parse_args()
    embedder = SentenceTransformerEmbedder(default_model())
    with tempfile.TemporaryDirectory() as folder:
        work = options.work or Path(folder)
        assistant = opened(
            work / "news", embedder, write(news(options.data), work / "news" / "files", "news")
        )
        documents = list(_documents())
        assistant.index.remove(
            [document.id for document in documents]
        )  # what a run that was stopped has left
        asked = (QUESTIONS / "news.txt").read_text("utf-8").splitlines()
        assistant.ask(asked[0])
        for file in ("news.txt", "news_held_back.txt"):
            look_at_news(assistant, file)
        times(assistant, asked[::4])
        for first in range(0, len(documents), 32):
            assistant.index.put([prepare(document, embedder) for document in documents[first : first + 32]])
        measure(assistant, options.show)
        assistant.index.remove([document.id for document in documents])
        assistant.close()


if __name__ == "__main__":
    main()
