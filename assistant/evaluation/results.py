"""What a run of questions gave: the nouns, and the JSON file that the next run is compared with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from assistant.errors import BadQuestions
from assistant.types import Mode, Turn
from ingest.files import write_whole

# What is wrong with an answer; empty where nothing is.
Fault = Literal["", "refused", "not_refused", "not_cited", "not_quoted", "not_said", "failed"]
FORMAT = 1
RANKS = (1, 5, 10)  # passages


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPassage:
    """A passage that the search found, and whether it has a gold quote of the right source by itself."""

    title: str
    source: str
    text: str
    score: float
    language: str
    gold: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluatedQuote:
    """A quote of an answer, whether the stored text says it at its place, and whether it is a gold one."""

    number: int
    quote: str
    title: str
    source: str
    language: str
    valid: bool
    gold: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluatedQuestion:
    """A question, what was expected, and what came.

    ``gold_rank`` is how many passages it takes to have a gold quote, ``gold_quote`` which quote of the answer is the first to have
    one; None: not among those found, or none is expected. ``stored`` says whether the documents have what is
    expected at all; None where that is not known. ``citations`` counts the places that were compared with the stored texts, copies
    included. ``supported``, ``unsupported`` and ``unchecked`` count statements of written answers. ``fault`` and ``reason`` say why it is not right, as
    a key and in words, ``error`` why there is no answer.
    """

    id: str
    question: str
    history: tuple[Turn, ...] = ()
    gold_quotes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    short_answers: tuple[str, ...] = ()
    answerable: bool = True
    question_language: str = ""
    gold_language: str = ""
    answer: str = ""
    refused: bool = False
    mode: Mode = "quoted"
    confidence: float | None = None
    quotes: tuple[EvaluatedQuote, ...] = ()
    found: tuple[FoundPassage, ...] = ()
    gold_rank: int | None = None
    gold_quote: int | None = None
    short_answer_said: bool | None = None
    stored: bool | None = None
    citations: int = 0
    citations_valid: int = 0
    supported: int = 0
    unsupported: int = 0
    unchecked: int = 0
    latency_ms: float = 0.0
    right: bool = False
    fault: Fault = ""
    reason: str = ""
    error: str = ""

    @property
    def expected(self) -> tuple[object, ...]:
        """What its verdict depends on besides the answer."""
        return (self.gold_quotes, self.sources, self.short_answers, self.answerable)

    @property
    def pair(self) -> tuple[str, str]:
        """The question's language, and that of the document that answers: "?" where it is not known, empty where none does."""
        return self.question_language, (self.gold_language or "?") if self.answerable else ""

    def found_within(self, passages: int) -> bool:
        """Whether so many passages have a gold quote."""
        return self.gold_rank is not None and self.gold_rank <= passages


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationRun:
    """All questions of a run. ``setup`` says what answered, ``skipped`` counts drafts, ``stopped`` why it ended early."""

    made: datetime
    questions_file: str
    setup: Mapping[str, str | int | None] = field(default_factory=dict)
    questions: tuple[EvaluatedQuestion, ...] = ()
    skipped: int = 0
    stopped: str = ""
    format: int = FORMAT


_RUN = TypeAdapter(EvaluationRun)
_QUESTION = TypeAdapter(EvaluatedQuestion)


def question_line(question: EvaluatedQuestion) -> dict[str, Any]:
    """A question as JSON."""
    return dict(_QUESTION.dump_python(question, mode="json"))


def save(run: EvaluationRun, summary: Mapping[str, Any], path: Path) -> None:
    """Write a run with its measures, in one step. Raises `BadQuestions`."""
    data = dict(_RUN.dump_python(run, mode="json"))
    questions = data.pop("questions")
    text = json.dumps({**data, "measures": summary, "questions": questions}, ensure_ascii=False, indent=1)
    put(path, f"{text}\n")


def put(path: Path, text: str) -> None:
    """Write a file in one step. Raises `BadQuestions`."""
    try:
        write_whole(path, [text.encode("utf-8", "backslashreplace")])
    except OSError as error:
        raise BadQuestions(f"{path} cannot be written ({error.strerror}).") from error


def load(path: Path) -> EvaluationRun:
    """A run that was saved. Raises `BadQuestions` where it is none."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise BadQuestions(f"{path} is no result of `assistant evaluate --output` of this release.")
        data.pop("measures", None)
        return _RUN.validate_python(data)
    except OSError as error:
        raise BadQuestions(f"{path} cannot be read ({error.strerror}).") from error
    except (ValueError, ValidationError) as error:
        told = " ".join(str(error).split())[:200]
        raise BadQuestions(f"{path} is no result of `assistant evaluate --output` ({told}).") from error
