"""What is found does not depend on when, or by which release, a passage was stored."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.core import Assistant
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.pipeline import prepare
from ingest.store.index import Index
from ingest.store.records import Prepared
from ingest.types import Document

DAM = (
    "The dam in the valley held through nine days of rain, said engineer Maria Lopez. The water stood at the edge of the wall. "
    "Nobody in the villages below was hurt."
)
REPORT = (
    "A dam elsewhere was inspected last year. Engineers wrote a long report. It rained for some days in the valley, and villages "
    "below were warned."
)


@pytest.fixture
def assistant(tmp_path: Path, embedder: SentenceTransformerEmbedder) -> Iterator[Assistant]:
    assistant = Assistant(Index.open(tmp_path, embedder), embedder)
    yield assistant
    assistant.close()


def article(title: str, text: str, language: str, embedder: SentenceTransformerEmbedder) -> Prepared:
    sha256 = hashlib.sha256(f"{title} {text}".encode()).hexdigest()
    document = Document(
        id=sha256[:16],
        source=title,
        title=title,
        text=text,
        published=None,
        authors=(),
        language=language,
        media_type="text/plain",
        sha256=sha256,
    )
    return prepare(document, embedder)


def test_passages_of_earlier_releases_do_not_fall_behind_those_with_vectors_of_sentences(
    assistant: Assistant,
) -> None:
    dam, report = (article("News", text, "en", assistant.embedder) for text in (DAM, REPORT))
    assistant.index.put([replace(dam, sentences=()), report])
    best, *_ = assistant.search("Did the dam in the valley hold during the rain?")
    assert best.passage.text == DAM


def test_once_all_documents_are_replaced_by_some_in_another_language_these_are_found_by_meaning(
    assistant: Assistant,
) -> None:
    german = [
        article(f"Rat {n}", f"Der Rat von Ort {n} hat beraten.", "de", assistant.embedder) for n in range(9)
    ]
    english = [
        article(f"Report {n}", f"The ferry company published timetable {n}.", "en", assistant.embedder)
        for n in range(9)
    ]
    assistant.index.put(german)
    assert assistant.search("Worüber hat der Rat beraten?")
    assistant.index.remove([record.id for record in assistant.index.records()])
    assistant.index.put(english)
    hits = assistant.search("Which ship firm announced schedules?")
    assert [hit for hit in hits if hit.dense_rank is not None]
