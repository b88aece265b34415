"""What an address lists: the pages of a feed or of a sitemap, with those of the sitemaps that it names, or itself.

    URL ─▶ first bytes ─▶ no list: the page itself
                      └─▶ feed or sitemap ─▶ its pages
                      └─▶ index of sitemaps ─▶ each, the latest first ─▶ their pages

A list that was read before is asked for with what its server said of that version, and says only whether it has
changed; what an index says of its sitemaps spares even that. Nothing of it is without bounds: bytes, sitemaps, depth,
pages, time.
"""

from __future__ import annotations

import re
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from typing import Any, Literal

import httpx

from ingest.errors import EmptySource, FetchFailed, SourceError
from ingest.fetch import feeds, sitemaps
from ingest.fetch.listed_pages import MOST_PAGES, ListedPage, each_once, parsed
from ingest.fetch.pages import SECONDS, content_type, get, limited, unpacked

MAX_FEED_BYTES = 10_000_000
MAX_SITEMAP_BYTES = 52_428_800  # unpacked; the protocol allows no more
MOST_SITEMAPS = 500
_DEPTH = 3  # indexes within indexes, which the protocol does not have and some sites do
_IN_ALL = 600.0  # seconds for all sitemaps of an index
_PIECE = 65_536  # bytes
_LONGEST_TAG = 500  # characters of a server's name for a version
_GZIP = b"\x1f\x8b"
_SITEMAP = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<[?!][^>]*>\s*)*<(?:\w+:)?(?:urlset|sitemapindex)[\s>]")
_FEED = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<[?!][^>]*>\s*)*<(?:rss|feed|rdf:RDF)[\s>]")

