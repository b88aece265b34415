"""The protocol of OpenAI's chat completions, for clients that speak it."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from assistant.answering.sanitizing import defused
from assistant.api.schemas import openai as openai
from assistant.api.schemas.answers import EVENT_SCHEMAS, CitationSchema
from assistant.asked_text import checked
from assistant.errors import BadQuestion
from assistant.http import problems, streaming
from assistant.http.dependencies import CallerDependency, ServiceDependency, asked_by, narrowed
from assistant.http.streaming import whole_answer
from assistant.http.urls import address_of
from assistant.types import Answer, DeltaEvent, DoneEvent, Event, RetractedEvent, StatusEvent
from ingest.embedding.types import Embedder

_OPENAPI = {
    "description": "An error in OpenAI's shape",
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "properties": {"error": {"type": "object"}, "request_id": {"type": "string"}},
                "required": ["error"],
            },
            "example": {
                "error": {
                    "message": "There is no …",
                    "type": "not_found_error",
                    "param": None,
                    "code": None,
                }
            },
        }
    },
}
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The answer; with `stream`, chunks of it as server-sent events.",
        "content": {"text/event-stream": {"schema": EVENT_SCHEMAS}},
    }
}
router = APIRouter(
    prefix="/v1", tags=["OpenAI-compatible"], responses=dict.fromkeys(("4XX", "5XX"), _OPENAPI)
)


@router.get("/models")
def models() -> openai.ModelList:
    """The one model there is."""
    return openai.ModelList(data=[openai.ModelCard()])


@router.get("/models/{model}")
def model(model: str) -> openai.ModelCard:
    """The one model there is; 404 for any other name."""
    _known(model)
    return openai.ModelCard()


@router.post("/chat/completions", response_model=openai.ChatCompletion, responses=_STREAM)
async def chat(
    body: openai.ChatRequest, request: Request, service: ServiceDependency, caller: CallerDependency
) -> openai.ChatCompletion | StreamingResponse:
    """Answer the last message, a user's; those before it are the conversation so far."""
    _known(body.model)
    question, turns = openai.turns_of(body.messages)
    if not question.strip():
        raise BadQuestion("The last message must be a user's, and ask something.")
    assistant = service.assistant
    events = assistant.stream(checked(question), turns, narrowed(caller, body.filters()))
    events = service.questions.admit(events, asked_by(caller, request))
    prompt = [message.text for message in body.messages]
    reply = _Reply(address_of(request.scope), prompt, assistant.embedder)
    if not body.stream:
        answer = await whole_answer(request, events)
        return await run_in_threadpool(reply.completion, answer)
    usage = body.stream_options is not None and body.stream_options.include_usage
    return streaming.respond(reply.chunks(events, usage), _failed)


def _known(model: str) -> None:
    if model != openai.MODEL:
        raise HTTPException(404, f"There is no model {model!r} here. The only one is {openai.MODEL!r}.")


@dataclass(frozen=True, slots=True)
class _Reply:
    """One answer in OpenAI's shapes; ``base`` is this server's address, without a slash at the end."""

    base: str
    prompt: list[str]
    embedder: Embedder
    name: str = field(default_factory=lambda: f"chatcmpl-{uuid.uuid4().hex}")
    created: int = field(default_factory=lambda: int(time.time()))

    def completion(self, answer: Answer) -> openai.ChatCompletion:
        cited = self._citations(answer)
        text = openai.with_sources(self._noted(answer.text, answer), cited, answer.language)
        return openai.ChatCompletion(
            id=self.name,
            created=self.created,
            choices=[openai.Choice(message=openai.AssistantMessage(content=text))],
            usage=self._usage(answer),
            citations=cited,
        )

    def chunks(self, events: Iterator[Event], usage: bool) -> Iterator[str]:
        """Server-sent events as OpenAI writes them.

        The protocol cannot retract text: where the model fails after some, the quoted answer follows below a line.
        """
        streamed, retracted = False, False
        with closing(events):  # type: ignore[type-var]  # a generator
            yield self._data({"role": "assistant", "content": ""})
            for event in events:
                match event:
                    case StatusEvent():
                        yield streaming.NOTHING_YET
                    case RetractedEvent():
                        retracted = streamed
                    case DeltaEvent(text=text) if not retracted:
                        streamed = True
                        yield self._data({"content": defused(text)})
                    case DoneEvent(answer=answer):
                        yield from self._end(answer, retracted, usage)

    def _end(self, answer: Answer, retracted: bool, usage: bool) -> Iterator[str]:
        cited = self._citations(answer)
        rest = f"\n\n---\n{answer.notice}\n\n{answer.text}" if retracted else self._noted("", answer)
        if rest := openai.with_sources(rest, cited, answer.language):
            yield self._data({"content": rest})
        yield self._data({}, "stop", citations=[citation.model_dump(mode="json") for citation in cited])
        if usage:
            last = openai.completion_chunk(self.name, self.created, {})
            yield _event({**last, "choices": [], "usage": self._usage(answer).model_dump()})
        yield "data: [DONE]\n\n"

    def _data(self, delta: dict[str, Any], finish: str | None = None, **more: Any) -> str:
        return _event(openai.completion_chunk(self.name, self.created, delta, finish, **more))

    def _citations(self, answer: Answer) -> list[CitationSchema]:
        return [CitationSchema.of(citation, self.base) for citation in answer.citations]

    def _noted(self, text: str, answer: Answer) -> str:
        """``text``, followed by the answer's notice, or by what may answer though it is a refusal."""
        noted = f"{text}\n\n{answer.notice}" if answer.notice else text
        possible = [CitationSchema.of(citation, self.base) for citation in answer.possible]
        return openai.with_possible(noted, possible, answer.language) if possible else noted

    def _usage(self, answer: Answer) -> openai.CompletionUsage:
        read, written = answer.usage.input_tokens, answer.usage.output_tokens
        if not (read or written):
            counts = self.embedder.count_tokens([*self.prompt, answer.text])
            read, written = sum(counts[:-1]), counts[-1]
        return openai.CompletionUsage(
            prompt_tokens=read, completion_tokens=written, total_tokens=read + written
        )


def _event(data: dict[str, Any]) -> str:
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n"


def _failed(error: Exception) -> str:
    return f"data: {bytes(problems.of(error, path='/v1/').body).decode()}\n\n"
