"""Source by source in the Python door: rows by document, outlet and story; the file; what a caller may see."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.api.schemas.sources import read_csv, written_csv
from assistant.core import Assistant
from assistant.sources.finding import MOST_JUDGED
from assistant.sources.outlets import host
from assistant.sources.types import SourcesAsked, SourceTable
from assistant.types import Filters
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.loaders import load
from ingest.pipeline import ingest
from ingest.store.index import Index
from ingest.types import Item
from tests.support.server import INTRANET, Server

STRIKE = (
    "Die Gondolieri in Quellmar streiken seit Dienstag, weil die Stadt die Liegegebühr verdoppelt hat. "
    "Sie wollen erst wieder fahren, wenn der Rat die Erhöhung zurücknimmt. Am Mittwoch lagen alle Boote am Kai."
)
TEXTS = {
    "https://www.abendblatt.example/a": f"# Streik\n\n{STRIKE}\n",
    "https://kurier.example/b": f"# Streik der Gondolieri\n\n{STRIKE}\n",
    "https://kurier.example/c": "# Brot\n\nMan mischt Mehl, Wasser und Salz und lässt den Teig ruhen.\n",
    "notes.md": "# Notizen\n\nIm Garten blühen die Malven. Das Wasser ist kalt.\n",
}
QUESTION = "Warum streiken die Gondolieri in Quellmar?"


@pytest.fixture(scope="module")
def assistant(
    tmp_path_factory: pytest.TempPathFactory, tiny_embedder: SentenceTransformerEmbedder
) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("sources")
    assistant = Assistant(Index.open(folder / "data", tiny_embedder), tiny_embedder)
    items = []
    for number, (source, text) in enumerate(TEXTS.items()):
        path = folder / f"{number}.md"
        path.write_text(text, encoding="utf-8")
        items.append(Item(source=source, name=path.name, path=path))
    report = ingest(
        items, assistant.index, tiny_embedder, lambda path, name, _: load(path.read_bytes(), name)
    )
    assert report.count("added") == len(items)
    yield assistant
    assistant.close()


def found(assistant: Assistant, **more: Any) -> SourceTable:
    table = assistant.sources.find(SourcesAsked(question=QUESTION, **more))
    for row in table.rows:
        quoted = row.citation or row.miss
        if quoted:
            assert assistant.index.texts.of(quoted.document)[quoted.start : quoted.end] == quoted.quote
        assert row.silent == (row.saying == 0)
        assert not (row.silent and row.probability)
    assert table.saying == sum(
        not row.silent
        for row in assistant.sources.find(
            SourcesAsked(question=QUESTION, **{**more, "limit": 500, "offset": 0})
        ).rows
    )
    return table


def test_each_document_is_a_row(assistant: Assistant) -> None:
    table = found(assistant)
    assert table.total == len(TEXTS) == len(table.rows)
    assert {row.document.source for row in table.rows if not row.silent} == set(list(TEXTS)[:2])
    assert all(row.citation and row.citation.quote.startswith("Die Gondolieri") for row in table.rows[:2])
    assert table.judged <= MOST_JUDGED


def test_each_outlet_is_a_row(assistant: Assistant) -> None:
    rows = {row.outlet: row for row in found(assistant, by="outlet").rows}
    assert rows.keys() == {"abendblatt.example", "kurier.example", ""}
    assert (rows["kurier.example"].documents, rows["kurier.example"].saying) == (2, 1)
    assert rows[""].silent


def test_copies_of_a_story_are_one_row(assistant: Assistant) -> None:
    table = found(assistant, by="story")
    assert table.total == 3
    assert (table.rows[0].documents, table.rows[0].saying) == (2, 2)


def test_only_what_may_be_searched_has_rows(assistant: Assistant) -> None:
    records = {record.source: record for record in assistant.index.records()}
    chosen = Filters(documents=(records["notes.md"].id,))
    table = found(assistant, filters=chosen)
    assert [row.document.source for row in table.rows] == ["notes.md"]
    assert table.searched == 1
    nothing = found(assistant, filters=Filters(documents=("0" * 16,)))
    assert (nothing.total, nothing.rows) == (0, ())


def test_a_change_is_seen_at_once(assistant: Assistant, tmp_path: Path) -> None:
    before = found(assistant).total
    path = tmp_path / "late.md"
    path.write_text(f"# Spät\n\n{STRIKE.replace('Dienstag', 'Montag')}\n", encoding="utf-8")
    item = Item(source="late.md", name="late.md", path=path)
    ingest([item], assistant.index, assistant.embedder, lambda path, name, _: load(path.read_bytes(), name))
    after = found(assistant)
    assert after.total == before + 1
    (late,) = [row for row in after.rows if row.document.source == "late.md"]
    assert not late.silent
    assistant.index.remove([late.document.id])
    assert found(assistant).total == before


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://www.example.org/a", "example.org"),
        ("http://m.news.example:8080/x?y", "news.example"),
        ("https://www.example", "www.example"),
        ("/srv/articles/a.md", ""),
        ("C:\\articles\\a.md", ""),
        ("http://[broken", ""),
        ("ftp://files.example/a", ""),
    ],
)
def test_an_outlet_is_the_host(address: str, expected: str) -> None:
    assert host(address) == expected


CELLS = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=30)


@given(st.lists(st.lists(CELLS | CELLS.map(lambda text: "=" + text), min_size=2, max_size=5), max_size=6))
def test_a_table_is_read_back_as_it_was(rows: list[list[str]]) -> None:
    written = written_csv(rows)
    assert read_csv(written) == rows
    cells = [cell for row in csv.reader(io.StringIO(written, newline="")) for cell in row]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)


def test_a_caller_sees_only_what_it_may(guarded: Server) -> None:
    (other,) = guarded.add(
        hidden="# The secret of Remagen\n\nThe old railway bridge at Remagen was 999 metres long.\n"
    )
    (document,) = guarded.call("GET", "/api/documents", params={"query": "bridge of Remagen"}).json()[
        "documents"
    ]
    body = {"origin": INTRANET, "documents": [document["id"]], "minutes": 5}
    token = guarded.call("POST", "/api/embed-tokens", json=body).json()["token"]
    anyone = replace(guarded, key="")
    headers = {"Authorization": f"Bearer {token}", "Origin": INTRANET}
    question = {"question": "How long was the bridge at Remagen?"}
    table = anyone.call("GET", "/api/sources", params=question, headers=headers).json()
    assert [row["document_id"] for row in table["rows"]] == [document["id"]]
    assert (table["searched"], table["total"]) == (1, 1)
    assert "999" not in anyone.call("GET", "/api/sources.csv", params=question, headers=headers).text
    wanted = {**question, "document": other["document_id"]}
    assert anyone.call("GET", "/api/sources", params=wanted, headers=headers).status_code == 403
    assert anyone.call("GET", "/api/sources", params=question).status_code == 401
    refused = anyone.call(
        "POST", "/api/ask", json={"question": "What secret has the dragon of Xanthuria?"}, headers=headers
    ).json()
    assert refused["absence"]["searched"]["documents"] == 1
    counts = {word["text"]: word["found"]["documents"] for word in refused["absence"]["words"]}
    assert counts["secret"] == 0
    guarded.call("DELETE", f"/api/documents/{other['document_id']}")
