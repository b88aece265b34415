"""RSS and Atom feeds: the addresses of the pages that their entries link to, and when those were published."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from urllib.parse import urljoin

from ingest.fetch.listed_pages import ListedPage, address_of, day_of, each_once, mark_of, name_of

_ROOTS = ("rss", "feed", "RDF")


def is_feed(root: Any) -> bool:
    return name_of(root) in _ROOTS


def feed_pages(root: Any, url: str) -> tuple[ListedPage, ...]:
    """What the entries of the feed from ``url`` link to, each once; what is no address of the web is passed over.

    When an entry was updated is what tells versions of its page apart, and no day of publication.
    """
    return each_once(
        ListedPage(
            url=link,
            published=day_of(entry, "pubDate", "date", "published", "issued"),
            changed=mark_of(entry, "updated", "modified"),
        )
        for entry in root.iter("{*}item", "{*}entry")
        if (link := _link(entry, url))
    )


def _link(entry: Any, url: str) -> str | None:
    for link in entry.iterchildren("{*}link"):
        words = (link.get("href") or link.text or "").strip()
        if words and link.get("rel", "alternate") == "alternate":
            with suppress(ValueError):  # urljoin's, of what looks like IPv6
                if address := address_of(urljoin(link.base or url, words)):
                    return address
    return None
