"""What kind of answer a question asks for, and where a sentence has it."""

from __future__ import annotations

import pytest

from assistant.retrieval.question_type import kind_of, occurrences


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Wie lang ist die Strecke?", "length"),
        ("How long is the tunnel?", "length"),
        ("Wie lange dauerte die Sperre?", "duration"),
        ("How long did the closure last?", "duration"),
        ("Wie viele Tage war sie gesperrt?", "duration"),
        ("How many people came?", "number"),
        ("Wann kam er?", "date"),
        ("Why did she leave?", "any"),
    ],
)
def test_question_words_tell_the_kind(question: str, kind: str) -> None:
    assert kind_of(question) == kind


@pytest.mark.parametrize(
    "sentence", ["Sie ist 8,4 Kilometer lang.", "It is 41 feet long.", "Sie misst 300 m."]
)
def test_how_long_something_is_may_be_a_distance(sentence: str) -> None:
    assert occurrences("length", sentence)
    assert not occurrences("duration", sentence)


@pytest.mark.parametrize("sentence", ["The trial lasts two years.", "Nach 14 Monaten war Schluss."])
def test_or_a_time(sentence: str) -> None:
    assert occurrences("length", sentence)
    assert occurrences("duration", sentence)


def test_a_number_alone_is_neither() -> None:
    assert not occurrences("length", "Es gibt 38 Notausgänge.")
