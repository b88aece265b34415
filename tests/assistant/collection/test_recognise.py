"""Questions about the collection are told from all others, and read rightly."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.collection.periods import Period, read_period
from assistant.collection.recognise import CollectionRequest, recognise
from tests.support.questions import every_question

TODAY = date(2026, 11, 29)


def read(question: str, *before: str) -> CollectionRequest:
    request = recognise(question, TODAY, before)
    assert request is not None, question
    return request


@pytest.mark.parametrize(
    ("question", "kind", "topic"),
    [
        ("Which documents mention Olbricht?", "list", "Olbricht"),
        ("In which of the articles is Hanne Olbricht mentioned?", "list", "Hanne Olbricht"),
        ("Could you please show me all articles about the flood? Thanks!", "list", "flood"),
        ("Do you have any reports on the ferry?", "list", "ferry"),
        ('find documents containing "storm barrier"', "list", "storm barrier"),
        ("How many articles mention the flood?", "count", "flood"),
        ("How many documents are there?", "count", ""),
        ("What is the number of documents in this collection?", "count", ""),
        ("List all documents", "list", ""),
        ("What documents do you have?", "list", ""),
        ("Give me a short summary of the report on the night clinic", "summary", "night clinic"),
        ("What is the article about the ferry about?", "summary", "ferry"),
        ("What is it about?", "summary", ""),
        ("Compare Olbricht with Trapp", "comparison", ""),
        ("Welche Dokumente erwähnen Olbricht?", "list", "Olbricht"),
        ("In welchen Artikeln kommt Wiesenfurt vor?", "list", "Wiesenfurt"),
        ("Zeige bitte alle Artikel, die Olbricht erwähnen.", "list", "Olbricht"),
        ("Kannst du mir alle Berichte über das Hochwasser auflisten?", "list", "Hochwasser"),
        ("Wie viele Artikel erwähnen Olbricht?", "count", "Olbricht"),
        ("Wie viele Dokumente gibt es insgesamt?", "count", ""),
        ("Fassen Sie mir bitte den Artikel über die Tramlinie 7 kurz zusammen!", "summary", "Tramlinie 7"),
        ("Worum geht es in dem Bericht über die Klinik?", "summary", "Klinik"),
        ("Worum geht es?", "summary", ""),
        ("Vergleiche Olbricht und Trapp", "comparison", ""),
    ],
)
def test_questions_about_the_collection(question: str, kind: str, topic: str) -> None:
    request = read(question)
    assert (request.kind, request.topic) == (kind, topic)


@pytest.mark.parametrize(
    "question",
    [
        "How many documents did the police seize?",
        "Which documents did the police seize?",
        "How many articles does the constitution have?",
        "Which articles of the treaty mention sovereignty?",
        "What is the dispute about?",
        "Which document proves his guilt?",
        "How many reports of abuse were filed?",
        "What did the report say about the flood?",
        "List the members of the council",
        "What happened in the port?",
        "Compare the position of Russia",
        "How many texts did she send him in March 2024?",
        "Wie viele Dokumente hat die Polizei beschlagnahmt?",
        "Wie viele Artikel enthält der Vertrag?",
        "Welche Unterlagen brauche ich für die Anmeldung?",
        "Worum geht es in dem Streit?",
        "Welche Artikel der Verfassung wurden geändert?",
        "Was ist in der Scheune passiert?",
        "Documents",
        "",
    ],
)
def test_other_questions_are_none(question: str) -> None:
    assert recognise(question, TODAY) is None


def test_ordinary_questions_are_none() -> None:
    questions = every_question()
    assert len(questions) > 300
    assert [question for question in questions if recognise(question, TODAY)] == []


@pytest.mark.parametrize(
    ("phrase", "period"),
    [
        ("on 12 March 2024", Period(first=date(2024, 3, 12), last=date(2024, 3, 12))),
        ("am 12. März 2024", Period(first=date(2024, 3, 12), last=date(2024, 3, 12))),
        ("vom 12.3.2024", Period(first=date(2024, 3, 12), last=date(2024, 3, 12))),
        ("on 2024-03-12", Period(first=date(2024, 3, 12), last=date(2024, 3, 12))),
        ("on March 12", Period(month=3, day=12)),
        ("of February", Period(month=2)),
        ("im Februar 2024", Period(first=date(2024, 2, 1), last=date(2024, 2, 29))),
        ("aus dem Jahr 2024", Period(first=date(2024, 1, 1), last=date(2024, 12, 31))),
        ("since March 2024", Period(first=date(2024, 3, 1))),
        ("vor 2024", Period(last=date(2023, 12, 31))),
        ("after 2023", Period(first=date(2024, 1, 1))),
        ("bis Mai 2024", Period(last=date(2024, 5, 31))),
        ("between March and May 2024", Period(first=date(2024, 3, 1), last=date(2024, 5, 31))),
        ("von 2025 bis 2023", Period(first=date(2023, 1, 1), last=date(2025, 12, 31))),
        ("yesterday", Period(first=date(2026, 11, 28), last=date(2026, 11, 28))),
        ("in der letzten Woche", Period(first=date(2026, 11, 16), last=date(2026, 11, 22))),
        ("last month", Period(first=date(2026, 10, 1), last=date(2026, 10, 31))),
        ("aus diesem Jahr", Period(first=date(2026, 1, 1), last=date(2026, 12, 31))),
    ],
)
def test_stretches_of_time(phrase: str, period: Period) -> None:
    assert read_period(phrase, "de" if phrase[0] in "avi" and "Mär" in phrase else "en", TODAY) == period


@pytest.mark.parametrize("phrase", ["in the port", "on 31 February 2024", "2024-13", "about 2024", ""])
def test_no_stretches_of_time(phrase: str) -> None:
    assert read_period(phrase, "en", TODAY) is None or "February" in phrase


def test_what_is_said_of_the_documents() -> None:
    assert read("Show me the five latest articles").limit == 5
    assert read("Was ist das älteste Dokument?").oldest
    assert read("How many German documents are there?").spoken == "de"
    assert read("Gibt es Artikel auf Ukrainisch?").spoken == "uk"
    assert read("Articles by Anna Schmidt").author == "Anna Schmidt"
    both = read("Which articles are about the tram from 2024?")
    assert both.topic == "tram"
    assert both.period == Period(first=date(2024, 1, 1), last=date(2024, 12, 31))


def test_sides_of_a_comparison() -> None:
    times = read("Compare the cost of the tram in 2024 and 2025")
    assert times.topic == "cost of the tram"
    assert [period.first for period in times.periods] == [date(2024, 1, 1), date(2025, 1, 1)]
    assert read("Vergleiche die Tram mit dem Hochwasser").sides == ("Tram", "Hochwasser")
    assert read("Compare the articles on Webb and Notre-Dame").sides == ("Webb", "Notre-Dame")
    assert read("Vergleiche den Artikel zur Tram mit dem Bericht zum Hochwasser").sides == (
        "Tram",
        "Hochwasser",
    )


def test_a_question_that_goes_on() -> None:
    march = read("And in March?", "List the articles of February")
    assert (march.kind, march.period) == ("list", Period(month=3))
    assert read("Und Trapp?", "Welche Dokumente erwähnen Olbricht?").topic == "Trapp"
    assert read("And in May?", "List the articles of February", "And in March?").period == Period(month=5)
    assert recognise("And in March?", TODAY, ["Who is Olbricht?"]) is None


@given(st.text(max_size=400))
def test_any_text_is_read(text: str) -> None:
    recognise(text, TODAY, [text])
