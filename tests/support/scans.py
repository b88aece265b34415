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
    pictures = []
    with pypdfium2.PdfDocument(building.pdf(pages)) as document:
        for number in range(len(document)):
            drawn: Image.Image = document[number].render(scale=dots / 72, grayscale=True).to_pil()
            pictures.append(drawn.convert("L").rotate(turned, expand=True))
    buffer = io.BytesIO()
    pictures[0].save(buffer, "PDF", resolution=dots, save_all=True, append_images=pictures[1:])
    return buffer.getvalue()


def joined(*files: bytes) -> bytes:
    """One PDF with the pages of all."""
    whole = pypdfium2.PdfDocument.new()
    for data in files:
        whole.import_pages(pypdfium2.PdfDocument(data))
    buffer = io.BytesIO()
    whole.save(buffer)
    return buffer.getvalue()
