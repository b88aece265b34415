"""A story is quoted once, but never by a sentence that says something else than the one that answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from assistant.answering.copies import told_once
from assistant.answering.evidence import sentences_of
from assistant.types import EVERYTHING, Hit
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.store.index import Index
from ingest.store.records import Prepared
from ingest.text.sentences import trimmed_sentences
from ingest.types import Passage
from tests.ingest.store.test_changes import prepared

REPORT = (
    "Die Ilse trat am Samstag um 2 Uhr bei Tannbach über die Ufer.",
    "Rund 1200 Menschen kamen in die Turnhalle von Oberau.",
    "Hubschrauber holten 19 Bewohner von den Dächern.",
    "Die Regierung sagte 5 Millionen Euro Soforthilfe zu.",
)


@pytest.fixture
def index(tmp_path: Path, tiny_embedder: SentenceTransformerEmbedder) -> Iterator[Index]:
    index = Index.open(tmp_path, tiny_embedder)
    yield index
    index.close()


def article(name: str, day: int, last: str) -> Prepared:
    text = " ".join((*REPORT, last))
    passage = Passage(
        id="", document_id=name, text=text, start=0, end=len(text), page=None, heading="",
        sentences=tuple((span.start, span.end) for span in trimmed_sentences(text, "de")),
    )  # fmt: skip
    document = replace(prepared(name, name).document, text=text, language="de", published=date(2026, 1, day))
    return Prepared(document=document, passages=[passage], vectors=np.ones((1, 3), dtype=np.float32))


def told(index: Index, *ranked: tuple[str, str]) -> list[tuple[str, str]]:
    """What is told, by document and sentence, where the best sentences are these."""
    sentences = []
    for key, words in ranked:
        record = index.record(key)
        assert record is not None
        hits = [
            Hit(passage=passage, document=record, score=1.0, dense_rank=None, lexical_rank=None)
            for passage in index.texts.passages_of(key)
        ]
        sentences += [one for one in sentences_of(hits) if words in one.text]
    return [(one.hit.document.id, one.text) for one in told_once(sentences, index, EVERYTHING)]


@pytest.mark.parametrize(
    ("first", "later"),
    [
        ("Landrätin Kroll wird vorerst zurücktreten.", "Landrätin Kroll wird vorerst nicht zurücktreten."),
        ("Das Wort führte Sabine Kroll aus Tannbach.", "Das Wort führte Petra Huber aus Tannbach."),
        ("Vermisst wurden am Abend noch 12 Menschen.", "Vermisst wurden am Abend noch 31 Menschen."),
    ],
)
def test_a_copy_that_says_something_else_takes_nothing_away(index: Index, first: str, later: str) -> None:
    index.put([article("early", 1, first), article("late", 3, later)])
    assert len(index.stories.of("late")) == 2
    assert told(index, ("late", later)) == [("late", later)]
    assert told(index, ("early", first), ("late", later)) == [("early", first), ("late", later)]


def test_the_same_words_are_told_once_in_the_earliest_copy(index: Index) -> None:
    index.put([article("late", 3, "Der Damm hält."), article("early", 1, "Mehr dazu morgen.")])
    words = "Hubschrauber holten 19 Bewohner"
    assert told(index, ("late", words), ("early", words)) == [("early", REPORT[2])]
