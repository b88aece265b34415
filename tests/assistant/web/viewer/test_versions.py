"""A citation is bound to its words: a link opens the document at these, or says that they are gone and where they stood."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urljoin

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.citation_links import viewer_url
from assistant.errors import NotFound
from assistant.web.viewer import routes
from ingest.store.chroma import ChromaStore
from ingest.store.chroma_client import local_client
from ingest.store.index import Index
from ingest.store.lexical import LexicalIndex
from ingest.store.lock import FolderLock
from ingest.store.replica import Replica
from ingest.types import version_of
from tests.ingest.store.test_changes import prepared
from tests.support.conversations import Page

QUOTE = "The budget was 12 million."
BEFORE = f"The council met on Monday. {QUOTE} The mayor spoke last."
ID = "river"


@dataclass
class _Held:
    index: Index


@dataclass
class Viewer:
    """An index and the viewer over it."""

    index: Index
    web: TestClient

    def put(self, text: str) -> None:
        whole = prepared(ID, text)
        passage = replace(whole.passages[0], text=text, end=len(text))
        document = replace(whole.document, text=text)
        self.index.put([replace(whole, document=document, passages=[passage], vectors=whole.vectors[:1])])

    def opened(self, address: str, status: int = 200) -> Page:
        response = self.web.get(f"/{address}")
        assert response.status_code == status
        return Page(response.text)

    def followed(self, page: Page, address: str, label: str) -> tuple[Page, str]:
        """The page behind a link of another page, and its address."""
        assert label in page.text
        (link,) = [one["href"] for one in page.all("a") if "version=" in one["href"] or one["href"] == ID]
        onward = urljoin(f"/{address}", link).lstrip("/")
        return self.opened(onward), onward


class _Service:
    """As much of a service as the viewer needs."""

    state, message, away = "ready", "", ""

    def __init__(self, index: Index) -> None:
        self.assistant = _Held(index)

    def original(self, document_id: str) -> Path:
        raise NotFound("not kept")


@pytest.fixture
def viewer(tmp_path: Path) -> Iterator[Viewer]:
    index = index_in(tmp_path)
    app = FastAPI()
    app.include_router(routes.router(_Service(index)))  # type: ignore[arg-type]  # as much of it as is needed
    yield Viewer(index, TestClient(app))
    index.close()


def index_in(folder: Path) -> Index:
    store = ChromaStore(local_client(folder / "chroma"), "three-numbers")
    lock = FolderLock(folder / "data", "test")
    return Index(Replica(store, LexicalIndex(folder / "lexical")), lock)


def link(text: str = BEFORE, quote: str = QUOTE) -> str:
    """As a citation of ``text`` has it."""
    start = text.index(quote)
    return viewer_url(ID, start, start + len(quote), version_of(text), quote)


def test_as_long_as_nothing_changes_nothing_is_said(viewer: Viewer) -> None:
    viewer.put(BEFORE)
    page = viewer.opened(link())
    assert page.marked == QUOTE
    assert page.all("aside") == []


@pytest.mark.parametrize(
    "now",
    [
        f"New: the council met on Tuesday. {QUOTE} The mayor spoke last.",
        f"The council met on Monday. {QUOTE} The mayor spoke first.",
        f"{QUOTE}",
        f"The council met on Monday. {QUOTE.replace(' ', chr(10))} The mayor spoke last.",
    ],
)
def test_changed_before_or_after_the_words_still_stand_there(viewer: Viewer, now: str) -> None:
    viewer.put(BEFORE)
    viewer.put(now)
    page = viewer.opened(link())
    assert page.marked.split() == QUOTE.split()
    assert [mark.get("id") for mark in page.all("mark")] == ["cited"]
    assert "The document has changed since (" in page.text
    assert "the words still stand here." in page.text


@pytest.mark.parametrize(
    "now",
    [
        BEFORE.replace("12 million", "12.5 million"),
        BEFORE.replace("was", "was not"),
        BEFORE.replace(QUOTE, ""),
        "Short.",
    ],
)
def test_changed_within_nothing_is_marked_and_the_earlier_version_opens_at_the_words(
    viewer: Viewer, now: str
) -> None:
    viewer.put(BEFORE)
    viewer.put(now)
    page = viewer.opened(link())
    assert page.marked == ""
    assert "The words quoted then no longer stand in this document." in page.text
    earlier, address = viewer.followed(page, link(), "Open the version that was quoted")
    assert earlier.marked == QUOTE
    assert [mark.get("id") for mark in earlier.all("mark")] == ["cited"]
    assert "This is an earlier version." in earlier.text
    assert "What has changed since" in earlier.text
    assert len(earlier.all("del")) == 1
    present, _ = viewer.followed(earlier, address.partition("?")[0], "Open the present version")
    assert present.all("aside") == []


def test_a_version_opens_by_itself_and_can_be_searched(viewer: Viewer) -> None:
    viewer.put(BEFORE)
    viewer.put("Short.")
    version = version_of(BEFORE)
    page = viewer.opened(f"documents/{ID}?version={version}")
    assert "The mayor spoke last." in page.text
    assert page.all("search")[0]["data-find"] == f"{ID}/find?version={version}&q="
    found = viewer.web.get(f"/documents/{ID}/find?version={version}&q=mayor").json()
    assert found == {"total": 1, "spans": [[BEFORE.index("mayor"), BEFORE.index("mayor") + 5]]}
    part = viewer.web.get(f"/documents/{ID}/parts/0?version={version}&earlier=1").text
    assert "The mayor spoke last." in Page(part).text
    assert viewer.opened(f"documents/{ID}?version={version_of('Short.')}").all("aside") == []
    missing = viewer.opened(f"documents/{ID}?version={'0' * 16}", 404)
    assert "This version is not kept" in missing.text


def test_an_old_link_says_what_cannot_be_checked(viewer: Viewer) -> None:
    viewer.put(BEFORE)
    start = BEFORE.index(QUOTE)
    old, beyond, cut = (
        f"documents/{ID}?start={start}&end={start + length}" for length in (len(QUOTE), 9_999, 7)
    )
    assert viewer.opened(old).marked == QUOTE
    assert viewer.opened(old).all("aside") == []
    for wrong in (beyond, cut):
        assert viewer.opened(wrong).marked == ""
        assert "What was quoted cannot be checked" in viewer.opened(wrong).text
    viewer.put(BEFORE.replace("Monday", "Friday"))
    assert viewer.opened(old).marked == QUOTE
    assert "Whether these are the words quoted then cannot be checked" in viewer.opened(old).text


def test_a_kept_conversation_without_versions_finds_its_words(viewer: Viewer) -> None:
    """Its sources have the quote, but not the version that it is from."""
    viewer.put(BEFORE)
    start = BEFORE.index(QUOTE)
    old = viewer_url(ID, start, start + len(QUOTE), "", QUOTE)
    assert viewer.opened(old).all("aside") == []
    viewer.put(f"Well. {BEFORE}")
    assert viewer.opened(old).marked == QUOTE
    assert "still stand here" in viewer.opened(old).text
    viewer.put("Short.")
    page = viewer.opened(old)
    assert page.marked == ""
    assert viewer.followed(page, old, "Open the version that was quoted")[0].marked == QUOTE


def test_a_link_without_words_finds_them_by_its_version(viewer: Viewer) -> None:
    viewer.put(BEFORE)
    viewer.put(f"Well. {BEFORE}")
    start = BEFORE.index(QUOTE)
    spans = f"start={start}&end={start + len(QUOTE)}&cite=0-3"
    page = viewer.opened(f"documents/{ID}?{spans}&version={version_of(BEFORE)}")
    assert page.marked == f"The{QUOTE}"
    unknown = viewer.opened(f"documents/{ID}?{spans}&version={'0' * 16}")
    assert unknown.marked == ""
    assert "cannot be checked" in unknown.text


def test_a_link_whose_words_are_not_those_of_its_version_marks_no_others(viewer: Viewer) -> None:
    viewer.put(BEFORE)
    version = version_of(BEFORE)
    moved = viewer.opened(viewer_url(ID, 3, 9, version, QUOTE))
    assert moved.marked == QUOTE
    assert "they stand here" in moved.text
    wrong = viewer.opened(viewer_url(ID, 3, 9, version, "The budget was 13 million."))
    assert wrong.marked == ""
    assert "do not stand in this document" in wrong.text


def test_a_removed_document_says_so_until_it_is_gone_for_good(viewer: Viewer) -> None:
    viewer.put(BEFORE)
    viewer.put("Short.")
    viewer.index.remove([ID], undo_seconds=600)
    page = viewer.opened(link(), 410)
    assert "This document was deleted" in page.text
    assert "for another 10 minutes" in page.text
    viewer.put("Short.")  # put back
    page = viewer.opened(link())
    assert viewer.followed(page, link(), "Open the version that was quoted")[0].marked == QUOTE
    viewer.index.remove([ID])
    assert "This document is not here" in viewer.opened(link(), 404).text
    assert viewer.index.history.total() == (0, 0)
    viewer.put("Short.")
    assert "The version that was quoted is not kept." in viewer.opened(link()).text


def test_undoing_a_replacement_makes_the_words_present_again(viewer: Viewer) -> None:
    viewer.put(BEFORE)
    viewer.put("Short. Quite short.")
    viewer.put(BEFORE)
    assert viewer.opened(link()).all("aside") == []
    page = viewer.opened(link("Short. Quite short.", "Quite short."))
    assert "no longer stand" in page.text
    earlier, _ = viewer.followed(page, link(), "Open the version that was quoted")
    assert earlier.marked == "Quite short."
