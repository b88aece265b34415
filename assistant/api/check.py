"""Checking a draft, and the checks that are kept."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, closing, suppress
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import StreamingResponse
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from assistant.access.callers import Caller
from assistant.access.rate_limits import ConcurrencyLimit
from assistant.api import uploads
from assistant.api.schemas.answers import EVENT_SCHEMAS
from assistant.api.schemas.drafts import (
    CheckedDraftSchema,
    CheckRequest,
    ChecksSchema,
    CheckSummarySchema,
    CuttingEventSchema,
    DraftSchema,
    QuotationEventSchema,
    SentenceEventSchema,
)
from assistant.citation_links import viewer_url
from assistant.drafts.types import ClaimsAwaited, DraftCut, QuotationChecked, SentenceChecked
from assistant.http import problems, streaming
from assistant.http.authentication import place_name
from assistant.http.dependencies import CallerDependency, ServiceDependency, narrowed
from assistant.http.urls import root_of
from assistant.service.checked_drafts import KeptCheck
from assistant.service.draft_checks import CheckAsked, CheckEvent, ReadDraft, ReadingDraft, ReportForm
from assistant.service.service import Service
from assistant.types import Citation

MOST_AT_ONCE = 2  # checks of one caller under way: each takes as long as many questions
_under_way = ConcurrencyLimit(MOST_AT_ONCE)
_MEDIA_TYPES: dict[ReportForm, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
}
_READING = ": reading\n\n"  # a comment: whoever waits at a terminal looks at each line whether to go on
_FIELDS = ("name", "again", "published_from", "published_to", "include_undated", "stream")
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": CheckRequest.model_json_schema()},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "again": {"type": "string"},
                        "documents": {"type": "array", "items": {"type": "string"}},
                        "published_from": {"type": "string", "format": "date"},
                        "published_to": {"type": "string", "format": "date"},
                        "stream": {"type": "boolean"},
                    },
                    "required": ["file"],
                }
            },
        },
    }
}
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The checked draft; with `stream`, events `draft`, of a long one `cutting`, then `sentence`, `quotation` and `done` (the checked draft).",
        "content": {"text/event-stream": {"schema": EVENT_SCHEMAS}},
    }
}

router = APIRouter(tags=["drafts"])


def owner_of(caller: Caller) -> str:
    """For whom checks are kept: a user or a key; nobody where no one signs in, and for the commands of this machine's user."""
    if caller.via in ("open", "owner"):
        return ""
    return f"{'key' if caller.via == 'key' else 'user'} {caller.name}"


@router.post("/check", response_model=CheckedDraftSchema, responses=_STREAM, openapi_extra=_BODY)
async def check(
    request: Request, service: ServiceDependency, caller: CallerDependency
) -> CheckedDraftSchema | StreamingResponse:
    """Check a draft against the documents: what each of its sentences is borne out by, or differs from, and where its quotations stand.

    Send a text (JSON), or a file (multipart, field `file`). The result is kept for you: see `/api/checks`.
    """
    return await check_for(request, service, caller, failed)


async def check_for(
    request: Request, service: Service, caller: Caller, on_error: Callable[[Exception], str]
) -> CheckedDraftSchema | StreamingResponse:
    """The check of a request; ``on_error`` makes the last event of a stream that fails.

    A text that is unfit is refused before a stream begins. A file may take long to read, which belongs to the stream.
    """
    asked, stream = await _asked(request, service)
    owner, root, filters = owner_of(caller), root_of(request.scope), narrowed(caller, asked.filters)
    events = service.checks.check(owner, asked, filters)
    place = _place(place_name(caller, request.scope))
    if stream:
        return await _streamed(events, root, place, on_error)
    try:
        kept = await streaming.while_connected(request, partial(_last, events, place))
    except (HTTPException, RuntimeError):  # no thread was free for it, or none could be started
        place.close()
        raise
    return CheckedDraftSchema.from_kept(kept, root)


async def _streamed(
    events: Generator[CheckEvent], root: str, place: ExitStack, on_error: Callable[[Exception], str]
) -> StreamingResponse:
    try:
        first = await run_in_threadpool(next, events)
        return streaming.respond(_lines(first, events, root, place), on_error)
    except BaseException:  # no thread was free for it, or the text is unfit
        place.close()
        threading.Thread(target=_close, args=(events,), name="check", daemon=True).start()
        raise


def _close(events: Generator[CheckEvent]) -> None:
    """End a check; not on the event loop, for ending the reading of a file waits for its process."""
    with suppress(ValueError):  # it is at work, and ends with that
        events.close()


@router.get("/checks")
def checks(service: ServiceDependency, caller: CallerDependency) -> ChecksSchema:
    """Your checks that are kept, the newest first."""
    kept = service.checks.kept.all(owner_of(caller))
    return ChecksSchema(checks=[CheckSummarySchema.of(one) for one in kept])


@router.get("/checks/{check_id}")
def kept_check(
    check_id: str, request: Request, service: ServiceDependency, caller: CallerDependency
) -> CheckedDraftSchema:
    """A check as it was."""
    kept = service.checks.kept.get(owner_of(caller), check_id)
    return CheckedDraftSchema.from_kept(kept, root_of(request.scope))


