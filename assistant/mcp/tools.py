"""The tools: their names, what they take, and how a call of one is answered."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel.server import Server
from mcp_types import (
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from assistant.api.schemas.answers import VERSION
from assistant.api.schemas.documents import JobSchema
from assistant.api.schemas.openai import with_sources
from assistant.errors import AssistantError
from assistant.http.streaming import while_connected
from assistant.mcp.toolbox import Toolbox
from ingest.errors import IngestError

INSTRUCTIONS = (
    "Answers questions about a collection of articles. `ask` gives an answer whose every sentence cites the documents "
    "word for word; say where things stand by its citations. `search` gives the passages themselves."
)
_log = logging.getLogger(__name__)


class _Arguments(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Ask(_Arguments):
    question: str = Field(description="The question, in any language, complete in itself.")
    documents: list[str] = Field([], description="Ids of the only documents to use; none: all.")


class Search(_Arguments):
    query: str = Field(description="Words or a question.")
    limit: int = Field(8, ge=1, le=50)
    documents: list[str] = Field([], description="Ids of the only documents to search; none: all.")


class ListDocuments(_Arguments):
    query: str = Field("", description="Words of the title or the source.")
    limit: int = Field(50, ge=1, le=200)
    offset: int = Field(0, ge=0)


class AddDocument(_Arguments):
    """Either ``url``, or ``title`` and ``text``."""

    url: str = Field("", max_length=4_000, description="A web page to fetch.")
    title: str = Field("", max_length=300)
    text: str = Field("", max_length=1_000_000, description="The text, as Markdown.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """A tool: what it takes, what it does (told by an event when nobody waits for it), whether it changes anything."""

    what: str
    takes: type[_Arguments]
    act: Callable[[Toolbox, Any, threading.Event], tuple[str, BaseModel]]
    changes: bool = False


def _ask(toolbox: Toolbox, wanted: Ask, gone: threading.Event) -> tuple[str, BaseModel]:
    answer = toolbox.ask(wanted.question, wanted.documents, gone)
    return with_sources(answer.answer, answer.citations, answer.language), answer


def _search(toolbox: Toolbox, wanted: Search, _: threading.Event) -> tuple[str, BaseModel]:
    hits = toolbox.search(wanted.query, wanted.limit, wanted.documents)
    return "\n\n".join(f"{hit.title} ({hit.document_id})\n{hit.text}" for hit in hits.hits), hits


def _list(toolbox: Toolbox, wanted: ListDocuments, _: threading.Event) -> tuple[str, BaseModel]:
    found = toolbox.documents(wanted.query, wanted.limit, wanted.offset)
    return "\n".join(f"{one.id}  {one.published or ''}  {one.title}" for one in found.documents), found


def _add(toolbox: Toolbox, wanted: AddDocument, _: threading.Event) -> tuple[str, BaseModel]:
    if wanted.url:
        return _told(toolbox.add_page(wanted.url))
    if not (wanted.title.strip() and wanted.text.strip()):
        raise AssistantError("Give either a url, or a title and a text.")
    return _told(toolbox.add_text(wanted.title, wanted.text))


def _told(job: JobSchema) -> tuple[str, BaseModel]:
    if job.state in ("failed", "cancelled"):
        raise AssistantError(job.error or f"{job.source} was not added: {job.state}.")
    return f"{job.title or job.source}: {job.state}", job


TOOLS: dict[str, _Kind] = {
    "ask": _Kind(
        what="Answer a question from the documents, every sentence with citations to check it by.",
        takes=Ask,
        act=_ask,
    ),
    "search": _Kind(what="Find the passages of the documents that fit best.", takes=Search, act=_search),
    "list_documents": _Kind(what="List the documents, newest first.", takes=ListDocuments, act=_list),
    "add_document": _Kind(
        what="Add a web page or a text to the documents. A text replaces the one of the same title.",
        takes=AddDocument,
        act=_add,
        changes=True,
    ),
}

ToolContext = ServerRequestContext[Any, Any]
# The toolbox for a request, and whether its sender may use the tools that change something.
Opened = Callable[[ToolContext], tuple[Toolbox, bool]]


def server(opened: Opened) -> Server[Any]:
    """The protocol's server over these tools."""

    async def list_tools(context: ToolContext, page: PaginatedRequestParams | None) -> ListToolsResult:
        _, may_change = opened(context)
        return ListToolsResult(
            tools=[_described(name) for name, kind in TOOLS.items() if may_change or not kind.changes]
        )

    async def call_tool(context: ToolContext, call: CallToolRequestParams) -> CallToolResult:
        toolbox, may_change = opened(context)
        kind = TOOLS.get(call.name)
        if kind is None or (kind.changes and not may_change):
            return _failed(f"There is no tool {call.name!r} for you here.")
        try:
            return await while_connected(
                context.request, partial(_called, kind, toolbox, call.arguments or {})
            )
        except HTTPException as error:  # the server is busy
            return _failed(error.detail)

    return Server(
        "article-assistant",
        version=VERSION,
        title="Article assistant",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def _called(
    kind: _Kind, toolbox: Toolbox, arguments: dict[str, Any], gone: threading.Event
) -> CallToolResult:
    try:
        text, data = kind.act(toolbox, kind.takes.model_validate(arguments), gone)
    except ValidationError as error:
        return _failed("; ".join(f"{_place(one['loc'])}: {one['msg']}" for one in error.errors()))
    except (AssistantError, IngestError) as error:
        return _failed(str(error))
    except HTTPException as error:
        return _failed(error.detail)
    except ClientDisconnect:
        return _failed("Nobody waits for the answer.")
    except Exception:  # the edge: the asking model is told that something failed, the log what
        _log.exception("A tool failed")
        return _failed("Something went wrong here. The server's log says more.")
    return CallToolResult(content=[TextContent(text=text)], structured_content=data.model_dump(mode="json"))


def _described(name: str) -> Tool:
    kind = TOOLS[name]
    return Tool(
        name=name,
        description=kind.what,
        input_schema=kind.takes.model_json_schema(),
        annotations=ToolAnnotations(
            read_only_hint=not kind.changes, destructive_hint=kind.changes, open_world_hint=kind.changes
        ),
    )


def _failed(words: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(text=words)], is_error=True)


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(map(str, location)) or "arguments"
