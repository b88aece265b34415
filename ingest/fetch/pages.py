"""Web pages and files, fetched so that no address leads into the network of whoever runs this.

    URL ─▶ host ─▶ addresses, each checked ─▶ a connection to the very one checked ─▶ bytes ─▶ Item

A redirect begins again at the left. Proxies from environment variables are not used: behind one, nobody could
check where a connection ends. Failures inside name no source; `get` knows which address they befell.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from html.parser import HTMLParser
from http.client import responses
from itertools import chain
from pathlib import Path, PurePosixPath

import httpx

from ingest.errors import LED_TO, FetchFailed, SourceError, TooLarge
from ingest.fetch import network
from ingest.files import write_whole
from ingest.loaders import LOADERS, SUFFIXES, suffix_of
from ingest.sources import MAX_BYTES
from ingest.types import Item, document_id

MAX_REDIRECTS = 5
SECONDS = 120.0
_PIECE = 65_536  # bytes
_HEAD = 500_000  # bytes of a page in which it says what its address is
_BODY = re.compile(rb"<body[\s>]", re.I)
_TRACKING = re.compile(
    rb"utm_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|igshid|igsh|mc_[ce]id|mkt_tok|_hs(?:enc|mi)"
    rb"|at_(?:medium|campaign)|wt[._](?:mc|zmc)(?:_id)?|xtor|vero_id|oly_(?:anon|enc)_id|cmpid|_openstat",
    re.I,
)
_URL = re.compile(r"\s*[a-z][a-z0-9+.-]+://", re.I)
_SUFFIX_OF_TYPE = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.oasis.opendocument.presentation": ".odp",
    "application/epub+zip": ".epub",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "text/plain": ".txt",
    "text/markdown": ".md",
}
# What servers send for files that they do not know: there the suffix of the address says more.
_VAGUE_TYPES = ("", "application/octet-stream", "binary/octet-stream", "application/zip", "text/plain")


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
    """The page or file at ``url``, saved in ``folder``.

    Its source is the address after all redirects, or the one that the page gives as its own (``rel=canonical``) on its site.
    ``timeout`` is in seconds, for everything together. Raises `FetchFailed` or `TooLarge`, of ``url``.
    """
    with get(url, allow_private, timeout) as response:
        # A length that is no number has not passed h11.
        if int(response.headers.get("content-length", 0)) > max_bytes:
            raise _too_large(max_bytes)
        body = limited(unpacked(response), max_bytes)
        start = next(body, b"")
        suffix = _suffix(response, start)
        path = folder / f"{document_id(str(response.url))}{suffix}"
        write_whole(path, chain([start], body))
        address = _canonical(path, response.url) if suffix == ".html" else response.url
        return Item(source=str(address), name=_name(response.url, suffix), path=path)


def normalised(url: str) -> httpx.URL:
    """``url`` as it is fetched, without its fragment and what only tells where a reader came from.

    Raises `FetchFailed` where it is none of the web's.
    """
    try:
        parsed = httpx.URL(url.strip())
        host = parsed.raw_host.decode().rstrip(".")
        address = parsed.copy_with(host=host, raw_path=_untracked(parsed.raw_path), fragment=None)
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchFailed(url, "misspelt", why=error) from error
    if address.scheme not in ("http", "https"):
        raise FetchFailed(url, "scheme")
    if address.userinfo:
        raise FetchFailed(url, "user_name")
    if not host or (address.port is not None and not 0 < address.port < 65_536):
        raise FetchFailed(url, "host")
    return address


def _untracked(raw_path: bytes) -> bytes:
    """A path with its query, without the parameters that newsletters, feeds and networks add to count readers."""
    path, mark, query = raw_path.partition(b"?")
    kept = [part for part in query.split(b"&") if not _TRACKING.fullmatch(part.partition(b"=")[0])]
    return path + mark + b"&".join(kept) if kept and any(kept) else path + mark * (not query)


def _canonical(path: Path, address: httpx.URL) -> httpx.URL:
    """The address that the page saved at ``path`` gives as its own, where that is on its own site; else ``address``."""
    with path.open("rb") as file:
        start, head = _BODY.split(file.read(_HEAD), maxsplit=1)[0], _Head()
        with suppress(AssertionError, ValueError):  # what html.parser raises for some broken declarations
            head.feed(start.decode("utf-8", "replace"))
    if not head.canonical:
        return address
    try:
        found = normalised(str(address.join(head.base).join(head.canonical)))
    except (FetchFailed, httpx.InvalidURL, ValueError):
        return address
    lost = found.path in ("", "/") and address.path not in (
        "",
        "/",
    )  # every page of some sites names the first
    return address if lost or _site(found) != _site(address) else found


def _site(address: httpx.URL) -> tuple[str, int | None]:
    return re.sub(r"\A(?:www|m|mobil|mobile|amp)\.", "", address.host), address.port


class _Head(HTMLParser):
    """What the head of a page says of its address."""

    def __init__(self) -> None:
        super().__init__()
        self.canonical = self.base = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: (value or "").strip() for name, value in attrs}
        if tag == "base":
            self.base = self.base or given.get("href", "")
        elif tag == "link" and "canonical" in given.get("rel", "").lower().split():
            self.canonical = self.canonical or given.get("href", "")

    handle_startendtag = handle_starttag


@contextmanager
def get(
    url: str, allow_private: bool, timeout: float, conditions: Mapping[str, str] | None = None
) -> Iterator[httpx.Response]:
    """The answer after all redirects; what fails while it is open becomes a `SourceError` of ``url``.

    ``conditions`` are headers that may be answered with 304, which counts as success then.
    """
    first = address = normalised(url)
    with network.client_for(allow_private, timeout) as client:
        try:
            for _ in range(MAX_REDIRECTS + 1):
                with client.stream("GET", address, headers=conditions) as response:
                    if response.next_request is None:
                        if not (conditions and response.status_code == httpx.codes.NOT_MODIFIED):
                            check_status(response)
                        yield response
                        return
                    address = normalised(str(response.next_request.url))
            raise FetchFailed(url, "redirects", n=MAX_REDIRECTS)
        except (SourceError, *network.FAILURES) as error:
            failure = error if isinstance(error, SourceError) else network.failure(error, timeout)
            at = failure.source or str(address)
            led_to = {} if at in (url, str(first)) else {LED_TO: at}
            raise type(failure)(url, failure.code, **failure.values, **led_to) from error


def check_status(response: httpx.Response) -> None:
    if response.is_success:
        return
    code = response.status_code
    status = f"{code} {responses.get(code, '')}".strip()
    if code == 429 or code >= 500:
        raise FetchFailed("", "answers_later", status=status)
    if code in (404, 410):
        raise FetchFailed("", "answers_missing", status=status)
    raise FetchFailed("", "answers", status=status)


def limited(pieces: Iterable[bytes], max_bytes: int) -> Iterator[bytes]:
    """``pieces``; raises `TooLarge` before they are more than ``max_bytes``."""
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > max_bytes:
            raise _too_large(max_bytes)
        yield piece


def _too_large(max_bytes: int) -> TooLarge:
    return TooLarge("", "too_large", limit=f"{max_bytes / 1e6:g}")


def unpacked(response: httpx.Response) -> Iterator[bytes]:
    """An answer's bytes without gzip, few at a time, so that a bomb is noticed before it bursts."""
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding in ("", "identity"):
        yield from response.iter_raw(_PIECE)
        return
    if encoding not in ("gzip", "x-gzip"):
        raise FetchFailed("", "packed", kind=encoding[:80])
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    for packed in response.iter_raw(_PIECE):
        while packed and not unpacker.eof:
            yield unpacker.decompress(packed, _PIECE)
            packed = unpacker.unconsumed_tail
    yield unpacker.flush()
    if not unpacker.eof:
        raise zlib.error


def content_type(response: httpx.Response) -> str:
    return str(response.headers.get("content-type", "")).partition(";")[0].strip().lower()


def _suffix(response: httpx.Response, start: bytes) -> str:
    """The suffix of the loader that reads what arrived: by its first bytes, its address, its type."""
    kind, named = content_type(response), suffix_of(response.url.path)
    if start.startswith(b"%PDF-"):
        return ".pdf"
    if kind in _VAGUE_TYPES and named in LOADERS:
        return named
    if kind in _SUFFIX_OF_TYPE:
        return _SUFFIX_OF_TYPE[kind]
    readable = ", ".join(SUFFIXES)
    if kind:
        raise FetchFailed("", "sends", kind=kind[:80], suffixes=readable)
    raise FetchFailed("", "sends_nothing", suffixes=readable)


def _name(url: httpx.URL, suffix: str) -> str:
    """A harmless file name that ends in ``suffix``, or in one that is read in the same way."""
    last = PurePosixPath(url.path).name or url.host
    name = "".join(sign for sign in last if sign.isprintable() and sign not in '/\\:*?"<>|')
    name = name.strip(". ")[-100:] or "page"
    return name if LOADERS.get(suffix_of(name)) is LOADERS[suffix] else name + suffix
