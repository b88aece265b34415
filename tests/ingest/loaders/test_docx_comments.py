"""Comments stand at the words that they are about, and nothing else of a Word document changes."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ingest.errors import DamagedSource, UnsupportedFormat
from ingest.loaders import load
from ingest.loaders.docx_comments import DocxComment, commented, document_of
from ingest.loaders.sandbox import Sandbox

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TEXTS = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"


def article() -> bytes:
    """A Word document with a heading, bold words, a list, a table, a link, hidden words and the same sentence twice."""
    document = docx.Document()
    document.add_heading("Die Brücke", 1)
    paragraph = document.add_paragraph("Die Brücke war ")
    paragraph.add_run("325 ").bold = True
    paragraph.add_run("Meter lang. Sie sagte:\t„Nie wieder Krieg“, und ging.")
    paragraph.add_run("geheim").font.hidden = True
    document.add_paragraph("Die Brücke war 325 Meter lang.", style="List Bullet")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Länge", "325 Meter in der Tabelle"
    document.add_paragraph("Ende.").runs[0].add_break()
    return saved(document)


def saved(document: Any) -> bytes:
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def covered(data: bytes) -> dict[str, str]:
    """The words that each comment stands at, by its text."""
    document = docx.Document(io.BytesIO(data))
    texts = {str(one.comment_id): one.text for one in document.comments}
    opened: dict[str, str] = {}
    found: dict[str, str] = {}
    for element in document.element.body.iter():
        if element.tag == f"{W}commentRangeStart":
            opened[element.get(f"{W}id")] = ""
        elif element.tag == f"{W}commentRangeEnd":
            found[texts[element.get(f"{W}id")]] = opened.pop(element.get(f"{W}id"))
        elif element.tag == f"{W}t":
            opened = {key: words + (element.text or "") for key, words in opened.items()}
    assert not opened
    return found


def at(text: str, words: str, said: str, turn: int = 0) -> DocxComment:
    start = -1
    for _ in range(turn + 1):
        start = text.index(words, start + 1)
    return DocxComment(start=start, end=start + len(words), text=said)


def test_comments_stand_at_their_words_and_the_text_stays() -> None:
    data = article()
    text = load(data, "a.docx").text
    comments = [
        at(text, "Die Brücke war 325 Meter lang.", "first", 0),
        at(text, "Sie sagte:\t„Nie wieder Krieg“, und ging.", "sentence"),
        at(text, "Nie wieder Krieg", "quotation"),
        at(text, "Die Brücke war 325 Meter lang.", "second", 1),
        at(text, "325 Meter in der Tabelle", "cell"),
    ]
    made = commented(data, "a.docx", text, comments, "Checker")
    assert covered(made) == {
        "first": "Die Brücke war 325 Meter lang.",
        "sentence": "Sie sagte:„Nie wieder Krieg“, und ging.",
        "quotation": "„Nie wieder Krieg“,",
        "second": "Die Brücke war 325 Meter lang.",
        "cell": "325 Meter in der Tabelle",
    }
    assert load(made, "a.docx").text == text
    assert [run.text for run in docx.Document(io.BytesIO(made)).paragraphs[1].runs if run.bold] == ["325 "]
    again = commented(made, "a.docx", text, comments[:1], "Checker")
    assert len(list(docx.Document(io.BytesIO(again)).comments)) == 6


def test_a_comment_whose_words_are_gone_stands_where_the_one_before_does() -> None:
    data = article()
    text = load(data, "a.docx").text
    other = text + "\n\nNirgends zu finden."
    comments = [at(other, "Nie wieder Krieg", "there"), at(other, "Nirgends zu finden.", "nowhere")]
    assert covered(commented(data, "a.docx", other, comments, "x"))["nowhere"] == "„Nie"


@settings(max_examples=25)
@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=30), max_size=6), st.data())
def test_any_text_becomes_a_document_with_its_comments(lines: list[str], data: st.DataObject) -> None:
    text = "\n".join(lines)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=6)))
    comments = [
        DocxComment(start=start, end=end, text=f"{number}\0<w:p/>&")
        for number, (start, end) in enumerate(pairwise(cuts))
    ]
    found = covered(document_of(text, comments, "Ä & <b>"))
    letters = any(sign.isalnum() for sign in text)
    assert len(found) == (len(comments) if letters else 0)


@settings(max_examples=40)
@given(
    st.lists(st.lists(st.text("ab Ä1.„“-\t", max_size=8), min_size=1, max_size=5), min_size=1, max_size=4),
    st.data(),
)
def test_every_comment_stands_at_its_letters_whatever_the_runs(
    paragraphs: list[list[str]], data: st.DataObject
) -> None:
    document = docx.Document()
    for words in paragraphs:
        paragraph = document.add_paragraph()
        for number, run in enumerate(words):
            paragraph.add_run(run).bold = bool(number % 2)
    file = saved(document)
    assume(any(sign.isalnum() for words in paragraphs for run in words for sign in run))
    text = load(file, "a.docx").text
    ranges = data.draw(st.lists(st.tuples(st.integers(0, len(text)), st.integers(0, len(text))), max_size=5))
    wanted = {f"{turn}": text[min(one) : max(one)] for turn, one in enumerate(ranges)}
    comments = [DocxComment(start=min(one), end=max(one), text=f"{turn}") for turn, one in enumerate(ranges)]
    made = commented(file, "a.docx", text, comments, "x")
    found = covered(made)
    assert found.keys() == wanted.keys()
    for said, words in wanted.items():
        if letters(words):
            assert letters(found[said]) == letters(words)
    assert load(made, "a.docx").text == text
    before, after = (docx.Document(io.BytesIO(one)) for one in (file, made))
    assert [bolded(one) for one in after.paragraphs] == [bolded(one) for one in before.paragraphs]


def letters(words: str) -> str:
    return "".join(sign for sign in words if sign.isalnum())


def bolded(paragraph: Any) -> list[tuple[str, bool]]:
    """Each sign, and whether it is bold."""
    return [(sign, bool(run.bold)) for run in paragraph.runs for sign in run.text]


def test_links_and_tracked_changes_are_gone_through_and_deleted_words_left_alone() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Die Brücke ")
    for tag, words in (("hyperlink", "bei Remagen "), ("del", "war "), ("ins", "ist ")):
        around, run = OxmlElement(f"w:{tag}"), paragraph.add_run(words)._r
        if tag == "del":
            run.find(qn("w:t")).tag = qn("w:delText")
        if tag != "hyperlink":
            around.set(qn("w:id"), "7")
            around.set(qn("w:author"), "x")
        around.append(run)
        paragraph._p.append(around)
    paragraph.add_run("325 Meter lang. Sie steht nicht mehr.")
    data = saved(document)
    text = load(data, "a.docx").text
    assert text == "Die Brücke bei Remagen ist 325 Meter lang. Sie steht nicht mehr."
    comments = [
        at(text, "Die Brücke bei Remagen ist 325 Meter lang.", "all"),
        at(text, "Remagen ist", "some"),
    ]
    made = commented(data, "a.docx", text, comments, "x")
    assert covered(made) == {"all": "Die Brücke bei Remagen ist 325 Meter lang.", "some": "Remagen ist"}
    assert load(made, "a.docx").text == text
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert b"war </w:delText>" in archive.read("word/document.xml")


def test_what_is_no_word_document_is_said_to_be_none(tmp_path: Path) -> None:
    damaged = tmp_path / "a.docx"
    with zipfile.ZipFile(damaged, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "no")
    with Sandbox() as sandbox:
        with pytest.raises((DamagedSource, UnsupportedFormat)):
            sandbox.commented(damaged, "a.docx", "x", [DocxComment(start=0, end=1, text="x")], "x")
        damaged.write_bytes(article())
        made = sandbox.commented(damaged, "a.docx", "Ende.", [DocxComment(start=0, end=5, text="last")], "x")
    assert covered(made) == {"last": "Ende."}


def test_libreoffice_shows_every_comment_at_its_place(tmp_path: Path) -> None:
    if shutil.which("soffice") is None:
        pytest.skip(
            "LibreOffice is missing: apt-get install --no-install-recommends libreoffice-writer-nogui"
        )
    from xml.etree import ElementTree

    text = load(article(), "a.docx").text
    comments = [
        at(text, "Die Brücke war 325 Meter lang.", "first"),
        at(text, "Nie wieder Krieg", "quotation"),
    ]
    (tmp_path / "a.docx").write_bytes(commented(article(), "a.docx", text, comments, "Checker"))
    command = [
        "soffice",
        "--headless",
        f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
        "--convert-to",
        "odt",
    ]
    subprocess.run(
        [*command, "--outdir", str(tmp_path), str(tmp_path / "a.docx")],
        check=True,
        timeout=120,
        capture_output=True,
    )
    root = ElementTree.fromstring(zipfile.ZipFile(tmp_path / "a.odt").read("content.xml"))  # noqa: S314
    opened: dict[str, str] = {}
    said: dict[str, str] = {}
    found: dict[str, str] = {}

    def walk(element: Any) -> None:
        nonlocal opened
        if element.tag == f"{OFFICE}annotation":
            name = element.get(f"{OFFICE}name")
            said[name], opened[name] = "".join(element.find(f"{TEXTS}p").itertext()), ""
        else:
            if element.tag == f"{OFFICE}annotation-end":
                name = element.get(f"{OFFICE}name")
                found[said[name]] = opened.pop(name)
            opened = {name: words + (element.text or "") for name, words in opened.items()}
            for child in element:
                walk(child)
        opened = {name: words + (element.tail or "") for name, words in opened.items()}

    walk(root)
    assert found == {"first": "Die Brücke war 325 Meter lang.", "quotation": "„Nie wieder Krieg“,"}
