"""Where the latest is asked for, the newest document that answers comes first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from assistant.answering.evidence import Sentence
from assistant.answering.recency import newest_first
from tests.support.hits import hit_of


def sentence(day: date | None, probability: float) -> Sentence:
    found = hit_of("The tram costs 120 million euros.")
    found = replace(found, document=replace(found.document, published=day))
    return Sentence(text="", start=0, end=1, hit=found, before="", after="", probability=probability)


OLD, NEW = sentence(date(2024, 3, 12), 0.9), sentence(date(2025, 2, 18), 0.6)
WEAK, UNDATED = sentence(date(2026, 1, 1), 0.1), sentence(None, 0.5)


@pytest.mark.parametrize(
    "question", ["What is the latest estimate?", "Was ist der aktuelle Stand der Kosten?"]
)
def test_the_newest_that_answers_comes_first(question: str) -> None:
    assert newest_first(question, [OLD, NEW, UNDATED, WEAK]) == [NEW, OLD, UNDATED, WEAK]


def test_other_questions_keep_the_order() -> None:
    assert newest_first("What does the tram cost?", [OLD, NEW]) == [OLD, NEW]
    assert newest_first("What is the latest estimate?", []) == []
