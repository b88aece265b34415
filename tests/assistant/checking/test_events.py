"""What happened, checked against the quotes: by words alone, and with the bundled multilingual model."""

from __future__ import annotations

import pytest

from assistant.answering.word_vectors import WordEmbeddings
from assistant.checking.check import CheckResult, check
from assistant.language.lexicon import shipped
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.settings import MULTILINGUAL_MODEL

MERKEL = "Bundeskanzlerin Angela Merkel hat am Montag in Berlin die Ausstellung eröffnet."


@pytest.fixture(scope="module")
def words() -> WordEmbeddings:
    return WordEmbeddings(SentenceTransformerEmbedder(MULTILINGUAL_MODEL))


def verdict(
    statement: str, quote: str, language: str, words: WordEmbeddings | None = None, around: str = ""
) -> CheckResult:
    return check(statement, [quote], [around], language=language, lexicon=shipped(), word_vectors=words)


@pytest.mark.parametrize(
    ("quote", "statement", "language"),
    [
        ("Die Stadt wählte am Sonntag einen neuen Rat.", "Am Sonntag war die Wahl des Rates.", "de"),
        ("Der Wirt rief sofort den Notarzt an.", "Der Notarzt wurde angerufen.", "de"),
        ("Der Notarzt wurde sofort angerufen.", "Der Wirt rief den Notarzt an.", "de"),
        ("The museum bought two paintings.", "Das Museum kaufte zwei Gemälde.", "de"),
        ("Das Museum hat zwei Bilder gekauft.", "The museum bought two pictures.", "en"),
    ],
)
def test_the_same_word_in_another_form_or_language_is_found_without_a_model(
    quote: str, statement: str, language: str
) -> None:
    around = "Der Wirt der Sonne"
    found = verdict(statement, quote, language, around=around)
    assert (found.supported, found.events) == ("yes", "found")


def test_what_words_do_not_tell_is_not_checked_without_a_model() -> None:
    found = verdict("Angela Merkel beleidigte den Präsidenten.", MERKEL, "de")
    assert (found.supported, found.events) == ("yes", "not checked")


def test_languages_without_a_rule_are_not_checked(words: WordEmbeddings) -> None:
    quote = "La ville a ouvert la nouvelle bibliothèque municipale lundi matin avec le maire."
    assert verdict("La ville a vendu la bibliothèque.", quote, "fr", words).events == "not checked"


@pytest.mark.parametrize(
    ("quote", "statement", "language"),
    [
        (MERKEL, "Angela Merkel trat aus Protest gegen den Präsidenten zurück.", "de"),
        (
            "The pellet mill was founded in the valley by two brothers.",
            "The pellet mill was destroyed by a flood.",
            "en",
        ),
    ],
)
def test_an_event_that_the_quotes_do_not_have_is_not_vouched_for(
    quote: str, statement: str, language: str, words: WordEmbeddings
) -> None:
    found = verdict(statement, quote, language, words)
    assert found.events == "not found"
    assert found.supported != "yes"
    assert found.reason


@pytest.mark.parametrize(
    "sentence", [MERKEL, "The talks ended late, and nobody would say what had been agreed."]
)
@pytest.mark.parametrize("language", ["de", "en"])
def test_a_sentence_has_what_happens_in_it(sentence: str, language: str, words: WordEmbeddings) -> None:
    assert verdict(sentence, sentence, language, words).events == "found"


def test_a_text_is_embedded_once(words: WordEmbeddings) -> None:
    assert words("Ein Satz.") is words("Ein Satz.")
