"""What Tesseract has recognised on a page, as hOCR, made lines with their places: what it is unsure of is left out. Pure."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import Any

from ingest.loaders.blocks import one_line
from ingest.loaders.reflow import Line

# Of 100, the mean over the letters of a line: what is below is a smudge, a signature or part of a photograph.
_SURE = 50.0
_SURE_SIGN = 40.0  # of a word without letters and digits, as specks are read
_RUNS = 6  # letters of a line that is higher than wide because it runs down
_STEP = 1.6  # measured sizes of the same type differ by up to its root
_LINES = ("ocr_line", "ocr_header", "ocr_caption", "ocr_textfloat")
_HYPHENS = ("-", "\N{HYPHEN}", "\N{NOT SIGN}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognisedPage:
    """The lines of page ``number``, counted from 1, in reading order; ``letters`` of them, and ``left_out`` that were unsure."""

    number: int
    lines: tuple[Line, ...] = ()
    letters: int = 0
    left_out: int = 0

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


@dataclass(slots=True, kw_only=True)
class _Word:
    """A word with its box in pixels from the upper left corner, and how sure Tesseract is of it, of 100."""

    box: tuple[float, ...]
    confidence: float
    text: str = ""


@dataclass(slots=True, kw_only=True)
class _Row:
    """A line as hOCR has it: ``slope`` and ``offset`` give its baseline, from the lower left corner of its box."""

    box: tuple[float, ...]
    size: float
    slope: float
    offset: float
    angle: int
    words: list[_Word] = field(default_factory=list)

    @property
    def turned(self) -> int:
        """The angle in quarters of a full turn; Tesseract does not say so of lines that it has found to run down."""
        left, top, right, bottom = self.box
        letters = sum(len(word.text) for word in self.words)
        if not self.angle and letters >= _RUNS and bottom - top > 2 * (right - left):
            return 270
        return round(self.angle / 90) % 4 * 90


def page(hocr: str, number: int, size: tuple[int, int], dots: float) -> RecognisedPage:
    """The lines of a page, counted from 1, whose picture is so many pixels wide and high and has so many dots per inch.

    Where most of it is turned, the lines are measured, and their angle is, as if the page stood upright.
    """
    reader = _Reader()
    reader.feed(hocr)
    reader.close()
    lines, left_out = [], 0
    upright = _upright(reader.rows)
    for row in reader.rows:
        words = [word for word in row.words if _letters(word.text) or word.confidence >= _SURE_SIGN]
        letters = sum(_letters(word.text) for word in words)
        if not letters:
            continue
        if sum(_letters(word.text) * word.confidence for word in words) < _SURE * letters:
            left_out += letters
            continue
        lines.append(_line(row, words, number, size, 72 / dots, upright))
    return RecognisedPage(
        number=number,
        lines=tuple(lines),
        letters=sum(_letters(line.text) for line in lines),
        left_out=left_out,
    )


def settled(pages: Sequence[RecognisedPage]) -> dict[int, list[Line]]:
    """The lines of each page by its number, with type sizes made even: Tesseract measures them line by line."""
    letters: Counter[float] = Counter()
    for one in pages:
        for line in one.lines:
            letters[line.size] += len(line.text)
    body = _median(letters)
    return {one.number: [replace(line, size=_even(line.size, body)) for line in one.lines] for one in pages}


def recognised_page(data: dict[str, Any]) -> RecognisedPage:
    """A page out of the dictionary that `dataclasses.asdict` has made of it."""
    return RecognisedPage(**data | {"lines": tuple(Line(**line | {"pieces": ()}) for line in data["lines"])})


def _line(
    row: _Row, words: Sequence[_Word], number: int, size: tuple[int, int], scale: float, upright: int
) -> Line:
    text = one_line(" ".join(word.text for word in words))
    divided = len(text) > 1 and text.endswith(_HYPHENS) and text[-2].isalpha()
    angle = row.turned
    boxes = [_turned(word.box, size, angle) for word in (words[0], words[-1])]
    left, right = boxes[0][0], boxes[1][2]
    bottom = _turned(row.box, size, angle)[3]
    baseline = bottom if angle else bottom + row.offset + row.slope * (left - row.box[0])
    height = size[0] if angle in (90, 270) else size[1]
    return Line(
        text=text[:-1] + "-" if divided else text,
        page=number - 1,
        left=left * scale,
        right=max(left, right) * scale,
        baseline=(height - baseline) * scale,
        size=round(max(1.0, row.size * scale), 1),
        angle=(angle - upright) % 360,
        divided=divided,
    )


def _upright(rows: Sequence[_Row]) -> int:
    """The angle of most of the words."""
    angles: Counter[int] = Counter()
    for row in rows:
        angles[row.turned] += len(row.words)
    return max(angles, key=angles.__getitem__, default=0)


def _turned(box: tuple[float, ...], size: tuple[int, int], angle: int) -> tuple[float, ...]:
    """A box of a picture of that size after turning the writing, which stands at that angle, upright."""
    left, top, right, bottom = box
    width, height = size
    if angle == 90:
        return height - bottom, left, height - top, right
    if angle == 180:
        return width - right, height - bottom, width - left, height - top
    if angle == 270:
        return top, width - right, bottom, width - left
    return box


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _median(weights: Counter[float]) -> float:
    """The value with as much weight below as above; 1 where there is none."""
    half, so_far = weights.total() / 2, 0
    for value in sorted(weights):
        so_far += weights[value]
        if so_far >= half:
            return value
    return 1.0


def _even(size: float, body: float) -> float:
    """That of the body, or of a few larger and smaller sizes, whichever is nearest."""
    return round(body * _STEP ** round(math.log(size / body, _STEP)), 1)


class _Reader(HTMLParser):
    """Collects the rows of hOCR with their words."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[_Row] = []
        self._word: _Word | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        kind, title = given.get("class") or "", given.get("title") or ""
        if kind in _LINES:
            slope, offset = (*_numbers(title, "baseline"), 0.0, 0.0)[:2]
            box = _box(title)
            size = (*_numbers(title, "x_size"), box[3] - box[1])[0]
            angle = int((*_numbers(title, "textangle"), 0.0)[0])
            self.rows.append(_Row(box=box, size=size, slope=slope, offset=offset, angle=angle))
        elif kind == "ocrx_word" and self.rows:
            confidence = (*_numbers(title, "x_wconf"), 0.0)[0]
            self._word = _Word(box=_box(title), confidence=confidence)
            self.rows[-1].words.append(self._word)

    def handle_data(self, data: str) -> None:
        if self._word is not None:
            self._word.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "span" and self._word is not None:
            self._word.text = self._word.text.strip()
            self._word = None


def _box(title: str) -> tuple[float, ...]:
    """Left, top, right and bottom."""
    numbers = _numbers(title, "bbox")
    return numbers if len(numbers) == 4 else (0.0, 0.0, 0.0, 0.0)


def _numbers(title: str, name: str) -> tuple[float, ...]:
    """The numbers that a property of hOCR has, as in "bbox 10 20 30 40; x_wconf 95"."""
    found = re.search(rf"(?:^|;)\s*{name}((?:\s+-?[\d.]+(?:e-?\d+)?)+)", title)
    return tuple(map(float, found[1].split())) if found else ()
