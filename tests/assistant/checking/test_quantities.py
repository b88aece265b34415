"""Amounts and moments read from German and English text."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.checking.digits import without_list_marker
from assistant.checking.numerals import german_cardinal
from assistant.checking.quantities import quantities_of


def values(text: str, language: str) -> set[Fraction]:
    """All values of the amounts that ``text`` surely has."""
    return {
        value for amount in quantities_of(text, language).amounts if amount.sure for value in amount.values
    }


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("ein fünfstündiges Treffen", "de", 5),
        ("a five-hour meeting", "en", 5),
        ("fünfundzwanzig Schiffe", "de", 25),
        ("zweihundertdreiundvierzigtausend Euro", "de", 243_000),
        ("two hundred and forty-three thousand euros", "en", 243_000),
        ("forty-one ships", "en", 41),
        ("anderthalb Liter", "de", "1.5"),
        ("zweieinhalb Jahre", "de", "2.5"),
        ("two and a half years", "en", "2.5"),
        ("sie wuchs um 6½ Meter", "de", "6.5"),
        ("1.234.567 Stimmen", "de", 1_234_567),
        ("1,234,567 votes", "en", 1_234_567),
        ("12 500 Stimmen", "de", 12_500),
        ("1.250,75 Euro", "de", "1250.75"),
        ("4,2 Mio. Euro", "de", 4_200_000),
        ("$4.2bn", "en", 4_200_000_000),
        ("4 Billionen Euro", "de", 4 * 10**12),
        ("four billion euros", "en", 4 * 10**9),
        ("two dozen eggs", "en", 24),
        ("drei Dutzend Eier", "de", 36),
        ("half a million", "en", 500_000),
        ("eine halbe Million", "de", 500_000),
        ("two thirds of them", "en", "2/3"),
        ("zwei Drittel davon", "de", "2/3"),
        ("am siebzehnten Tag", "de", 17),
        ("on the twenty-first attempt", "en", 21),
        ("the 21st attempt", "en", 21),
        ("Georg III und World War II", "de", 3),
        ("between 1914-18", "en", 1918),
        ("von 2 bis 3 Millionen", "de", 2_000_000),
    ],
)
def test_a_number_has_its_value_in_words_and_in_digits(text: str, language: str, value: int | str) -> None:
    assert Fraction(value) in values(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("One of the reasons is a change of heart.", "en"),
        ("Ein Grund dafür ist eine Änderung.", "de"),
        ("Daran besteht kein Zweifel.", "de"),
        ("Es war ein Elfmeter im Viertel.", "de"),
        ("Please wait a second.", "en"),
    ],
)
def test_words_that_only_look_like_numbers_are_none(text: str, language: str) -> None:
    assert values(text, language) == set()


def test_digits_that_two_locales_read_differently_have_both_values() -> None:
    assert values("1.500 people", "en") == {Fraction(1500), Fraction("1.5")}


@pytest.mark.parametrize(
    "text",
    [
        "on 3 May 2024",
        "am 3. Mai 2024",
        "03.05.2024",
        "2024-05-03",
        "May 3rd, 2024",
        "on 5/3/2024 or 3/5/2024",
    ],
)
def test_a_date_has_its_parts_in_any_spelling(text: str) -> None:
    named = {(moment.kind, moment.value) for moment in quantities_of(text, "en").moments}
    assert {("day", 3), ("month", 5), ("year", 2024)} <= named


@pytest.mark.parametrize("text", ["at 2:30 p.m.", "um 14.30 Uhr", "um 14:30"])
def test_a_time_is_minutes_since_midnight(text: str) -> None:
    assert [(m.kind, m.value) for m in quantities_of(text, "en").moments] == [("time", 870)]


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("2. Der Rat tagt.", "Der Rat tagt."),
        ("3) The council meets.", "The council meets."),
        ("2. Mai: Der Rat tagt.", "2. Mai: Der Rat tagt."),
        ("25 states voted.", "25 states voted."),
    ],
)
def test_a_list_marker_is_no_number(text: str, rest: str) -> None:
    assert without_list_marker(text) == rest


ONES = ["", "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"]
TEENS = [
    "zehn",
    "elf",
    "zwölf",
    "dreizehn",
    "vierzehn",
    "fünfzehn",
    "sechzehn",
    "siebzehn",
    "achtzehn",
    "neunzehn",
]
TENS = ["", "", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"]


def spelled(number: int) -> str:
    """A number below a million as German writes it."""
    if number >= 1000:
        return spelled(number // 1000) + "tausend" + spelled(number % 1000)
    if number >= 100:
        return ONES[number // 100] + "hundert" + spelled(number % 100)
    if number >= 20:
        return (ONES[number % 10] + "und" if number % 10 else "") + TENS[number // 10]
    return TEENS[number - 10] if number >= 10 else ONES[number]


@given(st.integers(1, 999_999))
def test_german_cardinals_are_read_as_they_are_written(number: int) -> None:
    assert german_cardinal(spelled(number)) == number


@given(st.text(max_size=200), st.sampled_from(["de", "en", ""]))
def test_any_text_is_read_without_an_error(text: str, language: str) -> None:
    assert all(amount.values for amount in quantities_of(text, language).amounts)
