"""Requests and responses of OpenAI's chat completions. Names are OpenAI's, except those marked as ours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant import messages, types
from assistant.answering.sanitizing import defused
from assistant.api.schemas.answers import CitationSchema
from assistant.api.schemas.requests import FiltersSchema

MODEL = "assistant"


class ContentPart(BaseModel):
    """A part of a message; only text is read."""

    type: str
    text: str = ""


class ChatMessage(BaseModel):
    """``content`` is text, or parts of it; messages of tools have none."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[ContentPart] | None = None

    @property
    def text(self) -> str:
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class StreamOptions(BaseModel):
    include_usage: bool = False


class ChatRequest(FiltersSchema):
    """Everything else that OpenAI's protocol knows is taken and has no effect: temperature, tools and so on.

    Ours are those of `FiltersSchema`: what is searched, as in /api/ask.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "model": MODEL,
                    "messages": [{"role": "user", "content": "What did Uschakow say about territory?"}],
                    "stream": False,
                }
            ]
        }
    )
    model: str
    messages: list[ChatMessage] = Field(min_length=1, max_length=2_000)
    stream: bool = False
    stream_options: StreamOptions | None = None


class AssistantMessage(BaseModel):
    role: Literal["assistant"] = "assistant"
    content: str
    refusal: str | None = None


class Choice(BaseModel):
    index: int = 0
    message: AssistantMessage
    logprobs: None = None
    finish_reason: Literal["stop"] = "stop"


class CompletionUsage(BaseModel):
    """As the language model counts; where it quotes without one, as the embedding model does."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class ChatCompletion(BaseModel):
    """``citations`` is ours: where each [n] of the text is from, word for word."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str = MODEL
    choices: list[Choice]
    usage: CompletionUsage
    citations: list[CitationSchema]


class ModelCard(BaseModel):
    id: str = MODEL
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = "article-assistant"


class ModelList(BaseModel):
    object: Literal["list"] = "list"
    data: list[ModelCard]


def turns_of(messages: Sequence[ChatMessage]) -> tuple[str, list[types.Turn]]:
    """The question, which the last message asks, and the turns before it; "" where the last is no user's.

    System messages are left out: answers come from the documents alone.
    """
    if messages[-1].role != "user":
        return "", []
    turns: list[types.Turn] = []
    question = ""
    for message in messages[:-1]:
        if message.role == "user":
            question = message.text
        elif message.role == "assistant" and question:
            turns.append(types.Turn(question=question, answer=without_sources(message.text)))
            question = ""
    return messages[-1].text, turns


SOURCES = {"en": "Sources:", "de": "Quellen:"}


def with_sources(text: str, citations: Sequence[CitationSchema], language: str) -> str:
    """``text``, and below it the source of each number on a line of its own.

    Clients may show it as Markdown: only this server's own addresses are left in a form that can be followed.
    """
    if not citations:
        return defused(text)
    heading = SOURCES.get(language, SOURCES["en"])
    return "\n".join([f"{defused(text)}\n\n{heading}", *map(_source, citations)])


def with_possible(text: str, possible: Sequence[CitationSchema], language: str) -> str:
    """A refusal, and below it what may answer nevertheless, said to be that."""
    label = messages.say(messages.POSSIBLY, language)
    lines = [f"{label} “{' '.join(one.quote.split())}” ({one.title}: {one.url})" for one in possible]
    return "\n\n".join([text, *lines])


def without_sources(text: str) -> str:
    """An answer of this server without the sources that `with_sources` added."""
    for heading in SOURCES.values():
        before, start, after = text.rpartition(f"\n\n{heading}\n[1] ")
        if start and "\n\n" not in after:
            return before
    return text


def _source(citation: CitationSchema) -> str:
    about = [str(citation.published)] if citation.published else []
    about += [f"p. {citation.page}"] if citation.page else []
    about += [citation.time] if citation.time else []
    noted = f" ({', '.join(about)})" if about else ""
    return f"[{citation.number}] {defused(' '.join(citation.title.split()))}{noted}: {citation.url}"


def completion_chunk(
    name: str, created: int, delta: dict[str, Any], finish: str | None = None, **more: Any
) -> dict[str, Any]:
    """One piece of a streamed answer; ``more`` are further members."""
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    return {
        "id": name,
        "object": "chat.completion.chunk",
        "created": created,
        "model": MODEL,
        "choices": [choice],
        **more,
    }
