"""The assistant as its command and the tools of MCP use it: in this process, or through the server that has it open."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from assistant.access.callers import EVERYONE, Caller
from assistant.api.schemas.answers import AnswerSchema, HitsSchema, IntegritySchema, StatusSchema
from assistant.api.schemas.documents import DocumentSchema, DocumentsSchema, JobSchema, TextSchema
from assistant.api.schemas.drafts import CheckedDraftSchema
from assistant.api.schemas.followed import FollowedSchema
from assistant.api.schemas.passports import ExportRequest, VerificationSchema
from assistant.api.schemas.requests import WordSearchRequest
from assistant.api.schemas.sources import SourcesRequest, SourceTableSchema
from assistant.api.schemas.statements import SpeakersSchema, SpokenStatementsSchema, StatementsRequest
from assistant.api.schemas.words import WordHitsSchema
from assistant.core import Assistant, checked
from assistant.draft_clients import OnProgress, check_here, check_there, no_progress, report_here
from assistant.errors import AssistantError, BadDraft, BadQuestion, NotFound
from assistant.retrieval.retriever import HITS
from assistant.service.corrections import correct, read_changes
from assistant.service.draft_checks import CheckAsked, DraftChecks, ReportForm
from assistant.settings import Settings
from assistant.types import Answer, DoneEvent, Event, Filters, Turn
from ingest.client.remote import Refused, Remote
from ingest.client.targets import IsCancelled, LocalTarget, lock_or_owner, never
from ingest.client.terminal import working
from ingest.errors import Cancelled, WrongSetting
from ingest.store.index import Index
from ingest.store.lock import FolderLock, Owner
from ingest.store.stories import Stories
from ingest.types import Record

if TYPE_CHECKING:  # only `assistant mcp` needs a service
    from assistant.service.follow_list import FollowList
    from assistant.service.service import Service
    from assistant.service.worker import IngestWorker


class AssistantClient(Protocol):
    """Answers have the shapes of the HTTP API. Every method raises errors of this product, whose messages say what to do."""

    url: str  # the address that the URLs of citations are relative to; empty where no server runs

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        documents: Sequence[str] = (),
        translate: bool = False,
        timeline: bool = False,
        cancelled: IsCancelled = never,
    ) -> AnswerSchema:
        """Answer from ``documents``, or from all where there are none; with ``timeline`` by the course of events.

        Raises `BadQuestion`, and `Cancelled` once ``cancelled()``: then a language model stops, too.
        """

    def search(self, query: str, *, documents: Sequence[str] = (), limit: int = HITS) -> HitsSchema:
        """The best passages, best first. Raises `BadQuestion`."""

    def search_words(self, asked: WordSearchRequest) -> WordHitsSchema:
        """Where words and phrases stand, word for word. Raises `BadQuestion`."""

    def statements(self, asked: StatementsRequest) -> SpokenStatementsSchema:
        """What somebody says, word for word. Raises `BadQuestion`."""

    def sources(self, asked: SourcesRequest) -> SourceTableSchema:
        """What each document, outlet or story says to a question. Raises `BadQuestion`."""

    def speakers(self, query: str, limit: int, offset: int) -> SpeakersSchema:
        """A page of those who speak, of whose names words begin as those of ``query``."""

    def check(
        self, asked: CheckAsked, on_progress: OnProgress = no_progress, cancelled: IsCancelled = never
    ) -> CheckedDraftSchema:
        """Check a draft, which is kept. Raises `BadDraft`, a `SourceError` or `Refused` for a file, and `Cancelled`."""

    def check_report(self, check_id: str, form: ReportForm, language: str) -> bytes:
        """A kept check as a file. Raises `NotFound`."""

    def export(self, asked: ExportRequest) -> bytes:
        """Quotes as a file. Raises `NotFound` where words are missing."""

    def verify(self, data: bytes, name: str) -> VerificationSchema:
        """Whether the quotes of a file stand. Raises `BadQuestion` or a `SourceError` where it cannot be read."""

    def documents(self, query: str, limit: int, offset: int) -> DocumentsSchema:
        """A page of the documents whose title or source has all words of ``query``, newest first."""

    def all_documents(self) -> Iterator[DocumentSchema]: ...
    def text(self, document_id: str, version: str = "") -> TextSchema:
        """A document's whole text, of an earlier version where one is named. Raises `NotFound`."""

    def correct(
        self, document_id: str, written: Mapping[str, str], withdrawn: Sequence[str]
    ) -> DocumentSchema:
        """Correct fields, as `service.corrections.read_changes` reads them. Raises `BadCorrection` or `NotFound`."""

    def remove(self, document_id: str) -> None:
        """Remove a document, and its original unless another document uses the same. Raises `NotFound`."""

    def status(self) -> StatusSchema:
        """The language model, if one is configured, is asked whether it answers."""

    def integrity(self) -> IntegritySchema | None:
        """A look at all that is stored; None where nothing is yet."""

    def add_page(self, url: str) -> JobSchema:
        """Begin to fetch and store a web page; `job` says how far it has come."""

    def add_text(self, title: str, text: str) -> JobSchema:
        """Begin to store a text, in Markdown, in place of the one of the same title. Returns as `add_page` does."""

    def job(self, job_id: str) -> JobSchema:
        """What has become of a document that is being added."""

    def follow(self, source: str) -> FollowedSchema:
        """Follow an address or, by its absolute path, a folder of this machine; a running server visits it.

        Raises a `SourceError` or, from a server, `BadQuestion`, and `Conflict`.
        """

    def followed(self) -> list[FollowedSchema]:
        """What is followed, the first added first."""

    def unfollow(self, followed_id: str) -> FollowedSchema:
        """Follow it no longer; its documents stay. Raises `NotFound`."""

    def close(self) -> None: ...


