"""Who somebody is, told by what stands beside the name in a sentence about something else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.core import Assistant
from assistant.reading.reader import shipped_reader
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.store.index import Index
from tests.support.documents import add_texts

HARBOUR = """The harbour wall of Tarnsay

"We filled two of eleven posts," said managing director Moira Keld. The wall needs nine more metres, the surveyor Tom Ash told the council.
The minister for ports, Ada Lorne, promised money. Ines Roy, who has run the pilots for twenty years, doubts it. Moira Keld left before the vote.
The storm met Tom Ash on the pier.
"""
DYKE = """Der Deich von Moorbach

Der Deich wird erst 2028 fertig. Das teilte Baureferentin Dr. Hanne Krull am Dienstag mit. Stadtrat Uwe Zöllner warf ihr Untätigkeit vor.
Kritik kam auch von dem Biologen Jens Ott. Lena Mai (CDU) fehlte. Hanne Krull hörte zu.
"""


@pytest.fixture(scope="module", params=["with the reader", "without"])
def assistant(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    embedder: SentenceTransformerEmbedder,
) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("introductions")
    reader = shipped_reader() if request.param == "with the reader" else None
    assistant = Assistant(Index.open(folder / "data", embedder), embedder, reader=reader)
    add_texts(assistant, folder, {"harbour.md": HARBOUR, "deich.md": DYKE})
    yield assistant
    assistant.close()


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("Who is Moira Keld?", "said managing director Moira Keld"),
        ("who is moira keld", "said managing director Moira Keld"),
        ("Wer ist Tom Ash?", "the surveyor Tom Ash"),
        ("Who's Ada Lorne?", "The minister for ports, Ada Lorne,"),
        ("Who is Ines Roy?", "Ines Roy, who has run the pilots"),
        ("Wer ist Dr. Hanne Krull?", "Baureferentin Dr. Hanne Krull"),
        ("Wer ist Krull?", "Baureferentin Dr. Hanne Krull"),
        ("Wer war Stadtrat Zöllner?", "Stadtrat Uwe Zöllner"),
        ("Who is Jens Ott?", "dem Biologen Jens Ott"),
        ("Und wer ist Lena Mai?", "Lena Mai (CDU)"),
    ],
)
def test_who_somebody_is_is_quoted_first(assistant: Assistant, question: str, quote: str) -> None:
    answer = assistant.ask(question)
    assert not answer.refused
    assert quote in answer.citations[0].quote


@pytest.mark.parametrize("question", ["Who is Moira Lorne?", "Wer ist Peter Zweig?", "Who is Ada Ash?"])
def test_nobody_is_introduced_under_anothers_name(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question).refused
