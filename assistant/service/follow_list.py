"""Which sources a server follows, and what is known of each: what people change of it, and where that is kept."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.errors import BadAccess, Conflict, NotFound
from assistant.service.followed_sources import FollowedSources
from ingest import following
from ingest.errors import SourceError, StoreError
from ingest.following import FollowedSource
from ingest.sources import name_error

MOST_FOLLOWED = 200
# A source with more pages takes a while to be stored: that is done every so many seconds then.
_LARGE, _SELDOM = 2_000, 30.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedView:
    """A followed source as it is shown: ``visiting`` while its visit is under way; ``waiting`` counts pages to be brought in."""

    source: FollowedSource
    visiting: bool
    waiting: int


class FollowList:
    """The followed sources. Thread-safe; ``changed`` tells, and its lock holds all of it together.

    ``data_dir`` is the data folder, of which nothing may be followed; ``clock`` gives seconds since 1970.
    """

    def __init__(
        self, store: FollowedSources, data_dir: Path, clock: Callable[[], float] = time.time
    ) -> None:
        self._store = store
        self._data_dir = data_dir
        self.clock = clock
        self.changed = threading.Condition()
        self.visiting = ""  # the id of the source that is being visited
        self._sources = {source.id: source for source in store.all()}
        self._unsaved: set[str] = set()
        self._saved: dict[str, float] = {}
        self._closed = False

    def close(self) -> None:
        """Store what is not yet, and nothing more: the data folder may be another's then."""
        self.save(at_once=True)
        with self.changed:
            self._closed = True

    def all(self) -> list[FollowedView]:
        """The followed sources, the first added first."""
        with self.changed:
            return [self._view(source) for source in self._sources.values()]

    def get(self, source_id: str) -> FollowedView:
        """Raises `NotFound`."""
        with self.changed:
            return self._view(self._known(source_id))

    def add(self, written: str, added_by: str, *, folders: bool) -> FollowedView:
        """Follow an address, or, where ``folders`` are allowed, a folder of this machine; one that is followed stays as it is.

        Raises `SourceError` where it cannot be followed, `BadAccess` for a folder that may not be, and `Conflict`.
        """
        name, is_folder = self._named(written.strip(), folders)
        key = following.source_id(name)
        with self.changed:
            if key not in self._sources:
                if len(self._sources) >= MOST_FOLLOWED:
                    raise Conflict(f"{MOST_FOLLOWED} sources are followed already. Stop following one first.")
                source = FollowedSource(
                    id=key,
                    source=name,
                    kind="folder" if is_folder else None,
                    added=self.clock(),
                    added_by=added_by,
                )
                self._keep(source)
            return self._view(self._sources[key])

    def visit(self, source_id: str) -> FollowedView:
        """Visit it now; it goes on then where it was paused. Raises `NotFound`."""
        with self.changed:
            asked = following.asked_to_visit(self._known(source_id), self.clock())
            self._keep(replace(asked, paused=False))
            return self._view(self._sources[source_id])

    def pause(self, source_id: str, paused: bool) -> FollowedView:
        """Leave it alone until somebody lets it go on. Raises `NotFound`."""
        with self.changed:
            self._keep(replace(self._known(source_id), paused=paused))
            return self._view(self._sources[source_id])

    def stop(self, source_id: str) -> FollowedView:
        """Follow it no longer; its documents stay, what is queued of it is cancelled. Raises `NotFound`."""
        with self.changed:
            view = self._view(self._known(source_id))
            try:
                self._store.delete(source_id)
            except OSError as error:
                raise StoreError(
                    f"It cannot be forgotten ({error.strerror}): check the data folder."
                ) from error
            del self._sources[source_id]
            self._unsaved.discard(source_id)
            self.changed.notify_all()
        return view

    def _named(self, written: str, folders: bool) -> tuple[str, bool]:
        """What is followed, as it is known, and whether that is a folder."""
        from ingest.fetch.pages import is_url, normalised

        if is_url(written):
            return str(normalised(written)), False
        if wrong := name_error(written):
            raise wrong
        if not os.path.isabs(os.path.expanduser(written)):
            raise SourceError(written, "scheme")
        if not folders:
            raise BadAccess(
                "A folder of the server can be followed only by its administrator, on that machine: "
                "`assistant follow FOLDER`."
            )
        folder = Path(os.path.abspath(os.path.expanduser(written)))
        following.check_folder(folder)
        inside, data = folder.resolve(), self._data_dir.resolve()
        if data.is_relative_to(inside) or inside.is_relative_to(data):
            raise SourceError(str(folder), "own_folder")
        return str(folder), True

    def _known(self, source_id: str) -> FollowedSource:
        if source_id not in self._sources:
            raise NotFound(f"No source {source_id!r} is followed. `assistant follow` lists them.")
        return self._sources[source_id]

    def _view(self, source: FollowedSource) -> FollowedView:
        return FollowedView(source=source, visiting=source.id == self.visiting, waiting=len(source.waiting))

    def _keep(self, source: FollowedSource) -> None:
        """Store what somebody has asked for before it is said to be so."""
        try:
            self._store.put(source, durable=True)
        except OSError as error:
            raise StoreError(
                f"It cannot be stored ({error.strerror}): make room in the data folder."
            ) from error
        self._sources[source.id] = source
        self.changed.notify_all()

    # -- what visits find --------------------------------------------------------------------

    def sources(self) -> list[FollowedSource]:
        with self.changed:
            return list(self._sources.values())

    def update(self, source_id: str, change: Callable[[FollowedSource], FollowedSource]) -> None:
        """Change what is known of a source, unless it was given up meanwhile; `save` stores it."""
        with self.changed:
            if source_id in self._sources:
                self._sources[source_id] = change(self._sources[source_id])
                self._unsaved.add(source_id)

    def save(self, *, at_once: bool = False) -> bool:
        """Store what has changed; False where something is left to be stored later.

        Large sources are stored now and then only, unless ``at_once``: what a killed process has not stored, the next one
        does again.
        """
        with self.changed:
            for source in [] if self._closed else [self._sources[key] for key in self._unsaved]:
                large = len(source.seen) + len(source.waiting) > _LARGE
                since = self.clock() - self._saved.get(source.id, 0.0)
                if large and 0 <= since < _SELDOM and not at_once:
                    continue
                try:
                    self._store.put(source)
                except OSError as error:
                    _log.warning("What is known of %s cannot be stored: %s", source.source, error)
                    return False
                self._saved[source.id] = self.clock()
                self._unsaved.discard(source.id)
            return not self._unsaved
