"""Two ways to the assistant for its command: opening it here, or through the server that has it open."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Protocol

from assistant.api.schemas.answers import AnswerSchema, StatusSchema
from assistant.api.schemas.documents import DocumentSchema
from assistant.core import Assistant, checked
from assistant.errors import BadQuestion, NotFound
from assistant.settings import Settings
from ingest.client.remote import Refused, Remote
from ingest.client.targets import lock_or_owner
from ingest.client.terminal import working
from ingest.errors import WrongSetting
from ingest.store.index import Index
from ingest.store.lock import FolderLock, Owner


class Door(Protocol):
    """What the command needs; answers have the shapes of the HTTP API."""

    def ask(self, question: str, *, translate: bool = False) -> AnswerSchema:
        """Raises `BadQuestion`."""

    def documents(self) -> Iterator[DocumentSchema]: ...
    def remove(self, document_id: str) -> None:
        """Raises `NotFound`."""

    def status(self) -> StatusSchema:
        """The language model, should one be configured, is asked for a word."""

    def close(self) -> None: ...


def open_door(settings: Settings, command: str) -> Door:
    """Raises `StoreLocked` where a process that is no server has the data folder."""
    held = lock_or_owner(settings.data_dir, command)
    return Alone(settings, held) if isinstance(held, FolderLock) else Client(held)


class Client:
    """The assistant, behind a running server."""

    def __init__(self, owner: Owner) -> None:
        self._remote = Remote(owner)

    def ask(self, question: str, *, translate: bool = False) -> AnswerSchema:
        body = {"question": checked(question), "translate": translate}
        try:
            return AnswerSchema.model_validate(self._remote.call("POST", "/api/ask", json=body))
        except Refused as error:
            raise BadQuestion(str(error)) if error.status == 422 else error from error

    def documents(self) -> Iterator[DocumentSchema]:
        return (DocumentSchema.model_validate(one) for one in self._remote.documents())

    def remove(self, document_id: str) -> None:
        try:
            self._remote.remove(document_id)
        except Refused as error:
            raise NotFound(str(error)) if error.status == 404 else error from error

    def status(self) -> StatusSchema:
        return StatusSchema.model_validate(self._remote.call("GET", "/api/status", params={"check": True}))

    def close(self) -> None:
        self._remote.close()


class Alone:
    """The assistant, opened in this process; the model is loaded only to ask."""

    def __init__(self, settings: Settings, lock: FolderLock) -> None:
        self._settings = settings
        self._lock = lock

    def ask(self, question: str, *, translate: bool = False) -> AnswerSchema:
        return AnswerSchema.of(self._assistant.ask(checked(question), translate=translate))

    def documents(self) -> Iterator[DocumentSchema]:
        return (DocumentSchema.of(record) for record in (self._index.records() if self._index else []))

    def remove(self, document_id: str) -> None:
        removed = self._index.remove([document_id]) if self._index else []
        if not self._index or not removed:
            raise NotFound(f"There is no document {document_id!r}. `assistant documents` lists them.")

    def status(self) -> StatusSchema:
        model: dict[str, object] = {"language_model_problem": _model_problem(self._settings)}
        if self._index:
            return StatusSchema.of(self._settings, self._index, state="stopped", message="", **model)
        none: dict[str, object] = {
            "message": "There are no documents yet. Add some with `ingest`.",
            "languages": {},
            **model,
        }
        return StatusSchema.of(self._settings, None, state="stopped", documents=0, passages=0, **none)

    def close(self) -> None:
        for opened in ("_assistant", "_index"):
            if opened in self.__dict__ and self.__dict__[opened] is not None:
                self.__dict__[opened].close()
        self._lock.release()

    @cached_property
    def _assistant(self) -> Assistant:
        with working("Loading the embedding model…"):
            return Assistant.open(self._settings, lock=self._lock)

    @cached_property
    def _index(self) -> Index | None:
        settings = self._settings
        return Index.open_stored(settings.data_dir, self._lock, chroma_url=settings.chroma_url)


def _model_problem(settings: Settings) -> str | None:
    """What is wrong with the configured language model; None where none is."""
    if not settings.llm:
        return None
    from assistant.llm.model import open_model  # takes seconds

    try:
        with working("Asking the language model…"):
            return open_model(settings).problem()
    except WrongSetting as error:
        return str(error)
