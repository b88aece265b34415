"""Whatever a source lists and however its visits go, no page is lost, and none is brought in again without a reason."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import following
from ingest.client.watching import WatchedAddresses
from ingest.errors import FetchFailed, SourceError
from ingest.fetch import listings
from ingest.fetch.listed_pages import ListedPage
from ingest.fetch.listings import PageList, Version
from ingest.following import FollowedSource, Trouble
from ingest.types import Result
from tests.support.site import Served, site

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


def test_a_folder_is_never_left(tmp_path: Path) -> None:
    """Links that lead out are not followed, neither when the folder is listed nor when a file of it is copied later."""
    outside, folder = tmp_path / "outside", tmp_path / "folder"
    for path in (outside / "secret.md", folder / "a.md", folder / "deep" / "b.md"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(path.name)
    (folder / "out").symlink_to(outside)
    (folder / "out.md").symlink_to(outside / "secret.md")
    (folder / "again.md").symlink_to(folder / "a.md")
    (folder / os.fsdecode(b"\xff.md")).write_text("no text")
    listing = following.folder_listing(folder, 1_000_000, time.time() + 60)
    assert [Path(page.url).name for page in listing.pages] == ["a.md", "b.md"]
    assert [problem.code for problem in listing.problems] == ["name_no_text"]
    copy = tmp_path / "copy"
    following.copy_file(folder, folder / "deep" / "b.md", copy)
    assert copy.read_text() == "b.md"
    (folder / "a.md").unlink()
    (folder / "a.md").symlink_to(outside / "secret.md")
    os.mkfifo(folder / "pipe.md")
    for name in ("a.md", "out/secret.md", "pipe.md", "gone.md"):
        with pytest.raises(OSError, match=r"leads out|no file|No such file"):
            following.copy_file(folder, folder / name, copy)
    assert copy.read_text() == "b.md"


def test_a_folder_that_is_away_is_said_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stale(path: object) -> os.stat_result:
        raise OSError(116, "Stale file handle", path)

    with pytest.raises(SourceError) as no_folder:
        following.check_folder(tmp_path / "none")
    monkeypatch.setattr(os, "stat", stale)
    with pytest.raises(SourceError, match="Stale file handle") as away:
        following.check_folder(tmp_path)
    monkeypatch.undo()
    assert (no_folder.value.code, away.value.code) == ("no_folder", "unreachable")


def test_no_more_is_found_while_very_much_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "MOST_PAGES", 3)
    source = FollowedSource(id="a", source="https://a.example/feed")
    for number in range(3):
        pages = tuple(ListedPage(url=f"https://a.example/{number}/{page}") for page in range(2))
        version = {source.source: Version(etag=str(number))}
        source = following.visited(source, PageList(kind="feed", pages=pages, versions=version), 1.0, EVERY)
    assert (len(source.waiting), source.versions[source.source].etag) == (4, "1")
    assert source.trouble is not None
    assert source.trouble.code == "many_waiting"


def test_only_what_a_header_may_hold_is_sent() -> None:
    assert Version(etag='"café"', modified="today").conditions() == {"If-Modified-Since": "today"}


def test_what_is_cut_is_listed_at_the_next_visit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listings, "MOST_PAGES", 5)
    with site() as there:
        entries = {n: "".join(f"<url><loc>/{n}-{page}</loc></url>" for page in range(4)) for n in range(3)}
        for n, urls in entries.items():
            there.pages[f"/{n}.xml"] = Served(body=f"<urlset>{urls}</urlset>".encode(), tag=f'"{n}"')
        parts = "".join(f"<sitemap><loc>/{n}.xml</loc></sitemap>" for n in entries)
        there.pages["/index.xml"] = Served(body=f"<sitemapindex>{parts}</sitemapindex>".encode())
        source, listed = FollowedSource(id="a", source=f"{there.origin}/index.xml"), set[str]()
        for _ in range(3):
            listing = following.look(source, allow_private=True, max_bytes=0)
            assert len(listing.pages) <= 5
            source = following.visited(source, listing, 1.0, EVERY)
            listed |= {page.url for page in listing.pages}
    assert len(listed) == 12
    assert source.trouble is None


def test_a_page_that_fails_under_another_address_is_tried_again() -> None:
    with site() as there:
        feed = f"<rss><channel><item><link>{there.origin}/a</link></item></channel></rss>"
        there.pages["/feed"] = Served(body=feed.encode(), kind="application/rss+xml")
        now = [1_000_000.0]
        addresses = WatchedAddresses(
            [f"{there.origin}/feed"], allow_private=True, every=EVERY, clock=lambda: now[0]
        )
        for failed in (True, False):
            assert [page.source for page in addresses.due(lambda: False)] == [f"{there.origin}/a"]
            result = Result(source="https://b.example/", outcome="failed", error="no", code="no_room")
            addresses.ended({result.source: result} if failed else {}, {f"{there.origin}/a": result.source})
            now[0] += following.DAY
        assert addresses.due(lambda: False) == []
