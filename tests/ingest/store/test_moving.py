"""A document whose file has got another name: what it was stays with it, and what takes its former id has a history of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.store.index import Index
from ingest.types import Record
from tests.ingest.store.test_changes import prepared


@pytest.fixture
def index(tmp_path: Path, tiny_embedder: SentenceTransformerEmbedder) -> Iterator[Index]:
    index = Index.open(tmp_path, tiny_embedder)
    yield index
    index.close()


def moved(index: Index, before: Record, name: str, words: str) -> Record:
    """The document ``before`` under another name, with the text that it has."""
    own = prepared(before.id, words)
    passages = [replace(passage, document_id=name) for passage in own.passages]
    document = replace(own.document, id=name, source=f"{name}.txt")
    record = index.move(replace(own, document=document, passages=passages), before)
    assert record is not None
    return record


def said(index: Index, key: str) -> list[str]:
    return [index.history.text(version) for version in index.history.of(key)]


def test_histories_of_a_moved_document_and_of_the_next_of_its_name_are_apart(index: Index) -> None:
    index.put([prepared("a", "one")])
    (second,) = index.put([prepared("a", "two")])
    there = moved(index, second, "b", "two")
    assert said(index, "b") == ["a one. And of one again."]
    assert index.found("a") == there
    index.put([prepared("a", "secret")])
    (other,) = index.put([prepared("a", "open")])
    assert said(index, "b") == ["a one. And of one again."]
    assert said(index, "a") == ["a secret. And of secret again."]
    assert index.found("a") == index.found("a", other.text_version) == other
    assert index.found("a", there.text_version) == there


def test_moved_there_and_back_and_removed_nothing_is_left(index: Index) -> None:
    index.put([prepared("a", "one")])
    (second,) = index.put([prepared("a", "two")])
    there = moved(index, second, "b", "two")
    back = moved(index, there, "a", "two")
    assert back.moved_from == ("b",)
    assert said(index, "a") == ["a one. And of one again."]
    index.remove(["a"])
    assert index.history.total() == (0, 0)
    assert index.found("a") is None
    assert index.integrity().whole
