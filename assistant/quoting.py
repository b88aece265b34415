"""Answers by quoting: what was found is judged, and the best sentences are quoted, or the question is refused."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant import messages
from assistant.absence import NearMiss, RefusedFor
from assistant.answering import extractive
from assistant.answering.absence import RefusalReason, absence_of, near_misses
from assistant.answering.asked_days import AskedDays, asked_days, dated_first, days_by_event, in_days
from assistant.answering.citations import verified
from assistant.answering.copies import told_once
from assistant.answering.disagreement import Opposition, opposed, uncited, with_disagreement
from assistant.answering.evidence import Sentence
from assistant.answering.followups import for_own_words
from assistant.answering.judging import JudgedSentences, judge, judge_apart
from assistant.answering.reasons import only_reasons, told_in
from assistant.answering.recency import newest_first
from assistant.answering.refusal import NEAREST, refusal
from assistant.answering.timing import Clock
from assistant.errors import Outdated
from assistant.language.lexicon import Lexicon
from assistant.reading.reader import Reader
from assistant.retrieval.question_type import asks_only_why
from assistant.retrieval.retriever import Retriever
from assistant.retrieval.search import RetrievalResult, allowed_documents, sentence_vectors
from assistant.types import Answer, Citation, CitationEvent, DeltaEvent, Event, Hit, Turn
from ingest.store.index import Index

# How likely an answer must be where the question names what no document has.
SURE = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotedAnswers:
    """Answers questions from an index without a language model; ``today`` tells the reader's day."""

    index: Index
    retriever: Retriever
    lexicon: Lexicon
    reader: Reader | None
    today: Callable[[], date]

    def quote(
        self,
        retrieved: RetrievalResult,
        clock: Clock,
        judged: JudgedSentences | None = None,
        history: Sequence[Turn] = (),
    ) -> Answer:
        """Quotes, of the sentences ``judged`` where they have been; after a second search where documents have gone since."""
        try:
            return self._quoted(retrieved, clock, judged, history)
        except Outdated:
            return self._quoted(self.retriever.again(retrieved), clock, None, history)

    def _quoted(
        self,
        retrieved: RetrievalResult,
        clock: Clock,
        judged: JudgedSentences | None,
        history: Sequence[Turn],
    ) -> Answer:
        if not retrieved.hits:
            return self._refuse_without_hits(retrieved, clock)
        judged, phrases = judged or self.judge(retrieved, clock), messages.REFUSAL
        told = ""
        if history and asks_only_why(retrieved.question):
            judged, phrases, told = only_reasons(judged, history), messages.NO_REASON, told_in(history)
        if not judged.answers or self._about_others(retrieved, judged):
            return self.refuse(retrieved, clock, judged, phrases, told=told)
        ranked = newest_first(retrieved.question, dated_first(retrieved.query, judged.ranked))
        opposition = self._opposed(retrieved, ranked)
        also = [side.sentence for side in opposition.sides] if opposition else []
        answer = extractive.answer(retrieved, ranked, self.index.texts.of, also)
        citations = verified(answer.citations, self.index.texts.of)
        answer = with_disagreement(replace(answer, citations=citations), opposition)
        clock.lap("check")
        return replace(answer, timings_ms=clock.laps, confidence=judged.answered)

    def by_themselves(self, retrieved: RetrievalResult) -> tuple[Citation, ...]:
        """Of what was found, what answers by itself, however many others do: with the reader every sentence that it takes to do so."""
        judged = self.judge(retrieved, Clock())
        if not judged.answers or self._about_others(retrieved, judged):
            return ()
        surely = [
            one for one in judged.ranked if one.probability is None or one.probability >= extractive.ANSWERS
        ]
        _, citations = extractive.quote(extractive.choose(retrieved.query, surely), self.index.texts.of)
        return verified(citations, self.index.texts.of)

    def _opposed(self, retrieved: RetrievalResult, ranked: Sequence[Sentence]) -> Opposition | None:
        """What sentences of different stories that answer the question disagree in."""
        return opposed(retrieved.query, ranked, self.index.stories.id_of, self.lexicon)

    def with_disagreement(
        self, written: Answer, retrieved: RetrievalResult, ranked: Sequence[Sentence]
    ) -> Generator[Event, None, Answer]:
        """A model's answer with what its sources disagree in; yields the citations and the line that are added."""
        opposition = self._opposed(retrieved, ranked)
        try:
            added = verified(uncited(written, opposition), self.index.texts.of)
        except Outdated:  # what the model has cited still stands
            return written
        answer = with_disagreement(replace(written, citations=(*written.citations, *added)), opposition)
        if not answer.disagreements:
            return written
        yield from (CitationEvent(citation=citation) for citation in added)
        yield DeltaEvent(text=answer.text.removeprefix(written.text))
        return answer

    def _about_others(self, retrieved: RetrievalResult, judged: JudgedSentences) -> bool:
        """Whether somebody or something is asked about that no document names, unless a sentence answers all the same.

        Only in the language of the question: in another one, names may be written as nobody can tell.
        """
        best = next(iter(judged.ranked), None)
        if best is None or best.probability is None or judged.answered >= SURE:
            return False
        same = best.hit.language == retrieved.query.language
        return same and self.retriever.asks_about_nobody(retrieved.query, retrieved.filters)

    def judge(self, retrieved: RetrievalResult, clock: Clock) -> JudgedSentences:
        """The sentences of what was found, best first, each story's once, and those of the days that are asked for."""
        judged = self._judged(retrieved, clock)
        return replace(judged, ranked=told_once(judged.ranked, self.index, retrieved.filters))

    def may_answer(self, retrieved: RetrievalResult) -> bool:
        """Whether what was found answers, or possibly does."""
        judged = self._judged(retrieved, Clock())
        return judged.answers or judged.may_answer

    def _judged(self, retrieved: RetrievalResult, clock: Clock) -> JudgedSentences:
        judged = judge(
            retrieved.query, retrieved.probes, retrieved.hits, retrieved.sentence_vectors, self.reader
        )
        clock.lap("read")
        judged = for_own_words(judged, retrieved.own) if retrieved.own else judged
        asked = self._days(retrieved, judged)
        dated = in_days(judged, asked) if asked else judged
        return replace(dated, other_days=judged.answers and not dated.answers)

    def _days(self, retrieved: RetrievalResult, judged: JudgedSentences) -> AskedDays | None:
        """The days that the question asks for, also by an event whose day the sentences tell."""
        return self.asked_days(retrieved) or days_by_event(retrieved.query, judged.ranked)

    def judge_apart(
        self, documents: Sequence[Sequence[Hit]], retrieved: RetrievalResult
    ) -> list[tuple[RetrievalResult, JudgedSentences]]:
        """For the hits of each document: what was retrieved of it alone, and the judgement of that."""
        vectors = sentence_vectors(
            [hit for hits in documents for hit in hits], self.index, self.retriever.embedder
        )
        judgements = judge_apart(retrieved.query, retrieved.probes, documents, vectors, self.reader)
        found = []
        for hits, judged in zip(documents, judgements, strict=True):
            one = replace(retrieved, hits=tuple(hits), sentence_vectors=vectors)
            asked = self._days(one, judged)
            dated = in_days(judged, asked) if asked else judged
            found.append((one, replace(dated, other_days=judged.answers and not dated.answers)))
        return found

    def nearest_miss(
        self, retrieved: RetrievalResult, judged: JudgedSentences, nowhere: Sequence[str]
    ) -> NearMiss | None:
        """What came nearest of what was retrieved, and why it was not enough; ``nowhere`` are names that it does not have."""
        refused = self._refused(retrieved, judged, nowhere, declined=False, told="")
        return next(near_misses(retrieved, judged, refused, self.index), None)

    def asked_days(self, retrieved: RetrievalResult) -> AskedDays | None:
        """The days that the question asks for; None where it asks for none."""
        return asked_days(retrieved.question, retrieved.query.language, self.today())

    def refuse(
        self,
        retrieved: RetrievalResult,
        clock: Clock,
        judged: JudgedSentences | None = None,
        phrases: messages.Phrases = messages.REFUSAL,
        *,
        declined: bool = False,
        told: str = "",
    ) -> Answer:
        """The refusal: which names occur nowhere, else the best sentence ``judged`` if it may answer, and what is nearest.

        ``declined`` says that a language model found no answer, ``told`` is what was quoted before a "Why?".
        """
        nowhere = self.retriever.names_nowhere(retrieved.query, retrieved.filters)
        doubtful = judged.ranked[:1] if judged and judged.may_answer and not nowhere else ()
        _, possible = extractive.quote(doubtful, self.index.texts.of)
        unquoted = judged.unquoted if judged and not nowhere else ""
        answer = replace(
            refusal(
                retrieved,
                phrases,
                retrieved.hits[:NEAREST],
                nowhere,
                unquoted,
                retrieved.spelling.offered,
            ),
            possible=verified(possible, self.index.texts.of),
        )
        if judged:
            refused = self._refused(retrieved, judged, nowhere, declined=declined, told=told)
            answer = replace(answer, absence=absence_of(retrieved, judged, refused, self.index))
        clock.lap("check")
        # What was likely enough to be quoted and is refused all the same is refused by another rule.
        confidence = judged.answered if judged and not judged.answers and not judged.unquoted else 0.0
        return replace(answer, timings_ms=clock.laps, confidence=confidence)

    def _refused(
        self,
        retrieved: RetrievalResult,
        judged: JudgedSentences,
        nowhere: Sequence[str],
        *,
        declined: bool,
        told: str,
    ) -> RefusalReason:
        """What has decided that a question is refused."""
        reason: RefusedFor
        about: tuple[str, ...] = ()
        if declined:
            reason = "declined"
        elif told:
            reason = "no_reason"
        elif judged.unquoted:
            reason, about = "not_quoted", (judged.unquoted,)
        elif judged.answers and nowhere:
            reason, about = "nobody_named", tuple(nowhere)
        elif judged.other_days:
            reason = "other_days"
        else:  # what answers by itself, and has too little of the question's words to be shown to a model, is unlike it
            reason = "unlike" if self.reader is None or judged.answers else "unlikely"
        return RefusalReason(reason=reason, about=about, days=self._days(retrieved, judged), told=told)

    def _refuse_without_hits(self, retrieved: RetrievalResult, clock: Clock) -> Answer:
        nothing_allowed = self.index.records() and allowed_documents(self.index, retrieved.filters) == ()
        phrases = messages.NOTHING_SELECTED if nothing_allowed else messages.NO_DOCUMENTS
        refused = RefusalReason(reason="nothing_selected" if nothing_allowed else "no_documents")
        absence = absence_of(retrieved, None, refused, self.index)
        clock.lap("check")
        return replace(refusal(retrieved, phrases), absence=absence, timings_ms=clock.laps, confidence=0.0)
