"""What a catalogue derives is carried on from change to change, and is what it would be if it were made anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ingest.store.catalogue import Catalogue
from ingest.types import OtherLanguage, Record
from tests.support.conversations import record

START = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = [f"document{number}" for number in range(8)]


@st.composite
def records(draw: st.DrawFn) -> Record:
    other = OtherLanguage(language=draw(st.sampled_from(["la", "fr"])), first=0, after=1, start=0, end=9)
    return replace(
        record(id=draw(st.sampled_from(NAMES)), passages=draw(st.integers(1, 5))),
        version=draw(st.text("abc", min_size=1, max_size=3)),
        source=draw(st.sampled_from(["samples/a", "samples/b", "sample", "samplet", "z"])),
        published=draw(st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 9))),
        language=draw(st.sampled_from(["de", "en", ""])),
        sha256=draw(st.sampled_from(["one", "two"])),
        text_version=draw(st.sampled_from(["one", "two"])),
        added=START + timedelta(seconds=draw(st.integers(0, 3))),
        moved_from=draw(st.sampled_from([(), ("old",)])),
        container=draw(st.sampled_from(["", "archive.zip"])),
        other_languages=draw(st.sampled_from([(), (other,)])),
        quotations_edition=draw(st.integers(0, 2)),
    )


CHANGES = st.lists(
    st.one_of(st.lists(records(), min_size=1, max_size=3), st.frozensets(st.sampled_from(NAMES), max_size=3)),
    max_size=8,
)


def derived(catalogue: Catalogue) -> dict[str, object]:
    """All that requests ask a catalogue for; of what has no order the ids."""
    return {
        "by_id": catalogue.by_id,
        "newest": catalogue.newest_first,
        "latest": catalogue.latest_first,
        "moved": catalogue.moved,
        "members": sorted(one.id for one in catalogue.within_containers),
        "undated": sorted(one.id for one in catalogue.undated),
        "passages": catalogue.passages,
        "samples": [catalogue.sample_ids(16), catalogue.sample_ids(1_000)],
        "languages": list(catalogue.languages.items()),
        "text languages": catalogue.text_languages,
        "tally": catalogue.tally,
        "sources": catalogue.with_source_beginning("samples/"),
        "content": catalogue.of_content("one"),
        "saying": catalogue.saying("two"),
        "german": catalogue.newest_in("de", 2),
        "days": [
            catalogue.published_within(*days)
            for days in ((date(2026, 1, 3), date(2026, 1, 5)), (None, date(2026, 1, 5)), (date.min, None))
        ],
    }


@given(CHANGES, st.sets(st.integers(0, 8)))
def test_what_is_carried_on_is_what_would_be_made_anew(
    changes: list[list[Record] | frozenset[str]], asked: set[int]
) -> None:
    """Whether it was asked for before a change, or not."""
    catalogue = Catalogue()
    for number, change in enumerate(changes):
        if number in asked:
            derived(catalogue)
        catalogue = (
            catalogue.without(change) if isinstance(change, frozenset) else catalogue.with_records(change)
        )
    assert derived(catalogue) == derived(Catalogue.of(catalogue.by_id.values()))
    newest = [(one.added, one.id) for one in catalogue.newest_first]
    assert newest == sorted(newest, reverse=True)
    assert {one.id for one in catalogue.newest_first} == catalogue.by_id.keys()
    latest = [(one.published or date.min, one.added, one.id) for one in catalogue.latest_first]
    assert latest == sorted(latest, reverse=True)
    assert len(latest) == len(catalogue.by_id)
    within = catalogue.published_within(date(2026, 1, 3), date(2026, 1, 5))
    assert {one.id for one in within} == {
        key
        for key, one in catalogue.by_id.items()
        if one.published and date(2026, 1, 3) <= one.published <= date(2026, 1, 5)
    }
    every = catalogue.sample_ids(catalogue.passages)
    assert len(every) == len(set(every)) == catalogue.passages
    assert catalogue.owners(every).keys() == set(every)
    some = catalogue.sample_ids(16)
    assert len(set(some)) == len(some) == min(16, catalogue.passages)
    assert set(some) <= set(every)
    dated = {key for key, one in catalogue.by_id.items() if one.published}
    assert {one.id for one in catalogue.published_within(None, None)} == dated
    both = catalogue.selection(None, date(2026, 1, 5), include_undated=True)
    assert set(both.ids) == {
        key for key, one in catalogue.by_id.items() if (one.published or date.min) <= date(2026, 1, 5)
    }
    assert both is catalogue.selection(None, date(2026, 1, 5), include_undated=True)
    assert (both.tally.documents, both.tally.undated) == (len(both.ids), len(catalogue.undated))
    assert {one.id for one in catalogue.undated} == catalogue.by_id.keys() - dated


@given(CHANGES, CHANGES)
def test_what_has_been_touched_since_is_known(
    before: list[list[Record] | frozenset[str]], after: list[list[Record] | frozenset[str]]
) -> None:
    def changed(catalogue: Catalogue, changes: list[list[Record] | frozenset[str]]) -> Catalogue:
        for change in changes:
            catalogue = (
                catalogue.without(change) if isinstance(change, frozenset) else catalogue.with_records(change)
            )
        return catalogue

    earlier = changed(Catalogue(), before)
    later = changed(earlier, after)
    touched = later.touched_since(earlier)
    assert touched is not None
    every = earlier.by_id.keys() | later.by_id.keys()
    assert {key for key in every if earlier.by_id.get(key) != later.by_id.get(key)} <= touched
    assert later.touched_since(Catalogue()) is None
    assert later.touched_since(later) == frozenset()


def test_what_was_touched_too_long_ago_is_not_told() -> None:
    catalogue = first = Catalogue()
    for _ in range(500):
        catalogue = catalogue.with_records([record(id="document")])
    assert catalogue.touched_since(first) is None


def test_another_order_may_be_asked_for_while_a_change_is_made() -> None:
    """As requests in other threads do."""

    class Asking(Record):
        __slots__ = ()

        def __getattribute__(self, name: str) -> object:
            if name == "added":
                catalogue.of_content("one")
            return super().__getattribute__(name)

    like = record(id="asking")
    catalogue = Catalogue.of([record(id="document")])
    assert len(catalogue.newest_first) == 1
    asking = Asking(**{name: getattr(like, name) for name in Record.__dataclass_fields__})
    assert len(catalogue.with_records([asking]).newest_first) == 2


def test_a_document_of_the_first_of_all_days_has_a_date() -> None:
    catalogue = Catalogue.of([record(id="a", published=date.min), record(id="b", published=None)])
    assert [one.id for one in catalogue.undated] == ["b"]
    assert [one.id for one in catalogue.published_within(None, date(2000, 1, 1))] == ["a"]
