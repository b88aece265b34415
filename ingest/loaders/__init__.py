"""One module per format, one signature: ``load(data, name) -> Content``, raising only ``SourceError``.

Loaders parse what strangers wrote: run them through ``ingest.loaders.sandbox.Sandbox``. Each imports its
third-party library when first called, so reading plain text costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from ingest.errors import DamagedSource, EmptySource, SourceError, TooLarge, UnsupportedFormat
from ingest.loaders import docx, html, markdown, pdf, text
from ingest.types import Content

Loader = Callable[[bytes, str], Content]

LOADERS: dict[str, Loader] = {
    ".txt": text.load,
    ".text": text.load,
    ".md": markdown.load,
    ".markdown": markdown.load,
    ".html": html.load,
    ".htm": html.load,
    ".xhtml": html.load,
    ".pdf": pdf.load,
    ".docx": docx.load,
}
SUFFIXES: tuple[str, ...] = tuple(LOADERS)

# First bytes, what has them, the suffix under which it can be read (empty: none), and what to do otherwise.
_SIGNATURES: tuple[tuple[bytes, str, str, str], ...] = (
    (b"%PDF-", "a PDF", ".pdf", "rename it to end in .pdf"),
    (b"PK\x03\x04", "a ZIP archive", ".docx", "if it is a Word document, rename it to end in .docx"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file", ".docx", "save it as .docx"),
    (b"{\\rtf", "an RTF file", "", "save it as .docx"),
    (b"\x89PNG\r\n\x1a\n", "a picture", "", "add its text"),
    (b"\xff\xd8\xff", "a picture", "", "add its text"),
    (b"\x1f\x8b\x08", "compressed", "", "unpack it first"),
)


TOO_MUCH_MEMORY = "needs more memory to read than is allowed: split it into smaller files"


def suffix_of(name: str) -> str:
    """The suffix of a path, file name or URL, in lower case."""
    path = urlsplit(name).path if "://" in name else name.replace("\\", "/")
    return PurePosixPath(path).suffix.lower()


def load(data: bytes, name: str, *, suffix: str = "") -> Content:
    """What the file ``name`` with the bytes ``data`` holds; ``suffix`` overrules that of ``name``.

    Raises a ``SourceError``, whatever a loader or its library raises.
    """
    suffix = suffix or suffix_of(name)
    loader = LOADERS.get(suffix)
    if loader is None:
        raise UnsupportedFormat(name, unsupported(suffix))
    if not data:
        raise EmptySource(name, "is empty (0 bytes): check that it was saved or downloaded completely")
    _check_signature(data, name, suffix)
    content = _guarded(loader, data, name)
    if not content.text:
        raise EmptySource(name, "has no text in it")
    return content


def unsupported(suffix: str) -> str:
    """Why a file with this suffix cannot be read, and which can."""
    what = f"files ending in {suffix}" if suffix else "files without a suffix"
    return f"{what} cannot be read: convert it to one of {', '.join(SUFFIXES)}"


def _check_signature(data: bytes, name: str, suffix: str) -> None:
    for start, what, readable, advice in _SIGNATURES:
        if data.startswith(start) and suffix != readable:
            raise UnsupportedFormat(name, f"ends in {suffix} but is {what}: {advice}")


def _guarded(loader: Loader, data: bytes, name: str) -> Content:
    try:
        return loader(data, name)
    except SourceError:
        raise
    except MemoryError as error:
        raise TooLarge(name, TOO_MUCH_MEMORY) from error
    except Exception as error:  # the edge to five parsing libraries, each with its own errors
        why = f"{type(error).__name__}: {error}"[:200].rstrip(": ")
        raise DamagedSource(name, f"cannot be read ({why}): open it, save it again and add that") from error
