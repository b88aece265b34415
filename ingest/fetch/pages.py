"""Web pages and feeds, fetched so that no address leads into the network of whoever runs this.

    URL ─▶ host ─▶ addresses, each checked ─▶ a connection to the very one checked ─▶ bytes ─▶ Item

A redirect begins again at the left. Proxies from environment variables are not used: behind one, nobody could
check where a connection ends. Failures inside name no source; `_get` knows which address they befell.
"""

from __future__ import annotations

import re
import socket
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from http.client import responses
from itertools import chain
from pathlib import Path, PurePosixPath
from ssl import SSLCertVerificationError
from typing import Any
from urllib.parse import urljoin

import httpcore
import httpx

from ingest.errors import DamagedSource, EmptySource, FetchFailed, SourceError, TooLarge
from ingest.fetch.network import client_for
from ingest.files import write_whole
from ingest.loaders import LOADERS, SUFFIXES, suffix_of
from ingest.sources import MAX_BYTES
from ingest.types import Item, document_id

MAX_FEED_BYTES = 10_000_000
MAX_REDIRECTS = 5
SECONDS = 120.0
_PIECE = 65_536  # bytes
_URL = re.compile(r"\s*[a-z][a-z0-9+.-]+://", re.I)
_FEED = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?[^>]*>\s*)*<(?:rss|feed|rdf:RDF)[\s>]")
_SUFFIX_OF_TYPE = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "text/plain": ".txt",
    "text/markdown": ".md",
}
# What servers send for files that they do not know: there the suffix of the address says more.
_VAGUE_TYPES = ("", "application/octet-stream", "binary/octet-stream", "application/zip", "text/plain")
_BY_HAND = "open it in a browser, save it and add the file"


def is_url(source: str) -> bool:
    """Whether ``source`` has the scheme of an address, also one that `fetch` refuses; no path has."""
    return _URL.match(source) is not None


def fetch(
    url: str,
    folder: Path,
    *,
    allow_private: bool = False,
    max_bytes: int = MAX_BYTES,
    timeout: float = SECONDS,
) -> Item:
    """The page or file at ``url``, saved in ``folder``; its source is the address after all redirects.

    ``timeout`` is in seconds, for everything together. Raises `FetchFailed` or `TooLarge`, of ``url``.
    """
    with _get(url, allow_private, timeout) as response:
        # A length that is no number has not passed h11.
        if int(response.headers.get("content-length", 0)) > max_bytes:
            raise _too_large(max_bytes)
        body = _limited(_unpacked(response), max_bytes)
        start = next(body, b"")
        suffix = _suffix(response, start)
        path = folder / f"{document_id(str(response.url))}{suffix}"
        write_whole(path, chain([start], body))
        return Item(source=str(response.url), name=_name(response.url, suffix), path=path)


def expand_feed(
    url: str, *, allow_private: bool = False, max_bytes: int = MAX_FEED_BYTES, timeout: float = SECONDS
) -> list[str]:
    """What the entries of the RSS or Atom feed at ``url`` link to, in order; ``[url]`` where it is no feed.

    Of what is no feed only the beginning is read. Raises what `fetch` does, `DamagedSource` and `EmptySource`.
    """
    with _get(url, allow_private, timeout) as response:
        pieces, kind = _unpacked(response), _type(response)
        start = next(pieces, b"")
        if _FEED.match(start) is None and ("xml" not in kind or "html" in kind):
            return [url]
        body = b"".join(_limited(chain([start], pieces), max_bytes))
        root = _parsed(body, str(response.url))
        if not re.fullmatch(r"({.*})?(rss|feed|RDF)", root.tag):
            return [url]
        return _links(root, str(response.url))


def normalised(url: str) -> httpx.URL:
    """``url`` as it is fetched, without its fragment; raises `FetchFailed` where it is none of the web's."""
    try:
        given = httpx.URL(url.strip())
        host = given.raw_host.decode().rstrip(".")
        address = given.copy_with(host=host, raw_path=given.raw_path, fragment=None)
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchFailed(url, f"is no web address ({error}): check the spelling") from error
    if address.scheme not in ("http", "https"):
        raise FetchFailed(url, "is no web address: it must begin with https:// or http://")
    if address.userinfo:
        raise FetchFailed(url, "has a user name in it: take out what stands before the @")
    if not host or (address.port is not None and not 0 < address.port < 65_536):
        raise FetchFailed(url, "is no web address: check the host and the port")
    return address


@contextmanager
def _get(url: str, allow_private: bool, timeout: float) -> Iterator[httpx.Response]:
    """The answer after all redirects; what fails while it is open becomes a `SourceError` of ``url``."""
    first = address = normalised(url)
    with client_for(allow_private, timeout) as client:
        try:
            for _ in range(MAX_REDIRECTS + 1):
                with client.stream("GET", address) as response:
                    if response.next_request is None:
                        _check_status(response)
                        yield response
                        return
                    address = normalised(str(response.next_request.url))
            raise FetchFailed(url, f"redirects more than {MAX_REDIRECTS} times: {_BY_HAND}")
        except (SourceError, *_FAILURES) as error:
            found = error if isinstance(error, SourceError) else FetchFailed("", _reason(error, timeout))
            at = found.source or str(address)
            led = "" if at in (url, str(first)) else f"leads to {at}, which "
            raise type(found)(url, led + found.reason) from error


