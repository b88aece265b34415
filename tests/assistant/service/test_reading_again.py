"""What an earlier release has stored is read again, here or by a running server, and nothing else of it changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from assistant.cli import main
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.errors import StoreError
from ingest.pipeline import prepare
from ingest.quotations import EDITION
from ingest.reading_again import in_groups, read_again, stored_by_earlier_rules
from ingest.store.copies import whole
from ingest.store.corrections import FieldChanges, corrected
from ingest.store.index import Index
from ingest.store.records import Prepared
from ingest.types import Document, Record
from tests.support.forked import forked
from tests.support.waiting import wait_until

HARBOUR = "Der Hafen von Warnau wird ausgebaut. Bürgermeisterin Ilse Brandt sagte, der Kai werde im Mai fertig. „Wir brauchen ihn“, sagte Brandt."
ENGLISH = "The harbour master said that every ship would have to wait for the tide, and that nobody in the town had been told about it before."


def document(key: str, text: str) -> Document:
    return Document(
        id=key,
        source=f"{key}.md",
        title=key,
        text=text,
        published=None,
        authors=(),
        language="de",
        media_type="text/markdown",
        sha256=key * 8,
    )


def as_earlier(prepared: Prepared) -> Prepared:
    """A document as a release stored it that looked neither for quotations nor for passages' languages."""
    passages = [replace(passage, quotations=None, language="") for passage in prepared.passages]
    return replace(prepared, document=replace(prepared.document, quotations_edition=0), passages=passages)


def stored(data: Path, embedder: SentenceTransformerEmbedder, documents: Sequence[Document]) -> None:
    index = Index.open(data, embedder)
    try:
        index.put([as_earlier(prepare(one, embedder)) for one in documents])
    finally:
        index.close()


def names(index: Index, record: Record) -> list[str]:
    (prepared,) = whole(index, [record])
    return [one.name for passage in prepared.passages for one in passage.quotations or ()]


def test_only_what_the_rules_find_changes(tmp_path: Path, embedder: SentenceTransformerEmbedder) -> None:
    index = Index.open(tmp_path, embedder)
    try:
        (first,) = index.put([as_earlier(prepare(document("harbour", HARBOUR), embedder))])
        (right,) = whole(index, [first])
        changes = FieldChanges(values={"title": "Der Hafen"})
        titled = corrected(right.document, changes, "anna", datetime(2026, 5, 1, tzinfo=UTC))
        before = index.put_corrected(right.with_document(titled), first)
        assert before
        assert stored_by_earlier_rules(index.records()) == [before]
        (old,) = whole(index, [before])

        (after,) = read_again(index, [before])
        (new,) = whole(index, [after])
        assert stored_by_earlier_rules(index.records()) == []
        assert after == replace(before, version=after.version, quotations_edition=EDITION)
        assert new.document.text == old.document.text
        assert np.array_equal(new.vectors, old.vectors)
        for one, other in zip(new.sentences, old.sentences, strict=True):
            assert np.array_equal(one, other)
        assert names(index, after) == ["Ilse Brandt", "Ilse Brandt"]
        assert index.history.of("harbour") == []  # the text is the same, so that nothing was edited
        assert index.integrity().whole
        with pytest.raises(StoreError):  # that version is gone
            read_again(index, [before])
    finally:
        index.close()


def test_a_passage_gets_its_own_language(tmp_path: Path, embedder: SentenceTransformerEmbedder) -> None:
    index = Index.open(tmp_path, embedder)
    try:
        index.put([as_earlier(prepare(document("harbour", f"{HARBOUR}\n\n{ENGLISH}"), embedder))])
        (record,) = index.records()
        assert record.languages == ("de",)
        (after,) = read_again(index, [record])
        assert after.languages == ("de", "en")
        assert any("harbour master" in name for name in names(index, after))
    finally:
        index.close()


def test_a_server_reads_again_what_was_stored_before(
    tmp_path: Path, tiny_model: Path, embedder: SentenceTransformerEmbedder
) -> None:
    documents = [document(f"harbour{n}", f"{HARBOUR} Es ist der Bericht {n}.") for n in range(9)]
    stored(tmp_path, embedder, documents)
    with forked(tmp_path, tiny_model, kill=True) as server:  # whenever it is killed, the next goes on
        assert server.call("GET", "/api/status").json()["documents_to_read_again"] <= 9
    with forked(tmp_path, tiny_model) as server:
        wait_until(lambda: server.call("GET", "/api/status").json()["documents_to_read_again"] == 0)
        answer = server.call("POST", "/api/ask", json={"question": "Was sagte Ilse Brandt zum Kai?"}).json()
        assert answer["citations"][0]["attribution"]["speaker"] == "Ilse Brandt"
        assert server.call("GET", "/api/status").json()["documents"] == 9
        assert server.call("GET", "/api/integrity").json()["whole"]


def test_the_command_does_it_where_no_server_runs(
    tmp_path: Path,
    tiny_model: Path,
    embedder: SentenceTransformerEmbedder,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("ASSISTANT_EMBEDDING_MODEL", str(tiny_model))
    stored(tmp_path, embedder, [document("harbour", HARBOUR)])
    assert main(["reindex"]) == 0
    assert "1 document read again" in capsys.readouterr().out
    assert main(["reindex"]) == 0
    assert "Nothing to do" in capsys.readouterr().out


def test_a_group_holds_every_document_once(embedder: SentenceTransformerEmbedder, tmp_path: Path) -> None:
    index = Index.open(tmp_path, embedder)
    try:
        index.put([as_earlier(prepare(document(f"d{n}", HARBOUR), embedder)) for n in range(70)])
        grouped = list(in_groups(stored_by_earlier_rules(index.records())))
        assert len(grouped) > 1
        assert sorted(one.id for group in grouped for one in group) == sorted(f"d{n}" for n in range(70))
    finally:
        index.close()
