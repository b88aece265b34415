"""Two ways to the assistant for its command: opening it here, or through the server that has it open."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Protocol

from assistant.core import Assistant, checked
from assistant.errors import BadQuestion, NotFound
from assistant.server import document_shapes, shapes
from assistant.settings import Settings
from ingest.doors import hold
from ingest.errors import WrongSetting
from ingest.index import Index
from ingest.locking import FolderLock, Owner
from ingest.remote import Refused, Remote
from ingest.terminal import working


class Door(Protocol):
    """What the command needs; answers have the shapes of the HTTP API."""

    def ask(self, question: str, *, translate: bool = False) -> shapes.Answer:
        """Raises `BadQuestion`."""

    def documents(self) -> Iterator[document_shapes.Document]: ...
    def remove(self, document_id: str) -> None:
        """Raises `NotFound`."""

    def status(self) -> shapes.Status:
        """The language model, should one be configured, is asked for a word."""

    def close(self) -> None: ...


def open_door(settings: Settings, command: str) -> Door:
    """Raises `StoreLocked` where a process that is no server has the data folder."""
    held = hold(settings.data_dir, command)
    return Alone(settings, held) if isinstance(held, FolderLock) else Client(held)


class Client:
    """The assistant, behind a running server."""

    def __init__(self, owner: Owner) -> None:
        self._remote = Remote(owner)

    def ask(self, question: str, *, translate: bool = False) -> shapes.Answer:
        body = {"question": checked(question), "translate": translate}
        try:
            return shapes.Answer.model_validate(self._remote.call("POST", "/api/ask", json=body))
        except Refused as error:
            raise BadQuestion(str(error)) if error.status == 422 else error from error

    def documents(self) -> Iterator[document_shapes.Document]:
        return (document_shapes.Document.model_validate(one) for one in self._remote.documents())

    def remove(self, document_id: str) -> None:
        try:
            self._remote.remove(document_id)
        except Refused as error:
            raise NotFound(str(error)) if error.status == 404 else error from error

    def status(self) -> shapes.Status:
        return shapes.Status.model_validate(self._remote.call("GET", "/api/status", params={"check": True}))

    def close(self) -> None:
        self._remote.close()


class Alone:
    """The assistant, opened in this process; the model is loaded only to ask."""

    def __init__(self, settings: Settings, lock: FolderLock) -> None:
        self._settings = settings
        self._lock = lock

    def ask(self, question: str, *, translate: bool = False) -> shapes.Answer:
        return shapes.Answer.of(self._assistant.ask(checked(question), translate=translate))

    def documents(self) -> Iterator[document_shapes.Document]:
        return (
            document_shapes.Document.of(record) for record in (self._index.records() if self._index else [])
        )

    def remove(self, document_id: str) -> None:
        removed = self._index.remove([document_id]) if self._index else []
        if not self._index or not removed:
            raise NotFound(f"There is no document {document_id!r}. `assistant documents` lists them.")

    def status(self) -> shapes.Status:
        model: dict[str, object] = {"language_model_problem": _model_problem(self._settings)}
        if self._index:
            return shapes.Status.of(self._settings, self._index, state="stopped", message="", **model)
        none: dict[str, object] = {
            "message": "There are no documents yet. Add some with `ingest`.",
            "languages": {},
            **model,
        }
        return shapes.Status.of(self._settings, None, state="stopped", documents=0, passages=0, **none)

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
