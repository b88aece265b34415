"""Word documents, through python-docx: paragraphs, headings and tables in document order."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

from ingest.errors import DamagedSource, UnsupportedFormat
from ingest.loaders import metadata
from ingest.loaders.blocks import Block, compose
from ingest.loaders.packages import OLE, Package, is_encrypted
from ingest.types import Content

_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXT = {f"{_W}t", "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_HEADING_STYLE = re.compile(r"(?:heading|überschrift|titre) ?\d|title|titel", re.I)
_LIST_STYLE = re.compile(r"list|aufzählung|liste", re.I)
_CHARACTERS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_ON = {"1", "true", "on"}
_COLOUR = re.compile("[0-9A-F]{6}")
_TINY = 2  # half points
_WHITE = "FFFFFF"
_MOST_BASES = 20  # styles based on each other, which a damaged file may do in a circle
# Deleted and moved-away text, the twin of a text box for old programs, and what is not text.
_UNSEEN = {f"{_W}del", f"{_W}moveFrom", _FALLBACK, f"{_W}rPr", f"{_W}pPr", f"{_W}tblPr", f"{_W}sectPr"}


def load(data: bytes, name: str) -> Content:
    """The text with headings; title, authors and language from the core properties."""
    check_package(data, name)
    document = open_docx(data, name)
    text, headings = compose(_blocks(document))
    about_itself = document.core_properties
    return Content(
        text=text,
        media_type=_MEDIA_TYPE,
        title=metadata.title(about_itself.title or "", metadata.first(headings), text, name),
        authors=metadata.names([about_itself.author]),
        language=metadata.language(about_itself.language),
        headings=headings,
    )


def check_package(data: bytes, name: str) -> None:
    """Raises where ``data`` is no ZIP archive, or one that unpacks to more than is sensible."""
    if data.startswith(OLE) and not is_encrypted(data):
        raise UnsupportedFormat(name, "old_doc")
    try:
        Package(data, name, ".docx")
    except DamagedSource as error:
        raise _damaged(name) from error


def _damaged(name: str) -> DamagedSource:
    return DamagedSource(name, "word_damaged")


def open_docx(data: bytes, name: str) -> Any:
    import docx

    try:
        return docx.Document(io.BytesIO(data))
    except MemoryError:
        raise
    except Exception as error:  # python-docx lets out KeyError, BadZipFile, lxml's and its own errors
        raise _damaged(name) from error


def _blocks(document: Any) -> Iterator[Block]:
    styles = DocxStyles(document)
    yield from _content(document.element.body, styles)
    for note in _notes(document):
        yield from _content(note, styles)


class DocxStyles:
    """What the styles of a document say of the paragraphs and runs that use them."""

    def __init__(self, document: Any) -> None:
        self._elements = {style.style_id: style.element for style in document.styles}
        self._names = {style.style_id: style.name or "" for style in document.styles}
        self._default = next(
            (
                style.style_id
                for style in document.styles
                if style.element.get(f"{_W}default") in _ON and style.element.get(f"{_W}type") == "paragraph"
            ),
            "",
        )

    def name(self, style: str | None) -> str:
        return self._names.get(style or "", "")

    def outlined(self, style: str | None) -> bool:
        """Does it make a heading of some level?"""
        return (style or "") in self._elements and _outline_level(self._elements[style or ""])

    def hidden(self, run: Any, paragraph_style: str | None) -> bool:
        """Is a run hidden text, too small to be seen, or on its own colour?"""
        properties = run.find(f"{_W}rPr")
        styles = [paragraph_style or self._default, _value(properties, "rStyle") or ""]
        return self._vanishes(properties, styles) or self._tiny(properties, styles) or _on_its_colour(run)

    def _vanishes(self, properties: Any, styles: Sequence[str]) -> bool:
        vanish = None if properties is None else properties.find(f"{_W}vanish")
        if vanish is not None:
            return vanish.get(f"{_W}val", "1") in _ON
        # Where both styles hide it, each undoes what the other does.
        return sum(self._of_style(style, "vanish", "1") in _ON for style in styles) == 1

    def _tiny(self, properties: Any, styles: Sequence[str]) -> bool:
        sizes = [_value(properties, "sz"), *(self._of_style(style, "sz", "") for style in reversed(styles))]
        size = next(filter(None, sizes), "")
        return size.isdecimal() and int(size) <= _TINY

    def _of_style(self, style: str, name: str, otherwise: str) -> str:
        """The value of a property of runs in a style, or in the one that it is based on; empty where none has it."""
        for _ in range(_MOST_BASES):
            element = self._elements.get(style)
            if element is None:
                return ""
            if (found := element.find(f"{_W}rPr/{_W}{name}")) is not None:
                return str(found.get(f"{_W}val", otherwise))
            style = _value(element, "basedOn") or ""
        return ""


def _on_its_colour(run: Any) -> bool:
    """Do a run, or what it lies in, state the same colour for the letters and for what is behind them? Paper is white."""
    properties = run.find(f"{_W}rPr")
    colour = (_value(properties, "color") or "").upper()
    if not _COLOUR.fullmatch(colour):
        return False
    return colour == (_shade(run) or _highlight(properties) or _paper(run))


def _highlight(properties: Any) -> str:
    """The colour that a run is marked with; what is not white counts as one that no letters have."""
    marked = _value(properties, "highlight") or "none"
    return "" if marked == "none" else _WHITE if marked == "white" else marked


def _shade(run: Any) -> str:
    """The colour behind a run that it, its paragraph, or the cell around it states; empty where none does."""
    around = [run, *run.iterancestors(f"{_W}p", f"{_W}tc")]
    for element in around:
        shade = element.find(f"{element.tag}Pr/{_W}shd")
        fill = "" if shade is None else str(shade.get(f"{_W}fill", "")).upper()
        if _COLOUR.fullmatch(fill):
            return fill
    return ""


def _paper(run: Any) -> str:
    """White, where nothing but the page can be behind a run; empty where a table, a box, or a style may lay a colour there."""
    root = run.getroottree().getroot()
    paragraph = next(run.iterancestors(f"{_W}p"), None)
    styled = paragraph is not None and paragraph.find(f"{_W}pPr/{_W}pStyle") is not None
    boxed = next(run.iterancestors(f"{_W}tbl", f"{_W}txbxContent"), None) is not None
    return "" if styled or boxed or root.find(f"{_W}background") is not None else _WHITE


def _value(parent: Any, name: str) -> str | None:
    found = None if parent is None else parent.find(f"{_W}{name}")
    return None if found is None else found.get(f"{_W}val")


def _notes(document: Any) -> Iterator[Any]:
    """The footnotes and endnotes, without the lines that separate them from the text."""
    from docx.oxml import parse_xml

    for relation in document.part.rels.values():
        if not relation.is_external and relation.reltype.rpartition("/")[2] in ("footnotes", "endnotes"):
            notes = parse_xml(relation.target_part.blob)
            yield from (note for note in notes if note.get(f"{_W}type") is None)


def _outline_level(properties: Any) -> bool:
    """Does this style, or paragraph, say that it is a heading of some level?"""
    level = properties.find(f"{_W}pPr/{_W}outlineLvl")
    return level is not None and level.get(f"{_W}val", "9") != "9"


def _content(parent: Any, styles: DocxStyles) -> Iterator[Block]:
    """Paragraphs and tables below ``parent``, also those inside content controls and tracked changes."""
    for element in parent:
        if element.tag == f"{_W}p":
            yield from _paragraph(element, styles)
        elif element.tag == f"{_W}tbl":
            yield from _table(element, styles)
        elif isinstance(element.tag, str) and element.tag not in _UNSEEN:
            yield from _content(element, styles)


def _paragraph(paragraph: Any, styles: DocxStyles) -> Iterator[Block]:
    style = styles.name(paragraph.style)
    outlined = styles.outlined(paragraph.style) or _outline_level(paragraph)
    heading = bool(outlined or _HEADING_STYLE.fullmatch(style))
    listed = paragraph.find(f"{_W}pPr/{_W}numPr") is not None or bool(_LIST_STYLE.match(style))
    boxes: list[Any] = []
    words = _words(paragraph, boxes, styles, paragraph.style)
    if listed and not heading:
        yield Block(text=f"- {words}" if words.strip() else "", group="list")
    else:
        yield Block(text=words, heading=heading)
    for box in boxes:
        yield from _content(box, styles)


def _words(element: Any, boxes: list[Any], styles: DocxStyles, style: str | None) -> str:
    """The text in ``element``, of a paragraph in that ``style``, without what is hidden.

    Text boxes, which float beside it, are put into ``boxes`` instead.
    """
    words = []
    for child in element:
        if child.tag == f"{_W}r" and styles.hidden(child, style):
            continue
        if child.tag in _TEXT:
            words.append(child.text or "")
        elif child.tag == f"{_W}txbxContent":
            boxes.append(child)
        elif child.tag in _CHARACTERS:
            words.append(_CHARACTERS[child.tag])
        elif isinstance(child.tag, str) and child.tag not in _UNSEEN:
            words.append(_words(child, boxes, styles, style))
    return "".join(words)


def _table(table: Any, styles: DocxStyles) -> Iterator[Block]:
    """One block for every row, its cells in order; a merged cell is there once."""
    for row in table.iter(f"{_W}tr"):
        if next(row.iterancestors(f"{_W}tbl")) is not table:
            continue
        cells = [
            _cell(cell, styles) for cell in row.iter(f"{_W}tc") if next(cell.iterancestors(f"{_W}tr")) is row
        ]
        if any(cells):
            yield Block(text=" | ".join(cells), group="table")


def _cell(cell: Any, styles: DocxStyles) -> str:
    """The words of a cell in one line, nested tables included."""
    paragraphs = (_words(paragraph, [], styles, paragraph.style) for paragraph in cell.iter(f"{_W}p"))
    return " ".join(" ".join(paragraphs).split())
