"""A conversation as the page keeps it: questions, and how far their answers have come."""

from __future__ import annotations

import logging
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from uuid import uuid4

from assistant import messages
from assistant.answering.translation import translations
from assistant.core import LONGEST_QUESTION
from assistant.errors import AssistantError, BadQuestion
from assistant.retrieval.search import allowed_documents
from assistant.service.feedback import Rating
from assistant.service.service import Service
from assistant.types import (
    CitationEvent,
    DeltaEvent,
    DoneEvent,
    Event,
    Filters,
    RetractedEvent,
    StatusEvent,
    Turn,
)
from assistant.web.answer.answer_view import AnswerView, reply
from assistant.web.answer.sources import SourceView, source
from assistant.web.kit.localisation import Words
from ingest.errors import IngestError
from ingest.store.index import Index

# How long to wait before looking again whether the models are loaded.
PAUSE = 0.2
# The stage after a model's words have been retracted.
FALLING_BACK = "quoting"
# The stage in which the quotes of a reply that is there are translated.
TRANSLATING = "translating"
# The stage of an exchange that was ended before its reply, by the reader or by leaving the page.
STOPPED = "stopped"
EVERYTHING = Filters()
_log = logging.getLogger(__name__)


def new_id() -> str:
    return uuid4().hex[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A question and what has become of it: a stage, words told so far, then a reply or a problem.

    ``verdict`` and ``note`` are what the reader thinks of the reply.
    """

    question: str
    id: str = field(default_factory=new_id)
    stage: str = ""
    told: str = ""
    sources: tuple[SourceView, ...] = ()
    reply: AnswerView | None = None
    problem: str = ""
    verdict: Rating = "none"
    note: str = ""

    @property
    def pending(self) -> bool:
        return self.reply is None and not self.problem

    def begins(self, question: str) -> bool:
        """Whether ``question`` is being asked here, and nothing has been told of it yet."""
        return self.pending and not self.told and self.question == question


@dataclass(slots=True)
class Conversation:
    """The exchanges of one browser tab, whose events run side by side: only the latest to begin may tell more.

    ``id`` is empty until there is something to keep.
    """

    exchanges: tuple[Exchange, ...] = ()
    filters: Filters = EVERYTHING
    id: str = ""
    latest: int = 0

    def begin(self) -> int:
        """From now on only the bearer of this number may change the conversation."""
        self.latest += 1
        return self.latest

    def tell(self, exchanges: tuple[Exchange, ...], begun: int) -> bool:
        """Replace the exchanges, unless something else has begun since: then False."""
        if begun == self.latest:
            self.exchanges = exchanges
            self.id = (self.id or new_id()) if exchanges else ""
        return begun == self.latest

    def put(self, changed: Exchange) -> bool:
        """Replace an exchange by what it has become, unless it has gone from the conversation: then False."""
        known = any(one.id == changed.id for one in self.exchanges)
        self.exchanges = tuple(changed if one.id == changed.id else one for one in self.exchanges)
        return known

    def tell_last(self, now: Exchange, begun: int) -> bool:
        """Replace the last exchange, as `tell` does; the others may have changed meanwhile."""
        return self.tell((*self.exchanges[:-1], now) if begun == self.latest else (), begun)


def turns(exchanges: Sequence[Exchange]) -> list[Turn]:
    """The conversation as the assistant takes it: what was answered."""
    return [Turn(question=one.question, answer=one.reply.text) for one in exchanges if one.reply]


def answered(exchanges: Sequence[Exchange]) -> tuple[Exchange, ...]:
    """The exchanges to keep when the next question comes: those of which something was told, and those stopped.

    The question of one that failed went back into the box.
    """
    return tuple(one for one in exchanges if one.reply or one.told or one.stage == STOPPED)


def stopped(exchanges: tuple[Exchange, ...], why: str) -> tuple[Exchange, ...]:
    """The exchanges with the last one ended, where it still was on its way."""
    if exchanges and exchanges[-1].stage == TRANSLATING:
        return (*exchanges[:-1], replace(exchanges[-1], stage=""))
    if not exchanges or not exchanges[-1].pending:
        return exchanges
    return (*exchanges[:-1], replace(exchanges[-1], problem=why, stage=STOPPED))


def exchanging(
    service: Service, now: Exchange, history: Sequence[Turn], words: Words, filters: Filters | None = None
) -> Generator[Exchange]:
    """The exchange ``now`` as it comes about; the last one has a reply or a problem, whatever happens.

    Closing the iterator closes the answer's: a language model is not left talking.
    """
    now = replace(now, stage="loading")
    try:
        while service.state == "loading" and not service.away:
            yield now
            time.sleep(PAUSE)
        if service.state == "failed":
            yield replace(now, problem=words("failed_loading", message=service.message))
            return
        assistant = service.assistant
        with closing(assistant.stream(now.question, history, filters)) as events:
            for event in events:
                now = after(now, event, assistant.index, filters)
                yield now
    except Exception as error:  # the page is an edge: whatever went wrong is said in words
        yield replace(now, problem=in_words(error, words))


def translating(service: Service, now: Exchange) -> Iterator[Exchange]:
    """The exchange, which has a reply, as its quotes are translated; the last one says so where they could not be.

    Closing the iterator stops the language model.
    """
    given, model = now.reply, service.assistant.model
    assert given is not None  # noqa: S101  # its callers have looked
    now, said = replace(now, stage=TRANSLATING), dict[int, str]()
    if model:
        with closing(translations(given.foreign, given.language, model)) as steps:
            while True:
                yield now
                try:
                    next(steps)
                except StopIteration as stop:
                    said, _ = stop.value
                    break
    done = _translated(given, said)
    yield replace(now, stage="", reply=done, sources=done.sources)


def _translated(given: AnswerView, said: Mapping[int, str]) -> AnswerView:
    sources = tuple(replace(one, translation=said.get(one.number, one.translation)) for one in given.sources)
    done = replace(given, sources=sources)
    failed = messages.say(messages.UNTRANSLATED, given.language)
    other = given.notice.replace(failed, "").strip()
    return replace(done, notice=f"{other} {failed}".strip() if done.foreign else other)


def after(now: Exchange, event: Event, index: Index, filters: Filters | None = None) -> Exchange:
    """The exchange with one more event."""
    match event:
        case RetractedEvent():
            return replace(now, stage=FALLING_BACK, told="", sources=())
        case StatusEvent(stage=stage):
            return replace(now, stage=stage)
        case DeltaEvent(text=text):
            return replace(now, told=now.told + text)
        case CitationEvent(citation=citation):
            return replace(now, sources=(*now.sources, source(citation, index.text_of)))
        case DoneEvent(answer=answer):
            whole = reply(
                answer, index.text_of, _searched(index, filters), (filters or EVERYTHING) != EVERYTHING
            )
            return replace(now, reply=whole, sources=whole.sources)


def in_words(error: Exception, words: Words) -> str:
    """What the reader is told of an error; what nobody foresaw goes to the log, not to the reader."""
    if isinstance(error, BadQuestion):
        return words("too_long", n=words.number(LONGEST_QUESTION))
    if isinstance(error, AssistantError | IngestError):
        return str(error)
    _log.error("A question could not be answered", exc_info=error)
    return words("unexpected")


def _searched(index: Index, filters: Filters | None) -> int:
    allowed = allowed_documents(index, filters or EVERYTHING)
    return len(index.records()) if allowed is None else len(allowed)
