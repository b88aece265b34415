"""A page of a PDF drawn and read by Tesseract. Only the sandbox's worker calls this."""

from __future__ import annotations

import math
import time
from contextlib import suppress
from typing import Any

from ingest.errors import DamagedSource, SourceNotFound
from ingest.loaders import hocr, tesseract
from ingest.loaders.pdf import open_document
from ingest.loaders.pdf_images import png

DOTS = 300  # per inch: what Tesseract reads best
_COARSE, _FINE = (
    190,
    450,
)  # dots per inch between which it reads a scan best as it is; coarser ones are enlarged
_MOST_TIMES = 3.0
_BLURRED = 60  # dots per inch below which nothing is legible: the colour of the paper, or a shade behind what is drawn
_SECONDS = 100  # for a page, less than the reader may take
_FULL = 0.5  # of a page: a picture that it is the scan of
_MOST_PIXELS = 30_000_000  # a page of A3 has 17 millions


def recognise(
    data: bytes, name: str, page: int, command: str, languages: str, turned: bool = False
) -> hocr.RecognisedPage:
    """What Tesseract, at ``command``, reads on page ``page``, counted from 1, in languages as in "deu+eng".

    ``turned``: it can tell how a page is turned, which takes time: it is asked where there is hardly a word otherwise.
    Raises `SourceNotFound` where there is no such page, `DamagedSource` where it cannot be drawn or read.
    """
    last = time.monotonic() + _SECONDS
    picture, size, dots = _drawn(data, name, page)

    def read(mode: int) -> hocr.RecognisedPage:
        left = max(1.0, last - time.monotonic())
        said = tesseract.read(command, languages, picture, round(dots), seconds=left, mode=mode)
        return hocr.page(said, page, size, dots)

    try:
        found = read(tesseract.AS_IT_IS)
    except tesseract.TesseractFailed as error:
        raise DamagedSource(name, "unrecognised", page=page, why=error) from error
    if turned and found.left_out > found.letters:
        with suppress(tesseract.TesseractFailed):  # what was read stays
            found = max(found, read(tesseract.TURNED), key=lambda one: one.letters)
    return found


def _drawn(data: bytes, name: str, number: int) -> tuple[bytes, tuple[int, int], float]:
    """A page as PNG in shades of grey, its width and height in pixels, and its dots per inch."""
    import pypdfium2

    document = open_document(data, name)
    try:
        if not 1 <= number <= len(document):
            raise SourceNotFound(name, "no_such_page", pages=len(document), page=number)
        page = document[number - 1]
        width, height = page.get_size()
        scale = _scale(width, height, _own_dots(page) or DOTS)
        bitmap = page.render(scale=scale, grayscale=True)
        enlarged = 1.0 if scale >= _COARSE / 72 else min(_MOST_TIMES, DOTS / 72 / scale)
        size = round(bitmap.width * enlarged), round(bitmap.height * enlarged)
        return png(bitmap, enlarged), size, 72 * scale * enlarged
    except pypdfium2.PdfiumError as error:
        raise DamagedSource(name, "damaged_page", why=error) from error
    finally:
        document.close()


def _own_dots(page: Any) -> float:
    """The dots per inch of the finest picture that fills a page, for other numbers blur it.

    0 where there is none, or it is very fine or very coarse. Scanners put letters that are fine over paper that is coarse.
    """
    from pypdfium2 import raw

    width, height = page.get_size()
    finest = 0.0
    for picture in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=2):
        left, bottom, right, top = picture.get_bounds()
        area = (right - left) * (top - bottom)
        if area > 0 and area >= _FULL * width * height:
            finest = max(finest, 72 * math.sqrt(math.prod(picture.get_px_size()) / area))
    return finest if _BLURRED <= finest <= _FINE else 0.0


def _scale(width: float, height: float, dots: float) -> float:
    """Pixels per point, fewer on a page that is larger than paper."""
    if not (0 < width < math.inf and 0 < height < math.inf):
        return 1.0
    return min(dots / 72, math.sqrt(_MOST_PIXELS / (width * height)), _MOST_PIXELS / max(width, height))
