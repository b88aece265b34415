"""The state of the server as the API gives it: alive, what it holds, whether all of it fits together."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel

from assistant.api.schemas import examples
from assistant.api.schemas.examples import shown
from assistant.service.condition import Concern, ConcernKind
from assistant.service.hints import hint_for, in_words
from assistant.service.question_times import TimedQuestion
from assistant.settings import Settings
from ingest.embedding.loading import default_model
from ingest.errors import StoreError
from ingest.files import sizes
from ingest.reading_again import count_stored_by_earlier_rules
from ingest.store.index import Index
from ingest.store.integrity import Integrity

# The folders of a data folder that have a name of their own; the others belong to Chroma.
_PARTS = ("originals", "lexical", "uploads", "trash", "pages")

try:
    VERSION = version("article-assistant")
except PackageNotFoundError:  # run from a checkout that is not installed
    VERSION = "0"


class HealthSchema(BaseModel):
    status: Literal["ok", "loading"]


class IntegritySchema(BaseModel):
    """What a look at all that is stored has found; ``whole`` is true where all fits together.

    ``left_over`` counts passages of no document, ``incomplete`` are ids of documents that lack passages, ``out_of_step`` counts
    documents that the index of words does not have as they are. ``bytes`` has the sizes of the parts of the data folder.
    """

    whole: bool
    documents: int
    passages: int
    left_over: int
    incomplete: list[str]
    out_of_step: int
    bytes: dict[str, int]

    @classmethod
    def of(cls, found: Integrity, folder: Path) -> Self:
        parts = sizes(folder)
        named = {name: parts.pop(name) for name in _PARTS if name in parts}
        return cls(
            whole=found.whole,
            documents=found.documents,
            passages=found.passages,
            left_over=found.left_over,
            incomplete=list(found.incomplete),
            out_of_step=found.out_of_step,
            bytes={**named, "vectors_and_texts": sum(parts.values())},
        )


class ConcernSchema(BaseModel):
    """Something that is slow or stuck: its kind, in words, and since when, where that is known."""

    kind: ConcernKind
    text: str
    since: datetime | None

    @classmethod
    def of(cls, concern: Concern) -> Self:
        since = None if concern.since is None else datetime.fromtimestamp(round(concern.since), UTC)
        return cls(kind=concern.kind, text=concern.words, since=since)


class SlowQuestionSchema(BaseModel):
    """A question that took long, without its words: the stage that took most of the time, and its trace, where spans are sent."""

    at: datetime
    seconds: float
    slowest_stage: str
    trace_id: str

    @classmethod
    def of(cls, timed: TimedQuestion) -> Self:
        return cls(
            at=datetime.fromtimestamp(round(timed.at), UTC),
            seconds=round(timed.seconds, 3),
            slowest_stage=timed.stage,
            trace_id=timed.trace,
        )


class StatusSchema(BaseModel):
    """Counts are null while the index is loading; ``languages`` counts documents by language code.

    ``state`` is "stopped" only in the command line's answer where no server runs. ``language_model_problem`` says
    what is wrong with the language model; it is empty where it answers, null where it was not asked. ``hint``
    says what would make the answers better, and is empty where nothing would. ``earlier_versions`` counts the versions
    kept of documents that have changed since, ``earlier_versions_bytes`` the size of their texts.
    ``documents_to_read_again`` are those that an earlier release has stored: a running server reads them again in the background, for
    who said what and which passages are in another language. ``concerns`` are what is slow or stuck, and ``slow_questions`` the latest of the
    last hour that took long; both are empty for those who may not edit.
    """

    model_config = shown(examples.STATUS)
    state: Literal["loading", "ready", "failed", "stopped"]
    message: str
    version: str
    documents: int | None
    passages: int | None
    earlier_versions: int | None = None
    earlier_versions_bytes: int | None = None
    documents_to_read_again: int | None = None
    languages: dict[str, int] | None
    revision: str | None
    embedding_model: str
    language_model: str | None
    language_model_problem: str | None
    hint: str = ""
    concerns: list[ConcernSchema] = []
    slow_questions: list[SlowQuestionSchema] = []

    @classmethod
    def of(cls, settings: Settings, index: Index | None, **more: object) -> Self:
        """The counts of an index, None while it loads, and the models configured; ``more`` gives the rest."""
        configured = settings.embedding_model
        earlier, size = _earlier(index) if index else (None, None)
        hint = hint_for(index.catalogue.languages, index.model, configured) if index else None
        return cls.model_validate(
            {
                "version": VERSION,
                "documents": len(index.records()) if index else None,
                "passages": index.catalogue.passages if index else None,
                "earlier_versions": earlier,
                "earlier_versions_bytes": size,
                "documents_to_read_again": count_stored_by_earlier_rules(index) if index else None,
                "languages": index.catalogue.languages if index else None,
                "revision": index.replica.revision if index else None,
                "embedding_model": index.model if index else configured or default_model(),
                "language_model": settings.llm or None,
                "language_model_problem": None,
                "hint": in_words(hint),
                **more,
            }
        )


def _earlier(index: Index) -> tuple[int | None, int | None]:
    """How many earlier versions are kept, and their bytes; not known while the store is away."""
    try:
        return index.history.total()
    except StoreError:
        return None, None
