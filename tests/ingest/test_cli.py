"""The command `ingest`, alone and through a running server."""

from __future__ import annotations

import json
import os
import re
import signal
import threading
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from ingest import cli
from ingest.cli import main
from tests.support.file_vectors import READABLE, UNREADABLE
from tests.support.forked_command import ForkedCommand
from tests.support.office_vectors import OFFICE_READABLE, OFFICE_UNREADABLE
from tests.support.server import Server, environment

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
    monkeypatch.setenv("ASSISTANT_ALLOW_PRIVATE_URLS", "true")
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        return status, *capsys.readouterr()

    return run


@pytest.fixture(params=["alone", "through"])
def both(run: Run, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command alone, and over the data folder of the running server."""
    if request.param == "through":
        monkeypatch.setenv("ASSISTANT_DATA_DIR", str(request.getfixturevalue("server").data))
    return run


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    (folder / "deep").mkdir(parents=True)
    (folder / "one.md").write_text("# One\n\nThe first article is about bees. Bees dance.", encoding="utf-8")
    (folder / "deep" / "zwei.txt").write_text("Der zweite Artikel handelt von Möwen.", encoding="utf-8")
    (folder / "photo.png").write_bytes(b"\x89PNG")
    return folder


def results(output: str) -> tuple[dict[str, tuple[str, str | None]], dict[str, Any]]:
    """Outcome and error by source, and the summary."""
    *lines, last = (json.loads(line) for line in output.splitlines())
    assert all(line.keys() == {"source", "outcome", "document_id", "title", "error"} for line in lines)
    return {line["source"]: (line["outcome"], line["error"]) for line in lines}, last["summary"]


def test_a_folder_goes_in_and_again(both: Run, articles: Path) -> None:
    code, output, errors = both("articles", "--json")
    assert (code, errors) == (0, "")
    found, summary = results(output)
    one, two = str(articles / "one.md"), str(articles / "deep" / "zwei.txt")
    assert found == {one: ("added", None), two: ("added", None)}
    assert (summary["added"], summary["failed"]) == (2, 0)
    (articles / "one.md").write_text("# One\n\nThe first article is about wasps.", encoding="utf-8")
    found, _ = results(both(str(articles), one, "--json")[1])
    assert found == {one: ("replaced", None), two: ("unchanged", None)}
    code, output, errors = both("articles")
    assert (code, errors) == (0, "")
    assert re.fullmatch(r"2 unchanged in [\d.]+ s, 1 skipped: \.png 1\.\n", output)


def test_files_of_other_formats_are_counted(run: Run, articles: Path) -> None:
    for name in ("a.doc", "b.DOC", "deep/c.ppt", "LICENSE", ".hidden.doc"):
        (articles / name).write_text("words", encoding="utf-8")
    code, output, _ = run("articles", "articles/*", "--json")
    summary = json.loads(output.splitlines()[-1])["summary"]
    assert (code, summary["added"], summary["skipped"]) == (0, 2, 5)
    assert summary["skipped_formats"] == {".doc": 2, ".png": 1, ".ppt": 1, "without suffix": 1}
    assert "5 skipped: .doc 2, " in run("articles")[1]
    assert "skipped" not in run("articles/one.md")[1]


def test_two_codings_of_a_name_are_one_document(both: Run, tmp_path: Path) -> None:
    name = "Zürcher Brücke.md"
    composed, split = unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name)
    (tmp_path / split).write_text("The bridge of Zürich is closed.", encoding="utf-8")
    assert both(split)[1].startswith("1 added")
    assert both(composed)[1].startswith("1 unchanged")
    (tmp_path / split).rename(tmp_path / composed)
    assert both(composed)[1].startswith("1 unchanged")
    assert both(str(tmp_path), "--sync")[1].startswith("1 unchanged")
    (tmp_path / composed).write_text("The bridge of Zürich is open.", encoding="utf-8")
    assert both(composed)[1].startswith("1 replaced")


def test_names_that_differ_in_case_only_are_two_documents(run: Run, tmp_path: Path) -> None:
    for name in ("Report.md", "report.md"):
        (tmp_path / name).write_text(f"This is the text of {name}.", encoding="utf-8")
    assert run("Report.md", "report.md")[1].startswith("2 added")


def test_what_fails_is_named_and_the_rest_goes_in(both: Run, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    chosen = [*READABLE[:3], *UNREADABLE[:4]]
    for vector in chosen:
        (folder / vector.name).write_bytes(vector.make())
    sources = [str(folder / vector.name) for vector in chosen]
    code, output, errors = both(*sources, "nowhere.md", "photo.png", "--json")
    assert code == 1
    found, summary = results(output)
    assert [found[source][0] for source in sources] == ["added"] * 3 + ["failed"] * 4
    assert summary["failed"] == 6
    assert len([line for line in errors.splitlines() if line.startswith("failed: ")]) == 6
    for vector, source in zip(chosen[3:], sources[3:], strict=True):
        assert vector.says in str(found[source][1])
        assert f"failed: {source}: " in errors
    assert f"failed: {tmp_path / 'nowhere.md'}: does not exist: check the path" in errors


def test_files_of_every_kind_are_read_or_named(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    readable, unreadable = (*READABLE, *OFFICE_READABLE), (*UNREADABLE, *OFFICE_UNREADABLE)
    for vector in (*readable, *unreadable):
        (folder / vector.name).write_bytes(vector.make())
    code, output, _ = run(*(str(folder / vector.name) for vector in (*readable, *unreadable)), "--json")
    found, summary = results(output)
    assert (code, summary["added"], summary["failed"]) == (1, len(readable), len(unreadable))
    for vector in unreadable:
        assert vector.says in str(found[str(folder / vector.name)][1])


def test_what_was_added_is_named_where_others_failed(both: Run, tmp_path: Path) -> None:
    for name in ("one.md", "two.md"):
        (tmp_path / name).write_text(f"This is the text of {name}.", encoding="utf-8")
    code, output, errors = both("one.md", "nowhere.md", "two.md")
    assert code == 1
    assert "failed: " in errors
    *named, summary = output.splitlines()
    assert named == [f"added: {tmp_path / name}" for name in ("one.md", "two.md")]
    assert summary.startswith("2 added, 1 failed in ")
    assert len(both("one.md", "two.md")[1].splitlines()) == 1


def test_syncing_removes_what_is_gone_from_the_folder_only(both: Run, articles: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.md"
    other.write_text("# Other\n\nAnother article, outside the folder.", encoding="utf-8")
    assert both("articles", "other.md")[0] == 0
    (articles / "one.md").unlink()
    other.unlink()
    found, summary = results(both("articles", "--json")[1])
    assert summary["removed"] == 0
    code, output, errors = both("articles", "--sync", "--json")
    assert (code, errors) == (0, "")
    found, summary = results(output)
    assert found[str(articles / "one.md")] == ("removed", None)
    assert str(other) not in found
    assert summary["removed"] == 1


def test_a_renamed_file_keeps_its_document(both: Run, articles: Path, tmp_path: Path) -> None:
    (articles / "deep" / "zwei.txt").unlink()
    two, other = articles / "two.md", tmp_path / "other.md"
    other.write_text("# Other\n\nAn article about terns, outside the folder.", encoding="utf-8")
    two.write_text("# Two\n\nThe second article is about gulls.", encoding="utf-8")
    assert both("articles", "other.md")[0] == 0
    (articles / "one.md").rename(articles / "deep" / "first.md")
    two.write_text("# Two\n\nThe second article is about terns.", encoding="utf-8")
    other.unlink()
    code, output, _ = both("articles", "--sync", "--json")
    found, summary = results(output)
    assert (code, found[str(articles / "deep" / "first.md")]) == (0, ("moved", None))
    assert (found[str(two)][0], summary["added"], summary["removed"]) == ("replaced", 0, 0)
    found, summary = results(both("articles", "--sync", "--json")[1])
    assert (summary["unchanged"], summary["moved"], summary["removed"]) == (2, 0, 0)


def test_a_file_renamed_while_the_command_runs_keeps_its_document(
    run: Run, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("articles")[0] == 0
    listed = cli._states

    def renamed_after(files: Any) -> Any:
        states = listed(files)
        (articles / "one.md").rename(articles / "renamed.md")
        return states

    monkeypatch.setattr(cli, "_states", renamed_after)
    found, summary = results(run("articles", "--sync", "--json")[1])
    assert found[str(articles / "renamed.md")] == ("moved", None)
    assert (summary["removed"], summary["added"]) == (0, 0)


@pytest.mark.parametrize("arguments", [[], ["--json"], ["a.md", "--loud"]])
def test_wrong_usage(run: Run, arguments: list[str]) -> None:
    code, output, errors = run(*arguments)
    assert (code, output) == (2, "")
    assert "usage: ingest" in errors


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        (
            "ASSISTANT_MAX_UPLOAD_MB",
            "lots",
            "ASSISTANT_MAX_UPLOAD_MB='lots' is wrong: give a whole number, 1 or more.",
        ),
        ("ASSISTANT_DATA", "elsewhere", "Did you mean ASSISTANT_DATA_DIR?"),
    ],
)
def test_wrong_settings_are_named(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(name, value)
    code, _, errors = run("a.md")
    assert code == 2
    assert says in errors


def test_a_file_over_the_limit_is_named(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_MAX_UPLOAD_MB", "1")
    (tmp_path / "big.txt").write_text("long " * 300_000)
    code, _, errors = run("big.txt")
    assert code == 1
    assert "1.5 MB, more than the 1.0 MB allowed" in errors


def test_names_from_hell(both: Run, tmp_path: Path) -> None:
    """Markup, control characters, bytes that are no text: each name is told, none is obeyed."""
    folder = tmp_path / "hell"
    folder.mkdir()
    for name in ("[red]bold[.md", "line\nbreak.md", "esc\x1b[31m.md", "空 ünï.md", "-json.md"):
        (folder / name).write_text(
            f"# Title\n\nText of the file with the name number {len(name)}.", encoding="utf-8"
        )
    (folder / os.fsdecode(b"caf\xe9.md")).write_text("# Title\n\nText.", encoding="utf-8")
    code, output, errors = both("hell", "--json")
    assert code == 1
    found, summary = results(output)
    assert (summary["added"], summary["failed"]) == (5, 1)
    assert found[str(folder / "[red]bold[.md")] == ("added", None)
    assert errors == f"failed: {folder}/caf\ufffd.md: has a name that is no text: rename it\n"


@pytest.fixture
def site() -> Iterator[str]:
    """A site on this machine: a feed of two pages and one that is missing."""
    pages = {
        "/feed": ("application/rss+xml", "<rss version='2.0'><channel>{}</channel></rss>"),
        "/ants": (
            "text/html",
            "<html><body><h1>Ants</h1><p>Ants carry leaves all day long.</p></body></html>",
        ),
        "/owls": ("text/html", "<html><body><h1>Owls</h1><p>Owls turn their heads around.</p></body></html>"),
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, body = pages.get(self.path, ("text/plain", ""))
            here = f"http://{self.headers['Host']}"
            links = "".join(f"<item><link>{here}{path}</link></item>" for path in ("/ants", "/owls", "/gone"))
            self.send_response(200 if self.path in pages else 404)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(body.format(links).encode())

        def log_message(self, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_pages_and_feeds(run: Run, site: str) -> None:
    code, output, errors = run(f"{site}/feed", f"{site}/ants", "--json")
    assert code == 1
    found, _ = results(output)
    assert {source: outcome for source, (outcome, _) in found.items()} == {
        f"{site}/ants": "added",
        f"{site}/owls": "added",
        f"{site}/gone": "failed",
    }
    assert f"failed: {site}/gone: " in errors
    assert run("https://user:secret@example.org/", "ftp://example.org/a")[0] == 1


@contextmanager
def started(folder: Path, data: Path, *arguments: str) -> Iterator[ForkedCommand]:
    """The command as it runs in ``folder``."""
    settings, errors = environment(ASSISTANT_DATA_DIR=str(data)), folder / "errors.txt"
    process = ForkedCommand("ingest", *arguments, folder=folder, environment=settings, errors=errors)
    try:
        yield process
    finally:
        process.kill()
        process.stdout.close()


def line(process: ForkedCommand) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(process.stdout.readline())
    return data


def ended(process: ForkedCommand) -> tuple[int, list[dict[str, Any]], str]:
    """Exit status, the other lines of output, and errors, after Ctrl-C."""
    process.send_signal(signal.SIGINT)
    output = process.stdout.read()
    code = process.wait(60)
    return code, [json.loads(one) for one in output.splitlines()], process.errors.read_text("utf-8")


def test_watching(server: Server, articles: Path, tmp_path: Path) -> None:
    with started(tmp_path, server.data, str(articles), "--watch", "--sync", "--json") as process:
        assert {line(process)["outcome"], line(process)["outcome"]} == {"added"}
        (articles / "three.md").write_text("# Three\n\nThe third article is about cranes.", encoding="utf-8")
        added = line(process)
        assert (added["source"], added["outcome"]) == (str(articles / "three.md"), "added")
        (articles / "three.md").write_text("# Three\n\nThe third article is about storks.", encoding="utf-8")
        assert line(process)["outcome"] == "replaced"
        (articles / "one.md").unlink()
        removed = line(process)
        assert (removed["source"], removed["outcome"]) == (str(articles / "one.md"), "removed")
        code, rest, errors = ended(process)
    assert (code, errors) == (0, "")
    assert rest[-1]["summary"]["added"] == 3


@pytest.mark.parametrize("through", [False, True])
def test_ctrl_c_stops_and_says_what_was_stored(
    through: bool, tmp_path: Path, run: Run, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ASSISTANT_EMBEDDING_MODEL")  # a model that takes its time over twelve files
    data = request.getfixturevalue("server").data if through else tmp_path / "data"
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(12):
        sections = [f"## Section {n}\n\nIn file {number} this is section {n}.\n" for n in range(140)]
        (folder / f"{number:02}.md").write_text("\n".join(sections))
    with started(tmp_path, data, str(folder), "--json") as process:
        assert line(process)["outcome"] == "added"
        code, rest, errors = ended(process)
    assert code == 1
    summary = rest[-1]["summary"]
    assert summary["added"] >= 1
    assert summary["cancelled"] >= 1
    assert summary["added"] + summary["cancelled"] == 12
    assert "Stopped. What was stored stays" in errors
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(data))
    found, _ = results(run(str(folder / "00.md"), "--json")[1])
    assert found == {str(folder / "00.md"): ("unchanged", None)}
