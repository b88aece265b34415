"""Rows of tables, told by their bars."""

from __future__ import annotations

import pytest

from ingest.text.sentences import sentence_spans
from ingest.text.table_rows import cells_of, is_header, rows_above

TABLE = (
    "Die Ergebnisse:\n\nPartei | Anteil | Sitze\nSPD | 24,1 % | 6\ndavon Frauen | 12,0 % | 3\n\nEs war ruhig."
)


def test_every_row_is_a_sentence_of_its_own() -> None:
    sentences = [TABLE[span.start : span.end].strip() for span in sentence_spans(TABLE, "de")]
    assert sentences[1:4] == ["Partei | Anteil | Sitze", "SPD | 24,1 % | 6", "davon Frauen | 12,0 % | 3"]


def test_the_rows_above_end_with_the_table() -> None:
    assert rows_above(TABLE, TABLE.index("davon")) == [("Partei", "Anteil", "Sitze"), ("SPD", "24,1 %", "6")]
    assert rows_above(TABLE, TABLE.index("Partei")) == []
    assert cells_of("Es war ruhig.") == ()


@pytest.mark.parametrize(
    ("table", "header"),
    [
        ("Partei | Anteil | Sitze\nSPD | 24,1 % | 6", True),
        ("Ort | Einwohner\nEllerau | 4.812\nMoorbach | 912", True),
        ("Bürgermeisterin | Jana Koch\nEinwohner | 4.812", False),
        ("Vorsitz | Jana Koch\nStellvertretung | Nils Petersen", False),
        ("Bereich | 2023 | 2024\nSchulen | 1.204.000 | 1.310.500", True),
        ("12 | 4 | 5\n1 | 2 | 3", False),
    ],
)
def test_the_row_above_the_columns(table: str, header: bool) -> None:
    assert is_header(table, 0, table.index("\n")) is header
