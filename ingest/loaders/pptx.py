"""PowerPoint presentations, through python-pptx: every slide a page with its title as heading, then its speaker notes.

Left out is what an audience does not see: hidden slides and shapes, what lies beside the slide, letters too small to be
read; and what stands on every slide: dates, footers, numbers.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ingest.errors import DamagedSource
from ingest.loaders import metadata
from ingest.loaders.blocks import Block, compose_pages, one_line
from ingest.loaders.number_formats import displayed
from ingest.loaders.packages import Package, local, not_a_package
from ingest.types import Content

_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_ON_EVERY_SLIDE = {"dt", "ftr", "sldNum", "hdr"}
_TITLES = {"title", "ctrTitle"}
_LISTS = {"body", "obj", ""}  # placeholders whose paragraphs are points, as far as they have several
_TINY = 200  # hundredths of a point
_MOST_POINTS = 100_000  # of all series of a chart


def load(data: bytes, name: str) -> Content:
    """The slides in order, each a page; title, authors and language from the core properties."""
    presentation = _open(data, name)
    slides = list(_slides(presentation))
    labels = metadata.slide_labels(" ".join(words for slide in slides for words in slide.words()))
    text, headings, page_starts = compose_pages(slide.blocks(labels) for slide in slides)
    about_itself = presentation.core_properties
    first = next((slide.title for slide in slides if slide.title), "")
    return Content(
        text=text,
        media_type=_MEDIA_TYPE,
        title=metadata.title(about_itself.title or "", first, "", name),
        authors=metadata.names([about_itself.author]),
        language=metadata.language(about_itself.language),
        page_starts=page_starts if text else (),
        headings=headings,
    )


def _open(data: bytes, name: str) -> Any:
    import pptx

    if not data.startswith(b"PK"):
        raise not_a_package(data, name, ".pptx")
    Package(data, name, ".pptx")
    try:
        presentation = pptx.Presentation(io.BytesIO(data))
        len(presentation.slides)
    except MemoryError:
        raise
    except Exception as error:  # python-pptx lets out KeyError, ValueError, lxml's and its own errors
        raise DamagedSource(name, "office_damaged", suffix=".pptx") from error
    return presentation


def _slides(presentation: Any) -> Iterator[_Slide]:
    size = (presentation.slide_width or 0, presentation.slide_height or 0)
    for number, listed in enumerate(presentation.slides._sldIdLst, 1):
        try:
            slide = presentation.part.related_slide(listed.rId)
        except KeyError:  # its part is missing: it stays a page, so that the others keep their numbers
            yield _Slide(number=number, root=None, part=None, notes=None, size=size)
            continue
        notes = slide.notes_slide if slide.has_notes_slide else None
        root = None if slide.element.get("show") in ("0", "false") else slide.element
        yield _Slide(
            number=number,
            root=root,
            part=slide.part,
            notes=None if notes is None else notes.element,
            size=size,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slide:
    """One slide; ``root`` is None where it is hidden or missing. ``size`` is its width and height."""

    number: int
    root: Any
    part: Any
    notes: Any
    size: tuple[int, int]

    @property
    def title(self) -> str:
        if self.root is None:
            return ""
        titles = (shape for shape in _shapes(self.root, self.size) if _placeholder(shape) in _TITLES)
        return next((words for shape in titles if (words := _line(shape))), "")

    def words(self) -> Iterator[str]:
        """All that is written on it, in any order."""
        return (run.text or "" for run in (() if self.root is None else self.root.iter("{*}t")))

    def blocks(self, labels: tuple[str, str]) -> Iterator[Block]:
        """Its title, else its number, as heading; what stands on it; its notes under a heading of their own."""
        if self.root is None:
            return
        slide, notes = labels
        title = self.title
        shown_there = [
            block for shape in _shapes(self.root, self.size) for block in self._shape(shape, title)
        ]
        said = [] if self.notes is None else list(_notes(self.notes))
        if not (title or shown_there or said):
            return
        yield Block(text=title or f"{slide} {self.number}", heading=True)
        yield from shown_there
        if said:
            yield Block(text=f"{notes}: {title or f'{slide} {self.number}'}", heading=True)
            yield from said

    def _shape(self, shape: Any, title: str) -> Iterator[Block]:
        kind = _placeholder(shape)
        if kind in _ON_EVERY_SLIDE or (kind in _TITLES and _line(shape) == title):
            return
        if local(shape) == "graphicFrame":
            yield from self._frame(shape)
        else:
            yield from _paragraphs(shape, listed=kind is not None and kind in _LISTS)

    def _frame(self, frame: Any) -> Iterator[Block]:
        for table in frame.iter("{*}tbl"):
            yield from _table(table)
        for kind in ("chart", "relIds"):
            for reference in frame.iter(f"{{*}}{kind}"):
                part = self._related(reference)
                if part is not None:
                    yield from _chart(part) if kind == "chart" else _paragraphs(part, listed=True)

    def _related(self, reference: Any) -> Any:
        """The root element of the chart or drawing that a shape shows; None where it is missing or damaged."""
        from pptx.oxml import parse_xml

        ids = [value for key, value in reference.items() if key.endswith(("}id", "}dm"))]
        try:
            part = self.part.related_part(ids[0])
            return parse_xml(part.blob)
        except (IndexError, KeyError, ValueError, SyntaxError):
            return None


def _shapes(root: Any, size: tuple[int, int]) -> Iterator[Any]:
    """The shapes of a slide that are seen, those of groups too, in the order in which they are read aloud."""
    tree = root.find("{*}cSld/{*}spTree")
    yield from () if tree is None else _shapes_in(tree, size)


def _shapes_in(parent: Any, size: tuple[int, int] | None) -> Iterator[Any]:
    for shape in parent:
        kind = local(shape)
        if kind == "AlternateContent":
            chosen = next((child for child in shape if len(child)), None)
            yield from () if chosen is None else _shapes_in(chosen, size)
        elif kind in ("sp", "graphicFrame", "grpSp", "cxnSp") and _is_seen(shape, size):
            if kind == "grpSp":
                yield from _shapes_in(shape, None)  # what is in a group has a measure of its own
            else:
                yield shape


_PLACES = ("{*}spPr/{*}xfrm", "{*}xfrm", "{*}grpSpPr/{*}xfrm")


def _is_seen(shape: Any, size: tuple[int, int] | None) -> bool:
    properties = next((child.find("{*}cNvPr") for child in shape if local(child).startswith("nv")), None)
    if properties is not None and properties.get("hidden") in ("1", "true"):
        return False
    place = next((found for path in _PLACES if (found := shape.find(path)) is not None), None)
    offset, extent = (None, None) if place is None else (place.find("{*}off"), place.find("{*}ext"))
    if size is None or not all(size) or offset is None or extent is None:
        return True
    x, y = _length(offset, "x"), _length(offset, "y")
    return x < size[0] and y < size[1] and x + _length(extent, "cx") > 0 and y + _length(extent, "cy") > 0


def _length(element: Any, name: str) -> int:
    value = element.get(name, "0")
    return int(value) if value.lstrip("-").isdecimal() else 0


def _placeholder(shape: Any) -> str | None:
    """The kind of placeholder that a shape is; None where it is none."""
    found = next(shape.iter("{*}ph"), None)
    return None if found is None else str(found.get("type", ""))


def _line(shape: Any) -> str:
    return one_line(" ".join(_words(paragraph) for paragraph in shape.iter("{*}p")))


def _paragraphs(shape: Any, *, listed: bool) -> Iterator[Block]:
    """A block for each paragraph; with ``listed`` those are points, unless they say that they are not."""
    texts = [(_words(paragraph), _is_point(paragraph)) for paragraph in shape.iter("{*}p")]
    several = sum(bool(words.strip()) for words, _ in texts) > 1
    for words, point in texts:
        if words.strip():
            points = listed and several and point
            yield Block(text=f"- {words}" if points else words, group="list" if points else "")


def _is_point(paragraph: Any) -> bool:
    properties = paragraph.find("{*}pPr")
    return properties is None or properties.find("{*}buNone") is None


def _words(paragraph: Any) -> str:
    found = []
    for child in paragraph:
        properties = child.find("{*}rPr")
        size = "" if properties is None else properties.get("sz", "")
        if local(child) == "br":
            found.append("\n")
        elif local(child) in ("r", "fld") and not (size.isdecimal() and int(size) <= _TINY):
            found.append(child.findtext("{*}t") or "")
    return "".join(found)


def _table(table: Any) -> Iterator[Block]:
    """One block for every row; a cell that spans rows has its words in each."""
    above: list[str] = []
    for row in table.iterfind("{*}tr"):
        cells = []
        for number, cell in enumerate(row.iterfind("{*}tc")):
            merged = cell.get("vMerge") in ("1", "true")
            words = above[number] if merged and number < len(above) else _line(cell)
            cells.append(words)
        above = cells
        if any(cells):
            yield Block(text=" | ".join(cells), group="table")


def _notes(notes: Any) -> Iterator[Block]:
    for shape in _shapes_in(notes.find("{*}cSld/{*}spTree"), None):
        if _placeholder(shape) == "body":
            yield from _paragraphs(shape, listed=False)


def _chart(chart: Any) -> Iterator[Block]:
    """The title of a chart and its values as a table: a row for each category, a column for each series."""
    title = chart.find(".//{*}title//{*}rich")
    if title is not None:
        yield Block(text=_line(title))
    series = [_Series.of(one) for one in chart.iter("{*}ser")]
    if not series or sum(len(one.values) for one in series) > _MOST_POINTS:
        return
    yield Block(text=" | ".join(["", *(one.name for one in series)]), group="chart")
    for number in sorted({number for one in series for number in one.values}):
        label = next((one.labels[number] for one in series if number in one.labels), str(number + 1))
        yield Block(text=" | ".join([label, *(one.values.get(number, "") for one in series)]), group="chart")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Series:
    """What a series of a chart shows, by number of the point."""

    name: str
    labels: dict[int, str]
    values: dict[int, str]

    @classmethod
    def of(cls, series: Any) -> _Series:
        name = series.find("{*}tx")
        labels = next(
            (found for tag in ("cat", "xVal") if (found := series.find(f"{{*}}{tag}")) is not None), None
        )
        values = next(
            (found for tag in ("val", "yVal") if (found := series.find(f"{{*}}{tag}")) is not None), None
        )
        return cls(
            name="" if name is None else one_line(" ".join(v.text or "" for v in name.iter("{*}v"))),
            labels=_points(labels),
            values=_points(values),
        )


def _points(values: Any) -> dict[int, str]:
    found: dict[int, str] = {}
    for cache in (
        () if values is None else values.iter("{*}numCache", "{*}strCache", "{*}numLit", "{*}strLit")
    ):
        code = cache.findtext("{*}formatCode") or "General"
        for point in cache.iterfind("{*}pt"):
            number, value = point.get("idx", ""), point.findtext("{*}v") or ""
            if number.isdecimal():
                found[int(number)] = (
                    _value(value, code) if local(cache).startswith("num") else one_line(value)
                )
    return found


def _value(value: str, code: str) -> str:
    try:
        return displayed(float(value), code)
    except ValueError:
        return value
