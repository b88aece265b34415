"""A page of a PDF drawn and read by Tesseract. Only the sandbox's worker calls this."""

from __future__ import annotations

import math

from ingest.errors import DamagedSource, SourceNotFound
from ingest.loaders import hocr, tesseract
from ingest.loaders.pdf import open_document
from ingest.loaders.pdf_images import png

DOTS = 300  # per inch: what Tesseract reads best
_MOST_PIXELS = 30_000_000  # a page of A3 has 17 millions


def recognise(data: bytes, name: str, page: int, command: str, languages: str) -> hocr.RecognisedPage:
    """What Tesseract, at ``command``, reads on page ``page``, counted from 1, in languages as in "deu+eng".

    Raises `SourceNotFound` where there is no such page, `DamagedSource` where it cannot be drawn or read.
    """
    picture, height, dots = _drawn(data, name, page)
    try:
        said = tesseract.read(command, languages, picture, round(dots))
    except tesseract.TesseractFailed as error:
        raise DamagedSource(name, "unrecognised", page=page, why=error) from error
    return hocr.page(said, page, height, dots)


def _drawn(data: bytes, name: str, number: int) -> tuple[bytes, int, float]:
    """A page as PNG in shades of grey, its height in pixels and its dots per inch."""
    import pypdfium2

    document = open_document(data, name)
    try:
        if not 1 <= number <= len(document):
            raise SourceNotFound(name, "no_such_page", pages=len(document), page=number)
        page = document[number - 1]
        scale = _scale(*page.get_size())
        bitmap = page.render(scale=scale, grayscale=True)
        return png(bitmap), bitmap.height, 72 * scale
    except pypdfium2.PdfiumError as error:
        raise DamagedSource(name, "damaged_page", why=error) from error
    finally:
        document.close()


def _scale(width: float, height: float) -> float:
    """Pixels per point, fewer on a page that is larger than paper."""
    if not (0 < width < math.inf and 0 < height < math.inf):
        return 1.0
    return min(DOTS / 72, math.sqrt(_MOST_PIXELS / (width * height)), _MOST_PIXELS / max(width, height))
