"""Text on a PDF's page that no reader sees: in the colour of the paper, too small, off the page, or drawn invisibly.

Invisible text over a picture stays: that is how programs add what they have read in a scan.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, islice
from typing import Any

_WORD = re.compile(r"\S+")
_PALE = 200  # of 255, in every colour: what may not stand out from paper
_FAINT = 12  # of 255: letters this opaque are not seen
_CONTRAST = 16  # of 255: between letters and what is around them
_TINY = 1.0  # points
_MOST_OBJECTS = 3_000  # of a page are looked at; a map has many more
_MARGIN = 2  # pixels
_SCALE, _MOST_PIXELS = 2.0, 6_000_000

_Colour = tuple[int, int, int]  # red, green, blue
_Point = tuple[float, float]
_Box = tuple[float, float, float, float]  # left, bottom, right, top, in points


@dataclass(frozen=True, slots=True, kw_only=True)
class _Style:
    """How letters are drawn that are drawn at once: their render mode, size in points, colour, and opacity in 0..255."""

    mode: int
    size: float
    colour: _Colour
    opacity: int


def blanked(page: Any, text: Any, characters: str) -> str:
    """``characters``, which are all of a page's ``text``, with spaces in place of those that no reader sees."""
    look = _PageLook(page, text)
    spans = [(match.start(), match.end()) for match in _WORD.finditer(characters)]
    hidden = [span for start, end in spans for span in _hidden_parts(look, start, end)]
    for start, end in hidden:
        characters = characters[:start] + " " * (end - start) + characters[end:]
    return characters


