"""Sentence boundaries where newspapers make them hard."""

from __future__ import annotations

import time

import pytest

from ingest.text.sentences import blocks, sentence_spans, trimmed


def sentences(text: str, language: str) -> list[str]:
    spans = [trimmed(text, span) for span in sentence_spans(text, language)]
    return [text[span.start : span.end] for span in spans if span.end > span.start]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("de", ["Das gilt z. B. für Dr. Müller.", "Am 3. Oktober 1990 kam er."]),
        ("de", ["Ca. 3,5 Mio. Euro fehlen.", "Nr. 5 lebt."]),
        ("de", ['"Es gibt viel zu tun. Darauf hat man sich geeinigt", fügte er hinzu.', "Dann ging er."]),
        ("de", ["„Wann kommt ihr?“, fragte sie.", "Niemand antwortete."]),
        (
            "de",
            ["Am Dienstag, 29. November, tagte der Rat.", "Am 30. Nov. 2025 und seit dem 1. Jänner nicht."],
        ),
        (
            "de",
            ["Im 19. Jahrhundert, nach der 2. und 3. Runde, siegte er.", "Der 1. FC Köln verlor."],
        ),
        ("de", ["Die Frist läuft bis zum 29.", "Im Mai."]),
        ("de", ["Es stand 3:2.", "Bayern wurde am 2. Spieltag Erster.", "Er ist 29."]),
        ("en", ["He lives in the U.S. and works for Acme Inc. in Washington.", "Dr. Smith agreed."]),
        ("en", ["It cost $3.5 million on Jan. 5, 2021.", "Nobody paid."]),
        ("da", ["Loven blev vedtaget.", "41 stemte imod den 3. maj 2025."]),
        ("en", ["He will resign in May.", "Police said so.", "May I ask?"]),
        ("de", ["Es fehlten 3 Mio.", "Die Stadt zahlte Lohn, Miete usw.", "Der Rat schwieg."]),
        (
            "de",
            [
                "Das war so.",
                "41 Betriebe zahlen zuzgl. 3 Euro, ca. 20 Cent.",
                "2025 kam die Wende (vorerst).",
                "18,4 Prozent blieben.",
            ],
        ),
        ("de", ["Er wohnt Hauptstr. 12 und sah es.", "Im Jahr 2020.", "30 kamen."]),
        ("de", ["Die Pause ging zu Ende.", "51. Minute, und es stand 1:0.", "Dann war Schluss."]),
        ("de", ['"Es fehlen 3 Mio. Die Stadt zahlt", sagte er.', "Dann ging er."]),
        ("en", ['"Are we leaving?" she asked.', "They stayed."]),
    ],
)
def test_sentences_end_where_they_end(language: str, expected: list[str]) -> None:
    assert sentences(" ".join(expected), language) == expected


def test_a_date_goes_on_behind_a_line_break() -> None:
    assert sentences("Er reist am 29.\nNovember ab. Sie bleibt.", "de") == [
        "Er reist am 29.\nNovember ab.",
        "Sie bleibt.",
    ]


def test_a_headline_without_a_full_stop_is_its_own_sentence() -> None:
    text = "Er bleibt.\nPutin beschuldigt die EU, Gespräche unter Führung der USA zu sabotieren\nDas Treffen fand statt."
    assert sentences(text, "de")[1].startswith("Putin beschuldigt")
    assert sentences(text, "de")[2] == "Das Treffen fand statt."


def test_lines_wrapped_at_a_fixed_width_are_joined() -> None:
    text = (
        "The committee met on Tuesday morning to discuss the proposal that\n"
        "had been sent to all members a week before. It took no decision and\n"
        "adjourned until the end of the month, when a new draft is expected.\n"
    )
    assert len(sentences(text, "en")) == 2


def test_a_long_line_is_cut_where_a_sentence_ends() -> None:
    """However long a line is, its sentences are what they are in short ones, and take no more time than its length."""
    line = "“Sentence number one is here,” said Ann. Another one follows it at once! " * 3_000
    spans = sentence_spans(line, "en")
    assert "".join(line[span.start : span.end] for span in spans) == line
    assert {line[span.start : span.end].strip() for span in spans} == {
        "“Sentence number one is here,” said Ann.",
        "Another one follows it at once!",
    }


@pytest.mark.parametrize("unit", ["„", "‘a"])
def test_time_grows_with_a_line_only(unit: str) -> None:
    text = unit * (400_000 // len(unit))
    started = time.process_time()
    assert sum(span.end - span.start for span in sentence_spans(text, "de")) == len(text)
    assert time.process_time() - started < 15


def test_time_grows_with_the_number_of_short_lines() -> None:
    before = time.process_time()
    assert len(list(blocks("a\n" * 100_000))) == 1
    assert time.process_time() - before < 10
