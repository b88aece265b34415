"""What readers thought of answers, kept as JSON lines in the data folder, or in the database that several servers share.

A line is written for every judgement, also for one that replaces or withdraws an earlier one; the last of
an id counts. Lines are only ever appended, so reading needs no lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import TypeAdapter, ValidationError

from assistant.service.sharing import open_sharing
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.shared.database import Database

NAME = "feedback.jsonl"
LONGEST_NOTE = 2_000
Rating = Literal["up", "down", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedCitation:
    """What an answer that was judged had quoted."""

    document_id: str
    title: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One reader's verdict on one answer; "none" withdraws it. ``note`` has at most `LONGEST_NOTE` characters."""

    id: str
    time: datetime
    verdict: Rating
    note: str
    question: str
    answer: str
    mode: str
    model: str | None
    citations: tuple[RatedCitation, ...]


_TOPIC = "feedback"
_TABLES = ("CREATE TABLE IF NOT EXISTS feedback (number BIGSERIAL PRIMARY KEY, judgement TEXT NOT NULL)",)
_JUDGEMENT = TypeAdapter(Judgement)


class FeedbackLog:
    """The judgements of one data folder. Thread-safe, also across processes: each line is one write."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME

    def add(self, judgement: Judgement) -> None:
        """Keep a judgement. Raises `OSError` where the folder cannot be written to."""
        with self._path.open("ab", buffering=0) as file:
            file.write(_JUDGEMENT.dump_json(judgement) + b"\n")

    def all(self) -> list[Judgement]:
        """The last judgement on every answer, oldest first, without those withdrawn."""
        return _standing(self._lines())

    def _lines(self) -> Iterator[Judgement]:
        if not self._path.exists():
            return
        with self._path.open("rb") as file:
            for line in file:
                with suppress(ValidationError):  # the end of a full disk; the others are still good
                    yield _JUDGEMENT.validate_json(line)


class SharedFeedbackLog:
    """As `FeedbackLog`, for several servers. Thread-safe. Methods raise a `StoreError` where the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, judgement: Judgement) -> None:
        self._database.make(_TOPIC, _TABLES)
        with self._database.writing(_TOPIC) as rows:
            rows.do("INSERT INTO feedback (judgement) VALUES (?)", _JUDGEMENT.dump_json(judgement).decode())

    def all(self) -> list[Judgement]:
        """The last judgement on every answer, oldest first, without those withdrawn."""
        self._database.make(_TOPIC, _TABLES)
        with self._database.reading() as rows:
            lines = rows.all("SELECT judgement FROM feedback ORDER BY number")
        return _standing(_JUDGEMENT.validate_json(line) for (line,) in lines)


def open_feedback(settings: Settings, database: Database | None = None) -> FeedbackLog | SharedFeedbackLog:
    """The log that these settings lead to, by the ``database`` that is open, or another connection to it."""
    if database is None and (sharing := open_sharing(settings)):
        database = sharing.database
    return SharedFeedbackLog(database) if database else FeedbackLog(settings.data_dir)


def _standing(judgements: Iterable[Judgement]) -> list[Judgement]:
    """Of those in the order of their writing the last of each answer, oldest first, without those withdrawn."""
    last = {judgement.id: judgement for judgement in judgements}
    return sorted(
        (judgement for judgement in last.values() if judgement.verdict != "none"),
        key=lambda judgement: judgement.time,
    )


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def as_json(judgement: Judgement) -> dict[str, Any]:
    """A judgement as it is written to JSON."""
    return dict(_JUDGEMENT.dump_python(judgement, mode="json"))
