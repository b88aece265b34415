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
from ingest.store.records import NO_SENTENCES, Prepared, other_languages, versioned
from ingest.store.serialisation import passage_data, passage_of, record_data, record_of
from ingest.types import Document, Passage

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


MIXED = (
    "Der Gemeinderat von Sandhagen hat am Dienstag über den Umbau des alten Hafens beraten. Die Arbeiten sollen im Frühjahr "
    "beginnen und zwei Jahre dauern, sagte die Bürgermeisterin.\n\n"
    "The shipping company Norvane regrets the delay of the harbour works. Our engineers have found cracks in the quay wall and "
    "will replace eleven of its steel piles before the winter."
)
ASKED = "Which cracks have the engineers found?"


def test_a_passage_in_another_language_is_compared_as_one_in_it(assistant: Assistant) -> None:
    assistant.index.put([article("Hafen", MIXED, "de", assistant.embedder)])
    assert assistant.index.catalogue.languages == {"de": 1}
    assert assistant.index.catalogue.text_languages == ("de", "en")
    (record,) = assistant.index.records()
    assert [record.language_at(MIXED.index(word)) for word in ("Gemeinderat", "Norvane", "winter")] == [
        "de",
        "en",
        "en",
    ]
    found = assistant.retrieve(ASKED)
    assert found.hits[0].language == "en"
    assert found.probes.keys() == {"de", "en"}
    words = {word.text: word.equivalents for word in assistant.retrieve("Welche Risse fand man?").query.words}
    assert "cracks" in words["Risse"]["en"] or "crack" in words["Risse"]["en"]


def test_what_an_earlier_release_stored_is_in_its_documents_language(
    assistant: Assistant, tmp_path: Path
) -> None:
    mixed = article("Hafen", MIXED, "de", assistant.embedder)
    passages = [replace(passage, language="") for passage in mixed.passages]
    assistant.index.put([replace(mixed, passages=passages)])
    assert assistant.index.catalogue.text_languages == ("de",)
    assert {hit.language for hit in assistant.search(ASKED)} == {"de"}
    assert "cracks in the quay wall" in assistant.ask(ASKED).text


def test_neither_passages_nor_records_need_the_fields_that_earlier_releases_did_not_write(
    assistant: Assistant,
) -> None:
    stored = versioned(article("Hafen", MIXED, "de", assistant.embedder))
    data = record_data(stored.record)
    assert record_of(stored.record.id, data) == stored.record
    assert data.pop("other_languages") != "[]"
    assert record_of(stored.record.id, data) == replace(stored.record, other_languages=())
    for passage in stored.passages:
        fields = passage_data(passage, "v", NO_SENTENCES)
        assert passage_of(passage.id, passage.text, fields) == passage
        assert passage.quotations is not None
        del fields["language"], fields["quotations"]
        assert passage_of(passage.id, passage.text, fields) == replace(passage, language="", quotations=None)


def test_neighbouring_passages_in_one_language_are_one_stretch_of_the_record() -> None:
    texts = [("a.", ""), ("b.", "en"), ("c.", "en"), ("d.", "fr"), ("e.", ""), ("f.", "en")]
    passages = [
        Passage(
            id="",
            document_id="d",
            text=text,
            start=2 * at,
            end=2 * at + 2,
            page=None,
            heading="",
            language=code,
        )
        for at, (text, code) in enumerate(texts)
    ]
    stretches = other_languages(passages)
    assert [(one.language, one.first, one.after, one.start, one.end) for one in stretches] == [
        ("en", 1, 3, 2, 6),
        ("fr", 3, 4, 6, 8),
        ("en", 5, 6, 10, 12),
    ]
