"""The ids of passages name the version of the document that they belong to."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.store.catalogue import Catalogue
from ingest.store.records import document_and_version, passage_id, versioned
from ingest.types import document_id
from tests.ingest.store.test_changes import prepared
from tests.support.conversations import record

SOURCES = st.text(max_size=30)
HEX = st.text("0123456789abcdef", min_size=1, max_size=12)


@given(SOURCES, st.one_of(HEX, st.tuples(HEX, HEX).map("-".join)), st.integers(0, 10_000_000))
def test_a_passage_s_id_leads_back_to_its_document_and_version(
    source: str, version: str, number: int
) -> None:
    """Versions have a hyphen; those of the first releases had none."""
    key = document_id(source)
    assert document_and_version(passage_id(key, version, number)) == (key, version)


@given(st.lists(st.tuples(SOURCES, HEX, st.integers(1, 3)), max_size=8), st.data())
def test_owners_are_the_documents_of_committed_versions_alone(
    written: list[tuple[str, str, int]], data: st.DataObject
) -> None:
    """Of several versions of a document the catalogue knows the last one written."""
    records = [record(id=document_id(source), version=version, passages=n) for source, version, n in written]
    catalogue = Catalogue.of(records)
    passages = {
        passage_id(one.id, one.version, number): one for one in records for number in range(one.passages)
    }
    asked = data.draw(st.permutations([*passages, "unknown", "", "0-1-2"]))
    owners = catalogue.owners(asked)
    assert owners == {
        key: catalogue.by_id[one.id]
        for key, one in passages.items()
        if catalogue.by_id[one.id].version == one.version
    }


def test_passages_of_a_document_as_it_is_written_have_it_as_their_owner() -> None:
    stored = versioned(prepared("river", "rises"))
    owners = Catalogue.of([stored.record]).owners([passage.id for passage in stored.passages])
    assert owners == {passage.id: stored.record for passage in stored.passages}
