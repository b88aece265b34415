"""One module per format, one signature: ``load(data, name) -> Content``, raising only ``SourceError``.

To add a format, write a module with such a ``load`` and put its suffix into `LOADERS`; a new reason to fail goes into
`ingest.errors.REASONS` and the pages' translations, a new library into ``pyproject.toml`` and ``tests/test_architecture.py``.

Loaders parse what strangers wrote: run them through ``ingest.loaders.sandbox.Sandbox``. Each imports its
third-party library when first called, so reading plain text costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from ingest.errors import DamagedSource, EmptySource, ReasonCode, SourceError, TooLarge, UnsupportedFormat
from ingest.loaders import (
    delimited,
    docx,
    epub,
    html,
    markdown,
    opendocument,
    packages,
    pdf,
    pptx,
    rtf,
    text,
    xls,
    xlsx,
)
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
    ".pptx": pptx.load,
    ".pptm": pptx.load,
    ".odt": opendocument.load,
    ".ods": opendocument.load,
    ".odp": opendocument.load,
    ".rtf": rtf.load,
    ".epub": epub.load,
    ".xlsx": xlsx.load,
    ".xlsm": xlsx.load,
    ".xls": xls.load,
    ".csv": delimited.load,
    ".tsv": delimited.load,
}
SUFFIXES: tuple[str, ...] = tuple(LOADERS)

# First bytes and the code of the reason (see `ingest.errors.REASONS`) for a file that has the suffix of another format.
SIGNATURES: tuple[tuple[bytes, ReasonCode], ...] = (
    (b"%PDF-", "is_pdf"),
    (b"PK\x03\x04", "is_zip"),
    (packages.OLE, "is_office"),
    (b"{\\rtf", "is_rtf"),
    (b"\x89PNG\r\n\x1a\n", "is_picture"),
    (b"\xff\xd8\xff", "is_picture"),
    (b"\x1f\x8b\x08", "is_packed"),
)
# What may begin so: the suffixes of formats that are archives or containers.
_PACKED = (".docx", ".pptx", ".pptm", ".xlsx", ".xlsm", ".xls", ".odt", ".ods", ".odp", ".epub")
_BEGINNING: dict[ReasonCode, tuple[str, ...]] = {
    "is_pdf": (".pdf",),
    "is_zip": _PACKED,
    "is_office": _PACKED,
    "is_rtf": (".rtf",),
}


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
        raise unsupported(name, suffix)
    if not data:
        raise EmptySource(name, "zero")
    _check_signature(data, name, suffix)
    content = _guarded(loader, data, name)
    if not content.text:
        raise EmptySource(name, "no_text")
    return content


def unsupported(name: str, suffix: str) -> UnsupportedFormat:
    """The error for a file whose suffix no loader reads; it lists the suffixes that can be read."""
    readable = ", ".join(SUFFIXES)
    if suffix:
        return UnsupportedFormat(name, "suffix", suffix=suffix, suffixes=readable)
    return UnsupportedFormat(name, "no_suffix", suffixes=readable)


def _check_signature(data: bytes, name: str, suffix: str) -> None:
    """Raises where the first bytes, or the parts of an archive, say that it is another format than its suffix does."""
    for start, code in SIGNATURES:
        if not data.startswith(start):
            continue
        kind = packages.kind_of_package(data) if code == "is_zip" else ""
        if kind in LOADERS and LOADERS[kind] is not LOADERS[suffix] and (kind, suffix) != (".xlsx", ".xls"):
            raise UnsupportedFormat(name, "is_named", suffix=suffix, kind=kind)
        if suffix not in _BEGINNING.get(code, ()):
            raise UnsupportedFormat(name, code, suffix=suffix)


def _guarded(loader: Loader, data: bytes, name: str) -> Content:
    try:
        return loader(data, name)
    except SourceError:
        raise
    except MemoryError as error:
        raise TooLarge(name, "memory") from error
    except Exception as error:  # the edge to five parsing libraries, each with its own errors
        why = f"{type(error).__name__}: {error}"[:200].rstrip(": ")
        raise DamagedSource(name, "unreadable", why=why) from error
