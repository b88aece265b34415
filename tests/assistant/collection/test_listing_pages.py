"""Answers about the collection on the page and in exports: what they say of themselves, their sides, and text that stays text."""

from __future__ import annotations

from dataclasses import replace

from assistant.types import Listing, ListingGroup
from assistant.web.answer import export, render
from assistant.web.answer.answer_view import AnswerView, view_answer
from assistant.web.kit.localisation import words
from tests.support.conversations import QUOTE, TEXT, citation, quoting, record

EN = words("en")
HOSTILE = "<img src=x onerror=alert(1)> **bold**"


def view(listing: Listing, quotes: int = 2) -> AnswerView:
    cited = [citation(number=number, of=record(id=f"d{number}")) for number in range(1, quotes + 1)]
    return view_answer(replace(quoting(*cited), listing=listing), lambda _: TEXT, 2)


def test_a_list_says_what_it_is_and_what_it_leaves_out() -> None:
    listing = Listing(kind="list", lead="2 documents mention “Plan”.", more="and 3 more documents")
    page = str(render.answer(view(listing), 1, EN))
    assert page.index("2 documents mention") < page.index(QUOTE) < page.index("and 3 more documents")
    text = export.answer(view(listing), "http://host/", EN).markdown
    assert text.index("2 documents mention") < text.index(QUOTE) < text.index("and 3 more documents")


def test_a_comparison_has_its_sides_beside_one_another() -> None:
    groups = (ListingGroup(label="Spring", citations=(1,)), ListingGroup(label="Autumn", citations=(2,)))
    listing = Listing(kind="comparison", lead="Side by side.", groups=groups)
    page = str(render.answer(view(listing), 1, EN))
    assert page.count("<section>") == 2
    assert page.index("Spring") < page.index(";s-1-1") < page.index("Autumn") < page.index(";s-1-2")
    text = export.answer(view(listing), "http://host/", EN).plain
    assert text.index("Spring:") < text.index("[1]") < text.index("Autumn:") < text.index("[2]")


def test_a_side_without_documents_says_so() -> None:
    groups = (ListingGroup(label="2024", citations=(1,)), ListingGroup(label="1999", citations=()))
    page = str(render.answer(view(Listing(kind="comparison", lead="x", groups=groups), 1), 1, EN))
    assert EN("nothing_here") in page


def test_a_count_is_from_the_catalogue() -> None:
    page = str(render.answer(view(Listing(kind="count", lead="There are 2 documents."), 0), 1, EN))
    assert EN("from_catalogue") in page
    assert EN("quoted") not in page


def test_what_it_says_is_text() -> None:
    groups = (ListingGroup(label=HOSTILE, citations=(1, 2)),)
    page = str(
        render.answer(view(Listing(kind="comparison", lead=HOSTILE, more=HOSTILE, groups=groups)), 1, EN)
    )
    assert "<img" not in page


def test_sides_that_cite_what_is_not_there_are_inconsistent() -> None:
    groups = (ListingGroup(label="2024", citations=(9,)),)
    assert not view(Listing(kind="comparison", lead="x", groups=groups)).consistent
