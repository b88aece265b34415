"""The course of events: verbatim sentences in the order of the days that they speak of, each with its source."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from assistant.answering.citations import markers
from assistant.collection.timeline import timeline_request
from assistant.core import Assistant
from assistant.types import DoneEvent, Filters, Turn
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.store.index import Index
from tests.support.documents import add_texts
from tests.support.questions import every_question

TODAY = date(2026, 9, 10)


def article(title: str, day: str, text: str) -> str:
    dated = f"date: {day}\n" if day else ""
    return f"---\ntitle: {title}\n{dated}---\n\n{text}\n"


LOCK = {
    "plan.md": article(
        "Die Schleuse von Lüdersau",
        "2026-05-05",
        "Der Rat hat gestern den Bau der Schleuse von Lüdersau beschlossen. Die Schleuse kostet zwei Millionen Euro.\n\n"
        "Am 14. Januar 2026 war der Plan für die Schleuse von Lüdersau noch abgelehnt worden.",
    ),
    "building.md": article(
        "Baubeginn an der Schleuse von Lüdersau",
        "2026-09-02",
        "Die Bauarbeiten an der Schleuse von Lüdersau haben am Montag begonnen. "
        "Vor drei Jahren war die alte Schleuse von Lüdersau gesperrt worden.",
    ),
    "copy.md": article(
        "Baubeginn an der Schleuse von Lüdersau",
        "2026-09-03",
        "Die Bauarbeiten an der Schleuse von Lüdersau haben am Montag begonnen. "
        "Vor drei Jahren war die alte Schleuse von Lüdersau gesperrt worden.",
    ),
    "noise.md": article(
        "Lärm an der Schleuse von Lüdersau", "2026-09-04", "Anwohner der Schleuse von Lüdersau klagen über Lärm."
    ),
    "undated.md": article(
        "Notizen", "", "Gestern stand die Schleuse von Lüdersau offen. Das sagte der Wärter der Schleuse."
    ),
    "zoo.md": article("Der Zoo von Talheim", "2026-08-01", "Der Zoo von Talheim öffnete am 2. Juli 2026."),
}  # fmt: skip
COURSE = ["2023", "14. Januar 2026", "4. Mai 2026", "31. August 2026"]


@pytest.fixture(scope="module")
def lock(
    tmp_path_factory: pytest.TempPathFactory, embedder: SentenceTransformerEmbedder
) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("lock")
    assistant = Assistant(Index.open(folder / "data", embedder), embedder, today=lambda: TODAY)
    add_texts(assistant, folder, LOCK)
    yield assistant
    assistant.close()


@pytest.mark.parametrize(
    "question",
    [
        "Wie kam es zur Schleuse von Lüdersau?",
        "Chronologie der Schleuse von Lüdersau",
        "Zeitlicher Ablauf: Schleuse von Lüdersau",
        "Zeig mir bitte eine Zeitleiste zur Schleuse von Lüdersau!",
    ],
)
def test_sentences_stand_in_the_order_of_their_days(lock: Assistant, question: str) -> None:
    answer = lock.ask(question)
    assert answer.question == question
    assert answer.listing
    assert answer.listing.kind == "timeline"
    assert [group.label for group in answer.listing.groups] == COURSE
    assert [group.citations for group in answer.listing.groups] == [(n,) for n in range(1, len(COURSE) + 1)]
    assert markers(answer.text) == tuple(range(1, len(COURSE) + 1))
    for citation in answer.citations:
        assert lock.index.texts.of(citation.document)[citation.start : citation.end] == citation.quote


def test_inferred_days_say_how_and_what_names_no_day_is_counted(lock: Assistant) -> None:
    answer = lock.ask("Wie kam es zur Schleuse von Lüdersau?")
    assert "4. Mai 2026 („gestern“, veröffentlicht am 5. Mai 2026)" in answer.text
    assert "\n14. Januar 2026\n" in answer.text
    assert answer.listing
    assert answer.listing.more == "2 weitere Textstellen dazu nennen keinen Tag."
    assert not any(
        "Lärm" in citation.quote or "Gestern stand" in citation.quote for citation in answer.citations
    )


def test_it_is_told_in_another_language_and_of_nobody_else(lock: Assistant) -> None:
    answer = lock.ask("Timeline of the lock of Lüdersau")
    assert answer.listing
    assert [group.label for group in answer.listing.groups] == [
        "2023",
        "14 January 2026",
        "4 May 2026",
        "31 August 2026",
    ]
    assert lock.ask("Timeline of the lock of Hohenwehr").listing is None
    assert lock.ask("Chronologie der Schleuse von Hohenwehr").refused


def test_copies_of_a_story_are_told_once(lock: Assistant) -> None:
    answer = lock.ask("Wie kam es zur Schleuse von Lüdersau?")
    begun = [citation for citation in answer.citations if "begonnen" in citation.quote]
    assert [citation.document.source for citation in begun] == ["building.md"]


def test_any_question_can_be_asked_for_as_a_course_of_events(lock: Assistant) -> None:
    answer = lock.ask("Was wurde aus der Schleuse von Lüdersau?", timeline=True)
    assert answer.listing
    assert [group.label for group in answer.listing.groups] == COURSE
    *_, done = lock.stream("Was wurde aus der Schleuse von Lüdersau?", timeline=True)
    assert isinstance(done, DoneEvent)
    assert done.answer.listing == answer.listing
    assert lock.ask("Was wurde aus der Schleuse von Lüdersau?").listing is None


def test_a_conversation_goes_on(lock: Assistant) -> None:
    before = Turn(
        question="Was kostet die Schleuse von Lüdersau?",
        answer="„Die Schleuse kostet zwei Millionen Euro.“ [1]",
    )
    answer = lock.ask("Und wie kam es dazu?", [before], timeline=True)
    assert answer.listing
    assert answer.listing.kind == "timeline"


def test_it_keeps_to_the_documents_chosen(lock: Assistant) -> None:
    plan = next(record.id for record in lock.index.records() if record.source == "plan.md")
    answer = lock.ask("Wie kam es zur Schleuse von Lüdersau?", filters=Filters(documents=(plan,)))
    assert {citation.document.id for citation in answer.citations} == {plan}


def test_too_few_days_give_the_usual_answer_and_say_so(lock: Assistant) -> None:
    answer = lock.ask("Chronologie des Zoos von Talheim")
    assert answer.listing is None
    assert "Zu wenige Sätze" in answer.notice


def test_the_day_of_a_document_can_be_corrected(lock: Assistant) -> None:
    answer = lock.ask("Wann wurde der Bau der Schleuse von Lüdersau beschlossen?")
    assert "gestern" in answer.citations[0].quote
    record = answer.citations[0].document
    assert record.published
    assert record.published - timedelta(days=1) == date(2026, 5, 4)


def test_no_other_question_is_taken_for_one() -> None:
    taken = [question for question in every_question() if timeline_request(question, TODAY)]
    assert not taken


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("Timeline of the harbour fire", "harbour fire"),
        ("Can you give me a timeline of the strike, please?", "strike, please"),
        ("How did the strike come about?", "strike"),
        ("Wie kam es zum Streik?", "Streik"),
        ("Timeline: Who closed the bridge?", "Who closed the bridge"),
        ("When does the timeline end?", ""),
        ("What is a chronology?", ""),
        ("Wie kam er zum Bahnhof?", ""),
    ],
)
def test_what_the_course_of_events_is_asked_of(question: str, topic: str) -> None:
    wanted = timeline_request(question, TODAY)
    assert (wanted.topic if wanted else "") == topic


@pytest.mark.parametrize(
    ("question", "topic", "first"),
    [
        ("What happened at the lock last week?", "lock", date(2026, 8, 31)),
        ("Was geschah im März mit der Schleuse?", "Schleuse", date(2026, 3, 1)),
        ("Was ist gestern an der Schleuse passiert?", "Schleuse", date(2026, 9, 9)),
        ("Timeline of the strike since the summer", "strike", date(2026, 6, 1)),
    ],
)
def test_days_in_a_question_restrict_the_course_of_events(question: str, topic: str, first: date) -> None:
    wanted = timeline_request(question, TODAY)
    assert wanted
    assert wanted.within
    assert (wanted.topic, wanted.within.first) == (topic, first)


def test_what_happened_on_those_days_is_told(lock: Assistant) -> None:
    answer = lock.ask("Was geschah letzte Woche an der Schleuse von Lüdersau?")
    assert answer.listing
    assert [group.label for group in answer.listing.groups] == ["31. August 2026"]
    assert lock.ask("Was geschah vor zwanzig Jahren an der Schleuse von Lüdersau?").listing is None
