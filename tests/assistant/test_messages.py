"""What the assistant itself says: every phrase in every language, with the same places to fill."""

from __future__ import annotations

import json

import pytest

from assistant import messages
from assistant.language.lexicon import shipped
from assistant.retrieval.query import language_of

EVERY = [
    *(value for name, value in vars(messages).items() if name[0] != "_" and isinstance(value, dict) and "en" in value),
    *messages.FAILURES.values(),
]  # fmt: skip


def shape(phrases: dict[str, object]) -> dict[str, object]:
    """The keys, and how many places to fill each phrase has."""
    return {
        key: shape(value) if isinstance(value, dict) else str(value).count("{}")
        for key, value in phrases.items()
    }


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_language_has_every_phrase_with_the_same_places(language: str) -> None:
    own, english = (
        json.loads((messages.FOLDER / f"{code}.json").read_text("utf-8")) for code in (language, "en")
    )
    assert shape(own) == shape(english)
    assert all(phrases[language].strip() for phrases in EVERY)


def test_there_are_at_least_sixteen_languages_and_each_says_it_in_its_own_words() -> None:
    assert len(messages.LANGUAGES) >= 16
    assert len(set(messages.REFUSAL.values())) == len(messages.LANGUAGES)


@pytest.mark.parametrize(
    ("question", "refusal"),
    [
        ("hi", "The documents do not answer this."),
        ("Chi non ha firmato?", "I documenti non rispondono a questa domanda."),
        ("Яка довжина моста?", "Документи не відповідають на це запитання."),
        ("Hoeveel kostte de sluis?", "De documenten beantwoorden deze vraag niet."),
        ("Ile kosztował most?", "Dokumenty nie odpowiadają na to pytanie."),
        ("Какова площадь библиотеки?", "Документы не отвечают на этот вопрос."),
    ],
)
def test_a_short_question_is_refused_in_its_language(question: str, refusal: str) -> None:
    assert messages.say(messages.REFUSAL, language_of(question, ["de", "en"], shipped())) == refusal
