"""The conversation of a browser tab: its exchanges, and streaming an answer or a translation into one."""

from __future__ import annotations

import logging
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from uuid import uuid4

from assistant import messages
from assistant.answering.translation import translations
from assistant.asked_text import LONGEST_QUESTION
from assistant.errors import AssistantError, BadQuestion, Busy
from assistant.retrieval.search import allowed_documents
from assistant.service.feedback import Rating
from assistant.service.service import Service
from assistant.types import (
    EVERYTHING,
    CitationEvent,
    DeltaEvent,
    DoneEvent,
    Event,
    Filters,
    RetractedEvent,
    StatusEvent,
    Turn,
)
from assistant.web.answer.answer_view import AnswerView, view_answer
from assistant.web.answer.source_view import SourceView, view_citation
from assistant.web.kit.localisation import Words
from ingest.errors import IngestError
from ingest.store.index import Index

# Seconds between two checks whether the models are loaded.
PAUSE = 0.2
# The stage after a model's words have been retracted.
FALLING_BACK = "quoting"
# The stage of an exchange whose reply is complete and whose quotes are being translated.
TRANSLATING = "translating"
# The stage of an exchange that ended before its reply: the reader stopped it or left the page.
STOPPED = "stopped"
_log = logging.getLogger(__name__)


