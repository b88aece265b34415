"""Questions understood: language, content words, and what they may be called in the sources."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.lexicon import Lexicon, invert, shipped
from assistant.retrieval.query import Query, language_in_conversation, understand
from ingest.text.folding import fold


def forms(query: Query) -> dict[str, tuple[str, ...]]:
    return {word.text: word.forms for word in query.words}


def test_function_words_go_and_content_words_stay() -> None:
    query = understand("What did the minister say about the new state budget?", ["en"], shipped())
    assert [word.text for word in query.words] == ["minister", "say", "new", "state", "budget"]


def test_words_come_with_their_equivalents_only_towards_the_languages_held() -> None:
    towards_german = forms(understand("Who ended the strikes?", ["de"], shipped()))
    assert "streik" in towards_german["strikes"]
    assert "streik" not in forms(understand("Who ended the strikes?", ["en"], shipped()))["strikes"]


def test_phrases_are_read_as_one() -> None:
    query = understand("Why did the Prime Minister resign?", ["de"], shipped())
    assert "ministerpräsident" in forms(query)["Prime Minister"]


def test_german_compounds_are_taken_apart() -> None:
    words = forms(understand("Wann beginnt der Friedensgipfel?", ["en"], shipped()))["Friedensgipfel"]
    assert any(form.startswith("peace") for form in words)


def test_country_names_come_from_cldr() -> None:
    assert "österreich" in forms(understand("Floods in Austria", ["de"], shipped()))["Austria"]
    assert "austria" in forms(understand("Hochwasser in Österreich", ["en"], shipped()))["Österreich"]


def test_places_named_after_words_of_the_lexicon_are_names() -> None:
    query = understand(
        "Was kostet das Bad in Bitterfeld, in Deutschland und in Mietwohnungen?",
        ("de", "en"),
        shipped(),
        "de",
    )
    assert {word.text: word.name for word in query.words if word.text[0] in "DM"} == {
        "Deutschland": False,
        "Mietwohnungen": False,
    }
    assert [(word.text, dict(word.equivalents)) for word in query.words if word.name] == [("Bitterfeld", {})]


@pytest.mark.parametrize(
    ("question", "proper"),
    [
        ("Wie viele Besucher zählte der Zoo Hannover am Montag?", ["Hannover"]),
        ("Was kostet ein Glühwein in Erfurt?", ["Erfurt"]),
        ("Was riss Kalkrode in Deutschland?", ["Kalkrode", "Deutschland"]),
        ("Wer floh in der Desegregationsperiode?", []),
        ("How many gates does Hanover have on Monday in March?", ["Hanover"]),
        ("Mayor and council of the town", []),
    ],
)
def test_some_words_are_names_beyond_doubt(question: str, proper: list[str]) -> None:
    query = understand(question, ("de", "en"), shipped())
    assert [word.text for word in query.words if word.proper] == proper


def test_names_and_numbers_are_told_from_words() -> None:
    query = understand("Did Witkoff visit the harbour in 2019?", ["en"], shipped())
    assert {word.text for word in query.words if word.name} == {"Witkoff", "2019"}


@pytest.mark.parametrize(
    "spellings",
    [
        ("Uschakow", "Ushakov"),
        ("Kyjiw", "Kyiv", "Kiew"),
        ("Zelensky", "Selenskyj", "Zelenskyy"),
        ("Gorbatschow", "Gorbachov"),
        ("Schröder", "Schroder"),
    ],
)
def test_spellings_of_one_name_fold_into_one(spellings: tuple[str, ...]) -> None:
    assert len({fold(spelling) for spelling in spellings}) == 1


@given(st.text(max_size=200))
def test_any_question_is_understood_without_an_error(question: str) -> None:
    query = understand(question, ["de", "en"], shipped(), language="en")
    assert all(word.forms[0] == word.text for word in query.words)


def test_a_table_serves_both_directions() -> None:
    table = {"flood": ("hochwasser", "flut"), "tide": ("flut",)}
    assert invert(table)["flut"] == ("tide", "flood")
    assert Lexicon({("en", "de"): table}).alternatives("flood", "en", "de") == ("hochwasser", "flut")


@pytest.mark.parametrize(
    ("question", "conversation", "expected"),
    [
        ("Rubio?", "de", "de"),
        ("Rubio?", "en", "en"),
        ("Rubio?", "fr", "fr"),
        ("Budget?", "de", "de"),
        ("Macron, Trump?", "de", "de"),
        ("Why?", "de", "en"),
        ("Warum?", "en", "de"),
        ("Kosten?", "en", "de"),
        ("Insurance?", "de", "en"),
        ("Was?", "de", "de"),
        ("What did the minister say about the new bridge?", "de", "en"),
        ("Warum?", "", "de"),
    ],
)
def test_a_short_follow_up_is_in_the_language_of_its_conversation(
    question: str, conversation: str, expected: str
) -> None:
    assert language_in_conversation(question, conversation, ["de", "en"], shipped()) == expected
