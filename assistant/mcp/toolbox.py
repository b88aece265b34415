"""What the tools do: over a service in this process, or through the server that holds the data folder."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from assistant.access.callers import EVERYONE, Caller
from assistant.api.documents import DocumentFilter, documents_page
from assistant.api.schemas.answers import AnswerSchema, HitsSchema
from assistant.api.schemas.documents import DocumentsSchema, JobSchema
from assistant.core import checked
from assistant.errors import BadQuestion, NotFound
from assistant.http.dependencies import narrowed
from assistant.http.streaming import last_answer
from assistant.service.service import Service
from assistant.settings import Settings
from assistant.types import Filters
from ingest.client.remote import Refused, Remote
from ingest.client.targets import lock_or_owner
from ingest.store.lock import FolderLock, Owner

_POLL = 0.2  # seconds between two looks at a job
_PATIENCE = 120.0  # seconds that a tool waits for a document to be stored


class Toolbox(Protocol):
    """Answers have the shapes of the HTTP API. Raises errors of this product, whose messages say what to do."""

    def ask(self, question: str, documents: Sequence[str], gone: threading.Event) -> AnswerSchema:
        """``gone`` is set once nobody waits for the answer."""

    def search(self, query: str, limit: int, documents: Sequence[str]) -> HitsSchema: ...
    def documents(self, query: str, limit: int, offset: int) -> DocumentsSchema: ...
    def add_page(self, url: str) -> JobSchema:
        """Returns when the page is stored or has failed, or after some minutes."""

    def add_text(self, title: str, text: str) -> JobSchema:
        """Likewise; a text of the same title is replaced."""

    def close(self) -> None: ...


def open_toolbox(settings: Settings, command: str) -> Toolbox:
    """Over the data folder, or through the server that holds it. Raises `StoreLocked` where another process does."""
    held = lock_or_owner(settings.data_dir, command)
    return Here(Service(settings, lock=held).start()) if isinstance(held, FolderLock) else There(held)


class Here:
    """Over a service in this process. ``base`` is the address that citations open at; empty where no server runs."""

    def __init__(self, service: Service, caller: Caller = EVERYONE, base: str = "") -> None:
        self._service = service
        self._caller = caller
        self._base = base

    def ask(self, question: str, documents: Sequence[str], gone: threading.Event) -> AnswerSchema:
        filters = narrowed(self._caller, Filters(documents=tuple(documents)))
        events = self._service.wait().stream(checked(question), filters=filters)
        return AnswerSchema.of(last_answer(events, gone), self._base)

    def search(self, query: str, limit: int, documents: Sequence[str]) -> HitsSchema:
        filters = narrowed(self._caller, Filters(documents=tuple(documents)))
        return HitsSchema.of(self._service.wait().search(checked(query), limit, filters))

    def documents(self, query: str, limit: int, offset: int) -> DocumentsSchema:
        records = self._service.wait().index.records()
        return documents_page(records, self._caller, DocumentFilter(query=query), limit, offset)

    def add_page(self, url: str) -> JobSchema:
        return self._stored(self._service.jobs.submit_url(url, added_by=self._caller.known_name).id)

    def add_text(self, title: str, text: str) -> JobSchema:
        name = name_of(title)
        path = self._service.jobs.new_path(name)
        path.write_text(markdown(title, text), encoding="utf-8")
        return self._stored(self._service.jobs.submit(name, path, added_by=self._caller.known_name).id)

    def close(self) -> None:
        self._service.close()

    def _stored(self, job_id: str) -> JobSchema:
        return _waited(lambda: JobSchema.of(self._service.jobs.get(job_id)))


class There:
    """Through the server that holds the data folder."""

    def __init__(self, owner: Owner) -> None:
        self._remote = Remote(owner)

    def ask(self, question: str, documents: Sequence[str], gone: threading.Event) -> AnswerSchema:
        body = {"question": checked(question), "documents": list(documents)}
        answer = AnswerSchema.model_validate(self._call("POST", "/api/ask", json=body))
        for citation in answer.citations:
            citation.url = self._remote.url + citation.url
        return answer

    def search(self, query: str, limit: int, documents: Sequence[str]) -> HitsSchema:
        body = {"query": checked(query), "limit": limit, "documents": list(documents)}
        return HitsSchema.model_validate(self._call("POST", "/api/search", json=body))

    def documents(self, query: str, limit: int, offset: int) -> DocumentsSchema:
        wanted = {"query": query, "limit": limit, "offset": offset}
        return DocumentsSchema.model_validate(self._call("GET", "/api/documents", params=wanted))

    def add_page(self, url: str) -> JobSchema:
        return self._stored(self._call("POST", "/api/documents", json={"url": url}))

    def add_text(self, title: str, text: str) -> JobSchema:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "text.md"
            path.write_text(markdown(title, text), encoding="utf-8")
            with path.open("rb") as file:
                files = [("files", (name_of(title), file))]
                return self._stored(self._call("POST", "/api/documents", files=files))

    def close(self) -> None:
        self._remote.close()

    def _stored(self, accepted: Any) -> JobSchema:
        job_id = accepted["jobs"][0]["id"]
        return _waited(lambda: JobSchema.model_validate(self._call("GET", f"/api/jobs/{job_id}")))

    def _call(self, method: str, path: str, **options: Any) -> Any:
        try:
            return self._remote.call(method, path, **options)
        except Refused as error:
            kinds: dict[int, type[Exception]] = {404: NotFound, 422: BadQuestion}
            raise (
                kinds.get(error.status, type(error))(str(error)) if error.status in kinds else error
            ) from error


def name_of(title: str) -> str:
    """The name under which a text of that title is known, so that the next of the same title replaces it."""
    kept = "".join(letter if letter.isalnum() or letter in " -_" else " " for letter in title)
    return f"{' '.join(kept.split())[:100] or 'text'}.md"


def markdown(title: str, text: str) -> str:
    """A text under its title."""
    return f"# {' '.join(title.split())}\n\n{text}\n"


def _waited(look: Callable[[], JobSchema]) -> JobSchema:
    """The job when it has ended, or as it stands when patience has."""
    deadline = time.monotonic() + _PATIENCE
    while (job := look()).state in ("queued", "running") and time.monotonic() < deadline:
        time.sleep(_POLL)
    return job
