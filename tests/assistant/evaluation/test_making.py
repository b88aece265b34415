"""Questions proposed from documents, by templates and by a model, and from what readers thought of answers."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import BadQuestions
from assistant.evaluation import templates
from assistant.evaluation.from_feedback import questions_of
from assistant.evaluation.reading import ExpectedAnswer, add, as_line, read
from assistant.evaluation.templates import topics
from assistant.service.feedback import FeedbackLog, Judgement, RatedCitation, now
from ingest import cli as ingesting
from tests.assistant.test_commands import Run, lines, put, run, through  # noqa: F401  # fixtures
from tests.support.language_model import MODEL, Prompt, ScriptedModel

LOCK = """# Die Schleuse von Ahrenfeld

Die Leiterin des Amtes, Ines Tarnow, die seit Jahren dort arbeitet, sprach am Montag. „Die Schleuse bleibt gesperrt“, sagte Ines Tarnow.

In Ahrenfeld warteten 1.200 Schiffe auf die Durchfahrt. Am 3. Mai 2024 wurde Ahrenfeld vom Hochwasser getroffen.
"""
HARBOUR = """# The harbour is deep again

“The dredging has cost a fortune,” said Orla Fenwick. Its master since May, Orla Fenwick, the first woman there, was pleased.

At Port Lorne 340 boats were counted. The work at Port Lorne ended on 12 June 2025.
"""
BAKERY = """# Neue Öfen