ListingKind = Literal["feed", "sitemap", "page", "folder"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What a server said of the version of a list that was read last, and what the index that names it said."""

    etag: str = ""
    modified: str = ""
    named: str = ""

    def conditions(self) -> dict[str, str]:
        """Request headers that ask for the list only where it is another version; what no header may hold is not sent."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {
            name: value
            for name, value in headers.items()
            if value and value.isascii() and value.isprintable()
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PageList:
    """What was listed in those lists that have changed; ``whole`` where that is all that is listed.

    ``versions`` are those of the lists, by address, also of those that are as they were. ``problems`` name sitemaps
    that could not be read, and what was too much.
    """

    kind: ListingKind
    pages: tuple[ListedPage, ...] = ()
    versions: Mapping[str, Version] = field(default_factory=dict)
    whole: bool = True
    problems: tuple[SourceError, ...] = ()


def pages_of(
    url: str, *, allow_private: bool = False, max_bytes: int = MAX_FEED_BYTES, timeout: float = SECONDS
) -> dict[str, date | None]:
    """What `read` lists, in order, with the days of publication. Raises what `read` does, and the first problem."""
    listing = read(url, allow_private=allow_private, max_feed_bytes=max_bytes, timeout=timeout)
    if not listing.pages and listing.problems:
        raise listing.problems[0]
    return {page.url: page.published for page in listing.pages}


def read(
    url: str,
    *,
    allow_private: bool = False,
    known: Mapping[str, Version] | None = None,
    stopped: Callable[[], bool] = lambda: False,
    max_feed_bytes: int = MAX_FEED_BYTES,
    timeout: float = SECONDS,
) -> PageList:
    """What is listed at ``url``; with the versions ``known`` of an earlier reading only what has changed since.

    Of what is no list only the beginning is read. ``timeout`` is in seconds, for each list. Raises what `fetch` does,
    `DamagedSource` and `EmptySource`, all of ``url``; sitemaps of an index that fail are among the problems instead.
    """
    reading = _Reading(url, allow_private, known or {}, stopped, max_feed_bytes, timeout)
    top = ListedPage(url=url)
    root = reading.root_of(top)
    if root is None:
        return reading.unchanged(url)
    if isinstance(root, PageList):
        return root
    if sitemaps.is_index(root):
        reading.read_index(root, url, 1)
        return reading.listing("sitemap")
    kind: ListingKind = "feed" if feeds.is_feed(root) else "sitemap"
    reading.add_pages(root, url)
    if not reading.pages:
        raise EmptySource(url, "feed_empty")
    return reading.listing(kind)


class _Reading:
    """One reading of a list and of those that it names."""

    def __init__(
        self,
        url: str,
        allow_private: bool,
        known: Mapping[str, Version],
        stopped: Callable[[], bool],
        max_feed_bytes: int,
        timeout: float,
    ) -> None:
        self._url = url
        self._allow_private = allow_private
        self._known = known
        self._stopped = stopped
        self._max_feed_bytes = max_feed_bytes
        self._timeout = timeout
        self._until = time.monotonic() + _IN_ALL
        self._lists = 0
        self._cut = False
        self.base: dict[
            str, str
        ] = {}  # by address of a list: where redirects led, which its links are relative to
        self.pages: list[ListedPage] = []
        self.versions: dict[str, Version] = {}
        self.whole = True
        self.problems: list[SourceError] = []

    def listing(self, kind: ListingKind) -> PageList:
        return PageList(
            kind=kind,
            pages=each_once(self.pages),
            versions=self.versions,
            whole=self.whole and not self._cut and not self.problems,
            problems=tuple(self.problems),
        )

    def unchanged(self, url: str) -> PageList:
        """The list at ``url`` is as it was; what kind of list it is has been said before."""
        return PageList(kind="feed", versions={url: self._known[url]}, whole=False)

    def root_of(self, part: ListedPage) -> Any:
        """The root element of a list; None where it is as it was, a `PageList` where there is a page and no list."""
        known = self._known.get(part.url, Version())
        with get(part.url, self._allow_private, self._timeout, known.conditions()) as response:
            if response.status_code == httpx.codes.NOT_MODIFIED:
                self.versions[part.url] = replace(known, named=part.changed)
                return None
            version = _version(response, part.changed)
            pieces = unpacked(response)
            start = next(pieces, b"")
            if start.startswith(_GZIP):
                pieces = _unzipped(chain([start], pieces))
                start = next(pieces, b"")
            is_sitemap, kind = _SITEMAP.match(start) is not None, content_type(response)
            if not is_sitemap and _FEED.match(start) is None and ("xml" not in kind or "html" in kind):
                return self._page(part.url, version)
            most = MAX_SITEMAP_BYTES if is_sitemap else self._max_feed_bytes
            base = self.base[part.url] = str(response.url)
            root = parsed(b"".join(limited(chain([start], pieces), most)), base)
            if not (sitemaps.is_index(root) or sitemaps.is_sitemap(root) or feeds.is_feed(root)):
                return self._page(part.url, version)
        if not sitemaps.is_index(root):  # it is small, and the sitemaps that it names may change without it
            self.versions[part.url] = version
        return root

    def _page(self, url: str, version: Version) -> PageList:
        """A page lists itself; where its server does not say which version it is, it counts as changed."""
        mark = version.etag or version.modified
        mark = mark or f"at {time.time():.0f}"
        return PageList(kind="page", pages=(ListedPage(url=url, changed=mark),), versions={url: version})

    def read_index(self, root: Any, url: str, depth: int) -> None:
        for part in sitemaps.sitemaps_named(root, self.base[url]):
            if self._stopped():
                self.whole = False
                return
            known = self._known.get(part.url)
            if known and known.named and known.named == part.changed:
                self.versions[part.url] = known
                self.whole = False
            elif self._lists == MOST_SITEMAPS or len(self.pages) >= MOST_PAGES or depth > _DEPTH:
                self._too_much(self._url)
                return
            else:
                self._read_part(part, depth)

    def _read_part(self, part: ListedPage, depth: int) -> None:
        self._lists += 1
        try:
            if time.monotonic() > self._until:
                raise FetchFailed(part.url, "late", seconds=f"{_IN_ALL:g}")
            if part.url in self.base:  # an index that names itself
                return
            root = self.root_of(part)
            if root is None or isinstance(root, PageList):
                self.whole = False
            elif sitemaps.is_index(root):
                self.read_index(root, part.url, depth + 1)
            else:
                self.add_pages(root, part.url)
        except SourceError as error:
            self.problems.append(error)

    def add_pages(self, root: Any, url: str) -> None:
        """Take up the pages of the list at ``url``. One that is cut counts as not read: the next reading may have room for it."""
        base = self.base[url]
        found = feeds.feed_pages(root, base) if feeds.is_feed(root) else sitemaps.sitemap_pages(root, base)
        room = MOST_PAGES - len(self.pages)
        if len(found) > room:
            self.versions.pop(url, None)
            self._too_much(self._url)
        self.pages += found[:room]

    def _too_much(self, url: str) -> None:
        if not self._cut:
            self.problems.append(SourceError(url, "sitemap_long", sitemaps=MOST_SITEMAPS, pages=MOST_PAGES))
        self._cut = True


def _version(response: httpx.Response, named: str) -> Version:
    said = {"etag": response.headers.get("etag", ""), "modified": response.headers.get("last-modified", "")}
    return Version(named=named, **{name: value for name, value in said.items() if len(value) <= _LONGEST_TAG})


def _unzipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """A file that is packed with gzip, few bytes at a time. Raises `zlib.error`."""
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    for packed in pieces:
        while packed and not unpacker.eof:
            yield unpacker.decompress(packed, _PIECE)
            packed = unpacker.unconsumed_tail
    yield unpacker.flush()
