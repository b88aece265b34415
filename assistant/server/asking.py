"""Asking and searching."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from assistant.core import checked
from assistant.server import problems, requests, shapes, streaming
from assistant.server.holding import Asker, Held, narrowed
from assistant.server.paths import root_of
from assistant.server.waiting import whole
from assistant.types import Cited, Delta, Done, Event, Status

router = APIRouter(tags=["asking"])

_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The answer; with `stream`, events `status`, `delta`, `citation` and `done` (the answer).",
        "content": {"text/event-stream": {"schema": shapes.EVENT}},
    }
}


@router.post("/ask", response_model=shapes.Answer, responses=_STREAM)
async def ask(
    asked: requests.AskRequest, request: Request, service: Held, caller: Asker
) -> shapes.Answer | StreamingResponse:
    """Answer a question, every sentence with the quotes that bear it out."""
    assistant, root = service.assistant, root_of(request.scope)
    question, turns, filters = checked(asked.question), asked.turns(), narrowed(caller, asked.filters())
    events = assistant.stream(question, turns, filters, translate=asked.translate)
    if not asked.stream:
        return shapes.Answer.of(await whole(request, events), root)
    return streaming.respond(_lines(events, root), _failed)


@router.post("/search")
def search(wanted: requests.SearchRequest, service: Held, caller: Asker) -> shapes.Hits:
    """The passages that fit best, best first."""
    filters = narrowed(caller, wanted.filters())
    return shapes.Hits.of(service.assistant.search(wanted.query, wanted.limit, filters))


def _lines(events: Generator[Event], root: str) -> Iterator[str]:
    """The events as they are sent; closing it closes ``events``, which stops a language model."""
    with closing(events):
        for event in events:
            yield _written(event, root)


def _written(event: Event, root: str) -> str:
    match event:
        case Status(stage=stage):
            return streaming.event("status", shapes.Stage(stage=stage).model_dump_json())
        case Delta(text=text):
            return streaming.event("delta", shapes.Delta(text=text).model_dump_json())
        case Cited(citation=citation):
            return streaming.event("citation", shapes.Citation.of(citation, root).model_dump_json())
        case Done(answer=answer):
            return streaming.event("done", shapes.Answer.of(answer, root).model_dump_json())


def _failed(error: Exception) -> str:
    return streaming.event("error", bytes(problems.of(error).body).decode())
