"""The JSON of responses. Clients rely on it: names change only with a major version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, Self

from pydantic import BaseModel

from assistant import types
from assistant.api.schemas import examples
from assistant.api.schemas.absence import AbsenceSchema
from assistant.api.schemas.examples import shown
from assistant.citation_links import viewer_url
from assistant.speech import attribution_of
from assistant.time_expressions.finding import How
from assistant.time_expressions.quoted import days_of
from assistant.types import CollectionAnswerKind, DisagreementKind, Events, Mode, Support
from ingest.types import DateOrigin, QuotationKind

# One of a stream's server-sent events, for the API's description; ``data`` is JSON.
EVENT_SCHEMAS: dict[str, Any] = {
    "type": "object",
    "properties": {"event": {"type": "string"}, "data": {"type": "string"}},
    "required": ["data"],
}


class StatementSchema(BaseModel):
    """``supported`` says whether figures, names and negations are those of the quotes, and ``events`` whether what happened
    was found there, by words and by meaning: "not found" asks for a look. ``reason`` says in words what is amiss.
    """

    text: str
    citations: list[int]
    supported: Support
    reason: str
    events: Events = "not checked"


class CopySchema(BaseModel):
    """Another copy of the story, and where it says the same in which ``language``; ``url`` opens it there."""

    document_id: str
    title: str
    source: str
    published: date | None
    quote: str
    page: int | None
    start: int
    end: int
    url: str
    language: str = ""

    @classmethod
    def of(cls, copy: types.CopyPlace, root: str = "") -> Self:
        record = copy.document
        address = viewer_url(record.id, copy.start, copy.end, record.text_version, copy.quote)
        return cls(
            document_id=record.id,
            title=record.title,
            source=record.shown_source,
            published=record.published,
            quote=copy.quote,
            page=copy.page,
            start=copy.start,
            end=copy.end,
            url=f"{root}/{address}",
            language=copy.language,
        )


class AttributionSchema(BaseModel):
    """Whose words a quote tells, by the fullest name that its document gives, and how."""

    speaker: str
    kind: QuotationKind


class DaysSchema(BaseModel):
    """An ``expression`` of time in a quote and the days that it means, both ends included; null where an end is open.

    ``how``: they are "written", or "inferred" from the day of publication ("yesterday"); "unresolved" where that would be needed
    and is not known.
    """

    expression: str
    first: date | None
    last: date | None
    how: How


class CitationSchema(BaseModel):
    """``start`` and ``end`` count code points of the document's text of that ``version``; ``url`` opens it at the quote.

    Where the document has changed since, ``url`` looks for the quote in what it says now. ``order_doubtful`` says that the lines of its
    page may not be in the order in which they are read, ``recognised`` that the quote was recognised in a scan and may have errors. ``translation`` is the language model's, where one was asked for.
    ``also_in`` are other copies of the same story that say the same; what is quoted is the earliest. ``language`` is that of the passage
    quoted, which may be another than the document's; it is empty where it is not known. ``attribution`` says whose words the quote
    tells, directly or indirectly; null where they are the document's own, or it can't be told. ``days`` are the days that
    the quote speaks of.
    """

    number: int
    quote: str
    document_id: str
    title: str
    source: str
    published: date | None
    published_from: DateOrigin = ""
    page: int | None
    order_doubtful: bool = False
    recognised: bool = False
    start: int
    end: int
    url: str
    version: str = ""
    translation: str
    also_in: list[CopySchema] = []
    time: str = ""
    language: str = ""
    attribution: AttributionSchema | None = None
    days: list[DaysSchema] = []

    @classmethod
    def of(cls, citation: types.Citation, root: str = "") -> Self:
        record, said = citation.document, attribution_of(citation)
        return cls(
            number=citation.number,
            quote=citation.quote,
            document_id=record.id,
            title=record.title,
            source=record.shown_source,
            published=record.published,
            published_from=record.published_from,
            page=citation.page,
            order_doubtful=record.order_doubtful(citation.start, citation.end),
            recognised=record.recognised(citation.start, citation.end),
            start=citation.start,
            end=citation.end,
            url=f"{root}/{_url(citation)}",
            version=citation.version,
            translation=citation.translation,
            also_in=[CopySchema.of(copy, root) for copy in citation.also_in],
            time=citation.time,
            language=citation.language,
            attribution=AttributionSchema(speaker=said.speaker, kind=said.kind) if said else None,
            days=[
                DaysSchema(expression=one.text, first=one.first, last=one.last, how=one.how)
                for one in days_of(citation)
            ],
        )


def _url(citation: types.Citation) -> str:
    return viewer_url(citation.document.id, citation.start, citation.end, citation.version, citation.quote)


class HitSchema(BaseModel):
    """A passage; ``language`` is its own, which may be another than its document's, empty where it is not known."""

    document_id: str
    title: str
    source: str
    text: str
    start: int
    end: int
    page: int | None
    score: float
    time: str = ""
    language: str = ""

    @classmethod
    def of(cls, hit: types.Hit) -> Self:
        return cls(
            document_id=hit.document.id,
            title=hit.document.title,
            source=hit.document.shown_source,
            text=hit.passage.text,
            start=hit.passage.start,
            end=hit.passage.end,
            page=hit.passage.page,
            score=round(hit.score, 4),
            time=hit.document.time_at(hit.passage.start),
            language=hit.language,
        )


class UsageSchema(BaseModel):
    """Tokens that the language model read and wrote, as it counted them; 0 where none was asked."""

    input_tokens: int
    output_tokens: int


class ListingGroupSchema(BaseModel):
    """One side of a comparison: what it is, and the numbers of its citations."""

    label: str
    citations: list[int]


