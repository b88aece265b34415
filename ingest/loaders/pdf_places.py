"""Where words stand on a page of a PDF, through pypdfium2. Only the sandbox's worker calls this.

PDFium must not run in two threads of one process at once.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ingest.errors import DamagedSource, SourceNotFound
from ingest.loaders.pdf import open_document
from ingest.loaders.pdf_alignment import PageQuote, Range, align
from ingest.loaders.pdf_hidden import blanked

_GRAIN = 100_000  # the page is measured in as many steps either way
_Box = tuple[float, float, float, float]  # left, bottom, right, top, in points


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceBox:
    """A stretch of a line on the picture of a page, in percent of its width and height, from its upper left corner."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePlaces:
    """Where words stand on a page; ``whole`` if that is so of all of them."""

    boxes: tuple[PlaceBox, ...] = ()
    whole: bool = False


def places(data: bytes, name: str, number: int, quote: PageQuote) -> PagePlaces:
    """Where the words of ``quote`` stand on page ``number``, counted from 1; never where others do.

    Raises `SourceNotFound` where there is no such page, `DamagedSource` where it cannot be read.
    """
    import pypdfium2

    document = open_document(data, name)
    try:
        if not 1 <= number <= len(document):
            raise SourceNotFound(name, "no_such_page", pages=len(document), page=number)
        page = document[number - 1]
        text = page.get_textpage()
        characters = blanked(page, text, text.get_text_range())
        found, whole = align(quote, characters)
        lines = [line for span in found for line in _lines(text, characters, span)]
        boxes = tuple(filter(None, (_box(page, line) for line in lines)))
        return PagePlaces(boxes=boxes, whole=whole and bool(boxes) and len(boxes) == len(lines))
    except pypdfium2.PdfiumError as error:
        raise DamagedSource(name, "damaged_page", why=error) from error
    finally:
        document.close()


def _lines(text: Any, characters: str, span: Range) -> Iterator[_Box]:
    """The boxes of the characters in a range, those that stand side by side made one."""
    line: _Box | None = None
    for box in _characters(text, characters, range(*span)):
        if line is not None and _beside(line, box):
            line = min(line[0], box[0]), min(line[1], box[1]), max(line[2], box[2]), max(line[3], box[3])
            continue
        if line is not None:
            yield line
        line = box
    if line is not None:
        yield line


def _characters(text: Any, characters: str, span: Iterable[int]) -> Iterator[_Box]:
    from pypdfium2 import raw

    for place in span:
        if characters[place].isspace():
            continue
        index = raw.FPDFText_GetCharIndexFromTextIndex(text, place)
        if raw.FPDFText_GetUnicode(text, index) != ord(characters[place]):
            continue  # one that PDFium has made up, as for a divided word
        box = raw.FS_RECTF()
        if raw.FPDFText_GetLooseCharBox(text, index, box) and box.right > box.left and box.top > box.bottom:
            yield box.left, box.bottom, box.right, box.top


def _beside(line: _Box, box: _Box) -> bool:
    """Whether a character goes on in the line, with at most a wide space between."""
    height = min(line[3] - line[1], box[3] - box[1])
    level = min(line[3], box[3]) - max(line[1], box[1]) > height / 2
    return level and line[0] <= box[0] <= line[2] + 3 * height


def _box(page: Any, line: _Box) -> PlaceBox | None:
    """A line on the picture of its page, which may be turned or cut; None where it lies outside."""
    corners = [_percent(page, *corner) for corner in ((line[0], line[1]), (line[2], line[3]))]
    (left, right), (top, bottom) = (sorted(ways) for ways in zip(*corners, strict=True))
    left, top, right, bottom = max(0.0, left), max(0.0, top), min(100.0, right), min(100.0, bottom)
    if left >= right or top >= bottom:
        return None
    sizes = left, top, right - left, bottom - top
    return PlaceBox(
        **dict(zip(("left", "top", "width", "height"), (round(one, 3) for one in sizes), strict=True))
    )


def _percent(page: Any, x: float, y: float) -> tuple[float, float]:
    from pypdfium2 import raw

    across, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, _GRAIN, _GRAIN, 0, x, y, across, down)
    return across.value * 100 / _GRAIN, down.value * 100 / _GRAIN
