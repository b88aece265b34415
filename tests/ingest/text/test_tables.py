"""Tables are known by their rows; a quoted row has the names of its columns, and no row is taken for those names."""

from __future__ import annotations

import pytest

from ingest.text.tables import columns_at, table_in

ELECTION = "Partei | Stimmen | Anteil\nBürgerliste | 4.812 | 38,4 %\nSPD | 3.019 | 24,1 %"
TEXT = f"Wahl in Moorbach\n\n{ELECTION}\n\nDie Wahl verlief ruhig."


def columns(text: str, quote: str) -> tuple[str, ...]:
    start = text.index(quote)
    return columns_at(text, start, start + len(quote))


def cells(text: str) -> list[list[str]]:
    table = table_in(text, 0, len(text))
    return [[text[cell.start : cell.end] for cell in row] for row in table.rows] if table else []


@pytest.mark.parametrize("quote", ["SPD | 3.019 | 24,1 %", "4.812", "Bürgerliste | 4.812 | 38,4 %\nSPD"])
def test_a_quoted_row_has_the_names_of_its_columns(quote: str) -> None:
    assert columns(TEXT, quote) == ("Partei", "Stimmen", "Anteil")


@pytest.mark.parametrize(
    "quote", ["Partei | Stimmen | Anteil", "Wahl in Moorbach", "ruhig", "Anteil\nBürgerliste"]
)
def test_what_holds_the_names_or_is_no_row_has_none(quote: str) -> None:
    assert columns(TEXT, quote) == ()


@pytest.mark.parametrize(
    ("table", "headed"),
    [
        ("Jahr | Anzahl\n2024 | 17\n2025 | 18", True),
        ("Posten | 2024 | 2025\nUmsatz | 3,4 Mio. | 4,1 Mio.", True),
        ("| Name | Amt |\n|---|---|\n| Anna Weber | Kämmerin |", True),
        ("|Name|Amt|\n|:--|--:|\n|Anna Weber|Kämmerin|", True),
        ("Ort | Rathaus\nDatum | 12. März 2026\nLeitung | Frau Weber", False),
        ("Umsatz | 3,4 Mio. | 4,1\nGewinn | 1,2 Mio. | 0,9", False),
        ("SPD | 3.019 | 24,1 %\nCDU | 2.777 | 22,2 %", False),
    ],
)
def test_the_first_row_names_the_columns_unless_it_holds_figures(table: str, headed: bool) -> None:
    found = table_in(table, 0, len(table))
    assert found
    assert found.headed is headed


def test_cells_may_be_empty_and_stand_where_the_text_has_them() -> None:
    assert cells("Land | 2024 | 2025\nOstland | | 3\n | 22 | 4") == [
        ["Land", "2024", "2025"],
        ["Ostland", "", "3"],
        ["", "22", "4"],
    ]
    assert cells("|Name|Amt|\n|---|---|\n|Anna|Rätin|") == [["Name", "Amt"], ["Anna", "Rätin"]]


@pytest.mark.parametrize("text", ["a | b", "Ja | nein\nEin Satz ohne Spalten.", "", "grep x | sort\nls"])
def test_other_text_is_no_table(text: str) -> None:
    assert table_in(text, 0, len(text)) is None


def test_the_rest_of_a_long_table_has_no_names_of_its_own() -> None:
    assert not getattr(table_in(ELECTION, ELECTION.index("Bürger"), len(ELECTION)), "headed", True)
