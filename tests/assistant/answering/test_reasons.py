"""A bare "Why?" is never answered by what was just quoted."""

from __future__ import annotations

import pytest

from assistant.answering.evidence import Sentence
from assistant.answering.judging import JudgedSentences
from assistant.answering.reasons import only_reasons
from assistant.retrieval.question_type import asks_only_why
from assistant.types import Hit, Turn
from tests.support.conversations import citation

CITED = citation()
HIT = Hit(passage=CITED.passage, document=CITED.document, score=1.0, dense_rank=1, lexical_rank=1)


def sentence(text: str, number: int, probability: float | None = None) -> Sentence:
    return Sentence(
        text=text,
        start=0,
        end=len(text),
        hit=HIT,
        before="",
        after="",
        number=number,
        probability=probability,
    )


QUOTED, OTHER = sentence("Der Markt bleibt\n geschlossen.", 0, 0.9), sentence("Es gibt Bratwurst.", 1, 0.6)
REASON, FAR = sentence("Denn das Dach ist undicht.", 1), sentence("Weil es regnet.", 9, 0.05)
HISTORY = [Turn(question="Was bleibt zu?", answer="„Der Markt bleibt geschlossen.“ [1]")]


@pytest.mark.parametrize(
    "question",
    [
        "Why?",
        "why",
        "And why?",
        "How come?",
        "Warum?",
        "Und warum ist das so?",
        "Wieso denn?",
        "Why did he say that?",
        "Ok, warum?",
        "Aus welchem Grund?",
        "Pourquoi ?",
        "¿Por qué?",
        "Perché?",
        "Waarom?",
        "Почему?",
        "Чому?",
        "Γιατί;",
    ],
)
def test_a_bare_why_is_known(question: str) -> None:
    assert asks_only_why(question)


@pytest.mark.parametrize(
    "question", ["Why was the market closed?", "Warum regnet es?", "Who?", "Und dann?", ""]
)
def test_what_names_something_is_no_bare_why(question: str) -> None:
    assert not asks_only_why(question)


def test_a_reason_beside_the_quote_answers_and_the_quote_does_not() -> None:
    judged = only_reasons(JudgedSentences(ranked=[QUOTED, OTHER, REASON], answered=0.9), HISTORY)
    assert (judged.answers, list(judged.ranked)) == (True, [REASON])


def test_without_a_reason_the_closest_is_only_offered() -> None:
    judged = only_reasons(JudgedSentences(ranked=[QUOTED, OTHER, FAR], answered=0.9), HISTORY)
    assert (judged.answers, judged.may_answer, list(judged.ranked)) == (False, True, [FAR])
    judged = only_reasons(JudgedSentences(ranked=[QUOTED], answered=0.9), HISTORY)
    assert (judged.answers, judged.may_answer) == (False, False)
