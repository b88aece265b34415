"""Questions are suggested only where the documents answer them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from assistant.core import Assistant
from assistant.service.suggestions import can_answer, candidates, first_questions, follow_ups
from assistant.types import Filters
from assistant.web.answer.answer_view import view_answer
from assistant.web.answer.conversations import Exchange
from assistant.web.chat.suggestions import SuggestedQuestions
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.pipeline import prepare
from ingest.quotations import find_quotations
from ingest.store.index import Index
from ingest.types import Document, Passage, document_id
from tests.support.conversations import TEXT, citation, quoting, record
from tests.support.server import BRIDGE

ORCHARD = (
    "In dem Tal wachsen seit 1870 Apfelbäume. Die Leiterin des Hofes, Marta Quendel, die jüngste Tochter der "
    "Gründer, zeigte den Besuchern die alten Sorten. „Wir ernten von Hand“, sagte Quendel. Am Abend gab es Most."
)
HARBOUR = (
    "The harbour was dredged last spring. Its master, Orla Fenwick, the first woman in the office, kept two piers "
    "open. “Nobody had to wait,” said Fenwick. The work took nine weeks."
)


def document(name: str, title: str, text: str, language: str) -> Document:
    return Document(
        id=document_id(name), source=name, title=title, text=text, published=None, authors=(), language=language,
        media_type="text/plain", sha256=name, page_starts=(), headings=(),
    )  # fmt: skip


@pytest.fixture(scope="module")
def embedder() -> SentenceTransformerEmbedder:
    """The bundled model: what is suggested must be answered well."""
    return SentenceTransformerEmbedder()


@pytest.fixture(scope="module")
def assistant(
    tmp_path_factory: pytest.TempPathFactory, embedder: SentenceTransformerEmbedder
) -> Iterator[Assistant]:
    index = Index.open(tmp_path_factory.mktemp("data"), embedder)
    documents = [
        document("hof.txt", "Ein Hof im Tal", ORCHARD, "de"),
        document("harbour.txt", "The harbour is deep again", HARBOUR, "en"),
        document("bridge.txt", "The bridge of Remagen", BRIDGE.replace("Clara Vossberg", "the town"), "en"),
    ]
    index.put([prepare(one, embedder) for one in documents])
    yield Assistant(index, embedder)
    index.close()


def test_questions_are_made_of_the_names_in_each_document_and_answered_by_it(assistant: Assistant) -> None:
    questions = first_questions(assistant, 4, language="de")
    assert questions[0] == "Wer ist Marta Quendel?"
    assert "Who is Orla Fenwick?" in questions
    assert "What is “The bridge of Remagen” about?" in questions
    answers = [assistant.ask(question) for question in questions]
    assert not any(answer.refused for answer in answers)
    assert [answer.citations[0].document.source for answer in answers] == [
        next(r.source for r in assistant.index.records() if _concerns(r.source, question))
        for question in questions
    ]


def _concerns(source: str, question: str) -> bool:
    return {"hof.txt": "Quendel", "harbour.txt": "Fenwick", "bridge.txt": "bridge"}[source] in question


def test_a_restriction_holds_for_suggestions_too(assistant: Assistant) -> None:
    (harbour,) = [one.id for one in assistant.index.records() if one.source == "harbour.txt"]
    assert first_questions(assistant, 4, Filters(documents=(harbour,))) == ("Who is Orla Fenwick?",)
    assert first_questions(assistant, 4, Filters(documents=("none",))) == ()


def test_what_has_been_asked_about_is_not_suggested_again(assistant: Assistant) -> None:
    documents = [one.id for one in assistant.index.records()]

    def fresh(*asked: str) -> tuple[str, ...]:
        return follow_ups(
            assistant, documents, asked, "en", 3, lambda question: can_answer(assistant, question)
        )

    assert set(fresh()) == {"Who is Orla Fenwick?", "Who is Marta Quendel?"}
    assert fresh("Who is Fenwick?") == ("Who is Marta Quendel?",)
    assert fresh("Quendel? Fenwick?") == ()


def test_whom_a_document_introduces_is_offered_and_answered_and_others_only_where_they_are(
    assistant: Assistant,
) -> None:
    told = (
        "At the fair, Tilda Moorcroft, the engineer of the dam, met old friends. “It held,” said Ansgar Pell. "
        "Later that day, Fine Weather, their word for it, came back."
    )
    (added,) = assistant.index.put(
        [prepare(document("fair.txt", "The fair", told, "en"), assistant.embedder)]
    )
    asked: list[str] = []

    def never(question: str) -> bool:
        asked.append(question)
        return False

    assert follow_ups(assistant, [added.id], [], "en", 3, never) == ("Who is Tilda Moorcroft?",)
    assert asked == ["Who is Fine Weather?", "What did Ansgar Pell say?"]
    answer = assistant.ask("Who is Tilda Moorcroft?")
    assert not answer.refused
    assert "engineer of the dam" in answer.citations[0].quote
    elsewhere = [Filters(documents=("none",)), Filters(published_from=date(2020, 1, 1))]
    for one in elsewhere:
        assert follow_ups(assistant, [added.id], [], "en", 3, never, one) == ()
    every = follow_ups(assistant, [added.id], [], "en", 2, lambda question: True)
    assert every == ("Who is Tilda Moorcroft?", "Who is Fine Weather?")
    assistant.index.remove([added.id])
    assert follow_ups(assistant, [added.id], [], "en", 3, lambda question: True) == ()


def test_what_was_found_out_counts_until_the_documents_change(assistant: Assistant) -> None:
    """A question that one document answers is not offered once that is gone, though another still says the name."""
    names = document("names.txt", "Names", "In town, Hedda Brix, their old friend, was seen again.", "en")
    tells = document(
        "tells.txt", "Hedda Brix", "Hedda Brix built the first windmill. She is a carpenter.", "en"
    )
    kept, gone = assistant.index.put([prepare(one, assistant.embedder) for one in (names, tells)])
    suggested = SuggestedQuestions(SimpleNamespace(assistant=assistant))  # type: ignore[arg-type]  # all it needs
    reply = replace(view_answer(quoting(citation(of=kept)), lambda _: TEXT, 3), language="en")
    exchange = Exchange(question="?", reply=reply, sources=reply.sources)
    for _ in range(2):
        assert suggested.follow_ups([exchange], Filters()) == ("Who is Hedda Brix?",)
    assert suggested.follow_ups([exchange], Filters(documents=("none",))) == ()
    assistant.index.remove([gone.id])
    offered = suggested.follow_ups([exchange], Filters())
    assert bool(offered) == can_answer(assistant, "Who is Hedda Brix?")
    assistant.index.remove([kept.id])
    assert suggested.follow_ups([exchange], Filters()) == ()


def test_what_the_documents_do_not_answer_is_not_offered(assistant: Assistant) -> None:
    assert not can_answer(assistant, "Who is Zbigniew Brzezinski?")
    assert can_answer(assistant, "Who is Marta Quendel?")


def test_a_name_is_asked_about_once_and_a_title_only_where_nobody_is_named() -> None:
    def found(text: str, **about: object) -> list[str]:
        shown = replace(record(**about), language=str(about.get("language", "en")))  # type: ignore[arg-type]  # titles
        passage = Passage(id="p", document_id="d", text=text, start=0, end=len(text), page=None, heading="")
        return [one.worded(shown.language) for one in candidates(shown, [passage])]

    assert found(HARBOUR) == ["Who is Orla Fenwick?"]
    assert found("“No,” he said. Nobody else spoke.", title="A day") == ["What is “A day” about?"]
    assert found("Nothing.", title="x" * 200) == []
    assert found("Ничего.", title="День", language="ru") == ["What is “День” about?"]


def test_who_speaks_is_named_in_full() -> None:
    text = "In Ostrau brannte es. „Wir haben die ganze Nacht gelöscht“, sagte Feuerwehrchefin Ines Kroll am Montag."
    passage = Passage(id="p", document_id="d", text=text, start=0, end=len(text), page=None, heading="")
    told = replace(passage, quotations=find_quotations(text, "de"))
    assert [one.worded("de") for one in candidates(record(), [told])] == ["Was sagte Ines Kroll?"]
