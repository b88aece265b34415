"""The tools: their names, arguments and results."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
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

from assistant.api.schemas.absence import absence_in_words
from assistant.api.schemas.documents import JobSchema
from assistant.api.schemas.drafts import told
from assistant.api.schemas.openai import with_possible, with_sources
from assistant.api.schemas.questions import KeepQuestionRequest
from assistant.api.schemas.requests import RequestSchema, WordSearchRequest
from assistant.api.schemas.sources import SourcesRequest, row_in_words
from assistant.api.schemas.statements import StatementsRequest
from assistant.api.schemas.status import VERSION
from assistant.api.schemas.words import in_one_line
from assistant.asked_text import LONGEST_QUESTION
from assistant.client.interface import AssistantClient
from assistant.client.standing import NewsAsked
from assistant.drafts.drafting import LONGEST_DRAFT
from assistant.errors import AssistantError
from assistant.http.invalid import in_words
from assistant.http.streaming import while_connected
from assistant.service.draft_checks import CheckAsked
from assistant.sources.types import SourceGroup
from assistant.types import Filters
from ingest.errors import IngestError
from ingest.types import QuotationKind

INSTRUCTIONS = (
    "Answers questions about a collection of articles. `ask` gives an answer whose every sentence cites the documents "
    "word for word; say where things stand by its citations. `search` gives the passages themselves, `find_words` the places of exact words, "
    "`statements` what somebody said, word for word, `sources` what each document says to a question, or that it is silent. `check` compares a draft with the documents. "
    "`keep_question` keeps a question, and `new_findings` tells what answers those that are kept in documents that have come since."
)
_POLL = 0.2  # seconds between two looks at the state of a job
_PATIENCE = 120.0  # seconds to wait for a document to be stored
_log = logging.getLogger(__name__)


class _Arguments(RequestSchema):
    model_config = ConfigDict(extra="forbid")


class Ask(_Arguments):
    question: str = Field(description="The question, in any language, complete in itself.")
    documents: list[str] = Field([], description="Ids of the only documents to use; none: all.")
    timeline: bool = Field(
        False, description="The course of events: sentences in the order of the days that they speak of."
    )


class Search(_Arguments):
    query: str = Field(description="Words or a question.")
    limit: int = Field(8, ge=1, le=50)
    documents: list[str] = Field([], description="Ids of the only documents to search; none: all.")


class FindWords(_Arguments):
    query: str = Field(description='Words, and phrases in quotation marks, as in `dredging "eighty metres"`.')
    limit: int = Field(20, ge=1, le=100)
    offset: int = Field(0, ge=0, le=10_000)
    documents: list[str] = Field([], description="Ids of the only documents to search; none: all.")


class Statements(_Arguments):
    speaker: str = Field("", max_length=300, description="Who speaks, in any spelling; none: anybody.")
    about: str = Field("", description="A topic in words; none: everything.")
    published_from: date | None = Field(None, description="In documents published then or later.")
    published_to: date | None = Field(None, description="In documents published then or earlier.")
    kinds: list[QuotationKind] = Field(
        [], description="Direct or indirect speech, or what is reported; none: all."
    )
    limit: int = Field(20, ge=1, le=100)
    offset: int = Field(0, ge=0, le=10_000)
    documents: list[str] = Field([], description="Ids of the only documents to search; none: all.")


class SourceBySource(_Arguments):
    question: str = Field(description="The question, in any language, complete in itself.", min_length=1)
    by: SourceGroup = Field("document", description="What a row is: a document, an outlet, or a story.")
    limit: int = Field(20, ge=1, le=100)
    offset: int = Field(0, ge=0, le=10_000)
    documents: list[str] = Field([], description="Ids of the only documents to ask; none: all.")


class CheckDraft(_Arguments):
    text: str = Field(max_length=LONGEST_DRAFT, description="The draft, as plain text.")
    documents: list[str] = Field([], description="Ids of the only documents to check against; none: all.")


class VerifyQuotes(_Arguments):
    text: str = Field(
        max_length=1_000_000,
        description="Quotes with their links or notes, as they were exported: Markdown, HTML, CSL-JSON, RIS, BibTeX, or an answer's JSON.",
    )


class WhatsNew(_Arguments):
    limit: int = Field(10, ge=1, le=100, description="Of each question the newest so many.")
    questions: int = Field(
        100, ge=1, le=1_000, description="So many of the questions to which something is new."
    )
    offset: int = Field(
        0, ge=0, le=1_000_000, description="Go on after so many of them: `next_offset` of the result before."
    )


class KeepQuestion(_Arguments):
    question: str = Field(
        description="The question, in any language, complete in itself.",
        min_length=1,
        max_length=LONGEST_QUESTION,
    )
    documents: list[str] = Field([], description="Ids of the only documents to watch; none: all that come.")


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
    """A tool: a description for the model that calls it, its arguments, its function, and whether it changes anything.

    The function gets an event that is set once nobody waits for the result; it returns a text and the data.
    """

    description: str
    arguments: type[_Arguments]
    run: Callable[[AssistantClient, Any, threading.Event], tuple[str, BaseModel]]
    changes: bool = False


def _ask(client: AssistantClient, arguments: Ask, gone: threading.Event) -> tuple[str, BaseModel]:
    answer = client.ask(
        arguments.question,
        documents=arguments.documents,
        timeline=arguments.timeline,
        cancelled=gone.is_set,
    )
    for citation in answer.citations:
        citation.url = client.url + citation.url
        for copy in citation.also_in:
            copy.url = client.url + copy.url
    text = (
        with_possible(answer.answer, answer.possible, answer.language) if answer.possible else answer.answer
    )
    if answer.absence:
        for miss in answer.absence.nearest:
            miss.url = client.url + miss.url
        text = "\n\n".join([text, "\n".join(absence_in_words(answer.absence))])
    return with_sources(text, answer.citations, answer.language), answer


def _search(client: AssistantClient, arguments: Search, _: threading.Event) -> tuple[str, BaseModel]:
    hits = client.search(arguments.query, documents=arguments.documents, limit=arguments.limit)
    return "\n\n".join(f"{hit.title} ({hit.document_id})\n{hit.text}" for hit in hits.hits), hits


def _find(client: AssistantClient, arguments: FindWords, _: threading.Event) -> tuple[str, BaseModel]:
    found = client.search_words(WordSearchRequest(**arguments.model_dump()))
    for hit in found.hits:
        hit.url = client.url + hit.url
    lines = [f"{hit.title} ({hit.document_id})\n{in_one_line(hit)}\n{hit.url}" for hit in found.hits]
    more = "" if found.counted else "more than "
    return "\n\n".join([f"{more}{found.total} in {found.documents} documents", *lines]), found


def _statements(client: AssistantClient, arguments: Statements, _: threading.Event) -> tuple[str, BaseModel]:
    asked = StatementsRequest.model_validate(
        {
            "speaker": arguments.speaker,
            "about": arguments.about,
            "from": arguments.published_from,
            "to": arguments.published_to,
            "kind": arguments.kinds,
            "document": arguments.documents,
            "limit": arguments.limit,
            "offset": arguments.offset,
        }
    )
    found = client.statements(asked)
    for statement in found.statements:
        statement.url = client.url + statement.url
        for copy in statement.also_in:
            copy.url = client.url + copy.url
    lines = [
        f"{one.speaker or 'not named'} ({one.kind}, {one.published or 'no date'}): {' '.join(one.quote.split())}\n{one.title}\n{one.url}"
        for one in found.statements
    ]
    return "\n\n".join([f"{found.total} statements", *lines]), found


def _sources(client: AssistantClient, arguments: SourceBySource, _: threading.Event) -> tuple[str, BaseModel]:
    asked = {**arguments.model_dump(exclude={"documents"}), "document": arguments.documents}
    table = client.sources(SourcesRequest.model_validate(asked))
    for row in table.rows:
        for place in (row.citation, row.nearest):
            if place:
                place.url = client.url + place.url
    lead = f"{table.saying} of {table.total} say something; the others are silent"
    return "\n\n".join([lead, *map(row_in_words, table.rows)]), table


def _check(client: AssistantClient, arguments: CheckDraft, gone: threading.Event) -> tuple[str, BaseModel]:
    filters = Filters(documents=tuple(arguments.documents))
    asked = CheckAsked(text=arguments.text, filters=filters)
    checked = client.check(asked, cancelled=gone.is_set)
    for citation in checked.citations:
        citation.url = client.url + citation.url
    return told(checked), checked


def _verify(client: AssistantClient, arguments: VerifyQuotes, _: threading.Event) -> tuple[str, BaseModel]:
    found = client.verify(arguments.text.encode(), "")
    lines = [f"{one.verdict}: {' '.join(one.quote.split())}\n{one.title}\n{one.url}" for one in found.quotes]
    return "\n\n".join([f"{found.standing} of {found.total} quotes stand", *lines]), found


def _news(client: AssistantClient, arguments: WhatsNew, _: threading.Event) -> tuple[str, BaseModel]:
    found = client.news(NewsAsked(most=arguments.limit, limit=arguments.questions, offset=arguments.offset))
    lines = []
    for one in found.questions:
        lines.append(f"{one.question.question} ({one.question.new} new)")
        for finding in one.findings:
            finding.url = client.url + finding.url
            lines.append(f"{' '.join(finding.quote.split())}\n{finding.title}\n{finding.url}")
    lead = f"{found.new} new to {found.with_news} of {found.kept} standing questions"
    if found.next_offset is not None:
        lines.append(
            f"{found.with_news - found.next_offset} more questions have something new. They follow with an offset of {found.next_offset}."
        )
    return "\n\n".join([lead, *lines]), found


def _keep(client: AssistantClient, arguments: KeepQuestion, _: threading.Event) -> tuple[str, BaseModel]:
    kept = client.keep_question(KeepQuestionRequest(**arguments.model_dump()))
    return f"Kept: {kept.question}", kept


def _list(client: AssistantClient, arguments: ListDocuments, _: threading.Event) -> tuple[str, BaseModel]:
    page = client.documents(arguments.query, arguments.limit, arguments.offset)
    lines = [f"{document.id}  {document.published or ''}  {document.title}" for document in page.documents]
    return "\n".join(lines), page


def _add(client: AssistantClient, arguments: AddDocument, _: threading.Event) -> tuple[str, BaseModel]:
    if arguments.url:
        return _added(client.add_page(arguments.url))
    if not (arguments.title.strip() and arguments.text.strip()):
        raise AssistantError("Give either a url, or a title and a text.")
    return _added(client.add_text(arguments.title, arguments.text))


class _JobOf(_Arguments):
    id: str


def _look(client: AssistantClient, arguments: _JobOf, _: threading.Event) -> tuple[str, BaseModel]:
    return _added(client.job(arguments.id))


def _added(job: JobSchema) -> tuple[str, BaseModel]:
    if job.state in ("failed", "cancelled"):
        raise AssistantError(job.error or f"{job.source} was not added: {job.state}.")
    return f"{job.title or job.source}: {job.state}", job


TOOLS: dict[str, _Kind] = {
    "ask": _Kind(
        description="Answer a question from the documents, every sentence with citations to check it by.",
        arguments=Ask,
        run=_ask,
    ),
    "search": _Kind(
        description="Find the passages of the documents that fit best.", arguments=Search, run=_search
    ),
    "find_words": _Kind(
        description="Find every place where words or exact phrases stand in the documents, word for word.",
        arguments=FindWords,
        run=_find,
    ),
    "statements": _Kind(
        description="List what somebody said in the documents, word for word, by speaker, topic and day.",
        arguments=Statements,
        run=_statements,
    ),
    "sources": _Kind(
        description="What each document, outlet or story says to a question: its own best sentence, word for word, or silent.",
        arguments=SourceBySource,
        run=_sources,
    ),
    "check": _Kind(
        description="Check a draft against the documents: what bears each sentence out or differs from it, and whether its quotations"
        " stand there word for word.",
        arguments=CheckDraft,
        run=_check,
    ),
    "verify_quotes": _Kind(
        description="Say of each quote in a text whether it still stands in the documents, word for word where it says.",
        arguments=VerifyQuotes,
        run=_verify,
    ),
    "new_findings": _Kind(
        description="List what answers the standing questions that are kept for you and has arrived since they were last looked at.",
        arguments=WhatsNew,
        run=_news,
    ),
    "keep_question": _Kind(
        description="Keep a question: what answers it in documents that arrive from now on is told, see new_findings.",
        arguments=KeepQuestion,
        run=_keep,
    ),
    "list_documents": _Kind(
        description="List the documents, newest first.", arguments=ListDocuments, run=_list
    ),
    "add_document": _Kind(
        description="Add a web page or a text to the documents. A text replaces the one of the same title.",
        arguments=AddDocument,
        run=_add,
        changes=True,
    ),
}

_JOB = _Kind(description="What has become of a document.", arguments=_JobOf, run=_look)

ToolContext = ServerRequestContext[Any, Any]
# The client for a request, and whether its sender may use the tools that change something.
ClientOf = Callable[[ToolContext], tuple[AssistantClient, bool]]


def server(client_of: ClientOf) -> Server[Any]:
    """The protocol's server over these tools."""

    async def list_tools(context: ToolContext, page: PaginatedRequestParams | None) -> ListToolsResult:
        _, may_change = client_of(context)
        return ListToolsResult(
            tools=[_described(name) for name, kind in TOOLS.items() if may_change or not kind.changes]
        )

    async def call_tool(context: ToolContext, call: CallToolRequestParams) -> CallToolResult:
        client, may_change = client_of(context)
        kind = TOOLS.get(call.name)
        if kind is None or (kind.changes and not may_change):
            return _failed(f"There is no tool {call.name!r} for you here.")
        try:
            result = await while_connected(
                context.request, partial(_call, kind, client, call.arguments or {})
            )
        except HTTPException as error:  # the server is busy
            return _failed(error.detail)
        return await _once_ended(result, client) if kind is TOOLS["add_document"] else result

    return Server(
        "article-assistant",
        version=VERSION,
        title="Article assistant",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


async def _once_ended(result: CallToolResult, client: AssistantClient) -> CallToolResult:
    """The result of adding a document once its job has ended, or `_PATIENCE` is over.

    None of the threads for answers is held meanwhile: many documents in the queue must not keep anybody from asking.
    """
    deadline = time.monotonic() + _PATIENCE
    while (job := result.structured_content) and job["state"] in ("queued", "running"):
        if time.monotonic() > deadline:
            break
        await asyncio.sleep(_POLL)
        result = await asyncio.to_thread(_call, _JOB, client, {"id": job["id"]}, threading.Event())
    return result


def _call(
    kind: _Kind, client: AssistantClient, arguments: dict[str, Any], gone: threading.Event
) -> CallToolResult:
    try:
        text, data = kind.run(client, kind.arguments.model_validate(arguments), gone)
    except ValidationError as error:
        wrong = (
            f"{_place(detail['loc'])}: {in_words(detail['type'], detail.get('ctx'))}"
            for detail in error.errors()
        )
        return _failed("; ".join(wrong))
    except (AssistantError, IngestError) as error:
        return _failed(str(error))
    except HTTPException as error:
        return _failed(error.detail)
    except Exception:  # the edge: the result says that something failed, the log says what
        _log.exception("A tool failed")
        return _failed("Something went wrong here. The server's log says more.")
    return CallToolResult(content=[TextContent(text=text)], structured_content=data.model_dump(mode="json"))


def _described(name: str) -> Tool:
    kind = TOOLS[name]
    return Tool(
        name=name,
        description=kind.description,
        input_schema=kind.arguments.model_json_schema(),
        annotations=ToolAnnotations(
            read_only_hint=not kind.changes, destructive_hint=kind.changes, open_world_hint=kind.changes
        ),
    )


def _failed(message: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(text=message)], is_error=True)


def _place(location: tuple[int | str, ...]) -> str:
    """Which argument is wrong, in words."""
    return ".".join(map(str, location)) or "arguments"
