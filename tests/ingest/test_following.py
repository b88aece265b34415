"""Whatever a source lists and however its visits go, no page is lost, and none is brought in again without a reason."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest import following
from ingest.errors import FetchFailed
from ingest.fetch.listed_pages import ListedPage
from ingest.fetch.listings import PageList
from ingest.following import FollowedSource, Trouble

EVERY = 1_800.0
PAGES = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["", "1", "2"]), max_size=4)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("visit"), PAGES, st.booleans()),
        st.tuples(st.just("fail")),
        st.tuples(st.just("page"), st.sampled_from(["done", "answers_later", "asks_payment"])),
        st.tuples(st.just("later")),
    ),
    max_size=20,
)


@given(STEPS)
def test_every_page_is_seen_or_waits(steps: list[tuple[object, ...]]) -> None:
    source, now = FollowedSource(id="a", source="https://a.example/feed"), 1_000_000.0
    listed: set[str] = set()
    done: list[tuple[str, str]] = []
    for step in steps:
        match step:
            case ("visit", dict() as pages, bool() as whole):
                found = tuple(ListedPage(url=url, changed=changed) for url, changed in pages.items())
                source = following.visited(
                    source, PageList(kind="feed", pages=found, whole=whole), now, EVERY
                )
                listed |= pages.keys()
                assert source.failures == 0
            case ("fail",):
                before = source
                source = following.visit_failed(source, FetchFailed("a", "no_answer"), now, EVERY)
                assert source.waiting == before.waiting
                assert EVERY <= source.next_visit - now <= following.DAY
            case ("page", str() as outcome) if due := source.due_pages(now):
                (page, *_) = due
                if outcome == "done":
                    source = following.brought_in(source, page, changed=True)
                    done.append((page.url, page.changed))
                else:
                    trouble = Trouble(error="no", code=outcome)
                    source = following.page_failed(source, page, trouble, now, EVERY)
                    assert (page.url in source.waiting) == (
                        outcome == "answers_later" and page.tries + 1 < following.MOST_TRIES
                    )
            case ("later",):
                now += EVERY
        marks = set(source.seen)
        assert all(url in source.waiting or following._key(url) in marks for url in listed)
    assert source.brought == len(done)
    again = [one for one, next_one in zip(sorted(done), sorted(done)[1:], strict=False) if one == next_one]
    assert all(changed for _, changed in again)  # only what is listed as changed is brought in again
