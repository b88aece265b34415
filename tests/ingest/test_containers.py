"""Files that hold several documents, by the command alone: what is in the index equals a plain model of the files."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.cli import main
from ingest.client.targets import LocalTarget, open_target
from ingest.containers import ContainerLimits, Unpacking
from ingest.errors import SourceError
from ingest.loaders import open_container
from ingest.loaders.sandbox import Sandbox
from ingest.pipeline import Progress
from ingest.settings import load_settings
from ingest.sources import Source
from ingest.types import Item, Result
from tests.support import containers as building

NUMBERS = count()


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Iterator[LocalTarget]:
    """An index in this process, for all tests: each brings files of its own name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASSISTANT_DATA_DIR", str(tmp_path_factory.mktemp("data")))
        patch.setenv("ASSISTANT_EMBEDDING_MODEL", str(tiny_model))
        opened = open_target(load_settings(), "test")
    assert isinstance(opened, LocalTarget)
    yield opened
    opened.close()


def ingested(target: LocalTarget, *paths: Path) -> dict[str, Result]:
    """What became of each document, by its source without the folder."""
    results: list[Result] = []

    def on_progress(progress: Progress) -> None:
        if progress.result is not None:
            results.append(progress.result)

    target.ingest([Source(name=str(path), path=path) for path in paths], on_progress, lambda: False)
    named = {result.source.removeprefix(f"{paths[0].parent}/"): result for result in results}
    assert len(named) == len(results)
    return named


def stored(target: LocalTarget, path: Path) -> dict[str, str]:
    """The text of each document of a file, by its source without the folder."""
    assert target.index
    return {
        record.source.removeprefix(f"{path.parent}/"): target.index.texts.by_id(record.id)
        for record in target.index.records()
        if f"{record.container}/".startswith(f"{path}/") or record.source == str(path)
    }


def test_an_archive_becomes_its_documents(target: LocalTarget, tmp_path: Path) -> None:
    path = tmp_path / "archive.zip"
    path.write_bytes(building.archive())
    results = ingested(target, path)
    failed = {name for name, result in results.items() if result.outcome == "failed"}
    assert results.keys() - failed == building.FOUND
    assert failed == {"archive.zip/damaged.pdf"}
    texts = stored(target, path)
    assert texts.keys() == building.FOUND
    assert texts["archive.zip/minutes/may.txt"] == building.MAY
    assert texts["archive.zip/feed.jsonl#2"] == "The second one.\n\nIt has two."
    again = ingested(target, path)
    assert {result.outcome for name, result in again.items() if name not in failed} == {"unchanged"}


def test_members_keep_their_own_bytes_and_dates(target: LocalTarget, tmp_path: Path) -> None:
    path = tmp_path / "letter.eml"
    words = b"Minutes that lie nowhere else."
    path.write_bytes(building.mail(minutes__txt=words))
    results = ingested(target, path)
    assert target.index
    letter = target.index.record(str(results["letter.eml"].document_id))
    minutes = target.index.record(str(results["letter.eml/minutes.txt"].document_id))
    assert letter
    assert minutes
    assert (letter.title, str(letter.published), letter.published_from) == (
        "The harbour",
        "2026-03-17",
        "mail",
    )
    assert (letter.authors, letter.container, minutes.container) == (("Ann Lee",), "", str(path))
    kept = target._originals.find(minutes.sha256)
    assert kept
    assert kept.read_bytes() == words
    path.write_bytes(building.mail())
    assert {name: result.outcome for name, result in ingested(target, path).items()} == {
        "letter.eml": "replaced",
        "letter.eml/minutes.txt": "removed",
    }
    assert target._originals.find(minutes.sha256) is None


def test_removing_a_mail_removes_its_attachments(target: LocalTarget, tmp_path: Path) -> None:
    path = tmp_path / "gone.eml"
    path.write_bytes(building.mail(minutes__txt=b"What only this attachment says."))
    results = ingested(target, path)
    removed = target.remove([str(results["gone.eml"].document_id)])
    assert {record.source for record in removed} == {str(path), f"{path}/minutes.txt"}
    assert not stored(target, path)


@dataclass(frozen=True)
class Tree:
    """Files by name: a text, None for a damaged PDF, b"" for a damaged archive, or an archive of files."""

    files: dict[str, str | bytes | Tree | None] = field(default_factory=dict)

    def packed(self) -> bytes:
        packed: dict[str, bytes | str] = {}
        for name, value in self.files.items():
            match value:
                case Tree():
                    packed[f"{name}.zip"] = value.packed()
                case bytes():
                    packed[f"{name}.zip"] = b"no archive"
                case None:
                    packed[f"{name}.pdf"] = b"no PDF"
                case text:
                    packed[f"{name}.txt"] = text
        return building.zipped(packed)

    def after(self, source: str, before: dict[str, str]) -> dict[str, str]:
        """The documents, by source, where those of ``before`` were there: what cannot be read stays as it was."""
        found: dict[str, str] = {}
        for name, value in self.files.items():
            match value:
                case Tree():
                    inside = f"{source}/{name}.zip"
                    found |= value.after(inside, before) if value.files else kept(before, f"{inside}/")
                case bytes():
                    found |= kept(before, f"{source}/{name}.zip/")
                case None:
                    found |= kept(before, f"{source}/{name}.pdf")
                case text:
                    found[f"{source}/{name}.txt"] = text
        return found


