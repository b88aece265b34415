"""Are standing questions told what a full search finds new, once, through a restart; and what does an article cost a thousand of them?

    python -m benchmarks.standing --work DIR [--data DIR] [--half held_back] [--articles 300] [--before 150] [--questions 18]
    python -m benchmarks.standing --cost [--kept 1000]

The replay: among ``--before`` articles that are there, others arrive one after the other, those about the events of `stories_articles/` (copies of a story, later days, and
other events told in nearly the same words) among news of 10kGNAD. After each one, every question of `questions/standing.tsv` about
these events is asked of the whole index, as in the chat. The sentences that the answer quotes of the new article, and that neither it, nor
an earlier copy of its story, nor any other article had before, are what a full search finds new. A server's part that watches for
standing questions is asked in turns with it, and is closed and opened anew in the middle. Precision and recall are over sentences. Which
questions an article is asked for at all was chosen on the events that were looked at; the others count.

An interrupted replay goes on with the same ``--work``. With ``--again`` it begins anew; what the full search found is kept.

The cost: one article is ingested as the server does it, then looked through for the questions: those that pass now, with what earlier
articles have shown remembered, those that passed before sentences that say nothing of them kept them out, and again as the chat is asked, all in
one run. What comes later finds words and texts in the caches of the process.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from assistant.core import Assistant
from assistant.reading.reader import shipped_reader
from assistant.retrieval.memory import QuestionMemory
from assistant.standing import candidates
from assistant.standing.candidates import PreparedQuestions, prepared
from assistant.standing.findings import answering, digest
from assistant.standing.remembered import RememberedQueries
from assistant.standing.types import StandingQuestion
from benchmarks import corpora
from benchmarks.standing_replay import Replay, embedded, timed
from benchmarks.stories import ARTICLES, articles
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.pipeline import prepare
from ingest.store.index import Index
from ingest.types import Document, Record, document_id

QUESTIONS = Path(__file__).parent / "questions" / "standing.tsv"
SEED = 17
FILLED, WARMED = 60, 60
# The languages of the questions that are kept beside those about the events; the first two have enough for most runs.
LANGUAGES, TWO_LANGUAGES = ("de", "en", "es", "ru"), 2_380


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
    chance = random.Random(SEED)  # the order of a benchmark
    for document in news(half, total - len(own), 0, data):
        own.insert(chance.randrange(len(own) + 1), document)
    return own[:total]


def news(half: str, number: int, after: int, data: Path) -> list[Document]:
    """So many articles of the news, those ``after`` others."""
    offset = (0 if half == "looked_at" else 500) + after
    texts = corpora.news(data)[offset:][: max(0, number)]
    return [_news(place, text) for place, text in enumerate(texts, after)]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleCost:
    """What an article cost, in seconds of processor time: to ingest, to compare, to ask the questions that pass, and as in the chat.

    ``passed`` and ``asked_then`` are those of before a nearest sentence that says nothing of a question kept it out, ``lost`` how many of the
    questions kept out would have been told something, and ``same`` is whether the chat quotes the same.
    """

    ingested: float
    compared: float
    passed: float
    asked_then: float
    questions: float
    asked: float
    in_chat: float
    lost: int
    same: bool


def cost(number: int, work: Path, data: Path, rounds: int = 12) -> None:
    """One article after the other into an index, looked through for so many questions: those about its event, and others.

    The first `FILLED` are there before, and the next `WARMED` are looked through without being measured: as in a server that has run for
    a while, the questions have been asked before.
    """
    embedder = SentenceTransformerEmbedder()
    texts = [question.text for language in LANGUAGES for question in corpora.questions(language, data)]
    chance = random.Random(SEED)
    own = standing_questions("held_back", 18)
    asked = [*chance.sample(texts[: max(number, TWO_LANGUAGES)], number - len(own)), *own]
    documents = stream("held_back", 300, data)
    about = [one for one in documents[FILLED + WARMED :] if not one.source.startswith("news/")]
    others = [one for one in documents[FILLED + WARMED :] if one.source.startswith("news/")]
    with tempfile.TemporaryDirectory() as folder:
        index = Index.open(Path(folder) / "data", embedder)
        for first in range(0, FILLED, 20):
            index.put([embedded(one, embedder, work)[0] for one in documents[first : first + 20]])
        chat = Assistant(index, embedder, reader=shipped_reader())
        remembering = chat.quoting(
            RememberedQueries(embedder), shipped_reader().remembering(100_000), QuestionMemory()
        )
        ready, seconds = timed(
            lambda: PreparedQuestions(
                [
                    prepared(str(n), text, remembering.retriever, remembering.embedder)
                    for n, text in enumerate(asked)
                ]
            )
        )
        print(f"{number} questions made ready in {seconds:.1f} s, once")
        warmed = 0
        for document in documents[FILLED : FILLED + WARMED]:
            (record,) = index.put([embedded(document, embedder, work)[0]])
            worth = ready.worth_asking(record, index, embedder)
            for key in worth:
                answering(remembering, _kept(asked[int(key)]), record)
            warmed += len(worth)
        print(f"{WARMED} articles before, for which {warmed} questions were asked", flush=True)
        for name, some in (
            ("about the questions", about[:rounds]),
            ("about something else", others[:rounds]),
        ):
            _report([_article_cost(one, asked, ready, chat, remembering) for one in some], name)
        index.close()


def _report(costs: Sequence[ArticleCost], name: str) -> None:
    print(
        f"\n{len(costs)} articles {name}, seconds of processor time\n\n| | median | longest | sum |\n|---|---|---|---|"
    )
    for field in ("ingested", "compared", "passed", "asked_then", "questions", "asked", "in_chat"):
        values = [getattr(one, field) for one in costs]
        print(f"| {field} | {statistics.median(values):.3g} | {max(values):.3g} | {sum(values):.3g} |")
    ingested = sum(one.ingested for one in costs)
    for when, spent in (
        ("then", sum(one.asked_then for one in costs)),
        ("now", sum(one.asked for one in costs)),
    ):
        print(f"{when}: {(sum(one.compared for one in costs) + spent) / ingested:.2f} of the ingestion")
    print(
        f"told of what is kept out now: {sum(one.lost for one in costs)}; the chat quotes the same: {sum(one.same for one in costs)} of {len(costs)}",
        flush=True,
    )


def _article_cost(
    document: Document,
    asked: Sequence[str],
    ready: PreparedQuestions,
    chat: Assistant,
    remembering: Assistant,
) -> ArticleCost:
    """The questions that pass now are asked first, so that nothing has been worked out for them by those kept out."""
    index = chat.index
    prepared_document, embedding = timed(lambda: prepare(document, chat.embedder))
    (record,), storing = timed(lambda: index.put([prepared_document]))
    worth, compared = timed(lambda: ready.worth_asking(record, index, chat.embedder))
    more = [key for key in _by_words_alone(ready, record, chat) if key not in worth]

    def quotes(assistant: Assistant, keys: Sequence[str]) -> list[list[str]]:
        found = [answering(assistant, _kept(asked[int(key)]), record) for key in keys]
        return [[one.quote for one in some] for some in found]

    told, asking = timed(lambda: quotes(remembering, worth))
    kept_out, further = timed(lambda: quotes(remembering, more))
    in_chat, chatting = timed(lambda: quotes(chat.quoting(), worth))
    return ArticleCost(
        ingested=embedding + storing,
        compared=compared,
        passed=len(worth) + len(more),
        asked_then=asking + further,
        questions=len(worth),
        asked=asking,
        in_chat=chatting,
        lost=sum(map(bool, kept_out)),
        same=told == in_chat,
    )


def _by_words_alone(ready: PreparedQuestions, record: Record, chat: Assistant) -> list[str]:
    """The questions that pass where words suffice, however far the sentences are."""
    least = candidates.LEAST_NEAR
    candidates.LEAST_NEAR = -np.inf
    try:
        return ready.worth_asking(record, chat.index, chat.embedder)
    finally:
        candidates.LEAST_NEAR = least


def _kept(text: str) -> StandingQuestion:
    return StandingQuestion(id="", question=text, owner="", created=datetime.now(UTC), after=0, token="")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=corpora.DATA)
    parser.add_argument("--half", default="held_back", choices=("looked_at", "held_back"))
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--before", type=int, default=150)
    parser.add_argument("--questions", type=int, default=18)
    parser.add_argument("--work", type=Path, default=Path("standing-replay"))
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--cost", action="store_true")
    parser.add_argument("--kept", type=int, default=1_000)
    options = parser.parse_args()
    threadpool_limits(1, user_api="blas")  # as the server does
    if options.cost:
        cost(options.kept, options.work / "embedded", options.data)
    else:
        documents = stream(options.half, options.articles, options.data)
        questions = standing_questions(options.half, options.questions)
        before = news(options.half, options.before, options.articles, options.data)
        name = f"{options.half}-{len(before)}-{len(documents)}-{len(questions)}"
        replay = Replay(questions, before, documents, options.work, name)
        if options.again:
            replay.again()
        replay.run()


if __name__ == "__main__":
    main()
