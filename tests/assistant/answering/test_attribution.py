"""Whose words a question asks for, and which sentences report them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.answering.attribution import is_said_by, name_in, speakers_asked_for
from assistant.answering.evidence import Sentence, sentences_of
from assistant.language.lexicon import shipped
from assistant.retrieval.query import Query, understand
from tests.support.hits import hit_of

NEWS = (
    "Der Hafen von Ostrau wird ausgebaut. „Das kostet uns die Fischer“, sagte Ines Kroll am Montag. "
    "Die Kähne lägen dann nicht mehr am Kai. Peter Dahms leitet das Amt seit drei Jahren."
)
MINUTES = "Kroll: Der Kai ist zu kurz.\n\nDahms: Kroll sieht das falsch, wir bauen an."


def asked(question: str) -> Query:
    return understand(question, ["de", "en"], shipped())


def sentences(text: str, language: str = "de") -> list[Sentence]:
    hit = hit_of(text, "harbour", 1.0)
    return sentences_of([replace(hit, document=replace(hit.document, language=language))])


@pytest.mark.parametrize(
    ("question", "who"),
    [
        ("What did Ines Kroll say about the harbour?", "Ines Kroll"),
        ("What does Kroll think of it?", "Kroll"),
        ("What is Kroll said to have warned of?", "Kroll"),
        ("Was sagte Kroll zum Hafen?", "Kroll"),
        ("Wie äußerte sich Ines Kroll zu den Fischern?", "Ines Kroll"),
        ("Was hat Kroll über den Kai gesagt?", "Kroll"),
        ("Wovor warnt Kroll?", "Kroll"),
        ("What did the harbour cost?", ""),
        ("Was kostet der Ausbau in Ostrau?", ""),
        ("Who says that Kroll left?", ""),
        ("Was geschah, nachdem Kroll das gesagt hatte?", ""),
    ],
)
def test_who_is_asked_for(question: str, who: str) -> None:
    query = asked(question)
    assert name_in(query, speakers_asked_for(query)) == who


@pytest.mark.parametrize(
    ("who", "said"), [("Kroll", [True, True, True, False]), ("Dahms", [False, False, False, False])]
)
def test_a_report_names_who_speaks_in_it_or_beside_it(who: str, said: list[bool]) -> None:
    speakers = speakers_asked_for(asked(f"Was sagte {who} zum Hafen?"))
    assert [is_said_by(speakers, sentence) for sentence in sentences(NEWS)] == said


def test_reported_speech_goes_on_in_german() -> None:
    speakers = speakers_asked_for(asked("Was sagte Kroll zum Hafen?"))
    text = "Kroll ist dagegen. Es regnete. Man habe die Fischer nie gefragt. Es regnete weiter."
    assert [is_said_by(speakers, sentence) for sentence in sentences(text)] == [False, False, True, False]


def test_a_turn_is_its_speakers() -> None:
    own = speakers_asked_for(asked("Was sagte Dahms zum Kai?"))
    assert [is_said_by(own, sentence) for sentence in sentences(MINUTES)] == [False, True]


def test_in_a_language_whose_reports_are_not_known_everything_counts_as_said() -> None:
    own = speakers_asked_for(asked("Was sagte Dahms zum Kai?"))
    assert all(is_said_by(own, sentence) for sentence in sentences(NEWS, "pl"))
