"""The assistant through the server that has the data folder open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

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
from assistant.client.asking import ask_server, errors_by_status
from assistant.client.drafts import OnProgress, check_there, no_progress
from assistant.client.standing import NewsAsked, keep_there, news_there
from assistant.errors import BadDraft, NotFound
from assistant.retrieval.retriever import HITS
from assistant.service.corrections import read_changes
from assistant.service.draft_checks import CheckAsked, ReportForm
from assistant.types import Turn
from ingest.client.owners import IsCancelled, never
from ingest.client.remote import Remote
from ingest.store.lock import Owner


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
        return ask_server(
            self._remote,
            question,
            history=history,
            documents=documents,
            translate=translate,
            timeline=timeline,
            cancelled=cancelled,
        )

    def search(self, query: str, *, documents: Sequence[str] = (), limit: int = HITS) -> HitsSchema:
        body = {"query": checked(query), "limit": limit, "documents": list(documents)}
        with errors_by_status():
            return HitsSchema.model_validate(self._remote.call("POST", "/api/search", json=body))

    def search_words(self, asked: WordSearchRequest) -> WordHitsSchema:
        parameters = asked.model_dump(mode="json", exclude_defaults=True)
        with errors_by_status():
            found = self._remote.call("GET", "/api/search", params=parameters)
            return WordHitsSchema.model_validate(found)

    def statements(self, asked: StatementsRequest) -> SpokenStatementsSchema:
        parameters = asked.model_dump(mode="json", exclude_defaults=True, by_alias=True)
        with errors_by_status():
            found = self._remote.call("GET", "/api/statements", params=parameters)
            return SpokenStatementsSchema.model_validate(found)

    def sources(self, asked: SourcesRequest) -> SourceTableSchema:
        parameters = asked.model_dump(mode="json", exclude_defaults=True, by_alias=True)
        with errors_by_status():
            return SourceTableSchema.model_validate(
                self._remote.call("GET", "/api/sources", params=parameters)
            )

    def speakers(self, query: str, limit: int, offset: int) -> SpeakersSchema:
        page = {"query": query, "limit": limit, "offset": offset}
        with errors_by_status():
            return SpeakersSchema.model_validate(self._remote.call("GET", "/api/speakers", params=page))

    def check(
        self, asked: CheckAsked, on_progress: OnProgress = no_progress, cancelled: IsCancelled = never
    ) -> CheckedDraftSchema:
        with errors_by_status(wrong=BadDraft):
            return check_there(self._remote, asked, on_progress, cancelled)

    def check_report(self, check_id: str, form: ReportForm, language: str) -> bytes:
        with errors_by_status():
            return self._remote.content(
                "GET", f"/api/checks/{check_id}/report.{form}", params={"language": language}
            )

    def export(self, asked: ExportRequest) -> bytes:
        with errors_by_status():
            return self._remote.content("POST", "/api/export", json=asked.model_dump(mode="json"))

    def verify(self, data: bytes, name: str) -> VerificationSchema:
        with errors_by_status():
            sent = self._remote.call("POST", "/api/verify", files=[("file", (name or "file", data))])
        found = VerificationSchema.model_validate(sent)
        for one in found.quotes:
            one.url = self.url + one.url if one.url else ""
        return found

    def news(self, asked: NewsAsked) -> QuestionsNewsSchema:
        with errors_by_status():
            return news_there(self._remote, asked)

    def keep_question(self, asked: KeepQuestionRequest) -> StandingQuestionSchema:
        with errors_by_status():
            return keep_there(self._remote, asked)

    def documents(self, query: str, limit: int, offset: int) -> DocumentsSchema:
        page = {"query": query, "limit": limit, "offset": offset}
        with errors_by_status():
            return DocumentsSchema.model_validate(self._remote.call("GET", "/api/documents", params=page))

    def all_documents(self) -> Iterator[DocumentSchema]:
        return (DocumentSchema.model_validate(record) for record in self._remote.documents())

    def text(self, document_id: str, version: str = "") -> TextSchema:
        path = f"/api/documents/{quote(document_id, safe='')}/text"
        with errors_by_status():
            return TextSchema.model_validate(self._remote.call("GET", path, params={"version": version}))

    def correct(
        self, document_id: str, written: Mapping[str, str], withdrawn: Sequence[str]
    ) -> DocumentSchema:
        changes = read_changes(written, tuple(withdrawn))
        day = changes.values.get("published")
        body: dict[str, Any] = {str(name): value for name, value in changes.values.items()}
        body |= {"published": day.isoformat()} if isinstance(day, date) else {}
        body["withdraw"] = list(changes.withdrawn)
        with errors_by_status():
            return DocumentSchema.model_validate(self._remote.correct(document_id, body))

    def remove(self, document_id: str) -> None:
        with errors_by_status():
            self._remote.remove(document_id)

    def status(self) -> StatusSchema:
        return StatusSchema.model_validate(self._remote.call("GET", "/api/status", params={"check": True}))

    def integrity(self) -> IntegritySchema | None:
        return IntegritySchema.model_validate(self._remote.call("GET", "/api/integrity"))

    def add_page(self, url: str) -> JobSchema:
        with errors_by_status():
            return self._job(self._remote.submit_url(url))

    def add_text(self, title: str, text: str) -> JobSchema:
        with errors_by_status():
            return self._job(self._remote.submit(file_name(title), markdown(title, text)))

    def job(self, job_id: str) -> JobSchema:
        with errors_by_status():
            return self._job(job_id)

    def follow(self, source: str) -> FollowedSchema:
        with errors_by_status():
            body = {"source": source}
            return FollowedSchema.model_validate(self._remote.call("POST", "/api/followed", json=body))

    def followed(self) -> list[FollowedSchema]:
        listed = self._remote.call("GET", "/api/followed")["followed"]
        return [FollowedSchema.model_validate(one) for one in listed]

    def unfollow(self, followed_id: str) -> FollowedSchema:
        there = next((one for one in self.followed() if one.id == followed_id), None)
        if there is None:
            raise NotFound(f"No source {followed_id!r} is followed. `assistant follow` lists them.")
        with errors_by_status():
            self._remote.call("DELETE", f"/api/followed/{there.id}")
        return there

    def close(self) -> None:
        self._remote.close()

    def _job(self, job_id: str) -> JobSchema:
        return JobSchema.model_validate(self._remote.job(job_id))
