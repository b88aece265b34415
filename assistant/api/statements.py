"""Who said what: statements by speaker, topic and day, and the speakers themselves."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from assistant.access.callers import Caller
from assistant.api.schemas.statements import (
    LONGEST_NAME,
    SpeakerProfileSchema,
    SpeakerSchema,
    SpeakersSchema,
    SpokenStatementsSchema,
    StatementsRequest,
)
from assistant.asked_text import checked
from assistant.errors import NotFound
from assistant.http.dependencies import CallerDependency, ServiceDependency, narrowed
from assistant.http.urls import root_of
from assistant.retrieval.retriever import Retriever
from assistant.statements.finding import SpokenStatements, all_speakers, find_statements
from assistant.statements.profile import profile_of
from assistant.statements.topics import TopicSearch
from assistant.types import EVERYTHING
from ingest.store.index import Index

router = APIRouter(tags=["statements"])


@router.get("/statements")
def statements(
    asked: Annotated[StatementsRequest, Query()],
    request: Request,
    service: ServiceDependency,
    caller: CallerDependency,
) -> SpokenStatementsSchema:
    """What somebody says in the documents: direct and indirect speech, and what is reported of it, word for word.

    What several copies of a story say in the same words counts once.
    """
    assistant = service.assistant
    found = statements_for(assistant.index, assistant.retriever, caller, asked)
    return SpokenStatementsSchema.of(found, root_of(request.scope))


@router.get("/speakers")
def speakers(
    service: ServiceDependency,
    caller: CallerDependency,
    query: Annotated[str, Query(max_length=LONGEST_NAME, description="How words of the name begin.")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> SpeakersSchema:
    """Who speaks in the documents, by all spellings."""
    return speakers_for(service.assistant.index, caller, query, limit, offset)


@router.get("/speakers/profile")
def profile(
    request: Request,
    service: ServiceDependency,
    caller: CallerDependency,
    speaker: Annotated[
        str, Query(min_length=1, max_length=LONGEST_NAME, description="A name in any spelling.")
    ],
) -> SpeakerProfileSchema:
    """What somebody says over time and about what, and in which documents others speak of them."""
    found = profile_of(service.assistant.index, speaker, narrowed(caller, EVERYTHING))
    if found is None:
        raise NotFound(
            f"{speaker!r} means nobody who speaks in the documents, or several: GET /api/speakers lists them."
        )
    return SpeakerProfileSchema.of(found, root_of(request.scope))


def statements_for(
    index: Index, retriever: Retriever | None, caller: Caller, asked: StatementsRequest
) -> SpokenStatements:
    """Statements in what the caller may see; a topic needs a retriever. Raises `HTTPException` for documents that they may not."""
    about = checked(asked.about) if asked.about.strip() else ""
    topic = TopicSearch(about, retriever) if about and retriever else None
    return find_statements(index, asked.asked(narrowed(caller, asked.filters())), topic)


def speakers_for(index: Index, caller: Caller, query: str, limit: int, offset: int) -> SpeakersSchema:
    known = all_speakers(index, narrowed(caller, EVERYTHING))
    found = known.beginning(query) if query.strip() else known.all
    return SpeakersSchema(
        total=len(found),
        unnamed=known.unnamed,
        speakers=[SpeakerSchema.of(speaker) for speaker in found[offset : offset + limit]],
    )
