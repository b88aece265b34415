"""``assistant check`` without a server."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.cli import main
from ingest.cli import main as ingest
from tests.ingest.loaders.test_docx_comments import article, covered

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], with_tiny_model: None
) -> Run:
    """Runs the command over a document; gives its status and what it prints."""
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path / "data"))
    source = tmp_path / "bridge.md"
    source.write_text(
        "# Brücke\n\nDie Brücke war 325 Meter lang. „Nie wieder Krieg“, sagte Vossberg.\n", "utf-8"
    )
    assert ingest([str(source)]) == 0

    def run(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        return main(["check", *arguments]), capsys.readouterr().out

    return run


def test_a_file_is_checked_here_and_written_with_comments(run: Run, tmp_path: Path) -> None:
    draft, out, page = tmp_path / "draft.docx", tmp_path / "out.docx", tmp_path / "out.html"
    draft.write_bytes(article())
    status, said = run(str(draft), "--json", "--docx", str(out), "--html", str(page))
    checked = json.loads(said)
    quotations = {one["text"]: one["verdict"] for one in checked["quotations"]}
    assert quotations == {"Nie wieder Krieg": "verbatim"}
    differs = [one for one in checked["sentences"] if one["verdict"] == "differs"]
    assert status == (1 if differs or checked["quotations"][0]["speaker_verdict"] == "wrong" else 0)
    assert "„Nie wieder Krieg“," in covered(out.read_bytes()).values()
    assert "Nie wieder Krieg" in page.read_text("utf-8")
    status, said = run(str(draft), "--all", "--language", "en")
    assert re.search("^. 3: Quotation .*: Nie wieder Krieg$", said, re.M)
    assert "+ 3: Supported: Die Brücke war 325 Meter lang." in said
    assert "Searched in 1 document." in said


def test_what_cannot_be_read_is_wrong_usage(run: Run, tmp_path: Path) -> None:
    assert run(str(tmp_path / "none.txt"))[0] == 2
    (tmp_path / "a.exe").write_bytes(b"MZ")
    assert run(str(tmp_path / "a.exe"))[0] == 2
    taken = tmp_path / "taken"
    taken.mkdir()
    assert run(str(tmp_path / "bridge.md"), "--html", str(taken))[0] == 2
