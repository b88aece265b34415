"""Words as they are written: where they are, what counts as the same word, and phrases in them."""

from __future__ import annotations

import doctest
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.text import wording
from ingest.text.wording import Phrase, index_form, phrases_in, places, readings, spellings, words_in

# What words, what parts them, and what is hard of both.
SIGNS = "aeouäöüßéñøæłйё-‐ \n\t.,:;'’\"„“»12५北京กำが\u00ad\u0301\u200d_İ"


def found(text: str, query: str) -> list[str]:
    words = words_in(text)
    return [
        text[words[first].start : words[last].end]
        for phrase in phrases_in(query)
        for first, last in places(words, phrase)
    ]


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("Die Straße", "STRASSE", ["Straße"]),
        ("Die Rate", "Ratte", []),
        ("Die Hüte", "Hütte", []),
        ("Frau Møller und Herr Åberg", "moeller aaberg", ["Møller", "Åberg"]),
        ("Der Aerobus", "ärobus", ["Aerobus"]),
        ("cafe\u0301", "café", ["cafe\u0301"]),
        ("мой дом", "мои", []),
        ("ёлка", "елка", ["ёлка"]),
        ("かき", "がき", []),
        ("ΟΔΟΣ", "οδός", ["ΟΔΟΣ"]),
        ("שָׁלוֹם", "שלום", ["שָׁלוֹם"]),
        ("我们在北京", "北京", ["北京"]),
        ("ภาษาไทย", "ไทย", ["ไทย"]),
        ("the dredg\u00ading", "dredging", ["dredg\u00ading"]),
        ("the dredg\u00ad\n  ing", "dredging", ["dredg\u00ad\n  ing"]),
        ("the dredg-\ning", "dredging", ["dredg-\ning"]),
        ("the dredg-\n\ning", "dredging", []),
        ("well-\nknown dredg-\ning", '"well-known dredging"', ["well-\nknown dredg-\ning"]),
        ("Berlin-Mitte", "mitte", ["Mitte"]),
        ("12.5 and 5", "5", ["5"]),
        ("1,000 and 1.000", "1,000", ["1,000"]),
        ("in 1990.", "1990", ["1990"]),
        ("the “new\nharbour”, he said", '"New harbour he"', ["new\nharbour”, he"]),
        ("snake_case", "case", ["case"]),
        ("a a a", '"a a"', ["a a", "a a"]),
    ],
)
def test_the_same_word_is_found_and_no_other(text: str, query: str, expected: list[str]) -> None:
    assert found(text, query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('a "b c" d', [("a",), ("b", "c"), ("d",)]),
        ("„b c“ «d e» “f g”", [("b", "c"), ("d", "e"), ("f", "g")]),
        ('"b c', [("b", "c")]),
        ("O'Neill Berlin-Mitte", [("O", "Neill"), ("Berlin", "Mitte")]),
        ("Ä ae ä", [("ä",)]),
        ('"" … -', []),
        ("", []),
    ],
)
def test_quotation_marks_make_phrases(query: str, expected: list[tuple[str, ...]]) -> None:
    written = [tuple(map(str.casefold, phrase.words)) for phrase in phrases_in(query)]
    assert [tuple(map(index_form, words)) for words in written] == [
        tuple(map(index_form, words)) for words in expected
    ]


@given(st.text(st.sampled_from(SIGNS), max_size=40), st.data())
def test_every_run_of_whole_words_is_found_where_it_stands(text: str, data: st.DataObject) -> None:
    words = words_in(text)
    if not words:
        return
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    phrase = Phrase(tuple(word.text for word in words[first : last + 1]))
    assert (first, last) in set(places(words, phrase))


@given(st.text(st.sampled_from(SIGNS), max_size=40))
def test_words_lie_in_order_and_the_index_knows_the_whole_ones(text: str) -> None:
    words = words_in(text)
    assert all(text[word.start : word.end] == word.text for word in words)
    assert all(one.end <= other.start for one, other in pairwise(words))
    assert readings(words)[0].split() == [index_form(word.text) for word in words]


@given(st.text(st.sampled_from("aeouäöüåøéß"), min_size=1, max_size=6))
def test_all_spellings_of_a_word_have_one_form_in_the_index(word: str) -> None:
    assert {index_form(spelling) for spelling in spellings(word)} == {index_form(word)}


def test_the_examples_are_true() -> None:
    assert doctest.testmod(wording).failed == 0
