"""The web addresses that a command brings in, and with ``--watch`` visits again: feeds, sitemaps, pages."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from ingest import following
from ingest.client.owners import IsCancelled
from ingest.client.targets import Page
from ingest.client.terminal import working
from ingest.errors import SourceError
from ingest.following import FollowedSource, FoundPage, Trouble
from ingest.types import Result


class WatchedAddresses:
    """What is known of each address for as long as the command runs.

    ``every`` is the number of seconds between two visits of an address; ``clock`` gives seconds since 1970.
    """

    def __init__(
        self,
        urls: Iterable[str],
        *,
        allow_private: bool,
        every: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._sources = {url: FollowedSource(id=url, source=url) for url in urls}
        self._allow_private = allow_private
        self._every = every
        self._clock = clock
        self._told: dict[str, str] = {}  # by address: the trouble that was told last
        self._given: dict[str, tuple[str, FoundPage]] = {}  # by page: the address that lists it

    def due(self, stopped: IsCancelled) -> list[Page | SourceError]:
        """Visit the addresses whose turn it is: the pages to bring in now, and each error once for as long as it lasts."""
        found: dict[str, Page | SourceError] = {}
        for url in self._sources:
            if stopped():
                break
            if self._sources[url].is_due(self._clock()):
                for error in self._visit(url, stopped):
                    if self._told.get(error.source) != error.reason:
                        found[f"error:{error.source}"] = error
                    self._told[error.source] = error.reason
            for page in self._sources[url].due_pages(self._clock()):
                self._given[page.url] = (url, page)
                found.setdefault(page.url, Page(source=page.url, published=page.published))
        return list(found.values())

    def ended(self, failed: Mapping[str, Result], known_as: Mapping[str, str]) -> None:
        """What `due` gave has been brought in, but for what ``failed``, by source; pages are ``known_as`` sources by address."""
        for page_url, (url, page) in self._given.items():
            source = self._sources[url]
            if result := failed.get(known_as.get(page_url, page_url)):
                trouble = Trouble(error=result.error or "", code=result.code, values=result.values)
                source = following.page_failed(source, page, trouble, self._clock(), self._every)
            else:
                source = following.brought_in(source, page, changed=True)
            self._sources[url] = source
        self._given = {}

    def _visit(self, url: str, stopped: IsCancelled) -> list[SourceError]:
        source, now = self._sources[url], self._clock()
        try:
            with working(f"Fetching {url}"):
                listing = following.look(
                    source, allow_private=self._allow_private, max_bytes=0, stopped=stopped
                )
        except SourceError as error:
            self._sources[url] = following.visit_failed(source, error, now, self._every)
            return [error]
        if not listing.problems:
            self._told.pop(url, None)
        self._sources[url] = replace(
            following.visited(source, listing, now, self._every), next_visit=now + self._every
        )
        return list(listing.problems)
