"""Scans made on the spot, and the mark of tests that need Tesseract."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pypdfium2
import pytest
from PIL import Image

from ingest.loaders import tesseract
from tests.support import files as building

_program = tesseract.installed()
needs_tesseract = pytest.mark.skipif(
    _program is None or not {"deu", "eng"} <= set(_program.languages),
    reason="needs Tesseract with German and English: apt-get install tesseract-ocr tesseract-ocr-deu",
)


def scan(pages: Sequence[Sequence[str]], *, turned: int = 0, dots: int = 200) -> bytes:
    """A PDF of pictures of pages with these lines, turned counterclockwise by so many degrees."""
    pictures = [drawn(page, dots).rotate(turned, expand=True) for page in pages]
    buffer = io.BytesIO()
    pictures[0].save(buffer, "PDF", resolution=dots, save_all=True, append_images=pictures[1:])
    return buffer.getvalue()


def drawn(lines: Sequence[str], dots: int) -> Image.Image:
    """The picture of a page with these lines."""
    with pypdfium2.PdfDocument(building.pdf([lines])) as document:
        picture: Image.Image = document[0].render(scale=dots / 72, grayscale=True).to_pil()
        return picture.convert("L")


def layered(pictures: Sequence[Image.Image], *, strips: bool = False, number: str = "") -> bytes:
    """A page with pictures one over the other, or one below the other, and a number in letters."""
    document = pypdfium2.PdfDocument(building.pdf([[number]]))
    page = document[0]
    width, height = page.get_size()
    for at, picture in enumerate(pictures):
        image = pypdfium2.PdfImage.new(document)
        image.set_bitmap(pypdfium2.PdfBitmap.from_pil(picture))
        tall = height / len(pictures) if strips else height
        image.set_matrix(pypdfium2.PdfMatrix(width, 0, 0, tall, 0, at * tall if strips else 0))
        page.insert_obj(image)
    page.gen_content()
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def joined(*files: bytes) -> bytes:
    """One PDF with the pages of all."""
    whole = pypdfium2.PdfDocument.new()
    for data in files:
        whole.import_pages(pypdfium2.PdfDocument(data))
    buffer = io.BytesIO()
    whole.save(buffer)
    return buffer.getvalue()
