"""`assistant evaluate` alone and through a running server: what it prints, writes and compares, and how it ends."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.client import open_client
from assistant.evaluation.asking import QuestionAsker
from assistant.evaluation.reading import ExpectedAnswer, as_line, read
from assistant.settings import Settings
from ingest import cli as ingesting
from tests.assistant.test_commands import FALCON, Run, lines, put, run, through  # noqa: F401  # fixtures
from tests.support.forked_command import ForkedCommand
from tests.support.language_model import ScriptedModel, right
from tests.support.server import Server, environment

SWEATER = "Welche Farbe hat der Lieblingspullover von Tante Käthe?"
RABIE = "Who chairs the Suez Canal Authority?"
QUESTIONS: list[dict[str, Any]] = [
    {"question": "What did Uschakow say about territory?", "document": "moskau", "quote": "Gebiete"},
    {"question": RABIE, "document": "Ever Given", "quote": "OSAMA  rabie"},
    {"question": RABIE, "document": "notre-dame"},
    {"question": SWEATER, "refused": True},
]


def jsonl(folder: Path, questions: list[dict[str, Any]], name: str = "questions.jsonl") -> str:
    return put(folder, name, "\n\n".join(json.dumps(one) for one in questions))


def test_files_of_an_earlier_release_say_the_same(through: Run, tmp_path: Path) -> None:  # noqa: F811
    path = jsonl(tmp_path, QUESTIONS)
    code, output, errors = through("evaluate", path, "--json")
    assert (code, errors) == (0, "")
    *verdicts, last = lines(output)
    assert [one["right"] for one in verdicts] == [True, True, False, True]
    assert verdicts[2]["reason"] == "does not cite 'notre-dame'"
    assert {name: last["summary"][name] for name in ("right", "share", "questions")} | {
        "right": last["summary"]["right"]["count"]
    } == {"right": 3, "share": 0.75, "questions": 4}
    assert "75.0% of 4 questions answered right." in through("evaluate", path)[1]


def test_every_measure_by_pair_of_languages(through: Run, tmp_path: Path) -> None:  # noqa: F811
    asked: list[dict[str, Any]] = [
        {
            "id": "territory",
            "question": "What did Uschakow say about territory?",
            "gold_quotes": ["haben wir  vorerst nicht gefunden", "die Frage der Gebiete"],
            "source": "Moskauer Gespräche",
            "short_answer": ["keine Kompromissvariante", "Gebiete"],
        },
        {"id": "chair", "question": RABIE, "gold_quotes": ["Osama Rabie"], "short_answer": "Rabie"},
        {"id": "follow-up", "question": "And what did he say?", "history": [RABIE], "source": "Suez"},
        {"id": "lost", "question": RABIE, "gold_quotes": ["Nobody at all chairs it, said the sea."]},
        {"id": "sweater", "question": SWEATER, "answerable": False},
        {"id": "draft", "question": "Wer?", "to_complete": True},
    ]
    result, page = tmp_path / "result.json", tmp_path / "report.html"
    code, output, errors = through(
        "evaluate", jsonl(tmp_path, asked), "--output", str(result), "--report", str(page), "--language", "de"
    )
    assert (code, errors) == (0, "")
    assert "1 drafts were skipped" in output
    assert "In none of the documents looked at is what 1 questions expect: lost" in output
    saved = json.loads(result.read_text("utf-8"))
    by_id = {one["id"]: one for one in saved["questions"]}
    territory, chair = by_id["territory"], by_id["chair"]
    assert (territory["question_language"], territory["gold_language"]) == ("en", "de")
    assert territory["gold_rank"] is not None
    assert territory["gold_quote"] is not None
    assert all(quote["valid"] for quote in territory["quotes"])
    assert territory["citations"] == territory["citations_valid"] > 0
    assert chair["short_answer_said"] is True
    assert by_id["sweater"]["refused"]
    assert 0 <= by_id["sweater"]["confidence"] < by_id["chair"]["confidence"] <= 1
    assert (by_id["lost"]["stored"], by_id["lost"]["reason"][:14]) == (False, "does not quote")
    assert by_id["follow-up"]["history"][0]["question"] == RABIE
    assert saved["setup"]["language_model"] is None
    pairs = {(one["question"], one["document"]): one["questions"] for one in saved["measures"]["pairs"]}
    assert pairs["en", "de"] == 1
    assert pairs["de", ""] == 1
    assert saved["measures"]["citations"]["value"] == 1.0
    curve = saved["measures"]["curve"]
    assert (curve[0]["refused"], curve[-1]["refused"] > 0) == (0, True)
    assert page.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert 'lang="de"' in page.read_text("utf-8")


def test_two_runs_are_compared(through: Run, tmp_path: Path) -> None:  # noqa: F811
    path, old = jsonl(tmp_path, QUESTIONS), tmp_path / "old.json"
    assert through("evaluate", path, "--output", str(old))[0] == 0
    before = json.loads(old.read_text("utf-8"))
    product = before["setup"]["product"]
    before["setup"]["product"] = "0.0.1"
    before["questions"][0] |= {"right": False, "reason": "refused"}
    before["questions"][3] |= {"right": True, "refused": True, "latency_ms": 1e6}
    old.write_text(json.dumps(before))
    code, output, errors = through("evaluate", path, "--compare", str(old), "--json")
    assert (code, errors) == (0, "")
    told = lines(output)[-1]["comparison"]
    assert [one["question"] for one in told["better"]] == [QUESTIONS[0]["question"]]
    assert told["setup"]["product"] == ["0.0.1", product]
    assert (told["worse"], told["of"], told["faster"] >= 1) == ([], 4, True)
    assert told["changes"]["right"] | {"before": 0, "now": 0} == {
        "of": 4, "before": 0, "now": 0, "better": 1, "worse": 0, "chance": 1.0,
    }  # fmt: skip
    page = tmp_path / "report.html"
    code, output, _ = through("evaluate", path, "--compare", str(old), "--report", str(page))
    assert "Compared with old.json, over 4 questions:" in output
    assert f"Version: 0.0.1 → {product}" in output
    assert "1 better, 0 worse (p 1.000, which may be chance)" in output
    assert "Compared with old.json" in page.read_text("utf-8").replace("&#46;", ".")


def test_alone_with_another_language_and_an_empty_collection(run: Run, tmp_path: Path) -> None:  # noqa: F811
    path = jsonl(tmp_path, [{"question": "Where does the falcon Aurelia nest?", "gold_quotes": ["Wetzlar"]}])
    code, output, _ = run("evaluate", path)
    assert code == 0
    assert "0.0% of 1 questions answered right." in output
    assert run(put(tmp_path, "falcon.md", FALCON), command=ingesting.main)[0] == 0
    code, output, _ = run("evaluate", path, "--json")
    assert (code, lines(output)[0]["right"], lines(output)[0]["gold_rank"]) == (0, True, 1)


def test_a_quote_that_does_not_stand_in_its_document_is_a_failure(
    run: Run,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What is compared is the stored text itself: here it has been lost since it was quoted."""
    assert run(put(tmp_path, "falcon.md", FALCON), command=ingesting.main)[0] == 0
    client = open_client(Settings(data_dir=tmp_path / "data"), "test")
    try:
        asked = ExpectedAnswer(id="a", question="Where does the falcon Aurelia nest?")
        good = QuestionAsker(client).ask(asked)
        assert good.citations == good.citations_valid == 1
        text = client.text
        monkeypatch.setattr(
            client, "text", lambda *key: text(*key).model_copy(update={"text": "Nothing is left."})
        )
        lost = QuestionAsker(client).ask(asked)
        assert (lost.citations, lost.citations_valid, lost.quotes[0].valid) == (1, 0, False)
    finally:
        client.close()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "line 1: this is no JSON"),
        ("[" * 100_000, "line 1: this is no JSON"),
        ('{"question": "a"}\n{"document": "b"}', 'line 2: an object with a "question"'),
        ('{"question": "a", "answer": "b"}', "there is no 'answer'"),
        ('{"question": "a", "refused": "yes"}', "'refused' must be true or false"),
        ('{"question": "a", "gold_quotes": [1]}', "'gold_quotes' must be a text or a list of texts"),
        (
            '{"question": "a", "quote": "b", "gold_quotes": ["c"]}',
            "'gold_quotes' and 'gold_quotes' are the same",
        ),
        ('{"question": "a", "answerable": false, "short_answer": "b"}', "what has no answer has no"),
        ('{"question": "a", "history": [{"answer": "b"}]}', "'question' must be a text"),
        ('{"question": "a", "history": [{"q": "b"}]}', "must have texts, or objects"),
        (
            '{"id": "x", "question": "a"}\n{"id": "x", "question": "b"}',
            "line 2: the id 'x' is that of line 1",
        ),
        (json.dumps({"question": "a" * 4_001}), "the question has 4,001 characters"),
        ("\n", "There are no questions"),
    ],
)
def test_bad_question_files_are_wrong_usage(run: Run, tmp_path: Path, text: str, says: str) -> None:  # noqa: F811
    code, _, errors = run("evaluate", put(tmp_path, "questions.jsonl", text))
    assert code == 2
    assert says in errors


