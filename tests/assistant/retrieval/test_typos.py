"""Misspelt questions, through the Python door and the API's schema."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.api.schemas.answers import AnswerSchema
from assistant.core import Assistant
from assistant.language.lexicon import shipped
from assistant.language.words import Word
from assistant.retrieval.typos import Spelling, SpellingChecker
from assistant.types import Turn
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.store.index import Index
from tests.support.documents import add_texts

GERMAN = """# Notizen aus dem Tal

Das Hochwasser im Juni beschädigte drei Brücken. Ingenieur Karl Olbricht leitete die Arbeiten am Damm.
Petra Lindqvist zahlte 300 Euro. Der Zoo Kalkrode zählte 412.000 Besucher. Herr Meier verkaufte den Hof.
"""
ENGLISH = "# The harbour\n\nThe council closed the harbour in March. Captain Moira Fenwick complained about the closure.\n"


@pytest.fixture(scope="module")
def assistant(
    tmp_path_factory: pytest.TempPathFactory, embedder: SentenceTransformerEmbedder
) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("typos")
    assistant = Assistant(Index.open(folder / "data", embedder), embedder)
    add_texts(assistant, folder, {"tal.md": GERMAN, "harbour.md": ENGLISH})
    yield assistant
    assistant.close()


@pytest.mark.parametrize(
    ("question", "read", "quote"),
    [
        ("Was beschädigte das Hochwaser im Juni?", "Hochwasser", "drei Brücken"),
        ("was leitete olbrigt?", "Olbricht", "leitete die Arbeiten"),
        ("Was beschädigte drei Brüken?", "Brücken", "Hochwasser"),
        ("Wie viele Besuhcer zählte der Zoo Kalkrode?", "Besucher", "412.000"),
        ("When did the council close the harbuor?", "harbour", "March"),
        ("What did Captain Fenwcik complain about?", "Fenwick", "the closure"),
    ],
)
def test_a_misspelt_word_is_read_as_the_one_meant_and_the_answer_says_so(
    assistant: Assistant, question: str, read: str, quote: str
) -> None:
    answer = assistant.ask(question)
    assert [correction.read for correction in answer.corrected] == [read]
    assert read in answer.notice
    assert answer.question == question
    assert any(quote in citation.quote for citation in answer.citations)
    (corrected,) = AnswerSchema.of(answer).corrected
    assert corrected.read == read


@pytest.mark.parametrize(
    "question",
    [
        "Was beschädigte das Hochwasser im Juni?",
        "Was wurde aus der Brücke?",  # another form of a word that is there
        "Wie viele Besucher zählte der Zoo Hannover?",
        "What did the Reigate council close?",
        "When did the councils close the harbours?",
        "Wer verkaufte den Hof an der Uferpromenade?",  # nowhere, and nothing is near
    ],
)
def test_nothing_else_is_corrected(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.corrected == ()
    assert answer.notice == ""


@pytest.mark.parametrize(
    ("question", "offered"),
    [("Was verkaufte Herr Maier?", "Meier"), ("Wie viele Besucher zählte der Zoo Falkrode?", "")],
)
def test_a_name_that_may_be_right_is_not_taken_for_another(
    assistant: Assistant, question: str, offered: str
) -> None:
    answer = assistant.ask(question)
    assert answer.corrected == ()
    assert [correction.read for correction in answer.suggested] == ([offered] if offered else [])
    assert offered in answer.notice or answer.refused


def test_a_follow_up_goes_on_with_the_earlier_question_as_it_was_read(assistant: Assistant) -> None:
    misspelt = "Was beschädigte das Hochwaser im Juni?"
    told = Turn(question=misspelt, answer=assistant.ask(misspelt).text)
    wording = assistant.retrieve("Und wann?", [told]).queries[0].text
    assert "Hochwasser" in wording
    assert "Hochwaser" not in wording


STEM = st.text("abeinrst", min_size=4, max_size=8)
ENDING = st.sampled_from(
    ["", "s", "e", "n", "en", "es", "er", "em", "ern", "t", "te", "d", "ed", "ing", "a", "i"]
)


@settings(max_examples=25)
@given(stem=STEM, ending=ENDING, others=st.lists(STEM, max_size=12), longer=st.booleans())
def test_a_name_that_the_collection_has_but_for_its_ending_stays_as_it_is(
    *, stem: str, ending: str, others: list[str], longer: bool
) -> None:
    """Whatever else the collection has that is nearly the same."""
    name, there = (stem + ending, stem) if longer else (stem, stem + ending)
    vocabulary = {there, *others, *(f"{name[:2]}{other[:1]}{name[3:]}" for other in others)}
    spellings = dict.fromkeys(vocabulary, 1)
    checker = SpellingChecker(
        spellings=lambda start: {word: n for word, n in spellings.items() if word.startswith(start)},
        as_written=str.capitalize,
        lexicon=shipped(),
        languages=["de", "en"],
    )
    word = Word(text=name.capitalize(), forms=(name,), equivalents={}, name=True)
    question = f"Wer ist {word.text}?"
    assert checker.read(question, [word]) == Spelling(question=question)
