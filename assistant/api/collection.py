"""The whole collection as one file: given out, and brought in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from assistant.http.dependencies import ServiceDependency
from assistant.service.service import Service
from ingest.collection_file import export, head_of, import_all
from ingest.errors import SourceError, StoreError

router = APIRouter(prefix="/collection", tags=["documents"])

_ZIP = "application/zip"
_ANY = "application/octet-stream"  # what curl and programs send, whatever the file is
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {_ANY: {"schema": {"type": "string", "format": "binary"}}},
    },
    "responses": {"200": {"content": {"application/x-ndjson": {"schema": {"type": "string"}}}}},
}


class _Passing(FileResponse):
    """A file that is deleted once it has been sent, or has not."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            Path(self.path).unlink(missing_ok=True)


@router.get("", response_class=FileResponse)
def give(service: ServiceDependency) -> FileResponse:
    """All documents with their vectors, originals, corrections and earlier versions, as one ZIP."""
    path = service.jobs.new_path("collection.zip")
    try:
        for _ in export(service.assistant.index, service.originals, path):
            pass
    except OSError as error:
        raise StoreError(
            f"The collection cannot be written: {error.strerror or error}. Make room."
        ) from error
    return _Passing(path, media_type=_ZIP, filename=f"collection-{datetime.now(UTC):%Y-%m-%d}.zip")


@router.post("", response_class=StreamingResponse, openapi_extra=_BODY)
async def take(request: Request, service: ServiceDependency) -> StreamingResponse:
    """Bring a collection in, as `GET` gives it: a line of JSON for each document, as it is stored.

    A document that is here with the same text stays as it is; another text replaces it, which is kept as an earlier version.
    """
    path = service.jobs.new_path("collection.zip")
    try:
        with path.open("xb") as file:
            async for piece in request.stream():
                await run_in_threadpool(file.write, piece)
        await run_in_threadpool(head_of, path)
    except SourceError as error:
        path.unlink(missing_ok=True)
        raise type(error)("The file", error.code) from error
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return StreamingResponse(_lines(service, path), media_type="application/x-ndjson")


def _lines(service: Service, path: Path) -> Iterator[bytes]:
    assistant = service.assistant
    try:
        results = import_all(path, assistant.index, service.originals, lambda: assistant.embedder)
        while True:
            with service.trash.moving:  # nobody corrects or removes what is just being replaced
                result = next(results, None)
            if result is None:
                return
            yield json.dumps(result.line(), ensure_ascii=False).encode() + b"\n"
    finally:
        path.unlink(missing_ok=True)
