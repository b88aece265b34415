"""Followed sources as JSON over the wire."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from assistant.api.schemas.requests import RequestSchema
from assistant.service.follow_list import FollowedView
from ingest.following import Trouble

_ASKED: dict[str, JsonValue] = {"source": "https://example.org/feed.xml"}


class FollowRequest(RequestSchema):
    """The address of a feed, a sitemap or a page; or the path of a folder of the server, for its administrator on that machine."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_ASKED]})
    source: str = Field(min_length=1, max_length=4_000)


class PauseRequest(RequestSchema):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"paused": True}]})
    paused: bool


class FailedPageSchema(BaseModel):
    """A page that could not be brought in, and what to do."""

    source: str
    error: str


class FollowedSchema(BaseModel):
    """A followed source.

    ``kind`` is null until its first visit. ``brought`` counts the documents added or replaced since it is followed, ``waiting`` the
    pages that are still to be brought in, ``last_found`` those that were new or changed at ``found_at``. ``error``
    says why the last visit failed, null where it did not; ``failed`` are the latest pages that could not be brought in.
    """

    id: str
    source: str
    kind: Literal["feed", "sitemap", "page", "folder"] | None
    added: datetime
    added_by: str
    paused: bool
    visiting: bool
    last_visit: datetime | None
    next_visit: datetime | None
    last_found: int
    found_at: datetime | None
    brought: int
    waiting: int
    error: str | None
    failed: list[FailedPageSchema]

    @classmethod
    def of(cls, view: FollowedView) -> Self:
        source = view.source
        return cls(
            id=source.id,
            source=source.source,
            kind=source.kind,
            added=_moment(source.added) or datetime.now(UTC),
            added_by=source.added_by,
            paused=source.paused,
            visiting=view.visiting,
            last_visit=_moment(source.last_visit),
            next_visit=None if source.paused else _moment(source.next_visit),
            last_found=source.last_found,
            found_at=_moment(source.found_at),
            brought=source.brought,
            waiting=view.waiting,
            error=source.trouble.error if source.trouble else None,
            failed=[_failed(page, trouble) for page, trouble in source.failed.items()],
        )


class FollowedListSchema(BaseModel):
    """The followed sources, the first added first."""

    followed: list[FollowedSchema]


def _failed(page: str, trouble: Trouble) -> FailedPageSchema:
    return FailedPageSchema(source=page, error=trouble.error)


def _moment(seconds: float) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
