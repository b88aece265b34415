"""The German-English table: readable, sorted, without duplicates, usable in both directions; and names from CLDR."""

from __future__ import annotations

from importlib.resources import files

import pytest

from assistant.language.lexicon import calendar, shipped

LINES = files("assistant.language").joinpath("lexicons/en-de.tsv").read_text(encoding="utf-8").splitlines()
SAMPLE = [
    "budget",
    "ceasefire",
    "court",
    "earthquake",
    "harvest",
    "interest_rate",
    "judge",
    "nurse",
    "parliament",
    "strike",
    "treaty",
    "vaccine",
]


def test_every_line_is_a_word_a_tab_and_its_equivalents() -> None:
    for line in LINES:
        word, tab, equivalents = line.partition("\t")
        options = equivalents.split("|")
        assert word, line
        assert tab, line
        assert all(option and option == option.strip() for option in (word, *options)), line
        assert len(set(options)) == len(options), line
        assert line == line.lower(), line
        assert options != [word], f"{line}: the same in both languages"


def test_lines_are_sorted_and_no_word_stands_twice() -> None:
    words = [line.partition("\t")[0] for line in LINES]
    assert words == sorted(set(words))
    assert sum(" " not in word for word in words) >= 10_000


def test_both_directions_reach_each_other() -> None:
    lexicon = shipped()
    for sample in SAMPLE:
        word = sample.replace("_", " ")
        first = lexicon.alternatives(word, "en", "de")[0]
        assert word in lexicon.alternatives(first, "de", "en"), (word, first)


@pytest.mark.parametrize(
    ("language", "name", "named"),
    [
        ("de", "märz", ("month", 3)),
        ("en", "december", ("month", 12)),
        ("de", "montag", ("weekday", 0)),
        ("en", "sunday", ("weekday", 6)),
    ],
)
def test_months_and_weekdays_are_known_by_name(language: str, name: str, named: tuple[str, int]) -> None:
    assert calendar(language)[name] == calendar(language, short=False)[name] == named


def test_abbreviations_of_months_and_weekdays_can_be_left_out() -> None:
    assert calendar("en")["sat"] == ("weekday", 5)
    assert len(calendar("en", short=False)) == len(calendar("de", short=False)) == 12 + 7
