"""The documents: listing, adding, reading, removing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from assistant.access.callers import Caller
from assistant.api import uploads
from assistant.api.schemas.documents import (
    AcceptedJobs,
    DocumentSchema,
    DocumentsSchema,
    EditSchema,
    EditsSchema,
    TextSchema,
    VersionSchema,
    VersionsSchema,
)
from assistant.api.schemas.requests import REVERSED, CorrectionRequest, MoveRequest, UrlRequest
from assistant.errors import NotFound
from assistant.http.dependencies import CallerDependency, ServiceDependency
from assistant.http.urls import root_of
from assistant.service.edits import edits_of
from assistant.service.jobs import Job
from assistant.service.service import Service
from assistant.types import EVERYTHING, Filters
from ingest.store.index import Index
from ingest.store.stories import Stories
from ingest.types import Record

router = APIRouter(prefix="/documents", tags=["documents"])

# What a browser may show in its own window; everything else it saves.
_SHOWN = {".pdf": "application/pdf", ".txt": "text/plain", ".text": "text/plain"}
_PAGES = ("text/html", "application/xhtml+xml")  # what a browser might run if it did not save it
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
                        "on_conflict": {
                            "type": "string",
                            "enum": ["replace", "keep_both"],
                            "default": "replace",
                            "description": "What happens where there is another document of a file's name.",
                        },
                    },
                    "required": ["files"],
                }
            },
            "application/json": {
                "schema": UrlRequest.model_json_schema(),
                "example": {"url": "https://example.org/article.html"},
            },
        },
    }
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFilter:
    """Which documents are listed: words of the title or the source, a language code, days of publication, inclusive.

    ``story`` is the id of a document whose story they tell.
    """

    query: str = ""
    story: str = ""
    language: str = ""
    days: Filters = EVERYTHING

    def matches(self, record: Record) -> bool:
        """But for the days."""
        named = f"{record.title}\n{record.shown_source}\n{record.source}".casefold()
        return all(word in named for word in self.query.casefold().split()) and self.language in (
            "",
            record.language,
        )


@router.get("")
def documents(
    service: ServiceDependency,
    caller: CallerDependency,
    query: Annotated[str, Query(max_length=1_000, description="Words of the title or the source.")] = "",
    language: Annotated[str, Query(max_length=10, description="A language code, as in `de`.")] = "",
    published_from: Annotated[date | None, Query(description="The first day of publication.")] = None,
    published_to: Annotated[date | None, Query(description="The last day of publication.")] = None,
    include_undated: Annotated[
        bool, Query(description="With either day: also those without a date.")
    ] = False,
    story: Annotated[
        str, Query(max_length=64, description="Only the copies of this document's story, the earliest first.")
    ] = "",
    limit: Annotated[int, Query(ge=1, le=1_000)] = 50,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> DocumentsSchema:
    """The catalogue, newest first."""
    if published_from and published_to and published_from > published_to:
        raise HTTPException(422, REVERSED)
    days = Filters(published_from=published_from, published_to=published_to, include_undated=include_undated)
    chosen = DocumentFilter(query=query, language=language, days=days, story=story)
    index = service.assistant.index
    return documents_page(index.records(), index.stories, caller, chosen, limit, offset)


def documents_page(
    records: Sequence[Record],
    stories: Stories,
    caller: Caller,
    chosen: DocumentFilter,
    limit: int,
    offset: int,
) -> DocumentsSchema:
    """The records that fit and that the caller may see, from ``offset``, at most ``limit``."""
    if chosen.story:
        records = stories.of(chosen.story) if caller.sees(chosen.story) else ()
    restricted = caller.documents or chosen.query or chosen.language
    named = (
        [record for record in records if caller.sees(record.id) and chosen.matches(record)]
        if restricted
        else records
    )
    matching = (
        [record for record in named if chosen.days.allows(record.published)] if chosen.days.in_days else named
    )
    undated = 0 if chosen.days.allows(None) else sum(record.published is None for record in named)
    page = [
        DocumentSchema.of(record, seen_story(record, stories, caller))
        for record in matching[offset : offset + limit]
    ]
    return DocumentsSchema(total=len(matching), documents=page, undated_left_out=undated)


def seen_story(record: Record, stories: Stories, caller: Caller) -> list[Record]:
    """The documents of a document's story that the caller may see, the earliest first."""
    return [copy for copy in stories.of(record.id) if caller.sees(copy.id)]


@router.post("", status_code=202, openapi_extra=_BODY)
async def add(request: Request, service: ServiceDependency, caller: CallerDependency) -> AcceptedJobs:
    """Add files (multipart, field `files`) or a web page (JSON). They are read in the background, as jobs.

    A file of a name that a document has already replaces that, which its job says; with the field
    `on_conflict=keep_both` it becomes another document instead, such as "plan (2).txt".
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return AcceptedJobs.of(await _add_files(request, service, caller.known_name))
    if kind == "application/json":
        body = _url(await request.body())
        return AcceptedJobs.of([service.jobs.submit_url(body.url, added_by=caller.known_name)])
    raise HTTPException(
        415, 'Send files as multipart/form-data, or {"url": "https://…"} as application/json.'
    )


@router.get("/{document_id}")
def document(document_id: str, service: ServiceDependency, caller: CallerDependency) -> DocumentSchema:
    """What is known of one document."""
    record = service.record(document_id)
    return DocumentSchema.of(record, seen_story(record, service.assistant.index.stories, caller))


@router.get("/{document_id}/text")
def text(
    document_id: str,
    service: ServiceDependency,
    version: Annotated[
        str, Query(max_length=64, description="An earlier version; without one, the present text.")
    ] = "",
) -> TextSchema:
    """A document's whole text, to which the offsets of citations of that version refer."""
    return text_for(service.assistant.index, service.record(document_id), version)


