"""Irregular forms, nouns made of verbs, and German verbs in two parts are told to be one word."""

from __future__ import annotations

from itertools import permutations

import pytest

from assistant.language.lexicon import shipped
from assistant.language.matching import match_score, vocabulary
from assistant.language.word_families import family, rejoined
from assistant.retrieval.query import understand


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("en", ("buy", "bought")),
        ("en", ("steal", "stole", "stolen", "theft")),
        ("en", ("decide", "decision")),
        ("de", ("finden", "fand", "gefunden")),
        ("de", ("wählen", "Wahl")),
        ("de", ("mitnehmen", "mitnahm", "mitgenommen")),
        ("de", ("beschließen", "beschloss", "Beschluss")),
    ],
)
def test_each_form_knows_the_others(language: str, forms: tuple[str, ...]) -> None:
    for one, other in permutations(forms, 2):
        assert other.lower() in (lower for lower in family(one, language)), (one, other)


def test_a_participle_of_two_verbs_is_of_both() -> None:
    word = understand("Wem gehört die Mühle?", ["de", "en"], shipped()).words[0]
    assert {"hören", "gehören"} <= set(word.forms)
    assert {"belong", "hear"} <= set(word.equivalents["en"])


def test_a_word_that_is_in_no_table_has_no_family() -> None:
    assert family("Leuchtturm", "de") == ()
    assert family("buy", "xx") == ()


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("Fenske rief den Notarzt an.", "anrufen"),
        ("Eberle nahm den Hut des Pfarrers mit; dann ging er.", "mitnehmen"),
        ("Am Abend las sie, wie stets, aus dem Buch vor.", ""),
        ("Sie gab den Vorsitz auf.", "aufgeben"),
    ],
)
def test_the_parts_of_a_german_verb_are_put_together_within_a_clause(text: str, verb: str) -> None:
    assert (verb in rejoined(text)) if verb else not rejoined(text)


@pytest.mark.parametrize(
    ("question", "text", "language"),
    [
        ("What did Finch buy?", "Finch bought a mill.", "en"),
        ("Was hat Reeder gefunden?", "Reeder fand einen Zahn.", "de"),
        ("Wen hat Fenske angerufen?", "Fenske rief den Notarzt an.", "de"),
        ("Wen rief Fenske an?", "Fenske hat den Notarzt angerufen.", "de"),
        ("Wann wurde gewählt?", "Die Wahl war im Mai.", "de"),
    ],
)
def test_a_text_has_the_words_of_a_question_in_another_form(question: str, text: str, language: str) -> None:
    words = understand(question, [language], shipped()).words
    assert words
    assert all(match_score(word, vocabulary(text, language)) == 1.0 for word in words), words
