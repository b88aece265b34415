"""The assistant in this process."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.access.callers import EVERYONE, Caller
from assistant.api.schemas.answers import AnswerSchema, HitsSchema
from assistant.api.schemas.documents import DocumentSchema, DocumentsSchema, JobSchema, TextSchema
from assistant.api.schemas.drafts import CheckedDraftSchema
from assistant.api.schemas.followed import FollowedSchema
from assistant.api.schemas.passports import ExportRequest, VerificationSchema
from assistant.api.schemas.questions import (
    KeepQuestionRequest,
    QuestionsNewsSchema,
    StandingQuestionSchema,
)
from assistant.api.schemas.requests import WordSearchRequest
from assistant.api.schemas.sources import SourcesRequest, SourceTableSchema
from assistant.api.schemas.statements import SpeakersSchema, SpokenStatementsSchema, StatementsRequest
from assistant.api.schemas.status import IntegritySchema, StatusSchema
from assistant.api.schemas.words import WordHitsSchema
from assistant.asked_text import checked
from assistant.client.added_text import file_name, markdown
from assistant.client.drafts import OnProgress, check_here, no_progress, report_here
from assistant.client.standing import NewsAsked, keep_here, news_here
from assistant.core import Assistant
from assistant.errors import NotFound
from assistant.language.words import load_lemmas
from assistant.retrieval.retriever import HITS
from assistant.service.corrections import correct, read_changes
from assistant.service.draft_checks import CheckAsked, DraftChecks, ReportForm
from assistant.settings import Settings
from assistant.types import Answer, DoneEvent, Event, Filters, Turn
from ingest.client.owners import IsCancelled, never
from ingest.client.targets import LocalTarget
from ingest.client.terminal import working
from ingest.errors import Cancelled, WrongSetting
from ingest.store.index import Index
from ingest.store.lock import FolderLock
from ingest.store.stories import Stories
from ingest.types import Record

if TYPE_CHECKING:  # only `assistant mcp` needs a service
    from assistant.service.follow_list import FollowList
    from assistant.service.service import Service
    from assistant.service.worker import IngestWorker


class LocalClient:
    """The assistant in this process, for ``caller``: over a service, or for one command over the index alone.

    Without a service no more is opened than a call needs: only `ask` and `search` load the models.
    """

    def __init__(
        self,
        settings: Settings,
        opened: Service | LocalTarget,
        caller: Caller = EVERYONE,
        url: str = "",
        asked_by: str = "",
    ) -> None:
        """``asked_by`` is for whom questions under way are counted where there is a service."""
        self.url = url
        self._asked_by = asked_by
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
        if not isinstance(self._opened, LocalTarget):
            events = self._opened.questions.admit(events, self._asked_by)
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

        service = None if isinstance(self._opened, LocalTarget) else self._opened
        with service.questions.place(self._asked_by) if service else nullcontext():
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
        return DraftChecks(self._settings.files_dir / "checks", self._assistant)

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

    def news(self, asked: NewsAsked) -> QuestionsNewsSchema:
        return news_here(self._service(), self._caller, asked)

    def keep_question(self, asked: KeepQuestionRequest) -> StandingQuestionSchema:
        return keep_here(self._service(), self._caller, asked, self._base().removesuffix("/"))

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
        jobs, name = self._jobs(), file_name(title)
        path = jobs.new_path(name)
        path.write_bytes(markdown(title, text))
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
            with working("Loading the embedding model…"), ThreadPoolExecutor(1) as beside:
                beside.submit(
                    load_lemmas, ("en", "de")
                )  # the model is built outside of Python for the most part
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
        """What stores documents."""
        return self._service().jobs

    def _service(self) -> Service:
        """What holds jobs and standing questions; without one, one takes the data folder over."""
        if isinstance(self._opened, LocalTarget):
            self.close()
            self._opened = service_of(self._settings, None)
        return self._opened

    def _filters(self, documents: Sequence[str]) -> Filters:
        """Only these documents, and of them only what the caller may see."""
        from assistant.http.dependencies import narrowed  # imports FastAPI

        return narrowed(self._caller, Filters(documents=tuple(documents)))


def service_of(settings: Settings, lock: FolderLock | None) -> Service:
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
