"""RSS and Atom feeds: the addresses of the pages that their entries link to, and when those were published."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from email.utils import parsedate_to_datetime
from itertools import chain
from typing import Any
from urllib.parse import urljoin

from ingest.errors import DamagedSource, EmptySource, FetchFailed
from ingest.fetch.pages import SECONDS, content_type, get, limited, normalised, unpacked
from ingest.loaders import metadata

MAX_FEED_BYTES = 10_000_000
_FEED = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?[^>]*>\s*)*<(?:rss|feed|rdf:RDF)[\s>]")


def expand_feed(
    url: str, *, allow_private: bool = False, max_bytes: int = MAX_FEED_BYTES, timeout: float = SECONDS
) -> dict[str, date | None]:
    """What the entries of the RSS or Atom feed at ``url`` link to, in order, with their days; ``url`` where it is no feed.

    Of what is no feed only the beginning is read. Raises what `fetch` does, `DamagedSource` and `EmptySource`.
    """
    with get(url, allow_private, timeout) as response:
        pieces, kind = unpacked(response), content_type(response)
        start = next(pieces, b"")
        if _FEED.match(start) is None and ("xml" not in kind or "html" in kind):
            return {url: None}
        body = b"".join(limited(chain([start], pieces), max_bytes))
        links = feed_links(body, str(response.url))
        return {url: None} if links is None else links


def feed_links(data: bytes, url: str) -> dict[str, date | None] | None:
    """The links of the feed ``data`` that was fetched from ``url``, each with its day; None where the XML is no feed.

    Raises `DamagedSource` where it cannot be parsed, `EmptySource` where no entry has a link.
    """
    root = _parsed(data, url)
    return _links(root, url) if re.fullmatch(r"({.*})?(rss|feed|RDF)", root.tag) else None


def _parsed(data: bytes, url: str) -> Any:
    """The root element of an XML document; its entities are not expanded, and nothing is loaded for it."""
    from lxml import etree  # type: ignore[import-untyped]  # it ships no types

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        return etree.fromstring(data, parser, base_url=url)
    except etree.XMLSyntaxError as error:
        raise DamagedSource("", "feed_damaged", why=error) from error


def _links(root: Any, url: str) -> dict[str, date | None]:
    """What the entries of a feed link to, each once; what is no address of the web is passed over."""
    links: dict[str, date | None] = {}
    for entry in root.iter("{*}item", "{*}entry"):
        if link := _link(entry, url):
            links.setdefault(link, _published(entry))
    if not links:
        raise EmptySource("", "feed_empty")
    return links


def _published(entry: Any) -> date | None:
    """When an entry was published: RSS's pubDate, Dublin Core's date, Atom's published; when it was updated counts for nothing."""
    for child in entry.iterchildren("{*}pubDate", "{*}date", "{*}published", "{*}issued"):
        words = (child.text or "").strip()
        with suppress(ValueError, TypeError, IndexError, OverflowError):
            if day := metadata.day(words) or metadata.day(parsedate_to_datetime(words)):
                return day
    return None


def _link(entry: Any, url: str) -> str | None:
    for link in entry.iterchildren("{*}link"):
        words = (link.get("href") or link.text or "").strip()
        if words and link.get("rel", "alternate") == "alternate":
            with suppress(FetchFailed, ValueError):
                return str(normalised(urljoin(link.base or url, words)))
    return None
