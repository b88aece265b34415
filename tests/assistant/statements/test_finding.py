"""Statements of an index in this process: the words themselves, and what was not looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.statements.finding import StatementsAsked, all_speakers, find_statements
from assistant.statements.profile import profile_of
from assistant.types import Filters
from ingest.quotations import EDITION
from ingest.store.index import Index
from ingest.store.records import Prepared
from tests.ingest.store.test_changes import Two
from tests.ingest.store.test_quotation_index import article


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    two = Two(tmp_path)
    yield two.indexes[0]
    two.close()


def read(prepared: Prepared, language: str = "en") -> Prepared:
    """As this release reads it."""
    return prepared.with_document(replace(prepared.document, quotations_edition=EDITION, language=language))


def test_words_across_passages_are_the_text_between_the_offsets(index: Index) -> None:
    index.put(
        [
            read(article("a", "Ines Tarnow")),
            read(article("b", "Tarnow", "the bridge is high", date(2024, 5, 1))),
        ]
    )
    found = find_statements(index, StatementsAsked(speaker="Ines Tarnow"))
    assert found.total == 2
    assert [one.document.id for one in found.statements] == ["b", "a"]  # that without a date last
    for one in found.statements:
        assert index.texts.by_id(one.document.id)[one.start : one.end] == one.quote
        assert (one.speaker, one.cue) == ("Ines Tarnow", "said")
    assert [one.quote for one in found.statements] == [
        "that the bridge is high, and that it will",
        "that the dam holds, and that it will",
    ]
    assert [one.written for one in found.statements] == ["Tarnow", "Ines Tarnow"]
    assert all_speakers(index).unnamed == 2


def test_who_is_left_out_by_days_and_documents_is_told(index: Index) -> None:
    index.put([read(article("a", "Ines Volk")), read(article("b", "Otto Brehm", day=date(2024, 5, 1)))])
    spring = Filters(published_from=date(2024, 3, 1))
    found = find_statements(index, StatementsAsked(filters=spring))
    assert {one.document.id for one in found.statements} == {"b"}
    assert found.undated_left_out == 1
    here = Filters(documents=("a",))
    assert [one.name for one in all_speakers(index, here).all] == ["Ines Volk"]
    assert find_statements(index, StatementsAsked(speaker="Brehm", filters=here)).speakers == ()
    assert profile_of(index, "Otto Brehm", here) is None


def test_documents_that_were_not_looked_at_are_counted(index: Index) -> None:
    index.put([read(article("a", "Ines Volk"))])
    assert (
        find_statements(index, StatementsAsked()).unread,
        find_statements(index, StatementsAsked()).unknown,
    ) == (0, 0)
    old = article("b", "Otto Brehm")
    french = read(article("c", ""), "fr")
    unlooked = [replace(passage, quotations=None) for passage in french.passages]
    index.put([replace(old, passages=[replace(one, quotations=None) for one in old.passages])])
    index.put([replace(french, passages=unlooked)])
    found = find_statements(index, StatementsAsked())
    assert (found.unread, found.unknown) == (1, 1)
    assert {one.document.id for one in found.statements} == {"a"}
