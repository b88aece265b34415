"""Standing questions while the server runs: what arrives in the collection is looked through for them, in a thread of its own.

What has come and gone is told by the catalogue, so it does not matter which process has stored it. Of each arrival the few questions that
it may answer are asked (`assistant.standing`), and what is new to one of them is told at once, in one transaction. Where others have arrived
too, one that concerns many questions gives way to them after a while. A question of somebody who waits goes first.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from assistant.core import Assistant
from assistant.errors import NotReady, Outdated
from assistant.retrieval.memory import QuestionMemory
from assistant.service.background import BackgroundThread
from assistant.service.standing_list import StandingList
from assistant.standing.candidates import PreparedQuestion, PreparedQuestions, prepared
from assistant.standing.findings import (
    EarlierText,
    answering,
    digest,
    holding,
    is_said,
    new_stretches,
    said_before,
    stands_in,
)
from assistant.standing.remembered import RememberedQueries
from assistant.standing.types import Arrival, NewFinding, StandingQuestion
from assistant.types import Citation
from ingest.errors import IngestError
from ingest.store.index import Index
from ingest.types import Record

_LOOK = 0.5  # seconds between two looks at the catalogue
_AFTER_FAILURE = 5.0  # seconds
_IN_STEP = 30.0  # seconds at most that a document which is being stored is waited for
_SLICE = 5.0  # seconds that one arrival is dealt with while others wait
TRIES = 3  # of a question that fails for a reason nobody foresaw
MOST_REMEMBERED = 50_000  # passages read for a question, of which only the scores are kept
MOST_HOLDING = 50  # documents that are looked through for the words of a quote
_GIVE_WAY = 20.0  # seconds at most that people go first, each time
_FORGET = 86_400.0  # seconds after which the words of documents that have gone are deleted
_FORGET_EVERY = 3_600.0
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class StandingCounts:
    """Since the server started: the arrivals that were looked through, the times that a question was asked of one, and findings told."""

    arrivals: int = 0
    asked: int = 0
    told: int = 0


class StandingWatch:
    """Looks through what arrives for the questions of ``kept``; ``assistant`` gives the one in use, or raises `NotReady`. Thread-safe."""

    def __init__(self, kept: StandingList, assistant: Callable[[], Assistant]) -> None:
        self._kept = kept
        self._assistant = assistant
        self._memory = QuestionMemory()
        self._ready = _ReadyQuestions(self._memory)
        self._quoting: tuple[Assistant, Assistant] | None = None
        self._tries: dict[tuple[int, str], int] = {}
        self._left = 0  # the number of the arrival that others have taken turns with
        self._forgotten = 0.0
        self.counts = StandingCounts()
        self.thread = BackgroundThread("standing", self._work)

    def _work(self) -> None:
        pause = 0.0
        while not self.thread.closing.wait(pause):
            try:
                pause = 0.0 if self._round() else _LOOK
            except NotReady:  # it is being loaded, or the server is stopping
                pause = _LOOK
            except IngestError as error:
                _log.warning("Standing questions wait: %s", error)
                pause = _AFTER_FAILURE
            except Exception:  # a thread's edge: the next round may fare better
                _log.exception("Standing questions could not be asked")
                pause = _AFTER_FAILURE

    def _round(self) -> bool:
        """Deal with one arrival for a while; whether there was one."""
        assistant = self._assistant()
        self._kept.follow(assistant.index)
        arrival = self._kept.store.next_arrival(self._left)
        if arrival is None:
            self._forget()
            return False
        self._left = 0
        if not self._deal(arrival, assistant) and assistant.index.catalogue is self._kept.catalogue:
            self.thread.closing.wait(_LOOK)  # it has gone this moment: the next round notes that
        return True

    def _deal(self, arrival: Arrival, assistant: Assistant) -> bool:
        """Ask the questions that an arrival may answer; whether it is still there."""
        record = self._record(arrival, assistant)
        if record is None:
            return False
        self._wait_for(record, assistant.index)
        until = time.monotonic() + _SLICE
        before: list[EarlierText] | None = None
        for key in self._worth_asking(arrival, record, assistant):
            self._give_way(assistant)
            question = self._kept.known(key)
            if question is None or not arrival.concerns(question):
                continue  # it has been given up, or made another, meanwhile
            if self._record(arrival, assistant) is None:
                return False
            if before is None:
                before = self._said_before(arrival, record, assistant.index)
            found = self._found(arrival, record, question, before, assistant)
            self.counts.asked += 1
            self.counts.told += self._kept.tell(arrival, key, found)
            if time.monotonic() > until and self._kept.store.waiting() > 1:
                self._left = arrival.number  # the others' turn; it goes on after them
                return True
        self._kept.store.settle(arrival)
        self.counts.arrivals += 1
        return True

    def _wait_for(self, record: Record, index: Index) -> None:
        """Wait until a document is in all that is searched: it is in the catalogue first."""
        until = time.monotonic() + _IN_STEP
        while not index.is_in_step(record) and time.monotonic() < until:
            if self.thread.closing.wait(0.02):
                raise NotReady("The server is stopping.")

    def _record(self, arrival: Arrival, assistant: Assistant) -> Record | None:
        """The document that has arrived; None where it has gone, or changed again."""
        record = assistant.index.record(arrival.document_id)
        return record if record and self._kept.version_of(record) == arrival.version else None

    def _worth_asking(self, arrival: Arrival, record: Record, assistant: Assistant) -> list[str]:
        """The questions that an arrival may answer, and that have not been asked for it by an earlier process, or in an earlier turn."""
        questions = [one for one in self._kept.questions() if arrival.concerns(one)]
        if not questions:
            return []
        self._memory.keep_step(assistant.index)
        ready = self._ready.of(questions, self._quoting_of(assistant))
        asked = self._kept.store.asked(arrival)
        worth = ready.worth_asking(record, assistant.index, assistant.embedder)
        return [key for key in worth if key not in asked]

    def _said_before(self, arrival: Arrival, record: Record, index: Index) -> list[EarlierText]:
        others = [one for one in index.stories.of(record.id) if one.id != record.id]
        return list(said_before(index, record, self._earlier(others, arrival)))

    def _found(
        self,
        arrival: Arrival,
        record: Record,
        question: StandingQuestion,
        before: Sequence[EarlierText],
        assistant: Assistant,
    ) -> list[NewFinding]:
        """What an arrival says that is new to a question; nothing where that has failed too often for a reason nobody foresaw."""
        key = (arrival.number, question.id)
        try:
            found = self._new_to(question, arrival, record, before, assistant)
        except (IngestError, NotReady, Outdated):
            raise
        except Exception:
            tries = self._tries[key] = self._tries.get(key, 0) + 1
            if tries < TRIES:
                raise
            _log.exception("%r could not be looked through for a standing question", record.title)
            found = []
        self._tries.pop(key, None)
        return found

    def _new_to(
        self,
        question: StandingQuestion,
        arrival: Arrival,
        record: Record,
        before: Sequence[EarlierText],
        assistant: Assistant,
    ) -> list[NewFinding]:
        found: list[NewFinding] = []
        for citation in answering(self._quoting_of(assistant), question, record):
            is_old = partial(self._is_old, question.id, citation, before, arrival, assistant.index)
            text = assistant.index.texts.of(citation.document)
            found += [
                finding_of(citation, question.id, start, end, text)
                for start, end in new_stretches(citation, is_old)
            ]
        return found

    def _is_old(
        self,
        key: str,
        citation: Citation,
        before: Sequence[EarlierText],
        arrival: Arrival,
        index: Index,
        sentence: str,
    ) -> bool:
        """Whether a sentence has been told of a question, or said by the text before it, by a copy, or elsewhere in the same words."""
        if self._kept.store.is_told(key, digest(sentence)):
            return True
        if any(is_said(sentence, said, citation.language) for said in before):
            return True
        earlier = self._earlier(holding(index, sentence, citation.document.id), arrival)
        return any(stands_in(sentence, index.texts.of(one)) for one in earlier[:MOST_HOLDING])

    def _earlier(self, records: Sequence[Record], arrival: Arrival) -> list[Record]:
        """Those of some documents that had arrived before."""
        numbers = self._kept.store.numbers([one.id for one in records]) if records else {}
        return [one for one in records if numbers.get(one.id, arrival.number) < arrival.number]

    def _quoting_of(self, assistant: Assistant) -> Assistant:
        if self._quoting is None or self._quoting[0] is not assistant:
            store, model = self._kept.store, assistant.embedder.fingerprint
            embedder = RememberedQueries(
                assistant.embedder, store.vectors(model), partial(store.keep_vector, model)
            )
            reader = assistant.reader.remembering(MOST_REMEMBERED) if assistant.reader else None
            self._quoting = (assistant, assistant.quoting(embedder, reader, self._memory))
        return self._quoting[1]

    def _give_way(self, assistant: Assistant) -> None:
        """Wait while the reader reads for somebody."""
        until = time.monotonic() + _GIVE_WAY
        while assistant.reader and assistant.reader.busy and time.monotonic() < until:
            if self.thread.closing.wait(0.02):
                break
        if self.thread.closing.is_set():
            raise NotReady("The server is stopping.")

    def _forget(self) -> None:
        now = time.time()
        if now - self._forgotten > _FORGET_EVERY:
            self._forgotten = now
            self._kept.store.forget_gone(now - _FORGET)


class _ReadyQuestions:
    """The questions made ready for comparing, as long as what ``memory`` has of them holds."""

    def __init__(self, memory: QuestionMemory) -> None:
        self._memory = memory
        self._edition = memory.edition
        self._ready: dict[tuple[str, str], PreparedQuestion] = {}
        self._together = PreparedQuestions([])

    def of(self, questions: Sequence[StandingQuestion], assistant: Assistant) -> PreparedQuestions:
        if self._edition != self._memory.edition:
            self._ready, self._edition = {}, self._memory.edition
        texts = [(one.id, one.question) for one in questions]
        missing = [text for text in texts if text not in self._ready]
        if missing:
            self._ready |= {
                (key, text): prepared(key, text, assistant.retriever, assistant.embedder)
                for key, text in missing
            }
        ready = [self._ready[text] for text in texts]
        if list(map(id, ready)) != list(map(id, self._together.questions)):
            self._together = PreparedQuestions(ready)
            self._ready = dict(zip(texts, ready, strict=True))
        return self._together


def finding_of(citation: Citation, question_id: str, start: int, end: int, text: str) -> NewFinding:
    """What is new of a citation: ``text`` from ``start`` to ``end``."""
    return NewFinding(
        question_id=question_id,
        document_id=citation.document.id,
        version=citation.version,
        start=start,
        end=end,
        quote=text[start:end],
        title=citation.document.title,
        found=datetime.now(UTC),
        language=citation.language,
    )