def open_client(settings: Settings, command: str, *, serving: bool = False) -> AssistantClient:
    """The assistant over the data folder, or through the server that holds it.

    With ``serving``, for many calls at once, a service begins to load the models. Raises `StoreLocked` where a
    process that is no server holds the folder.
    """
    held = lock_or_owner(settings.data_dir, command)
    if not isinstance(held, FolderLock):
        return ServerClient(held)
    return LocalClient(settings, _service(settings, held) if serving else LocalTarget(settings, held))


class LocalClient:
    """The assistant in this process, for ``caller``: over a service, or for one command over the index alone.

    Without a service no more is opened than a call needs: only `ask` and `search` load the models.
    """

    def __init__(
        self, settings: Settings, opened: Service | LocalTarget, caller: Caller = EVERYONE, url: str = ""
    ) -> None:
        self.url = url
        self._settings = settings
        self._opened = opened
        self._caller = caller
        self._loaded: Assistant | None = None  # without a service

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        documents: Sequence[str] = (),
        translate: bool = False,
        timeline: bool = False,
        cancelled: IsCancelled = never,
    ) -> AnswerSchema:
        asked, filters = checked(question), self._filters(documents)
        events = self._assistant().stream(asked, history, filters, translate=translate, timeline=timeline)
        return AnswerSchema.of(_answer(events, cancelled))

    def search(self, query: str, *, documents: Sequence[str] = (), limit: int = HITS) -> HitsSchema:
        asked, filters = checked(query), self._filters(documents)
        return HitsSchema.of(self._assistant().search(asked, limit, filters))

    def search_words(self, asked: WordSearchRequest) -> WordHitsSchema:
        from assistant.api.word_search import words_for  # imports FastAPI

        index = self._index()
        if index is None:
            return WordHitsSchema(total=0, documents=0, counted=True, hits=[])
        return WordHitsSchema.of(words_for(index, self._caller, asked))

    def statements(self, asked: StatementsRequest) -> SpokenStatementsSchema:
        from assistant.api.statements import statements_for  # imports FastAPI

        index = self._index()
        if index is None:
            return SpokenStatementsSchema(total=0, statements=[])
        if asked.about.strip():  # only a topic needs the model
            assistant = self._assistant()
            return SpokenStatementsSchema.of(
                statements_for(assistant.index, assistant.retriever, self._caller, asked)
            )
        return SpokenStatementsSchema.of(statements_for(index, None, self._caller, asked))

    def sources(self, asked: SourcesRequest) -> SourceTableSchema:
        from assistant.api.sources import sources_for  # imports FastAPI

        return SourceTableSchema.of(sources_for(self._assistant(), self._caller, asked))

    def speakers(self, query: str, limit: int, offset: int) -> SpeakersSchema:
        from assistant.api.statements import speakers_for  # imports FastAPI

        index = self._index()
        if index is None:
            return SpeakersSchema(total=0, unnamed=0, speakers=[])
        return speakers_for(index, self._caller, query, limit, offset)

    def check(
        self, asked: CheckAsked, on_progress: OnProgress = no_progress, cancelled: IsCancelled = never
    ) -> CheckedDraftSchema:
        filters = self._filters(asked.filters.documents)
        return check_here(
            self._checks(), self._caller, replace(asked, filters=filters), on_progress, cancelled
        )

    def check_report(self, check_id: str, form: ReportForm, language: str) -> bytes:
        return report_here(self._checks(), self._caller, check_id, form, language)

    def _checks(self) -> DraftChecks:
        if not isinstance(self._opened, LocalTarget):
            return self._opened.checks
        return DraftChecks(self._settings.data_dir / "checks", self._assistant)

    def export(self, asked: ExportRequest) -> bytes:
        from assistant.api.passports import export_for  # imports FastAPI

        index = self._index()
        if index is None:
            raise NotFound("There are no documents yet. Add some with `ingest`.")
        return export_for(index, self._caller, self._base(), asked).content

    def verify(self, data: bytes, name: str) -> VerificationSchema:
        from assistant.api.passports import verify_for  # imports FastAPI

        index = self._index()
        if index is None:
            raise NotFound("There are no documents yet. Add some with `ingest`.")
        return verify_for(index, self._caller, self._base(), data, name)

    def documents(self, query: str, limit: int, offset: int) -> DocumentsSchema:
        from assistant.api.documents import DocumentFilter, documents_page  # imports FastAPI

        chosen = DocumentFilter(query=query)
        return documents_page(self._records(), self._stories(), self._caller, chosen, limit, offset)

    def all_documents(self) -> Iterator[DocumentSchema]:
        from assistant.api.documents import seen_story  # imports FastAPI

        stories = self._stories()
        return (
            DocumentSchema.of(record, seen_story(record, stories, self._caller))
            for record in self._records()
            if self._caller.sees(record.id)
        )

    def text(self, document_id: str, version: str = "") -> TextSchema:
        from assistant.api.documents import text_for  # imports FastAPI

        index = self._index()
        record = index.record(document_id) if index and self._caller.sees(document_id) else None
        if index is None or record is None:
            raise NotFound(f"There is no document {document_id!r}. `assistant documents` lists them.")
        return text_for(index, record, version)

    def _stories(self) -> Stories:
        index = self._index()
        return index.stories if index else Stories()

    def correct(
        self, document_id: str, written: Mapping[str, str], withdrawn: Sequence[str]
    ) -> DocumentSchema:
        changes, by = read_changes(written, tuple(withdrawn)), self._caller.known_name
        if not isinstance(self._opened, LocalTarget):
            self._opened.wait()
            return DocumentSchema.of(self._opened.correct(document_id, changes, by))
        index = self._assistant().index if "title" in {*changes.values, *changes.withdrawn} else self._index()
        if index is None:
            raise NotFound(f"There is no document {document_id!r}: there are none yet.")
        return DocumentSchema.of(correct(index, lambda: self._assistant().embedder, document_id, changes, by))

    def remove(self, document_id: str) -> None:
        if not self._opened.remove([document_id]):
            raise NotFound(f"There is no document {document_id!r}. `assistant documents` lists them.")

    def status(self) -> StatusSchema:
        index = self._index()
        state = "stopped" if isinstance(self._opened, LocalTarget) else self._opened.state
        details: dict[str, object] = {
            "state": state,
            "language_model_problem": _model_problem(self._settings),
        }
        if index is not None:
            return StatusSchema.of(self._settings, index, message="", **details)
        details |= {"documents": 0, "passages": 0, "languages": {}}
        message = "There are no documents yet. Add some with `ingest`."
        return StatusSchema.of(self._settings, None, message=message, **details)

    def integrity(self) -> IntegritySchema | None:
        index = self._index()
        return IntegritySchema.of(index.integrity(), self._settings.data_dir) if index else None

    def add_page(self, url: str) -> JobSchema:
        return JobSchema.of(self._jobs().submit_url(url, added_by=self._caller.known_name))

    def add_text(self, title: str, text: str) -> JobSchema:
        jobs, name = self._jobs(), _file_name(title)
        path = jobs.new_path(name)
        path.write_bytes(_markdown(title, text))
        return JobSchema.of(jobs.submit(name, path, added_by=self._caller.known_name))

    def job(self, job_id: str) -> JobSchema:
        return JobSchema.of(self._jobs().get(job_id))

    def follow(self, source: str) -> FollowedSchema:
        added_by = self._caller.known_name
        return FollowedSchema.of(self._following().add(source, added_by, folders=True))

    def followed(self) -> list[FollowedSchema]:
        return [FollowedSchema.of(view) for view in self._following().all()]

    def unfollow(self, followed_id: str) -> FollowedSchema:
        return FollowedSchema.of(self._following().stop(followed_id))

    def close(self) -> None:
        self._opened.close()

    def _following(self) -> FollowList:
        """What is followed, which nobody visits until a server runs."""
        if not isinstance(self._opened, LocalTarget):
            return self._opened.following
        from assistant.service.follow_list import FollowList
        from assistant.service.followed_sources import FollowedSources

        folder = self._settings.data_dir
        return FollowList(FollowedSources(folder / "followed"), folder)

    def _base(self) -> str:
        """The address that links are relative to: that of the server, also where it does not run for the moment."""
        return f"{self.url or f'http://{self._settings.host}:{self._settings.port}'}/"

    def _assistant(self) -> Assistant:
        if not isinstance(self._opened, LocalTarget):
            return self._opened.wait()
        if self._loaded is None:
            with working("Loading the embedding model…"):
                self._loaded = Assistant.open(self._settings, lock=self._opened.lock)
            self._opened.index = self._loaded.index
        return self._loaded

    def _index(self) -> Index | None:
        """The index; None where there is none yet."""
        return self._opened.index if isinstance(self._opened, LocalTarget) else self._opened.wait().index

    def _records(self) -> Sequence[Record]:
        index = self._index()
        return index.records() if index else ()

    def _jobs(self) -> IngestWorker:
        """What stores documents: it belongs to a service, which takes the data folder over."""
        if isinstance(self._opened, LocalTarget):
            self.close()
            self._opened = _service(self._settings, None)
        return self._opened.jobs

    def _filters(self, documents: Sequence[str]) -> Filters:
        """Only these documents, and of them only what the caller may see."""
        from assistant.http.dependencies import narrowed  # imports FastAPI

        return narrowed(self._caller, Filters(documents=tuple(documents)))


