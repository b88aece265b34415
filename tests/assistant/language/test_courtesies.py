"""What people put around a question is taken off, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.courtesies import idle_adverbs, without_courtesies

QUESTION = "Wer hat den Leuchtturm gebaut?"
CLAUSE = "wer den Leuchtturm gebaut hat"
AROUND = (
    "Hallo! {}",
    "Guten Morgen, {}",
    "Kurze Frage: {}",
    "{} Danke!",
    "{} Vielen Dank im Voraus.",
    "Laut den Artikeln, {}",
    "Hello there. {}",
    "Sorry to bother you, but {}",
    "According to the documents, {}",
    "{} Please keep it short.",
)
LEADING = (
    "Können Sie mir sagen, {}?",
    "Ich wüsste gern, {}.",
    "Steht in den Unterlagen, {}?",
    "Unsere Redaktion möchte wissen, {}.",
    "Do you happen to know {}?",
    "My editor would like to know {}.",
    "Do the reports say {}?",
    "Please explain to me {}.",
)


@pytest.mark.parametrize("frame", AROUND)
def test_greetings_thanks_and_sources_are_taken_off(frame: str) -> None:
    assert without_courtesies(frame.format(QUESTION)) == QUESTION


@pytest.mark.parametrize("frame", LEADING)
def test_what_leads_to_the_question_is_taken_off(frame: str) -> None:
    assert without_courtesies(frame.format(CLAUSE)).rstrip("?.") == CLAUSE


@pytest.mark.parametrize(
    ("question", "plain"),
    [
        ("What do you know about the ferry?", "the ferry?"),
        ("Was steht in den Dokumenten über den Parkausweis?", "den Parkausweis?"),
        ("Tell me about the tram", "the tram"),
        ("Erzähl mir etwas über die Tram", "die Tram"),
    ],
)
def test_only_the_subject_is_left_of_a_question_for_all_that_is_known(question: str, plain: str) -> None:
    assert without_courtesies(question) == plain


@pytest.mark.parametrize(
    "question",
    [
        "Why?",
        "Und warum?",
        "Danke",
        "The mayor resigned. Why?",
        "Who knows where the treasure is?",
        "What did he say about the tower?",
        "What did the minister say when the talks ended?",
        "Wann, wenn nicht jetzt, beginnt der Bau?",
        "In the US, who decides?",
        "Which U.S. senators voted on X.25?",
        "Um 10:30 Uhr, was geschah?",
        "How old is he, and who is she?",
        "Was sagte der Minister, als er zurücktrat?",
        "And about sanctions, did he say anything?",
        "Und zu den Sanktionen, hat er etwas gesagt?",
        "Did she say so, and to whom?",
        "He said so. Why?",
    ],
)
def test_a_question_is_left_alone(question: str) -> None:
    assert without_courtesies(question) == question


@given(st.text(max_size=80))
def test_something_is_always_left(text: str) -> None:
    plain = without_courtesies(text)
    assert bool(plain.strip()) == bool(text.strip())


def test_adverbs_that_ask_nothing_are_listed_by_language() -> None:
    assert "derzeit" in idle_adverbs("de")
    assert "currently" in idle_adverbs("en")
    assert not idle_adverbs("xx")
