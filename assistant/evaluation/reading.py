"""The file of questions: one JSON object a line, as docs/evaluation.md describes it, read and written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.asked_text import LONGEST_QUESTION
from assistant.errors import BadQuestions
from assistant.types import Turn
from ingest.files import write_whole

# The names of an earlier release, and what they are called now.
OLD_NAMES = {"document": "source", "quote": "gold_quotes", "refused": "answerable"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedAnswer:
    """A question and what its answer must have.

    ``gold_quotes`` are words of the documents that answer, any of which will do; ``sources`` are parts of the source or the title,
    or the ids, of the documents that they may be taken from (none: any); ``short_answers`` are wordings of the answer in brief. ``answerable`` is
    false where the documents have no answer. An earlier turn of the ``history`` without an answer is asked first.
    ``to_complete`` marks a draft that says nothing yet of what is right; ``made_by`` says what proposed it.
    """

    id: str
    question: str
    gold_quotes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    short_answers: tuple[str, ...] = ()
    history: tuple[Turn, ...] = ()
    answerable: bool = True
    language: str = ""
    to_complete: bool = False
    made_by: str = ""
    note: str = ""

    @property
    def is_draft(self) -> bool:
        """Whether nobody has said yet what would be right; a line that was completed may keep its mark."""
        return self.to_complete and self.answerable and not self.gold_quotes and not self.short_answers


def read(path: Path) -> list[ExpectedAnswer]:
    """The questions of a JSON lines file, drafts included. Raises `BadQuestions` that names the line."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BadQuestions(f"The questions in {path} cannot be read ({error}).") from error
    numbers: dict[str, int] = {}
    questions: list[ExpectedAnswer] = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            one = _expected(line, f"{path}, line {number}", numbers)
            numbers[one.id] = number
            questions.append(one)
    if not questions:
        raise BadQuestions(f"There are no questions in {path}.")
    return questions


def add(path: Path, questions: Iterable[ExpectedAnswer]) -> int:
    """Add the questions whose ids a file does not have yet; what is in it stays as people have edited it. Returns how many.

    Raises `BadQuestions`, also where the file is there and is no file of questions.
    """
    there, text = set[str](), ""
    if path.exists() and path.stat().st_size:
        there = {one.id for one in read(path)}
        text = path.read_text(encoding="utf-8")
        text += "" if text.endswith("\n") else "\n"
    new = [one for one in questions if one.id not in there]
    lines = (f"{json.dumps(as_line(one), ensure_ascii=False)}\n" for one in new)
    try:
        write_whole(path, (part.encode("utf-8", "surrogatepass") for part in (text, *lines)))
    except OSError as error:
        raise BadQuestions(f"The questions cannot be written to {path} ({error.strerror}).") from error
    return len(new)


def as_line(expected: ExpectedAnswer) -> dict[str, Any]:
    """A question as it is written, without what it leaves open."""
    history = [
        {"question": turn.question, **({"answer": turn.answer} if turn.answer else {})}
        for turn in expected.history
    ]
    line: dict[str, Any] = {
        "id": expected.id,
        "question": expected.question,
        "gold_quotes": list(expected.gold_quotes),
        "source": _one_or_all(expected.sources),
        "short_answer": _one_or_all(expected.short_answers),
        "history": history,
        "language": expected.language,
        "made_by": expected.made_by,
        "note": expected.note,
    }
    shown = {name: value for name, value in line.items() if value}
    if not expected.answerable:
        shown["answerable"] = False
    return shown | ({"to_complete": True} if expected.to_complete else {})


def id_of(question: str, history: Sequence[Turn] = ()) -> str:
    """The id of a question that has none: the same words have the same, wherever they stand."""
    said = "\n".join([*(turn.question for turn in history), question])
    return f"q-{hashlib.sha256(' '.join(said.split()).encode()).hexdigest()[:10]}"


