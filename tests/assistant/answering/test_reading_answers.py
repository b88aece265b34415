"""Answers by quoting as they are out of the box: with the reader."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.core import Assistant
from assistant.reading.reader import shipped_reader
from assistant.service.suggestions import can_answer
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.store.index import Index
from tests.support.documents import add_texts
from tests.support.multilingual import needs_multilingual

pytestmark = needs_multilingual

COUNCIL = """# Stadtrat von Oberilm beschließt Haushalt

Der Stadtrat von Oberilm hat am Dienstag nach fünf Stunden Debatte den Haushalt für das kommende Jahr beschlossen.
Für den Neubau der Feuerwache sind 3,2 Millionen Euro vorgesehen. Kämmerer Jens Thalbach warnte, die Rücklagen seien im Herbst aufgebraucht.
Seine Vorgängerin Ruth Amsel hatte die Gewerbesteuer noch gesenkt. Die Opposition stimmte geschlossen dagegen.
"""
INTERVIEW = """# „Wir fangen von vorn an“

**Frau Bekele, was hat sich nach dem Brand in der Werkstatt geändert?**

Bekele: Wir arbeiten jetzt in einer Turnhalle, die uns die Schule geliehen hat.

**Wann wollen Sie zurück?**

Bekele: Im Frühjahr, wenn das Dach gedeckt ist.
"""
MUSEUM = """# The clock museum of Harrowgate Bay

The clock museum of Harrowgate Bay was founded in 1931 by the watchmaker Silas Orme. It shows more than four hundred clocks.
The museum is open on three days: Tuesday, Thursday and Saturday. In 2019 the roof was damaged by a storm, and repairs took eleven months.
"""


@pytest.fixture(scope="module")
def assistant(
    tmp_path_factory: pytest.TempPathFactory, embedder: SentenceTransformerEmbedder
) -> Iterator[Assistant]:
    folder: Path = tmp_path_factory.mktemp("read")
    assistant = Assistant(Index.open(folder / "data", embedder), embedder, reader=shipped_reader())
    add_texts(assistant, folder, {"council.md": COUNCIL, "interview.md": INTERVIEW, "museum.md": MUSEUM})
    yield assistant
    assistant.close()


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("How much money is set aside for the new fire station?", "3,2 Millionen Euro"),
        ("Wovor warnte Jens Thalbach?", "Rücklagen"),
        ("What did Jens Thalbach say about the reserves?", "Rücklagen"),
        ("Where do Bekele's people work since the fire?", "Turnhalle"),
        ("Wer gründete das Uhrenmuseum?", "Silas Orme"),
        ("¿Cuánto duraron las reparaciones del techo del museo de relojes?", "eleven months"),
        ("Как долго ремонтировали крышу музея часов?", "eleven months"),
    ],
)
def test_the_answering_sentence_is_quoted_first(assistant: Assistant, question: str, quote: str) -> None:
    answer = assistant.ask(question)
    assert not answer.refused
    assert quote in answer.citations[0].quote
    for citation in answer.citations:
        assert (
            assistant.index.texts.by_id(citation.document.id)[citation.start : citation.end] == citation.quote
        )


@pytest.mark.parametrize(
    "question",
    [
        "What does a ticket for the clock museum cost?",
        "Wie heißt die Bürgermeisterin von Oberilm?",
        "When did the fire in the workshop break out?",
        "Wer hat die Tour de France gewonnen?",
    ],
)
def test_what_the_documents_do_not_say_is_refused(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question).refused
    assert not can_answer(assistant, question)


def test_an_interviewers_question_is_no_answer(assistant: Assistant) -> None:
    answer = assistant.ask("Wann will Bekele in die Werkstatt zurück?")
    assert not answer.refused
    assert not any(citation.quote.endswith(("?", "?**")) for citation in answer.citations)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Was sagte Ruth Amsel zum Bau der Feuerwache?", "Ruth Amsel wird dazu nicht zitiert."),
        ("What did Ruth Amsel say about the new fire station?", "Ruth Amsel is not quoted on this."),
        ("Was sagte Jens Thalbach zu den Uhren?", "Jens Thalbach wird dazu nicht zitiert."),
        ("What did Jens Thalbach say about the gymnasium?", "Jens Thalbach is not quoted on this."),
    ],
)
def test_who_says_nothing_about_it_is_said_not_to_be_quoted(
    assistant: Assistant, question: str, said: str
) -> None:
    answer = assistant.ask(question)
    assert answer.refused
    assert said in answer.text


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (
            "What does a ticket for the clock museum cost?",
            "Missing in the nearest passages: “ticket”, “cost”.",
        ),
        ("Wann wurde Jens Thalbach verhaftet?", "fehlt: „verhaftet“"),
    ],
)
def test_a_refusal_says_what_is_missing(assistant: Assistant, question: str, said: str) -> None:
    answer = assistant.ask(question)
    assert answer.refused
    assert said in answer.text


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Wie viele Millionen Euro sind in Hannover für den Neubau der Feuerwache vorgesehen?", "Hannover"),
        ("How many clocks does the museum of Gotthard Bay show?", "Gotthard"),
    ],
)
def test_what_is_asked_about_a_place_that_no_document_names_is_refused(
    assistant: Assistant, question: str, name: str
) -> None:
    answer = assistant.ask(question)
    assert answer.refused
    assert name in answer.text
