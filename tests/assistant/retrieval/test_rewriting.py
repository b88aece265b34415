"""Follow-up questions without a model: what they take over from the turns before."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.language.lexicon import shipped
from assistant.retrieval.query import Query, understand
from assistant.retrieval.rewriting import standalone
from assistant.types import Turn

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


def test_names_come_from_turns_further_back_as_long_as_each_leans_on_the_one_before() -> None:
    ask = after(TERRITORY, ("And what did he say about Europe?", "Nothing [1]."))
    assert ask("And about sanctions, did he say anything?").endswith("(Uschakow)")
    ask = after(
        TERRITORY, ("Who is Moira Fenwick?", "A captain [1]."), ("And where does she live?", "Here [1].")
    )
    assert ask("What did she say about winter?").endswith("(Moira, Fenwick)")


def test_whoever_an_answer_names_is_who_he_is() -> None:
    ask = after(("Who spoke for the Kremlin?", "“The adviser Juri Uschakow praised the talks.” [1]"))
    assert "Uschakow" in ask("What did he say about Europe?")
