"""How much of a scan is read right? Pages of PDFs that have text are made pictures, recognised, and compared with their text.

    python -m benchmarks.recognition FOLDER [--pages N] [--dots N] [--tilt DEGREES] [--quality N] [--languages deu+eng]

Of each PDF in the folder that says something else, one page in the middle of those with enough text is drawn at so many dots per inch, turned a
little, saved as JPEG of that quality, and put in a PDF of its own without text. `right` is the share of the text's words
that were recognised, `true` the share of the recognised words that are in the text; each word counts as often as it occurs.
Pages with pictures that have words in them count as errors of `true`.
"""

from __future__ import annotations

import argparse
import io
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pypdfium2
from PIL import Image

from ingest.errors import SourceError
from ingest.loaders import load, scans, tesseract
from ingest.loaders.sandbox import Sandbox
from ingest.types import Content

_WORD = re.compile(r"[^\W_]+")
_ENOUGH = 80  # words of a page


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Words of the text, words recognised, and how many they have in common; wall time in seconds."""

    said: int
    recognised: int
    common: int
    seconds: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=10, help="pages at most, each of another PDF")
    parser.add_argument("--dots", type=int, default=200, help="dots per inch of the scans")
    parser.add_argument("--tilt", type=float, default=0.4, help="degrees by which they are turned")
    parser.add_argument("--quality", type=int, default=60, help="of the JPEG, of 100")
    parser.add_argument("--languages", default="", help="as in deu+eng; found out if not given")
    options = parser.parse_args()
    if tesseract.installed() is None:
        raise SystemExit("Install Tesseract: apt-get install tesseract-ocr tesseract-ocr-deu")
    found: list[Compared] = []
    with Sandbox() as sandbox, tempfile.TemporaryDirectory() as folder:
        scan = Path(folder) / "scan.pdf"
        for path, number, text in pages_of(options.folder):
            scan.write_bytes(scanned(path, number, options.dots, options.tilt, options.quality))
            one = compare(sandbox, scan, text, scans.Recognition(languages=options.languages))
            found.append(one)
            print(_line(one, f"{path.name}, page {number + 1}"), flush=True)
            if len(found) >= options.pages:
                break
    total = Compared(
        said=sum(one.said for one in found),
        recognised=sum(one.recognised for one in found),
        common=sum(one.common for one in found),
        seconds=sum(one.seconds for one in found) / max(1, len(found)),
    )
    print(_line(total, f"{len(found)} pages; seconds for each"))


def pages_of(folder: Path) -> Iterator[tuple[Path, int, str]]:
    """A page of each PDF below the folder with its number, counted from 0, and its text."""
    seen: set[str] = set()
    for path in sorted(folder.rglob("*.pdf")):
        try:
            content = load(path.read_bytes(), path.name)
        except SourceError:
            continue
        full = [(number, text) for number, text in enumerate(_pages(content)) if len(_words(text)) >= _ENOUGH]
        number, text = full[len(full) // 2] if full else (0, "")
        if text and text not in seen and not content.unread_pages:
            seen.add(text)
            yield path, number, text


def scanned(path: Path, number: int, dots: int, tilt: float, quality: int) -> bytes:
    """A PDF that is a picture of that page."""
    with pypdfium2.PdfDocument(path) as document:
        picture: Image.Image = document[number].render(scale=dots / 72, grayscale=True).to_pil().convert("L")
    turned = picture.rotate(tilt, Image.Resampling.BICUBIC, fillcolor=255)
    buffer = io.BytesIO()
    turned.save(buffer, "PDF", resolution=dots, quality=quality)
    return buffer.getvalue()


def compare(sandbox: Sandbox, scan: Path, text: str, recognition: scans.Recognition) -> Compared:
    began = time.monotonic()
    try:
        read = scans.load(sandbox, scan, scan.name, recognition).text
    except SourceError as error:
        print(f"# {error}")
        read = ""
    said, recognised = _words(text), _words(read)
    common = (said & recognised).total()
    return Compared(
        said=said.total(),
        recognised=recognised.total(),
        common=common,
        seconds=time.monotonic() - began,
    )


def _pages(content: Content) -> list[str]:
    starts = [*content.page_starts, len(content.text)]
    return [content.text[start:end] for start, end in pairwise(starts)]


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text))


def _line(one: Compared, name: str) -> str:
    right, true = one.common / max(1, one.said), one.common / max(1, one.recognised)
    return f"right {right:.3f}  true {true:.3f}  words {one.said:5}  {one.seconds:5.1f} s  {name}"


if __name__ == "__main__":
    main()
