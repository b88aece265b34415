"""A hundred names from the news in German and in English spelling: asked by one, found by the other."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.lexicon import shipped
from assistant.language.matching import NAME_HELD, match_score, vocabulary
from assistant.language.words import Word
from assistant.retrieval.query import understand

PAIRS = [
    tuple(line.split("\t")) for line in (Path(__file__).parent / "names.tsv").read_text("utf-8").splitlines()
]
# Names that sound alike and are not the same person or place.
STRANGERS = [
    ("Putin", "Rubin"),
    ("Merz", "Merkel"),
    ("Lawrow", "Laschet"),
    ("Charkiw", "Cherson"),
    ("Scholz", "Schulz"),
    ("Selenskyj", "Syrskyj"),
    ("Iran", "Irak"),
    ("Baerbock", "Habeck"),
    ("Österreich", "Frankreich"),
]


def words(question: str, language: str) -> tuple[Word, ...]:
    """The names in a question that has nothing else to look for."""
    return understand(question, ["de", "en"], shipped(), language=language).words


def test_there_are_a_hundred() -> None:
    assert len(set(PAIRS)) >= 100


@pytest.mark.parametrize(("german", "english"), PAIRS)
def test_a_name_is_found_in_the_other_language_s_spelling(german: str, english: str) -> None:
    for asked, written, language in ((german, english, "de"), (english, german, "en")):
        found = words(asked, language)
        assert found
        assert all(match_score(word, vocabulary(written)) >= NAME_HELD for word in found), (asked, written)


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("Uschakow", "Ушаков"),
        ("Ushakov", "Ушаковым"),
        ("Selenskyj", "Зеленський"),
        ("Zelenskyy", "Зеленського"),
        ("Gorbatschow", "Горбачёва"),
        ("Tchaikovsky", "Чайковский"),
        ("Tsipras", "Τσίπρας"),
        ("Papandreou", "Παπανδρέου"),
        ("Ушаков", "Uschakow"),
        ("Зеленський", "Zelensky"),
        ("Παπανδρέου", "Papandreou"),
    ],
)
def test_a_name_is_found_in_another_script(asked: str, written: str) -> None:
    found = words(asked, "en")
    assert found
    assert all(word.name and match_score(word, vocabulary(written)) >= NAME_HELD for word in found)


@pytest.mark.parametrize(("one", "other"), STRANGERS)
def test_other_names_are_not_taken_for_it(one: str, other: str) -> None:
    assert all(match_score(word, vocabulary(other)) < NAME_HELD for word in words(one, "de"))
    assert all(match_score(word, vocabulary(one)) < NAME_HELD for word in words(other, "de"))


WRITTEN = st.sampled_from(
    ["Rat", "neu", "neuen", "Stadtrat", "Räte", "12", "1870", "Hafen", "Häfen", "Hafenmeister", "territory", "Territorium", "so"]
)  # fmt: skip


@given(
    forms=st.lists(WRITTEN, min_size=1, max_size=4),
    words=st.lists(WRITTEN, max_size=6),
    foreign=st.booleans(),
)
def test_a_word_is_held_as_surely_as_its_best_form_and_a_phrase_as_its_words_are(
    *, forms: list[str], words: list[str], foreign: bool
) -> None:
    text = vocabulary(" ".join(words), "de")

    def held(*spelled: str) -> float:
        return match_score(Word(text="x", forms=spelled, equivalents={}, name=False, foreign=foreign), text)

    each = [held(form) for form in forms]
    assert held(*forms) == max(each)
    assert held(" ".join(forms)) == pytest.approx(sum(each) / len(each))
    assert all(held(word) == 1.0 for word in words)
