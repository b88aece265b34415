"""Are standing questions told what a full search finds new, once, through a restart; and what does an article cost a thousand of them?

    python -m benchmarks.standing [--data DIR] [--half held_back] [--articles 300] [--questions 18]   # the replay
    python -m benchmarks.standing --cost [--kept 1000]                                                # the cost

The replay: articles arrive one after the other, those about the events of `stories_articles/` (copies of a story, later days, and
other events told in nearly the same words) among news of 10kGNAD. After each one, every question of `questions/standing.tsv` about
these events is asked of the whole index, as in the chat. The sentences that the answer quotes of the new article, and that neither it, nor
an earlier copy of its story, nor any other article had before, are what a full search finds new. A server's part that watches for
standing questions runs beside it, and is closed and opened anew in the middle. Precision and recall are over sentences. Which questions an
article is asked for at all was chosen on the events that were looked at; the others count.

The cost: one article is ingested as the server does it, then looked through for the questions, all in one run.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from assistant.answering.copies import SAME
from assistant.core import Assistant
from assistant.reading.reader import shipped_reader
from assistant.service.standing import StandingWatch
from assistant.service.standing_list import StandingList
from assistant.service.standing_store import StandingStore
from assistant.standing.candidates import PreparedQuestions, prepared
from assistant.standing.findings import EarlierText, answering, digest, is_said, sentences, stands_in
from assistant.standing.types import StandingQuestion
from assistant.types import Citation
from benchmarks import corpora
from benchmarks.stories import ARTICLES, articles
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.pipeline import prepare
from ingest.store.index import Index
from ingest.types import Document, Record, document_id

QUESTIONS = Path(__file__).parent / "questions" / "standing.tsv"
SEED = 17


def events(half: str) -> frozenset[str]:
    """The names of the events of one half."""
    blocks = (ARTICLES / f"{half}.txt").read_text(encoding="utf-8").split("=== ")[1:]
    return frozenset(block.partition("|")[0].strip() for block in blocks)


def standing_questions(half: str, most: int) -> list[str]:
    """The questions about the events of one half, those about different events in turn."""
    lines = [line.split("\t") for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    known = events(half)
    by_event: dict[str, list[str]] = {}
    for event, question in lines:
        if event in known:
            by_event.setdefault(event, []).append(question)
    turns = max(map(len, by_event.values()))
    return [own[turn] for turn in range(turns) for own in by_event.values() if turn < len(own)][:most]


def stream(half: str, total: int, data: Path) -> list[Document]:
    """The articles about the events by day, and news among them."""
    own = sorted((entry.document for entry in articles(half)), key=lambda one: (one.published, one.id))
    offset = 0 if half == "looked_at" else 500
    news = [
        _news(number, text) for number, text in enumerate(corpora.news(data)[offset:][: total - len(own)])
    ]
    chance = random.Random(SEED)  # the order of a benchmark
    for document in news:
        own.insert(chance.randrange(len(own) + 1), document)
    return own[:total]


def _news(number: int, text: str) -> Document:
    source = f"news/{number:04}.txt"
    return Document(
        id=document_id(source),
        source=source,
        title="",
        text=text,
        published=None,
        authors=(),
        language="de",
        media_type="text/plain",
        sha256=digest(text) * 2,
    )


class FullSearch:
    """What asking the whole index after each article finds new, by question."""

    def __init__(self, assistant: Assistant, questions: Sequence[str]) -> None:
        self._assistant = assistant
        self._questions = questions
        self._arrived: list[Record] = []
        self.found: set[tuple[str, str]] = set()

    def look(self, record: Record) -> None:
        index = self._assistant.index
        copies = {one.id for one in index.stories.of(record.id)}
        before = [one for one in self._arrived if one.id in copies]
        for question in self._questions:
            # An answer quotes what was retrieved, or an earlier copy of its story: without these there is nothing to read.
            if not any(hit.document.id in copies for hit in self._assistant.retrieve(question).hits):
                continue
            answer = self._assistant.ask(question)
            cited = [one for one in answer.citations if one.document.id == record.id and not answer.refused]
            self.found |= {
                (question, digest(sentence))
                for citation in cited
                for sentence in sentences(citation.quote, citation.language)
                if not self._was_there(sentence, citation, before)
            }
        self._arrived.append(record)

    def _was_there(self, sentence: str, citation: Citation, copies: Sequence[Record]) -> bool:
        texts = self._assistant.index.texts
        return any(stands_in(sentence, texts.of(one)) for one in self._arrived) or any(
            is_said(
                sentence,
                EarlierText(sentences=sentences(texts.of(one), one.language), least=SAME),
                citation.language,
            )
            for one in copies
        )


@contextmanager
def watching(folder: Path, assistant: Assistant) -> Iterator[StandingList]:
    kept = StandingList(StandingStore(folder), lambda: assistant.index.catalogue)
    watch = StandingWatch(kept, lambda: assistant)
    watch.thread.start()
    try:
        yield kept
    finally:
        watch.thread.close()
        kept.close()


def settled(kept: StandingList, index: Index) -> None:
    while kept.catalogue is not index.catalogue or kept.store.waiting():
        time.sleep(0.01)


def replay(half: str, total: int, most: int, data: Path) -> None:
    questions = standing_questions(half, most)
    embedder = SentenceTransformerEmbedder()
    with tempfile.TemporaryDirectory() as written:
        folder = Path(written)
        index = Index.open(folder / "data", embedder)
        assistant = Assistant(index, embedder, reader=shipped_reader())
        full = FullSearch(assistant, questions)
        documents = stream(half, total, data)
        with watching(folder, assistant) as kept:
            for question in questions:
                kept.add(question, "")
        began = time.monotonic()
        for number, part in enumerate((documents[: total // 2], documents[total // 2 :])):
            with watching(folder, assistant) as kept:  # the second time is the restart
                for place, document in enumerate(part, 1):
                    (record,) = index.put([prepare(document, embedder)])
                    if place == len(part) and not number:
                        full.look(record)
                        break  # it ends while the last one may not have been looked through
                    settled(kept, index)  # first: of two who ask at once each is read fewer passages for
                    full.look(record)
                    if place % 10 == 0:
                        report(kept, full, number * (total // 2) + place, time.monotonic() - began)
        with watching(folder, assistant) as kept:
            settled(kept, index)
            report(kept, full, len(documents), time.monotonic() - began)
        index.close()


def report(kept: StandingList, full: FullSearch, arrived: int, seconds: float) -> None:
    """A line of figures, and what was told that the full search did not find."""
    every = [
        (view.question.question, sentence)
        for view in kept.of("")
        for one in kept.findings(view.question.id, "")
        for sentence in sentences(one.quote, one.language)
    ]
    told = {(question, digest(sentence)): sentence for question, sentence in every}
    right = len(told.keys() & full.found)
    print(
        f"{arrived} articles, {seconds:.0f} s: {len(full.found)} sentences new to a full search, {len(told)} told, "
        f"{len(every) - len(told)} of them twice; precision {right / max(1, len(told)):.3f}, "
        f"recall {right / max(1, len(full.found)):.3f}",
        flush=True,
    )
    for (question, key), sentence in told.items():
        if (question, key) not in full.found:
            print(f"    told only: {question} {sentence[:160]!r}", flush=True)


def cost(number: int, data: Path, rounds: int = 9) -> None:
    """One article after the other into an index of 100, looked through for so many questions about other things."""
    embedder = SentenceTransformerEmbedder()
    texts = [question.text for language in ("de", "en") for question in corpora.questions(language, data)]
    chance = random.Random(SEED)
    asked = chance.sample(texts, number - len(standing_questions("held_back", 18)))
    asked += standing_questions("held_back", 18)
    documents = stream("held_back", 100 + rounds, data)
    with tempfile.TemporaryDirectory() as folder:
        index = Index.open(Path(folder) / "data", embedder)
        for first in range(0, 100, 20):
            index.put([prepare(one, embedder) for one in documents[first : first + 20]])
        assistant = Assistant(index, embedder, reader=shipped_reader())
        began = time.perf_counter()
        ready = PreparedQuestions(
            [prepared(str(n), text, assistant.retriever, embedder) for n, text in enumerate(asked)]
        )
        print(f"{number} questions made ready in {time.perf_counter() - began:.1f} s, once")
        quoting = assistant.quoting()
        rows = [_article_cost(document, asked, ready, quoting) for document in documents[100:]]
        index.close()
    print("\n| | median | longest |\n|---|---|---|")
    for column, name in enumerate(
        ("ingested, s", "compared with all questions, s", "asked in earnest, s", "questions asked")
    ):
        values = [row[column] for row in rows]
        print(f"| {name} | {statistics.median(values):.3g} | {max(values):.3g} |")
    print(
        f"sum: ingested {sum(row[0] for row in rows):.2f} s, looked through {sum(row[1] + row[2] for row in rows):.2f} s"
    )


def _article_cost(
    document: Document, asked: Sequence[str], ready: PreparedQuestions, assistant: Assistant
) -> tuple[float, float, float, int]:
    """Seconds for ingesting an article, comparing it, and asking in earnest; and for how many questions it is asked."""
    index, embedder = assistant.index, assistant.embedder
    began = time.perf_counter()
    (record,) = index.put([prepare(document, embedder)])
    stored = time.perf_counter()
    worth = ready.worth_asking(record, index, embedder)
    compared = time.perf_counter()
    for key in worth:
        answering(assistant, _kept(asked[int(key)]), record)
    return stored - began, compared - stored, time.perf_counter() - compared, len(worth)


def _kept(text: str) -> StandingQuestion:
    return StandingQuestion(id="", question=text, owner="", created=datetime.now(UTC), after=0, token="")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=corpora.DATA)
    parser.add_argument("--half", default="held_back", choices=("looked_at", "held_back"))
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--questions", type=int, default=18)
    parser.add_argument("--cost", action="store_true")
    parser.add_argument("--kept", type=int, default=1_000)
    options = parser.parse_args()
    if options.cost:
        cost(options.kept, options.data)
    else:
        replay(options.half, options.articles, options.questions, options.data)


if __name__ == "__main__":
    main()
