"""What is kept in memory of passages is what reading them anew would give."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from ingest.store.read_last import ReadLast

IDS = st.text("abcde", min_size=1, max_size=2)


@given(
    st.dictionaries(IDS, st.integers()), st.lists(st.lists(IDS, max_size=6), max_size=12), st.integers(0, 4)
)
def test_kept_or_read_the_same_comes_in_the_order_asked_for(
    later: dict[str, int], asked: list[list[str]], most: int
) -> None:
    """Passages come while others are read; none that is there ever changes."""
    stored: dict[str, int] = {}
    coming = iter(later.items())
    kept = ReadLast(lambda ids: {key: stored[key] for key in reversed(ids) if key in stored}, most)
    for ids in asked:
        stored |= dict([one]) if (one := next(coming, None)) else {}
        assert list(kept.some(ids).items()) == [
            (key, stored[key]) for key in dict.fromkeys(ids) if key in stored
        ]


@given(st.lists(st.lists(IDS, max_size=6), max_size=12), st.integers(0, 4))
def test_no_more_is_kept_than_is_allowed(asked: list[list[str]], most: int) -> None:
    read: list[str] = []

    def anew(ids: Sequence[str]) -> dict[str, str]:
        read.extend(ids)
        return {key: key for key in ids}

    kept = ReadLast(anew, most)
    for ids in asked:
        kept.some(ids)
    every = sorted({key for ids in asked for key in ids})
    read.clear()
    for key in every:  # what is not kept is read anew
        kept.some([key])
    assert len(read) >= len(every) - most


@given(st.lists(IDS, max_size=12), st.integers(0, 5))
def test_sizes_count(asked: list[str], most: int) -> None:
    read: list[str] = []

    def anew(ids: Sequence[str]) -> dict[str, str]:
        read.extend(ids)
        return {key: key for key in ids}

    kept = ReadLast(anew, most, len)
    for key in asked:
        kept.some([key])
    read.clear()
    every = sorted(set(asked))
    for key in every:
        kept.some([key])
    assert sum(map(len, read)) >= sum(map(len, every)) - most
