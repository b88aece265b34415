"""Follow-up questions without a model: what they take over from the turns before."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from assistant.language.lexicon import shipped
from assistant.retrieval.query import Query, understand
from assistant.retrieval.rewriting import CONSIDERED_ANSWER, TURNS, cited_in, considered, readable, standalone
from assistant.types import Turn
from tests.support.hits import hit_of

LANGUAGES = ("de", "en")


def asked(question: str) -> Query:
    return understand(question, LANGUAGES, shipped())


def after(*turns: tuple[str, str]) -> Callable[[str], str]:
    history = [Turn(question=question, answer=answer) for question, answer in turns]
    return lambda question: standalone(question, history, asked)


TERRITORY = ("What did Uschakow say about territory?", "“No compromise was found.” [1]")
GEBIETE = ("Was sagte Uschakow über die Gebiete?", "„Kein Kompromiss.“ [1]")


@pytest.mark.parametrize(
    ("before", "question", "searched"),
    [
        (TERRITORY, "And what did he say about Europe?", "And what did he say about Europe? (Uschakow)"),
        (GEBIETE, "Und was sagte er zu Europa?", "Und was sagte er zu Europa? (Uschakow)"),
        (TERRITORY, "Und was sagte er zu Europa?", "Und was sagte er zu Europa? (Uschakow)"),
        (TERRITORY, "Who built the Eiffel Tower?", "Who built the Eiffel Tower?"),
        (TERRITORY, "And what did Uschakow say about Europe?", "And what did Uschakow say about Europe?"),
        (TERRITORY, "And what about Witkoff?", "And what about Witkoff? (Uschakow, say, territory)"),
        (
            ("When did the ferry to Tarnsay return?", "On Monday [1]."),
            "And why was it out of service?",
            "And why was it out of service? (Tarnsay, ferry, return)",
        ),
        (
            ("Wie hoch war der Schaden an der Brücke?", "14 Millionen Euro [1]."),
            "And how long did the repair of it take?",
            "And how long did the repair of it take? (damage, bridge)",
        ),
    ],
)
def test_a_follow_up_takes_over_what_it_lacks(before: tuple[str, str], question: str, searched: str) -> None:
    assert after(before)(question) == searched


def test_names_come_from_turns_further_back_as_long_as_each_refers_to_the_one_before() -> None:
    ask = after(TERRITORY, ("And what did he say about Europe?", "Nothing [1]."))
    assert ask("And about sanctions, did he say anything?").endswith("(Uschakow)")
    ask = after(
        TERRITORY, ("Who is Moira Fenwick?", "A captain [1]."), ("And where does she live?", "Here [1].")
    )
    assert ask("What did she say about winter?").endswith("(Moira, Fenwick)")


def test_whoever_an_answer_names_is_who_he_is() -> None:
    ask = after(("Who spoke for the Kremlin?", "“The adviser Juri Uschakow praised the talks.” [1]"))
    assert "Uschakow" in ask("What did he say about Europe?")


def test_the_name_that_an_answer_has_most_often_comes_first() -> None:
    answer = "Witkoff flew home. Uschakows Berater schwieg, sagte Uschakow; Uschakow-Kenner nickten."
    ask = after(("Wer sprach für den Kreml?", answer))
    assert ask("Was sagte er zu Europa?").startswith("Was sagte er zu Europa? (Uschakow, ")


def test_who_did_it_is_meant_rather_than_the_one_to_whom_it_was_done() -> None:
    title = "Bees of Dorla in November (2025-03-05):\n"
    ask = after(
        ("Who criticised Udo Lemke?", f"{title}“Biologist Hanna Kolb criticised Udo Lemke in May.” [1]")
    )
    assert ask("And where does she work?") == "And where does she work? (Hanna, Kolb)"
    ask = after(("Who did Udo Lemke meet?", "“Lemke met Hanna Kolb.” [1]"))
    assert "Udo" in ask("And what did he say?")


@pytest.mark.parametrize("question", ["Since when?", "Bis wann?", "Wie lange?", "For what reason?"])
def test_a_question_of_few_words_refers_to_the_one_before(question: str) -> None:
    assert "Uschakow" in after(TERRITORY)(question)


@pytest.mark.parametrize("question", ["Who is Witkoff?", "Was kostet Brot?", "Danke!"])
def test_a_short_question_about_something_else_does_not(question: str) -> None:
    assert after(TERRITORY)(question) == question


# Long conversations


def conversation(words: int) -> list[Turn]:
    """A turn of so many words in its question and its answer, every third of them another name."""
    text = " ".join(f"minister Xa{number:06d}z".translate(LETTERS) + " spoke" for number in range(words // 3))
    return [Turn(question=f"Who spoke of {text}?", answer=text)]


LETTERS = str.maketrans("0123456789", "bcdfghjklm")


def calls(history: list[Turn]) -> int:
    """How many functions are called, Python's own included, to make a question standalone."""
    count = 0

    def called(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(called)
    try:
        standalone("And what did he say about Europe?", history, asked)
    finally:
        sys.setprofile(None)
    return count


def test_the_work_grows_with_the_length_of_a_conversation_not_with_its_square() -> None:
    short, long = conversation(400), conversation(1_600)
    calls(long)  # dictionaries are loaded, and the words' base forms cached
    assert calls(long) < 4.5 * calls(short)


def test_of_a_long_conversation_only_the_last_turns_and_their_beginnings_count() -> None:
    history = [Turn(question=f"Who is {number}?", answer="x" * 50_000) for number in range(500)]
    turns = considered(history)
    assert [turn.question for turn in turns] == [turn.question for turn in history[-TURNS:]]
    assert {len(turn.answer) for turn in turns} == {CONSIDERED_ANSWER}
    short = [Turn(question="Who spoke?", answer="Uschakow [1].")]
    assert considered(short) == tuple(short)


HITS = (
    hit_of("Die Talbrücke ist 31 Meter breit. Gebaut wurde sie im Jahr 1968.", "bridge"),
    hit_of("Der Umbau des Freibads kostet vier Millionen Euro.", "pool"),
)


@pytest.mark.parametrize(
    ("answer", "cited"),
    [
        ("„Der Umbau des Freibads kostet vier\nMillionen Euro.“ [1]", ("pool",)),
        (
            "„Gebaut wurde sie im Jahr 1968.“ [1]\n„Der Umbau des Freibads kostet vier Millionen Euro.“ [2]",
            ("bridge", "pool"),
        ),
        ("It was built long ago [1].", ("bridge",)),  # written: none of the sentences is quoted
        ("Die Dokumente beantworten diese Frage nicht.", ()),
    ],
)
def test_an_earlier_answer_cites_the_documents_that_it_quotes(answer: str, cited: tuple[str, ...]) -> None:
    assert cited_in(Turn(question="?", answer=answer), HITS) == cited


@pytest.mark.parametrize(
    ("wording", "question", "shown"),
    [
        ("And Rubio? (Uschakow, say, territory)", "And Rubio?", "Rubio: Uschakow, territory"),
        ("Und Rubio? (Uschakow, sagte, Gebiete)", "Danke. Und Rubio?", "Rubio: Uschakow, Gebiete"),
        ("Warum? (Uschakow)", "Warum?", "Warum: Uschakow"),
        ("What about it? (say)", "What about it?", "It"),
        (
            "What is MDR (Mitteldeutscher Rundfunk)",
            "What is MDR (Mitteldeutscher Rundfunk)",
            "What is MDR (Mitteldeutscher Rundfunk)",
        ),
        ("Who is he?", "Who is he?", "Who is he?"),
    ],
)
def test_what_was_searched_can_be_read(wording: str, question: str, shown: str) -> None:
    assert readable(wording, question) == shown
