"""Misspelt questions, through the Python door and the API's schema."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.api.schemas.answers import AnswerSchema
from assistant.core import Assistant
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
