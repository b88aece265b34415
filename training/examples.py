"""Questions with the sentences of a passage that answer them, from the datasets that carry such marks."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from assistant.language.lexicon import shipped
from assistant.retrieval.query import understand
from assistant.retrieval.rewriting import standalone
from assistant.types import Turn
from ingest.text.sentences import Span, trimmed_sentences

TEXTS = Path(__file__).parent / "texts"
XQUAD_LANGUAGES = ("de", "en", "es", "ru", "tr")
LONGEST = 900  # code points of a passage that is made of lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A question over one passage; ``answers`` are the numbers of the sentences that answer it, none where nothing does.

    ``group`` is what is kept together when examples are kept back: an article, a page, a text.
    """

    question: str
    title: str
    text: str
    sentences: tuple[Span, ...]
    answers: frozenset[int]
    group: str


def own_texts(folder: Path = TEXTS) -> list[Example]:
    """The texts that were written for this training. A follow-up is asked as the product asks it: with what it carries over."""
    of_language = partial(understand, languages=("de", "en"), lexicon=shipped())
    examples = []
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            document = json.loads(line)
            text, spans = joined(document["sentences"], "\n" if document["kind"] != "news" else " ")
            examples += [
                Example(
                    question=standalone(asked["question"], _earlier(asked), of_language),
                    title=document["title"],
                    text=text,
                    sentences=spans,
                    answers=frozenset(asked["answers"]),
                    group=f"{path.stem}: {document['title']}",
                )
                for asked in document["questions"]
            ]
    return examples


def _earlier(asked: dict[str, Any]) -> list[Turn]:
    return [Turn(question=asked["before"], answer="")] if "before" in asked else []


def omosqa(data: Path, part: str = "train") -> list[Example]:
    """OMoS-QA: pages of advice, cut into passages; each passage is an example of its own."""
    examples = []
    for path in sorted((data / "omosqa").glob(f"{part}_*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            page = json.loads(line)
            for first, lines in _portions(page["context"].split("\n")):
                text, spans = joined(lines, "\n")
                answers = frozenset(n - first for n in page["answers"] if first <= n < first + len(lines))
                examples.append(
                    Example(
                        question=page["question"],
                        title="",
                        text=text,
                        sentences=spans,
                        answers=answers,
                        group=f"omosqa {page['id']}",
                    )
                )
    return examples


def xquad_pairs(data: Path, articles: range, chance: random.Random) -> list[Example]:
    """XQuAD's questions of these articles, in every language over the paragraphs in every language.

    For each pair of languages one example has the right paragraph, and one another paragraph of the same article.
    """
    loaded = {
        code: _json(data / "xquad" / f"xquad.{code}.json")[articles.start : articles.stop]
        for code in XQUAD_LANGUAGES
    }
    examples = []
    for code in XQUAD_LANGUAGES:
        for number, article in enumerate(loaded[code]):
            for place, paragraph in enumerate(article["paragraphs"]):
                others = [n for n in range(len(article["paragraphs"])) if n != place]
                for row, entry in enumerate(paragraph["qas"]):
                    for asked in XQUAD_LANGUAGES:
                        question = loaded[asked][number]["paragraphs"][place]["qas"][row]["question"]
                        group, title = f"xquad {articles.start + number}", article.get("title", "")
                        examples.append(
                            _located(question, title, paragraph["context"], code, entry["answers"], group)
                        )
                        if others:
                            other = article["paragraphs"][chance.choice(others)]["context"]
                            examples.append(_located(question, title, other, code, [], group))
    return examples


def squad2(data: Path) -> list[Example]:
    """SQuAD 2.0's questions, without the paragraphs and the questions that XQuAD has."""
    taken = _json(data / "xquad" / "xquad.en.json")
    texts = {_plain(paragraph["context"]) for article in taken for paragraph in article["paragraphs"]}
    known = {
        entry["id"] for article in taken for paragraph in article["paragraphs"] for entry in paragraph["qas"]
    }
    examples = []
    for article in _json(data / "squad2" / "dev-v2.0.json"):
        for paragraph in article["paragraphs"]:
            if _plain(paragraph["context"]) in texts or known & {entry["id"] for entry in paragraph["qas"]}:
                continue
            for entry in paragraph["qas"]:
                places = [answer for answer in entry["answers"] if not answer.get("ambiguous_start")]
                if places or entry["is_impossible"]:
                    title = article["title"].replace("_", " ")
                    examples.append(
                        _located(
                            entry["question"], title, paragraph["context"], "en", places, f"squad2 {title}"
                        )
                    )
    return examples


def joined(lines: Sequence[str], between: str) -> tuple[str, tuple[Span, ...]]:
    """The lines as one text, and where each stands in it."""
    spans, at = [], 0
    for line in lines:
        spans.append(Span(at, at + len(line)))
        at += len(line) + len(between)
    return between.join(lines), tuple(spans)


def _located(
    question: str, title: str, text: str, language: str, answers: Sequence[dict[str, Any]], group: str
) -> Example:
    spans = trimmed_sentences(text, language)
    starts = [answer["answer_start"] for answer in answers]
    return Example(
        question=question,
        title=title.replace("_", " "),
        text=text,
        sentences=spans,
        answers=frozenset(n for n, span in enumerate(spans) for at in starts if span.start <= at < span.end),
        group=group,
    )


def _portions(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """The lines in portions of about `LONGEST`, each with the number of its first line."""
    first, size = 0, 0
    for number, line in enumerate(lines):
        if size and size + len(line) > LONGEST:
            yield first, list(lines[first:number])
            first, size = number, 0
        size += len(line)
    yield first, list(lines[first:])


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, text)).lower()


def _json(path: Path) -> list[Any]:
    data: list[Any] = json.loads(path.read_text("utf-8"))["data"]
    return data
