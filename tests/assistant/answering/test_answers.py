"""Answers by quoting, through the Python door, on articles of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant.answering.citations import markers
from assistant.answering.evidence import rank
from assistant.answering.extractive import needs_the_one_before
from assistant.asked_text import LONGEST_QUESTION
from assistant.core import Assistant
from assistant.errors import BadQuestion
from assistant.langchain import AssistantRetriever
from assistant.retrieval.search import sentence_vectors
from assistant.types import Answer, Filters, Turn
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.loaders import load
from ingest.pipeline import ingest
from ingest.store.index import Index
from ingest.types import Item, Record
from tests.support.documents import add_texts

BRIDGE = """---
title: Brücke über die Weser bleibt gesperrt
date: 2024-03-07
---
Die Brücke über die Weser bei Hameln bleibt mindestens bis zum Herbst gesperrt, sagte Bürgermeisterin Petra Lindqvist am Donnerstag.
Gutachter hatten im Februar Risse in drei Pfeilern entdeckt. Die Sanierung kostet nach ersten Schätzungen 14 Millionen Euro.
„Wir lassen die Händler in der Altstadt nicht allein“, versprach Lindqvist. Über eine Entschädigung sei allerdings noch nicht entschieden, fügte sie hinzu.
Die Fähre soll von April an alle zwanzig Minuten fahren. Der ADAC warnte vor langen Staus auf der Umleitung.
"""
FERRY = """---
title: Island ferry returns after nine weeks
date: 2023-11-20
---
The ferry to the island of Tarnsay sailed again on Monday after nine weeks of repairs.
Captain Moira Fenwick said the new engine uses a third less fuel [1]. She added that winter storms could still stop it.
The council paid for a helicopter while the ship was in the yard.
"""
BREAD = "Das Rezept ist einfach. Man mischt Mehl, Wasser und Salz und lässt den Teig zwölf Stunden ruhen. Dann wird er gebacken."


@pytest.fixture(scope="module")
def assistant(
    tmp_path_factory: pytest.TempPathFactory, embedder: SentenceTransformerEmbedder
) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("answers")
    assistant = Assistant(Index.open(folder / "data", embedder), embedder)
    add_texts(assistant, folder, {"bridge.md": BRIDGE, "ferry.md": FERRY, "bread.txt": BREAD})
    yield assistant
    assistant.close()


@pytest.fixture
def moored(assistant: Assistant, tmp_path: Path) -> Item:
    """A document that goes away in the midst of its test."""
    path = tmp_path / "barge.md"
    path.write_text("# The barge of Yarrowquay\n\nThe barge of Yarrowquay was painted violet in May.\n")
    item = Item(source="barge.md", name="barge.md", path=path)
    ingest([item], assistant.index, assistant.embedder, lambda path, name, _: load(path.read_bytes(), name))
    return item


def hold(answer: Answer, assistant: Assistant) -> None:
    """The invariants of every answer."""
    assert markers(answer.text) == tuple(range(1, len(answer.citations) + 1))
    assert {n for s in answer.statements for n in s.citations} == {c.number for c in answer.citations}
    for citation in answer.citations:
        assert citation.quote
        assert (
            assistant.index.texts.by_id(citation.document.id)[citation.start : citation.end] == citation.quote
        )


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How much will the repair of the bridge cost?", "14 Millionen Euro"),
        ("Wie lange bleibt die Brücke gesperrt?", "bis zum Herbst gesperrt"),
        ("What did the mayor say about compensation?", "Über eine Entschädigung"),
        ("Was sagte die Kapitänin über den neuen Motor?", "the new engine uses a third less fuel"),
        ("How long was the ferry to Tarnsay being repaired?", "after nine weeks of repairs"),
    ],
)
def test_the_answering_sentence_is_quoted(question: str, expected: str, assistant: Assistant) -> None:
    answer = assistant.ask(question)
    hold(answer, assistant)
    assert not answer.refused
    assert answer.mode == "quoted"
    assert any(expected in citation.quote for citation in answer.citations)


def test_sentences_in_a_language_that_cannot_be_compared_are_ranked_by_their_words(
    assistant: Assistant,
) -> None:
    """So it is with an English model, English documents and a question in a language without a lexicon."""
    question = "Wie lange bleibt die Brücke über die Weser gesperrt?"
    hits = assistant.search(question)
    vectors = sentence_vectors(hits, assistant.index, assistant.embedder)
    best, *others = rank(assistant.understand(question), {}, hits, vectors)
    assert "bis zum Herbst gesperrt" in best.text
    assert {sentence.similarity for sentence in (best, *others)} == {0.0}


def test_a_sentence_that_says_she_brings_her_name(assistant: Assistant) -> None:
    answer = assistant.ask("Wurde über eine Entschädigung entschieden?")
    (quote,) = [c.quote for c in answer.citations if "Entschädigung" in c.quote]
    assert "Lindqvist" in quote


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Who painted the ceiling of the Sistine Chapel?", "The documents do not answer this."),
        (
            "Wie viele Einwohner hat Buenos Aires?",
            "Die Dokumente beantworten diese Frage nicht. „Buenos Aires“ kommt in keinem von ihnen vor.",
        ),
    ],
)
def test_what_no_document_answers_is_refused_in_the_language_asked(
    question: str, words: str, assistant: Assistant
) -> None:
    answer = assistant.ask(question)
    assert answer.refused
    assert answer.text == words
    assert answer.citations == ()
    assert answer.nearest


def test_filters_restrict_by_document_and_date(assistant: Assistant) -> None:
    ferry = next(r for r in assistant.index.records() if "ferry" in r.source)
    hits = assistant.search("ferry Fähre", filters=Filters(documents=(ferry.id,)))
    assert {hit.document.id for hit in hits} == {ferry.id}
    assert {
        hit.document.id
        for hit in assistant.search("Brücke", filters=Filters(published_to=date(2023, 12, 31)))
    } == {ferry.id}
    assert assistant.search("Brücke", filters=Filters(published_from=date(2030, 1, 1))) == []


def test_langchain_retrieves_passages_that_can_be_cited(assistant: Assistant) -> None:
    found = AssistantRetriever(assistant=assistant, limit=2).invoke("Tarnsay ferry")
    first = found[0].metadata
    text = assistant.index.texts.by_id(first["document_id"])
    assert text[first["start"] : first["end"]] == found[0].page_content
    assert first["published"] == "2023-11-20"


def test_a_follow_up_question_knows_what_it_follows(assistant: Assistant) -> None:
    history = [Turn(question="When did the ferry to Tarnsay return?", answer="On Monday.")]
    answer = assistant.ask("And what did the captain say about it?", history)
    assert any("Fenwick" in citation.quote for citation in answer.citations)


@pytest.mark.parametrize("question", ["", " \n\t ", "\0"])
def test_an_empty_question_says_so(question: str, assistant: Assistant) -> None:
    with pytest.raises(BadQuestion, match="empty"):
        assistant.ask(question)


def test_an_endless_question_says_what_to_do(assistant: Assistant) -> None:
    with pytest.raises(BadQuestion, match=f"Shorten it to {LONGEST_QUESTION:,}"):
        assistant.ask("warum " * 4_000)


def test_an_empty_index_says_what_to_do(tmp_path: Path, embedder: SentenceTransformerEmbedder) -> None:
    assistant = Assistant(Index.open(tmp_path / "data", embedder), embedder)
    answer = assistant.ask("Is anything here?")
    assert answer.refused
    assert "Add some" in answer.text
    assistant.close()


@pytest.mark.parametrize("replaced", [False, True])
def test_a_document_that_goes_while_it_is_quoted_is_not_quoted(
    assistant: Assistant, moored: Item, monkeypatch: pytest.MonkeyPatch, replaced: bool
) -> None:
    """It goes between being found and being quoted: the first text that is read is that of a version that is gone."""
    index, embedder = assistant.index, assistant.embedder
    read = index.texts.of

    def late(record: Record) -> str:
        monkeypatch.setattr(index.texts, "of", read)
        if replaced:
            moored.path.write_text("The barge of Yarrowquay is painted green since June.\n")
            ingest([moored], index, embedder, lambda path, name, _: load(path.read_bytes(), name))
        else:
            index.remove([record.id])
        return read(record)

    monkeypatch.setattr(index.texts, "of", late)
    answer = assistant.ask("What colour is the barge of Yarrowquay painted?")
    hold(answer, assistant)
    assert "violet" not in answer.text
    assert [c.quote for c in answer.citations if "Yarrowquay" in c.quote] == (
        ["The barge of Yarrowquay is painted green since June."] if replaced else []
    )
    index.remove([record.id for record in index.records() if record.source == moored.source])


@pytest.mark.parametrize(
    ("sentence", "needs"),
    [
        ("Das teilte Feuerwehrchefin Ines Kroll am Mittwoch mit.", True),
        ("Das hat der Minister angekündigt.", True),
        ("Das hat der Minister gebaut.", False),
        ("Das sagte Müller der Zeitung.", True),
        ("Das Haus brannte.", False),
        ("Das ist neu.", False),
        ("Er kam spät.", True),
    ],
)
def test_who_only_says_who_said_it_needs_what_was_said(sentence: str, needs: bool) -> None:
    assert needs_the_one_before(sentence) == needs
