"""The JSON of carrying quotes away and of verifying them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from assistant.answering.citations import unmarked
from assistant.api.schemas import examples
from assistant.api.schemas.examples import shown
from assistant.api.schemas.requests import RequestSchema
from assistant.asked_text import LONGEST_QUESTION
from assistant.passports.types import (
    CarriedAnswer,
    CarriedStatement,
    CitedPlace,
    Contradiction,
    ExportForm,
    MetadataField,
    Verdict,
    VerifiedQuote,
)
from assistant.passports.wording import say
from assistant.types import Mode, Support

MOST_CITATIONS, MOST_ANSWERS = 5_000, 500
_LONGEST = 20_000  # characters of a text that is sent


class CitedPlaceSchema(RequestSchema):
    """Words in a document, as a citation of an answer has them; its other fields are passed over.

    ``quote`` finds the words in the present text where the text of that ``version`` is not kept any more.
    """

    document_id: str = Field(max_length=100)
    start: int = Field(ge=0, le=10**11)
    end: int = Field(ge=0, le=10**11)
    version: str = Field("", max_length=64)
    quote: str = Field("", max_length=_LONGEST)
    number: int = 0
    translation: str = Field("", max_length=_LONGEST)

    def place(self) -> CitedPlace:
        return CitedPlace(**self.model_dump())


class ToldSchema(RequestSchema):
    """A statement of an answer; its other fields are passed over."""

    text: str = Field(max_length=_LONGEST)
    citations: list[int] = Field([], max_length=100)
    supported: Support = "yes"
    reason: str = Field("", max_length=_LONGEST)

    def statement(self, mode: Mode, language: str) -> CarriedStatement:
        doubt = "" if self.supported == "yes" else say(f"doubt_{self.supported}", language)
        return CarriedStatement(
            text=self.text if mode == "quoted" else unmarked(self.text).strip(),
            citations=tuple(dict.fromkeys(self.citations)),
            doubt=f"{doubt}: {self.reason}" if doubt and self.reason else doubt,
        )


class ToldListingSchema(RequestSchema):
    lead: str = Field("", max_length=_LONGEST)
    more: str = Field("", max_length=_LONGEST)


class ToldLineSchema(RequestSchema):
    line: str = Field("", max_length=_LONGEST)


class ToldAnswerSchema(RequestSchema):
    """An answer as `POST /api/ask` gave it; its other fields are passed over."""

    question: str = Field(max_length=LONGEST_QUESTION)
    answer: str = Field("", max_length=100_000)
    refused: bool = False
    mode: Mode = "quoted"
    statements: list[ToldSchema] = Field([], max_length=500)
    citations: list[CitedPlaceSchema] = Field([], max_length=500)
    possible: list[CitedPlaceSchema] = Field([], max_length=10)
    listing: ToldListingSchema | None = None
    disagreements: list[ToldLineSchema] = Field([], max_length=100)

    def carried(self, language: str) -> CarriedAnswer:
        return CarriedAnswer(
            question=self.question,
            text=self.answer,
            refused=self.refused,
            statements=tuple(one.statement(self.mode, language) for one in self.statements),
            citations=tuple(one.place() for one in self.citations),
            possible=tuple(one.place() for one in self.possible),
            lead=self.listing.lead if self.listing else "",
            more=self.listing.more if self.listing else "",
            lines=tuple(one.line for one in self.disagreements),
        )


class ExportRequest(RequestSchema):
    """Quotes, or answers with all of theirs, and the form of the file; ``language`` is that of the words around them.

    Where words are no longer to be had, because their document or its text is gone, the answer is 404 and names them;
    with ``leave_out_missing`` the file goes without, and a header `X-Left-Out` has their number.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "form": "ris",
                    "citations": [{"document_id": "9f86d081884c7d65", "start": 824, "end": 888}],
                }
            ]
        },
    )
    form: ExportForm
    citations: list[CitedPlaceSchema] = Field([], max_length=MOST_CITATIONS)
    answers: list[ToldAnswerSchema] = Field([], max_length=MOST_ANSWERS)
    language: Literal["en", "de"] = "en"
    title: str = Field("", max_length=300)
    leave_out_missing: bool = False


class VerifyRequest(RequestSchema):
    """The text of a file with quotes; ``name`` tells its form by its suffix, where the text itself does not."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"name": "quotes.ris", "text": "TY  - GEN\n…"}]}
    )
    text: str = Field(max_length=4_000_000)
    name: str = Field("", max_length=300)


class DifferenceSchema(BaseModel):
    """A stretch as the file has it, and as the document does; the same where they agree, either empty where one lacks it."""

    written: str
    in_source: str


class MetadataDifferenceSchema(BaseModel):
    """What the file says of the document, or of who speaks, and what the collection has `now`; empty: nothing."""

    field: MetadataField
    written: str
    now: str


class VerifiedQuoteSchema(BaseModel):
    """``verdict`` is one of:

    - `stands`: word for word at these offsets in the present text (``changed``: which is another than when it was carried away),
    - `moved`: word for word, but elsewhere in the present text,
    - `earlier`: only in an earlier version, until ``replaced``,
    - `gone`: the document was deleted, and can still be put back,
    - `never`: no version that is kept has these words; ``nearest`` compares them with what is most like them,
    - `unknown`: there is no such document; with ``same_text`` the same text is there under ``document_id``,
    - `doubtful`: the words stand there, but what the file says of them does not fit together: see ``contradictions``.

    ``contradictions`` are what the file says in two ways, or otherwise than the documents. ``where`` names the place in the file,
    ``link_alone`` says that there was a link, but no words beside it. ``metadata`` is in what the document has another title, day, authors,
    outlet or speaker now than the file says.
    """

    quote: str
    where: str
    verdict: Verdict
    document_id: str
    title: str
    start: int | None
    end: int | None
    url: str
    version: str
    replaced: datetime | None
    contradictions: list[Contradiction]
    nearest: list[DifferenceSchema]
    changed: bool
    link_alone: bool
    same_text: bool
    metadata: list[MetadataDifferenceSchema] = []

    @classmethod
    def of(cls, found: VerifiedQuote) -> Self:
        nearest = found.nearest.pieces if found.nearest else ()
        return cls(
            quote=found.quote,
            where=found.where,
            verdict=found.verdict,
            document_id=found.document_id,
            title=found.title,
            start=found.start,
            end=found.end,
            url=found.url,
            version=found.version,
            replaced=found.replaced,
            contradictions=list(found.contradictions),
            nearest=[DifferenceSchema(written=ours, in_source=theirs) for ours, theirs in nearest],
            changed=found.changed,
            link_alone=found.link_alone,
            same_text=found.same_text,
            metadata=[MetadataDifferenceSchema(**asdict(one)) for one in found.metadata],
        )


class VerificationSchema(BaseModel):
    """One verdict for each quote of a file, in its order; ``checked`` is the day on which they were looked up."""

    model_config = shown(examples.VERIFICATION)
    total: int
    standing: int
    checked: date
    quotes: list[VerifiedQuoteSchema]

    @classmethod
    def of(cls, found: list[VerifiedQuote]) -> Self:
        return cls(
            total=len(found),
            standing=sum(one.stands for one in found),
            checked=date.today(),
            quotes=[VerifiedQuoteSchema.of(one) for one in found],
        )


# The body of an exported file, for the API's description: bytes, or a list of items of CSL.
FILES: dict[str, Any] = {"type": "string", "format": "binary"}
ITEMS: dict[str, Any] = {"type": "array", "items": {"type": "object"}}
