"""Evaluation: takes questions with known answers from a JSON lines file, and gives the share answered right."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.api.schemas.answers import AnswerSchema, CitationSchema
from assistant.errors import AssistantError


class BadQuestions(AssistantError):
    """The file of questions cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedAnswer:
    """A question and what its answer must have.

    ``document`` is part of the source or the title of a document that must be cited, ``quote`` part of a quote
    from it; ``refused`` is true where the documents have no answer.
    """

    question: str
    document: str = ""
    quote: str = ""
    refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """Whether an answer was right; ``reason`` says why not."""

    question: str
    right: bool
    reason: str


def read(path: Path) -> list[ExpectedAnswer]:
    """The questions of a JSON lines file. Raises `BadQuestions` that names the line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadQuestions(f"The questions in {path} cannot be read ({error}).") from error
    questions = [
        _expected(line, f"{path}, line {number}") for number, line in enumerate(lines, 1) if line.strip()
    ]
    if not questions:
        raise BadQuestions(f"There are no questions in {path}.")
    return questions


def judge(expected: ExpectedAnswer, answer: AnswerSchema) -> Evaluated:
    """Compare an answer with the expected one."""
    reason = _fault(expected, answer)
    return Evaluated(question=expected.question, right=not reason, reason=reason)


def share_right(verdicts: Sequence[Evaluated]) -> float:
    """The share of right answers, in [0, 1]; 0 for no answers."""
    return sum(verdict.right for verdict in verdicts) / max(len(verdicts), 1)


def _expected(line: str, where: str) -> ExpectedAnswer:
    """The question of a line. Raises `BadQuestions`, whose message begins with ``where``."""
    kinds = {"question": str, "document": str, "quote": str, "refused": bool}
    try:
        data: Any = json.loads(line)
    except ValueError as error:
        raise BadQuestions(f"{where}: this is no JSON ({error}).") from error
    if not isinstance(data, dict) or not str(data.get("question") or "").strip():
        raise BadQuestions(f'{where}: an object with a "question" is needed.')
    for name, value in data.items():
        if name not in kinds:
            raise BadQuestions(f"{where}: there is no {name!r}, only {', '.join(kinds)}.")
        if not isinstance(value, kinds[name]):
            raise BadQuestions(f"{where}: {name!r} must be a {kinds[name].__name__}.")
    return ExpectedAnswer(**data)


def _fault(expected: ExpectedAnswer, answer: AnswerSchema) -> str:
    """What is wrong with an answer; empty where it is right."""
    if expected.refused or answer.refused:
        return "" if expected.refused == answer.refused else ("refused" if answer.refused else "not refused")
    cited = [citation for citation in answer.citations if _is_of(citation, expected.document)]
    if not cited:
        return f"does not cite {expected.document!r}"
    if not any(_folded(expected.quote) in _folded(citation.quote) for citation in cited):
        return f"does not quote {expected.quote!r}"
    return ""


def _is_of(citation: CitationSchema, document: str) -> bool:
    """Whether the title or the source of a citation has ``document`` in it."""
    part = _folded(document)
    return part in _folded(citation.title) or part in _folded(citation.source)


def _folded(text: str) -> str:
    """The text in lower case, with single spaces for line breaks."""
    return " ".join(text.casefold().split())


def lines(verdicts: Sequence[Evaluated]) -> Iterator[dict[str, Any]]:
    """One JSON object for each question, and a last one that sums up."""
    for verdict in verdicts:
        yield {"question": verdict.question, "right": verdict.right, "reason": verdict.reason}
    right = sum(verdict.right for verdict in verdicts)
    yield {"summary": {"questions": len(verdicts), "right": right, "share": round(share_right(verdicts), 4)}}
