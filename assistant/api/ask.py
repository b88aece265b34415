"""Asking and searching."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from assistant.api.schemas.answers import (
    EVENT_SCHEMAS,
    AnswerSchema,
    CitationSchema,
    DeltaSchema,
    HitsSchema,
    StageSchema,
)
from assistant.api.schemas.requests import AskRequest, SearchRequest
from assistant.asked_text import checked
from assistant.http import problems, streaming
from assistant.http.dependencies import CallerDependency, ServiceDependency, asked_by, narrowed
from assistant.http.streaming import whole_answer
from assistant.http.urls import root_of
from assistant.types import CitationEvent, DeltaEvent, DoneEvent, Event, RetractedEvent, StatusEvent

router = APIRouter(tags=["asking"])

_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The answer; with `stream`, events `status`, `delta`, `citation` and `done` (the answer).",
        "content": {"text/event-stream": {"schema": EVENT_SCHEMAS}},
    }
}


@router.post("/ask", response_model=AnswerSchema, responses=_STREAM)
async def ask(
    body: AskRequest, request: Request, service: ServiceDependency, caller: CallerDependency
) -> AnswerSchema | StreamingResponse:
    """Answer a question, every sentence with the quotes that support it."""
    assistant, root = service.assistant, root_of(request.scope)
    question, turns, filters = checked(body.question), body.turns(), narrowed(caller, body.filters())
    events = assistant.stream(question, turns, filters, translate=body.translate, timeline=body.timeline)
    events = service.questions.admit(events, asked_by(caller, request))
    if not body.stream:
        return AnswerSchema.of(await whole_answer(request, events), root)
    return streaming.respond(_lines(events, root), _failed)


@router.post("/search")
def search(body: SearchRequest, service: ServiceDependency, caller: CallerDependency) -> HitsSchema:
    """The passages that fit best, best first."""
    filters = narrowed(caller, body.filters())
    hits = service.assistant.search(body.query, body.limit, filters)
    return HitsSchema.of(hits, service.assistant.count_undated(filters))


def _lines(events: Generator[Event], root: str) -> Iterator[str]:
    """The events as they are sent; closing it closes ``events``, which stops a language model."""
    with closing(events):
        for event in events:
            yield _sent(event, root)


def _sent(event: Event, root: str) -> str:
    match event:
        case StatusEvent(stage=stage):
            return streaming.event("status", StageSchema(stage=stage).model_dump_json())
        case RetractedEvent():
            return streaming.event("status", StageSchema(stage="quoting").model_dump_json())
        case DeltaEvent(text=text):
            return streaming.event("delta", DeltaSchema(text=text).model_dump_json())
        case CitationEvent(citation=citation):
            return streaming.event("citation", CitationSchema.of(citation, root).model_dump_json())
        case DoneEvent(answer=answer):
            return streaming.event("done", AnswerSchema.of(answer, root).model_dump_json())


def _failed(error: Exception) -> str:
    return streaming.event("error", bytes(problems.of(error).body).decode())
