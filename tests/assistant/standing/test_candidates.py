"""Many questions compared with a text at once: nothing that one of them has in common with it is passed over."""

from __future__ import annotations

import hashlib
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.language.lexicon import shipped
from assistant.language.matching import coverage, vocabulary
from assistant.retrieval.query import Query, understand
from assistant.retrieval.retriever import Retriever
from assistant.standing import candidates
from assistant.standing.candidates import AskedWords, PreparedQuestions, prepared, words_of
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.pipeline import prepare
from ingest.store.index import Index
from ingest.types import Document, document_id
from tests.support.multilingual import needs_multilingual
from tests.support.stored_texts import HARD_TEXTS

QUESTIONS = [
    "Wo nisten die Störche von Linum?",
    "Was sagte der Rat über das neue Haus?",
    "How long is the bridge over the river?",
    "Wie viel kostet die Fähre 2025 in Euro?",
    "Who chairs the town council?",
    "Wie hoch ist die Summe in Berlin-Mitte?",
    "Какие мосты есть в мире?",
    "What was said about 12.5 and TeX?",
    "Und?",
]
ASKED: list[Query] = [understand(one, ["de", "en"], shipped()) for one in QUESTIONS]
TEXTS = [
    *HARD_TEXTS.values(),
    "The town council met in the town hall. Its chair, Ann Weir, spoke of 12.5 million euros for the bridges.",
    "Der Stadtrat von Linum beriet 2025 über die Storchennester auf dem Hausdach und die Fährpreise.",
]


@settings(max_examples=60)
@given(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=3), st.sampled_from(["de", "en", ""]))
def test_a_text_has_no_more_of_a_question_than_it_may_have(pieces: list[str], language: str) -> None:
    text = vocabulary("\n".join(pieces), language)
    most = AskedWords([words_of(one) for one in ASKED]).most_covered(text)
    for share, query in zip(most, ASKED, strict=True):
        assert coverage(query.words, text) <= share + 1e-6, query.text


def test_a_text_of_something_else_may_have_little() -> None:
    text = vocabulary("Owls turn their heads around to look at what is behind them.", "en")
    most = AskedWords([words_of(one) for one in ASKED]).most_covered(text)
    assert most.max() < 0.5
    assert AskedWords([]).most_covered(text).size == 0


@needs_multilingual
def test_a_text_far_from_a_question_is_asked_only_if_it_has_nearly_all_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedder = SentenceTransformerEmbedder()
    text = (
        "Der Fluss führte am Morgen wenig Wasser. Lösegeld sei nicht gezahlt worden, sagte Bernd Sailer. "
        "Das Meer der Stadt wirbt im Sommer mit neuen Fähren um Gäste aus dem Norden."
    )
    said = "Was sagte Bernd Sailer?"
    sea = "Welches Meer entstand, als das Wasser sank und Gäste im Norden am Morgen starben?"
    owls = "How far can owls turn their heads?"
    with closing(Index.open(tmp_path, embedder)) as index:
        (record,) = index.put([prepare(article("clinic", text), embedder)])
        retriever = Retriever(index=index, embedder=embedder, lexicon=shipped())
        ready = PreparedQuestions([prepared(one, one, retriever, embedder) for one in (said, sea, owls)])
        assert ready.worth_asking(record, index, embedder) == [said, sea]
        monkeypatch.setattr(candidates, "NEAR", 100.0)  # it is near enough to no question
        assert ready.worth_asking(record, index, embedder) == [said, sea]  # which have enough of its words
        monkeypatch.setattr(candidates, "LEAST_NEAR", 100.0)  # it is far from all
        assert ready.worth_asking(record, index, embedder) == [said]


def article(name: str, text: str) -> Document:
    return Document(
        id=document_id(name),
        source=name,
        title="",
        text=text,
        published=None,
        authors=(),
        language="de",
        media_type="text/plain",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )
