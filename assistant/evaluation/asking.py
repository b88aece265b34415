"""Questions asked, here or through a running server, and their answers compared with what was expected."""

from __future__ import annotations

import time
from collections import Counter, OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from assistant.api.schemas.answers import AnswerSchema, CitationSchema, CopySchema, HitSchema
from assistant.api.schemas.documents import DocumentSchema
from assistant.api.schemas.requests import LONGEST_EARLIER_ANSWER, WordSearchRequest
from assistant.asked_text import LONGEST_QUESTION
from assistant.client.interface import AssistantClient
from assistant.errors import AssistantError, NotFound
from assistant.evaluation.matching import TextPlace, gold_rank, holds_gold, is_of, quotes_gold, says
from assistant.evaluation.reading import ExpectedAnswer
from assistant.evaluation.results import RANKS, EvaluatedQuestion, EvaluatedQuote, Fault, FoundPassage
from assistant.types import Turn
from ingest.client.owners import IsCancelled, never
from ingest.errors import Cancelled, IngestError
from ingest.text.folding import words
from ingest.text.languages import detect

_TEXTS = 50  # documents whose text is held
_WORDS = 12  # of a gold quote that are searched for where it is not known which document has it
_LOOKED_THROUGH = 20  # documents of one source that a gold quote is looked for in


@dataclass(slots=True)
class QuestionAsker:
    """Asks the questions of one run. Texts and the catalogue are read once."""

    client: AssistantClient
    cancelled: IsCancelled = never
    _documents: list[DocumentSchema] | None = None
    _texts: OrderedDict[tuple[str, str], str] = field(default_factory=OrderedDict)

    def warm_up(self, expected: ExpectedAnswer, *, quotes: bool) -> None:
        """Have the models loaded, so that the first question takes no longer than the others. No language model is asked."""
        self.client.search(expected.question, limit=1)
        if quotes:
            self.client.ask(expected.question, cancelled=self.cancelled)

    def ask(self, expected: ExpectedAnswer) -> EvaluatedQuestion:
        """One question's answer, measured; where asking fails, ``error`` says why. Raises `Cancelled`."""
        try:
            history = self._history(expected.history)
            before = time.monotonic()
            answer = self.client.ask(expected.question, history=history, cancelled=self.cancelled)
            latency = (time.monotonic() - before) * 1000
            query = answer.searched[0] if answer.searched else expected.question
            hits = self.client.search(query[:LONGEST_QUESTION], limit=RANKS[-1]).hits
            return self._evaluated(expected, answer, hits, latency)
        except Cancelled:
            raise
        except (AssistantError, IngestError) as error:
            why = str(error)
            return _asked(
                expected,
                error=why,
                fault="failed",
                reason=f"failed: {why}",
                question_language=expected.language,
            )

    def _history(self, turns: Sequence[Turn]) -> list[Turn]:
        """The earlier turns; those without an answer are asked."""
        history: list[Turn] = []
        for turn in turns:
            answer = (
                turn.answer
                or self.client.ask(turn.question, history=history, cancelled=self.cancelled).answer
            )
            history.append(Turn(question=turn.question, answer=answer[:LONGEST_EARLIER_ANSWER]))
        return history

    def _evaluated(
        self,
        expected: ExpectedAnswer,
        answer: AnswerSchema,
        hits: Sequence[HitSchema],
        latency: float,
    ) -> EvaluatedQuestion:
        places = [place_of(hit) for hit in hits]
        found = tuple(_found(hit, place, expected) for hit, place in zip(hits, places, strict=True))
        quotes = tuple(self._quote(citation, expected) for citation in answer.citations)
        checks = [
            self._stands(place, version)
            for citation in (*answer.citations, *answer.possible)
            for place, version in places_quoted(citation)
        ]
        gold_quote = next((at for at, quote in enumerate(quotes, 1) if quote.gold), None)
        said = says([answer.answer, *(quote.quote for quote in quotes)], expected.short_answers)
        stored, language = self._where_gold_is(expected, found, quotes)
        supports = Counter(one.supported for one in answer.statements if answer.mode == "generated")
        wrong = fault(expected, answer, gold_quote is not None, said)
        return _asked(
            expected,
            question_language=expected.language or answer.language,
            gold_language=language,
            answer=answer.answer,
            refused=answer.refused,
            mode=answer.mode,
            confidence=answer.confidence,
            quotes=quotes,
            found=found,
            gold_rank=gold_rank(places, expected) if expected.gold_quotes else None,
            gold_quote=gold_quote,
            short_answer_said=said if expected.short_answers else None,
            stored=stored,
            citations=len(checks),
            citations_valid=sum(checks),
            supported=supports["yes"],
            unsupported=supports["no"],
            unchecked=supports["not checked"],
            latency_ms=round(latency, 1),
            right=not wrong,
            fault=wrong,
            reason=reason_for(wrong, expected),
        )

    def _quote(self, citation: CitationSchema, expected: ExpectedAnswer) -> EvaluatedQuote:
        places = [place for place, _ in places_quoted(citation)]
        gold = any(
            is_of(place, expected.sources) and quotes_gold(place.text, expected.gold_quotes)
            for place in places
        )
        return EvaluatedQuote(
            number=citation.number,
            quote=citation.quote,
            title=citation.title,
            source=citation.source,
            language=citation.language,
            valid=self._stands(places[0], citation.version),
            gold=gold,
        )

    def _stands(self, place: TextPlace, version: str) -> bool:
        """Whether a document's stored text says what is quoted where it is said to stand."""
        try:
            return self._text(place.document_id, version)[place.start :][: len(place.text)] == place.text
        except NotFound:
            return False

    def _text(self, document_id: str, version: str = "") -> str:
        key = (document_id, version)
        if key not in self._texts:
            self._texts[key] = self.client.text(document_id, version).text
            while len(self._texts) > _TEXTS:
                self._texts.popitem(last=False)
        self._texts.move_to_end(key)
        return self._texts[key]

    def _where_gold_is(
        self, expected: ExpectedAnswer, found: Iterable[FoundPassage], quotes: Iterable[EvaluatedQuote]
    ) -> tuple[bool | None, str]:
        """Whether the documents have what is expected (None where nothing says), and the language that it is in."""
        if not expected.answerable:
            return None, ""
        having = [hit.language for hit in found if hit.gold] + [
            quote.language for quote in quotes if quote.gold
        ]
        if having:
            return True, having[0]
        among = [one for one in self._catalogue() if _is_document(one, expected.sources)]
        if not expected.gold_quotes:
            known = {one.language for one in among} if expected.sources else set()
            return bool(among) if expected.sources else None, known.pop() if len(known) == 1 else ""
        holding = next((one for one in self._likely(expected, among) if self._holds(one, expected)), None)
        if holding:
            return True, holding.language or detect(expected.gold_quotes[0])
        looked_at_all = len(among) <= _LOOKED_THROUGH or not expected.sources
        return False if looked_at_all else None, detect(expected.gold_quotes[0])

    def _likely(self, expected: ExpectedAnswer, among: Sequence[DocumentSchema]) -> Sequence[DocumentSchema]:
        """The documents to look for a gold quote in: those of its source, without one those that have its words."""
        if expected.sources:
            return among[:_LOOKED_THROUGH]
        first = words(expected.gold_quotes[0])[:_WORDS]
        if not first:
            return ()
        query = f'"{" ".join(first)}"'
        hits = self.client.search_words(WordSearchRequest.model_validate({"query": query})).hits
        named = {hit.document_id for hit in hits}
        return [one for one in among if one.id in named]

    def _holds(self, document: DocumentSchema, expected: ExpectedAnswer) -> bool:
        return holds_gold(self._text(document.id), expected.gold_quotes)

    def _catalogue(self) -> list[DocumentSchema]:
        if self._documents is None:
            self._documents = list(self.client.all_documents())
        return self._documents


