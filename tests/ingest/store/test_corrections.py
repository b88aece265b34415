"""What editors correct stays, whatever comes of the file and whoever is killed; what they withdraw is as the file says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.pipeline import retitled
from ingest.store.copies import whole
from ingest.store.corrections import FIELDS, FieldChanges, as_stated, corrected, keeping, reversal, value_of
from ingest.store.index import Index
from ingest.store.lexical import Term
from ingest.store.records import Prepared
from ingest.types import Document
from tests.ingest.store.test_changes import WRITES, Two, killed, prepared

NOW = datetime(2026, 5, 20, tzinfo=UTC)
RIGHT = FieldChanges(
    values={
        "title": "The flood of March",
        "published": date(2026, 3, 14),
        "authors": ("Ann Lee", "Bo Li"),
        "source": "archive 17",
        "language": "de",
        "not_copies_of": ("harbour", "bridge"),
    }
)
VALUES = {
    "title": st.text(min_size=1),
    "published": st.none() | st.dates(),
    "authors": st.lists(st.text(min_size=1), max_size=3).map(tuple),
    "source": st.text(min_size=1),
    "language": st.sampled_from(["", "de", "en"]),
    "not_copies_of": st.lists(st.sampled_from(["a", "b", "c"]), max_size=2, unique=True).map(tuple),
}
ACTS = st.lists(
    st.sampled_from(FIELDS).flatmap(lambda name: st.tuples(st.just(name), VALUES[name]))
    | st.tuples(st.just("withdraw"), st.sampled_from(FIELDS))
    | st.tuples(st.just("new version"), st.text(min_size=1)),
    max_size=12,
)


def document(title: str = "river") -> Document:
    return replace(prepared("river", "one").document, title=title, published_from="")


@given(ACTS)
def test_what_was_corrected_last_counts_until_it_is_withdrawn(acts: list[tuple[str, object]]) -> None:
    shown, file, right = document(), document(), dict[str, object]()
    for act, value in acts:
        if act == "new version":
            file = document(str(value))
            shown = keeping(file, shown)
        elif act == "withdraw":
            shown = corrected(shown, FieldChanges(withdrawn=(value,)), "anna", NOW)  # type: ignore[arg-type]
            right.pop(str(value), None)
        else:
            before = shown
            shown = corrected(shown, FieldChanges(values={act: value}), "anna", NOW)  # type: ignore[dict-item]
            right = {name: kept for name, kept in right.items() if name != act}
            if value != value_of(file, act):  # type: ignore[arg-type]  # else it is no correction
                right[act] = value
            same = [value_of(corrected(shown, reversal(before, shown), "", NOW), name) for name in FIELDS]  # type: ignore[arg-type]
            assert same == [value_of(before, name) for name in FIELDS]
        for name in FIELDS:
            assert value_of(shown, name) == right.get(name, value_of(file, name))
            marked = name in [correction.field for correction in shown.corrections]
            assert marked or value_of(shown, name) == value_of(file, name)
        assert as_stated(shown) == file
        assert (shown.id, shown.source, shown.text) == (file.id, file.source, file.text)


@settings(max_examples=12, deadline=None)
@given(st.sampled_from([write for write in WRITES if write != "delete_records"]), st.booleans())
def test_killed_at_any_write_either_what_was_known_is_there_or_what_is_right(at: str, after: bool) -> None:
    with TemporaryDirectory() as folder:
        two = Two(Path(folder))
        first, second = two.indexes
        first.put([prepared("river", "flood")])
        record = first.record("river")
        assert record
        (copy,) = whole(first, [record])
        right = copy.with_document(corrected(copy.document, RIGHT, "anna", NOW))
        with killed(first.replica.store, at, after):
            first.put_corrected(right, record)
        two.restart(0)
        two.settled()
        for index in two.indexes:
            (found,) = index.records()
            shown = [value_of(found, name) for name in FIELDS]
            old, new = ([value_of(each.document, name) for name in FIELDS] for each in (copy, right))
            assert shown in (old, new)
            assert index.texts.by_id("river") == copy.document.text
            assert (
                len(index.search.fetch([key for key, _ in index.search.spelled([Term(("flood",))], 5)])) == 2
            )
        assert second.replica.store.state.intents() == []
        assert len(list(second.replica.store.passage_ids())) == 2
        two.close()


def test_another_version_that_came_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    two = Two(tmp_path)
    one, other = two.indexes
    one.put([prepared("river", "flood")])
    record = one.record("river")
    assert record
    (copy,) = whole(one, [record])
    other.put([prepared("river", "drought")])
    right = copy.with_document(corrected(copy.document, RIGHT, "anna", NOW))
    assert one.put_corrected(right, record) is None
    assert "drought" in one.texts.by_id("river")
    assert one.put_corrected(right, replace(record, id="nobody")) is None
    two.close()


def test_a_corrected_title_is_found_and_the_next_version_of_the_file_keeps_it(
    tmp_path: Path, embedder: SentenceTransformerEmbedder
) -> None:
    index = Index.open(tmp_path, embedder)
    index.put([_embedded("flood", embedder)])
    (record,) = index.records()
    (copy,) = whole(index, [record])
    right = copy.with_document(corrected(copy.document, RIGHT, "anna", NOW))
    stored = index.put_corrected(retitled(right, embedder), record)
    assert stored
    assert (stored.added, stored.sha256, stored.published_from) == (record.added, record.sha256, "corrected")
    assert stored.corrected_by("title") == "anna"
    found = [key for key, _ in index.search.spelled([Term(("march",))], 5)]
    assert len(index.search.fetch(found)) == 2
    (again,) = whole(index, [stored])
    assert not np.allclose(again.vectors, copy.vectors, atol=1e-3)
    index.put([_embedded("drought", embedder)])
    index.close()
    index = Index.open(tmp_path, embedder)
    (later,) = index.records()
    assert [value_of(later, name) for name in FIELDS] == [RIGHT.values[name] for name in FIELDS]
    assert "drought" in index.texts.by_id("river")
    assert later.stated is not None
    assert later.stated.title == "river"
    index.close()


def _embedded(words: str, embedder: SentenceTransformerEmbedder) -> Prepared:
    return retitled(prepared("river", words), embedder)


@pytest.mark.parametrize("origin", ["", "text"])
def test_entering_what_the_file_says_is_no_correction_unless_its_origin_is_unknown(origin: str) -> None:
    dated = replace(document(), published=date(2026, 3, 14), published_from=origin)  # type: ignore[arg-type]
    entered = corrected(dated, FieldChanges(values={"published": date(2026, 3, 14)}), "anna", NOW)
    assert bool(entered.corrections) == (origin == "")
