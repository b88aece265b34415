"""The benchmark data as files and questions. Where it lies: ``--data`` or ``../shared/data``."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import SourceError
from ingest.types import Item

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question, the paragraph (by number) that answers it, and where the answer begins there."""

    id: str
    text: str
    paragraph: int
    answer_start: int
    article: int


def news(data: Path = DATA) -> list[str]:
    """The 1,028 German news articles."""
    with (data / "gnad10k" / "test.csv").open(encoding="utf-8", newline="") as file:
        return [row[1] for row in csv.reader(file, delimiter=";", quotechar="'") if len(row) > 1]


def paragraphs(language: str, data: Path = DATA) -> list[str]:
    """XQuAD's 240 paragraphs in ``language``."""
    return [paragraph["context"] for _, paragraph in _xquad(language, data)]


def questions(language: str, data: Path = DATA, answers: str | None = None) -> list[Question]:
    """XQuAD's questions in ``language`` that the paragraphs in ``answers`` answer, located there."""
    located = {
        entry["id"]: (number, entry["answers"][0]["answer_start"])
        for number, (_, paragraph) in enumerate(_xquad(answers or language, data))
        for entry in paragraph["qas"]
    }
    return [
        Question(
            id=entry["id"],
            text=entry["question"],
            paragraph=located[entry["id"]][0],
            answer_start=located[entry["id"]][1],
            article=article,
        )
        for article, paragraph in _xquad(language, data)
        for entry in paragraph["qas"]
        if entry["id"] in located
    ]


def answers(language: str, data: Path = DATA) -> dict[str, str]:
    """The words that answer each question of XQuAD's in the paragraphs in ``language``, by the question's id."""
    return {
        entry["id"]: entry["answers"][0]["text"]
        for _, paragraph in _xquad(language, data)
        for entry in paragraph["qas"]
    }


def has(language: str, data: Path = DATA) -> bool:
    """Whether XQuAD's paragraphs are there in ``language``."""
    return _file(language, data).is_file()


def english(data: Path = DATA) -> list[str]:
    """English texts cut into articles of about 3,000 characters at paragraph ends."""
    texts = [
        path.read_text(encoding="utf-8", errors="replace") for path in sorted((data / "english").glob("*.md"))
    ]
    return [article for text in texts for article in _cut(text, 3_000)]


def write(texts: list[str], folder: Path, prefix: str) -> list[Item | SourceError]:
    """The texts as files, ready to be ingested."""
    folder.mkdir(parents=True, exist_ok=True)
    items: list[Item | SourceError] = []
    for number, text in enumerate(texts):
        path = folder / f"{prefix}-{number:04}.txt"
        path.write_text(text, encoding="utf-8")
        items.append(Item(source=path.name, name=path.name, path=path))
    return items


def _cut(text: str, size: int) -> list[str]:
    pieces, start = [], 0
    while start < len(text):
        end = text.find("\n", start + size)
        end = len(text) if end < 0 else end + 1
        pieces.append(text[start:end])
        start = end
    return [piece for piece in pieces if piece.strip()]


def _file(language: str, data: Path) -> Path:
    return data / "xquad" / f"xquad.{language}.json"


def _xquad(language: str, data: Path) -> list[tuple[int, dict[str, object]]]:
    loaded = json.loads(_file(language, data).read_text(encoding="utf-8"))
    return [(n, paragraph) for n, article in enumerate(loaded["data"]) for paragraph in article["paragraphs"]]
