"""Which outlet a document is from: the host of its address, or what else its source says. Pure."""

from __future__ import annotations

from urllib.parse import urlsplit

from ingest.types import Record

_PREFIXES = ("www.", "m.", "amp.")


def outlet_of(record: Record) -> str:
    """The host that a document came from, without "www."; what a correction names as its source; empty for files.

    >>> host("https://www.example.org/a/b.html")
    'example.org'
    """
    return host(record.shown_source) or (
        record.source_corrected if not _is_path(record.source_corrected) else ""
    )


def host(address: str) -> str:
    """The host of a web address; empty for what is none."""
    try:
        parts = urlsplit(address)
        name = (parts.hostname or "") if parts.scheme in ("http", "https") else ""
    except ValueError:  # brackets that are no address of version 6
        return ""
    prefix = next((one for one in _PREFIXES if name.startswith(one) and name.count(".") > 1), "")
    return name.removeprefix(prefix)


def _is_path(source: str) -> bool:
    return "/" in source or "\\" in source
