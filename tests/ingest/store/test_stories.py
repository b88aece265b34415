"""Stories are those of the documents that there are, whatever has come, gone and been told apart before."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.store.copies import whole
from ingest.store.corrections import FieldChanges, corrected
from ingest.store.index import Index
from ingest.store.records import Prepared
from ingest.store.stories import Stories
from ingest.store.story_links import StoryLinks
from ingest.types import Passage
from tests.ingest.store.test_changes import WRITES, Two, killed, prepared

FLOOD = (
    "The Ilse burst its dam near Tannbach at 2 a.m. on Saturday, councillor Sabine Kroll said. ",
    "Some 1,200 people were taken to the gymnasium in Oberau. ",
    "Helicopters fetched 19 residents from their roofs. ",
    "The government promised 5 million in emergency aid. ",
    "A man of 74 is missing. ",
)
STRIKE = (
    "Drivers of the Grauheim metro walked out on Monday at 3 a.m. over pay. ",
    "The union of Maren Oltmann wants 8 percent more and 2 free days. ",
    "Nine trains in ten stood still, and 2,400 people joined. ",
    "Talks with Jörg Hennecke go on this Thursday. ",
)
# Copies of the two, one of them under another lead; a note that stands under everything; what is about neither.
TEXTS = {
    "flood": FLOOD,
    "flood cut": FLOOD[:4],
    "flood led otherwise": (
        "In the gymnasium of Oberau there was soup for everybody. ",
        *FLOOD[1:],
        FLOOD[0],
    ),
    "strike": STRIKE,
    "strike turned": STRIKE[::-1],
    "both": (*FLOOD, *STRIKE),
    "bakery": (
        "A bakery in Lowick sells bread made of acorns. ",
        "Queues form at 6 a.m. on Sundays, says Dan Merrill. ",
        "A loaf costs 4 crowns. ",
    ),
}
NAMES = ("a", "b", "c", "d")
NOW = datetime(2026, 5, 20, tzinfo=UTC)


def article(name: str, text: str, day: date | None = None) -> Prepared:
    """A document of one passage, whose vector is like that of all others."""
    sentences, entry = TEXTS[text], prepared(name, text)
    spans, start = [], 0
    for sentence in sentences:
        spans.append((start, start + len(sentence.rstrip())))
        start += len(sentence)
    whole_text = "".join(sentences)
    passage = Passage(
        id="",
        document_id=name,
        text=whole_text,
        start=0,
        end=len(whole_text),
        page=None,
        heading="",
        sentences=tuple(spans),
    )
    document = replace(entry.document, text=whole_text, published=day)
    return Prepared(document=document, passages=[passage], vectors=np.ones((1, 3), dtype=np.float32))


def stories_of(stories: Stories) -> set[frozenset[str]]:
    return {frozenset(record.id for record in stories.of(key)) for key in stories.records}


def computed_anew(index: Index) -> set[frozenset[str]]:
    """The stories of what is stored, by an index that knows nothing yet."""
    records = {record.id: record for record in index.records()}
    links = StoryLinks(index.replica.store)
    links.sync(records)
    return stories_of(Stories(records, links.links))


def tell_apart(index: Index, one: str, other: str) -> None:
    record = index.record(one)
    if record:
        (copy,) = whole(index, [record])
        changes = FieldChanges(values={"not_copies_of": (other,)})
        index.put_corrected(copy.with_document(corrected(copy.document, changes, "anna", NOW)), record)


STEPS = st.one_of(
    st.tuples(st.just("put"), st.integers(0, 1), st.sampled_from(NAMES), st.sampled_from(sorted(TEXTS))),
    st.tuples(st.just("killed"), st.integers(0, 1), st.sampled_from(NAMES), st.sampled_from(WRITES)),
    st.tuples(
        st.sampled_from(["remove", "restart", "follow"]),
        st.integers(0, 1),
        st.sampled_from(NAMES),
        st.just(""),
    ),
    st.tuples(st.just("apart"), st.integers(0, 1), st.sampled_from(NAMES), st.sampled_from(NAMES)),
)


@settings(max_examples=10, deadline=None)
@given(st.lists(STEPS, min_size=3, max_size=8))
def test_stories_are_those_computed_anew_on_every_replica(steps: list[tuple[str, int, str, str]]) -> None:
    with TemporaryDirectory() as folder:
        two = Two(Path(folder))
        for act, who, name, what in steps:
            index = two.indexes[who]
            if act == "put":
                index.put([article(name, what)])
            elif act == "killed":
                with killed(index.replica.store, what, after=True):
                    index.put([article(name, "flood")])
                two.restart(who)
            elif act == "remove":
                index.remove([name])
            elif act == "apart":
                tell_apart(index, name, what)
            elif act == "follow":
                index.replica.follow()
            else:
                two.restart(who)
        two.settled()
        right = computed_anew(two.indexes[0])
        for index in two.indexes:
            assert stories_of(index.stories) == right
            for story in right:
                apart = [(one, other) for one, other in combinations(story, 2) if _apart(index, one, other)]
                assert not apart
        two.close()


def _apart(index: Index, one: str, other: str) -> bool:
    first, second = index.record(one), index.record(other)
    assert first
    assert second
    return other in first.not_copies_of or one in second.not_copies_of


@pytest.fixture
def two(tmp_path: Path) -> Two:
    return Two(tmp_path)


def test_copies_are_one_story_named_after_the_earliest(two: Two) -> None:
    index = two.indexes[0]
    index.put([article("a", "flood led otherwise", date(2025, 8, 3)), article("b", "bakery")])
    index.put([article("c", "flood cut", date(2025, 8, 2)), article("d", "flood")])
    assert stories_of(index.stories) == {frozenset("acd"), frozenset("b")}
    assert [record.id for record in index.stories.of("d")] == ["c", "a", "d"]  # d has no date, and came last
    assert index.stories.id_of("a") == "c"
    assert index.stories.count("abcd") == 2
    two.close()


def test_an_article_with_two_stories_in_it_does_not_join_them(two: Two) -> None:
    index = two.indexes[0]
    index.put([article("a", "flood"), article("b", "flood cut"), article("c", "strike")])
    index.put([article("d", "strike turned"), article("e", "both")])
    stories = stories_of(index.stories)
    assert index.stories.id_of("a") == index.stories.id_of("b") != index.stories.id_of("c")
    assert all(len(story) <= 3 for story in stories)
    two.close()


def test_what_was_told_apart_stays_apart_though_a_further_copy_comes(two: Two) -> None:
    index = two.indexes[0]
    index.put([article("a", "flood"), article("b", "flood cut")])
    tell_apart(index, "b", "a")
    assert index.stories.id_of("b") == "b"
    index.put([article("c", "flood led otherwise"), article("b", "flood")])  # a new version of b too
    assert index.stories.id_of("b") != index.stories.id_of("a")
    record = index.record("b")
    assert record
    (copy,) = whole(index, [record])
    undone = corrected(copy.document, FieldChanges(withdrawn=("not_copies_of",)), "anna", NOW)
    index.put_corrected(copy.with_document(undone), record)
    assert stories_of(index.stories) == {frozenset("abc")}
    two.close()


@pytest.mark.parametrize("damage", [b"no database at all, and long enough to look like one" * 9, b""])
def test_a_missing_or_damaged_file_is_made_anew(tmp_path: Path, damage: bytes) -> None:
    with_file = Two(tmp_path)
    index = with_file.indexes[0]
    index.put([article("a", "flood"), article("b", "flood cut")])
    path = tmp_path / "stories" / "x.sqlite3"
    path.parent.mkdir()
    path.write_bytes(damage)
    links = StoryLinks(index.replica.store, path)
    links.sync({record.id: record for record in index.records()})
    assert links.links == index.replica.links.links != {}
    links.close()
    again = StoryLinks(index.replica.store, path)
    again.sync({record.id: record for record in index.records()})
    assert again.links == index.replica.links.links
    again.close()
    with_file.close()


def test_a_file_of_links_damaged_anywhere_is_made_anew(
    tmp_path: Path, tiny_embedder: SentenceTransformerEmbedder
) -> None:
    index = Index.open(tmp_path, tiny_embedder)
    index.put([article("a", "flood"), article("b", "flood cut")])
    index.close()
    (path,) = (tmp_path / "stories").rglob("*.sqlite3")
    with sqlite3.connect(path) as file:
        file.executemany("INSERT INTO documents VALUES (?)", [(f"k{n:08}@{n}",) for n in range(5_000)])
    file.close()
    data = bytearray(path.read_bytes())
    for page in range(8, len(data) // 4096):
        data[page * 4096 : page * 4096 + 200] = b"\xff" * 200
    path.write_bytes(data)
    index = Index.open(tmp_path, tiny_embedder)
    assert stories_of(index.stories) == {frozenset("ab")}
    index.close()
