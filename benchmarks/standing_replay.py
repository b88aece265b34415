"""Articles arrive one after the other: is told of standing questions what a full search after each of them finds new?

What took long is kept in a folder: each article embedded, what the full search found after it, and the replay itself, which an
interruption ends like any process and the next call continues. The full search doesn't depend on how standing questions are asked, so
that another rule for them is measured without doing it again.
"""

from __future__ import annotations

import json
import pickle
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from assistant.answering.copies import SAME
from assistant.core import Assistant
from assistant.reading.reader import shipped_reader
from assistant.service.standing import StandingWatch
from assistant.service.standing_list import StandingList
from assistant.service.standing_store import StandingStore
from assistant.standing.findings import EarlierText, digest, is_said, sentences, stands_in
from assistant.standing.remembered import RememberedQueries
from assistant.types import Citation
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.embedding.types import Embedder
from ingest.files import write_whole
from ingest.pipeline import prepare
from ingest.store.index import Index
from ingest.store.records import Prepared
from ingest.types import Document, Record

EVERY = 10  # articles between two lines of figures

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayStep:
    """What one article cost, in seconds of processor time, and how many questions were asked of the whole index after it."""

    ingested: float
    looked_through: float
    searched: float
    asked: int


class FullSearch:
    """What asking the whole index after each article finds new, by question; ``folder`` keeps it."""

    def __init__(self, assistant: Assistant, questions: Sequence[str], folder: Path) -> None:
        self._assistant = assistant
        self._questions = questions
        self._folder = folder
        self._arrived: list[Record] = []
        self.found: dict[tuple[str, str], str] = {}

    def arrived(self, records: Iterable[Record | None]) -> None:
        """These are there from the beginning."""
        self._arrived += [one for one in records if one is not None]

    def look(self, record: Record, *, may_ask: bool = True) -> int:
        """Ask after an article, or read what was found when that was done; how many questions were asked."""
        kept = self._folder / f"{record.id}.json"
        if not kept.exists():
            if not may_ask:  # others have arrived since
                raise SystemExit(f"{kept} is missing: begin anew with --again.")
            write_whole(kept, [json.dumps(self._found(record), ensure_ascii=False).encode()])
        found = json.loads(kept.read_bytes())
        self.found |= {(question, digest(sentence)): sentence for question, sentence in found["sentences"]}
        self._arrived.append(record)
        return int(found["asked"])

    def _found(self, record: Record) -> dict[str, object]:
        copies = {one.id for one in self._assistant.index.stories.of(record.id)}
        before = [one for one in self._arrived if one.id in copies]
        asked, new = 0, []
        for question in self._questions:
            # An answer quotes what was retrieved, or an earlier copy of its story: without these there is nothing to read.
            if not any(hit.document.id in copies for hit in self._assistant.retrieve(question).hits):
                continue
            asked += 1
            answer = self._assistant.ask(question)
            cited = [one for one in answer.citations if one.document.id == record.id and not answer.refused]
            new += [
                (question, sentence)
                for citation in cited
                for sentence in sentences(citation.quote, citation.language)
                if not self._was_there(sentence, citation, before)
            ]
        return {"asked": asked, "sentences": new}

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


