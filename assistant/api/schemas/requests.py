"""The bodies of requests, as JSON. Unknown names are refused, so that a misspelt one is noticed."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from assistant import types
from assistant.asked_text import LONGEST_QUESTION, whole
from assistant.service.corrections import read_changes
from ingest.store.corrections import FieldChanges
from ingest.types import CorrectableField

MOST_TURNS = 1_000
_DEEPEST = 8
LONGEST_EARLIER_ANSWER = 20_000  # characters: more than an answer of this server has


class RequestSchema(BaseModel):
    """What was sent to the server. Half characters, which JSON can hold but no text can, become U+FFFD."""

    @model_validator(mode="before")
    @classmethod
    def _with_whole_characters(cls, sent: Any) -> Any:
        return _whole(sent)


def _whole(sent: Any, depth: int = 0) -> Any:
    if isinstance(sent, str):
        return whole(sent)
    if depth == _DEEPEST:  # no request is that deep, and what follows could be deeper than Python's stack
        return sent
    if isinstance(sent, list):
        return [_whole(one, depth + 1) for one in sent]
    if isinstance(sent, dict):
        return {whole(name): _whole(value, depth + 1) for name, value in sent.items()}
    return sent


def _example(**values: Any) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [values]})


class TurnSchema(RequestSchema):
    """One earlier question and its answer."""

    model_config = ConfigDict(extra="forbid")
    question: str = Field(max_length=LONGEST_QUESTION)
    answer: str = Field(max_length=LONGEST_EARLIER_ANSWER)


REVERSED = "published_from must not be after published_to: the first day comes first."


class FiltersSchema(RequestSchema):
    """The documents to search (none: all) and the span of their dates, both days included.

    With either day, documents without a date are left out, unless ``include_undated``.
    """

    documents: list[str] = Field([], max_length=10_000)
    published_from: date | None = None
    published_to: date | None = None
    include_undated: bool = False

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.published_from and self.published_to and self.published_from > self.published_to:
            raise ValueError(REVERSED)
        return self

    def filters(self) -> types.Filters:
        return types.Filters(
            documents=tuple(self.documents),
            published_from=self.published_from,
            published_to=self.published_to,
            include_undated=self.include_undated,
        )


class AskRequest(FiltersSchema):
    model_config = _example(
        question="And what did he say about territory?",
        history=[{"question": "Who is Uschakow?", "answer": "The Kremlin's adviser on foreign policy."}],
        documents=["9f86d081884c7d65"],
        published_from="2025-01-01",
        published_to="2025-12-31",
        stream=False,
    )
    question: str
    history: list[TurnSchema] = Field(
        [],
        max_length=MOST_TURNS,
        description="The conversation so far, oldest turn first; the question may refer to the last three turns.",
    )
    translate: bool = Field(
        False, description="Also translate quotes in other languages, where a model is there."
    )
    timeline: bool = Field(
        False,
        description="Answer with the course of events: sentences in the order of the days that they speak of.",
    )
    stream: bool = Field(False, description="Answer with server-sent events: status, delta, citation, done.")

    def turns(self) -> list[types.Turn]:
        return [types.Turn(question=turn.question, answer=turn.answer) for turn in self.history]


class SearchRequest(FiltersSchema):
    model_config = _example(query="territory", limit=5)
    query: str
    limit: int = Field(10, ge=1, le=100)


class WordSearchRequest(FiltersSchema):
    """Words, all of which a document must have, and phrases in quotation marks; which documents, and which of the hits."""

    model_config = _example(query='"eighty metres" dredging', published_from="2025-01-01", limit=20)
    query: str = Field(max_length=LONGEST_QUESTION)
    source: str = Field("", max_length=1_000, description="Words of the documents' titles or sources.")
    language: str = Field("", max_length=10, description="The documents' language, as in `de`.")
    limit: int = Field(20, ge=1, le=100)
    offset: int = Field(0, ge=0, le=10_000)


class RestrictedRequest(RequestSchema):
    """Which documents are looked in, by parameters of an address: their ids, and the days on which they were published."""

    since: date | None = Field(None, alias="from", description="In documents published then or later.")
    until: date | None = Field(None, alias="to", description="In documents published then or earlier.")
    undated: bool = Field(False, description="With a day: also in documents without a date.")
    document: list[str] = Field([], max_length=10_000, description="Ids of the only documents.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.since and self.until and self.since > self.until:
            raise ValueError("from must not be after to: the first day comes first.")
        return self

    def filters(self) -> types.Filters:
        return types.Filters(
            documents=tuple(self.document),
            published_from=self.since,
            published_to=self.until,
            include_undated=self.undated,
        )


class CorrectionRequest(RequestSchema):
    """The fields that are sent are corrected; those named in ``withdraw`` are again as the file says."""

    model_config = _example(title="The minutes of March", published="2026-03-14", withdraw=["authors"])
    title: str | None = None
    published: date | None = Field(None, description="Null: the day is not known.")
    authors: list[str] | None = None
    source: str | None = Field(None, description="The name or address to show; the document stays the same.")
    language: str | None = Field(None, description="A code as in `de`; empty: not known.")
    not_copies_of: list[str] | None = Field(
        None, description="Ids of documents that tell another story, though they are taken for copies."
    )
    withdraw: list[CorrectableField] = []

    def changes(self) -> FieldChanges:
        """Raises `BadCorrection`."""
        sent = self.model_dump(exclude_unset=True, exclude={"withdraw"}, mode="json")
        written = {
            name: "\n".join(value) if isinstance(value, list) else value or "" for name, value in sent.items()
        }
        return read_changes(written, tuple(self.withdraw))


class UrlRequest(RequestSchema):
    model_config = _example(url="https://example.org/article.html")
    url: str = Field(min_length=1, max_length=4_000)


class MoveRequest(RequestSchema):
    """The path of a document's file under its new name."""

    model_config = _example(source="/srv/articles/harbour.md")
    source: str = Field(min_length=1, max_length=4_000)