@router.delete("/checks/{check_id}", status_code=204)
def delete(check_id: str, service: ServiceDependency, caller: CallerDependency) -> None:
    """Delete a check, and the file that was checked."""
    service.checks.kept.delete(owner_of(caller), check_id)


@router.get(
    "/checks/{check_id}/report.{form}",
    response_class=Response,
    responses={
        200: {
            "description": "The file",
            "content": {
                kind: {"schema": {"type": "string", "format": "binary"}} for kind in _MEDIA_TYPES.values()
            },
        }
    },
)
def report(
    check_id: str,
    form: ReportForm,
    request: Request,
    service: ServiceDependency,
    caller: CallerDependency,
    language: Annotated[str, Query(max_length=10, description="`de` or `en`; else the draft's.")] = "",
) -> Response:
    """A check as a Word document with comments (the checked file itself, where it was one), or as one HTML file."""
    owner = owner_of(caller)
    kept = service.checks.kept.get(owner, check_id)
    base = str(request.base_url)
    made = service.checks.report(
        owner, kept, form, language or kept.checked.draft.language, lambda citation: address(citation, base)
    )
    name = f"{Path(kept.checked.draft.name).stem or 'check'}-checked.{form}"
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(uploads.base_name(name))}"}
    return Response(made, media_type=_MEDIA_TYPES[form], headers=headers)


def address(citation: Citation, base: str) -> str:
    """Where a citation is opened; ``base`` is the server's address, with a slash at its end."""
    return base + viewer_url(
        citation.document.id, citation.start, citation.end, citation.version, citation.quote
    )


async def _asked(request: Request, service: Service) -> tuple[CheckAsked, bool]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        body = _request(await request.body())
        return body.asked(), body.stream
    if kind == "multipart/form-data":
        return await _file_asked(request, service)
    raise HTTPException(415, 'Send {"text": "…"} as application/json, or a file as multipart/form-data.')


async def _file_asked(request: Request, service: Service) -> tuple[CheckAsked, bool]:
    form = await uploads.receive(request, service.jobs.new_path, service.settings.max_upload_mb * 1_000_000)
    try:
        if len(form.uploads) != 1:
            raise HTTPException(422, "Send one file, in the field `file`.")
        (upload,) = form.uploads
        data = await run_in_threadpool(upload.path.read_bytes)
    finally:
        for upload in form.uploads:
            upload.path.unlink(missing_ok=True)
    sent: dict[str, Any] = {name: form.fields[name][-1] for name in _FIELDS if form.fields.get(name)}
    sent["documents"] = form.fields.get("documents", [])
    body = _request(json.dumps({"text": "-", "name": upload.name, **sent}).encode())
    return CheckAsked(file=data, name=body.name, again=body.again, filters=body.filters()), body.stream


def _request(body: bytes) -> CheckRequest:
    try:
        return CheckRequest.model_validate_json(body)
    except ValidationError as error:
        raise RequestValidationError(
            [{**detail, "loc": ("body", *detail["loc"])} for detail in error.errors()]
        ) from error


def _place(name: str) -> ExitStack:
    """One of a caller's places, until it is closed. Raises `HTTPException` (429) where there is none."""
    place = ExitStack()
    if name:
        give_back = _under_way.take(name)
        if give_back is None:
            detail = f"{MOST_AT_ONCE} checks of yours are under way already. Wait for one, or stop it."
            raise HTTPException(429, detail, {"Retry-After": "10"})
        place.callback(give_back)
    return place


def _last(events: Generator[CheckEvent], place: ExitStack, disconnected: threading.Event) -> KeptCheck:
    """The whole check. Raises `ClientDisconnect`, the check stopped, as soon as ``disconnected`` is set."""
    with place, closing(events):
        for event in events:
            if isinstance(event, KeptCheck):
                return event
            if disconnected.is_set():
                break
    raise ClientDisconnect


def _lines(first: CheckEvent, events: Generator[CheckEvent], root: str, place: ExitStack) -> Iterator[str]:
    with place, closing(events):
        for event in chain([first], events):
            yield _sent(event, root)


def _sent(event: CheckEvent, root: str) -> str:
    match event:
        case ReadingDraft():
            return _READING
        case ReadDraft():
            return streaming.event("draft", DraftSchema.of(event.draft).model_dump_json())
        case DraftCut():
            return streaming.event("cutting", CuttingEventSchema.of(event).model_dump_json())
        case ClaimsAwaited():
            return streaming.event("claims", "{}")
        case SentenceChecked():
            return streaming.event("sentence", SentenceEventSchema.of(event, root).model_dump_json())
        case QuotationChecked():
            return streaming.event("quotation", QuotationEventSchema.of(event, root).model_dump_json())
        case KeptCheck():
            return streaming.event("done", CheckedDraftSchema.from_kept(event, root).model_dump_json())


def failed(error: Exception) -> str:
    return streaming.event("error", bytes(problems.of(error).body).decode())