class ServerClient:
    """The assistant of the server that holds the data folder."""

    def __init__(self, owner: Owner) -> None:
        self.url = owner.url
        self._remote = Remote(owner)

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        documents: Sequence[str] = (),
        translate: bool = False,
        timeline: bool = False,
        cancelled: IsCancelled = never,
    ) -> AnswerSchema:
        body = {
            "question": checked(question),
            "history": [asdict(turn) for turn in history],
            "documents": list(documents),
            "translate": translate,
            "timeline": timeline,
        }
        with _errors_by_status():
            return AnswerSchema.model_validate(self._remote.ask(body, cancelled))

    def search(self, query: str, *, documents: Sequence[str] = (), limit: int = HITS) -> HitsSchema:
        body = {"query": checked(query), "limit": limit, "documents": list(documents)}
        with _errors_by_status():
            return HitsSchema.model_validate(self._remote.call("POST", "/api/search", json=body))

    def search_words(self, asked: WordSearchRequest) -> WordHitsSchema:
        parameters = asked.model_dump(mode="json", exclude_defaults=True)
        with _errors_by_status():
            found = self._remote.call("GET", "/api/search", params=parameters)
            return WordHitsSchema.model_validate(found)

    def statements(self, asked: StatementsRequest) -> SpokenStatementsSchema:
        parameters = asked.model_dump(mode="json", exclude_defaults=True, by_alias=True)
        with _errors_by_status():
            found = self._remote.call("GET", "/api/statements", params=parameters)
            return SpokenStatementsSchema.model_validate(found)

    def sources(self, asked: SourcesRequest) -> SourceTableSchema:
        parameters = asked.model_dump(mode="json", exclude_defaults=True, by_alias=True)
        with _errors_by_status():
            return SourceTableSchema.model_validate(
                self._remote.call("GET", "/api/sources", params=parameters)
            )

    def speakers(self, query: str, limit: int, offset: int) -> SpeakersSchema:
        page = {"query": query, "limit": limit, "offset": offset}
        with _errors_by_status():
            return SpeakersSchema.model_validate(self._remote.call("GET", "/api/speakers", params=page))

    def check(
        self, asked: CheckAsked, on_progress: OnProgress = no_progress, cancelled: IsCancelled = never
    ) -> CheckedDraftSchema:
        with _errors_by_status(wrong=BadDraft):
            return check_there(self._remote, asked, on_progress, cancelled)

    def check_report(self, check_id: str, form: ReportForm, language: str) -> bytes:
        with _errors_by_status():
            return self._remote.content(
                "GET", f"/api/checks/{check_id}/report.{form}", params={"language": language}
            )

    def export(self, asked: ExportRequest) -> bytes:
        with _errors_by_status():
            return self._remote.content("POST", "/api/export", json=asked.model_dump(mode="json"))

    def verify(self, data: bytes, name: str) -> VerificationSchema:
        with _errors_by_status():
            sent = self._remote.call("POST", "/api/verify", files=[("file", (name or "file", data))])
        found = VerificationSchema.model_validate(sent)
        for one in found.quotes:
            one.url = self.url + one.url if one.url else ""
        return found

    def documents(self, query: str, limit: int, offset: int) -> DocumentsSchema:
        page = {"query": query, "limit": limit, "offset": offset}
        with _errors_by_status():
            return DocumentsSchema.model_validate(self._remote.call("GET", "/api/documents", params=page))

    def all_documents(self) -> Iterator[DocumentSchema]:
        return (DocumentSchema.model_validate(record) for record in self._remote.documents())

    def text(self, document_id: str, version: str = "") -> TextSchema:
        path = f"/api/documents/{quote(document_id, safe='')}/text"
        with _errors_by_status():
            return TextSchema.model_validate(self._remote.call("GET", path, params={"version": version}))

    def correct(
        self, document_id: str, written: Mapping[str, str], withdrawn: Sequence[str]
    ) -> DocumentSchema:
        changes = read_changes(written, tuple(withdrawn))
        day = changes.values.get("published")
        body: dict[str, Any] = {str(name): value for name, value in changes.values.items()}
        body |= {"published": day.isoformat()} if isinstance(day, date) else {}
        body["withdraw"] = list(changes.withdrawn)
        with _errors_by_status():
            return DocumentSchema.model_validate(self._remote.correct(document_id, body))

    def remove(self, document_id: str) -> None:
        with _errors_by_status():
            self._remote.remove(document_id)

    def status(self) -> StatusSchema:
        return StatusSchema.model_validate(self._remote.call("GET", "/api/status", params={"check": True}))

    def integrity(self) -> IntegritySchema | None:
        return IntegritySchema.model_validate(self._remote.call("GET", "/api/integrity"))

    def add_page(self, url: str) -> JobSchema:
        with _errors_by_status():
            return self._job(self._remote.submit_url(url))

    def add_text(self, title: str, text: str) -> JobSchema:
        with _errors_by_status():
            return self._job(self._remote.submit(_file_name(title), _markdown(title, text)))

    def job(self, job_id: str) -> JobSchema:
        with _errors_by_status():
            return self._job(job_id)

    def follow(self, source: str) -> FollowedSchema:
        with _errors_by_status():
            body = {"source": source}
            return FollowedSchema.model_validate(self._remote.call("POST", "/api/followed", json=body))

    def followed(self) -> list[FollowedSchema]:
        listed = self._remote.call("GET", "/api/followed")["followed"]
        return [FollowedSchema.model_validate(one) for one in listed]

    def unfollow(self, followed_id: str) -> FollowedSchema:
        there = next((one for one in self.followed() if one.id == followed_id), None)
        if there is None:
            raise NotFound(f"No source {followed_id!r} is followed. `assistant follow` lists them.")
        with _errors_by_status():
            self._remote.call("DELETE", f"/api/followed/{there.id}")
        return there

    def close(self) -> None:
        self._remote.close()

    def _job(self, job_id: str) -> JobSchema:
        return JobSchema.model_validate(self._remote.job(job_id))


