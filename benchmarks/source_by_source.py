"""Does each source say its own right sentence, and are the silent ones called silent?

    python -m benchmarks.source_by_source [--data DIR] [--work DIR] [--alone] [--show]

Articles of several outlets on one event, in German and English, were written for this (`source_articles/*.txt`), each with questions
in either language and, before anything was asked, the words of the sentence with which each article answers; all others say nothing
of it. They lie among 1,028 German news articles, unless ``--alone``. Right: the quote of an article that answers has these words.
Silent: an article on the same event, or on another of these, that says nothing is called silent. Of the news none answers: how many
say something all the same is counted for each question. Constants were chosen with ``looked_at`` in view; ``held_back`` counts.
``--work`` keeps the index for the next run. Times are those of the whole table for one question, the first time and with what is kept.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.core import Assistant
from assistant.sources.types import SourceRow, SourcesAsked
from benchmarks.cases import opened
from benchmarks.corpora import DATA, news, write
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.types import Item

ARTICLES = Path(__file__).parent / "source_articles"
PARTS = ("looked_at", "held_back")


@dataclass(frozen=True, slots=True, kw_only=True)
class EventArticle:
    """An article by its address, of whose event ``event`` is the name."""

    source: str
    event: str
    day: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventQuestion:
    """A question, and by address the words of a sentence, any of which is right."""

    event: str
    text: str
    words: Mapping[str, Sequence[str]]


def read(part: str) -> tuple[list[EventArticle], list[EventQuestion]]:
    """The articles and the questions of one file."""
    articles: list[EventArticle] = []
    questions: list[EventQuestion] = []
    for block in (ARTICLES / f"{part}.txt").read_text("utf-8").split("=== ")[1:]:
        event, _, rest = block.partition("\n")
        told, *asked = rest.split("\n? ")
        own = [_article(event, one) for one in told.split("--- ")[1:]]
        articles += own
        questions += [_question(event, one, own) for one in asked]
    return articles, questions


def _article(event: str, block: str) -> EventArticle:
    head, _, text = block.partition("\n")
    source, day, title = (part.strip() for part in head.split("|"))
    return EventArticle(source=source, event=event, day=day, title=title, text=text.strip())


def _question(event: str, block: str, articles: Sequence[EventArticle]) -> EventQuestion:
    text, *lines = block.strip().split("\n")
    words: dict[str, list[str]] = {}
    for line in lines:
        outlet, _, said = line.partition(": ")
        (article,) = [one for one in articles if f"{outlet}.example" in one.source]
        assert said in article.text, (text, said)
        words.setdefault(article.source, []).append(said)
    return EventQuestion(event=event, text=text, words=words)


def items(folder: Path) -> Iterator[Item]:
    """The articles of both files."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, article in enumerate(one for part in PARTS for one in read(part)[0]):
        path = folder / f"article-{number:03}.md"
        path.write_text(
            f"---\ntitle: {article.title}\ndate: {article.day}\n---\n\n{article.text}\n", encoding="utf-8"
        )
        yield Item(source=article.source, name=path.name, path=path)


@dataclass(slots=True)
class SourceCounts:
    """What was right of how many, and the seconds of each question."""

    said: int = 0
    right: int = 0
    answering: int = 0
    silent: int = 0
    others: int = 0
    silent_same: int = 0
    others_same: int = 0
    news: int = 0
    questions: int = 0


def judge(
    counts: SourceCounts,
    question: EventQuestion,
    articles: Sequence[EventArticle],
    rows: Mapping[str, SourceRow],
) -> Iterator[str]:
    """Count the rows for one question; yields what is wrong."""
    counts.questions += 1
    for article in articles:
        row = rows[article.source]
        quote = row.citation.quote if row.citation else ""
        if article.source in question.words:
            counts.answering += 1
            counts.said += not row.silent
            right = any(words in quote for words in question.words[article.source])
            counts.right += right
            if not right:
                near = row.miss.quote if row.miss else "nothing near"
                yield f"{'silent' if row.silent else 'other'}: {question.text} [{article.title}] {quote or near}"
            continue
        counts.others += 1
        counts.silent += row.silent
        if article.event == question.event:
            counts.others_same += 1
            counts.silent_same += row.silent
        if quote:
            yield f"says: {question.text} [{article.title}] {quote} ({row.probability})"
    known = {article.source for article in articles}
    for source, row in rows.items():
        if row.citation and source.startswith("news-"):
            counts.news += 1
            yield f"news: {question.text} [{source}] {row.citation.quote} ({row.probability})"
    assert known <= rows.keys()


def asked(assistant: Assistant, question: str) -> tuple[dict[str, SourceRow], tuple[float, float, float]]:
    """The rows by the source of their documents, and milliseconds: for all of them, of processor time, and for what is kept."""
    request = SourcesAsked(question=question, limit=len(assistant.index.records()))
    began, used = time.perf_counter(), time.process_time()
    table = assistant.sources.find(request)
    first, used = time.perf_counter(), time.process_time() - used
    assistant.sources.find(request)
    again = time.perf_counter()
    rows = {row.document.source: row for row in table.rows}
    return rows, (1000 * (first - began), 1000 * used, 1000 * (again - first))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--alone", action="store_true", help="without the news around them")
    parser.add_argument("--show", action="store_true", help="also print what is wrong of looked_at")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        work = options.work or Path(temporary)
        beside = [] if options.alone else write(news(options.data), work / "news", "news")
        assistant = opened(work, SentenceTransformerEmbedder(), [*beside, *items(work / "articles")])
        times: list[tuple[float, float, float]] = []
        print(
            "| part | answering | says something | right sentence | silent | of them on the event | news that says, a question |"
        )
        print("|---|---|---|---|---|---|---|")
        wrong: list[str] = []
        for part in PARTS:
            counts = SourceCounts()
            articles, questions = read(part)
            for question in questions:
                rows, took = asked(assistant, question.text)
                times.append(took)
                lines = list(judge(counts, question, articles, rows))
                wrong += lines if part == PARTS[0] else []
            print(
                f"| {part} | {counts.answering} | {counts.said / counts.answering:.3f} | {counts.right / counts.answering:.3f} "
                f"| {counts.silent / counts.others:.3f} | {counts.silent_same / counts.others_same:.3f} "
                f"| {counts.news / counts.questions:.1f} |",
                flush=True,
            )
        firsts, used, agains = zip(*times, strict=True)
        print(
            f"\n{len(assistant.index.records()):,} documents: {statistics.median(firsts):.0f} ms a question, p95 "
            f"{sorted(firsts)[int(0.95 * len(firsts))]:.0f}; processor time {statistics.median(used):.0f} ms; kept {statistics.median(agains):.0f} ms"
        )
        for line in wrong if options.show else ():
            print(f"# {line}")
        assistant.close()


if __name__ == "__main__":
    main()
