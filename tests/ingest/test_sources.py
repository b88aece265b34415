"""What names, folders and patterns expand to, on real files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.errors import SourceError, SourceNotFound, TooLarge, UnsupportedFormat
from ingest.sources import Source, expand


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    for name in (
        "b.txt",
        "a.md",
        "C.PDF",
        "photo.jpeg",
        ".hidden.txt",
        ".git/config.txt",
        "2024/may/deep.html",
        "2024/letter.docx",
        "2024/data.bin",
    ):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("words")
    return folder


def names(found: list[Source | SourceError], folder: Path) -> list[str]:
    assert all(isinstance(item, Source) for item in found)
    return [os.path.relpath(item.path, folder) for item in found if isinstance(item, Source)]


def only_error(found: list[Source | SourceError]) -> SourceError:
    assert len(found) == 1
    assert isinstance(found[0], SourceError)
    return found[0]


def test_a_file_is_known_by_its_absolute_path(articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(articles)
    path = articles / "b.txt"
    assert expand(["b.txt"]) == expand(["./2024/../b.txt"]) == [Source(name=str(path), path=path)]


def test_the_home_folder_is_known(articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(articles))
    assert names(expand(["~/b.txt"]), articles) == ["b.txt"]


def test_folders_are_read_with_what_is_in_them_sorted(articles: Path) -> None:
    assert names(expand([str(articles)]), articles) == [
        "C.PDF",
        "a.md",
        "b.txt",
        "2024/letter.docx",
        "2024/may/deep.html",
    ]


def test_files_of_other_formats_are_told(articles: Path) -> None:
    told: list[str] = []
    expand([str(articles), str(articles / "photo.jpeg")], on_skipped=told.append)
    assert [os.path.relpath(path, articles) for path in told] == ["photo.jpeg", "2024/data.bin"]


def test_a_name_is_found_however_its_letters_are_coded(tmp_path: Path) -> None:
    stored = tmp_path / "Bru\u0308cke.txt"
    stored.write_text("words")
    (found,) = expand([str(tmp_path / "Br\u00fccke.txt")])
    assert isinstance(found, Source)
    assert found.path.samefile(stored)


def test_two_codings_of_one_name_are_one_source_or_named(tmp_path: Path) -> None:
    names = ("Bru\u0308cke.txt", "Br\u00fccke.txt")
    for name in names:
        (tmp_path / name).write_text("words")
    if len(list(tmp_path.iterdir())) == 1:
        pytest.skip("this disk takes them for one name")
    assert len(expand([str(tmp_path)])) == 1
    (tmp_path / names[1]).write_text("other words")
    first, second = expand([str(tmp_path)])
    assert isinstance(first, Source)
    assert isinstance(second, SourceError)
    assert second.code == "name_twice"


def test_a_hidden_file_is_read_when_it_is_named(articles: Path) -> None:
    assert names(expand([str(articles / ".hidden.txt")]), articles) == [".hidden.txt"]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("*.txt", ["b.txt"]),
        ("**/*.[dh]*", ["2024/letter.docx", "2024/may/deep.html"]),
        ("2024", ["2024/letter.docx", "2024/may/deep.html"]),
        ("202?", ["2024/letter.docx", "2024/may/deep.html"]),
        ("*", ["2024/letter.docx", "2024/may/deep.html", "C.PDF", "a.md", "b.txt"]),
    ],
)
def test_patterns(articles: Path, pattern: str, found: list[str]) -> None:
    assert names(expand([str(articles / pattern)]), articles) == found


def test_a_name_that_looks_like_a_pattern_is_a_name(articles: Path) -> None:
    (articles / "notes [1].txt").write_text("words")
    assert names(expand([str(articles / "notes [1].txt")]), articles) == ["notes [1].txt"]


def test_the_order_is_kept_and_nothing_comes_twice(articles: Path) -> None:
    (articles / "link.txt").symlink_to(articles / "a.md")
    (articles / "also.txt").symlink_to(articles / "b.txt")
    sources = [str(articles / "b.txt"), str(articles), str(articles / "*.txt"), "/no/such", "/no/such"]
    found = expand(sources)
    assert names(found[:-1], articles) == ["b.txt", "C.PDF", "a.md", "2024/letter.docx", "2024/may/deep.html"]
    assert isinstance(found[-1], SourceNotFound)


def test_links_that_go_round_end(articles: Path) -> None:
    (articles / "2024" / "up").symlink_to(articles)
    (articles / "self").symlink_to(articles / "self")
    (articles / "2023").symlink_to(articles / "2024")
    assert len(names(expand([str(articles)]), articles)) == 5


def test_a_broken_link_says_so(articles: Path) -> None:
    (articles / "2024" / "gone.txt").symlink_to(articles / "nowhere")
    (error,) = (item for item in expand([str(articles)]) if isinstance(item, SourceError))
    assert isinstance(error, SourceNotFound)
    assert "link to a file that does not exist" in error.reason


@pytest.mark.parametrize(
    ("source", "error", "says"),
    [
        ("missing.txt", SourceNotFound, "does not exist"),
        ("*.docx", SourceNotFound, "no file was found there: the formats are .txt"),
        ("*.jpeg", SourceNotFound, "none of its 1 files can be read: the formats are .txt"),
        ("photo.jpeg", UnsupportedFormat, "files ending in .jpeg cannot be read: convert it to one of .txt"),
        ("b.txt/more", SourceNotFound, "does not exist"),
        ("a\0b.txt", SourceNotFound, "is no path"),
    ],
)
def test_what_cannot_be_read_is_named(
    articles: Path, source: str, error: type[SourceError], says: str
) -> None:
    found = only_error(expand([str(articles / source)]))
    assert type(found) is error
    assert says in found.reason


def test_an_empty_name_is_no_path() -> None:
    assert "is no path" in only_error(expand([""])).reason


def test_an_empty_folder_says_what_is_read(tmp_path: Path) -> None:
    assert (
        "no file was found there: the formats are .txt, .text" in only_error(expand([str(tmp_path)])).reason
    )
    (tmp_path / "data.bin").write_text("1,2")
    assert "none of its 1 files can be read" in only_error(expand([str(tmp_path)])).reason


def test_large_files_are_refused_and_the_others_are_not(articles: Path) -> None:
    (articles / "b.txt").write_bytes(bytes(3_000_000))
    found = expand([str(articles)], max_bytes=2_000_000)
    (error,) = (item for item in found if isinstance(item, SourceError))
    assert isinstance(error, TooLarge)
    assert "has 3.0 MB, more than the 2.0 MB allowed" in error.reason
    assert len(found) == 5


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert isinstance(only_error(expand([str(tmp_path / "pipe.txt")])), UnsupportedFormat)


@pytest.fixture
def nobody(articles: Path) -> Iterator[None]:
    """Rights taken away: from the files, or, as root may read them all the same, from this process."""
    for path in (articles / "b.txt", articles / "2024"):
        path.chmod(0)
    user = os.geteuid()
    if user == 0:
        for folder in (articles, *articles.parents):
            if folder.stat().st_mode & 0o005 != 0o005:
                folder.chmod(0o755)
        os.seteuid(65534)
    yield
    os.seteuid(user)
    (articles / "2024").chmod(0o755)


@pytest.mark.usefixtures("nobody")
def test_missing_rights_are_named(articles: Path) -> None:
    found = expand([str(articles), str(articles / "b.txt")])
    errors = [item for item in found if isinstance(item, SourceError)]
    assert [os.path.basename(error.source) for error in errors] == ["b.txt", "2024"]
    assert all("cannot be opened (" in error.reason for error in errors)
    assert all("ermission denied" in error.reason for error in errors)
    assert len(found) == 4
