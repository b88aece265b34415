"""Answering through a language model: passages in, a streamed and checked answer out.

The model reads numbered sentences and cites their numbers: the quote behind a number is the stored text.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING

from assistant import messages
from assistant.answering import refusal
from assistant.answering.citations import verified
from assistant.answering.context import PromptContext, context, tokens_of
from assistant.answering.evidence import Sentence, surroundings
from assistant.answering.judging import JudgedSentences
from assistant.answering.output import StreamedOutput, statements_of
from assistant.answering.sanitizing import REFUSAL
from assistant.answering.timing import Clock
from assistant.answering.word_vectors import WordEmbeddings
from assistant.checking.check import check
from assistant.checking.events import WordVectors
from assistant.checking.told_as_fact import told_as_fact
from assistant.errors import AssistantError, ModelFailed
from assistant.language.lexicon import Lexicon, language_name
from assistant.language.matching import coverage, vocabulary
from assistant.llm.prompts import filled, inert
from assistant.llm.reply import Reply
from assistant.retrieval.probes import backgrounds, standardised
from assistant.retrieval.query import Query
from assistant.retrieval.search import RetrievalResult, sentence_vectors, sentences_in
from assistant.types import Answer, Citation, DeltaEvent, Event, Hit, Statement, StatusEvent
from ingest.embedding.sentence_vectors import cosines
from ingest.embedding.types import Embedder, Vectors
from ingest.settings import MULTILINGUAL_MODEL
from ingest.store.index import Index
from ingest.text.languages import detect

if TYPE_CHECKING:  # LangChain takes seconds to import
    from assistant.llm.model import ChatModel

# Less than quoting requires: a model can tell that nothing answers. But passages with nearly none of the question's
# words are not worth its time, and it might answer from them all the same.
LEAST_COVERAGE = refusal.ANY
NEAR = 0.6  # of what `refusal.nearness` says
LOOKED_AT = 8  # sentences
ANSWER_TOKENS = 1_024  # of the window, reserved for the answer
LONGEST_ANSWER = 6_000  # characters after which an answer is stopped
SLICE = 1_000  # characters of a reply that are taken at once: some models send all of it in one piece
SHORTEST_DETECTED = 60  # characters below which the language of an answer cannot be detected
_THOUGHTS = ("<think>", "</think>")


class GenerationDeclined(AssistantError):
    """The model says that the documents do not answer; or it was not even ``asked``, since nothing has words of the question."""

    def __init__(self, message: str, *, asked: bool = True) -> None:
        super().__init__(message)
        self.asked = asked


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationResources:
    """The model that writes an answer, and what its prompt and its check need."""

    model: ChatModel
    index: Index
    embedder: Embedder
    lexicon: Lexicon


def generate(
    retrieved: RetrievalResult, judgement: JudgedSentences, resources: GenerationResources, clock: Clock
) -> Generator[Event, None, Answer]:
    """The events of an answer as it is written; returns the whole, checked answer.

    Closing the generator stops the model. Raises `ModelFailed`, `GenerationDeclined` where the model finds no answer, and
    `Outdated` where a document that it cites has been removed or replaced meanwhile.
    """
    ranked = judgement.ranked
    if not _worth_asking(retrieved, ranked):
        raise GenerationDeclined("No passage has words of the question.", asked=False)
    yield StatusEvent(stage="answering")
    evidence, prompts = _prompts(retrieved.query, ranked, resources.model.window)
    if not evidence.sentences:
        raise ModelFailed(
            "long", "Not one sentence fits the model's window: set ASSISTANT_LLM_CONTEXT higher."
        )
    output = StreamedOutput(evidence.sentences)
    reply = resources.model.reply(*prompts)
    complete = yield from _written(output, reply, clock)
    clock.lap("model")
    if output.declined and not output.citations:
        raise GenerationDeclined("The model finds no answer in the documents.")
    answer = _checked(retrieved, output, resources)
    clock.lap("check")
    cut_short = not complete or reply.ending == "length"
    notice = messages.say(messages.CUT_SHORT, answer.language) if cut_short else _language_notice(answer)
    return replace(answer, notice=notice, usage=reply.usage, timings_ms=clock.laps)


def _worth_asking(retrieved: RetrievalResult, ranked: Sequence[Sentence]) -> bool:
    """Whether the best sentences have anything to do with the question, in any of its wordings."""
    texts = [vocabulary(text) for text in {surroundings(sentence) for sentence in ranked[:LOOKED_AT]}]
    return any(refusal.nearness(retrieved.query, sentence) >= NEAR for sentence in ranked[:LOOKED_AT]) or any(
        not query.words or coverage(query.words, text) >= LEAST_COVERAGE
        for query in retrieved.queries
        for text in texts
    )


def _prompts(query: Query, ranked: Sequence[Sentence], window: int) -> tuple[PromptContext, tuple[str, str]]:
    """The sentences that the model reads, and its two prompts; the sentences get the tokens that the rest leaves."""
    language = language_name(query.language or "en")
    system = filled("answer.system", language=language, refusal=REFUSAL)

    def prompt(documents: str) -> str:
        question = inert(query.text)
        return filled("answer", documents=documents, question=question, language=language, refusal=REFUSAL)

    left = window - tokens_of(system + prompt("")) - min(ANSWER_TOKENS, window // 4)
    evidence = context(ranked, left)
    return evidence, (system, prompt(evidence.text))


def _written(output: StreamedOutput, reply: Reply, clock: Clock) -> Generator[Event, None, bool]:
    """The events of the output as the reply comes; returns whether the reply was read to its end."""
    try:
        for text in _sliced(_without_thoughts(reply)):
            for event in output.take(text):
                if isinstance(event, DeltaEvent):
                    clock.mark("first_token")
                yield event
            if not text:
                yield StatusEvent(stage="answering")
            if (output.declined and not output.text) or len(output.text) > LONGEST_ANSWER:
                return output.declined
        yield from output.finish()
        return True
    finally:
        reply.close()


def _sliced(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from (text[start : start + SLICE] for start in range(0, max(1, len(text)), SLICE))


def _without_thoughts(reply: Iterable[str]) -> Iterator[str]:
    """The reply without the thoughts that some models write before it; "" while they write them."""
    opening, closing = _THOUGHTS
    pending = ""
    thinking: bool | None = None
    for text in reply:
        if thinking is False:
            yield text
            continue
        pending += text
        start = pending.lstrip()
        if thinking is None and len(start) >= len(opening):
            thinking = start.startswith(opening)
        elif thinking is None and start and not opening.startswith(start):
            thinking = False
        if thinking and closing in pending:
            thinking, pending = False, pending.partition(closing)[2]
        yield pending if thinking is False else ""
    if thinking is None:
        yield pending


def _checked(retrieved: RetrievalResult, output: StreamedOutput, resources: GenerationResources) -> Answer:
    """The output as an answer, each statement checked against its quotes."""
    language = retrieved.query.language
    statements = statements_of(output.text, language)
    if not output.citations or not statements:
        raise ModelFailed("uncited", "The model cited none of the sentences in its prompt.")
    citations = verified(output.citations, resources.index.texts.of)
    words = WordEmbeddings(resources.embedder)
    similarities = _similarities(statements, output.citations, retrieved, resources, words)
    word_vectors = words if resources.embedder.name == MULTILINGUAL_MODEL else None
    return Answer(
        question=retrieved.question,
        text=output.text,
        statements=tuple(
            _with_verdict(
                statement, before, output.citations, similarity, language, resources.lexicon, word_vectors
            )
            for statement, before, similarity in zip(
                statements, _before_each(statements), similarities, strict=True
            )
        ),
        citations=citations,
        refused=False,
        mode="generated",
        language=language,
        model=resources.model.name,
        dropped=output.dropped,
    )


def _before_each(statements: Sequence[Statement]) -> list[str]:
    """What an answer says before each of its statements, which may tell whose words follow."""
    return list(accumulate((f"{statement.text} " for statement in statements[:-1]), initial=""))


def _with_verdict(
    statement: Statement,
    before: str,
    citations: Sequence[Citation],
    similarity: float | None,
    language: str,
    lexicon: Lexicon,
    word_vectors: WordVectors | None,
) -> Statement:
    cited = [citation for citation in citations if citation.number in statement.citations]
    languages = {citation.language for citation in cited}
    around = [text for citation in cited for text in _surroundings(citation)]
    verdict = check(
        statement.text,
        [citation.quote for citation in cited],
        around,
        language=language,
        lexicon=lexicon,
        quoted_in=languages.pop() if len(languages) == 1 else "",
        similarity=similarity,
        word_vectors=word_vectors,
    )
    said_by = told_as_fact(statement.text, before, cited, language, lexicon)
    if said_by is not None:
        phrase = messages.say(messages.SAID_BY if said_by else messages.SAID_BY_SOMEBODY, language).format(
            said_by
        )
        reason = phrase if verdict.supported != "no" else f"{verdict.reason} {phrase}"
        verdict = replace(verdict, supported="no", reason=reason)
    return replace(statement, supported=verdict.supported, reason=verdict.reason, events=verdict.events)


def _surroundings(citation: Citation) -> list[str]:
    """What a reader of the quote sees beside it: its document's title and date, its heading and passage."""
    document, passage = citation.document, citation.passage
    date = document.published.isoformat() if document.published else ""
    return [text for text in (document.title, date, passage.heading, passage.text) if text]