def _check_status(response: httpx.Response) -> None:
    if response.is_success:
        return
    code = response.status_code
    advice = "try again later" if code == 429 or code >= 500 else _BY_HAND
    if code in (404, 410):
        advice = "check the address"
    words = f"{code} {responses.get(code, '')}".strip()
    raise FetchFailed("", f"answers {words}: {advice}")


def _limited(pieces: Iterable[bytes], max_bytes: int) -> Iterator[bytes]:
    """``pieces``; raises `TooLarge` before they are more than ``max_bytes``."""
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > max_bytes:
            raise _too_large(max_bytes)
        yield piece


def _too_large(max_bytes: int) -> TooLarge:
    return TooLarge("", f"has more than the {max_bytes / 1e6:g} MB allowed: save it and split it")


def _unpacked(response: httpx.Response) -> Iterator[bytes]:
    """An answer's bytes without gzip, few at a time, so that a bomb is noticed before it bursts."""
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding in ("", "identity"):
        yield from response.iter_raw(_PIECE)
        return
    if encoding not in ("gzip", "x-gzip"):
        raise FetchFailed("", f"is packed as {encoding[:80]}, which cannot be unpacked: {_BY_HAND}")
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    for packed in response.iter_raw(_PIECE):
        while packed and not unpacker.eof:
            yield unpacker.decompress(packed, _PIECE)
            packed = unpacker.unconsumed_tail
    yield unpacker.flush()
    if not unpacker.eof:
        raise zlib.error


def _type(response: httpx.Response) -> str:
    return str(response.headers.get("content-type", "")).partition(";")[0].strip().lower()


def _suffix(response: httpx.Response, start: bytes) -> str:
    """The suffix of the loader that reads what arrived: by its first bytes, its address, its type."""
    kind, named = _type(response), suffix_of(response.url.path)
    if start.startswith(b"%PDF-"):
        return ".pdf"
    if kind in _VAGUE_TYPES and named in LOADERS:
        return named
    if kind in _SUFFIX_OF_TYPE:
        return _SUFFIX_OF_TYPE[kind]
    what = f"sends {kind[:80]}" if kind else "does not say what it sends"
    raise FetchFailed("", f"{what}: what can be read is {', '.join(SUFFIXES)}")


def _name(url: httpx.URL, suffix: str) -> str:
    """A harmless file name that ends in ``suffix``, or in one that is read in the same way."""
    last = PurePosixPath(url.path).name or url.host
    name = "".join(sign for sign in last if sign.isprintable() and sign not in '/\\:*?"<>|')
    name = name.strip(". ")[-100:] or "page"
    return name if LOADERS.get(suffix_of(name)) is LOADERS[suffix] else name + suffix


def _parsed(data: bytes, url: str) -> Any:
    """The root element of an XML document; its entities are not expanded, and nothing is loaded for it."""
    from lxml import etree  # type: ignore[import-untyped]  # it ships no types

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        return etree.fromstring(data, parser, base_url=url)
    except etree.XMLSyntaxError as error:
        raise DamagedSource("", f"is a damaged feed ({error}): add its pages instead") from error


def _links(root: Any, url: str) -> list[str]:
    """What the entries of a feed link to, each once; what is no address of the web is passed over."""
    links = [_link(entry, url) for entry in root.iter("{*}item", "{*}entry")]
    if not any(links):
        raise EmptySource("", "is a feed without links to pages: add the pages instead")
    return list(dict.fromkeys(link for link in links if link))


def _link(entry: Any, url: str) -> str | None:
    for link in entry.iterchildren("{*}link"):
        words = (link.get("href") or link.text or "").strip()
        if words and link.get("rel", "alternate") == "alternate":
            with suppress(FetchFailed, ValueError):
                return str(normalised(urljoin(link.base or url, words)))
    return None


# What httpx, httpcore, zlib and the disk raise; see `_reason`.
_FAILURES = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpx.HTTPError,
    httpx.InvalidURL,
    UnicodeError,  # httpx's of cookies and redirects that are not ASCII
    zlib.error,
    OSError,
)


def _reason(error: Exception, timeout: float) -> str:
    """What went wrong and what to do."""
    match error, error.__context__:  # httpcore cuts the cause off
        case httpcore.ConnectTimeout(), _:
            return "does not answer: check the address, or try again later"
        case httpcore.TimeoutException(), _:
            return f"did not arrive within {timeout:g} seconds: try again later"
        case _, socket.gaierror() | UnicodeError():
            return "has a host that is not known: check the spelling and your connection"
        case _, SSLCertVerificationError() as cause:
            return f"has no valid certificate ({cause.verify_message}): {_BY_HAND}"
        case zlib.error(), _:
            return "arrived damaged: try again later"
        case OSError() as failed, _:
            return f"cannot be saved ({failed.strerror}): check the disk and its permissions"
    return f"cannot be fetched ({error or type(error).__name__}): check the address, or try again later"