def kept(before: dict[str, str], start: str) -> dict[str, str]:
    return {source: text for source, text in before.items() if source.startswith(start)}


names = st.sampled_from(["a", "b", "folder/c", "ä ö", "日本"])
texts = st.sampled_from(["Bees dance.", "Gulls cry over the harbour.", "The mill was sold."])
leaves = st.one_of(texts, texts, st.none(), st.just(b""))
branches = st.recursive(
    st.dictionaries(names, leaves, max_size=4).map(Tree),
    lambda inner: st.dictionaries(names, st.one_of(leaves, inner), max_size=4).map(Tree),
    max_leaves=8,
)


trees = branches.filter(lambda tree: bool(tree.files))


@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(histories=st.lists(st.tuples(trees, trees), min_size=3, max_size=4))
def test_the_index_holds_what_archives_hold(
    target: LocalTarget, tmp_path: Path, histories: list[tuple[Tree, Tree]]
) -> None:
    """Also after a second version of each."""
    paths = [tmp_path / f"tree-{next(NUMBERS)}.zip" for _ in histories]
    expected: list[dict[str, str]] = [{} for _ in histories]
    for versions in zip(*histories, strict=True):
        for number, (path, tree) in enumerate(zip(paths, versions, strict=True)):
            path.write_bytes(tree.packed())
            expected[number] = tree.after(path.name, expected[number])
        ingested(target, *paths)
        assert [stored(target, path) for path in paths] == expected


def test_sync_removes_the_documents_of_an_archive_that_is_gone(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    with_tiny_model: None,
) -> None:
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path / "data"))
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "archive.zip").write_bytes(building.archive())
    (folder / "kept.eml").write_bytes(building.mail(minutes__txt=building.MAY.encode()))
    assert main([str(folder), "--sync"]) == 1
    said = capsys.readouterr()
    assert "archive.zip/damaged.pdf: is damaged" in said.err
    assert "8 added, 1 failed in " in said.out
    assert "1 skipped: .png 1" in said.out
    (folder / "archive.zip").unlink()
    assert main([str(folder), "--sync", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    removed = {
        line["source"].removeprefix(f"{folder}/") for line in lines if line.get("outcome") == "removed"
    }
    assert removed == building.FOUND
    assert lines[-1]["summary"]["unchanged"] == 2


def unpacked(data: bytes, tmp_path: Path, name: str = "x.zip", **limits: int) -> tuple[list[str], list[str]]:
    """The sources that are found in a file, and the reasons why others are not."""
    path = tmp_path / name
    path.write_bytes(data)
    (tmp_path / "bytes").mkdir(exist_ok=True)
    with Sandbox() as sandbox:
        item = Item(source=name, name=name, path=path)
        unpacking = Unpacking(
            item=item, sandbox=sandbox, folder=tmp_path / "bytes", limits=ContainerLimits(**limits)
        )
        items = list(unpacking.items())
        unpacking.close()
    assert not list((tmp_path / "bytes").iterdir())
    found = [item.source for item in items if isinstance(item, Item)]
    return found, [str(item) for item in items if isinstance(item, SourceError)]


def lying_archive() -> bytes:
    """An entry that unpacks to more than it says."""
    data = bytearray(building.zipped({"a.txt": "x" * 5_000, "b.txt": "Fine."}))
    for signature, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = data.index(signature)
        data[start + at : start + at + 4] = struct.pack("<I", 10)
    return bytes(data)


def encrypted(*names: str) -> bytes:
    """An archive of which these entries say that they are encrypted."""
    data = bytearray(building.zipped({"a.txt": "One.", "b.txt": "Two."}))
    for signature, flags, length in ((b"PK\x03\x04", 6, 26), (b"PK\x01\x02", 8, 28)):
        at = data.find(signature)
        while at >= 0:
            start = at + (30 if length == 26 else 46)
            size = struct.unpack("<H", data[at + length : at + length + 2])[0]
            if bytes(data[start : start + size]).decode() in names:
                data[at + flags] |= 1
            at = data.find(signature, at + 4)
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "limits", "found", "reason"),
    [
        (b"no archive", {}, [], "x.zip: is damaged or no ZIP archive"),
        (building.zipped({}), {}, [], "x.zip: is an empty archive"),
        (building.zipped({"a.png": b"x"}), {}, [], "none of its 1 files can be read"),
        (
            building.zipped({"word/document.xml": "", "[Content_Types].xml": ""}),
            {},
            [],
            "rename it to end in .docx",
        ),
        (
            building.zipped({"a.txt": b"0" * 11_000_000, "b.txt": "B."}),
            {},
            ["x.zip/b.txt"],
            "a.txt: unpacks to 11 MB",
        ),
        (
            building.zipped({"a.txt": "A.", "b.txt": "B."}),
            {"members": 1},
            [],
            "holds 2 files, more than the 1",
        ),
        (
            building.zipped({"a.txt": "A" * 2_000_000}),
            {"total": 1_000_000},
            [],
            "unpacks to 2 MB, more than the 1 MB",
        ),
        (
            building.zipped({"a.zip": building.zipped({"b.txt": "B."})}),
            {"depth": 0},
            [],
            "more than 0 archives",
        ),
        (lying_archive(), {}, ["x.zip/b.txt"], "a.txt: is damaged in the archive"),
        (encrypted("a.txt"), {}, ["x.zip/b.txt"], "a.txt: is encrypted"),
        (encrypted("a.txt", "b.txt"), {}, [], "x.zip: is encrypted"),
    ],
)
def test_bombs_and_broken_archives_are_named(
    data: bytes, limits: dict[str, int], found: list[str], reason: str, tmp_path: Path
) -> None:
    sources, reasons = unpacked(data, tmp_path, **limits)
    assert sources == found
    assert len(reasons) == 1
    assert reason in reasons[0]


