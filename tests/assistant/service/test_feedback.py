"""What readers think of answers is kept line by line, and the last word on each counts."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest

from assistant import cli
from assistant.service.feedback import NAME, FeedbackLog, Judgement, RatedCitation, now

CITED = RatedCitation(document_id="d", title="Der Plan", quote="Am Freitag.")
GOOD = Judgement(
    id="a",
    time=now(),
    verdict="up",
    note="",
    question="Wann?\nGenau.",
    answer="Am Freitag. [1]",
    mode="quoted",
    model=None,
    citations=(CITED,),
)


def test_the_last_word_on_an_answer_counts(tmp_path: Path) -> None:
    feedback = FeedbackLog(tmp_path)
    later = replace(GOOD, verdict="down", note="falscher Tag", time=GOOD.time + timedelta(seconds=1))
    for judgement in (GOOD, replace(GOOD, id="b"), later, replace(GOOD, id="b", verdict="none")):
        feedback.add(judgement)
    assert feedback.all() == [later]
    assert FeedbackLog(tmp_path / "empty").all() == []


def test_a_broken_line_costs_only_itself(tmp_path: Path) -> None:
    feedback = FeedbackLog(tmp_path)
    feedback.add(GOOD)
    with (tmp_path / NAME).open("ab") as file:
        file.write(b'{"id": "half\n\xff\n[]\n')
    feedback.add(replace(GOOD, id="b"))
    assert [one.id for one in feedback.all()] == ["a", "b"]


def test_judgements_of_many_readers_do_not_mix(tmp_path: Path) -> None:
    def judge(reader: int) -> None:
        for number in range(20):
            FeedbackLog(tmp_path).add(replace(GOOD, id=f"{reader}-{number}", note="x" * 1_900))

    readers = [Thread(target=judge, args=(reader,)) for reader in range(4)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert len(FeedbackLog(tmp_path).all()) == 80


def test_the_command_prints_what_was_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path))
    FeedbackLog(tmp_path).add(replace(GOOD, note="\x1b[31mred"))
    assert cli.main(["feedback"]) == 0
    printed = capsys.readouterr().out
    assert "up    Wann? Genau.  (" in printed
    assert "\x1b" not in printed
    assert cli.main(["feedback", "--json"]) == 0
    written = capsys.readouterr().out
    assert "\x1b" not in written
    assert json.loads(written)["citations"] == [
        {"document_id": "d", "title": "Der Plan", "quote": "Am Freitag."}
    ]
