"""Where a citation leads: the viewer's address at the quoted words, a source's web address, and a source's short name."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import quote, urlsplit

from ingest.types import Record


def viewer_url(document_id: str, start: int | None = None, end: int | None = None) -> str:
    """The viewer's address for a document, relative to the site's root; with offsets, these words are highlighted."""
    words = "" if start is None else f"?start={start}&end={end}"
    return f"documents/{quote(document_id, safe='')}{words}"


def viewer_link(document_id: str, start: int | None = None, end: int | None = None) -> str:
    """Likewise, scrolled to the highlighted words also where no script runs."""
    return viewer_url(document_id, start, end) + ("" if start is None else "#cited")


def web_address(source: str) -> str | None:
    """The source if it is an http or https address, else None."""
    return source if source.lower().startswith(("http://", "https://")) else None


def place(record: Record) -> str:
    """Where a document comes from, in short: the host of a web page, the name of a file."""
    address = web_address(record.shown_source)
    if address is not None:
        return (urlsplit(address).hostname or address).removeprefix("www.")
    return PurePosixPath(record.shown_source.replace("\\", "/")).name or record.shown_source