def _service(settings: Settings, lock: FolderLock | None) -> Service:
    from assistant.service.service import Service

    return Service(settings, lock=lock).start()


def _answer(events: Generator[Event], cancelled: IsCancelled) -> Answer:
    """The answer that the events end with. Raises `Cancelled`, the events closed, once ``cancelled()``."""
    with closing(events):
        for event in events:
            if isinstance(event, DoneEvent):
                return event.answer
            if cancelled():
                break
    raise Cancelled("Nobody waits for the answer.")


def _file_name(title: str) -> str:
    """The source of a text of that title, so that the next of the same title replaces it."""
    letters = "".join(letter if letter.isalnum() or letter in " -_" else " " for letter in title)
    return f"{' '.join(letters.split())[:100] or 'text'}.md"


def _markdown(title: str, text: str) -> bytes:
    return f"# {' '.join(title.split())}\n\n{text}\n".encode()


@contextmanager
def _errors_by_status(wrong: type[AssistantError] = BadQuestion) -> Iterator[None]:
    """Raise what the other client would, where the server refuses what was asked (``wrong``) or does not know a document."""
    try:
        yield
    except Refused as error:
        kinds: dict[int, type[AssistantError]] = {404: NotFound, 422: wrong}
        kind = kinds.get(error.status)
        if kind is None:
            raise
        raise kind(str(error)) from error


def _model_problem(settings: Settings) -> str | None:
    """What is wrong with the configured language model: empty where it answers, None where none is configured."""
    if not settings.llm:
        return None
    from assistant.llm.model import open_model  # takes seconds

    try:
        with working("Asking the language model…"):
            return open_model(settings).problem()
    except WrongSetting as error:
        return str(error)