def _similarities(
    statements: Sequence[Statement],
    citations: Sequence[Citation],
    retrieved: RetrievalResult,
    resources: GenerationResources,
    words: WordEmbeddings,
) -> list[float | None]:
    """How many deviations the nearest sentence that each statement cites is above passages at large.

    None where the embedding model does not read a language, or the statement cites nothing. The statements' ``words`` are
    embedded in the same pass.
    """
    reads = resources.embedder.traits.reads
    usable = {c.number: c for c in citations if reads(retrieved.query.language) and reads(c.language)}
    if not usable:
        return [None] * len(statements)
    vectors = words.read([statement.text for statement in statements])
    return [
        max(
            (
                _nearness(vector, usable[number], retrieved, resources)
                for number in statement.citations
                if number in usable
            ),
            default=None,
        )
        for statement, vector in zip(statements, vectors, strict=True)
    ]


def _nearness(
    vector: Vectors, citation: Citation, retrieved: RetrievalResult, resources: GenerationResources
) -> float:
    passage, language = citation.passage, citation.language
    known = retrieved.sentence_vectors
    if passage.id not in known:  # of an earlier copy of what was retrieved
        hit = Hit(passage=passage, document=citation.document, score=0.0, dense_rank=None, lexical_rank=None)
        known = sentence_vectors([hit], resources.index, resources.embedder)
    near = cosines(known[passage.id], vector)
    cited = [
        float(similarity)
        for similarity, span in zip(near, sentences_in(passage, citation.document), strict=True)
        if passage.start + span.start < citation.end and citation.start < passage.start + span.end
    ]
    at_large = backgrounds((language,), vector, resources.index, resources.embedder.traits.typical)
    return standardised(max(cited, default=0.0), at_large[language])


def _language_notice(answer: Answer) -> str:
    """A notice where the answer is in another language than the question."""
    words = " ".join(statement.text for statement in answer.statements)
    quoted = {citation.language for citation in answer.citations}
    if (
        len(words) < SHORTEST_DETECTED
        or detect(words, ("de", "en", answer.language, *filter(None, quoted))) == answer.language
    ):
        return ""
    return messages.say(messages.OTHER_LANGUAGE, answer.language)
