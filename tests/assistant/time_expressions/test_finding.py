"""Expressions of time mean the days that they are said to mean, seen from the day of publication, whatever stands around them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.time_expressions.finding import find_time_expressions
from assistant.time_expressions.naming import span_named
from assistant.time_expressions.spans import DaySpan, feast_of, third_of, unit_of
from benchmarks.dates import FILES, cases, ours, questions, tally

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2090, 12, 31))
PIECES = {
    "de": [
        "gestern", "am Mittwoch", "Anfang März", "vor drei Jahren", "im 20. Jahrhundert", "vom 3. bis 5. Mai", "2019", "seit dem 1. Juni", "nächste Woche",
        "am 29. Februar", "am 31. April", "zu Ostern", "in den 90er Jahren", "Ende der Woche", "99. Mai 2020", "0. März", "der Rat", "hat", "wird", ",",
        "bis", "und", "zwischen", "Q3 2024", "im Winter 2023/24", "in 900 Jahrhunderten", "am 12.13.",
    ],
    "en": [
        "yesterday", "on Wednesday", "early March", "three years ago", "in the 20th century", "from 3 to 5 May", "in 2019", "since June 1", "next week",
        "on February 29", "on April 31", "at Easter", "in the 90s", "the end of the week", "99 May 2020", "March 0", "the council", "has", "will", ",",
        "to", "and", "between", "Q3 2024", "in the winter of 2023", "in 900 centuries", "2015-20",
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("language", ["de", "en"])
def test_expressions_mean_the_right_days(name: str, language: str) -> None:
    found = tally(name, ours, language, days=False, show=True)
    assert found.right >= 0.92 * found.expected
    assert found.surplus <= 1


def test_questions_ask_for_the_right_days() -> None:
    asked = questions(show=True)
    assert asked.right >= 0.95 * asked.expected


def test_there_are_as_many_sentences_as_are_said_to_be() -> None:
    assert sum(1 for name in FILES for _ in cases(name)) >= 150


@given(DAYS)
def test_yesterday_is_the_day_before_across_years_and_leap_years(published: date) -> None:
    for language, text in (
        ("de", "Der Minister trat gestern zurück."),
        ("en", "The minister resigned yesterday."),
    ):
        (found,) = find_time_expressions(text, language, published)
        assert found.first == found.last == published - timedelta(days=1)
        assert found.how == "inferred"


@given(st.data(), st.sampled_from(["de", "en", "fr", ""]), st.one_of(st.none(), DAYS))
def test_spans_lie_in_the_text_apart_and_in_order(
    data: st.DataObject, language: str, published: date | None
) -> None:
    pieces = data.draw(st.lists(st.sampled_from(PIECES.get(language, PIECES["en"])), max_size=8))
    text = " ".join(pieces)
    found = find_time_expressions(text, language, published)
    end = 0
    for one in found:
        assert end <= one.start < one.end <= len(text)
        assert text[one.start : one.end] == one.text == one.text.strip()
        assert one.first is None or one.last is None or one.first <= one.last
        assert (one.how == "unresolved") == (one.first is None and one.last is None)
        assert published is not None or one.how != "inferred"
        end = one.end


@given(st.text(max_size=200), st.sampled_from(["de", "en", "es"]), DAYS)
def test_any_text_is_read(text: str, language: str, published: date) -> None:
    find_time_expressions(text, language, published)


@given(DAYS)
def test_what_stands_in_another_sentence_changes_nothing(published: date) -> None:
    one, other = "Der Rat tagte am Mittwoch.", "Die Halle wird im Herbst eröffnet."
    apart = [find_time_expressions(text, "de", published)[0].span for text in (one, other)]
    together = [found.span for found in find_time_expressions(f"{one} {other}", "de", published)]
    swapped = [found.span for found in find_time_expressions(f"{other} {one}", "de", published)]
    assert together == apart
    assert swapped == apart[::-1]


@given(DAYS)
def test_a_document_without_a_date_leaves_relative_days_open(published: date) -> None:
    text = "Im März 2024 begann der Bau, am Mittwoch ruhte er."
    (written, relative) = find_time_expressions(text, "de", None)
    assert (written.first, written.how) == (date(2024, 3, 1), "written")
    assert relative.how == "unresolved"
    assert find_time_expressions(text, "de", published)[0].span == written.span


def test_other_languages_have_their_whole_dates() -> None:
    (found,) = find_time_expressions("Il pleuvait hier et le 3 mai 2024.", "fr", date(2024, 6, 1))
    assert found.first == found.last == date(2024, 5, 3)


@given(DAYS, st.sampled_from(["week", "month", "year"]))
def test_thirds_make_up_the_whole(day: date, unit: str) -> None:
    whole = unit_of(unit, day)  # type: ignore[arg-type]
    parts = [third_of(whole, third) for third in ("early", "mid", "late")]
    assert (parts[0].first, parts[2].last) == (whole.first, whole.last)
    assert sum(part.days for part in parts) == whole.days


@pytest.mark.parametrize(
    ("year", "sunday"),
    [(1961, date(1961, 4, 2)), (2000, date(2000, 4, 23)), (2008, date(2008, 3, 23)), (2024, date(2024, 3, 31)), (2026, date(2026, 4, 5)), (2038, date(2038, 4, 25))],
)  # fmt: skip
def test_easter_is_when_it_is(year: int, sunday: date) -> None:
    assert feast_of("easter", year).first == sunday


@pytest.mark.parametrize(
    ("first", "last", "german", "english"),
    [
        (date(2026, 5, 4), date(2026, 5, 4), "4. Mai 2026", "4 May 2026"),
        (date(2026, 5, 3), date(2026, 5, 5), "3.–5. Mai 2026", "3–5 May 2026"),
        (date(2024, 2, 1), date(2024, 2, 29), "Februar 2024", "February 2024"),
        (date(2015, 1, 1), date(2020, 12, 31), "2015–2020", "2015–2020"),
        (date(2026, 3, 1), date(2026, 5, 31), "März 2026 bis Mai 2026", "March 2026 to May 2026"),
        (date(2025, 12, 30), date(2026, 1, 2), "30. Dezember 2025 bis 2. Januar 2026", "30 December 2025 to 2 January 2026"),
        (date(2026, 5, 4), None, "ab 4. Mai 2026", "from 4 May 2026"),
        (None, date(2026, 5, 4), "bis 4. Mai 2026", "up to 4 May 2026"),
    ],
)  # fmt: skip
def test_days_are_said_shortly(first: date | None, last: date | None, german: str, english: str) -> None:
    span = DaySpan(first=first, last=last)
    assert (span_named(span, "de"), span_named(span, "en")) == (german, english)
