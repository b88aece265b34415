"""Sitemaps: the pages that they list, and the sitemaps that an index of them names."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

from ingest.fetch.listed_pages import ListedPage, address_of, day_of, each_once, mark_of, name_of, words_in


def is_sitemap(root: Any) -> bool:
    return name_of(root) == "urlset"


def is_index(root: Any) -> bool:
    return name_of(root) == "sitemapindex"


def sitemap_pages(root: Any, url: str) -> tuple[ListedPage, ...]:
    """The pages of the sitemap from ``url``, each once, in its order; those of a news sitemap with their days."""
    return each_once(
        ListedPage(url=address, published=_published(entry), changed=mark_of(entry, "lastmod"))
        for entry in root.iterchildren("{*}url")
        if (address := _address(entry, url))
    )


def sitemaps_named(root: Any, url: str) -> tuple[ListedPage, ...]:
    """The sitemaps that an index names, each once: first those that say when they changed, the latest first.

    Where not all of them are read, what is new is then among those that are.
    """
    named = each_once(
        ListedPage(url=address, changed=mark_of(entry, "lastmod"))
        for entry in root.iterchildren("{*}sitemap")
        if (address := _address(entry, url))
    )
    return tuple(sorted(named, key=lambda part: part.changed, reverse=True))


def _address(entry: Any, url: str) -> str | None:
    words = next((words for words in words_in(entry, "loc") if words), "")
    try:
        return address_of(urljoin(url, words)) if words else None
    except ValueError:  # of what looks like IPv6
        return None


def _published(entry: Any) -> Any:
    """The day on which a news sitemap says that a page was published; ``lastmod`` is none."""
    days = (day_of(news, "publication_date") for news in entry.iterchildren("{*}news"))
    return next((day for day in days if day), None)
