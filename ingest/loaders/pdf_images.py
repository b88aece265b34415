"""A page of a PDF as a picture, through pypdfium2 and Pillow. Only the sandbox's worker calls this."""

from __future__ import annotations

import io
import math
from typing import Any

from ingest.errors import DamagedSource, SourceNotFound
from ingest.loaders.pdf import open_document

WIDTH = 1_100  # pixels
MOST_PIXELS = 4_000_000


def render(data: bytes, name: str, number: int) -> bytes:
    """Page ``number``, counted from 1, as PNG: `WIDTH` pixels wide, but no more than `MOST_PIXELS` in all.

    Raises `SourceNotFound` where there is no such page, `DamagedSource` where it cannot be drawn.
    """
    import pypdfium2

    document = open_document(data, name)
    try:
        if not 1 <= number <= len(document):
            raise SourceNotFound(name, "no_such_page", pages=len(document), page=number)
        page = document[number - 1]
        bitmap = page.render(scale=_scale(*page.get_size()), rev_byteorder=True, prefer_bgrx=False)
        return png(bitmap)
    except pypdfium2.PdfiumError as error:
        raise DamagedSource(name, "damaged_page", why=error) from error
    finally:
        document.close()


def _scale(width: float, height: float) -> float:
    """Pixels per point, however large or odd a page is."""
    if not (0 < width < math.inf and 0 < height < math.inf):
        return 1.0
    return min(WIDTH / width, math.sqrt(MOST_PIXELS / (width * height)), MOST_PIXELS / max(width, height))


def png(bitmap: Any, enlarged: float = 1.0) -> bytes:
    """A bitmap of one or three bytes a pixel as PNG, ``enlarged`` so many times smoothly."""
    from PIL import Image

    mode = {1: "L", 3: "RGB"}[bitmap.n_channels]
    size = bitmap.width, bitmap.height
    buffer = io.BytesIO()
    picture = Image.frombuffer(mode, size, bitmap.buffer, "raw", mode, bitmap.stride, 1)
    if enlarged != 1:
        size = round(bitmap.width * enlarged), round(bitmap.height * enlarged)
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    bands = picture.split()
    if all(band.tobytes() == bands[0].tobytes() for band in bands):
        picture = bands[0]  # a page without colours is smaller as grey
    picture.save(buffer, "PNG")
    return buffer.getvalue()
