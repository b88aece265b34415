"""More documents take no right answer away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import assistant as package
from assistant.core import Assistant
from assistant.reading.reader import shipped_reader
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.store.index import Index
from tests.support.documents import add_texts
from tests.support.multilingual import needs_multilingual

pytestmark = needs_multilingual

SAMPLES = Path(package.__file__).parent / "samples"
QUESTIONS = {
    "Who owns the Ever Given?": "Shoei Kisen",
    "Wie viele Stimmen bekam Olaf Scholz?": "395",
    "How big is the main mirror of the James Webb telescope?": "6.5 metres",
    "Wie viele Menschen wirkten am Wiederaufbau von Notre-Dame mit?": "2000",
}
UPLOADS = {
    "canal.md": "# Canal festival\n\nThe boat owners of Millbrook met at the canal on Sunday. Forty ships of all sizes took part.",
    "wahl.md": "# Wahl im Sportverein\n\nDer Sportverein wählte eine neue Vorsitzende. Sie bekam 61 Stimmen, ihr Gegner 12.",
    "mirror.md": "# A mirror for the tower\n\nThe lamp of the tower has a new main mirror. It weighs nine kilos and came by lorry.",
    "dach.txt": "Der Wiederaufbau der Scheune dauert an. Geleitet wird er von Zimmermeister Knoll, der das Dach neu deckt.",
}


@pytest.fixture(scope="module")
def assistant(
    tmp_path_factory: pytest.TempPathFactory, embedder: SentenceTransformerEmbedder
) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("growing")
    assistant = Assistant(Index.open(folder / "data", embedder), embedder, reader=shipped_reader())
    yield assistant
    assistant.close()


def first_quotes(assistant: Assistant) -> dict[str, str]:
    answers = {question: assistant.ask(question) for question in QUESTIONS}
    return {
        question: answer.citations[0].quote if answer.citations else ""
        for question, answer in answers.items()
    }


def test_answers_stay_as_documents_are_added(assistant: Assistant, tmp_path: Path) -> None:
    samples = {path.name: path.read_text("utf-8") for path in sorted(SAMPLES.glob("*.md"))}
    add_texts(assistant, tmp_path, samples)
    before = first_quotes(assistant)
    for question, words in QUESTIONS.items():
        assert words in before[question], question
    for name, text in UPLOADS.items():
        add_texts(assistant, tmp_path, {name: text})
        assert first_quotes(assistant) == before, name
