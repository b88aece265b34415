"""Answering through a language model: evidence in, a streamed and checked answer out.

The model reads numbered sentences and cites their numbers, so that a quote is the stored text whatever it writes.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant import messages
from assistant.answering import refusal
from assistant.answering.citations import verify
from assistant.answering.context import PromptContext, context, ranked_for_reading, tokens_of
from assistant.answering.evidence import Sentence, surroundings
from assistant.answering.output import StreamedOutput, statements_of
from assistant.answering.sanitizing import REFUSAL
from assistant.answering.timing import Clock
from assistant.checking.check import check
from assistant.errors import AssistantError, ModelFailed
from assistant.language.lexicon import Lexicon, language_name
from assistant.language.matching import coverage, vocabulary
from assistant.llm.prompts import filled, inert
from assistant.llm.reply import Reply
from assistant.retrieval.query import Query
from assistant.retrieval.search import Probe
from assistant.types import Answer, Citation, DeltaEvent, Event, Filters, Hit, Statement, StatusEvent
from ingest.embedding import Embedder
from ingest.store.index import Index
from ingest.text.languages import detect

if TYPE_CHECKING:  # LangChain takes seconds to import
    from assistant.llm.model import ChatModel

# Less than quoting asks for: a model can tell that nothing answers. What speaks of nearly none of the
# question's words it need not read, and must not be tempted by.
LEAST_COVERAGE = refusal.ANY
LOOKED_AT = 8
# Tokens of the window that are kept for the answer, and the characters after which an answer is stopped.
ANSWER_TOKENS = 1_024
LONGEST_ANSWER = 6_000
SHORTEST_TOLD = 60  # characters below which the language of an answer cannot be told
_THOUGHTS = ("<think>", "</think>")


class GenerationDeclined(AssistantError):
    """The model says that the documents do not answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievalResult:
    """A question with all that its answer is made of; ``queries`` are its wordings, its own first,
    of which ``probes`` are made; ``filters`` say which documents were searched.
    """

    question: str
    filters: Filters
    queries: tuple[Query, ...]
    probes: tuple[Probe, ...]
    hits: tuple[Hit, ...]

    @property
    def query(self) -> Query:
        return self.queries[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationResources:
    """What every answer is written with."""

    model: ChatModel
    index: Index
    embedder: Embedder
    lexicon: Lexicon


def generate(
    task: RetrievalResult, desk: GenerationResources, clock: Clock
) -> Generator[Event, None, Answer]:
    """The events of an answer as it is written; returns the whole, checked answer.

    Closing the generator stops the model. Raises `ModelFailed`, `GenerationDeclined` where the model finds no answer, and
    `Outdated` where what it cites has been removed or replaced meanwhile.
    """
    ranked = ranked_for_reading(task.query, task.hits)
    if not _worth_asking(task.queries, ranked):
        raise GenerationDeclined("Nothing that was found speaks of the question.")
    yield StatusEvent(stage="answering")
    given, prompts = _prompts(task.query, ranked, desk)
    if not given.sentences:
        raise ModelFailed(
            "long", "Not one sentence fits the model's window: set ASSISTANT_LLM_CONTEXT higher."
        )
    draft = StreamedOutput(given.sentences)
    reply = desk.model.reply(*prompts)
    complete = yield from _written(draft, reply, clock)
    clock.lap("model")
    if draft.declined and not draft.citations:
        raise GenerationDeclined("The model finds no answer in the documents.")
    answer = _checked(task, draft, desk)
    clock.lap("check")
    notice = (
        "" if complete and reply.ending != "length" else messages.say(messages.CUT_SHORT, answer.language)
    )
    notice = notice or _foreign(answer)
    return replace(answer, notice=notice, usage=reply.usage, timings_ms=clock.laps)


def _worth_asking(queries: Sequence[Query], ranked: Sequence[Sentence]) -> bool:
    """Whether what was found speaks of the question at all, in any of its wordings."""
    texts = [vocabulary(text) for text in {surroundings(sentence) for sentence in ranked[:LOOKED_AT]}]
    return any(
        not query.words or coverage(query.words, text) >= LEAST_COVERAGE
        for query in queries
        for text in texts
    )


def _prompts(
    query: Query, ranked: Sequence[Sentence], desk: GenerationResources
) -> tuple[PromptContext, tuple[str, str]]:
    """What the model is told; the documents get the room that the rest leaves."""
    language = language_name(query.language or "en")
    system = filled("answer.system", language=language, refusal=REFUSAL)

    def prompt(documents: str) -> str:
        question = inert(query.text)
        return filled("answer", documents=documents, question=question, language=language, refusal=REFUSAL)

    window = desk.model.window
    left = window - tokens_of(system + prompt("")) - min(ANSWER_TOKENS, window // 4)
    given = context(ranked, left)
    return given, (system, prompt(given.text))


def _written(draft: StreamedOutput, reply: Reply, clock: Clock) -> Generator[Event, None, bool]:
    """The events of the draft as the reply comes; returns whether it came to its own end."""
    try:
        for text in _spoken(reply):
            for event in draft.take(text):
                if isinstance(event, DeltaEvent):
                    clock.mark("first_token")
                yield event
            if not text:
                yield StatusEvent(stage="answering")
            if (draft.declined and not draft.text) or len(draft.text) > LONGEST_ANSWER:
                return draft.declined
        yield from draft.finish()
        return True
    finally:
        reply.close()


def _spoken(reply: Reply) -> Iterator[str]:
    """The reply without the thoughts that some models write down before it."""
    opening, closing = _THOUGHTS
    held = ""
    thinking: bool | None = None
    for text in reply:
        if thinking is False:
            yield text
            continue
        held += text
        start = held.lstrip()
        if thinking is None and len(start) >= len(opening):
            thinking = start.startswith(opening)
        elif thinking is None and start and not opening.startswith(start):
            thinking = False
        if thinking and closing in held:
            thinking, held = False, held.partition(closing)[2]
        yield held if thinking is False else ""
    if thinking is None:
        yield held


def _checked(task: RetrievalResult, draft: StreamedOutput, desk: GenerationResources) -> Answer:
    language = task.query.language
    statements = statements_of(draft.text, language)
    if not draft.citations or not statements:
        raise ModelFailed("uncited", "The model cited none of the sentences that it was given.")
    verify(draft.citations, desk.index.text_of)
    alike = _similarities(statements, draft.citations, language, desk.embedder)
    return Answer(
        question=task.question,
        text=draft.text,
        statements=tuple(
            _judged(statement, draft.citations, similarity, language, desk.lexicon)
            for statement, similarity in zip(statements, alike, strict=True)
        ),
        citations=tuple(draft.citations),
        refused=False,
        mode="generated",
        language=language,
        model=desk.model.name,
        dropped=draft.dropped,
    )


def _judged(
    statement: Statement,
    citations: Sequence[Citation],
    similarity: float | None,
    language: str,
    lexicon: Lexicon,
) -> Statement:
    cited = [citation for citation in citations if citation.number in statement.citations]
    around = [text for citation in cited for text in _around(citation)]
    verdict = check(
        statement.text,
        [citation.quote for citation in cited],
        around,
        language=language,
        lexicon=lexicon,
        similarity=similarity,
    )
    return replace(statement, supported=verdict.supported, reason=verdict.reason)


def _around(citation: Citation) -> list[str]:
    """What a reader of the quote knows besides: its document's title and date, its heading and passage."""
    document, passage = citation.document, citation.passage
    date = document.published.isoformat() if document.published else ""
    return [text for text in (document.title, date, passage.heading, passage.text) if text]


def _similarities(
    statements: Sequence[Statement], citations: Sequence[Citation], language: str, embedder: Embedder
) -> list[float | None]:
    """The cosine of each statement and the closest of its quotes; None where the model does not read a language."""
    reads = embedder.traits.reads
    usable = {one.number: one.quote for one in citations if reads(language) and reads(one.document.language)}
    texts = [*(statement.text for statement in statements), *usable.values()] if usable else []
    vectors = embedder.embed_passages(texts)
    said, quoted = (
        vectors[: len(statements)],
        dict(zip(usable, vectors[len(statements) :], strict=bool(usable))),
    )
    return [
        max((float(said[at] @ quoted[n]) for n in one.citations if n in quoted), default=None)
        for at, one in enumerate(statements)
    ]


def _foreign(answer: Answer) -> str:
    """A notice where the answer is in another language than the question."""
    words = " ".join(statement.text for statement in answer.statements)
    quoted = {citation.document.language for citation in answer.citations}
    if (
        len(words) < SHORTEST_TOLD
        or detect(words, ("de", "en", answer.language, *filter(None, quoted))) == answer.language
    ):
        return ""
    return messages.say(messages.OTHER_LANGUAGE, answer.language)