def _hidden_parts(look: _PageLook, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Which parts of a word are hidden: all or nothing, but for words that were drawn in pieces."""
    at_once = look.drawn_by(start) == look.drawn_by(end - 1)
    if at_once or look.hidden(start) == look.hidden(end - 1):
        if look.hidden(start):
            yield start, end
        return
    for _, piece in groupby(range(start, end), look.drawn_by):
        places = list(piece)
        if 2 * sum(map(look.hidden, places)) > len(places):
            yield places[0], places[-1] + 1


class _PageLook:
    """How a page looks where a character stands. What takes time is found out only where it is asked for."""

    def __init__(self, page: Any, text: Any) -> None:
        self._page = page
        self._text = text
        self._bounds: _Box = page.get_bbox()
        self._known: dict[int, bool] = {}  # by place in the text
        self._drawn: dict[int, _Style] = {}  # by what draws it

    def hidden(self, place: int) -> bool:
        """Can no reader see the character at a place in the page's text?"""
        if place not in self._known:
            self._known[place] = self._is_hidden(place)
        return self._known[place]

    def drawn_by(self, place: int) -> int:
        """What draws the character: the same number for all that are drawn at once."""
        from pypdfium2 import raw

        index = raw.FPDFText_GetCharIndexFromTextIndex(self._text, place)
        drawn = raw.FPDFText_GetTextObject(self._text, index)
        number = ctypes.cast(drawn, ctypes.c_void_p).value or 0
        if number and number not in self._drawn:
            self._drawn[number] = self._style(drawn, index)
        return number

    def _style(self, drawn: Any, index: int) -> _Style:
        from pypdfium2 import raw

        parts = [ctypes.c_uint() for _ in range(4)]
        raw.FPDFText_GetFillColor(self._text, index, *parts)
        matrix = raw.FS_MATRIX()
        raw.FPDFText_GetMatrix(self._text, index, matrix)
        return _Style(
            mode=raw.FPDFTextObj_GetTextRenderMode(drawn),
            size=raw.FPDFText_GetFontSize(self._text, index) * math.hypot(matrix.c, matrix.d),
            colour=(parts[0].value, parts[1].value, parts[2].value),
            opacity=parts[3].value,
        )

    def _is_hidden(self, place: int) -> bool:
        from pypdfium2 import raw

        style = self._drawn.get(self.drawn_by(place))
        if style is None:  # PDFium has made the character up
            return False
        index = raw.FPDFText_GetCharIndexFromTextIndex(self._text, place)
        box = self._loose_box(index)
        tiny = style.size <= _TINY and max(box[2] - box[0], box[3] - box[1]) <= 1.5 * _TINY
        if tiny or not _overlap(box, self._bounds):
            return True
        middle = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        if style.mode == raw.FPDF_TEXTRENDERMODE_INVISIBLE:
            stays = self._only_invisible or self._over(middle, None) or _in_any(middle, self._fields)
            return not stays
        if (
            style.mode == raw.FPDF_TEXTRENDERMODE_CLIP
        ):  # letters are the outline of what is painted behind them
            return not self._stands_out(index)
        if style.mode not in (raw.FPDF_TEXTRENDERMODE_FILL, raw.FPDF_TEXTRENDERMODE_FILL_STROKE):
            return False
        pale = style.opacity <= _FAINT or min(style.colour) >= _PALE
        return (pale or self._over(middle, style.colour)) and not self._stands_out(index)

    def _over(self, point: _Point, colour: _Colour | None) -> bool:
        """Is it within an area of that colour or, for None, within a picture?"""
        return _in_any(point, self._areas.get(colour, ()))

    def _loose_box(self, index: int) -> _Box:
        from pypdfium2 import raw

        box = raw.FS_RECTF()
        raw.FPDFText_GetLooseCharBox(self._text, index, box)
        return box.left, box.bottom, box.right, box.top

    @cached_property
    def _only_invisible(self) -> bool:
        """Is all text of the page drawn invisibly? Then it stands for letters that are drawn as shapes."""
        from pypdfium2 import raw

        objects = self._page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=3)
        modes = {raw.FPDFTextObj_GetTextRenderMode(one.raw) for one in objects}
        return modes == {raw.FPDF_TEXTRENDERMODE_INVISIBLE}

    @cached_property
    def _fields(self) -> list[_Box]:
        from pypdfium2 import raw

        boxes = []
        for number in range(raw.FPDFPage_GetAnnotCount(self._page)):
            field, box = raw.FPDFPage_GetAnnot(self._page, number), raw.FS_RECTF()
            if raw.FPDFAnnot_GetSubtype(field) == raw.FPDF_ANNOT_WIDGET and raw.FPDFAnnot_GetRect(field, box):
                boxes.append((box.left, box.bottom, box.right, box.top))
            raw.FPDFPage_CloseAnnot(field)
        return boxes

    @cached_property
    def _areas(self) -> Mapping[_Colour | None, list[_Box]]:
        """The areas of the page by their colour, and its pictures, which have none."""
        from pypdfium2 import raw

        kinds = [raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH]
        found: dict[_Colour | None, list[_Box]] = defaultdict(list)
        for one in islice(self._page.get_objects(filter=kinds, max_depth=3), _MOST_OBJECTS):
            colour = _fill(one) if one.type == raw.FPDF_PAGEOBJ_PATH else None
            if colour is not None or one.type == raw.FPDF_PAGEOBJ_IMAGE:
                found[colour].append(one.get_bounds())
        return found

    def _stands_out(self, index: int) -> bool:
        """Does the page, drawn, have more than one shade where the character stands?"""
        from pypdfium2 import raw

        picture = self._picture
        sides = [ctypes.c_double() for _ in range(4)]
        raw.FPDFText_GetCharBox(self._text, index, *sides)
        left, right, bottom, top = (side.value for side in sides)
        corners = [self._pixel(left, bottom), self._pixel(right, top)]
        (left_edge, right_edge), (upper, lower) = (sorted(ways) for ways in zip(*corners, strict=True))
        # A thin letter fills its box: what is around it has to be looked at, too.
        first, last = max(0, left_edge - _MARGIN), min(picture.width, right_edge + _MARGIN + 1)
        rows = range(max(0, upper - _MARGIN), min(picture.height, lower + _MARGIN + 1))
        shades = [
            shade
            for row in rows
            for shade in picture.buffer[row * picture.stride + first : row * picture.stride + last]
        ]
        return bool(shades) and max(shades) - min(shades) > _CONTRAST

    @cached_property
    def _picture(self) -> Any:
        width, height = self._page.get_size()
        scale = min(_SCALE, math.sqrt(_MOST_PIXELS / max(1.0, width * height)))
        return self._page.render(scale=scale, grayscale=True)

    def _pixel(self, x: float, y: float) -> tuple[int, int]:
        """Where a point of the page is in its picture."""
        from pypdfium2 import raw

        across, down = ctypes.c_int(), ctypes.c_int()
        size = self._picture.width, self._picture.height
        raw.FPDF_PageToDevice(self._page, 0, 0, *size, 0, x, y, across, down)
        return across.value, down.value


def _fill(path: Any) -> _Colour | None:
    """The colour with which a path is filled; None where it is not."""
    from pypdfium2 import raw

    how, stroked = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path.raw, how, stroked)
    if how.value == raw.FPDF_FILLMODE_NONE:
        return None
    parts = [ctypes.c_uint() for _ in range(4)]
    raw.FPDFPageObj_GetFillColor(path.raw, *parts)
    return parts[0].value, parts[1].value, parts[2].value


def _in_any(point: _Point, boxes: Iterable[_Box]) -> bool:
    return any(box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3] for box in boxes)


def _overlap(one: _Box, two: _Box) -> bool:
    return one[0] <= two[2] and two[0] <= one[2] and one[1] <= two[3] and two[1] <= one[3]