@pytest.mark.parametrize(
    "arguments",
    [["nowhere.jsonl"], ["questions.jsonl", "--compare", "nowhere.json"], ["--make", "0"], ["--make", "2", "--report", "a"],
     ["questions.jsonl", "--make", "2"], ["questions.jsonl", "--language", "fr"]],
)  # fmt: skip
def test_wrong_usage_is_told_before_anything_is_asked(run: Run, tmp_path: Path, arguments: list[str]) -> None:  # noqa: F811
    jsonl(tmp_path, QUESTIONS)
    code, output, errors = run("evaluate", *arguments)
    assert (code, output) == (2, "")
    assert errors


def test_questions_are_written_as_they_are_read(tmp_path: Path) -> None:
    said = {
        "id": "a",
        "question": "Wer?",
        "gold_quotes": ["Ich."],
        "source": ["x", "y"],
        "short_answer": "ich",
        "history": [{"question": "Was?"}, {"question": "Wo?", "answer": "Da."}],
        "language": "de",
        "made_by": "me",
        "note": "n",
    }
    (one,) = read(Path(jsonl(tmp_path, [said])))
    assert as_line(one) == said
    path = Path(jsonl(tmp_path, [{"question": "Wer?"}, {"question": " wer? "}, {"question": "Wer?"}]))
    ids = [one.id for one in read(path)]
    assert ids == [ids[0], ids[1], f"{ids[0]}-2"]
    assert [one.id for one in read(path)] == ids


