"""Questions over whole collections: what is ingested, what is asked, and where the answers stand."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path

from benchmarks import corpora
from training.asking import Case
from training.examples import Example


def xquad_cases(text: str, asked: str, articles: range, data: Path) -> list[Case]:
    """XQuAD's questions of these articles: each with its paragraph in the collection, and with it left out.

    The paragraphs are ingested as ``de-0000.txt`` and so on.
    """
    cases = []
    for question in corpora.questions(asked, data, answers=text):
        if question.article in articles:
            source, kind = f"{text}-{question.paragraph:04}.txt", f"{asked} over {text}"
            place, group = frozenset({(source, question.answer_start)}), f"xquad {question.article}"
            cases += [
                Case(kind=kind, question=question.text, places=place, group=group),
                Case(kind=kind, question=question.text, places=frozenset(), without=frozenset({source}), group=group),
            ]
    return cases


def example_cases(examples: Sequence[Example], asked: frozenset[str], kind: str) -> tuple[list[str], list[Case]]:
    """The texts of the examples to ingest as ``kind-0000.txt``, and the questions of the groups ``asked``.

    Examples of one question over several portions of a page become one case. An answered question is asked a second time
    with its text left out.
    """
    texts = list(dict.fromkeys(_with_title(example) for example in examples))
    sources = {text: f"{kind}-{number:04}.txt" for number, text in enumerate(texts)}
    places: dict[tuple[str, str], set[tuple[str, int]]] = {}
    for example in examples:
        if example.group in asked:
            text = _with_title(example)
            shift = len(text) - len(example.text)
            held = places.setdefault((example.question, example.group), set())
            held |= {(sources[text], shift + example.sentences[number].start) for number in example.answers}
    cases = []
    for (question, group), held in places.items():
        cases.append(Case(kind=kind, question=question, places=frozenset(held), group=group))
        if held:
            without = frozenset(source for source, _ in held)
            cases.append(Case(kind=kind, question=question, places=frozenset(), without=without, group=group))
    return texts, cases


def english_cases(data: Path) -> list[Case]:
    """The questions over the five English corpora, ingested as ``state_of_the_union.md`` and so on; all are answered."""
    with (data / "english" / "questions.csv").open(encoding="utf-8", newline="") as file:
        return [
            Case(
                kind="english",
                question=row["question"],
                places=frozenset(
                    (f"{row['corpus_id']}.md", reference["start_index"]) for reference in json.loads(row["references"])
                ),
                group=row["corpus_id"],
            )
            for row in csv.DictReader(file)
        ]


def _with_title(example: Example) -> str:
    return f"{example.title}\n\n{example.text}" if example.title else example.text
