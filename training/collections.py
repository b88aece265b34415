"""The collections that the rule is fitted on: what was kept back from the reader, asked over everything of its kind."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.core import Assistant
from benchmarks import corpora
from benchmarks.cases import Case, Collection, opened, pairs
from ingest.embedding.types import Embedder
from training.examples import Example
from training.mixing import KEPT_BACK, Mixture

# Before the name of a collection whose questions are about somebody else.
EXCHANGED = "exchanged: "


def kept_back(mixed: Mixture, data: Path, work: Path, embedder: Embedder) -> Iterator[Collection]:
    """Each with its cases; the indexes are kept in ``work``."""
    yield from pairs(KEPT_BACK, data, work, embedder)
    for kind, everything in mixed.everything.items():
        asked = frozenset((example.question, example.group) for example in mixed.kept_back[kind])
        texts, cases = _asked(everything, asked, kind)
        assistant = opened(work / kind, embedder, corpora.write(texts, work / kind, kind))
        yield kind, assistant, cases
        assistant.close()


def _asked(
    examples: Sequence[Example], asked: frozenset[tuple[str, str]], kind: str
) -> tuple[list[str], list[Case]]:
    """The texts of all the examples, and those of their questions and groups that are ``asked``, each over all the texts.

    An answered question is asked a second time with its text left out.
    """
    texts = list(dict.fromkeys(map(_document, examples)))
    sources = {text: f"{kind}-{number:04}.txt" for number, text in enumerate(texts)}
    places: dict[tuple[str, str], set[tuple[str, int]]] = {}
    for example in examples:
        if (example.question, example.group) in asked:
            text = _document(example)
            shift = len(text) - len(example.text)
            held = places.setdefault((example.question, example.group), set())
            for number in example.answers:
                span = example.sentences[number]
                held.add((sources[text], shift + (span.start + span.end) // 2))
    cases = []
    for (question, _), held in places.items():
        cases.append(Case(question=question, places=frozenset(held)))
        if held:
            without = frozenset(source for source, _ in held)
            cases.append(Case(question=question, places=frozenset(), without=without))
    return texts, cases


def _document(example: Example) -> str:
    return f"{example.title}\n\n{example.text}" if example.title else example.text


def exchanged(assistant: Assistant, cases: Sequence[Case], chance: random.Random) -> list[Case]:
    """The answered cases once more, each about somebody or something else, which the answering texts do not have.

    The name or number comes from another question; cases without a name are left out.
    """
    names = {case.question: _names(case.question, assistant) for case in cases}
    texts = {record.source: record.id for record in assistant.index.records()}
    pool = sorted({name for own in names.values() for name in own})
    made = []
    for case in cases:
        if case.places and names[case.question]:
            own = chance.choice(names[case.question])
            held = "\n".join(assistant.index.texts.by_id(texts[source]) for source, _ in sorted(case.places))
            others = [
                name
                for name in pool
                if name[0].isdigit() == own[0].isdigit() and name.lower() not in held.lower()
            ]
            if others:
                question = case.question.replace(own, chance.choice(others))
                made.append(Case(question=question, places=frozenset()))
    return made


def _names(question: str, assistant: Assistant) -> list[str]:
    return [word.text for word in assistant.understand(question).words if word.name and word.text in question]
