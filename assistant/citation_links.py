"""Where a citation leads: the viewer's address at the quoted words, a source's web address, and a source's short name.

A link holds the words that it quotes, so that they are found where the document has changed, or are said to be gone. Of
a long quote it holds the beginning and the end, and the length and a digest of the whole: no other words have that.
"""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath
from urllib.parse import quote, quote_plus, urlsplit

from ingest.types import Record

# Characters that the quoted words may take in an address, in which an umlaut takes six and a Chinese sign nine.
LONGEST_QUOTE = 480


def viewer_url(
    document_id: str, start: int | None = None, end: int | None = None, version: str = "", quoted: str = ""
) -> str:
    """The viewer's address for a document, relative to the site's root; with offsets, these words are highlighted.

    ``version`` is that of the text which the offsets belong to, ``quoted`` what it says there; empty if unknown.
    """
    path = f"documents/{quote(document_id, safe='')}"
    if start is None:
        return path
    return f"{path}?start={start}&end={end}{_version(version)}{_quoted(quoted)}"


def viewer_link(
    document_id: str, start: int | None = None, end: int | None = None, version: str = "", quoted: str = ""
) -> str:
    """Likewise, scrolled to the highlighted words also where no script runs."""
    return viewer_url(document_id, start, end, version, quoted) + ("" if start is None else "#cited")


def version_url(document_id: str, version: str) -> str:
    """The viewer's address for an earlier version of a document, relative to the site's root."""
    return f"documents/{quote(document_id, safe='')}?version={quote(version, safe='')}"


def digest_of(words: str) -> str:
    """The length and a digest of words, whatever white space stands between them: "417-0123456789abcdef"."""
    plain = " ".join(words.split())
    return f"{len(plain)}-{hashlib.sha256(_encoded(plain)).hexdigest()[:16]}"


def web_address(source: str) -> str | None:
    """The source if it is an http or https address, else None."""
    return source if source.lower().startswith(("http://", "https://")) else None


def place(record: Record) -> str:
    """Where a document comes from, in short: the host of a web page, the name of a file, "mail.eml › report.pdf"."""
    address = web_address(record.shown_source)
    if address is not None:
        return (urlsplit(address).hostname or address).removeprefix("www.")
    name = _file_name(record.shown_source)
    within = "" if record.source_corrected else _file_name(record.container)
    return name if not within or name.startswith(f"{within}#") else f"{within} › {name}"


def _file_name(source: str) -> str:
    return PurePosixPath(source.replace("\\", "/")).name or source


def _version(version: str) -> str:
    return f"&version={quote(version, safe='')}" if version else ""


def _quoted(words: str) -> str:
    if not words.strip():
        return ""
    whole = _written(words)
    if len(whole) <= LONGEST_QUOTE:
        return f"&quote={whole}"
    plain = " ".join(words.split())
    end = _beginning(plain[::-1])[::-1]
    return f"&quote={_written(_beginning(plain))}&quote={_written(end)}&digest={digest_of(words)}"


def _beginning(plain: str) -> str:
    """The first words that take half of the room, or characters where no white space separates words."""
    room, length = LONGEST_QUOTE // 2, 0
    for length, sign in enumerate(plain):  # noqa: B007  # how far it came counts
        room -= len(_written(sign))
        if room < 0:
            break
    return plain[:length].rpartition(" ")[0] or plain[:length]


def _written(words: str) -> str:
    return quote_plus(_encoded(words))


def _encoded(words: str) -> bytes:
    return words.encode("utf-8", "replace")  # no text that is stored has lone surrogates
