"""The JSON of statements and of those who made them."""

from __future__ import annotations

from datetime import date
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from assistant import types
from assistant.api.schemas import examples
from assistant.api.schemas.answers import CopySchema
from assistant.api.schemas.examples import shown
from assistant.api.schemas.requests import RestrictedRequest
from assistant.asked_text import LONGEST_QUESTION
from assistant.citation_links import viewer_url
from assistant.statements.finding import SpokenStatement, SpokenStatements, StatementsAsked
from assistant.statements.name_folding import Speaker
from assistant.statements.profile import SpeakerProfile, SpokenOf
from ingest.types import DateOrigin, QuotationKind

LONGEST_NAME = 300  # characters


class StatementsRequest(RestrictedRequest):
    """Whose statements, about what, of which kinds and days; nothing asked for: all.

    `order` is `fit` where a topic is given, else `newest`.
    """

    model_config = ConfigDict(
        extra="forbid",
        validate_by_name=True,
        json_schema_extra={"examples": [{"speaker": "Uschakow", "about": "territory", "from": "2025-01-01"}]},
    )
    speaker: str = Field(
        "", max_length=LONGEST_NAME, description="A name in any spelling; a surname is enough."
    )
    about: str = Field("", max_length=LONGEST_QUESTION, description="A topic in words, in any language.")
    kind: list[QuotationKind] = Field([], description="Direct, indirect, reported; none: all.")
    order: Literal["newest", "oldest", "fit", ""] = ""
    limit: int = Field(20, ge=1, le=100)
    offset: int = Field(0, ge=0, le=10_000)

    def asked(self, filters: types.Filters) -> StatementsAsked:
        return StatementsAsked(
            speaker=self.speaker,
            kinds=tuple(dict.fromkeys(self.kind)),
            filters=filters,
            order=self.order or ("fit" if self.about.strip() else "newest"),
            limit=self.limit,
            offset=self.offset,
        )


class SpellingSchema(BaseModel):
    """A spelling of a name, and how many quotations have it."""

    name: str
    quotations: int


class SpeakerSchema(BaseModel):
    """Somebody by all spellings, the most frequent first; `quotations` counts those of copies of a story each."""

    name: str
    quotations: int
    spellings: list[SpellingSchema]

    @classmethod
    def of(cls, speaker: Speaker) -> Self:
        spellings = [SpellingSchema(name=name, quotations=number) for name, number in speaker.spellings]
        return cls(name=speaker.name, quotations=speaker.quotations, spellings=spellings)


class SpeakersSchema(BaseModel):
    """Some of the `total` speakers, those with most quotations first; `unnamed` counts quotations of whom no document names."""

    model_config = shown(examples.SPEAKERS)
    total: int
    unnamed: int
    speakers: list[SpeakerSchema]


class SpokenStatementSchema(BaseModel):
    """Somebody's words, or what is reported of them: ``quote`` is the document's text of that ``version`` from ``start`` to ``end``.

    ``speaker`` is the name that all spellings are folded into, empty where nobody is named, ``speaker_as_written`` who speaks as
    the document has it: a name, a role, a pronoun. ``cue`` is the word that says that somebody speaks. ``also_in`` are copies of
    the story with the same words; ``url`` opens the document at them.
    """

    speaker: str
    speaker_as_written: str
    kind: QuotationKind
    quote: str
    cue: str
    document_id: str
    title: str
    source: str
    published: date | None
    published_from: DateOrigin = ""
    page: int | None
    start: int
    end: int
    version: str
    url: str
    time: str = ""
    language: str = ""
    also_in: list[CopySchema] = []

    @classmethod
    def of(cls, statement: SpokenStatement, root: str = "") -> Self:
        record, start, end = statement.document, statement.start, statement.end
        return cls(
            speaker=statement.speaker,
            speaker_as_written=statement.written,
            kind=statement.kind,
            quote=statement.quote,
            cue=statement.cue,
            document_id=record.id,
            title=record.title,
            source=record.shown_source,
            published=record.published,
            published_from=record.published_from,
            page=record.page_at(start),
            start=start,
            end=end,
            version=record.text_version,
            url=f"{root}/{viewer_url(record.id, start, end, record.text_version, statement.quote)}",
            time=record.time_at(start),
            language=statement.language,
            also_in=[CopySchema.of(copy, root) for copy in statement.also_in],
        )


class SpokenStatementsSchema(BaseModel):
    """Some of the `total` statements. `speakers` are those whom the name means, `others` those whom it fits too.

    `unread` counts documents that an earlier release has stored and nobody has read again yet, `unknown` those in
    languages of which it is not known how speech is told.
    """

    model_config = shown(examples.STATEMENTS)
    total: int
    statements: list[SpokenStatementSchema]
    speakers: list[SpeakerSchema] = []
    others: list[SpeakerSchema] = []
    undated_left_out: int = 0
    unread: int = 0
    unknown: int = 0

    @classmethod
    def of(cls, found: SpokenStatements, root: str = "") -> Self:
        """``root`` is the path under which the server is reached, as in ``/assistant``."""
        return cls(
            total=found.total,
            statements=[SpokenStatementSchema.of(statement, root) for statement in found.statements],
            speakers=[SpeakerSchema.of(speaker) for speaker in found.speakers],
            others=[SpeakerSchema.of(speaker) for speaker in found.others],
            undated_left_out=found.undated_left_out,
            unread=found.unread,
            unknown=found.unknown,
        )


class TopicCountSchema(BaseModel):
    word: str
    statements: int


class SpokenOfSchema(BaseModel):
    """A document in which others speak of somebody: the first of so many places, and who speaks there, empty where nobody is named."""

    document_id: str
    title: str
    source: str
    published: date | None
    quote: str
    start: int
    end: int
    speaker: str
    places: int
    url: str

    @classmethod
    def of(cls, place: SpokenOf, root: str = "") -> Self:
        record = place.document
        address = viewer_url(record.id, place.start, place.end, record.text_version, place.quote)
        return cls(
            document_id=record.id,
            title=record.title,
            source=record.shown_source,
            published=record.published,
            quote=place.quote,
            start=place.start,
            end=place.end,
            speaker=place.speaker,
            places=place.places,
            url=f"{root}/{address}",
        )


class SpeakerProfileSchema(BaseModel):
    """What somebody says over time, `months` as in `2025-03` ("" for documents without a date), about what, and who speaks of them."""

    model_config = shown(examples.SPEAKER_PROFILE)
    speaker: SpeakerSchema
    statements: int
    documents: int
    months: dict[str, int]
    topics: list[TopicCountSchema]
    spoken_of: list[SpokenOfSchema]

    @classmethod
    def of(cls, profile: SpeakerProfile, root: str = "") -> Self:
        return cls(
            speaker=SpeakerSchema.of(profile.speaker),
            statements=profile.statements,
            documents=profile.documents,
            months=dict(profile.months),
            topics=[TopicCountSchema(word=one.word, statements=one.statements) for one in profile.topics],
            spoken_of=[SpokenOfSchema.of(place, root) for place in profile.spoken_of],
        )
