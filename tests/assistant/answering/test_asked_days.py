"""Questions about days: what speaks of them comes first, what plainly speaks of others is no answer, and a date alone decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.asked_days import asked_days, dated_first, days_by_event, in_days, place_of
from assistant.answering.evidence import Sentence
from assistant.answering.judging import JudgedSentences
from assistant.answering.recency import newest_first
from assistant.core import Assistant
from assistant.language.lexicon import shipped
from assistant.retrieval.query import understand
from assistant.time_expressions.spans import DaySpan
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.store.index import Index
from tests.support.documents import add_texts
from tests.support.hits import hit_of

TODAY = date(2026, 11, 20)
YEAR_2019 = DaySpan(first=date(2019, 1, 1), last=date(2019, 12, 31))


def sentence(text: str, published: date | None, probability: float = 0.8, beside: str = "") -> Sentence:
    found = hit_of(text)
    found = replace(found, document=replace(found.document, published=published))
    return Sentence(
        text=text, start=0, end=len(text), hit=found, before=beside, after="", probability=probability
    )


def judged(*sentences: Sentence) -> JudgedSentences:
    return JudgedSentences(ranked=sentences, answered=0.9)


def first_of(question: str, *sentences: Sentence) -> Sequence[Sentence]:
    asked = asked_days(question, "de", TODAY)
    assert asked
    return in_days(judged(*sentences), asked).ranked


SPEAKS_OF_2019 = sentence("2019 kamen 3.000 Besucher.", date(2021, 3, 1), 0.5)
OF_2021 = sentence("2021 kamen 4.000 Besucher.", date(2021, 3, 1), 0.8)
LAST_WEEK = sentence("Der Hafen wird gesperrt, sagte Adeyemi.", date(2026, 11, 12), 0.5)
LONG_AGO = sentence("Der Hafen bleibt offen, sagte Adeyemi.", date(2022, 2, 3), 0.8)


def test_the_days_of_a_sentence_count_not_those_of_its_document() -> None:
    assert first_of("Wie viele Besucher kamen 2019?", OF_2021, SPEAKS_OF_2019)[0] is SPEAKS_OF_2019
    assert place_of(SPEAKS_OF_2019, YEAR_2019) == "inside"
    assert place_of(OF_2021, YEAR_2019) == "outside"


def test_a_sentence_without_days_has_those_of_its_document_or_of_what_stands_beside_it() -> None:
    assert first_of("Was sagte Adeyemi letzte Woche?", LONG_AGO, LAST_WEEK) == [LAST_WEEK]
    beside = sentence("Es kamen 3.000 Besucher.", date(2021, 3, 1), beside="2019 öffnete das Museum.")
    assert place_of(beside, YEAR_2019) == "near"
    assert place_of(sentence("Es kamen 3.000 Besucher.", None), YEAR_2019) == "near"


def test_of_last_week_nothing_answers_where_all_is_older() -> None:
    asked = asked_days("Was sagte Adeyemi letzte Woche?", "de", TODAY)
    assert asked
    assert not in_days(judged(LONG_AGO), asked).answers


def test_a_named_year_leaves_what_was_found() -> None:
    assert list(first_of("Was geschah 1999 mit dem Hafen?", OF_2021)) == [OF_2021]


@pytest.mark.parametrize(("question", "first"), [("Was sagte Adeyemi vor den Gesprächen?", 0), ("Was sagte Adeyemi nach den Gesprächen?", 1)])  # fmt: skip
def test_days_are_told_by_an_event_whose_day_is_known(question: str, first: int) -> None:
    talks = sentence("Die Gespräche fanden am 3. Mai 2026 statt.", date(2026, 5, 5), 0.3)
    before = sentence("Am 1. Mai 2026 sagte Adeyemi ab.", date(2026, 5, 2), 0.6)
    after = sentence("Adeyemi sagte am 4. Mai 2026 zu.", date(2026, 5, 5), 0.6)
    query = understand(question, ["de"], shipped(), "de")
    ranked = [after, before, talks] if first == 0 else [before, after, talks]
    asked = days_by_event(query, ranked)
    assert asked
    assert in_days(judged(*ranked), asked).ranked[0] is (before, after)[first]
    assert days_by_event(query, [before, after]) is None


def test_places_are_no_events() -> None:
    query = understand("Was sagte Adeyemi vor dem Parlament?", ["de"], shipped(), "de")
    assert days_by_event(query, [sentence("Das Parlament tagte am 3. Mai 2026.", None)]) is None


@given(st.permutations([SPEAKS_OF_2019, OF_2021, LAST_WEEK, LONG_AGO]))
def test_nothing_is_added_or_said_twice(ranked: list[Sentence]) -> None:
    for question in (
        "Wie viele Besucher kamen 2019?",
        "Was sagte Adeyemi seit dem Sommer?",
        "Was wurde gestern gesagt?",
    ):
        asked = asked_days(question, "de", TODAY)
        assert asked
        left = in_days(judged(*ranked), asked).ranked
        assert all(one in ranked for one in left)
        assert len({id(one) for one in left}) == len(left)


@pytest.mark.parametrize(("question", "language"), [("When was the bridge closed?", "en"), ("Wann wurde die Brücke gesperrt?", "de")])  # fmt: skip
def test_asked_when_what_tells_a_day_comes_first(question: str, language: str) -> None:
    query = understand(question, ["de"], shipped(), language)
    vague = sentence("Die Brücke wurde gesperrt.", date(2026, 5, 5), 0.8)
    exact = sentence("Gestern wurde die Brücke gesperrt.", date(2026, 5, 5), 0.6)
    weak = sentence("Am Montag fuhr ein Bus.", date(2026, 5, 5), 0.1)
    assert dated_first(query, [vague, exact, weak]) == [exact, vague, weak]
    assert dated_first(query, [vague, weak]) == [vague, weak]
    other = understand("Why was the bridge closed?", ["de"], shipped(), "en")
    assert dated_first(other, [vague, exact]) == [vague, exact]


def test_the_latest_is_what_is_said_of_the_newest_day() -> None:
    looks_back = sentence("2019 waren es 300 Euro.", date(2026, 5, 5), 0.9)
    newer = sentence("Gestern waren es 400 Euro.", date(2026, 4, 2), 0.7)
    assert newest_first("Wie hoch ist der Preis zuletzt?", [looks_back, newer]) == [newer, looks_back]


def test_what_was_published_then_is_found_among_much_that_was_not(
    tmp_path: Path, embedder: SentenceTransformerEmbedder
) -> None:
    old = {
        f"old-{n}.md": f"---\ntitle: Adeyemi zum Hafen {n}\ndate: 2022-02-{n + 1:02}\n---\n\nDer Hafen von Reinau bleibt offen, sagte Adeyemi "
        f"über den Hafen. Es gab {n + 40} Zuhörer im Saal.\n"
        for n in range(14)
    }
    new = {
        "new.md": "---\ntitle: Neues aus Reinau\ndate: 2026-11-12\n---\n\nZum Hafen sagte Adeyemi, dass er bald gesperrt wird.\n"
    }
    assistant = Assistant(Index.open(tmp_path / "data", embedder), embedder, today=lambda: TODAY)
    add_texts(assistant, tmp_path, old | new)
    answer = assistant.ask("Was sagte Adeyemi letzte Woche über den Hafen?")
    assert {citation.document.source for citation in answer.citations} == {"new.md"}
    assert assistant.ask("Was sagte Adeyemi vor zwei Monaten über den Hafen?").refused
    assistant.close()


@pytest.mark.parametrize("question", ["Was sagte sie 2019 und 2021?", "Wer ist Frau Mai?", "How long is the bridge?"])  # fmt: skip
def test_other_questions_ask_for_no_days(question: str) -> None:
    assert asked_days(question, "de", TODAY) is None
