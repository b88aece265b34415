"""Standing questions as JSON over the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from assistant.api.schemas import examples
from assistant.api.schemas.examples import shown
from assistant.api.schemas.requests import FiltersSchema, RequestSchema
from assistant.asked_text import LONGEST_QUESTION
from assistant.service.standing_list import StandingView
from assistant.service.telling import link_of
from assistant.standing.types import NewFinding, StandingQuestion
from assistant.types import Filters
from ingest.store.catalogue import Catalogue

LONGEST_ADDRESS = 2_000
_ASKED: dict[str, JsonValue] = {
    "question": "What did Uschakow say about territory?",
    "webhook": "https://example.org/hooks/new",
}


class KeepQuestionRequest(FiltersSchema):
    """A question to keep, restricted as one that is asked, and where to tell what is new besides the page.

    `language` is that of mails.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_ASKED]})
    question: str = Field(min_length=1, max_length=LONGEST_QUESTION)
    webhook: str = Field("", max_length=LONGEST_ADDRESS)
    mail: str = Field("", max_length=LONGEST_ADDRESS)
    language: Literal["en", "de"] = "en"


class ChangeQuestionRequest(RequestSchema):
    """What is to be other of a question; what is left out stays as it is.

    With another `question` it is asked anew: what arrives from now on counts. So it is after a pause. An empty `webhook` or `mail` ends that.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"paused": True}]})
    question: str | None = Field(None, min_length=1, max_length=LONGEST_QUESTION)
    paused: bool | None = None
    webhook: str | None = Field(None, max_length=LONGEST_ADDRESS)
    mail: str | None = Field(None, max_length=LONGEST_ADDRESS)
    language: Literal["en", "de"] | None = None


class SeenRequest(RequestSchema):
    """The number of the newest finding that has been looked at; left out: all have."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"up_to": 17}]})
    up_to: int | None = Field(None, ge=0, le=2**53)


class KeptFiltersSchema(BaseModel):
    """What a question is restricted to."""

    documents: list[str]
    published_from: date | None
    published_to: date | None
    include_undated: bool

    @classmethod
    def of(cls, filters: Filters) -> Self:
        return cls(
            documents=list(filters.documents),
            published_from=filters.published_from,
            published_to=filters.published_to,
            include_undated=filters.include_undated,
        )


class StandingQuestionSchema(BaseModel):
    """A question that is kept. `total` counts what was found since, `new` what of it nobody has looked at.

    `feed` is the address of its Atom feed: who has it needs no sign-in. `webhook_secret` signs what is posted to the `webhook`, null where
    there is none; `troubles` says by way ("webhook", "mail") why the last message was not taken.
    """

    model_config = shown(examples.STANDING_QUESTION)
    id: str
    question: str
    filters: KeptFiltersSchema
    created: datetime
    looked: datetime | None
    paused: bool
    total: int
    new: int
    feed: str
    webhook: str
    webhook_secret: str | None
    mail: str
    language: Literal["en", "de"]
    troubles: dict[str, str]

    @classmethod
    def of(cls, view: StandingView, root: str = "") -> Self:
        question, telling = view.question, view.question.telling
        return cls(
            id=question.id,
            question=question.question,
            filters=KeptFiltersSchema.of(question.filters),
            created=question.created.replace(microsecond=0),
            looked=question.looked.replace(microsecond=0) if question.looked else None,
            paused=question.paused,
            total=view.total,
            new=view.new,
            feed=feed_address(question, root),
            webhook=telling.webhook,
            webhook_secret=telling.secret if telling.webhook else None,
            mail=telling.mail,
            language=telling.language,
            troubles=view.troubles,
        )


class StandingQuestionsSchema(BaseModel):
    """Questions that the caller keeps, the first kept first, of `total`; `new` counts what of all of them nobody has looked at."""

    questions: list[StandingQuestionSchema]
    total: int
    new: int


class NewFindingSchema(BaseModel):
    """What answers a question and was not there before: `quote` is the document's text of that `version` from `start` to `end`.

    `number` counts what was found for all questions; `new` is whether nobody has looked at it. `url` opens the document at the words.
    """

    number: int
    quote: str
    document_id: str
    title: str
    source: str
    published: date | None
    start: int
    end: int
    version: str
    found: datetime
    new: bool
    url: str

    @classmethod
    def of(cls, finding: NewFinding, seen: int, catalogue: Catalogue | None, root: str) -> Self:
        record = catalogue.by_id.get(finding.document_id) if catalogue else None
        return cls(
            number=finding.number,
            quote=finding.quote,
            document_id=finding.document_id,
            title=record.title if record else finding.title,
            source=record.shown_source if record else "",
            published=record.published if record else None,
            start=finding.start,
            end=finding.end,
            version=finding.version,
            found=finding.found.replace(microsecond=0),
            new=finding.number > seen,
            url=link_of(finding, root),
        )


class QuestionFindingsSchema(BaseModel):
    """A question with what was found for it, the newest first; of documents that have been removed nothing is shown."""

    model_config = shown(examples.STANDING_FINDINGS)
    question: StandingQuestionSchema
    findings: list[NewFindingSchema]


class QuestionsNewsSchema(BaseModel):
    """What is new to the questions that a caller keeps, `new` findings in all, the newest of each first; those without are left out.

    `kept` is how many are kept, and `with_news` to how many of them something is new; where not all of these are listed, the next ones follow
    from `next_offset` on.
    """

    kept: int
    new: int
    with_news: int
    next_offset: int | None
    questions: list[QuestionFindingsSchema]


class TestedSchema(BaseModel):
    """By way ("webhook", "mail") why the test was not taken; empty where it was."""

    __test__ = False  # pytest
    results: dict[str, str]


def feed_address(question: StandingQuestion, root: str = "") -> str:
    return f"{root}/api/questions/{question.id}/feed?token={question.token}"
