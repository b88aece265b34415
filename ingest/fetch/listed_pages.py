"""What feeds and sitemaps list: pages with their days, and the XML that both are written in."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from email.utils import parsedate_to_datetime
from typing import Any

from ingest.errors import DamagedSource, FetchFailed
from ingest.fetch.pages import normalised
from ingest.loaders import metadata

MOST_PAGES = 50_000  # of one list, and of all that an index of sitemaps names
_MOST_ELEMENTS = (
    1_500_000  # of the XML of a list: more than any list of so many bytes has that says something
)
_PIECE = 65_536  # bytes
_LONGEST_MARK = 64  # characters of what tells versions of a page apart


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPage:
    """A page by its address; ``changed`` is another text whenever the page is another, empty where the list does not say."""

    url: str
    published: date | None = None
    changed: str = ""


def each_once(pages: Iterable[ListedPage]) -> tuple[ListedPage, ...]:
    """The pages in their order, of each address the first; none after one more than `MOST_PAGES`, which tells that there are more."""
    once: dict[str, ListedPage] = {}
    for page in pages:
        once.setdefault(page.url, page)
        if len(once) > MOST_PAGES:
            break
    return tuple(once.values())


def parsed(data: bytes, url: str) -> Any:
    """The root element of the XML document from ``url``; entities are not expanded, and nothing is loaded for it.

    Raises `DamagedSource`, also where it has so many elements that they would take up all memory.
    """
    from lxml import etree  # type: ignore[import-untyped]  # it ships no types

    parser = etree.XMLPullParser(
        events=("start",),
        base_url=url,
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
    )
    elements = 0
    try:
        for start in range(0, len(data), _PIECE):
            parser.feed(data[start : start + _PIECE])
            elements += sum(1 for _ in parser.read_events())
            if elements > _MOST_ELEMENTS:
                raise DamagedSource("", "feed_damaged", why=f"it has more than {_MOST_ELEMENTS:,} elements")
        return parser.close()
    except etree.XMLSyntaxError as error:
        raise DamagedSource("", "feed_damaged", why=error) from error


def name_of(element: Any) -> str:
    """The name of an XML element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def words_in(element: Any, *names: str) -> list[str]:
    """The texts of the children of those names, in any namespace, in their order."""
    children = element.iterchildren(*(f"{{*}}{name}" for name in names))
    return [(child.text or "").strip() for child in children]


def day_of(element: Any, *names: str) -> date | None:
    """The day in the first child of those names that has one, as RSS or as ISO 8601 writes it."""
    for words in words_in(element, *names):
        with suppress(ValueError, TypeError, IndexError, OverflowError):
            if day := metadata.day(words) or metadata.day(parsedate_to_datetime(words)):
                return day
    return None


def mark_of(element: Any, *names: str) -> str:
    """The first text of a child of those names, as what tells versions of a page apart."""
    return next((words[:_LONGEST_MARK] for words in words_in(element, *names) if words), "")


def address_of(words: str) -> str | None:
    """The address of the web in ``words`` as it is fetched; None where it is none."""
    with suppress(FetchFailed, ValueError):
        return str(normalised(words))
    return None
