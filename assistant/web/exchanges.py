"""A conversation as the page keeps it: questions, and how far their answers have come."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.core import LONGEST_QUESTION
from assistant.errors import AssistantError, BadQuestion
from assistant.retrieval import allowed_documents
from assistant.service import Service
from assistant.types import Answer, Cited, Delta, Done, Event, Filters, Status, Turn
from assistant.web.sources import Source, source
from assistant.web.words import Words
from ingest.errors import IngestError
from ingest.index import Index

# How long to wait before looking again whether the models are loaded.
PAUSE = 0.2
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A question and what has become of it: a stage, words told so far, then an answer or a problem."""

    question: str
    stage: str = ""
    told: str = ""
    sources: tuple[Source, ...] = ()
    answer: Answer | None = None
    searched: int = 0
    problem: str = ""


@dataclass(slots=True)
class Conversation:
    """The exchanges of one browser tab, whose events run side by side: only the latest to begin may tell more."""

    exchanges: tuple[Exchange, ...] = ()
    latest: int = 0

    def begin(self) -> int:
        """From now on only the bearer of this number may change the conversation."""
        self.latest += 1
        return self.latest

    def tell(self, exchanges: tuple[Exchange, ...], begun: int) -> bool:
        """Replace the exchanges, unless something else has begun since: then False."""
        if begun == self.latest:
            self.exchanges = exchanges
        return begun == self.latest


def turns(exchanges: Sequence[Exchange]) -> list[Turn]:
    """The conversation as the assistant takes it: what was answered."""
    return [Turn(question=one.question, answer=one.answer.text) for one in exchanges if one.answer]


def answered(exchanges: Sequence[Exchange]) -> tuple[Exchange, ...]:
    """The exchanges worth keeping when the next question comes."""
    return tuple(one for one in exchanges if one.answer)


def exchanging(
    service: Service, question: str, history: Sequence[Turn], words: Words, filters: Filters | None = None
) -> Iterator[Exchange]:
    """The exchange as it comes about; the last one has an answer or a problem, whatever happens."""
    now = Exchange(question=question, stage="loading")
    try:
        while service.state == "loading":
            yield now
            time.sleep(PAUSE)
        if service.state == "failed":
            yield replace(now, problem=words("failed_loading", message=service.message))
            return
        assistant = service.assistant
        for event in assistant.stream(question, history, filters):
            now = after(now, event, assistant.index, filters)
            yield now
    except Exception as error:  # the page is an edge: whatever went wrong is said in words
        yield replace(now, problem=in_words(error, words))


def after(now: Exchange, event: Event, index: Index, filters: Filters | None = None) -> Exchange:
    """The exchange with one more event."""
    match event:
        case Status(stage=stage):
            return replace(now, stage=stage)
        case Delta(text=text):
            return replace(now, told=now.told + text)
        case Cited(citation=citation):
            return replace(now, sources=(*now.sources, source(citation, index.text)))
        case Done(answer=answer):
            sources = tuple(source(citation, index.text) for citation in answer.citations)
            return replace(now, answer=answer, sources=sources, searched=_searched(index, filters))


def in_words(error: Exception, words: Words) -> str:
    """What the reader is told of an error; what nobody foresaw goes to the log, not to the reader."""
    if isinstance(error, BadQuestion):
        return words("too_long", n=words.number(LONGEST_QUESTION))
    if isinstance(error, AssistantError | IngestError):
        return str(error)
    _log.error("A question could not be answered", exc_info=error)
    return words("unexpected")


def _searched(index: Index, filters: Filters | None) -> int:
    allowed = allowed_documents(index, filters or Filters())
    return len(index.records()) if allowed is None else len(allowed)