def _one_or_all(values: Sequence[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)


def _expected(line: str, where: str, numbers: dict[str, int]) -> ExpectedAnswer:
    """The question of a line; ``numbers`` are the lines of the ids before. Raises `BadQuestions`, whose message begins with ``where``."""
    data = _renamed(_object(line, where), where)
    values = {name: _READ[name](value, f"{where}: {name!r}") for name, value in data.items()}
    question, history = str(values["question"]).strip(), values.get("history", ())
    if len(question) > LONGEST_QUESTION:
        raise BadQuestions(
            f"{where}: the question has {len(question):,} characters, and may have {LONGEST_QUESTION:,}."
        )
    given = str(values.get("id", "")).strip()
    if given in numbers:
        raise BadQuestions(f"{where}: the id {given!r} is that of line {numbers[given]}, too.")
    if values.get("answerable", True) is False and (values.get("gold_quotes") or values.get("short_answer")):
        raise BadQuestions(f"{where}: what has no answer has no 'gold_quotes' and no 'short_answer'.")
    return ExpectedAnswer(
        id=given or _free(id_of(question, history), numbers),
        question=question,
        gold_quotes=values.get("gold_quotes", ()),
        sources=values.get("source", ()),
        short_answers=values.get("short_answer", ()),
        history=history,
        answerable=values.get("answerable", True),
        language=values.get("language", ""),
        to_complete=values.get("to_complete", False),
        made_by=values.get("made_by", ""),
        note=values.get("note", ""),
    )


def _free(name: str, taken: Iterable[str]) -> str:
    """The name, with a number where another question has the same words."""
    others = {one for one in taken if one == name or one.startswith(f"{name}-")}
    return f"{name}-{len(others) + 1}" if others else name


def _object(line: str, where: str) -> dict[str, Any]:
    try:
        data: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadQuestions(f"{where}: this is no JSON ({error}).") from error
    if not isinstance(data, dict) or not str(data.get("question") or "").strip():
        raise BadQuestions(f'{where}: an object with a "question" is needed.')
    return data


def _renamed(data: dict[str, Any], where: str) -> dict[str, Any]:
    """The object with the names of now. Raises `BadQuestions` for an unknown name, and for one that is there twice."""
    renamed: dict[str, Any] = {}
    for name, value in data.items():
        new = OLD_NAMES.get(name, name)
        if new not in _READ:
            raise BadQuestions(f"{where}: there is no {name!r}, only {', '.join([*_READ, *OLD_NAMES])}.")
        if new in renamed:
            raise BadQuestions(f"{where}: {name!r} and {new!r} are the same; give one of them.")
        renamed[new] = not _yes_or_no(value, f"{where}: {name!r}") if name == "refused" else value
    return renamed


def _text(value: Any, what: str) -> str:
    if not isinstance(value, str):
        raise BadQuestions(f"{what} must be a text.")
    return value


def _texts(value: Any, what: str) -> tuple[str, ...]:
    """One text or several, empty ones left out."""
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise BadQuestions(f"{what} must be a text or a list of texts.")
    return tuple(one for one in value if one.strip())


def _yes_or_no(value: Any, what: str) -> bool:
    if not isinstance(value, bool):
        raise BadQuestions(f"{what} must be true or false.")
    return value


def _turns(value: Any, what: str) -> tuple[Turn, ...]:
    """Earlier questions, as texts or as objects with the answer that they got."""
    if not isinstance(value, list):
        raise BadQuestions(f"{what} must be a list of earlier questions.")
    return tuple(_turn({"question": one} if isinstance(one, str) else one, what) for one in value)


def _turn(value: Any, what: str) -> Turn:
    if not isinstance(value, dict) or not value.keys() <= {"question", "answer"}:
        raise BadQuestions(f'{what} must have texts, or objects with "question" and "answer".')
    question = _text(value.get("question"), f"{what}: 'question'").strip()
    if not 0 < len(question) <= LONGEST_QUESTION:
        raise BadQuestions(f"{what}: a question is needed, of at most {LONGEST_QUESTION:,} characters.")
    return Turn(question=question, answer=_text(value.get("answer", ""), f"{what}: 'answer'"))


_READ: dict[str, Callable[[Any, str], Any]] = {
    "id": _text,
    "question": _text,
    "gold_quotes": _texts,
    "source": _texts,
    "short_answer": _texts,
    "history": _turns,
    "answerable": _yes_or_no,
    "language": _text,
    "to_complete": _yes_or_no,
    "made_by": _text,
    "note": _text,
}
