"""Each signal tells what its row of the table says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assistant.answering.evidence import Sentence, sentences_of
from assistant.answering.signals import NAMES, SURE, Signals, signals_of, with_reader
from assistant.language.lexicon import shipped
from assistant.retrieval.query import understand, weighed
from assistant.retrieval.question_type import is_question
from tests.support.hits import hit_of

ZOO = (
    "Der Zoo Kalkrode zählte im Jahr 2023 genau 412.000 Besucher. Das sagte Direktorin Anke Wolter am Montag. "
    "Warum kamen so viele? Ein junger Panda lockte Familien aus ganz Hessen an."
)
TRAM = "Die Straßenbahn fährt wieder. Der Fahrpreis beträgt drei Euro."


def candidates() -> list[Sentence]:
    return sentences_of([hit_of(ZOO, "zoo", 7.0), hit_of(TRAM, "tram", 4.0)])


def signals(question: str, margins: dict[str, list[float]] | None = None) -> list[Signals]:
    query = weighed(understand(question, ["de"], shipped()), lambda forms: 1.0)
    read = {name: np.array(own, dtype=np.float32) for name, own in (margins or {}).items()}
    return with_reader(signals_of(query, candidates()), candidates(), read)


def test_reader_is_bounded_and_absent_where_nothing_was_read() -> None:
    own = signals("Wie viele Besucher?", {"zoo": [3.5, -np.inf, 99.0, 0.0]})
    assert [one.reader for one in own] == [3.5, 0.0, SURE, 0.0, 0.0, 0.0]
    assert [one.unread for one in own] == [0, 1, 0, 0, 1, 1]


def test_words_and_covered_are_highest_where_the_words_stand() -> None:
    own = signals("Welcher Panda lockte Familien an?")
    assert max(range(6), key=lambda n: own[n].words) == 3
    assert max(range(6), key=lambda n: own[n].covered) == 3
    assert own[0].covered == 0.0


def test_around_looks_at_the_whole_passage() -> None:
    own = signals("Welcher Panda lockte Familien an?")
    assert own[0].around == own[3].around > own[4].around


@pytest.mark.parametrize(
    ("question", "share"), [("Wer leitet Kalkrode?", 1.0), ("Wer leitet Oberursel?", 0.0)]
)
def test_names_of_the_question_that_the_passage_has(question: str, share: float) -> None:
    assert signals(question)[0].names == share


def test_absent_is_what_no_passage_of_the_document_has() -> None:
    query = weighed(understand("Was sagte Anke Wolter über Oberursel?", ["de"], shipped()), lambda forms: 1.0)
    hours = hit_of("Er öffnet um neun.", "zoo", 6.0)
    parts = [
        hit_of(ZOO, "zoo", 7.0),
        replace(hours, passage=replace(hours.passage, id="zoo-2")),
        hit_of(TRAM, "tram", 4.0),
    ]
    own = signals_of(query, sentences_of(parts))
    named = len([word for word in query.words if word.name])
    assert [round(named * one.absent) for one in own] == [named - 2] * 5 + [named] * 2


def test_passage_is_the_distance_to_the_best_one() -> None:
    assert [one.passage for one in signals("Panda")] == [0.0] * 4 + [-3.0] * 2


def test_kind_is_the_number_asked_for() -> None:
    own = signals("Wie viele Besucher zählte der Zoo?")
    assert own[0].kind > own[3].kind == 0.0


def test_asks_marks_questions() -> None:
    assert [one.asks for one in signals("Panda")] == [0, 0, 1, 0, 0, 0]


@pytest.mark.parametrize(
    ("text", "asks"),
    [("Warum?", True), ("**Wann?**", True), ("(Warum?)", True), ("港口关闭了多久？", True), ("Γιατί;", True), ("Nein.", False),
     ("Er fragte: „Warum?“", True), ("Warum? Darum.", False), ("a; b;", False)],
)  # fmt: skip
def test_questions_in_any_script(text: str, asks: bool) -> None:
    assert is_question(text) == asks


def test_the_table_lists_every_signal() -> None:
    from assistant.answering import signals as module

    assert all(f"| {name} |" in (module.__doc__ or "") for name in NAMES)
    assert signals_of(understand("Panda", ["de"], shipped()), []) == []