def text_for(index: Index, record: Record, version: str) -> TextSchema:
    """The text of a document, of an earlier version where one is named. Raises `NotFound`."""
    present = index.texts.version_of(record)
    if version in ("", present):
        return TextSchema(id=record.id, text=index.texts.of(record), version=present)
    kept = next((one for one in index.history.earlier(record.id) if one.version == version), None)
    said = index.history.text(kept) if kept else ""
    if not said:
        raise NotFound(f"The version {version!r} of {record.title!r} is not kept.")
    return TextSchema(id=record.id, text=said, version=version)


@router.get("/{document_id}/versions")
def versions(document_id: str, request: Request, service: ServiceDependency) -> VersionsSchema:
    """The version that a document has now, and the earlier ones that are kept."""
    record, index = service.record(document_id), service.assistant.index
    root = root_of(request.scope)
    earlier = [VersionSchema.of(version, root) for version in index.history.earlier(record.id)]
    return VersionsSchema(id=record.id, version=index.texts.version_of(record), earlier=earlier)


@router.get("/{document_id}/edits")
def edits(document_id: str, service: ServiceDependency) -> EditsSchema:
    """What was edited of an article after it was first stored from its address: the sentences, and when that was noticed."""
    record, index = service.record(document_id), service.assistant.index
    return EditsSchema(id=record.id, edits=[EditSchema.of(edit) for edit in edits_of(index, record)])


@router.get("/{document_id}/original", response_class=FileResponse)
def original(document_id: str, service: ServiceDependency) -> FileResponse:
    """The file as it was added. One on this machine that has changed since is not served."""
    path = service.original(document_id)
    record = service.record(document_id)
    media_type = _SHOWN.get(path.suffix.lower())
    saved = record.media_type if record.media_type not in _PAGES else "application/octet-stream"
    return FileResponse(
        path,
        media_type=media_type or saved,
        filename=uploads.base_name(record.source) or f"original{path.suffix}",
        content_disposition_type="inline" if media_type else "attachment",
    )


@router.patch("/{document_id}")
def correct(
    document_id: str, body: CorrectionRequest, service: ServiceDependency, caller: CallerDependency
) -> DocumentSchema:
    """Correct a document's title, date, authors, source or language, or say that it is no copy of others.

    New versions of its file keep that.
    """
    record = service.correct(document_id, body.changes(), caller.known_name)
    return DocumentSchema.of(record, seen_story(record, service.assistant.index.stories, caller))


@router.post("/{document_id}/move")
def move(
    document_id: str, body: MoveRequest, service: ServiceDependency, caller: CallerDependency
) -> DocumentSchema:
    """Make a document that of another file with the same content, for the command `ingest --sync` on this machine only."""
    if caller.via != "owner":
        raise HTTPException(
            403, "Only the command `ingest --sync` on this machine may say that a file was renamed."
        )
    return DocumentSchema.of(service.move(document_id, body.source))


@router.delete("/{document_id}", status_code=204)
def remove(document_id: str, service: ServiceDependency) -> None:
    """Remove a document and its original; with a mail its attachments, with the id of an archive all that is in it."""
    if not service.remove([document_id]):
        service.remove([service.record(document_id).id])  # its file has another name since


async def _add_files(request: Request, service: Service, added_by: str) -> list[Job]:
    limit = service.settings.max_upload_mb * 1_000_000
    form = await uploads.receive(request, service.jobs.new_path, limit)
    try:
        sources = _sources(form, service.trusts(request.headers.get("x-owner-token")))
        keep_both = _keep_both(form)
    except HTTPException:
        for upload in form.uploads:
            upload.path.unlink(missing_ok=True)
        raise
    return await run_in_threadpool(
        lambda: [
            # A file whose path is known is its own original.
            service.jobs.submit(
                upload.name,
                upload.path,
                source,
                keep_original=source is None,
                added_by=added_by,
                keep_both=keep_both and source is None,
            )
            for upload, source in zip(form.uploads, sources, strict=True)
        ]
    )


def _sources(form: uploads.Form, trusted: bool) -> list[str] | list[None]:
    """Where the files come from, which only the commands of this machine's user may say."""
    sources = form.fields.get("source", [])
    if not form.uploads:
        raise HTTPException(422, "There is no file in the form. Send files in the field 'files'.")
    if sources and not trusted:
        raise HTTPException(403, "Only the command `ingest` on this machine may say where a file comes from.")
    if sources and len(sources) != len(form.uploads):
        raise HTTPException(422, "There must be one field 'source' for each file, or none.")
    return sources or [None] * len(form.uploads)


def _keep_both(form: uploads.Form) -> bool:
    """Whether files become other documents than those of the same name. Raises `HTTPException`."""
    choices = form.fields.get("on_conflict", ["replace"])
    if len(choices) != 1 or choices[0] not in ("replace", "keep_both"):
        raise HTTPException(422, "The field 'on_conflict' must be 'replace' or 'keep_both'.")
    return choices[0] == "keep_both"


def _url(body: bytes) -> UrlRequest:
    try:
        return UrlRequest.model_validate_json(body)
    except ValidationError as error:
        raise RequestValidationError(
            [{**detail, "loc": ("body", *detail["loc"])} for detail in error.errors()]
        ) from error
