"""Documents and jobs as JSON over the wire; as with `answers`, names change only with a major version."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Self

from pydantic import BaseModel, field_validator

from assistant.api.schemas import examples
from assistant.api.schemas.examples import shown
from assistant.citation_links import version_url
from assistant.service.edits import Edit
from assistant.service.jobs import Job, JobMembers, JobState
from assistant.service.trash import Removal
from ingest.store.versions import EarlierVersion
from ingest.types import CorrectableField, Correction, DateOrigin, Outcome, Record, Result

MOST_NAMED = 100  # documents of a container that a job names


class CorrectionSchema(BaseModel):
    """A field that has been corrected, by whom (empty: not known), and what the file says instead."""

    field: CorrectableField
    by: str
    at: datetime
    stated: str | list[str] | date | None

    @classmethod
    def of(cls, record: Record, correction: Correction) -> Self:
        stated: Any = [] if correction.field == "not_copies_of" else record.source
        if correction.field not in ("source", "not_copies_of"):
            stated = getattr(record.stated, correction.field)
        return cls(field=correction.field, by=correction.by, at=correction.at, stated=stated)


class DocumentSchema(BaseModel):
    """A document's record; ``pages`` is null where it has none, ``language`` empty where unknown.

    ``other_languages`` are those that passages of it are in instead.
    ``published_from`` says where the date comes from; it is empty where there is none, or an earlier release has stored it.
    ``source`` is the name or address to show, ``original_source`` the one that it came from, ``container`` the archive,
    mail or list of articles that it was found in. ``story`` names the story that it tells, which is the id of its earliest copy,
    and ``copies`` counts the documents that tell it, this one included. ``not_copies_of`` are the documents that an editor has
    said to tell another.
    """

    model_config = shown(examples.DOCUMENT)
    id: str
    title: str
    source: str
    published: date | None
    published_from: DateOrigin = ""
    authors: list[str]
    language: str
    other_languages: list[str] = []
    media_type: str
    sha256: str
    pages: int | None
    doubtful_pages: list[int] = []
    recognised_pages: list[int] = []
    unread_pages: list[int] = []
    passages: int
    characters: int
    added: datetime
    original_source: str = ""
    container: str = ""
    corrections: list[CorrectionSchema] = []
    story: str = ""
    copies: int = 1
    not_copies_of: list[str] = []

    @classmethod
    def of(cls, record: Record, story: Sequence[Record] = ()) -> Self:
        """``story`` are the documents of its story, as far as they may be seen, the earliest first."""
        return cls(
            story=story[0].id if story else record.id,
            copies=max(1, len(story)),
            not_copies_of=list(record.not_copies_of),
            id=record.id,
            title=record.title,
            source=record.shown_source,
            original_source=record.source,
            container=record.container,
            corrections=[CorrectionSchema.of(record, correction) for correction in record.corrections],
            published=record.published,
            published_from=record.published_from,
            authors=list(record.authors),
            language=record.language,
            other_languages=[code for code in record.languages if code != record.language],
            media_type=record.media_type,
            sha256=record.sha256,
            pages=len(record.page_starts) or None,
            doubtful_pages=list(record.doubtful_pages),
            recognised_pages=list(record.recognised_pages),
            unread_pages=list(record.unread_pages),
            passages=record.passages,
            characters=record.characters,
            added=record.added,
        )


class DocumentsSchema(BaseModel):
    """``total`` counts all that match, ``documents`` is the page asked for, newest first.

    ``undated_left_out`` counts those that were left out because they have no date.
    """

    total: int
    documents: list[DocumentSchema]
    undated_left_out: int = 0


class TextSchema(BaseModel):
    """``version`` names what the text says: another text has another."""

    id: str
    text: str
    version: str


class VersionSchema(BaseModel):
    """What a document said from ``added`` until it was ``replaced``; ``url`` opens it, ``bytes`` is the size of its text."""

    version: str
    title: str
    added: datetime
    replaced: datetime
    characters: int
    bytes: int
    url: str

    @classmethod
    def of(cls, earlier: EarlierVersion, root: str) -> Self:
        record = earlier.record
        return cls(
            version=earlier.version,
            title=record.title,
            added=record.added,
            replaced=earlier.replaced,
            characters=record.characters,
            bytes=earlier.size,
            url=f"{root}/{version_url(record.id, earlier.version)}",
        )


class VersionsSchema(BaseModel):
    """The version that a document has now, and its earlier ones that are kept, the latest replaced first."""

    id: str
    version: str
    earlier: list[VersionSchema]


class PresentVersionsSchema(BaseModel):
    """The version that each document has now; null where there is no such document."""

    versions: dict[str, str | None]


class ReplacedDocumentSchema(BaseModel):
    """The document of the same name that an upload replaces; ``added_by`` is empty where that is not known."""

    title: str
    added: datetime
    added_by: str


class MemberSchema(BaseModel):
    """What became of one document in an archive, a mail or a list of articles; ``error`` says why it failed."""

    source: str
    outcome: Outcome
    document_id: str | None
    title: str
    error: str | None

    @classmethod
    def of(cls, result: Result) -> Self:
        return cls.model_validate(result, from_attributes=True)


class JobMembersSchema(BaseModel):
    """How many documents of an archive, a mail or a list of articles fared how, and the first that failed.

    ``skipped`` are the first files in other formats. `GET /api/jobs/{id}/members` has what became of each.
    """

    added: int
    replaced: int
    unchanged: int
    removed: int
    failed: int
    failures: list[MemberSchema]
    skipped: list[str]

    @classmethod
    def of(cls, members: JobMembers) -> Self:
        return cls(
            added=members.count("added"),
            replaced=members.count("replaced"),
            unchanged=members.count("unchanged"),
            removed=members.count("removed"),
            failed=members.count("failed"),
            failures=[MemberSchema.of(result) for result in members.failed[:MOST_NAMED]],
            skipped=list(members.skipped[:MOST_NAMED]),
        )


class MembersSchema(BaseModel):
    members: list[MemberSchema]


class JobSchema(BaseModel):
    """``progress`` is in [0, 1]; ``error`` says in words why it failed and what to do.

    While a scan is recognised (``stage`` "recognising"), it is at ``page`` of ``pages``; both are 0 at other stages.

    ``replaces`` is the document of the same name that an upload replaces or has replaced; ``removal_id`` names what
    can be undone for ten minutes.
    """

    model_config = shown(examples.JOB)
    id: str
    source: str
    state: JobState
    stage: str
    progress: float
    page: int = 0
    pages: int = 0
    document_id: str | None
    error: str | None
    title: str
    replaced: bool
    replaces: ReplacedDocumentSchema | None = None
    removal_id: str | None = None
    members: JobMembersSchema | None = None

    @field_validator("members", mode="before")
    @classmethod
    def _counted(cls, members: object) -> object:
        return JobMembersSchema.of(members) if isinstance(members, JobMembers) else members

    @classmethod
    def of(cls, job: Job) -> Self:
        return cls.model_validate(job, from_attributes=True)


class JobsSchema(BaseModel):
    jobs: list[JobSchema]


class RemovalSchema(BaseModel):
    """Documents removed together, or one that was ``replaced``; it can be undone ``until`` then."""

    id: str
    titles: list[str]
    until: datetime
    replaced: bool

    @classmethod
    def of(cls, removal: Removal) -> Self:
        return cls.model_validate(removal, from_attributes=True)


class RemovalsSchema(BaseModel):
    removals: list[RemovalSchema]


class Accepted(BaseModel):
    id: str
    source: str


class AcceptedJobs(BaseModel):
    model_config = shown(examples.ACCEPTED)
    jobs: list[Accepted]

    @classmethod
    def of(cls, jobs: Sequence[Job]) -> Self:
        return cls(jobs=[Accepted(id=job.id, source=job.source) for job in jobs])


class ChangeSchema(BaseModel):
    """Sentences that stood there before, and those that stand there now; either may be empty."""

    before: str
    now: str


class EditSchema(BaseModel):
    """What had become another text by ``noticed``; ``more`` where there are more changes than the first, which are listed.

    ``before`` and ``after`` name the versions of the text.
    """

    noticed: datetime
    before: str
    after: str
    changes: list[ChangeSchema]
    more: bool

    @classmethod
    def of(cls, edit: Edit) -> Self:
        changes = [ChangeSchema(before=one.before, now=one.now) for one in edit.changes]
        return cls(
            noticed=edit.noticed, before=edit.before, after=edit.after, changes=changes, more=edit.more
        )


class EditsSchema(BaseModel):
    """The edits of a document that came from an address, the latest first."""

    id: str
    edits: list[EditSchema]


class EditedArticleSchema(BaseModel):
    """An article that has had ``versions`` other texts; its edits are at ``/api/documents/{id}/edits``."""

    id: str
    title: str
    source: str
    versions: int


class EditedSchema(BaseModel):
    edited: list[EditedArticleSchema]