def fault(
    expected: ExpectedAnswer, answer: AnswerSchema, quotes_gold: bool, says_short_answer: bool
) -> Fault:
    """What is wrong with an answer. The short answer decides only where no quote is expected."""
    if not expected.answerable:
        return "" if answer.refused else "not_refused"
    if answer.refused:
        return "refused"
    cited = (place for citation in answer.citations for place, _ in places_quoted(citation))
    if expected.sources and not any(is_of(place, expected.sources) for place in cited):
        return "not_cited"
    if expected.gold_quotes:
        return "" if quotes_gold else "not_quoted"
    return "not_said" if expected.short_answers and not says_short_answer else ""


def reason_for(wrong: Fault, expected: ExpectedAnswer) -> str:
    """What is wrong with an answer, in words."""
    wanted: dict[Fault, tuple[str, Sequence[str]]] = {
        "not_cited": ("does not cite ", expected.sources),
        "not_quoted": ("does not quote ", expected.gold_quotes),
        "not_said": ("does not say ", expected.short_answers),
    }
    words, values = wanted.get(wrong, (wrong.replace("_", " "), ()))
    return words + " or ".join(map(repr, values))


def place_of(found: HitSchema) -> TextPlace:
    return TextPlace(
        document_id=found.document_id,
        title=found.title,
        source=found.source,
        text=found.text,
        start=found.start,
    )


def places_quoted(citation: CitationSchema) -> list[tuple[TextPlace, str]]:
    """The place of a citation and those of copies of its story, each with the version of the text, empty: the present one."""
    places: list[tuple[CitationSchema | CopySchema, str]] = [(citation, citation.version)]
    places += [(copy, "") for copy in citation.also_in]
    return [
        (
            TextPlace(
                document_id=one.document_id,
                title=one.title,
                source=one.source,
                text=one.quote,
                start=one.start,
            ),
            version,
        )
        for one, version in places
    ]


def _asked(expected: ExpectedAnswer, **came: object) -> EvaluatedQuestion:
    return EvaluatedQuestion(
        id=expected.id,
        question=expected.question,
        history=expected.history,
        gold_quotes=expected.gold_quotes,
        sources=expected.sources,
        short_answers=expected.short_answers,
        answerable=expected.answerable,
        **came,  # type: ignore[arg-type]  # the fields by name
    )


def _found(hit: HitSchema, place: TextPlace, expected: ExpectedAnswer) -> FoundPassage:
    gold = is_of(place, expected.sources) and holds_gold(hit.text, expected.gold_quotes)
    return FoundPassage(
        title=hit.title,
        source=hit.source,
        text=hit.text,
        score=hit.score,
        language=hit.language,
        gold=gold,
    )


def _is_document(document: DocumentSchema, sources: Sequence[str]) -> bool:
    place = TextPlace(document_id=document.id, title=document.title, source=document.source, text="", start=0)
    return is_of(place, sources)
