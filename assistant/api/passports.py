"""Quotes carried away as files, and files with quotes verified."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from assistant.access.callers import Caller
from assistant.api import uploads
from assistant.api.schemas.passports import FILES, ITEMS, ExportRequest, VerificationSchema, VerifyRequest
from assistant.errors import NotFound
from assistant.http.body_limits import SIZES
from assistant.http.dependencies import CallerDependency, ServiceDependency
from assistant.http.urls import address_of, root_of
from assistant.passports.carried import carried_in
from assistant.passports.exporting import FORMS, exported
from assistant.passports.making import PassportOffice
from assistant.passports.types import ExportedFile
from assistant.passports.verifying import QuoteVerifier
from ingest.store.index import Index

router = APIRouter(tags=["quotes"])

_NAMED = 5  # places that an error names
_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file.",
        "content": {
            kind.partition(";")[0]: {"schema": ITEMS if form == "csl" else FILES}
            for form, (_, kind) in FORMS.items()
        },
    }
}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {"type": "object", "properties": {"file": FILES}, "required": ["file"]}
            },
            "application/json": {"schema": VerifyRequest.model_json_schema()},
        },
    }
}


@router.post("/export", response_class=Response, responses=_FILE)
def export(
    body: ExportRequest, request: Request, service: ServiceDependency, caller: CallerDependency
) -> Response:
    """Quotes as a file: Markdown, HTML or Word with a footnote for each, CSL-JSON, RIS or BibTeX.

    Each has its passport: who says it where, when the document was published and retrieved, its page, offsets, the SHA-256 of
    the document's text, and a link that opens it at the words. `POST /api/verify` tells later whether they still stand there.
    """
    file = export_for(service.assistant.index, caller, f"{address_of(request.scope)}/", body)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}"}
    if file.missing:
        headers["X-Left-Out"] = str(len(file.missing))
    return Response(file.content, media_type=file.media_type, headers=headers)


@router.post("/verify", openapi_extra=_BODY)
async def verify(
    request: Request, service: ServiceDependency, caller: CallerDependency
) -> VerificationSchema:
    """Whether the quotes in a file still stand where it says: one that was exported here, or an answer's JSON.

    Send the file (multipart, field `file`) or its text (JSON).
    """
    data, name = await sent_file(request)
    base = f"{root_of(request.scope)}/"
    return await run_in_threadpool(lambda: verify_for(service.assistant.index, caller, base, data, name))


def export_for(index: Index, caller: Caller, base: str, asked: ExportRequest) -> ExportedFile:
    """The file, of what the caller may see; links are relative to ``base``. Raises `NotFound` where words are missing."""
    office = PassportOffice(index, caller.sees, base, asked.language)
    places = [one.place() for one in asked.citations]
    answers = [one.carried(asked.language) for one in asked.answers]
    file = exported(office, asked.form, places, answers, asked.title)
    if file.missing and not asked.leave_out_missing:
        named = ", ".join(f"{one.document_id} {one.start}-{one.end}" for one in file.missing[:_NAMED])
        more = f" and {len(file.missing) - _NAMED:,} more" if len(file.missing) > _NAMED else ""
        raise NotFound(
            f"There are no such words (any more): {named}{more}. With leave_out_missing the file goes without them."
        )
    return file


def verify_for(index: Index, caller: Caller, base: str, data: bytes, name: str) -> VerificationSchema:
    """A verdict for each quote of a file, by what the caller may see. Raises `BadQuestion` or a `SourceError`."""
    verifier = QuoteVerifier(index, caller.sees, base)
    return VerificationSchema.of(list(verifier.verified(carried_in(data, name))))


async def sent_file(request: Request) -> tuple[bytes, str]:
    """The bytes of the file in a request, and its name."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        with tempfile.TemporaryDirectory() as folder:
            form = await uploads.receive(
                request, lambda name: Path(folder) / f"{len(list(Path(folder).iterdir()))}", SIZES["text"]
            )
            if not form.uploads:
                raise HTTPException(422, "There is no file in the form. Send one in the field 'file'.")
            return form.uploads[0].path.read_bytes(), form.uploads[0].name
    if kind == "application/json":
        try:
            body = VerifyRequest.model_validate_json(await request.body())
        except ValidationError as error:
            raise RequestValidationError(
                [{**detail, "loc": ("body", *detail["loc"])} for detail in error.errors()]
            ) from error
        return body.text.encode("utf-8", "replace"), body.name
    raise HTTPException(415, 'Send a file as multipart/form-data, or {"text": "…"} as application/json.')
