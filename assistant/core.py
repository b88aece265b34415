"""The assistant: a question in, a checked answer out."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from assistant import messages
from assistant.answering.cache import AnswerCache
from assistant.answering.copies import with_copies
from assistant.answering.events import streamed
from assistant.answering.generative import GenerationDeclined, GenerationResources, generate
from assistant.answering.refusal import with_spelling
from assistant.answering.timing import Clock
from assistant.answering.translation import with_translations
from assistant.asked_text import checked, whole
from assistant.collection.answers import CollectionAnswers
from assistant.collection.timeline import TimelineRequest, timeline_of, timeline_request, too_few
from assistant.collection.writing import material
from assistant.drafts.checker import DraftChecker
from assistant.drafts.types import CheckedDraft, Draft, DraftEvent
from assistant.errors import ModelFailed, Outdated
from assistant.language.lexicon import Lexicon, shipped
from assistant.quoting import QuotedAnswers
from assistant.reading.reader import Reader, shipped_reader
from assistant.retrieval.memory import QuestionMemory
from assistant.retrieval.query import Query
from assistant.retrieval.retriever import HITS, Retriever
from assistant.retrieval.rewriting import considered, readable
from assistant.retrieval.search import RetrievalResult, count_undated
from assistant.settings import Settings, load_settings
from assistant.sources.finding import SourceFinder
from assistant.types import (
    Answer,
    Citation,
    DoneEvent,
    Event,
    Filters,
    Hit,
    RetractedEvent,
    StatusEvent,
    Turn,
    Usage,
)
from ingest.embedding.types import Embedder
from ingest.opening import open_index
from ingest.privacy import quiet
from ingest.settings import MULTILINGUAL_MODEL
from ingest.store.index import Index
from ingest.store.lock import FolderLock
from ingest.tracing import traced
from ingest.types import Record

if TYPE_CHECKING:  # LangChain takes seconds to import: only where a model is configured
    from assistant.llm.model import ChatModel

OnAnswer = Callable[[Answer], object]
OnGone = Callable[[Sequence[Record]], object]


class Assistant:
    """Answers questions about the documents of an index: by quoting, or with ``model`` by writing. Thread-safe.

    ``kept_answers`` is how many answers of the model are cached; 0 turns the cache off. ``on_answer`` is called with every
    answer, in the thread of the question. ``today`` tells the reader's day, from which "last week" in a question is seen.
    """

    def __init__(
        self,
        index: Index,
        embedder: Embedder,
        lexicon: Lexicon | None = None,
        model: ChatModel | None = None,
        reader: Reader | None = None,
        kept_answers: int = 0,
        on_answer: OnAnswer = lambda answer: None,
        today: Callable[[], date] = date.today,
        memory: QuestionMemory | None = None,
    ) -> None:
        self.index = index
        self._today = today
        self.embedder = embedder
        self.model = model
        self.reader = reader
        self._lexicon = lexicon or shipped()
        self.retriever = Retriever(index=index, embedder=embedder, lexicon=self._lexicon, memory=memory)
        self._quoted = QuotedAnswers(
            index=index, retriever=self.retriever, lexicon=self._lexicon, reader=reader, today=today
        )
        self.sources = SourceFinder(index=index, retriever=self.retriever, quoted=self._quoted)
        self._collection = CollectionAnswers(
            index=index,
            retriever=self.retriever,
            judge=lambda retrieved: self._quoted.judge(retrieved, Clock()),
            writes=model is not None,
        )
        self._drafts = DraftChecker(
            index=index, embedder=embedder, retriever=self.retriever, lexicon=self._lexicon, model=model
        )
        self._cache = AnswerCache(kept_answers)
        self._on_answer = on_answer

    @classmethod
    def open(
        cls,
        settings: Settings | None = None,
        *,
        command: str = "assistant",
        lock: FolderLock | None = None,
        on_answer: OnAnswer = lambda answer: None,
        on_gone: OnGone = lambda gone: None,
        on_switched: Callable[[], object] = lambda: None,
        as_made: bool = False,
    ) -> Assistant:
        """The assistant over the configured data folder; ``lock`` is given by who holds the folder already.

        ``on_gone`` is called, in any thread, with the records of what other processes have removed or replaced, and
        ``on_switched`` once another has changed the embedding model; for ``as_made`` see `open_index`.

        Raises an `IngestError` where a setting is wrong, or the model or the index cannot be used, and `ReaderUnusable`
        where the reader's weights are damaged.
        """
        chosen = settings or load_settings()
        quiet(*chosen.local_models)
        model = _model(chosen)
        embedder, index = open_index(
            chosen,
            command=command,
            lock=lock,
            on_gone=on_gone,
            on_switched=on_switched,
            as_made=as_made,
        )
        try:
            return cls(
                index,
                embedder,
                model=model,
                reader=_reader(chosen, embedder),
                kept_answers=chosen.answer_cache,
                on_answer=on_answer,
            )
        except BaseException:
            index.close()
            raise

    def over(self, index: Index, embedder: Embedder, settings: Settings) -> Assistant:
        """One that answers as this one does, from another index."""
        return Assistant(
            index,
            embedder,
            self._lexicon,
            self.model,
            _reader(settings, embedder),
            settings.answer_cache,
            self._on_answer,
            self._today,
        )

    def close(self) -> None:
        self.index.close()

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        filters: Filters | None = None,
        *,
        translate: bool = False,
        timeline: bool = False,
    ) -> Answer:
        """The answer to ``question``, with ``timeline`` as a course of events. Raises `BadQuestion` for an empty or a too long one."""
        events = self.stream(question, history, filters, translate=translate, timeline=timeline)
        return next(event.answer for event in events if isinstance(event, DoneEvent))

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        filters: Filters | None = None,
        *,
        translate: bool = False,
        timeline: bool = False,
    ) -> Generator[Event, None, None]:
        """The events of answering; the last one is `DoneEvent` with the whole answer.

        Of ``history`` only what `considered` returns counts. With ``translate`` the language model translates quotes
        that are not in the question's language. With ``timeline`` the answer is a course of events, where sentences tell their days.
        Closing the iterator stops the language model.
        """
        question, chosen = checked(question), filters or Filters()
        turns = tuple(
            Turn(question=whole(turn.question), answer=whole(turn.answer)) for turn in considered(history)
        )
        with traced("answer", turns=len(turns)) as trace:
            clock = Clock(on_lap=lambda stage, began, ended: trace.stage(f"answer.{stage}", began, ended))
            yield StatusEvent(stage="searching")
            answer = yield from self._kept_or_made(
                question, turns, chosen, clock, translate=translate, timeline=timeline
            )
            trace.note(mode=answer.mode, refused=answer.refused, citations=len(answer.citations))
            with trace.current():
                self._on_answer(answer)
        yield DoneEvent(answer=answer)

    def _kept_or_made(
        self,
        question: str,
        turns: tuple[Turn, ...],
        chosen: Filters,
        clock: Clock,
        *,
        translate: bool,
        timeline: bool,
    ) -> Generator[Event, None, Answer]:
        """The answer as it was given before to the same question of the same documents, or a new one."""
        key = (question, turns, chosen, translate, timeline, self._today(), self.index.replica.revision)
        kept = self._cache.find(key)
        if kept:
            yield from streamed(kept)
            clock.lap("kept")
            return replace(kept, timings_ms=clock.laps, usage=Usage())
        answer = yield from self._answer(question, turns, chosen, clock, timeline=timeline)
        clock.lap("deliver")
        answer = with_copies(answer, self.index, chosen)
        clock.lap("copies")
        if translate:
            answer = yield from with_translations(answer, self.model, clock)
        answer = replace(answer, timings_ms=clock.laps)
        if answer.mode == "generated" and not answer.notice:
            self._cache.keep(key, answer)
        return answer

    def check_draft(
        self, draft: Draft, filters: Filters | None = None
    ) -> Generator[DraftEvent, None, CheckedDraft]:
        """The events of checking a draft, made by `draft_of`, against the documents; the last one is `DraftDone`."""
        return self._drafts.check(draft, filters or Filters())

    def search(self, query: str, limit: int = 10, filters: Filters | None = None) -> list[Hit]:
        """The passages that fit ``query`` best, best first."""
        return self.retriever.search(self.understand(checked(query)), filters or Filters(), limit)[1]

    def quoting(
        self,
        embedder: Embedder | None = None,
        reader: Reader | None = None,
        memory: QuestionMemory | None = None,
    ) -> Assistant:
        """One that answers from the same index without the language model, and tells nobody; with its own ``embedder`` and ``reader``.

        With a ``memory`` it is not thread-safe.
        """
        return Assistant(
            self.index,
            embedder or self.embedder,
            self._lexicon,
            reader=reader or self.reader,
            today=self._today,
            memory=memory,
        )

    def may_answer(self, found: RetrievalResult) -> bool:
        """Whether what was found answers its question, or possibly does."""

        def may_answer() -> bool:
            return self._quoted.may_answer(found)

        key = ("may answer", found.question, tuple(hit.passage.id for hit in found.hits), self._today())
        memory = self.retriever.memory
        return memory.understood(key, may_answer) if memory else may_answer()

    def answering_sentences(self, found: RetrievalResult) -> tuple[Citation, ...]:
        """What of what was found answers by itself, also beyond what an answer has room for."""
        return self._quoted.by_themselves(found)

    def retrieve(
        self, question: str, history: Sequence[Turn] = (), filters: Filters | None = None, limit: int = HITS
    ) -> RetrievalResult:
        """What is found for a question of a conversation; no language model is asked."""
        return self.retriever.retrieve(question, history, filters or Filters(), limit)

    def count_undated(self, filters: Filters) -> int:
        """How many documents a restriction to days leaves out because they have no date."""
        return count_undated(self.index, filters)

    def understand(self, question: str, language: str = "") -> Query:
        """The question as retrieval takes it, towards the languages that the index holds."""
        return self.retriever.understand(question, language)

    def _answer(
        self,
        question: str,
        history: Sequence[Turn],
        filters: Filters,
        clock: Clock,
        *,
        timeline: bool,
    ) -> Generator[Event, None, Answer]:
        """The course of events where it is asked for and sentences tell it, else the usual answer."""
        wanted = timeline_request(question, self._today()) or (
            TimelineRequest(topic=question) if timeline else None
        )
        told = wanted and self._timeline(question, wanted, history, filters, clock)
        if told:
            yield from streamed(told)
            return replace(told, undated_left_out=self.count_undated(filters))
        answer = yield from self._answer_usually(question, history, filters, clock)
        if wanted and not wanted.tentative:
            notice = " ".join(filter(None, (too_few(answer.language), answer.notice)))
            answer = replace(answer, notice=notice)
        return answer

    def _timeline(
        self,
        question: str,
        wanted: TimelineRequest,
        history: Sequence[Turn],
        filters: Filters,
        clock: Clock,
    ) -> Answer | None:
        """The course of events; None where too few sentences tell a day."""
        try:
            answer = timeline_of(wanted, history, filters, self.index, self.retriever)
        except Outdated:
            answer = timeline_of(wanted, history, filters, self.index, self.retriever)
        clock.lap("retrieve")
        return answer and replace(answer, question=question, timings_ms=clock.laps)

    def _answer_usually(
        self, question: str, history: Sequence[Turn], filters: Filters, clock: Clock
    ) -> Generator[Event, None, Answer]:
        """Retrieve, then write or quote; yields the answer's text and citations as they come."""
        about_collection = self._about_collection(question, history, filters, clock)
        if about_collection:
            listing, answer = about_collection.listing, about_collection
            if self.model and listing and listing.kind == "summary" and answer.citations:
                answer = yield from self._summarise(answer, filters, self.model, clock)
            else:
                yield from streamed(answer)
            return replace(answer, undated_left_out=self.count_undated(filters))
        retrieved, usage = yield from self.retriever.events(question, history, filters, self.model)
        asked = self._quoted.asked_days(retrieved)
        if asked and asked.inferred:
            retrieved = self.retriever.with_published(retrieved, *asked.published)
        clock.lap("retrieve")
        yield StatusEvent(stage="reading")
        if self.model and retrieved.hits:
            answer = yield from self._generate(retrieved, self.model, clock)
        else:
            answer = self._quoted.quote(retrieved, clock, history=history)
            yield from streamed(answer)
        searched = tuple(
            readable(query.text, retrieved.spelling.question or question) for query in retrieved.queries
        )
        return replace(
            with_spelling(answer, retrieved.spelling),
            searched=searched,
            usage=answer.usage + usage,
            undated_left_out=self.count_undated(filters),
        )

    def _about_collection(
        self, question: str, history: Sequence[Turn], filters: Filters, clock: Clock
    ) -> Answer | None:
        """The answer to a question about the collection itself; None where it is about anything else."""
        try:
            answer = self._collection.answer(question, history, filters, self._today())
        except Outdated:
            answer = self._collection.answer(question, history, filters, self._today())
        clock.lap("retrieve")
        return answer and replace(answer, timings_ms=clock.laps)

    def _generate(
        self, retrieved: RetrievalResult, model: ChatModel, clock: Clock
    ) -> Generator[Event, None, Answer]:
        """The model's answer; a refusal where the model finds none, and quotes where it fails."""
        judged = self._quoted.judge(retrieved, clock)
        try:
            written = yield from generate(retrieved, judged, self._resources(model), clock)
            written = replace(written, confidence=judged.answered)
            return (yield from self._quoted.with_disagreement(written, retrieved, judged.ranked))
        except GenerationDeclined as error:
            reason = "declined"
            answer = self._quoted.refuse(retrieved, clock, judged, declined=error.asked)
        except (ModelFailed, Outdated) as error:
            reason, notice = _failure(error, retrieved.query.language)
            answer = replace(self._quoted.quote(retrieved, clock, judged), notice=notice)
        yield RetractedEvent(reason=reason)
        yield from streamed(answer)
        return answer

    def _summarise(
        self, leading: Answer, filters: Filters, model: ChatModel, clock: Clock
    ) -> Generator[Event, None, Answer]:
        """The model's summary of the documents that ``leading`` cites; that answer where the model writes none."""
        retrieved, sentences = material(leading, filters, self.retriever)
        try:
            return (yield from generate(retrieved, sentences, self._resources(model), clock))
        except GenerationDeclined:
            reason = "declined"
        except (ModelFailed, Outdated) as error:
            reason, notice = _failure(error, leading.language)
            leading = replace(leading, notice=notice)
        yield RetractedEvent(reason=reason)
        yield from streamed(leading)
        return leading

    def _resources(self, model: ChatModel) -> GenerationResources:
        return GenerationResources(
            model=model, index=self.index, embedder=self.embedder, lexicon=self._lexicon
        )


def _failure(error: ModelFailed | Outdated, language: str) -> tuple[str, str]:
    """Why a model's answer is missing: the reason's key, and a line about it."""
    reason = error.why if isinstance(error, ModelFailed) else "changed"
    return reason, messages.say(messages.FAILURES[reason], language)


def _model(settings: Settings) -> ChatModel | None:
    if not settings.llm:
        return None
    from assistant.llm.model import open_model

    return open_model(settings)


def _reader(settings: Settings, embedder: Embedder) -> Reader | None:
    """The reader, where it is not turned off and the documents are embedded by the model that its rule was fitted to."""
    if settings.reader == "none" or embedder.name != MULTILINGUAL_MODEL:
        return None
    return shipped_reader(settings.number_format)