class ListingSchema(BaseModel):
    """What an answer about the collection itself is, what it says of its quotes, and what it leaves out."""

    kind: CollectionAnswerKind
    lead: str
    more: str
    groups: list[ListingGroupSchema]

    @classmethod
    def of(cls, listing: types.Listing) -> Self:
        return cls(
            kind=listing.kind,
            lead=listing.lead,
            more=listing.more,
            groups=[
                ListingGroupSchema(label=group.label, citations=list(group.citations))
                for group in listing.groups
            ],
        )


class RespellingSchema(BaseModel):
    """A word of the question as ``written``, and the documents' word as which it is ``read``."""

    written: str
    read: str

    @classmethod
    def of(cls, correction: types.Respelling) -> Self:
        return cls(written=correction.written, read=correction.read)


class DisagreementSideSchema(BaseModel):
    """What one source says: ``value`` stands in its document from ``start`` to ``end``, within the quote of ``citation``."""

    citation: int
    value: str
    start: int
    end: int
    speaker: str = ""


class DisagreementSchema(BaseModel):
    """What sources say differently of one matter, in one ``line`` and side by side.

    ``superseded`` are citations whose figure or date a document of a later day contradicts, ``latest`` is that of the newest one.
    Which is right is not said.
    """

    kind: DisagreementKind
    sides: list[DisagreementSideSchema]
    superseded: list[int]
    latest: int | None
    line: str

    @classmethod
    def of(cls, found: types.Disagreement) -> Self:
        return cls(
            kind=found.kind,
            sides=[DisagreementSideSchema(**asdict(side)) for side in found.sides],
            superseded=list(found.superseded),
            latest=found.latest,
            line=found.line,
        )


class AnswerSchema(BaseModel):
    """``answer`` has [n] where the citation of that number belongs; times are in milliseconds.

    ``nearest`` holds the closest passages of a refusal, and ``possible`` the sentence that may answer nevertheless; ``notice`` says how the answer came about,
    where that needs saying. ``searched`` is what was searched for: the question made standalone, and its
    translations. ``dropped`` counts the model's citations of sentences that it was not given, ``undated_left_out`` the
    documents that a restriction to days left out because they have no date. ``corrected`` are misspelt words that were searched for
    as others, ``suggested`` words that a refusal asks about. ``listing`` is there where the question was about
    the collection itself: which documents there are, what one of them says in short. ``disagreements`` are what the sources
    say differently; ``answer`` ends with the line of each. ``confidence`` is how likely one of the sentences found answers, in [0, 1];
    0 where another rule has refused, null where no sentence was judged.
    ``absence`` says what was searched for a refusal; it is null elsewhere.
    """

    model_config = shown(examples.ANSWER)
    question: str
    answer: str
    refused: bool
    mode: Mode
    model: str | None
    language: str
    statements: list[StatementSchema]
    citations: list[CitationSchema]
    nearest: list[HitSchema]
    possible: list[CitationSchema] = []
    notice: str
    timings_ms: dict[str, float]
    searched: list[str]
    dropped: int
    usage: UsageSchema
    undated_left_out: int = 0
    listing: ListingSchema | None = None
    corrected: list[RespellingSchema] = []
    suggested: list[RespellingSchema] = []
    disagreements: list[DisagreementSchema] = []
    absence: AbsenceSchema | None = None
    confidence: float | None = None

    @classmethod
    def of(cls, answer: types.Answer, root: str = "") -> Self:
        """``root`` is the path under which the server is reached, as in ``/assistant``."""
        return cls(
            question=answer.question,
            answer=answer.text,
            refused=answer.refused,
            mode=answer.mode,
            model=answer.model,
            language=answer.language,
            statements=[
                StatementSchema(
                    text=statement.text,
                    citations=list(statement.citations),
                    supported=statement.supported,
                    reason=statement.reason,
                    events=statement.events,
                )
                for statement in answer.statements
            ],
            citations=[CitationSchema.of(citation, root) for citation in answer.citations],
            nearest=[HitSchema.of(hit) for hit in answer.nearest],
            possible=[CitationSchema.of(citation, root) for citation in answer.possible],
            notice=answer.notice,
            timings_ms=dict(answer.timings_ms),
            searched=list(answer.searched),
            dropped=answer.dropped,
            usage=UsageSchema(
                input_tokens=answer.usage.input_tokens, output_tokens=answer.usage.output_tokens
            ),
            undated_left_out=answer.undated_left_out,
            listing=ListingSchema.of(answer.listing) if answer.listing else None,
            corrected=[RespellingSchema.of(correction) for correction in answer.corrected],
            suggested=[RespellingSchema.of(correction) for correction in answer.suggested],
            disagreements=[DisagreementSchema.of(found) for found in answer.disagreements],
            absence=AbsenceSchema.of(answer.absence, root) if answer.absence else None,
            confidence=None if answer.confidence is None else round(answer.confidence, 4),
        )


class StageSchema(BaseModel):
    """The data of a `status` event: "waiting", "searching", "reading", "answering", repeated while a model is silent.

    At "quoting", discard the text and the citations shown so far: the whole answer follows anew.
    """

    stage: str


class DeltaSchema(BaseModel):
    """The data of a `delta` event: more of the answer's text."""

    text: str


class HitsSchema(BaseModel):
    model_config = shown(examples.HITS)
    hits: list[HitSchema]
    undated_left_out: int = 0

    @classmethod
    def of(cls, hits: Sequence[types.Hit], undated_left_out: int = 0) -> Self:
        return cls(hits=[HitSchema.of(hit) for hit in hits], undated_left_out=undated_left_out)
