"""What is shown of a conversation is what its exchanges say now, whatever has been shown of it before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.types import Hit
from assistant.web.answer import made_once
from assistant.web.answer.answer_view import view_answer
from assistant.web.answer.conversations import TRANSLATING, Conversation, Exchange
from assistant.web.chat import components, conversation_history
from assistant.web.kit.html import text
from assistant.web.kit.localisation import words
from tests.support.conversations import QUOTE, TEXT, citation, quoting

LANGUAGES = [words("en"), words("de")]
BASES = ["http://h/", "https://example.org/a/"]
CITED = [citation(), citation(quote="Danach wird verhandelt.", number=2)]
HIT = Hit(passage=CITED[0].passage, document=CITED[0].document, score=1.0, dense_rank=1, lexical_rank=1)
ANSWERS = [
    quoting(CITED[0]),
    quoting(*CITED),
    replace(quoting(CITED[0]), mode="generated", model="m", language="en"),
    replace(quoting(), refused=True, text="No <b>.", nearest=(HIT,)),
]
REPLIES = [view_answer(answer, lambda _: TEXT, 3) for answer in ANSWERS]

ACTS = st.one_of(
    st.tuples(st.just("ask"), st.text(max_size=9)),
    st.tuples(st.just("tell"), st.sampled_from(["", "Am [1]"])),
    st.tuples(st.just("answer"), st.sampled_from(REPLIES)),
    st.tuples(st.just("fail"), st.text(max_size=9)),
    st.tuples(st.just("translate"), st.text(max_size=9)),
    st.tuples(st.just("judge"), st.sampled_from(["up", "down", "none"])),
    st.tuples(st.just("drop"), st.booleans()),
)


def changed(exchanges: tuple[Exchange, ...], act: str, detail: Any) -> tuple[Exchange, ...]:
    """The exchanges after something has happened to them."""
    if act == "ask":
        return (*exchanges, Exchange(question=detail, stage="searching"))
    if not exchanges:
        return exchanges
    *before, last = exchanges
    match act:
        case "tell":
            last = replace(last, told=detail)
        case "answer":
            last = replace(last, reply=detail, sources=detail.sources)
        case "fail":
            last = replace(last, reply=None, problem=detail)
        case "translate" if last.reply:
            told = tuple(replace(source, translation=detail) for source in last.sources)
            stage = TRANSLATING if detail else ""
            last = replace(last, stage=stage, reply=replace(last.reply, sources=told), sources=told)
        case "judge":
            before, last = [replace(one, verdict=detail) for one in before], replace(last, note=str(detail))
        case "drop":
            return exchanges[:-1] if detail else exchanges[1:]
    return (*before, last)


def shown(exchanges: Sequence[Exchange], base: str, words: Any) -> tuple[Any, ...]:
    conversation = Conversation(exchanges=tuple(exchanges), id="c")
    return (
        components.messages(exchanges, base, words),
        components.source_cards(exchanges, base, words),
        conversation_history.to_json(conversation, base, words),
    )


@settings(max_examples=50)
@given(st.lists(st.tuples(ACTS, st.sampled_from(LANGUAGES), st.sampled_from(BASES)), min_size=1, max_size=8))
def test_what_has_been_shown_before_changes_nothing_of_what_is_shown(steps: list[Any]) -> None:
    exchanges: tuple[Exchange, ...] = ()
    for (act, detail), language, base in steps:
        exchanges = changed(exchanges, act, detail)
        fresh = [replace(one) for one in exchanges]  # equal, and never shown
        assert shown(exchanges, base, language) == shown(fresh, base, language)
        assert shown(exchanges, base, language) == shown(fresh, base, language)


def test_the_day_of_access_is_that_of_the_day_where_the_answer_tells_none(monkeypatch: Any) -> None:
    """Conversations of earlier releases do not say when the documents were read."""
    old = Exchange(question="?", reply=replace(REPLIES[0], answered=None), sources=REPLIES[0].sources)
    today = [date(2026, 1, 2)]

    class Calendar(date):
        @classmethod
        def today(cls) -> Any:
            return today[0]

    monkeypatch.setattr("assistant.web.answer.export.date", Calendar)
    monkeypatch.setattr(made_once, "date", Calendar)
    first = components.messages([old], "", LANGUAGES[0])[1]["content"]
    today[0] = date(2026, 1, 3)
    assert "2 Jan 2026" in first
    assert "3 Jan 2026" in components.messages([old], "", LANGUAGES[0])[1]["content"]


def test_more_exchanges_than_are_kept_are_shown_as_they_are() -> None:
    many = [
        Exchange(question=f"Q{number}", reply=REPLIES[0], sources=REPLIES[0].sources)
        for number in range(made_once.MOST_KEPT + 5)
    ]
    for _ in range(2):
        cards = components.source_cards(many, "", LANGUAGES[0])
        assert cards.count(text(QUOTE)) >= len(many)
        assert [f"s-{turn}-1" in cards for turn in range(1, len(many) + 1)] == [True] * len(many)