def test_stopped_in_the_middle_it_keeps_what_was_answered(server: Server, tmp_path: Path) -> None:
    path = jsonl(tmp_path, [{"question": f"{RABIE} {at}"} for at in range(500)])
    result = tmp_path / "result.json"
    process = ForkedCommand(
        "assistant",
        *("evaluate", path, "--json", "--output", str(result)),
        folder=tmp_path,
        environment=environment(ASSISTANT_DATA_DIR=str(server.data)),
        errors=tmp_path / "errors.txt",
    )
    assert json.loads(process.stdout.readline())["question"] == f"{RABIE} 0"
    process.send_signal(signal.SIGINT)
    with process.stdout as output:
        output.read()
    assert process.wait(60) == 1
    assert "of 500 questions." in process.errors.read_text("utf-8")
    saved = json.loads(result.read_text("utf-8"))
    assert 1 <= len(saved["questions"]) < 500
    assert saved["stopped"].startswith("Stopped after")


Change = Callable[[dict[str, Any]], None]


def test_a_server_that_is_gone_ends_the_run_with_what_it_has(
    run: Run,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Three questions in a row that cannot be asked end it; each is named."""
    assert run(put(tmp_path, "falcon.md", FALCON), command=ingesting.main)[0] == 0
    from assistant.client.local import LocalClient
    from ingest.errors import StoreError

    ask = LocalClient.ask

    def breaks(self: LocalClient, question: str, **options: Any) -> Any:
        if question.startswith("Broken"):
            raise StoreError("The server does not answer.")
        return ask(self, question, **options)

    monkeypatch.setattr(LocalClient, "ask", breaks)
    asked = [
        "Where does Aurelia nest?",
        "Broken 1",
        "Where is Wetzlar?",
        *(f"Broken {at}" for at in range(2, 9)),
    ]
    path = jsonl(tmp_path, [{"question": one} for one in asked])
    code, output, errors = run("evaluate", path, "--json")
    assert code == 1
    assert errors.count("The server does not answer.") == 4 + 1
    assert "Given up after 6 of 10 questions" in errors
    assert lines(output)[-1]["summary"]["right"]["of"] == 6


def test_statements_of_written_answers_are_counted_as_their_quotes_bear_them_out(
    run: Run,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    generating_server: Server,
    scripted: ScriptedModel,
) -> None:
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(generating_server.data))
    scripted.answer = right("Osama Rabie", "Osama Rabie chairs it {}. It has 9,999 members {}.")
    page = tmp_path / "report.html"
    path = jsonl(tmp_path, [{"question": RABIE, "source": "Suez", "short_answer": "Osama Rabie"}])
    code, output, errors = run("evaluate", path, "--json", "--report", str(page))
    assert (code, errors) == (0, "")
    question, last = lines(output)
    assert (question["mode"], question["right"], question["latency_ms"] > 0) == ("generated", True, True)
    assert (question["supported"], question["unsupported"]) == (1, 1)
    assert last["summary"]["supported"]["value"] == 0.5
    assert "scripted-1" in page.read_text("utf-8")
