"""The index of quotations has those of the documents that there are, whatever has come and gone, on every replica."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.store.index import Index
from ingest.store.quotation_index import QuotationIndex
from ingest.store.quotation_rows import QuotationQuery, StoredQuotation
from ingest.store.records import Prepared
from ingest.types import Document, Extent, Passage, Quotation
from tests.ingest.store.test_changes import WRITES, Two, killed, prepared

NAMES = ("a", "b", "c")
SAID = ("Ines Volk", "Volk", "Otto Brehm", "")


def article(name: str, speaker: str, words: str = "the dam holds", day: date | None = None) -> Prepared:
    """A document of two passages, in which somebody says something across both, and something else in the second."""
    texts = (f"{speaker or 'Nobody'} said that {words}, ", "and that it will. “It is old,” they said.")
    text = "".join(texts)
    across = Quotation(
        kind="indirect",
        start=text.index("that"),
        end=text.index("will") + 4,
        cue=Extent(start=text.index("said"), end=text.index("said") + 4),
        speaker=Extent(start=0, end=text.index(" said")),
        name=speaker,
    )
    direct = Quotation(kind="direct", start=text.index("“"), end=text.index("”") + 1)
    starts = (0, len(texts[0]))
    passages = [
        Passage(
            id="",
            document_id=name,
            text=part,
            start=start,
            end=start + len(part),
            page=None,
            heading="",
            quotations=(across, direct)[:1] if start == 0 else (across, direct),
        )
        for part, start in zip(texts, starts, strict=True)
    ]
    entry = prepared(name, f"{speaker}{words}{day}")
    document: Document = replace(entry.document, text=text, published=day)
    return Prepared(document=document, passages=passages, vectors=np.eye(3, dtype=np.float32)[:2])


def listed(index: Index) -> set[tuple[str, str, str, str]]:
    found = index.quotations.find(QuotationQuery(), limit=1_000)
    assert len(found) == index.quotations.count(QuotationQuery())
    return {(one.document_id, one.version, one.name, one.kind) for one in found}


def expected(index: Index) -> set[tuple[str, str, str, str]]:
    """The quotations by the texts themselves."""
    return {
        (record.id, record.version, one.name, one.kind)
        for record in index.records()
        for passage in index.texts.passages_of(record.id)
        for one in passage.quotations or ()
    }


STEPS = st.one_of(
    st.tuples(st.just("put"), st.integers(0, 1), st.sampled_from(NAMES), st.sampled_from(SAID)),
    st.tuples(st.just("killed"), st.integers(0, 1), st.sampled_from(NAMES), st.sampled_from(WRITES)),
    st.tuples(
        st.sampled_from(["remove", "restart", "follow"]),
        st.integers(0, 1),
        st.sampled_from(NAMES),
        st.just(""),
    ),
)


@settings(max_examples=12, deadline=None)
@given(st.lists(STEPS, min_size=2, max_size=8))
def test_quotations_are_those_of_the_documents_on_every_replica(
    steps: list[tuple[str, int, str, str]],
) -> None:
    with TemporaryDirectory() as folder:
        two = Two(Path(folder))
        for act, who, name, what in steps:
            index = two.indexes[who]
            if act == "put":
                index.put([article(name, what)])
                assert listed(index) == expected(index)
            elif act == "killed":
                with killed(index.replica.store, what, after=True):
                    index.put([article(name, "Ines Volk")])
                two.restart(who)
            elif act == "remove":
                index.remove([name])
                assert listed(index) == expected(index)
            elif act == "follow":
                index.replica.follow()
            else:
                two.restart(who)
        two.settled()
        assert listed(two.indexes[0]) == expected(two.indexes[0])
        assert listed(two.indexes[1]) == listed(two.indexes[0])
        assert all(index.integrity().whole for index in two.indexes)
        two.close()


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    two = Two(tmp_path)
    yield two.indexes[0]
    two.close()


def test_a_quotation_across_passages_is_one_with_its_own_words(index: Index) -> None:
    index.put([article("a", "Ines Volk")])
    text = index.texts.by_id("a")
    across, direct = sorted(index.quotations.find(QuotationQuery(), limit=9), key=lambda one: one.start)
    assert (across.first, across.last) == (0, 1)
    assert text[across.start : across.end] == "that the dam holds, and that it will"
    assert (across.cue, across.written, across.name) == ("said", "Ines Volk", "Ines Volk")
    assert (direct.first, direct.last, direct.name, direct.written) == (1, 1, "", "")
    assert index.quotations.names().counts == {"Ines Volk": 1}
    assert index.quotations.names().unnamed == 1
    assert index.quotations.names() is index.quotations.names()


DAYS = [None, date(2024, 5, 1), date(2024, 6, 1), date(2025, 1, 1)]
ENTRIES = st.lists(st.tuples(st.sampled_from(SAID), st.sampled_from(DAYS)), min_size=1, max_size=6)
QUERIES = st.builds(
    QuotationQuery,
    names=st.none() | st.lists(st.sampled_from(SAID), max_size=3),
    kinds=st.none() | st.lists(st.sampled_from(["direct", "indirect", "reported"]), max_size=2),
    documents=st.none() | st.lists(st.sampled_from(["0", "1", "2"]), max_size=3),
    since=st.sampled_from(DAYS),
    until=st.sampled_from(DAYS),
    undated=st.booleans(),
)


def fits(one: StoredQuotation, query: QuotationQuery) -> bool:
    days = (query.since, query.until)
    in_days = (
        days == (None, None)
        or (one.published is None and query.undated)
        or (
            one.published is not None
            and (query.since or one.published) <= one.published <= (query.until or one.published)
        )
    )
    return (
        in_days
        and (query.names is None or one.name in query.names)
        and (query.kinds is None or one.kind in query.kinds)
        and (query.documents is None or one.document_id in query.documents)
    )


@settings(max_examples=10, deadline=None)
@given(ENTRIES, st.lists(QUERIES, min_size=5, max_size=25))
def test_a_question_is_answered_as_by_looking_at_each(
    entries: list[tuple[str, date | None]], queries: list[QuotationQuery]
) -> None:
    with TemporaryDirectory() as folder:
        two = Two(Path(folder))
        index = two.indexes[0]
        for number, (speaker, day) in enumerate(entries):
            index.put([article(str(number), speaker, day=day)])
        every = index.quotations.find(QuotationQuery(), limit=1_000)
        for query in queries:
            wanted = {one.key for one in every if fits(one, query)}
            for oldest in (False, True):
                found = index.quotations.find(query, limit=1_000, oldest=oldest)
                assert {one.key for one in found} == wanted
                dated = [one.published for one in found if one.published]
                assert dated == sorted(dated, reverse=not oldest)
                assert all(one.published is None for one in found[len(dated) :])
                paged = [
                    one
                    for offset in range(0, len(found), 2)
                    for one in index.quotations.find(query, limit=2, offset=offset, oldest=oldest)
                ]
                assert paged == found
            assert index.quotations.count(query) == len(wanted)
            months = Counter(str(one.published or "")[:7] for one in found)
            assert index.quotations.months(query) == dict(months)
        two.close()


def test_a_file_that_is_damaged_or_of_other_rules_is_made_again(tmp_path: Path, index: Index) -> None:
    index.put([article("a", "Ines Volk"), article("b", "Otto Brehm")])
    path = tmp_path / "quotations" / "file.sqlite3"

    def opened() -> set[str]:
        other = QuotationIndex(index.replica.store, path)
        other.sync(index.catalogue.by_id)
        names = set(other.names().counts)
        other.close()
        return names

    assert opened() == {"Ines Volk", "Otto Brehm"}
    path.write_bytes(b"no table " * 500)
    assert opened() == {"Ines Volk", "Otto Brehm"}
    with sqlite3.connect(path) as file:
        file.execute("UPDATE rules SET edition = 'of long ago'")
        file.execute("ALTER TABLE quotations DROP COLUMN written")
    file.close()
    assert opened() == {"Ines Volk", "Otto Brehm"}
    damaged = bytearray(path.read_bytes())
    damaged[4_096:12_000] = b"\xff" * (12_000 - 4_096)
    path.write_bytes(bytes(damaged))
    assert opened() == {"Ines Volk", "Otto Brehm"}