@pytest.mark.parametrize(
    ("name", "encoding", "path"),
    [
        ("../../etc/passwd.txt", "utf-8", "etc/passwd.txt"),
        ("/root/a.txt", "utf-8", "root/a.txt"),
        ("C:\\Akten\\..\\a.txt", "utf-8", "Akten/a.txt"),
        ("Prüfung größer.txt", "cp850", "Prüfung größer.txt"),
        ("Übergabe.txt", "cp1252", "Übergabe.txt"),
        ("Протокол.txt", "cp866", "Протокол.txt"),
        ("Größe.txt", "utf-8", "Größe.txt"),
    ],
)
def test_paths_stay_inside_and_names_are_read_in_their_encoding(name: str, encoding: str, path: str) -> None:
    placeholder = "".join(chr(ord("a") + number % 26) for number in range(len(name.encode(encoding))))
    data = building.zipped({placeholder: "Words."}).replace(placeholder.encode(), name.encode(encoding))
    members = open_container(data, "x.zip").contents.members
    assert [member.name for member in members] == [path]


def test_files_of_one_name_are_all_found() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "One.")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.txt", "Two.")
    opened = open_container(buffer.getvalue(), "x.zip")
    assert [member.name for member in opened.contents.members] == ["a.txt", "a (2).txt"]
    assert [opened.read(number) for number in (0, 1)] == [b"One.", b"Two."]


def test_articles_of_one_address_are_all_found(tmp_path: Path) -> None:
    data = building.lines(
        {"text": "Old.", "url": "https://example.org/a"},
        "not JSON",
        {"text": "New.", "url": "https://example.org/a"},
        {"text": "Elsewhere.", "url": "javascript:alert(1)"},
    )
    found, reasons = unpacked(data, tmp_path, "x.jsonl")
    assert found == ["https://example.org/a", "x.jsonl#3", "x.jsonl#4"]
    assert reasons == ["x.jsonl#2: is no JSON object: export it again"]


def test_an_address_in_two_lists_loses_nothing(target: LocalTarget, tmp_path: Path) -> None:
    both = {
        "a.jsonl": json.dumps({"url": "https://news.example/1", "title": "One", "text": "The first one."}),
        "b.jsonl": json.dumps(
            {"url": "https://news.example/1", "title": "One", "text": "Another text of it."}
        ),
        "c.txt": "Beside them.",
    }
    path = tmp_path / "lists.zip"
    with zipfile.ZipFile(path, "w") as file:
        for name, data in both.items():
            file.writestr(name, data)
    results = ingested(target, path)
    assert {result.outcome for result in results.values()} == {"added"}
    assert sorted(stored(target, path).values()) == ["Another text of it.", "Beside them.", "The first one."]
    for name in ("a.jsonl", "b.jsonl"):
        (tmp_path / name).write_text(both[name])
    results_of = [
        result.outcome for result in ingested_all(target, tmp_path / "a.jsonl", tmp_path / "b.jsonl")
    ]
    assert "failed" not in results_of
    assert target.index
    for record in target.index.records():
        assert not record.container or target._originals.find(record.sha256), record.source


def ingested_all(target: LocalTarget, *paths: Path) -> list[Result]:
    """What became of each document, also where two have one source."""
    results: list[Result] = []
    target.ingest(
        [Source(name=str(path), path=path) for path in paths],
        lambda progress: results.append(progress.result) if progress.result else None,
        lambda: False,
    )
    return results
