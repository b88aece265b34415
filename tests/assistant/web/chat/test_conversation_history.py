"""What the browser keeps comes back as it was, and what it makes up is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.types import Filters, Hit
from assistant.web.answer.answer_view import view_answer
from assistant.web.answer.conversations import Conversation, Exchange
from assistant.web.chat import conversation_history, filters
from assistant.web.kit.html import showable
from assistant.web.kit.localisation import words
from tests.support.conversations import TEXT, citation, quoting

EN, DE = words("en"), words("de")
CITED = citation()
HIT = Hit(passage=CITED.passage, document=CITED.document, score=1.0, dense_rank=1, lexical_rank=1)
QUOTED = view_answer(quoting(CITED), lambda _: TEXT, 3)
REFUSED = view_answer(replace(quoting(), refused=True, text="No.", nearest=(HIT,)), lambda _: TEXT, 3)


def talked(*exchanges: Exchange) -> Conversation:
    filters = Filters(documents=("a",), published_to=date(2025, 1, 2))
    return Conversation(exchanges=exchanges, filters=filters, id="c1")


@given(st.text(), st.text(), st.sampled_from(["up", "down", "none"]))
def test_a_conversation_comes_back_as_it_was(question: str, note: str, verdict: Any) -> None:
    question, note = showable(question), showable(note)
    exchanges = [
        Exchange(question=question, reply=one, sources=one.sources, verdict=verdict, note=note)
        for one in (QUOTED, REFUSED)
    ]
    conversation = talked(*exchanges, Exchange(question="?", told=note, problem="no"))
    kept = conversation_history.from_json(
        conversation_history.to_json(conversation, "http://h/", EN), "cut off"
    )
    assert kept is not None
    assert (kept.id, kept.exchanges, kept.filters) == ("c1", conversation.exchanges, conversation.filters)


def test_an_answer_that_was_cut_off_says_so() -> None:
    kept = conversation_history.from_json(
        conversation_history.to_json(talked(Exchange(question="?", told="An")), "", EN), "cut off"
    )
    assert kept is not None
    assert kept.exchanges[0].problem == "cut off"
    assert kept.exchanges[0].told == "An"


def broken(change: str) -> Any:
    """A kept conversation with one thing about it that cannot be."""
    kept = json.loads(conversation_history.to_json(talked(Exchange(question="?", reply=QUOTED)), "", EN))
    given = kept["exchanges"][0]["reply"]
    match change:
        case "no such source":
            given["statements"][0]["citations"] = [7]
        case "a quotation of nothing":
            given["statements"][0]["citations"] = []
        case "a verdict of its own":
            kept["exchanges"][0]["verdict"] = "<b>"
        case "no exchanges":
            del kept["exchanges"]
    return json.dumps(kept)


@pytest.mark.parametrize(
    "change", ["no such source", "a quotation of nothing", "a verdict of its own", "no exchanges"]
)
def test_what_cannot_be_is_refused(change: str) -> None:
    assert conversation_history.from_json(broken("nothing"), "") is not None
    assert conversation_history.from_json(broken(change), "") is None


@pytest.mark.parametrize("made_up", ["", "null", "[]", "{", None, 7, "\ud800"])
def test_what_is_no_conversation_is_refused(made_up: object) -> None:
    assert conversation_history.from_json(made_up, "") is None


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        ("2025-01-02", "", (date(2025, 1, 2), None)),
        ("2025-13-02", "yesterday", (None, None)),
        (None, "9999-12-31", (None, date(9999, 12, 31))),
        ("<b>", 7.5, (None, None)),
    ],
)
def test_filters_are_what_makes_sense_of_an_address(since: object, until: object, days: object) -> None:
    restriction = filters.parse_filters(["a", "", "b", "a"], since, until)
    assert restriction.documents == ("a", "b")
    assert (restriction.published_from, restriction.published_to) == days
