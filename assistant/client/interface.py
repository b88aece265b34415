"""What commands and the tools of MCP ask of the assistant, in whichever process it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

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
from assistant.client.drafts import OnProgress, no_progress
from assistant.client.standing import NewsAsked
from assistant.retrieval.retriever import HITS
from assistant.service.draft_checks import CheckAsked, ReportForm
from assistant.types import Turn
from ingest.client.owners import IsCancelled, never


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

    def news(self, asked: NewsAsked) -> QuestionsNewsSchema:
        """What is new to the standing questions that the caller keeps."""

    def keep_question(self, asked: KeepQuestionRequest) -> StandingQuestionSchema:
        """Keep a question: what answers it in documents that arrive from now on is told. Raises `BadQuestion` and `Conflict`."""

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