class Replay:
    """The articles arrive in an index in ``folder``, watched for standing questions, with a restart after half of them."""

    def __init__(
        self,
        questions: Sequence[str],
        before: Sequence[Document],
        documents: Sequence[Document],
        work: Path,
        name: str,
    ) -> None:
        self._questions, self._before, self._documents = questions, before, documents
        self._embedded = work / "embedded"
        self._searched, self._folder = work / name / "searched", work / name / "replay"
        self._steps: list[ReplayStep] = []

    def again(self) -> None:
        """Begin anew; what the full search found stays."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def run(self) -> None:
        embedder = SentenceTransformerEmbedder()
        index = Index.open(self._folder / "data", embedder)
        self._fill(index, embedder)
        assistant = Assistant(index, embedder, reader=shipped_reader())
        # It searches and reads as in the chat, but the same words and passages once.
        chat = assistant.quoting(RememberedQueries(embedder), shipped_reader().remembering(100_000))
        full = FullSearch(chat, self._questions, self._searched)
        half = len(self._documents) // 2
        here = {record.id: record for record in index.records()}
        arrived = [here[one.id] for one in self._documents if one.id in here]
        with watching(self._folder, assistant) as kept:
            for question in self._questions:
                kept.add(question, "")  # one that is kept already stays as it is
            settled(kept, index)
        full.arrived(index.record(one.id) for one in self._before)
        for record in arrived:
            full.look(record, may_ask=record is arrived[-1])
        if arrived:
            print(f"Going on after {len(arrived)} articles.", flush=True)
        for part in (self._documents[len(arrived) : half], self._documents[max(half, len(arrived)) :]):
            with watching(self._folder, assistant) as kept:  # the second time is the restart
                for document in part:
                    # The last before the restart may not have been looked through when the watching ends.
                    self._arrives(
                        document, index, embedder, full, kept, waits=document is not self._documents[half - 1]
                    )
        with watching(self._folder, assistant) as kept:
            settled(kept, index)
            report(kept, full, len(self._documents))
        report_costs(self._steps)
        index.close()

    def _fill(self, index: Index, embedder: Embedder) -> None:
        """What is there before the questions are kept."""
        missing = [one for one in self._before if index.record(one.id) is None]
        for first in range(0, len(missing), 20):
            index.put([embedded(one, embedder, self._embedded)[0] for one in missing[first : first + 20]])

    def _arrives(
        self,
        document: Document,
        index: Index,
        embedder: Embedder,
        full: FullSearch,
        kept: StandingList,
        *,
        waits: bool,
    ) -> None:
        prepared, embedding = embedded(document, embedder, self._embedded)
        (record,), storing = timed(lambda: index.put([prepared]))
        # In turns: of two who ask at once each is read fewer passages for.
        _, looking = timed(lambda: settled(kept, index)) if waits else (None, 0.0)
        asked, searching = timed(lambda: full.look(record))
        if waits:
            self._steps.append(
                ReplayStep(
                    ingested=embedding + storing, looked_through=looking, searched=searching, asked=asked
                )
            )
        arrived = len(index.records()) - len(self._before)
        if waits and arrived % EVERY == 0:
            report(kept, full, arrived)


def embedded(document: Document, embedder: Embedder, folder: Path) -> tuple[Prepared, float]:
    """A document as ``folder`` keeps it embedded, and the seconds of processor time that this took."""
    kept = folder / f"{document.id}.pickle"
    if not kept.exists():
        write_whole(kept, [pickle.dumps(timed(lambda: prepare(document, embedder)))])
    prepared, seconds = pickle.loads(kept.read_bytes())  # noqa: S301  (written here)
    return prepared, seconds


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What it returns, and the seconds of processor time that passed."""
    began = time.process_time()
    return work(), time.process_time() - began


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


def report(kept: StandingList, full: FullSearch, arrived: int) -> None:
    """A line of figures, and what only one of both has."""
    every = [
        (view.question.question, sentence)
        for view in kept.of("")
        for one in kept.findings(view.question.id, "")
        for sentence in sentences(one.quote, one.language)
    ]
    told = {(question, digest(sentence)): sentence for question, sentence in every}
    right = len(told.keys() & full.found.keys())
    print(
        f"{arrived} articles: {len(full.found)} sentences new to a full search, {len(told)} told, "
        f"{len(every) - len(told)} of them twice; precision {right / max(1, len(told)):.3f}, "
        f"recall {right / max(1, len(full.found)):.3f}",
        flush=True,
    )
    for name, own, others in (("told", told, full.found), ("found", full.found, told)):
        for key in own.keys() - others.keys():
            print(f"    only {name}: {key[0]} {own[key][:160]!r}", flush=True)


def report_costs(steps: Sequence[ReplayStep]) -> None:
    """The processor time of all, and of the articles that are about the questions."""
    for name, own in (("all", steps), ("about the questions", [one for one in steps if one.asked])):
        print(
            f"{len(own)} articles, {name}, seconds of processor time: ingested {sum(one.ingested for one in own):.1f}, "
            f"looked through {sum(one.looked_through for one in own):.1f}, full search {sum(one.searched for one in own):.1f}",
            flush=True,
        )
