"""OpenDocument files, as LibreOffice writes them, through lxml: texts, spreadsheets and presentations.

Cells of spreadsheets hold what they show, so no number format need be understood. Hidden are what a style or an attribute hides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ingest.errors import EncryptedSource
from ingest.loaders import metadata
from ingest.loaders.blocks import Block, compose, compose_pages, one_line
from ingest.loaders.packages import Package, attribute, local
from ingest.loaders.sheets import MAX_CELLS, Budget, Row, blocks_of
from ingest.types import Content

_MEDIA_TYPE = "application/vnd.oasis.opendocument."
_SUFFIXES = {"text": ".odt", "spreadsheet": ".ods", "presentation": ".odp"}
_HEADING_STYLE = re.compile(r"(?:heading|überschrift)(?:_20_\d)?|title|titel", re.I)
_BOXES = {"frame", "text-box", "g", "custom-shape", "rect", "ellipse", "line", "connector", "a"}
_UNSEEN = {
    "annotation", "annotation-end", "tracked-changes", "table-of-content", "hidden-text", "hidden-paragraph",
    "forms", "sequence-decls", "variable-decls", "user-field-decls", "image", "object", "object-ole", "plugin",
    "notes-configuration", "desc", "title", "event-listeners", "ruby-text", "alphabetical-index", "shapes",
}  # fmt: skip
_ON_EVERY_SLIDE = {"header", "footer", "date-time", "page-number"}
_TINY = 1.0  # points
_POINTS = re.compile(r"(\d+(?:\.\d+)?)pt")
_MOST_BASES = 20  # styles based on each other, which a damaged file may do in a circle
_MOST_SPACES = 200
_MOST_COLUMNS = 16_384
_MOST_BLANK_ROWS = 3


def load(data: bytes, name: str) -> Content:
    """The text with headings, the sheets, or the slides as pages; title, author and language as the file has them."""
    suffix = next((one for one in _SUFFIXES.values() if name.lower().endswith(one)), ".odt")
    package = Package(data, name, suffix)
    manifest = package.part("META-INF/manifest.xml") or b""
    if b"encryption-data" in manifest:
        raise EncryptedSource(name, "encrypted")
    root = package.needed("content.xml")
    body = root.find("{*}body")
    found = None if body is None else next(iter(body), None)
    kind = "" if found is None else local(found)
    if kind not in _SUFFIXES:
        raise package.damaged()
    text, headings, pages = _read(kind, found, _Styles([root, package.tree("styles.xml")]), name)
    about = _about(package)
    first = metadata.first(headings) if kind != "spreadsheet" else ""
    return Content(
        text=text,
        media_type=_MEDIA_TYPE + kind,
        title=metadata.title(about.get("title", ""), first, text if kind == "text" else "", name),
        authors=metadata.names([about.get("initial-creator")]),
        language=metadata.language(about.get("language")),
        page_starts=pages,
        headings=headings,
    )


def _read(kind: str, body: Any, styles: _Styles, name: str) -> tuple[str, Any, tuple[int, ...]]:
    if kind == "presentation":
        labels = metadata.slide_labels(" ".join(body.itertext()))
        slides = enumerate(body.iterfind("{*}page"), 1)
        return compose_pages(_slide(slide, number, styles, labels) for number, slide in slides)
    if kind == "spreadsheet":
        text, headings = compose(_sheets(body, styles, name))
    else:
        notes: list[Any] = []
        text, headings = compose([*_content(body, styles, notes), *_notes(notes, styles)])
    return text, headings, ()


def _about(package: Package) -> dict[str, str]:
    """What the file says about itself; who changed it last, and when, is left out."""
    root = package.tree("meta.xml")
    meta = None if root is None else root.find("{*}meta")
    return {} if meta is None else {local(element): element.text or "" for element in meta}


class _Styles:
    """What the styles of a file say of the paragraphs, words and tables that use them."""

    def __init__(self, roots: Iterable[Any]) -> None:
        found = [root for root in roots if root is not None]
        self._styles = {
            (attribute(style, "family"), attribute(style, "name")): style
            for root in found
            for style in root.iter("{*}style")
        }

    def _chain(self, family: str, name: str) -> Iterator[Any]:
        """A style and those that it is based on, the nearest first."""
        for _ in range(_MOST_BASES):
            style = self._styles.get((family, name))
            if style is None:
                return
            yield style
            name = attribute(style, "parent-style-name")

    def heading(self, name: str) -> bool:
        """Whether paragraphs of that style are headings."""
        names = [name, *(attribute(style, "parent-style-name") for style in self._chain("paragraph", name))]
        return any(map(_HEADING_STYLE.fullmatch, names))

    def hidden(self, family: str, name: str) -> bool:
        """Whether words of that style are not seen: hidden, or too small."""
        display, size = self._text(family, name, "display"), self._text(family, name, "font-size")
        points = _POINTS.fullmatch(size)
        return display == "none" or (points is not None and float(points[1]) <= _TINY)

    def unseen_table(self, name: str) -> bool:
        properties = (style.find("{*}table-properties") for style in self._chain("table", name))
        return any(one is not None and attribute(one, "display") == "false" for one in properties)

    def unseen_slide(self, name: str) -> bool:
        properties = (style.find("{*}drawing-page-properties") for style in self._chain("drawing-page", name))
        return any(one is not None and attribute(one, "visibility") == "hidden" for one in properties)

    def _text(self, family: str, name: str, kind: str) -> str:
        for style in self._chain(family, name):
            properties = style.find("{*}text-properties")
            if properties is not None and (value := attribute(properties, kind)):
                return value
        return ""


def _content(parent: Any, styles: _Styles, notes: list[Any]) -> Iterator[Block]:
    """Paragraphs, lists and tables below ``parent``; footnotes are put into ``notes``."""
    for element in parent:
        match local(element):
            case "h" | "p":
                yield from _paragraph(element, styles, notes)
            case "list":
                yield from _list(element, styles, notes)
            case "table":
                if not styles.unseen_table(attribute(element, "style-name")):
                    yield from _table(element, styles, notes)
            case "section" if attribute(element, "display") == "none":
                continue
            case kind if kind and kind not in _UNSEEN:
                yield from _content(element, styles, notes)


def _paragraph(paragraph: Any, styles: _Styles, notes: list[Any], bullet: str = "") -> Iterator[Block]:
    style = attribute(paragraph, "style-name")
    if styles.hidden("paragraph", style):
        return
    heading = local(paragraph) == "h" or styles.heading(style)
    boxes: list[Any] = []
    words = _words(paragraph, styles, boxes, notes)
    if bullet and not heading:
        yield Block(text=bullet + words if words.strip() else "", group="list")
    else:
        yield Block(text=words, heading=heading)
    for box in boxes:
        yield from _content(box, styles, notes)


def _words(element: Any, styles: _Styles, boxes: list[Any], notes: list[Any]) -> str:
    """The text in ``element`` without what is hidden; text boxes, which float beside it, are put into ``boxes``."""
    words = [_spaced(element.text)]
    for child in element:
        kind = local(child)
        if kind == "s":
            count = attribute(child, "c")
            words.append(" " * min(int(count) if count.isdecimal() else 1, _MOST_SPACES))
        elif kind in ("tab", "line-break"):
            words.append("\t" if kind == "tab" else "\n")
        elif kind == "note":
            notes.append(child)
        elif kind in _BOXES and kind != "a":
            boxes.append(child)
        elif kind and kind not in _UNSEEN and not _is_hidden_span(child, styles):
            words.append(_words(child, styles, boxes, notes))
        words.append(_spaced(child.tail))
    return "".join(words)


def _is_hidden_span(child: Any, styles: _Styles) -> bool:
    return local(child) == "span" and styles.hidden("text", attribute(child, "style-name"))


def _spaced(text: str | None) -> str:
    return re.sub(r"[ \t\r\n]+", " ", text or "")


def _list(parent: Any, styles: _Styles, notes: list[Any]) -> Iterator[Block]:
    for item in parent:
        bullet = "- "
        for child in item if local(item) in ("list-item", "list-header") else ():
            if local(child) in ("p", "h"):
                yield from _paragraph(child, styles, notes, bullet)
                bullet = ""
            elif local(child) == "list":
                yield from _list(child, styles, notes)


def _notes(notes: Sequence[Any], styles: _Styles) -> Iterator[Block]:
    """Footnotes and endnotes, which stand below the text."""
    for note in notes:
        body = note.find("{*}note-body")
        if body is not None:
            yield from _content(body, styles, [])


def _table(table: Any, styles: _Styles, notes: list[Any]) -> Iterator[Block]:
    for row in _rows(table, lambda cell: _cell(cell, styles, notes), everything=True):
        if any(row):
            yield Block(text=" | ".join(row), group="table")


def _cell(cell: Any, styles: _Styles, notes: list[Any]) -> str:
    """The words of a cell in one line, nested tables included."""
    return one_line(" ".join(block.text for block in _content(cell, styles, notes)))


def _sheets(body: Any, styles: _Styles, name: str) -> Iterator[Block]:
    budget = Budget(name)
    for sheet in body.iterfind("{*}table"):
        if not styles.unseen_table(attribute(sheet, "style-name")):
            rows = _rows(sheet, lambda cell: _cell(cell, styles, []), everything=False)
            yield from blocks_of(budget.rows(rows), attribute(sheet, "name"))


def _rows(table: Any, read: Any, *, everything: bool) -> Iterator[Row]:
    """The rows of a table as texts; repeated ones as often as they are there, and hidden ones only with ``everything``."""
    hidden = set() if everything else set(_hidden_columns(table))
    spans: dict[int, tuple[int, str]] = {}  # of a column: for how many rows more a cell's words belong there
    for row in _own(table, "table-row"):
        if not everything and attribute(row, "visibility") == "collapse":
            continue
        cells = _cells(row, read, spans)
        shown = [text for column, text in enumerate(cells) if column not in hidden]
        most = MAX_CELLS + 1 if any(shown) else _MOST_BLANK_ROWS
        yield from [shown] * min(_count(row, "number-rows-repeated"), most)


def _cells(row: Any, read: Any, spans: dict[int, tuple[int, str]]) -> list[str]:
    cells: list[str] = []
    for cell in row:
        kind = local(cell)
        if kind not in ("table-cell", "covered-table-cell") or len(cells) > _MOST_COLUMNS:
            continue
        text = read(cell) if kind == "table-cell" else ""
        column = len(cells)
        left, above = spans.pop(column, (0, ""))
        if kind == "covered-table-cell" and left:
            text = above
            spans[column] = (left - 1, above)
        elif _count(cell, "number-rows-spanned") > 1 and text:
            spans[column] = (_count(cell, "number-rows-spanned") - 1, text)
        repeated = _count(cell, "number-columns-repeated")
        cells += [text] * min(repeated, _MOST_COLUMNS)
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _hidden_columns(table: Any) -> Iterator[int]:
    column = 0
    for element in _own(table, "table-column"):
        count = min(_count(element, "number-columns-repeated"), _MOST_COLUMNS)
        if attribute(element, "visibility") == "collapse":
            yield from range(column, min(column + count, _MOST_COLUMNS))
        column += count


def _own(table: Any, kind: str) -> Iterator[Any]:
    """The rows or columns of a table, also those in groups and headers, without those of tables inside it."""
    for element in table:
        if local(element) == kind:
            yield element
        elif local(element).startswith(("table-row", "table-column", "table-header")):
            yield from _own(element, kind)


def _count(element: Any, name: str) -> int:
    value = attribute(element, name)
    return int(value) if value.isdecimal() and len(value) < 10 else 1


def _slide(slide: Any, number: int, styles: _Styles, labels: tuple[str, str]) -> Iterator[Block]:
    """Its title as heading, else its number; what stands on it; its notes under a heading of their own."""
    if styles.unseen_slide(attribute(slide, "style-name")):
        return
    notes: list[Any] = []
    shapes = [
        shape
        for shape in slide
        if local(shape) in _BOXES and attribute(shape, "class") not in _ON_EVERY_SLIDE
    ]
    titles = (shape for shape in shapes if attribute(shape, "class") == "title")
    title = next((words for shape in titles if (words := _cell(shape, styles, notes))), "")
    rest = [
        block
        for shape in shapes
        if attribute(shape, "class") != "title"
        for block in _content([shape], styles, notes)
        if block.text.strip()
    ]
    said = [
        block
        for frame in slide.iterfind("{*}notes/{*}frame")
        if attribute(frame, "class") == "notes"
        for block in _content([frame], styles, notes)
        if block.text.strip()
    ]
    name = title or (f"{labels[0]} {number}" if rest or said else "")
    yield Block(text=name, heading=True)
    yield from rest
    if said:
        yield Block(text=f"{labels[1]}: {name}", heading=True)
        yield from said
