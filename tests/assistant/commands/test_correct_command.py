"""The command `assistant correct`, alone and through a running server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ingest import cli as ingesting
from tests.assistant.test_commands import Run, lines, put, run, through  # noqa: F401  # fixtures

TEXT = "Quarry report\n\nAdlerbach, 14 March 2026\n\nThe weir was closed, as the warden Mila Kestrel told the council.\n"


def only(run: Run, title: str) -> dict[str, Any]:  # noqa: F811
    (document,) = [one for one in lines(run("documents", "--json")[1]) if one["title"] == title]
    return document


@pytest.fixture(params=["alone", "through a server"])
def either(request: pytest.FixtureRequest) -> Run:
    chosen: Run = request.getfixturevalue("run" if request.param == "alone" else "through")
    return chosen


def test_it_corrects_keeps_and_withdraws(either: Run, tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    put(folder, "other.txt", "Another text about the harbour.")
    path = put(folder, "quarry.txt", TEXT)
    assert either(path, command=ingesting.main)[0] == 0
    document = only(either, "Quarry report")
    assert (document["published"], document["published_from"]) == ("2026-03-14", "text")
    key = document["id"]
    options = ("--title", "The weir", "--published", "2026-02-28", "--author", "Ann Lee", "--author", "Bo Li")
    code, output, errors = either("correct", key, *options, "--source", "archive 17", "--json")
    assert (code, errors) == (0, "")
    changed = lines(output)[0]
    assert changed == only(either, "The weir")
    assert (changed["published"], changed["published_from"]) == ("2026-02-28", "corrected")
    assert (changed["authors"], changed["source"]) == (["Ann Lee", "Bo Li"], "archive 17")
    assert changed["original_source"] == path

    put(folder, "quarry.txt", TEXT.replace("closed", "opened"))
    assert "1 replaced" in either(path, command=ingesting.main)[1]
    assert only(either, "The weir")["authors"] == ["Ann Lee", "Bo Li"]
    code, output, _ = either("correct", key, "--no-authors", "--withdraw", "published", "--withdraw", "title")
    assert code == 0
    assert output.splitlines()[0] == f"{key}  Quarry report"
    assert "  published  2026-03-14\n" in output
    assert "  source     archive 17  (corrected)\n" in output
    (folder / "quarry.txt").unlink()
    assert "1 removed" in either(str(folder), "--sync", command=ingesting.main)[1]


def test_it_says_what_is_wrong(either: Run, tmp_path: Path) -> None:
    assert either(put(tmp_path, "quarry.txt", TEXT), command=ingesting.main)[0] == 0
    key = only(either, "Quarry report")["id"]
    for options, says in (
        ((), "Say what is right"),
        (("--published", "14.3.2026"), 'published: Write a day as in 2026-03-14, or "none".'),
        (("--published", "2999-01-01"), "published: This day is in the future."),
        (("--language", "German"), "language: Write a language code of two letters"),
        (("--title", " "), "title: It must not be empty."),
    ):
        code, output, errors = either("correct", key, *options)
        assert (code, output) == (2, "")
        assert says in errors
    code, _, errors = either("correct", "nothing", "--title", "x")
    assert code == 1
    assert "There is no document 'nothing'" in errors
    assert only(either, "Quarry report")["corrections"] == []
