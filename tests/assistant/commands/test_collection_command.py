"""`assistant documents export` and `import`, alone and through a running server, and files that do not fit together."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingest import cli as ingesting
from tests.assistant.test_commands import FALCON, Run, lines, put, run, through  # noqa: F401  # fixtures
from tests.support.server import Server

OTTER = "# Otters\n\nThe otter Bruno lives below the weir of Kassel. He was seen in 2024.\n"


def elsewhere(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """From here on commands are about another data folder."""
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(folder))


def filled(run: Run, folder: Path) -> dict[str, Any]:  # noqa: F811
    """Two articles, of which one has an earlier version and a corrected title; returns its record."""
    put(folder, "falcon.md", FALCON.replace("four", "three"))
    put(folder, "otter.md", OTTER)
    assert run("falcon.md", "otter.md", command=ingesting.main)[0] == 0
    put(folder, "falcon.md", FALCON)
    assert run("falcon.md", command=ingesting.main)[0] == 0
    return corrected(run)


def corrected(run: Run) -> dict[str, Any]:  # noqa: F811
    (found,) = [one for one in lines(run("documents", "--json")[1]) if one["title"] == "Falcons"]
    return lines(run("correct", found["id"], "--title", "Falken", "--json")[1])[0]


def altered(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """A copy of a collection whose members are changed."""
    with zipfile.ZipFile(path) as file:
        members = {name: file.read(name) for name in file.namelist()}
    change(members)
    copy = path.with_name("altered.zip")
    with zipfile.ZipFile(copy, "w") as file:
        for name, data in members.items():
            file.writestr(name, data)
    return copy


def test_a_collection_moves_with_all_that_is_known_of_it(
    run: Run,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    falcon = filled(run, tmp_path)
    before = lines(run("documents", "--json")[1])
    code, output, errors = run("documents", "export", "all.zip", "--json")
    assert (code, errors, lines(output)[0]["exported"]) == (0, "", 2)
    assert run("documents", "export", "all.zip")[0] == 1  # it is there already

    elsewhere(monkeypatch, tmp_path / "moved")
    assert run("documents", "import", "all.zip")[:2] == (0, "2 added.\n")
    assert sorted(lines(run("documents", "--json")[1]), key=str) == sorted(before, key=str)
    assert run("documents", "import", "all.zip")[1] == "2 unchanged.\n"
    assert "Bruno" in run("ask", "Where does the otter Bruno live?")[1]
    kept = list((tmp_path / "moved" / "originals").glob("*/*.md"))
    assert {path.read_text() for path in kept} == {FALCON, OTTER}

    # What has changed here since becomes an earlier version.
    put(tmp_path, "falcon.md", FALCON.replace("four", "five"))
    assert run("falcon.md", command=ingesting.main)[0] == 0
    assert run("documents", "import", "all.zip")[1] == "1 replaced, 1 unchanged.\n"
    (now,) = [one for one in lines(run("documents", "--json")[1]) if one["id"] == falcon["id"]]
    assert now == falcon


def test_through_a_server_it_moves_out_and_in(
    through: Run,  # noqa: F811
    server: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server.add(falcon=FALCON.replace("four", "three"))
    (job,) = server.add(falcon=FALCON)
    assert through("documents", "export", "all.zip")[0] == 0
    server.call("DELETE", f"/api/documents/{job['document_id']}")
    code, output, errors = through("documents", "import", "all.zip", "--json")
    assert (code, errors) == (0, "")
    outcomes = {line["document_id"]: line["outcome"] for line in lines(output)[:-1]}
    assert outcomes.pop(job["document_id"]) == "added"
    assert set(outcomes.values()) == {"unchanged"}
    known = server.call("GET", f"/api/documents/{job['document_id']}/versions").json()
    assert len(known["earlier"]) == 1
    version = {"version": known["earlier"][0]["version"]}
    text = server.call("GET", f"/api/documents/{job['document_id']}/text", params=version).json()["text"]
    assert "three chicks" in text
    original = server.call("GET", f"/api/documents/{job['document_id']}/original")
    assert original.text == FALCON
    refused = server.call("POST", "/api/collection", content=b"PK\x03\x04 no collection")
    assert refused.status_code == 422
    assert "assistant documents export" in refused.json()["detail"]
    assert not list((server.data / "uploads").glob("*collection*"))
    elsewhere(monkeypatch, tmp_path / "moved")
    assert "added" in through("documents", "import", "all.zip")[1]


def test_another_model_embeds_anew(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    filled(run, tmp_path)
    run("documents", "export", "all.zip")

    def by_another(members: dict[str, bytes]) -> None:
        head = json.loads(members["collection.json"])
        members["collection.json"] = json.dumps(head | {"fingerprint": "another"}).encode()
        for name in list(members):
            if name.startswith("vectors/"):
                members[name] = b"of another shape"

    altered(tmp_path / "all.zip", by_another)
    elsewhere(monkeypatch, tmp_path / "moved")
    assert run("documents", "import", "altered.zip")[1] == "2 added.\n"
    assert "Bruno" in run("ask", "Where does the otter Bruno live?")[1]


DAMAGES: dict[str, Callable[[dict[str, Any]], object]] = {
    "another text": lambda entry: entry["document"].update(text="Something else."),
    "another source": lambda entry: entry["document"].update(source="otter2.md"),
    "no passages": lambda entry: entry["passages"].clear(),
    "a passage elsewhere": lambda entry: entry["passages"][0].update(start=3),
    "a long sentence": lambda entry: entry["passages"][0].update(sentences=[[5, 5_000]]),
    "no document": lambda entry: entry.pop("document"),
    "a time without a zone": lambda entry: entry.update(added="2024-01-01T00:00:00"),
    "a page beyond the end": lambda entry: entry["document"].update(page_starts=[0, 99_999]),
}


def test_what_does_not_fit_together_is_named_and_the_rest_stored(
    run: Run,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = [put(tmp_path, f"{kind}.md", OTTER.replace("Bruno", kind)) for kind in DAMAGES]
    assert run(*names, put(tmp_path, "falcon.md", FALCON), command=ingesting.main)[0] == 0
    run("documents", "export", "all.zip")

    def damaged(members: dict[str, bytes]) -> None:
        for name, data in members.items():
            kind = Path(json.loads(data)["document"]["source"]).stem if name.startswith("documents/") else ""
            if kind in DAMAGES:
                entry = json.loads(data)
                DAMAGES[kind](entry)
                members[name] = json.dumps(entry).encode()
        members["../outside.md"] = members["documents/../../outside.json"] = b"{}"

    altered(tmp_path / "all.zip", damaged)
    elsewhere(monkeypatch, tmp_path / "moved")
    code, output, errors = run("documents", "import", "altered.zip")
    assert code == 1
    assert sorted(output.strip(".\n").split(", ")) == ["1 added", f"{len(DAMAGES)} failed"]
    assert errors.count("does not fit together") == len(DAMAGES)
    assert [one["title"] for one in lines(run("documents", "--json")[1])] == ["Falcons"]
    assert not list(tmp_path.glob("**/outside*"))


def test_wrong_files_are_named(run: Run, tmp_path: Path) -> None:  # noqa: F811
    assert run("documents", "import", "nowhere.zip")[0] == 1
    put(tmp_path, "notes.zip", "no archive")
    code, output, errors = run("documents", "import", "notes.zip")
    assert (code, output) == (1, "")
    assert "assistant documents export" in errors
    assert run("documents", "export", "none.zip")[0] == 1
    assert not (tmp_path / "none.zip").exists()
