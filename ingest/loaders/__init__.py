"""One module per format, one signature: ``load(data, name) -> Content``, raising only ``SourceError``.

A file that holds several documents has a second one, ``open_…(data, name) -> OpenContainer``, see `CONTAINERS`.

To add a format, write a module with such a ``load`` and put its suffix into `LOADERS`; a new reason to fail goes into
`ingest.errors.REASONS` and the pages' translations, a new library into ``pyproject.toml`` and ``tests/test_architecture.py``.

Loaders parse what strangers wrote: run them through ``ingest.loaders.sandbox.Sandbox``. Each imports its
third-party library when first called, so reading plain text costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import PurePosixPath
from typing import TypeVar
from urllib.parse import urlsplit

from ingest.errors import DamagedSource, EmptySource, ReasonCode, SourceError, TooLarge, UnsupportedFormat
from ingest.loaders import (
    archives,
    articles,
    delimited,
    docx,
    epub,
    html,
    mail,
    markdown,
    opendocument,
    outlook,
    packages,
    pdf,
    pptx,
    rtf,
    text,
    transcripts,
    xls,
    xlsx,
)
from ingest.loaders.hocr import RecognisedPage
from ingest.loaders.members import OpenContainer
from ingest.types import Content

Loader = Callable[[bytes, str], Content]
_Read = TypeVar("_Read")

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
    ".srt": transcripts.load,
    ".vtt": transcripts.load,
    ".eml": mail.load,
    ".msg": outlook.load,
    ".json": articles.load,
}
# What files of these formats hold are documents of their own; those that are in `LOADERS`, too, can be one themselves.
CONTAINERS: dict[str, Callable[[bytes, str], OpenContainer]] = {
    ".zip": archives.open_zip,
    ".eml": mail.open_mail,
    ".msg": outlook.open_mail,
    ".json": articles.open_json,
    ".jsonl": articles.open_lines,
    ".ndjson": articles.open_lines,
}
SUFFIXES: tuple[str, ...] = tuple(dict.fromkeys([*LOADERS, *CONTAINERS]))

# These are archives or OLE containers, as which other formats begin, too.
_PACKED = (".docx", ".pptx", ".pptm", ".xlsx", ".xlsm", ".xls", ".odt", ".ods", ".odp", ".epub")
# First bytes, the suffixes of the formats that they begin (none where no loader reads it), and the code of the reason
# (see `ingest.errors.REASONS`) for a file that has another suffix.
SIGNATURES: tuple[tuple[bytes, tuple[str, ...], ReasonCode], ...] = (
    (b"%PDF-", (".pdf",), "is_pdf"),
    (b"PK\x03\x04", (*_PACKED, ".zip"), "is_zip"),
    (packages.OLE, (*_PACKED, ".msg"), "is_office"),
    (b"{\\rtf", (".rtf",), "is_rtf"),
    (b"\x89PNG\r\n\x1a\n", (), "is_picture"),
    (b"\xff\xd8\xff", (), "is_picture"),
    (b"\x1f\x8b\x08", (), "is_packed"),
)
# What tells the formats apart that begin alike.
_KINDS: dict[ReasonCode, Callable[[bytes], str]] = {
    "is_zip": packages.kind_of_package,
    "is_office": packages.kind_of_container,
}


def suffix_of(name: str) -> str:
    """The suffix of a path, file name or URL, in lower case."""
    path = urlsplit(name).path if "://" in name else name.replace("\\", "/")
    return PurePosixPath(path).suffix.lower()


def load(data: bytes, name: str, *, suffix: str = "", recognised: Sequence[RecognisedPage] = ()) -> Content:
    """What the file ``name`` with the bytes ``data`` holds; ``suffix`` overrules that of ``name``.

    ``recognised`` are pages of a PDF that are pictures, and were read by `ingest.loaders.pdf_recognition`.

    Raises a ``SourceError``, whatever a loader or its library raises.
    """
    suffix = suffix or suffix_of(name)
    loader = LOADERS.get(suffix)
    if loader is None and suffix in CONTAINERS:
        raise UnsupportedFormat(name, "holds_several")
    if loader is None:
        raise unsupported(name, suffix)
    if not data:
        raise EmptySource(name, "zero")
    _check_signature(data, name, suffix)
    loader = partial(pdf.load, recognised=recognised) if recognised else loader
    content = guarded(loader, data, name)
    if not content.text:
        raise EmptySource(name, "no_text")
    return content


def open_container(data: bytes, name: str, *, suffix: str = "") -> OpenContainer:
    """What the file ``name`` holds that are documents of their own. ``suffix`` overrules that of ``name``.

    Raises a ``SourceError``, whatever its module or its library raises.
    """
    suffix = suffix or suffix_of(name)
    if not data:
        raise EmptySource(name, "zero")
    _check_signature(data, name, suffix)
    return guarded(CONTAINERS[suffix], data, name)


def unsupported(name: str, suffix: str) -> UnsupportedFormat:
    """The error for a file whose suffix no loader reads; it lists the suffixes that can be read."""
    readable = ", ".join(SUFFIXES)
    if suffix:
        return UnsupportedFormat(name, "suffix", suffix=suffix, suffixes=readable)
    return UnsupportedFormat(name, "no_suffix", suffixes=readable)


def _check_signature(data: bytes, name: str, suffix: str) -> None:
    """Raises where the first bytes, or what an archive holds, say that it is another format than its suffix does."""
    for start, readable, code in SIGNATURES:
        if not data.startswith(start):
            continue
        kind = _KINDS[code](data) if code in _KINDS and suffix not in CONTAINERS else ""
        if kind in LOADERS and LOADERS[kind] is not LOADERS[suffix] and (kind, suffix) != (".xlsx", ".xls"):
            raise UnsupportedFormat(name, "is_named", suffix=suffix, kind=kind)
        if suffix not in readable:
            raise UnsupportedFormat(name, code, suffix=suffix)


def guarded(loader: Callable[[bytes, str], _Read], data: bytes, name: str) -> _Read:
    """What ``loader`` reads; raises a ``SourceError``, whatever it or its library raises."""
    try:
        return loader(data, name)
    except SourceError:
        raise
    except MemoryError as error:
        raise TooLarge(name, "memory") from error
    except Exception as error:  # the edge to five parsing libraries, each with its own errors
        why = f"{type(error).__name__}: {error}"[:200].rstrip(": ")
        raise DamagedSource(name, "unreadable", why=why) from error