„Das Mehl kommt aus der Mühle“, sagte Bernd Jarosch. Die Bäckerei von Bernd Jarosch bekam neue Öfen.
"""


@pytest.fixture
def filled(run: Run, tmp_path: Path) -> Run:  # noqa: F811
    texts = {"lock.md": LOCK, "harbour.md": HARBOUR}
    for name, text in texts.items():
        put(tmp_path, name, text)
    assert run(*texts, command=ingesting.main)[0] == 0
    return run


def test_questions_come_from_the_documents_and_what_answers_stands_in_them(filled: Run) -> None:
    code, output, errors = filled("evaluate", "--make", "100")
    made = lines(output)
    assert code == 0
    assert f"The documents give {len(made)} questions of 100." in errors
    asked = {one["question"]: one for one in made}
    assert {
        "Was sagte Ines Tarnow zum Thema Schleuse?",
        "What did Orla Fenwick say about fortune?",
        "Who is Orla Fenwick?",
        "Wer ist Orla Fenwick?",
        "How many boats are mentioned in connection with Port Lorne?",
        "Wie viele Schiffe werden im Zusammenhang mit Ahrenfeld genannt?",
        "Welches Datum wird im Zusammenhang mit Ahrenfeld genannt?",
        "Which date is mentioned in connection with Port Lorne?",
    } <= asked.keys()
    boats = asked["How many boats are mentioned in connection with Port Lorne?"]
    assert (boats["short_answer"], boats["source"]) == ("340", "The harbour is deep again")
    assert {one["language"] for one in made} == {"de", "en"}
    assert {one["made_by"] for one in made} == {"templates"}
    texts = " ".join(f"{LOCK} {HARBOUR}".split())
    for one in made:
        if one.get("answerable", True):
            assert all(" ".join(quote.split()) in texts for quote in one["gold_quotes"])
    assert filled("evaluate", "--make", "100")[1] == output


def test_what_nothing_answers_names_two_things_that_no_document_has_together(
    filled: Run, tmp_path: Path
) -> None:
    put(tmp_path, "bakery.md", BAKERY)
    assert filled("bakery.md", command=ingesting.main)[0] == 0
    made = lines(filled("evaluate", "--make", "100")[1])
    without = [one for one in made if not one.get("answerable", True)]
    asked = {one["question"] for one in without}
    assert "Was sagte Bernd Jarosch zum Thema Schleuse?" in asked
    assert "Was sagte Ines Tarnow zum Thema Schleuse?" not in asked
    assert "What did Orla Fenwick say about the lock?" not in asked
    assert all("Read the question" in one["note"] for one in without)
    for one in without:
        text = LOCK if "Tarnow" in one["question"] else BAKERY
        topic = re.split("zum Thema |about ", one["question"])[1].rstrip("?")
        assert topic.lower()[:5] not in text.lower()


def test_documents_are_read_on_until_two_who_are_quoted_are_found(run: Run, tmp_path: Path) -> None:  # noqa: F811
    things = ("crane", "ferry", "tower", "bridge", "library")
    carried = ("boxes", "horses", "books", "letters", "chairs", "wagons", "apples", "stones")
    notes = {
        f"{thing}{what}.md": f"# {thing} {what}\n\nThe {thing} of Port {what.title()}{thing} had {at + 2}00 {what} for {thing}s.\n"
        for at, (thing, what) in enumerate(product(things, carried))
    }
    for name, text in {**notes, "lock.md": LOCK, "bakery.md": BAKERY}.items():
        put(tmp_path, name, text)
    assert run(".", command=ingesting.main)[0] == 0
    made = lines(run("evaluate", "--make", "4")[1])
    without = [one["question"] for one in made if not one.get("answerable", True)]
    assert (len(made), len(without)) == (4, 1)
    assert all("Tarnow" in one or "Jarosch" in one for one in without)


def test_the_file_is_added_to_and_edits_stay(filled: Run, tmp_path: Path) -> None:
    path = tmp_path / "made.jsonl"
    assert "10 questions added" in filled("evaluate", "--make", "10", "--output", str(path))[1]
    first, *others = path.read_text("utf-8").splitlines()
    edited = json.dumps(json.loads(first) | {"note": "edited"}, indent=None)
    path.write_text("\n".join([edited, *others, ""]), encoding="utf-8")
    assert "0 questions added" in filled("evaluate", "--make", "10", "--output", str(path))[1]
    assert path.read_text("utf-8").splitlines() == [edited, *others]
    code, output, errors = filled("evaluate", str(path), "--json")
    assert (code, errors) == (0, "")
    assert lines(output)[-1]["summary"]["questions"] == 10
    assert all(one["stored"] is not False for one in lines(output)[:-1])
    put(tmp_path, "other.jsonl", "no questions")
    assert filled("evaluate", "--make", "1", "--output", str(tmp_path / "other.jsonl"))[0] == 2
    assert (tmp_path / "other.jsonl").read_text() == "no questions"


def test_without_documents_there_are_no_questions(run: Run) -> None:  # noqa: F811
    code, output, errors = run("evaluate", "--make", "3")
    assert (code, output) == (1, "")
    assert "The documents give 0 questions of 3." in errors


def test_a_running_server_is_asked_for_its_documents(through: Run) -> None:  # noqa: F811
    code, output, errors = through("evaluate", "--make", "12")
    made = lines(output)
    assert (code, errors, len(made)) == (0, "", 12)
    assert 0 < sum(not one.get("answerable", True) for one in made) <= 3


def test_a_model_names_the_sentence_and_the_quote_is_the_stored_one(
    filled: Run, scripted: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_LLM", f"openai:{MODEL}")
    monkeypatch.setenv("ASSISTANT_LLM_BASE_URL", scripted.url)

    def written(prompt: Prompt) -> list[Any]:
        number = prompt.number("Schiffe") or prompt.number("boats")
        return [
            f"Sure, here they are:\n[{number}] | de | Wie lang war die <b>Schlange</b>? | 1.200\n"
            f"[{number}] | en | How long was the queue at {number}?|a lot\n"
            "[0] | en | Who owns the pier? |\n[99] | en | Out of range? | x\n[1] en broken\n"
        ]

    scripted.answer = written
    code, output, _ = filled("evaluate", "--make", "10")
    made = lines(output)
    assert code == 0
    assert {one["made_by"] for one in made} == {f"openai:{MODEL}"}
    queue = next(one for one in made if one["question"].startswith("Wie lang"))
    assert queue["question"] == "Wie lang war die ‹b›Schlange‹/b›?"
    assert queue["gold_quotes"][0] in (
        "In Ahrenfeld warteten 1.200 Schiffe auf die Durchfahrt.",
        "At Port Lorne 340 boats were counted.",
    )
    pier = next(one for one in made if one["question"] == "Who owns the pier?")
    assert (pier["answerable"], "The model says" in pier["note"]) == (False, True)
    assert not any("range" in one["question"] or "broken" in one["question"] for one in made)
    assert len({one["question"] for one in made}) == len(made)


@pytest.mark.parametrize(
    "name", ["Olaf Scholz", "Bernd Jarosch", "Anna Weber", "Außenministerin Trinidad Jiménez"]
)
def test_whose_name_has_a_word_that_is_no_common_one_may_be_a_person(name: str) -> None:
    assert templates.is_person(name, "de")


@pytest.mark.parametrize("name", ["Scholz", "der Sprecher", "Berliner Senat", "Europäische Kommission"])
def test_what_consists_of_common_words_is_nobody_to_ask_about(name: str) -> None:
    assert not templates.is_person(name, "de")


def test_topics_are_nouns_and_nothing_of_the_speakers_name() -> None:
    found = topics("Die Gebiete und die Waffenruhe seien für Moskau und Weber wichtig.", "Anna Weber", "de")
    assert {one.word for one in found} == {"Gebiete", "Waffenruhe"}
    assert {one.elsewhere for one in found if one.word == "Gebiete"} == {"area"}
    assert [one.word for one in topics("We quickly reached an agreement with Paris.", "X Y", "en")] == [
        "agreement"
    ]
    assert topics("Все хорошо.", "X Y", "ru") == []


@pytest.mark.parametrize(
    ("sentence", "asked"),
    [
        ("In Ahrenfeld warteten 1.200 Schiffe auf die Durchfahrt.", True),
        ("In Ahrenfeld war es im Raum 204 Leitung und Protokoll.", False),
        ("In Ahrenfeld wurden 2019 Brücken gebaut und gesperrt.", False),
        ("In Ahrenfeld begann es um 15:00 Uhr mit vielen Gästen.", False),
    ],
)
def test_figures_count_something(sentence: str, asked: bool) -> None:
    assert bool(templates.figures([sentence], "t", "de")) is asked


def test_plurals_are_asked_for_in_the_nominative() -> None:
    (asked,) = templates.figures(["In Ahrenfeld endete nach 16 Jahren eine lange Zeit."], "t", "de")
    assert asked[0].question == "Wie viele Jahre werden im Zusammenhang mit Ahrenfeld genannt?"
    (one,) = topics("Wir sprachen nicht von Produkten.", "X Y", "de")
    assert (one.written, one.word) == ("Produkten", "Produkte")
    for word, base in (("Verbrechen", "verbrechen"), ("Stimmen", "stimme"), ("Personen", "person")):
        assert templates.nominative(word, base) == word


@given(st.text(max_size=300), st.sampled_from(["de", "en", "fr", ""]))
def test_whatever_a_text_says_gold_quotes_are_its_sentences(text: str, language: str) -> None:
    sentences = templates.sentences_of(text, language)
    made = [
        one
        for make in (templates.people, templates.figures, templates.days)
        for wordings in make(sentences, "t", language)
        for one in wordings
    ]
    assert all(one.gold_quotes[0] in text for one in made)


GOOD = Judgement(
    id="a",
    time=now(),
    verdict="up",
    note="",
    question="Wann?\nGenau.",
    answer="Am Freitag. [1]",
    mode="quoted",
    model=None,
    citations=(RatedCitation(document_id="d", title="Der Plan", quote="Am Freitag."),),
)


def test_praise_says_what_is_right_and_blame_asks_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from assistant import cli

    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path))
    log, later = FeedbackLog(tmp_path), timedelta(seconds=1)
    cited = replace(GOOD.citations[0], title="", quote="Um neun.")
    log.add(GOOD)
    log.add(replace(GOOD, id="b", question="wann? Genau.", citations=(cited,), time=GOOD.time + later))
    log.add(replace(GOOD, id="c", question="Wer?", verdict="down", note="falscher Name"))
    log.add(replace(GOOD, id="e", question="Wo?", citations=()))
    path = tmp_path / "questions.jsonl"
    assert cli.main(["feedback", "--questions", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"added": 3, "questions": 3, "to_complete": 2}
    praised, blamed, unquoted = (as_line(one) for one in read(path))
    assert praised == {
        "id": "feedback-a",
        "question": "Wann? Genau.",
        "gold_quotes": ["Am Freitag.", "Um neun."],
        "source": ["Der Plan", "d"],
        "made_by": "feedback",
    }
    assert blamed["to_complete"]
    assert blamed["note"].endswith("falscher Name")
    assert (unquoted["to_complete"], '"answerable": false' in unquoted["note"]) == (True, True)
    assert cli.main(["feedback", "--questions", str(path)]) == 0
    assert "0 questions added" in capsys.readouterr().out


def test_a_draft_that_was_completed_counts() -> None:
    draft = ExpectedAnswer(id="a", question="Wer?", to_complete=True)
    assert draft.is_draft
    assert not replace(draft, gold_quotes=("Ich.",)).is_draft
    assert not replace(draft, answerable=False).is_draft
    assert questions_of([replace(GOOD, question=" ")]) == []


def test_a_folder_is_no_file_of_questions(tmp_path: Path) -> None:
    with pytest.raises(BadQuestions):
        add(tmp_path, [ExpectedAnswer(id="a", question="Wer?")])
