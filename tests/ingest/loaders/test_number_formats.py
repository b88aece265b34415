"""Cells show what spreadsheets show for their formats."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.loaders.number_formats import Value, displayed, of_serial, shown


@pytest.mark.parametrize(
    ("value", "code", "english", "german"),
    [
        (0.153, "0.0%", "15.3%", "15,3%"),
        (0.1535, "0%", "15%", "15%"),
        (1234567.891, "#,##0.00", "1,234,567.89", "1.234.567,89"),
        (1234567.0, "General", "1234567", "1234567"),
        (0.1 + 0.2, "General", "0.3", "0,3"),
        (1e20, "General", "1E+20", "1E+20"),
        (-5.5, "0.00;(0.00)", "(5.50)", "(5,50)"),
        (-5.0, "#,##0", "-5", "-5"),
        (0, '0;-0;"keine"', "keine", "keine"),
        (1234.5, '#,##0.00 "€"', "1,234.50 €", "1.234,50 €"),
        (1234.5, "[$€-407] #,##0.00", "€ 1,234.50", "€ 1.234,50"),
        (5, "[Red]0", "5", "5"),
        (12_300_000, '0.0,,"M"', "12.3M", "12,3M"),
        (7, "000", "007", "007"),
        (0.5, "#.##", ".5", ",5"),
        (2.5, "# ?/?", "2 1/2", "2 1/2"),
        (4930123456, "00 000 000000", "04 930 123456", "04 930 123456"),
        (1234.5, "0.00E+00", "1.23E+03", "1,23E+03"),
        (3, '"Klasse "0', "Klasse 3", "Klasse 3"),
        (True, "General", "TRUE", "WAHR"),
        (datetime(2024, 5, 7), "dd.mm.yyyy", "07.05.2024", "07.05.2024"),
        (datetime(2024, 5, 7), "short date", "2024-05-07", "07.05.2024"),
        (datetime(2024, 5, 7), "d. mmmm yyyy", "7. May 2024", "7. Mai 2024"),
        (datetime(2024, 5, 7), "[$-407]dddd", "Dienstag", "Dienstag"),
        (datetime(2024, 5, 7, 15, 4), "h:mm AM/PM", "3:04 PM", "3:04 PM"),
        (datetime(2024, 5, 7, 15, 4), "yyyy-mm-dd hh:mm", "2024-05-07 15:04", "2024-05-07 15:04"),
        (time(9, 5, 7), "hh:mm:ss", "09:05:07", "09:05:07"),
        (timedelta(hours=31, minutes=4), "[h]:mm", "31:04", "31:04"),
        (date(2024, 5, 7), "General", "2024-05-07", "07.05.2024"),
        ("words", "0.00", "words", "words"),
        (None, "0.00", "", ""),
    ],
)
def test_formats(value: Value, code: str, english: str, german: str) -> None:
    assert shown(value, code) == english
    assert shown(value, code, german=True) == german


def test_days_are_stored_as_numbers() -> None:
    assert displayed(45429, "yyyy-mm-dd") == "2024-05-17"
    assert displayed(43967, "yyyy-mm-dd", since_1904=True) == "2024-05-17"
    assert of_serial(1) == datetime(1900, 1, 1)
    assert of_serial(-1) is None
    assert displayed(-1.0, "yyyy-mm-dd") == "-1"  # no calendar has it


@given(
    st.one_of(st.integers(-(10**18), 10**18), st.floats(), st.datetimes(), st.times(), st.timedeltas()),
    st.text(st.sampled_from('0#?.,%;-/ E+"[]\\_*@$hmsdyAPM/<>=1€'), max_size=12),
    st.booleans(),
)
def test_every_format_shows_something_or_nothing_and_never_fails(
    value: Value, code: str, german: bool
) -> None:
    assert isinstance(shown(value, code, german=german), str)
