"""The command `assistant`, alone and through a running server."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from assistant import cli
from assistant.api.schemas.answers import AnswerSchema
from assistant.client import open_client
from assistant.settings import Settings
from ingest import cli as ingesting
from ingest.settings import ALIKE, ENGLISH_MODEL, IngestSettings, close_to
from ingest.store.lock import FolderLock, owner_of
from tests.support.server import Server, environment

FALCON = "# Falcons\n\nThe falcon Aurelia nests on the tower of Wetzlar cathedral since 2019. She raised four chicks.\n"
COMPLETE = {"ask", "search", "documents", "remove", "status", "reindex", "evaluate", "serve"}

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    with_tiny_model: None,
) -> Run:
    """Runs the command over a new data folder; gives exit status, output and errors."""
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, command: Callable[[Sequence[str]], int] = cli.main) -> tuple[int, str, str]:
        status = command(arguments)
        return status, *capsys.readouterr()

    return run


@pytest.fixture
def through(server: Server, run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command over the data folder of the running server."""
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(server.data))
    return run


def lines(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def put(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_alone_from_nothing_to_an_answer_and_back(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ASSISTANT_EMBEDDING_MODEL")
    assert run("documents") == (0, "", "")
    status = lines(run("status", "--json")[1])[0]
    assert (status["state"], status["documents"], status["embedding_model"]) == (
        "stopped",
        0,
        "multilingual-e5-small",
    )

    samples = Path(cli.__file__).parent / "samples"
    put(tmp_path, "falcon.md", FALCON)
    assert run("falcon.md", str(samples), command=ingesting.main)[0] == 0
    assert lines(run("status", "--json")[1])[0]["embedding_model"] == "multilingual-e5-small"
    (falcon,) = [one for one in lines(run("documents", "--json")[1]) if one["title"] == "Falcons"]
    assert falcon["source"] == str(tmp_path / "falcon.md")
    assert f"{falcon['id']}  " in run("documents")[1]
    code, output, errors = run("search", "wetzlar cathedral", "AURELIA")
    assert (code, errors) == (0, "")
    assert "The falcon [Aurelia] nests on the tower of [Wetzlar cathedral] since 2019." in output
    assert output.endswith("1 place in 1 document.\n")
    assert run("search", "cathedral wetzlar")[1].startswith("Nowhere in the texts")
    assert run("search", "…")[0] == 2

    code, output, errors = run("ask", "Where does the falcon Aurelia nest?", "--json")
    assert (code, errors) == (0, "")
    answer = AnswerSchema.model_validate_json(output)
    assert "Wetzlar" in answer.citations[0].quote
    code, output, _ = run("ask", "Where does the falcon Aurelia nest?")
    assert code == 0
    assert "[1] “" in output
    assert str(tmp_path / "falcon.md") in output

    code, output, _ = run("status", "--verify", "--json")
    found = lines(output)[0]["integrity"]
    assert (code, found["whole"], found["documents"], found["left_over"]) == (0, True, 7, 0)
    assert found["bytes"]["lexical"] > 0
    assert run("remove", falcon["id"], "--json")[:2] == (0, f'{{"removed": "{falcon["id"]}"}}\n')
    code, output, errors = run("remove", falcon["id"], "nope")
    assert (code, output) == (1, "")
    assert falcon["id"] in errors
    assert "nope" in errors
    assert not (tmp_path / "data" / "owner.json").exists()


def test_removing_takes_the_original_along_at_once(run: Run, tmp_path: Path) -> None:
    """A file that was added by the server; another document that is made of the same bytes keeps it."""
    data = tmp_path / "data"
    client = open_client(Settings(data_dir=data), "test")
    added = client.add_text("Falcons", FALCON)
    deadline = time.monotonic() + 60
    while (job := client.job(added.id)).state in ("queued", "running"):
        assert time.monotonic() < deadline, job
        time.sleep(0.02)
    assert job.state == "done", job
    (falcon,) = client.all_documents()
    client.close()
    (original,) = (path for path in (data / "originals").rglob("*") if path.is_file())
    (tmp_path / "copy.md").write_bytes(original.read_bytes())
    assert run("copy.md", command=ingesting.main)[0] == 0
    (copy,) = [one["id"] for one in lines(run("documents", "--json")[1]) if one["id"] != falcon.id]
    assert run("remove", falcon.id)[0] == 0
    assert original.exists()
    assert run("remove", copy)[0] == 0
    assert not original.exists()


def test_listing_documents_imports_no_model(tmp_path: Path) -> None:
    code = (
        "import sys; from assistant import cli; code = cli.main(['documents'])\n"
        "slow = {'torch', 'sentence_transformers', 'transformers', 'gradio', 'mcp', 'langchain'}\n"
        "print(code, sorted(slow & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(ASSISTANT_DATA_DIR=str(tmp_path / "data")),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "0 []\n"


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--port", "99999", "--port='99999' is wrong: give a whole number from 0 to 65535."),
        ("--root-path", "no-slash", "--root-path='no-slash' is wrong: give a path such as /assistant."),
    ],
)
def test_a_wrong_option_is_named_with_what_is_right(run: Run, option: str, value: str, says: str) -> None:
    assert run("serve", option, value) == (2, "", f"{says}\n")


def test_through_the_server_it_is_the_same(through: Run, server: Server, tmp_path: Path) -> None:
    path = put(tmp_path, "falcon.md", FALCON)
    code, output, errors = through(path, "--json", command=ingesting.main)
    assert (code, errors) == (0, "")
    (added, _) = lines(output)
    assert (added["outcome"], added["source"]) == ("added", path)

    assert added["document_id"] in through("documents")[1]
    question = "Where does the falcon Aurelia nest?"
    told = lines(through("ask", question, "--json")[1])[0]
    direct = server.call("POST", "/api/ask", json={"question": question}).json()
    del told["timings_ms"], direct["timings_ms"]
    hit, count = lines(through("search", '"nests on the" tower', "--source", path, "--json")[1])
    assert FALCON.count(hit["text"]) == 1
    assert (count["total"], count["documents"], count["counted"]) == (1, 1, True)
    assert told == direct
    assert list(told) == list(direct)
    status = lines(through("status", "--json")[1])[0]
    assert status == server.call("GET", "/api/status").json()

    original = server.call("GET", f"/api/documents/{added['document_id']}/original")
    assert original.content == FALCON.encode()
    assert list(server.data.glob("uploads/*")) == []
    assert through("remove", added["document_id"])[0] == 0
    assert through("remove", added["document_id"])[0] == 1
    assert through("ask", " ")[0] == 2
    assert "restart it with ASSISTANT_EMBEDDING_MODEL=" in through("reindex")[2]
    assert "Nothing to give up" in through("reindex", "--cancel")[1]


SLUICE = (
    "---\ntitle: The sluice of Marlow\ndate: 2026-05-05\n---\n\nThe sluice of Marlow was repaired yesterday. "
    "Two divers had closed the sluice of Marlow on 3 March 2026.\n"
)


def test_the_course_of_events_here_and_through_the_server(
    run: Run, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(tmp_path, "sluice.md", SLUICE)
    question = "What became of the sluice of Marlow?"
    for folder in (tmp_path / "data", server.data):
        monkeypatch.setenv("ASSISTANT_DATA_DIR", str(folder))
        (added, _) = lines(run(path, "--json", command=ingesting.main)[1])
        told = lines(run("ask", question, "--timeline", "--json")[1])[0]
        assert told["listing"]["kind"] == "timeline"
        assert [group["label"] for group in told["listing"]["groups"]] == ["3 March 2026", "4 May 2026"]
        written = run("ask", question, "--timeline")[1]
        assert written.index("3 March 2026\n") < written.index(
            "4 May 2026 (“yesterday”, published 5 May 2026)\n"
        )
        assert "“yesterday” = 2026-05-04" in written
        run("remove", added["document_id"])


@pytest.mark.parametrize("question", ["", "x" * 20_000])
def test_a_bad_question_is_wrong_usage(run: Run, question: str) -> None:
    code, output, errors = run("ask", question)
    assert (code, output) == (2, "")
    assert "question" in errors


def test_an_empty_index_is_no_failure(run: Run) -> None:
    code, output, errors = run("ask", "Is anyone there?", "--json")
    assert (code, errors) == (0, "")
    assert lines(output)[0]["refused"] is True
    assert run("ask", "Is anyone there?")[1] == "There are no documents yet. Add some, then ask again.\n"


@pytest.mark.parametrize("arguments", [["sing"], ["ask"], ["remove"], ["evaluate"], ["ask", "a", "--loud"]])
def test_wrong_usage(run: Run, arguments: list[str]) -> None:
    code, output, errors = run(*arguments)
    assert (code, output) == (2, "")
    assert "usage: assistant" in errors


def test_a_wrong_port_blames_the_option(run: Run) -> None:
    code, output, errors = run("--port", "many")
    assert (code, output) == (2, "")
    assert errors == "--port='many' is wrong: give a whole number from 0 to 65535.\n"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("ASSISTANT_PORT", "many", "ASSISTANT_PORT='many' is wrong: give a whole number from 0 to 65535."),
        ("ASSISTANT_PROT", "7860", "Did you mean ASSISTANT_PORT?"),
        ("ASSISTANT_LLM_MODEL", "openai:any", "Did you mean ASSISTANT_LLM?"),
    ],
)
def test_wrong_settings_are_named(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(name, value)
    code, _, errors = run("status")
    assert code == 2
    assert says in errors


def test_ingest_lets_the_settings_of_the_assistant_be() -> None:
    of_ingest = {name.upper() for name in IngestSettings.model_fields}
    others = {name.upper() for name in Settings.model_fields} - of_ingest
    assert [name for name in others if close_to(name, of_ingest, ALIKE)] == []


def test_help_names_every_command(run: Run) -> None:
    code, output, _ = run("--help")
    assert code == 0
    assert all(f"    {name}" in output for name in COMPLETE)


def test_a_host_for_others_must_be_meant(run: Run) -> None:
    for host in ("0.0.0.0", "::", "192.168.1.5", "example.org"):  # noqa: S104  # it must be refused
        code, _, errors = run("--host", host)
        assert code == 2
        assert "--insecure" in errors


def test_a_port_that_is_taken_is_told(run: Run, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        code, output, errors = run("serve", "--port", str(other.getsockname()[1]))
    assert (code, output) == (1, "")
    assert "is taken by another program" in errors
    assert not (tmp_path / "data" / "owner.json").exists()


def test_a_second_server_is_sent_to_the_first(through: Run, server: Server) -> None:
    code, output, errors = through("serve", "--port", "0")
    assert (code, output) == (1, "")
    assert server.url in errors


def test_a_folder_in_use_by_a_command_is_told(run: Run, tmp_path: Path) -> None:
    lock = FolderLock(tmp_path / "data", "ingest")
    code, _, errors = run("documents")
    assert code == 1
    assert "in use by `ingest`" in errors
    lock.release()
    assert run("documents")[0] == 0


def test_the_note_of_an_owner_is_private(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path, "test")
    lock.announce("test", "http://127.0.0.1:1")
    owner = owner_of(tmp_path)
    assert owner is not None
    assert (owner.pid, owner.url, owner.token) == (os.getpid(), "http://127.0.0.1:1", lock.token)
    assert lock.token not in repr(owner)
    assert (tmp_path / "owner.json").stat().st_mode & 0o777 == 0o600
    lock.release()
    (tmp_path / "owner.json").write_text("someone else's")
    lock.release()
    assert (tmp_path / "owner.json").exists()


def test_a_server_that_died_is_told(run: Run, tmp_path: Path) -> None:
    lock = FolderLock(tmp_path / "data", "assistant serve")
    lock.announce("assistant serve", "http://127.0.0.1:9")
    code, _, errors = run("documents")
    assert code == 1
    assert "http://127.0.0.1:9 does not answer" in errors
    lock.release()


def test_reindexing_with_another_model(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(put(tmp_path, "falcon.md", FALCON), command=ingesting.main)[0] == 0
    monkeypatch.setenv("ASSISTANT_EMBEDDING_MODEL", ENGLISH_MODEL)
    code, _, errors = run("ask", "Where does the falcon Aurelia nest?")
    assert code == 1
    assert "assistant reindex" in errors
    assert "Falcons" in run("documents")[1]
    code, output, _ = run("reindex", "--json")
    assert (code, lines(output)[0]["embedded"]) == (0, 1)
    assert "Nothing to do" in run("reindex")[1]
    assert run("ask", "Where does the falcon Aurelia nest?")[0] == 0


def test_no_escape_sequence_of_a_title_reaches_the_terminal(run: Run, tmp_path: Path) -> None:
    assert (
        run(put(tmp_path, "a.md", "# Red \x1b[31m alert\n\nThe alert was red."), command=ingesting.main)[0]
        == 0
    )
    assert "\x1b" not in run("documents")[1]


def test_output_that_no_one_reads_is_no_traceback(server: Server) -> None:
    command = f"{sys.executable} -m assistant documents --json | head -c 1"
    done = subprocess.run(
        ["bash", "-c", command],
        env=environment(ASSISTANT_DATA_DIR=str(server.data)),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout == "{"
    assert done.stderr == ""
