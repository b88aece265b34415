"""Scanned pages: recognised where Tesseract is installed, named where they cannot be."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.errors import Cancelled, DamagedSource, EmptySource, TooLarge, reason
from ingest.loaders import hocr, scans
from ingest.loaders import load as load_file
from ingest.loaders.hocr import RecognisedPage
from ingest.loaders.reflow import Line
from ingest.loaders.sandbox import Sandbox
from ingest.loaders.scans import OnPage, Recognition
from ingest.pipeline import ingest
from ingest.store.index import Index
from ingest.types import Content, Item
from tests.support import files as building
from tests.support.scans import drawn, joined, layered, needs_tesseract, scan
from tests.support.waiting import wait_until

TYPED = [
    "The harbour of Sarn was closed on Monday, and nobody knew",
    "for how long. The council met in the evening and said that",
    "the sea wall had to be mended before the autumn came.",
]
GERMAN = [
    "Der Leuchtturm von Sarn wurde im Jahre 1874 gebaut und seit-",
    "dem dreimal erhöht. Über die Kosten stritten die Bürger noch",
    "lange; bezahlt hat sie am Ende die Gemeinde.",
]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


def read(
    sandbox: Sandbox,
    path: Path,
    data: bytes,
    recognition: Recognition | None = None,
    on_page: OnPage = lambda page, pages: None,
) -> Content:
    file = path / "paper.pdf"
    file.write_bytes(data)
    return scans.load(sandbox, file, file.name, recognition or Recognition(), on_page)


def without_tesseract(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")


@needs_tesseract
def test_a_scanned_page_among_others_is_recognised_in_its_place(sandbox: Sandbox, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    data = joined(building.pdf([TYPED]), scan([GERMAN]), building.pdf([TYPED]))
    content = read(sandbox, tmp_path, data, on_page=lambda page, pages: seen.append((page, pages)))
    assert (content.recognised_pages, content.unread_pages, seen) == ((2,), (), [(1, 1)])
    page = content.text[content.page_starts[1] : content.page_starts[2]]
    assert "im Jahre 1874 gebaut und seitdem dreimal erhöht. Über die Kosten" in page
    assert "Leuchtturm" not in content.text[: content.page_starts[1]]


@needs_tesseract
def test_a_page_that_lies_on_its_side_is_turned(sandbox: Sandbox, tmp_path: Path) -> None:
    content = read(sandbox, tmp_path, scan([GERMAN], turned=90))
    assert "im Jahre 1874 gebaut und seitdem dreimal erhöht. Über die Kosten" in content.text


@needs_tesseract
def test_recognition_can_be_stopped_between_pages_and_is_bounded(sandbox: Sandbox, tmp_path: Path) -> None:
    def on_page(page: int, pages: int) -> None:
        raise Cancelled(f"at page {page} of {pages}")

    two = scan([GERMAN, TYPED])
    with pytest.raises(Cancelled, match="at page 1 of 2"):
        read(sandbox, tmp_path, two, on_page=on_page)
    with pytest.raises(TooLarge, match="has 2 scanned pages, more than the 1"):
        read(sandbox, tmp_path, two, Recognition(most_pages=1))


def test_without_tesseract_a_scan_says_how_to_install_it(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_tesseract(monkeypatch)
    with pytest.raises(EmptySource, match=r"apt-get install tesseract-ocr .*ocrmypdf"):
        read(sandbox, tmp_path, scan([GERMAN]))
    with pytest.raises(EmptySource, match="ASSISTANT_OCR=auto"):
        read(sandbox, tmp_path, scan([GERMAN]), Recognition(wanted=False))


def test_without_tesseract_the_pages_that_are_not_read_are_named(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_tesseract(monkeypatch)
    content = read(sandbox, tmp_path, joined(building.pdf([TYPED]), scan([GERMAN, TYPED])))
    assert (content.recognised_pages, content.unread_pages) == ((), (2, 3))
    assert content.text.startswith("The harbour of Sarn")


def test_pages_that_were_not_read_are_read_once_tesseract_is_there(
    tiny_embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    file = tmp_path / "paper.pdf"
    file.write_bytes(joined(building.pdf([TYPED]), scan([GERMAN])))
    item = Item(source=file.name, name=file.name, path=file)
    unread = load_file(file.read_bytes(), file.name)
    found_nothing = replace(unread, recognition_tried=True)
    installed, works = threading.Event(), threading.Event()

    def load(path: Path, name: str, on_page: OnPage) -> Content:
        return found_nothing if works.is_set() else unread

    with closing(Index.open(tmp_path / "data", tiny_embedder)) as index:
        outcomes = []
        for event in (None, None, installed, works, None):
            if event:
                event.set()
            report = ingest([item], index, tiny_embedder, load, recognises=installed.is_set)
            outcomes += [result.outcome for result in report.results]
        assert index.records()[0].recognition_tried
    assert outcomes == ["added", "unchanged", "unchanged", "replaced", "unchanged"]


def test_what_was_read_before_a_scan_does_not_wait_for_it(
    tiny_embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    items = []
    for name in ("a.txt", "scan.txt", "c.txt"):
        (tmp_path / name).write_text(f"The harbour of Sarn was closed on Monday, says {name}.")
        items.append(Item(source=name, name=name, path=tmp_path / name))
    stored: dict[str, set[str]] = {}

    with closing(Index.open(tmp_path / "data", tiny_embedder)) as index:

        def load(path: Path, name: str, on_page: OnPage) -> Content:
            content = load_file(path.read_bytes(), name)
            if name == "scan.txt":
                on_page(1, 1)
                content = replace(content, recognised_pages=(1,))
            stored[name] = {record.source for record in index.records()}
            return content

        ingest(items, index, tiny_embedder, load)
    assert stored == {"a.txt": set(), "scan.txt": {"a.txt"}, "c.txt": {"a.txt", "scan.txt"}}


def fake_tesseract(folder: Path, patch: pytest.MonkeyPatch, then: str, listed: str = "eng") -> None:
    """A program in place of Tesseract that has these languages and reads a picture so, as a shell does."""
    program = folder / "tesseract"
    program.write_text(
        "#!/bin/sh\n"
        f'case "$*" in *--list-langs*) printf "List\\n{listed}\\n"; exit 0;; esac\n'
        f"/bin/cat >/dev/null\n{then}\n"
    )
    program.chmod(0o755)
    patch.setenv("PATH", str(folder))


def commands() -> Iterator[bytes]:
    """Of all processes."""
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it has just ended
            yield file.read_bytes()


def hocr_line(top: int, sure: int, *words: str) -> str:
    spans = "".join(
        f"<span class='ocrx_word' title='bbox {100 * at} {top} {100 * at + 90} {top + 30}; x_wconf {sure}'>{word}</span> "
        for at, word in enumerate(words)
    )
    box = f"bbox 0 {top} {100 * len(words)} {top + 30}"
    return f"<span class='ocr_line' title=\"{box}; baseline 0 -5; x_size 30\">{spans}</span>"


def test_a_page_that_tesseract_fails_on_does_not_lose_the_others(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_tesseract(tmp_path, monkeypatch, "echo 'no memory left' >&2\nexit 3")
    content = read(sandbox, tmp_path, joined(building.pdf([TYPED]), scan([GERMAN])))
    assert content.unread_pages == (2,)
    with pytest.raises(DamagedSource, match=r"cannot read page 1 \(no memory left\)"):
        read(sandbox, tmp_path, scan([GERMAN]))


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_tesseract_ends_when_reading_is_interrupted(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "never")
    fake_tesseract(tmp_path, monkeypatch, f"read line <{tmp_path}/never")
    page, main = scan([GERMAN]), threading.get_ident()

    def runs() -> bool:
        return any(f"{tmp_path}/tesseract".encode() in command for command in commands())

    def interrupt() -> None:
        wait_until(runs)
        signal.pthread_kill(main, signal.SIGINT)

    # Where tests are started in the background, the shell has them ignore it.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        threading.Thread(target=interrupt, daemon=True).start()
        with pytest.raises(KeyboardInterrupt):
            read(sandbox, tmp_path, page)
    finally:
        signal.signal(signal.SIGINT, before)
    wait_until(lambda: not runs())


def test_a_page_that_is_too_large_does_not_lose_the_others(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def recognise(path: Path, name: str, *_: object) -> RecognisedPage:
        raise TooLarge(name, "memory")

    fake_tesseract(tmp_path, monkeypatch, "exit 3")
    monkeypatch.setattr(sandbox, "recognise", recognise)
    content = read(sandbox, tmp_path, joined(building.pdf([TYPED]), scan([GERMAN])))
    assert (content.unread_pages, content.recognition_tried) == ((2,), False)


def test_what_was_read_of_a_page_stays_where_reading_it_otherwise_fails(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Turned, and in other languages: much of it was unsure."""
    said = tmp_path / "said"
    said.write_text(hocr_line(0, 90, "Leuchtturm") + hocr_line(40, 20, *["unsure"] * 20))
    then = f'case "$*" in *"eng "*"--psm 3"*) /bin/cat {said};; *) exit 3;; esac'
    fake_tesseract(tmp_path, monkeypatch, then, "eng\\nfra\\nosd")
    assert read(sandbox, tmp_path, scan([GERMAN])).text == "Leuchtturm"


