"""PDF files, through pypdfium2: the text layer with pages, paragraphs and headings.

PDFium must not run in two threads of one process at once.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from ingest.errors import DamagedSource, EmptySource, EncryptedSource, SourceError
from ingest.loaders import metadata
from ingest.loaders.blocks import one_line
from ingest.loaders.columns import arranged, is_mixed
from ingest.loaders.hocr import RecognisedPage, settled
from ingest.loaders.pdf_hidden import blanked
from ingest.loaders.reflow import Line, reflow
from ingest.types import Content

# PDFium ends a line with this in place of its hyphen and line break, where a word seems to be divided.
_DIVIDED = "\ufffe"
_LINE = re.compile(f"([^\r\n{_DIVIDED}]*)({_DIVIDED}|\r\n|\r|\n|\\Z)")
_WORD = re.compile(r"\S+")
_WIDE = 0.7  # a gap that may be between columns, in units of the type size
_STAMP = 60  # letters at most that are put on a scan, as its number, and say nothing of it
_FULL = 0.85  # of a page, from which on pictures are that of the whole page
_MORE = 1.5  # times the letters of a page's text, from which on what was recognised is more than that text
_FEW = 20  # letters

_Span = tuple[int, int]


def load(data: bytes, name: str, recognised: Sequence[RecognisedPage] = ()) -> Content:
    """The text with ``page_starts`` and headings by type size; title and authors from the metadata.

    ``recognised`` are pages that are pictures, as they have been read; they stand in place of what text they have.
    """
    document = open_document(data, name)
    try:
        pages = len(document)
        lines = [arranged(list(_lines(document, page))) for page in range(pages)]
        unread = [page for page in range(pages) if _is_picture(document, page, lines[page])]
        read = _better(recognised, lines)
        legible = {page.number for page in recognised if page.left_out <= max(_FEW, page.letters)}
        lines = [read.get(number, page) for number, page in enumerate(lines)]
        flow = reflow([line for page in lines for line in page], pages)
        declared = {key: _declared(document, key) for key in ("Title", "Author")}
        spoken = _language(document)
    finally:
        document.close()
    if not flow.text:
        raise EmptySource(name, "scan_pages", pages=pages)
    return Content(
        text=flow.text,
        media_type="application/pdf",
        title=metadata.title(declared["Title"], flow.title, flow.text, name),
        authors=metadata.names([declared["Author"]]),
        language=spoken,
        page_starts=flow.page_starts,
        doubtful_pages=tuple(
            number + 1 for number, page in enumerate(lines) if number not in read and is_mixed(page)
        ),
        recognised_pages=tuple(sorted(number + 1 for number in read)),
        unread_pages=tuple(number + 1 for number in unread if number + 1 not in legible),
        headings=flow.headings,
    )


def open_document(data: bytes, name: str) -> Any:
    """The PDF, to be closed by the caller. Raises `EncryptedSource` or `DamagedSource`."""
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise _translated(error, name) from error


def _translated(error: Any, name: str) -> SourceError:
    from pypdfium2 import raw

    if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
        return EncryptedSource(name, "encrypted")
    return DamagedSource(name, "pdf_damaged")


def _lines(document: Any, number: int) -> Iterator[Line]:
    """The lines of a page in the order of its content; none where PDFium cannot read the page."""
    import pypdfium2

    try:
        page = document[number]
        text = page.get_textpage()
        characters = blanked(page, text, text.get_text_range())
    except pypdfium2.PdfiumError:  # one broken page does not lose the others
        return
    for match in _LINE.finditer(characters):
        if words := one_line(match[1]):
            yield _measured(text, number, match, words)
    page.close()


def _better(recognised: Sequence[RecognisedPage], lines: Sequence[Sequence[Line]]) -> dict[int, list[Line]]:
    """The recognised pages that have more to say than their text, by their number, counted from 0."""
    return {
        number - 1: page
        for number, page in settled(recognised).items()
        if _letters(page) > _MORE * _letters(lines[number - 1])
    }


def _letters(lines: Sequence[Line]) -> int:
    return sum(sum(map(str.isalnum, line.text)) for line in lines)


def _is_picture(document: Any, number: int, lines: Sequence[Line]) -> bool:
    """Whether a page shows something but has no text, or hardly any over a picture of its size, which may be in strips."""
    import pypdfium2
    from pypdfium2 import raw

    letters = _letters(lines)
    if letters > _STAMP:
        return False
    try:
        page = document[number]
        if not letters:
            return bool(raw.FPDFPage_CountObjects(page) > 0)
        width, height = page.get_size()
        pictures = page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=2)
        return bool(sum(_area(picture.get_bounds()) for picture in pictures) >= _FULL * width * height)
    except pypdfium2.PdfiumError:
        return False


def _area(box: tuple[float, float, float, float]) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _measured(text: Any, page: int, match: re.Match[str], words: str) -> Line:
    """A line with its place on the page, and its pieces between gaps that are wider than those between words mostly are."""
    spans = [(match.start() + word.start(), match.start() + word.end()) for word in _WORD.finditer(match[1])]
    line = _placed(text, page, spans, words, divided=match[2] == _DIVIDED)
    pieces = _pieces(text, line, spans) if len(spans) > 1 and not line.angle else []
    if len(pieces) < 2:
        return line
    placed = [
        _placed(
            text,
            page,
            piece,
            one_line(match[1][piece[0][0] - match.start() : piece[-1][1] - match.start()]),
            divided=line.divided and piece is pieces[-1],
        )
        for piece in pieces
    ]
    return replace(line, pieces=tuple(placed))


def _pieces(text: Any, line: Line, spans: list[_Span]) -> list[list[_Span]]:
    """The words of a line between wide gaps."""
    pieces = [[spans[0]]]
    for one, two in pairwise(spans):
        wide = _left(text, two[0]) - _right(text, one[1] - 1) > _WIDE * line.size
        if wide:
            pieces.append([])
        pieces[-1].append(two)
    return pieces


def _placed(text: Any, page: int, spans: list[_Span], words: str, *, divided: bool) -> Line:
    """Words of a line with their place on the page; the type size is that of the longest one."""
    from pypdfium2 import raw

    longest = max(spans, key=lambda span: span[1] - span[0])
    places = (spans[0][0], longest[0], spans[-1][1] - 1)
    first, middle, last = (raw.FPDFText_GetCharIndexFromTextIndex(text, place) for place in places)
    angle, size = raw.FPDFText_GetCharAngle(text, first), _size(text, middle)
    left, baseline = _origin(text, first, angle)
    return Line(
        text=words + "-" * divided,
        page=page,
        left=left,
        right=max(left, _origin(text, last, angle)[0] + _advance(text, last)),
        baseline=baseline,
        size=size,
        angle=round(math.degrees(angle)) % 360,
        divided=divided,
    )


def _left(text: Any, place: int) -> float:
    """Where the character at a place of the text begins, on a level line."""
    from pypdfium2 import raw

    return _origin(text, raw.FPDFText_GetCharIndexFromTextIndex(text, place), 0.0)[0]


def _right(text: Any, place: int) -> float:
    from pypdfium2 import raw

    index = raw.FPDFText_GetCharIndexFromTextIndex(text, place)
    return _origin(text, index, 0.0)[0] + _advance(text, index)


def _origin(text: Any, index: int, angle: float) -> tuple[float, float]:
    """Where a character stands, in points, after turning the page by ``angle`` so that its line is level."""
    from pypdfium2 import raw

    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(text, index, x, y)
    cos, sin = math.cos(angle), math.sin(angle)
    return x.value * cos + y.value * sin, y.value * cos - x.value * sin


def _advance(text: Any, index: int) -> float:
    """How wide a character is, in points; of one that does not stand level, its height."""
    from pypdfium2 import raw

    box = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(text, index, box)
    return float(min(box.right - box.left, box.top - box.bottom))


def _size(text: Any, index: int) -> float:
    """The type size of a character as it appears on the page, in points."""
    from pypdfium2 import raw

    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(text, index, matrix)
    size = raw.FPDFText_GetFontSize(text, index) * math.hypot(matrix.c, matrix.d)
    return round(size, 1) if 1 <= size <= 500 else 10.0


def _declared(document: Any, key: str) -> str:
    try:
        return str(document.get_metadata_value(key))
    except UnicodeDecodeError:  # a damaged title does not lose the text
        return ""


def _language(document: Any) -> str:
    from pypdfium2 import raw

    length = raw.FPDFCatalog_GetLanguage(document, None, 0)
    buffer = ctypes.create_string_buffer(length)
    raw.FPDFCatalog_GetLanguage(document, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), length)
    return metadata.language(buffer.raw.decode("utf-16-le", "replace").rstrip("\0"))
