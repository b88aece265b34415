"""A page of a PDF as a picture, through pypdfium2. Only the sandbox's worker calls this."""

from __future__ import annotations

import math
import struct
import zlib
from typing import Any

from ingest.errors import DamagedSource, SourceNotFound
from ingest.loaders.pdf import open_document

WIDTH = 1_100  # pixels
MOST_PIXELS = 4_000_000
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREY, _RGB = 0, 2


def render(data: bytes, name: str, number: int) -> bytes:
    """Page ``number``, counted from 1, as PNG: `WIDTH` pixels wide, but no more than `MOST_PIXELS` in all.

    Raises `SourceNotFound` where there is no such page, `DamagedSource` where it cannot be drawn.
    """
    import pypdfium2

    document = open_document(data, name)
    try:
        if not 1 <= number <= len(document):
            raise SourceNotFound(name, f"has {len(document)} pages: there is no page {number}")
        page = document[number - 1]
        bitmap = page.render(scale=_scale(*page.get_size()), rev_byteorder=True, prefer_bgrx=False)
        return _png(bitmap)
    except pypdfium2.PdfiumError as error:
        raise DamagedSource(name, f"has a damaged page ({error}): open the original instead") from error
    finally:
        document.close()


def _scale(width: float, height: float) -> float:
    """Pixels per point, however large or odd a page is."""
    if not (0 < width < math.inf and 0 < height < math.inf):
        return 1.0
    return min(WIDTH / width, math.sqrt(MOST_PIXELS / (width * height)), MOST_PIXELS / max(width, height))


def _png(bitmap: Any) -> bytes:
    """A bitmap of one or three bytes a pixel as PNG, without Pillow: a header, the packed rows, an end."""
    row, stride, data = bitmap.width * bitmap.n_channels, bitmap.stride, memoryview(bitmap.buffer).cast("B")
    kind = {1: _GREY, 3: _RGB}[bitmap.n_channels]
    rows = b"".join(b"\0" + bytes(data[at * stride : at * stride + row]) for at in range(bitmap.height))
    header = struct.pack(">IIBBBBB", bitmap.width, bitmap.height, 8, kind, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 6)), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(name, body) for name, body in chunks)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