def new_id() -> str:
    return uuid4().hex[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A question and the state of its answer; the browser stores these fields, so their names stay.

    ``stage`` is what is being done and ``told`` the text streamed so far; then comes a ``reply`` or a ``problem``.
    ``verdict`` and ``note`` are the reader's feedback on the reply.
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

    def has_just_asked(self, question: str) -> bool:
        """Whether this exchange asks ``question`` and no text has been streamed yet."""
        return self.pending and not self.told and self.question == question


@dataclass(slots=True)
class Conversation:
    """The exchanges of one browser tab. Its events run concurrently; only the one that began last may change them.

    ``id`` is empty as long as there are no exchanges. ``latest`` is the number of the event that began last.
    """

    exchanges: tuple[Exchange, ...] = ()
    filters: Filters = EVERYTHING
    id: str = ""
    latest: int = 0

    def begin(self) -> int:
        """Returns the number of a new event; `update` ignores those with an earlier number from now on."""
        self.latest += 1
        return self.latest

    def update(self, exchanges: tuple[Exchange, ...], begun: int) -> bool:
        """Replace the exchanges and return True, or return False if another event has begun since."""
        if begun == self.latest:
            self.exchanges = exchanges
            self.id = (self.id or new_id()) if exchanges else ""
        return begun == self.latest

    def replace_exchange(self, changed: Exchange) -> bool:
        """Replace the exchange of the same id and return True, or return False if there is none any more."""
        known = any(exchange.id == changed.id for exchange in self.exchanges)
        self.exchanges = tuple(
            changed if exchange.id == changed.id else exchange for exchange in self.exchanges
        )
        return known

    def update_last(self, exchange: Exchange, begun: int) -> bool:
        """Replace the last exchange, as `update` does; the others stay as they are now."""
        return self.update((*self.exchanges[:-1], exchange) if begun == self.latest else (), begun)


def turns(exchanges: Sequence[Exchange]) -> list[Turn]:
    """The answered exchanges as the history that the assistant takes."""
    return [
        Turn(question=exchange.question, answer=exchange.reply.text)
        for exchange in exchanges
        if exchange.reply
    ]


def without_failed(exchanges: Sequence[Exchange]) -> tuple[Exchange, ...]:
    """The exchanges that stay when the next question is asked: those with a reply or some text, and stopped ones.

    The question of a failed one went back into the question box.
    """
    return tuple(
        exchange for exchange in exchanges if exchange.reply or exchange.told or exchange.stage == STOPPED
    )


def stop_last(exchanges: tuple[Exchange, ...], reason: str) -> tuple[Exchange, ...]:
    """The exchanges, the last one ended with ``reason`` as its problem if it was still pending."""
    if exchanges and exchanges[-1].stage == TRANSLATING:
        return (*exchanges[:-1], replace(exchanges[-1], stage=""))
    if not exchanges or not exchanges[-1].pending:
        return exchanges
    return (*exchanges[:-1], replace(exchanges[-1], problem=reason, stage=STOPPED))


def stream_exchange(
    service: Service,
    exchange: Exchange,
    history: Sequence[Turn],
    words: Words,
    filters: Filters | None = None,
    caller: str = "",
) -> Generator[Exchange]:
    """The exchange after each event of its answer; the last one always has a reply or a problem.

    ``caller`` is for whom questions under way are counted.

    Closing the generator closes the answer's, which stops the language model.
    """
    exchange = replace(exchange, stage="loading")
    try:
        while service.state == "loading" and not service.away:
            yield exchange
            time.sleep(PAUSE)
        if service.state == "failed":
            yield replace(exchange, problem=words("failed_loading", message=service.message))
            return
        assistant = service.assistant
        answering = assistant.stream(exchange.question, history, filters)
        with closing(service.questions.admit(answering, caller)) as events:
            for event in events:
                exchange = with_event(exchange, event, assistant.index, filters)
                yield exchange
    except Exception as error:  # the page is an edge: the reader sees a message, whatever went wrong
        yield replace(exchange, problem=problem_message(error, words))


def stream_translation(service: Service, exchange: Exchange) -> Iterator[Exchange]:
    """The exchange, which must have a reply, while its quotes are translated; in the end with the translations.

    A notice of the reply says so if they could not be translated. Closing the iterator stops the language model.
    """
    reply, model = exchange.reply, service.assistant.model
    assert reply is not None  # noqa: S101  # its callers have looked
    exchange, translated = replace(exchange, stage=TRANSLATING), dict[int, str]()
    if model:
        with closing(translations(reply.foreign, reply.language, model)) as steps:
            while True:
                yield exchange
                try:
                    next(steps)
                except StopIteration as stop:
                    translated, _ = stop.value
                    break
    reply = _with_translations(reply, translated)
    yield replace(exchange, stage="", reply=reply, sources=reply.sources)


def _with_translations(reply: AnswerView, translated: Mapping[int, str]) -> AnswerView:
    sources = tuple(
        replace(source, translation=translated.get(source.number, source.translation))
        for source in reply.sources
    )
    changed = replace(reply, sources=sources)
    failed = messages.say(messages.UNTRANSLATED, reply.language)
    notice = reply.notice.replace(failed, "").strip()
    return replace(changed, notice=f"{notice} {failed}".strip() if changed.foreign else notice)


def with_event(exchange: Exchange, event: Event, index: Index, filters: Filters | None = None) -> Exchange:
    """The exchange after one more event of its answer."""
    match event:
        case RetractedEvent():
            return replace(exchange, stage=FALLING_BACK, told="", sources=())
        case StatusEvent(stage=stage):
            return replace(exchange, stage=stage)
        case DeltaEvent(text=text):
            return replace(exchange, told=exchange.told + text)
        case CitationEvent(citation=citation):
            source = view_citation(citation, index.texts.of)
            return replace(exchange, sources=(*exchange.sources, source))
        case DoneEvent(answer=answer):
            restricted = filters is not None and (bool(filters.documents) or filters.in_days)
            reply = view_answer(answer, index.texts.of, _count_searched(index, filters), restricted)
            return replace(exchange, reply=reply, sources=reply.sources)


def problem_message(error: Exception, words: Words) -> str:
    """The message for the reader; details of an unexpected error go to the log only."""
    if isinstance(error, BadQuestion):
        return words("too_long", n=words.number(LONGEST_QUESTION))
    if isinstance(error, Busy):
        return words("too_many_questions", n=words.number(error.seconds))
    if isinstance(error, AssistantError | IngestError):
        return str(error)
    _log.error("A question could not be answered", exc_info=error)
    return words("unexpected")


def _count_searched(index: Index, filters: Filters | None) -> int:
    allowed = allowed_documents(index, filters or EVERYTHING)
    return len(index.records()) if allowed is None else len(allowed)
