"""Source by source: what each document, outlet or story says to a question."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from assistant.access.callers import Caller
from assistant.api.schemas.sources import SourcesRequest, SourceTableSchema, sources_csv
from assistant.asked_text import checked
from assistant.core import Assistant
from assistant.http.dependencies import CallerDependency, ServiceDependency, in_turn, narrowed
from assistant.http.urls import address_of, root_of
from assistant.sources.types import SourceTable

_ALL = 10_000_000  # rows: more than there are documents
router = APIRouter(tags=["sources"])


@router.get("/sources")
async def sources(
    asked: Annotated[SourcesRequest, Query()],
    request: Request,
    service: ServiceDependency,
    caller: CallerDependency,
) -> SourceTableSchema:
    """What each document, outlet or story says to a question: its own best sentence, word for word, or that it is silent.

    Silent means that it was searched, and that nothing in it answers.
    """
    assistant, root = service.assistant, root_of(request.scope)
    return await in_turn(
        request, service, caller, lambda: SourceTableSchema.of(sources_for(assistant, caller, asked), root)
    )


@router.get("/sources.csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
async def table(
    asked: Annotated[SourcesRequest, Query()],
    request: Request,
    service: ServiceDependency,
    caller: CallerDependency,
) -> Response:
    """All rows as a file for spreadsheets. What they would take for a formula is text, by an apostrophe before it."""
    assistant, all_rows = service.assistant, asked.model_copy(update={"limit": _ALL, "offset": 0})

    def written() -> str:
        found = SourceTableSchema.of(sources_for(assistant, caller, all_rows))
        return sources_csv(found.rows, address_of(request.scope))

    text = await in_turn(request, service, caller, written)
    headers = {"Content-Disposition": 'attachment; filename="sources.csv"', "Cache-Control": "no-store"}
    # By the mark at the beginning spreadsheets know the encoding.
    return Response("\ufeff" + text, media_type="text/csv; charset=utf-8", headers=headers)


def sources_for(assistant: Assistant, caller: Caller, asked: SourcesRequest) -> SourceTable:
    """The table of what the caller may see. Raises `BadQuestion`, and `HTTPException` for documents that they may not."""
    return assistant.sources.find(asked.asked(checked(asked.question), narrowed(caller, asked.filters())))
