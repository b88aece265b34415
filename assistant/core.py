"""The assistant: a question in, a checked answer out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

from assistant import phrases, quoting
from assistant.citations import numbered, verify
from assistant.conversation import standalone
from assistant.errors import BadQuestion
from assistant.evidence import rank
from assistant.lexicon import Lexicon, shipped
from assistant.query import Query, understand
from assistant.refusal import answerable
from assistant.retrieval import Probe, allowed_documents, probes_of, retrieve
from assistant.settings import Settings, load_settings
from assistant.types import Answer, Cited, Delta, Done, Event, Filters, Hit, Status, Turn
from ingest.embedding import Embedder, SentenceTransformerEmbedder
from ingest.index import Index
from ingest.locking import FolderLock
from ingest.privacy import quiet

LONGEST_QUESTION = 4_000
HITS = 8
NEAREST = 3


class Assistant:
    """Answers questions about the documents of an index. Thread-safe."""

    def __init__(self, index: Index, embedder: Embedder, lexicon: Lexicon | None = None) -> None:
        self.index = index
        self.embedder = embedder
        self._lexicon = lexicon or shipped()
        self.on_answer: Callable[[Answer], object] = lambda answer: None  # told of every answer

    @classmethod
    def open(
        cls, settings: Settings | None = None, *, command: str = "assistant", lock: FolderLock | None = None
    ) -> Assistant:
        """The assistant over the configured data folder; ``lock`` is given by who holds the folder already.

        Raises an `IngestError` where a setting is wrong, or the model or the index cannot be used.
        """
        chosen = settings or load_settings()
        quiet(chosen.embedding_model)
        embedder = SentenceTransformerEmbedder(chosen.embedding_model, chosen.number_format)
        index = Index.open(
            chosen.data_dir, embedder, chroma_url=chosen.chroma_url, command=command, lock=lock
        )
        return cls(index, embedder)

    def close(self) -> None:
        self.index.close()

    def ask(self, question: str, history: Sequence[Turn] = (), filters: Filters | None = None) -> Answer:
        """The answer to ``question``. Raises `BadQuestion` for an empty or an endless one."""
        return next(
            event.answer for event in self.stream(question, history, filters) if isinstance(event, Done)
        )

    def stream(
        self, question: str, history: Sequence[Turn] = (), filters: Filters | None = None
    ) -> Iterator[Event]:
        """The answer as it comes about; the last event is `Done` with the whole of it."""
        asked = checked(question)
        clock = Clock()
        yield Status(stage="searching")
        query = self.understand(standalone(asked, history))
        probes = probes_of(query, self.index, self.embedder)
        hits = retrieve(query, probes, self.index, HITS, filters)
        clock.lap("retrieve")
        yield Status(stage="reading")
        answer = (
            self._quote(asked, query, probes, hits, clock)
            if hits
            else self._nothing(asked, query, filters, clock)
        )
        yield from _told(answer)
        self.on_answer(answer)
        yield Done(answer=answer)

    def search(self, query: str, limit: int = 10, filters: Filters | None = None) -> list[Hit]:
        """The passages that fit ``query`` best, best first."""
        understood = self.understand(checked(query))
        return retrieve(
            understood, probes_of(understood, self.index, self.embedder), self.index, limit, filters
        )

    def understand(self, question: str) -> Query:
        """The question as retrieval takes it, towards the languages that the index holds."""
        return understand(question, list(self.index.languages), self._lexicon)

    def _quote(
        self, question: str, query: Query, probes: Sequence[Probe], hits: Sequence[Hit], clock: Clock
    ) -> Answer:
        ranked = rank(query, probes, hits, self.index, self.embedder)
        clock.lap("read")
        if not answerable(query, ranked, self.index):
            return _refusal(question, phrases.REFUSAL, query.language, hits[:NEAREST], clock)
        statements, citations = numbered(*quoting.quote(quoting.choose(ranked), self.index.text))
        verify(citations, self.index.text)
        clock.lap("check")
        return Answer(
            question=question,
            text=quoting.rendered(statements, citations, query.language),
            statements=statements,
            citations=citations,
            refused=False,
            mode="quoted",
            language=query.language,
            timings_ms=clock.laps,
        )

    def _nothing(self, question: str, query: Query, filters: Filters | None, clock: Clock) -> Answer:
        nothing_allowed = self.index.records() and allowed_documents(self.index, filters or Filters()) == ()
        phrase = phrases.NOTHING_SELECTED if nothing_allowed else phrases.NO_DOCUMENTS
        return _refusal(question, phrase, query.language, (), clock)


class Clock:
    """Milliseconds by stage."""

    def __init__(self, now: Callable[[], float] = time.perf_counter) -> None:
        self._now = now
        self._began = self._last = now()
        self.laps: dict[str, float] = {}

    def lap(self, stage: str) -> None:
        """The time since the last lap was spent on ``stage``."""
        moment = self._now()
        self.laps[stage] = round((moment - self._last) * 1000, 1)
        self.laps["total"] = round((moment - self._began) * 1000, 1)
        self._last = moment


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


def _refusal(
    question: str, phrase: dict[str, str], language: str, nearest: Sequence[Hit], clock: Clock
) -> Answer:
    clock.lap("check")
    return Answer(
        question=question,
        text=phrases.say(phrase, language),
        statements=(),
        citations=(),
        refused=True,
        mode="quoted",
        language=language,
        nearest=tuple(nearest),
        timings_ms=clock.laps,
    )


def _told(answer: Answer) -> Iterator[Event]:
    for citation in answer.citations:
        yield Cited(citation=citation)
    yield Delta(text=answer.text)