def test_numbers_of_pages_alone_are_no_text(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = tmp_path / "said"
    said.write_text(hocr_line(0, 90, "ii"))
    fake_tesseract(tmp_path, monkeypatch, f"/bin/cat {said}")
    with pytest.raises(EmptySource, match="Tesseract finds no words"):
        read(sandbox, tmp_path, scan([GERMAN] * 3))


def test_a_scan_in_strips_under_its_number_is_a_picture() -> None:
    page = layered([drawn(GERMAN, 60)] * 4, strips=True, number="17")
    content = load_file(page, "paper.pdf")
    assert (content.text, content.unread_pages) == ("17", (1,))


def test_a_short_letter_under_a_long_stamp_is_not_lost() -> None:
    stamp = "Landesarchiv Sarn, Bestand 12, Akte 1874, Seite 17"
    words = "Wir kommen am Montag mit dem ersten Schiff. Gruss, Anna"
    page = layered([drawn([], 20)], number=stamp)
    lines = [
        Line(text=said, page=0, left=72, right=400, baseline=at, size=12)
        for said, at in ((words, 700), (stamp, 40))
    ]
    read = RecognisedPage(number=1, lines=tuple(lines), letters=len(words + stamp))
    assert words in load_file(page, "paper.pdf", recognised=[read]).text


@needs_tesseract
def test_fine_letters_over_coarse_paper_are_read_finely(sandbox: Sandbox, tmp_path: Path) -> None:
    """As scanners make files small: the paper has a few dots per inch, the letters many."""
    for dots in (1, 40):
        page = layered([drawn([], dots), drawn(GERMAN, 200)])
        assert "im Jahre 1874 gebaut und seitdem dreimal" in read(sandbox, tmp_path, page).text


def test_a_scan_that_an_earlier_release_could_not_read_has_a_reason() -> None:
    """Followed folders have stored it without values."""
    assert "install Tesseract" in reason("scan", {})


def test_lines_that_tesseract_is_unsure_of_are_left_out() -> None:
    said = (
        hocr_line(0, 91, "Fisch", "&amp;", "Brot")
        + hocr_line(40, 23, "Fi5ch", "8ro1")
        + hocr_line(80, 95, "~")
    )
    page = hocr.page(said, 3, (800, 1000), 72)
    assert [one.text for one in page.lines] == ["Fisch & Brot"]
    assert (page.letters, page.left_out, page.lines[0].page, page.lines[0].baseline) == (9, 9, 2, 975)
