"""The assistant: a question in, a checked answer out."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant import messages
from assistant.answering import extractive
from assistant.answering.cache import AnswerCache
from assistant.answering.citations import numbered, verify
from assistant.answering.evidence import rank
from assistant.answering.generative import GenerationDeclined, GenerationResources, RetrievalResult, generate
from assistant.answering.refusal import answerable
from assistant.answering.timing import Clock
from assistant.answering.translation import foreign, translated
from assistant.errors import BadQuestion, ModelFailed, Outdated
from assistant.language.lexicon import Lexicon, shipped
from assistant.retrieval.query import Query, understand, weighed
from assistant.retrieval.rewriting import Rewording, reworded, rewording, standalone
from assistant.retrieval.search import Probe, allowed_documents, best, probes_of, retrieve
from assistant.settings import Settings, load_settings
from assistant.types import (
    Answer,
    CitationEvent,
    DeltaEvent,
    DoneEvent,
    Event,
    Filters,
    Hit,
    StatusEvent,
    Turn,
    Usage,
)
from ingest.embedding import Embedder, SentenceTransformerEmbedder
from ingest.privacy import quiet
from ingest.store.index import Index
from ingest.store.lock import FolderLock
from ingest.types import Record

if TYPE_CHECKING:  # LangChain takes seconds to import: only where a model is configured
    from assistant.llm.model import ChatModel

LONGEST_QUESTION = 4_000
HITS = 8
NEAREST = 3


class Assistant:
    """Answers questions about the documents of an index: quoting, or with ``model`` writing. Thread-safe.

    So many ``kept_answers`` of the model are given again when the same is asked of unchanged documents.
    """

    def __init__(
        self,
        index: Index,
        embedder: Embedder,
        lexicon: Lexicon | None = None,
        model: ChatModel | None = None,
        kept_answers: int = 0,
    ) -> None:
        self.index = index
        self.embedder = embedder
        self.model = model
        self._lexicon = lexicon or shipped()
        self._kept = AnswerCache(kept_answers)
        self.on_answer: Callable[[Answer], object] = lambda answer: None  # told of every answer

    @classmethod
    def open(
        cls,
        settings: Settings | None = None,
        *,
        command: str = "assistant",
        lock: FolderLock | None = None,
        on_gone: Callable[[Sequence[Record]], object] = lambda gone: None,
    ) -> Assistant:
        """The assistant over the configured data folder; ``lock`` is given by who holds the folder already.

        ``on_gone`` is called, in any thread, with the records of what other processes have removed or replaced.

        Raises an `IngestError` where a setting is wrong, or the model or the index cannot be used.
        """
        chosen = settings or load_settings()
        quiet(*chosen.local_models)
        embedder = SentenceTransformerEmbedder(chosen.embedding_model, chosen.number_format)
        model = _model(chosen)
        index = Index.open(
            chosen.data_dir,
            embedder,
            chroma_url=chosen.chroma_url,
            command=command,
            lock=lock,
            on_gone=on_gone,
        )
        try:
            return cls(index, embedder, model=model, kept_answers=chosen.answer_cache)
        except BaseException:
            index.close()
            raise

    def close(self) -> None:
        self.index.close()

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        filters: Filters | None = None,
        *,
        translate: bool = False,
    ) -> Answer:
        """The answer to ``question``. Raises `BadQuestion` for an empty or an endless one."""
        events = self.stream(question, history, filters, translate=translate)
        return next(event.answer for event in events if isinstance(event, DoneEvent))

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        filters: Filters | None = None,
        *,
        translate: bool = False,
    ) -> Generator[Event, None, None]:
        """The answer as it comes about; the last event is `DoneEvent` with the whole of it.

        With ``translate`` the language model translates quotes that are not in the question's language.
        Closing the iterator stops the language model, should one be at work.
        """
        asked = checked(question)
        clock = Clock()
        yield StatusEvent(stage="searching")
        chosen = filters or Filters()
        key = (asked, tuple(history), chosen, translate, self.index.revision)
        answer = self._kept.find(key)
        if answer:
            yield from _told(answer)
            clock.lap("kept")
            answer = replace(answer, timings_ms=clock.laps, usage=Usage())
        else:
            answer = yield from self._answer(asked, history, chosen, clock)
            if translate:
                answer = yield from self._translate(answer, clock)
            if answer.mode == "generated" and not answer.notice:
                self._kept.keep(key, answer)
        self.on_answer(answer)
        yield DoneEvent(answer=answer)

    def search(self, query: str, limit: int = 10, filters: Filters | None = None) -> list[Hit]:
        """The passages that fit ``query`` best, best first."""
        understood = self.understand(checked(query))
        return retrieve(
            understood, probes_of(understood, self.index, self.embedder), self.index, limit, filters
        )

    def understand(self, question: str, language: str = "") -> Query:
        """The question as retrieval takes it, towards the languages that the index holds."""
        languages = list(self.index.languages)
        return weighed(understand(question, languages, self._lexicon, language), self.index.rarity)

    def _searched(
        self, question: str, history: Sequence[Turn], filters: Filters
    ) -> Generator[Event, None, tuple[RetrievalResult, Usage]]:
        """What is found for the question, standalone, and for its wordings in the documents' other languages.

        Without a history the question is searched for as it is while a model thinks of the others.
        """
        own = self.understand(question)
        begun = self._rewording(own, history)
        try:
            early = [] if history else [self._found(own, filters)]
            said, usage = yield from reworded(begun)
        finally:
            if begun:
                begun.reply.close()
        text = said.pop(own.language, "") or standalone(question, history, self.understand)
        texts = {own.language: text, **said}
        queries = tuple(
            own if (words, language) == (own.text, own.language) else self.understand(words, language)
            for language, words in texts.items()
        )
        found = [*early, *(self._found(query, filters) for query in queries[len(early) :])]
        task = RetrievalResult(
            question=question,
            filters=filters,
            queries=queries,
            probes=tuple(found[0][0]),
            hits=best((hits for _, hits in found), HITS),
        )
        return task, usage

    def _rewording(self, own: Query, history: Sequence[Turn]) -> Rewording | None:
        """A model at work on other wordings of the question."""
        others = [code for code in self.index.languages if code and code != own.language]
        return rewording(own.text, own.language, history, others, self.model) if self.model else None

    def _found(self, query: Query, filters: Filters) -> tuple[list[Probe], list[Hit]]:
        """The passages that fit one wording, and what they were found by."""
        probes = probes_of(query, self.index, self.embedder)
        return probes, retrieve(query, probes, self.index, HITS, filters)

    def _answer(
        self, question: str, history: Sequence[Turn], filters: Filters, clock: Clock
    ) -> Generator[Event, None, Answer]:
        """The answer, its text and citations told as they come."""
        task, usage = yield from self._searched(question, history, filters)
        clock.lap("retrieve")
        yield StatusEvent(stage="reading")
        if self.model and task.hits:
            answer = yield from self._generate(task, self.model, clock)
        else:
            answer = self._quote(task, clock)
            yield from _told(answer)
        searched = tuple(query.text for query in task.queries)
        return replace(answer, searched=searched, usage=answer.usage + usage)

    def _translate(self, answer: Answer, clock: Clock) -> Generator[Event, None, Answer]:
        """The answer with translations beside its quotes; with a notice where there are none to be had."""
        wanted = foreign(answer.citations, answer.language)
        if not wanted:
            return answer
        citations, usage = answer.citations, Usage()
        if self.model:
            citations, usage = yield from translated(citations, answer.language, self.model)
        clock.lap("translate")
        lacking = any(not one.translation for one in foreign(citations, answer.language))
        failed = messages.say(messages.UNTRANSLATED, answer.language) if lacking else ""
        notice = " ".join(filter(None, (answer.notice, failed)))
        return replace(
            answer, citations=citations, usage=answer.usage + usage, notice=notice, timings_ms=clock.laps
        )

    def _generate(
        self, task: RetrievalResult, model: ChatModel, clock: Clock
    ) -> Generator[Event, None, Answer]:
        """The model's answer; a refusal where it finds none, and quotes where it fails."""
        desk = GenerationResources(
            model=model, index=self.index, embedder=self.embedder, lexicon=self._lexicon
        )
        try:
            return (yield from generate(task, desk, clock))
        except GenerationDeclined:
            answer = self._refuse(task, clock)
        except (ModelFailed, Outdated) as failed:
            why = failed.why if isinstance(failed, ModelFailed) else "changed"
            said = messages.say(messages.FAILURES[why], task.query.language)
            answer = replace(self._quote(task, clock), notice=said)
        yield StatusEvent(stage="quoting")
        yield from _told(answer)
        return answer

    def _quote(self, task: RetrievalResult, clock: Clock) -> Answer:
        """Quotes; of what a second search finds where documents have been removed or replaced since the first."""
        try:
            return self._quoted(task, clock)
        except Outdated:
            found = [self._found(query, task.filters) for query in task.queries]
            return self._quoted(replace(task, hits=best((hits for _, hits in found), HITS)), clock)

    def _quoted(self, task: RetrievalResult, clock: Clock) -> Answer:
        query = task.query
        if not task.hits:
            return self._nothing(task, clock)
        ranked = rank(query, task.probes, task.hits, self.embedder)
        clock.lap("read")
        if not answerable(query, ranked):
            return self._refuse(task, clock)
        statements, citations = numbered(
            *extractive.quote(extractive.choose(query, ranked), self.index.text_of)
        )
        verify(citations, self.index.text_of)
        clock.lap("check")
        return Answer(
            question=task.question,
            text=extractive.rendered(statements, citations, query.language),
            statements=statements,
            citations=citations,
            refused=False,
            mode="quoted",
            language=query.language,
            timings_ms=clock.laps,
        )

    def _refuse(self, task: RetrievalResult, clock: Clock) -> Answer:
        return _refusal(task, messages.REFUSAL, task.hits[:NEAREST], clock)

    def _nothing(self, task: RetrievalResult, clock: Clock) -> Answer:
        nothing_allowed = self.index.records() and allowed_documents(self.index, task.filters) == ()
        return _refusal(
            task, messages.NOTHING_SELECTED if nothing_allowed else messages.NO_DOCUMENTS, (), clock
        )


def _model(settings: Settings) -> ChatModel | None:
    if not settings.llm:
        return None
    from assistant.llm.model import open_model

    return open_model(settings)


def checked(question: str) -> str:
    """The question without surrounding space; raises `BadQuestion` where there is none, or too much of it."""
    trimmed = question.replace("\0", "").strip()
    if not trimmed:
        raise BadQuestion("The question is empty. Type what you want to know.")
    if len(trimmed) > LONGEST_QUESTION:
        raise BadQuestion(
            f"The question has {len(trimmed):,} characters. Shorten it to {LONGEST_QUESTION:,}, "
            "or add the long text as a document and ask about it."
        )
    return trimmed


def _refusal(task: RetrievalResult, phrase: dict[str, str], nearest: Sequence[Hit], clock: Clock) -> Answer:
    clock.lap("check")
    return Answer(
        question=task.question,
        text=messages.say(phrase, task.query.language),
        statements=(),
        citations=(),
        refused=True,
        mode="quoted",
        language=task.query.language,
        nearest=tuple(nearest),
        timings_ms=clock.laps,
    )


def _told(answer: Answer) -> Iterator[Event]:
    for citation in answer.citations:
        yield CitationEvent(citation=citation)
    yield DeltaEvent(text=answer.text)
