"""Which documents the table shows, the numbers above it, and what can be undone."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.service.hints import hint_for, in_words
from assistant.service.reindexing import ReindexState, ReindexView
from assistant.service.trash import Removal
from assistant.web.documents import documents_table, overview, undo_list
from assistant.web.documents.documents_table import COLUMNS, PAGE, TableState
from assistant.web.documents.reindexing import reindexing
from assistant.web.kit import histogram
from assistant.web.kit.localisation import words
from ingest.settings import ENGLISH_MODEL
from ingest.store.catalogue_tally import CatalogueTally
from tests.support.conversations import Page, record

EN, DE = words("en"), words("de")
MANY = [
    record(f"Titel {n:05}", f"{n}.md", id=f"{n:016x}", published=date(2000, 1, 1) + timedelta(days=n))
    for n in range(10_000)
]


def test_ten_thousand_documents_come_a_page_at_a_time() -> None:
    shown = documents_table.table_page(MANY, TableState(sort="title", backwards=False, page=3))
    assert [one.title for one in shown.rows] == [f"Titel {n:05}" for n in range(150, 200)]
    page = Page(documents_table.table(shown, EN))
    assert len(page.all("tr")) == PAGE + 1
    assert "151–200 of 10,000" in page.text
    assert {button["value"] for button in page.all("button") if button["data-act"] == "page"} == {
        "0",
        "2",
        "4",
        "199",
    }
    assert "151–200 von 10.000" in Page(documents_table.table(shown, DE)).text


@given(
    st.sampled_from(COLUMNS),
    st.booleans(),
    st.integers(-3, 300),
    st.sampled_from(["", "0", "titel 12", "nothing"]),
)
def test_pages_are_the_documents_found_in_order(column: str, backwards: bool, page: int, search: str) -> None:
    some = MANY[::97]
    view = TableState(
        sort=column, backwards=backwards, page=page, search=search, selected=(MANY[0].id, MANY[97].id)
    )
    first = documents_table.table_page(some, view)
    pages = [documents_table.table_page(some, replace(view, page=n)).rows for n in range(first.pages)]
    assert sorted(one.id for rows in pages for one in rows) == sorted(
        one.id for one in documents_table.matching(some, search)
    )
    assert 0 <= first.view.page < first.pages
    assert set(first.view.selected) <= {one.id for one in documents_table.matching(some, search)}


def test_ticking_keeps_what_is_selected_on_other_pages() -> None:
    view = TableState(selected=("a", "b")).ticked(shown=("b", "c"), ticked=("c",))
    assert view.selected == ("a", "c")


def test_a_column_is_sorted_the_other_way_when_asked_again() -> None:
    view = TableState().sorted_by("date")
    assert (view.sort, view.backwards) == ("date", True)
    assert (view.sorted_by("date").backwards, view.sorted_by("title").backwards) == (False, False)
    assert view.sorted_by("<script>") == view


@given(st.lists(st.dates(), max_size=300))
def test_every_date_is_in_one_bar_and_there_are_not_too_many(days: list[date]) -> None:
    bars = histogram.bars(days)
    assert bars == histogram.bars(Counter(days))
    assert sum(bar.count for bar in bars) == len(days)
    assert len(bars) <= histogram.MOST_BARS
    assert all(bar.first + bar.months == after.first for bar, after in pairwise(bars))


def test_numbers_at_a_glance_and_a_plot_in_words() -> None:
    records = [record(published=date(2024, month, 3), passages=1_000) for month in (1, 1, 3)]
    others = [
        record(published=None, language="en"),
        record(published=date(2024, 3, 9), language="", passages=0),
    ]
    page = Page(overview.overview(CatalogueTally().changed((), [*records, *others]), EN))
    for words_ in ("3,001", "German 3, English 1", "3 Jan 2024 – 9 Mar 2024", "1 without a date"):
        assert words_ in page.text
    (plot,) = page.all("svg")
    assert plot["aria-label"] == "Documents by date of publication: Jan 2024: 2, Mar 2024: 2"
    assert len(page.all("rect")) == 3


def test_a_removal_is_named_and_says_how_long_it_can_be_undone() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    one = Removal(id="1-a", titles=("<b>Plan</b>",), until=now + timedelta(minutes=7))
    page = Page(undo_list.undo([one, replace(one, titles=("a", "b"))], now, EN))
    assert "“<b>Plan</b>” was deleted." in page.text
    assert "2 documents were deleted." in page.text
    assert "for another 7 minutes" in page.text


def test_a_model_that_does_not_read_most_documents_is_named() -> None:
    hint = hint_for({"": 9, "de": 2, "en": 1}, ENGLISH_MODEL, ENGLISH_MODEL)
    assert hint is not None
    assert (hint.kind, hint.language) == ("unread", "de")
    assert hint.steps == ("ASSISTANT_EMBEDDING_MODEL=multilingual-e5-small", "assistant reindex")
    page = Page(undo_list.model_hint(hint, EN))
    assert "Most documents are in German" in page.text
    assert all(step in page.text for step in hint.steps)
    assert all(step in in_words(hint) for step in hint.steps)


def test_a_change_of_models_says_how_far_it_is_and_what_can_be_done() -> None:
    def shown(state: ReindexState, **more: Any) -> Page:
        view = ReindexView(state=state, model="e5", wanted="e5", **more)
        return Page(reindexing(view, EN, may_change=True))

    assert "Embed anew with e5" in shown("none").text
    assert "being loaded" in shown("running").text
    running = shown("running", documents=412, of_documents=1_028, seconds_left=95).text
    assert "412 of 1,028 documents embedded anew with e5. About 2 minutes left." in running
    assert "Give up" in running
    assert "No <b>room</b>." in shown("failed", error="No <b>room</b>.").text
    done = ReindexView(state="done", model="e5", of_documents=3)
    assert "3 documents are embedded anew" in Page(reindexing(done, EN, may_change=True)).text
    offered = ReindexView(wanted="e5")
    assert not Page(reindexing(offered, EN, may_change=False)).text.strip()


def test_another_model_that_is_set_is_told_with_what_a_server_can_do() -> None:
    hint = hint_for({"de": 2}, "multilingual-e5-small", "my-model")
    assert hint is not None
    assert (hint.kind, hint.target) == ("other", "my-model")
    assert "my-model is configured" in Page(undo_list.model_hint(hint, EN)).text
    assert "`assistant reindex`" in in_words(hint)


def test_a_folder_of_the_earlier_default_model_says_how_to_change() -> None:
    hint = hint_for({"en": 2}, ENGLISH_MODEL, "")
    assert hint is not None
    assert (hint.kind, hint.steps) == ("earlier", ("assistant reindex",))
    assert "English alone" in Page(undo_list.model_hint(hint, EN)).text


@pytest.mark.parametrize(
    ("languages", "model", "configured"),
    [
        ({"en": 2, "de": 1}, ENGLISH_MODEL, ENGLISH_MODEL),
        ({"de": 1}, "multilingual-e5-small", ""),
        ({"de": 1}, "intfloat/multilingual-e5-small", "intfloat/multilingual-e5-small"),
        ({}, "x", "x"),
    ],
)
def test_no_hint_where_nothing_is_to_be_gained(
    languages: dict[str, int], model: str, configured: str
) -> None:
    assert hint_for(languages, model, configured) is None
    assert in_words(None) == ""
