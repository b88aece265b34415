"""Questions about the values of a table, over HTML, Markdown and CSV, beside running text with the same numbers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.core import Assistant
from assistant.reading.reader import shipped_reader
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.store.index import Index
from tests.support.documents import add_texts

ELECTION = """<!doctype html><html lang="de"><head><title>Wahlergebnis in Moorbach</title></head><body><article>
<h1>Wahlergebnis in Moorbach</h1><p>Bei der Gemeinderatswahl in Moorbach am 25. Mai 2025 lag die Beteiligung bei 61,3 Prozent.</p>
<table><tr><th>Partei</th><th>Stimmen</th><th>Anteil</th><th>Sitze</th></tr>
<tr><td>Bürgerliste</td><td>4.812</td><td>38,4 %</td><td>9</td></tr><tr><td>SPD</td><td>3.019</td><td>24,1 %</td><td>6</td></tr>
<tr><td>Grüne</td><td>1.916</td><td>15,3 %</td><td>4</td></tr></table>
<p>Wahlleiter Olaf Benthin sprach von einer ruhigen Wahl ohne Zwischenfälle.</p></article></body></html>"""
DISTRICTS = """# Households of Tarnsay by district

The island council published these figures in March.

| District | Households | Schools |
|---|---|---|
| Northhaven | 4,120 | 3 |
| Cold Ness | 2,870 | 2 |
| Fenwick | 1,927 | 1 |
"""
# Only the first of its rows says what the figures are; the passages of most rows are without it.
TOWNS = "Town,Inhabitants,Lighthouses\n" + "".join(
    f"{name},{1_000 + 7 * number},{number % 9}\n"
    for number, name in enumerate(
        [*(f"Port {n}" for n in range(150)), "Skarholm", *(f"Bay {n}" for n in range(50))]
    )
)
PRICES = "# Inflation in Ostland\n\nDie Preise für Brot stiegen in Ostland um 15,3 Prozent. Milch wurde 3,15 Prozent teurer.\n"


@pytest.fixture(scope="module")
def assistant(
    tmp_path_factory: pytest.TempPathFactory, embedder: SentenceTransformerEmbedder
) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("tables")
    assistant = Assistant(Index.open(folder / "data", embedder), embedder, reader=shipped_reader())
    add_texts(
        assistant,
        folder,
        {"wahl.html": ELECTION, "districts.md": DISTRICTS, "preise.md": PRICES, "coast.csv": TOWNS},
    )
    yield assistant
    assistant.close()


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("Wer bekam 15,3 %?", "Grüne | 1.916 | 15,3 % | 4"),
        ("Welche Partei hat 15,3 Prozent?", "Grüne | 1.916 | 15,3 % | 4"),
        ("Welche Partei hat sechs Sitze in Moorbach?", "SPD | 3.019 | 24,1 % | 6"),
        ("Wie viele Stimmen bekam die Bürgerliste?", "Bürgerliste | 4.812 | 38,4 % | 9"),
        ("Which party got 24.1 percent?", "SPD | 3.019 | 24,1 % | 6"),
        ("Which district had 4,120 households?", "Northhaven | 4,120 | 3"),
        ("Which district has 2870 households?", "Cold Ness | 2,870 | 2"),
        ("Which district had 1,927 households?", "Fenwick | 1,927 | 1"),
        ("How many schools does Northhaven have?", "Northhaven | 4,120 | 3"),
        ("How many lighthouses does Skarholm have?", "Skarholm | 2050 | 6"),
        ("Wie viele Einwohner hat Skarholm?", "Skarholm | 2050 | 6"),
        ("Welcher Bezirk hat 4.120 Haushalte?", "Northhaven | 4,120 | 3"),
        ("Was stieg um 15,3 Prozent?", "Die Preise für Brot stiegen in Ostland um 15,3 Prozent."),
    ],
)
def test_the_row_that_holds_the_value_is_quoted_first(assistant: Assistant, question: str, row: str) -> None:
    answer = assistant.ask(question)
    assert [citation.quote for citation in answer.citations][:1] == [row]


@pytest.mark.parametrize(
    "question",
    [
        "Welche Partei hat sechs Sitze in Kalkrode?",
        "Welche Partei hat 15,4 Prozent?",
        "Wer wurde 2025 Präsident?",
    ],
)
def test_a_row_of_something_else_answers_nothing(assistant: Assistant, question: str) -> None:
    assert not any(" | " in citation.quote for citation in assistant.ask(question).citations)
