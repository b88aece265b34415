"""Sources that are visited again and again: which of their pages are new or changed, and when the next visit is. Pure but for `look`.

    visit ─▶ listing ─▶ new or changed pages wait ─▶ each is brought in ─▶ seen
                                       ▲──── later ◀── failed for now
    visit ─▶ failed ─▶ the next visit later, twice as late each time

A page is seen, or it waits: whenever a process is killed, what it has not brought in is brought in by the next.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from ingest.errors import SourceError, SourceNotFound
from ingest.fetch import listings
from ingest.fetch.listed_pages import MOST_PAGES, ListedPage
from ingest.fetch.listings import ListingKind, PageList, Version
from ingest.sources import checked, expand

DAY = 86_400.0
FOLDER_EVERY = 15.0  # seconds between two looks into a folder, which disturb nobody
MOST_TRIES = 5  # of a page that fails for now
MOST_FAILED = 20  # pages that failed and are named
_LEFT_SEEN = 2_000  # pages remembered that are not listed any more: some servers list others by turns
_SETTLING = 2.0  # seconds; a file changed since may still be being written
_NOTHING_YET = ("none_readable", "nothing_there")  # of a folder that may be filled later
_Value = TypeVar("_Value")
# What may be otherwise at the next try; other pages are left alone until they change.
_FOR_NOW = frozenset(
    {
        "answers_later",
        "no_answer",
        "late",
        "unknown_host",
        "arrived_damaged",
        "unsaved",
        "unfetched",
        "no_room",
        "not_stored",
        "unreadable_now",
        "reader",
        "",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPage:
    """A page or file that is to be brought in; ``tries`` have failed, and it is left alone until ``after`` (epoch seconds)."""

    url: str
    published: date | None = None
    changed: str = ""
    tries: int = 0
    after: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why a visit, or a page, failed: in English, and by a code of `ingest.errors.REASONS` with its values."""

    error: str
    code: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, error: SourceError) -> Trouble:
        return cls(error=error.reason, code=error.code, values=error.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedSource:
    """A feed, sitemap, page or folder that is followed, and how far that has come. Times are seconds since 1970.

    ``seen`` has a mark for each page that has been dealt with; ``waiting`` the pages that are to be brought in, by
    address. ``brought`` counts documents that were added or replaced, ``last_found`` the pages that were new or changed at the last visit
    which found any, at ``found_at``. ``failures`` counts the visits that failed one after the other, the last because of ``trouble``;
    ``failed`` are pages that could not be brought in, the latest last.
    """

    id: str
    source: str
    kind: ListingKind | None = None  # None before the first visit
    added: float = 0.0
    added_by: str = ""
    paused: bool = False
    versions: Mapping[str, Version] = field(default_factory=dict)
    seen: Mapping[str, str] = field(default_factory=dict)
    waiting: Mapping[str, FoundPage] = field(default_factory=dict)
    last_visit: float = 0.0
    next_visit: float = 0.0
    last_found: int = 0
    found_at: float = 0.0
    brought: int = 0
    failures: int = 0
    trouble: Trouble | None = None
    failed: Mapping[str, Trouble] = field(default_factory=dict)

    def is_due(self, now: float) -> bool:
        return not self.paused and self.next_visit <= now

    def due_pages(self, now: float) -> list[FoundPage]:
        """The pages to bring in now, in the order in which they were listed."""
        return [] if self.paused else [page for page in self.waiting.values() if page.after <= now]


def source_id(source: str) -> str:
    """The id of what is followed at ``source``, an address or a path."""
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def look(
    source: FollowedSource,
    *,
    allow_private: bool,
    max_bytes: int,
    stopped: Callable[[], bool] = lambda: False,
) -> PageList:
    """Visit a source: what it lists now. Raises a `SourceError`."""
    if source.kind == "folder":
        return folder_listing(Path(source.source), max_bytes, time.time())
    return listings.read(source.source, allow_private=allow_private, known=source.versions, stopped=stopped)


def folder_listing(folder: Path, max_bytes: int, now: float) -> PageList:
    """The files in a folder that can be read, without links that lead out of it and what is still being written.

    Raises a `SourceError` where the folder is not there any more.
    """
    check_folder(folder)
    pages, problems = [], []
    for file in map(checked, expand([str(folder)], max_bytes=max_bytes, stay_inside=True)):
        if isinstance(file, SourceError):
            problems += [] if file.code in _NOTHING_YET else [file]
        elif mark := _mark(file.path, now):
            pages.append(ListedPage(url=file.name, changed=mark))
    return PageList(kind="folder", pages=tuple(pages), problems=tuple(problems))


def check_folder(folder: Path) -> None:
    """Raises a `SourceError` where there is no folder that can be read."""
    try:
        is_folder = stat.S_ISDIR(os.stat(folder).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        is_folder = False
    except OSError as error:  # a network drive that is away, say
        raise SourceNotFound(str(folder), "unreachable", why=error.strerror) from error
    if not is_folder:
        raise SourceNotFound(str(folder), "no_folder")
    if not os.access(folder, os.R_OK | os.X_OK):
        raise SourceNotFound(str(folder), "not_allowed")


def copy_file(folder: Path, path: Path, target: Path) -> None:
    """Copy a file of a followed folder. Raises `OSError`, also where it has become a link that leads out of the folder."""
    inside, file = Path(os.path.realpath(folder)), Path(os.path.realpath(path))
    if not file.is_relative_to(inside):
        raise PermissionError(errno.EACCES, "a link that leads out of the folder")
    with os.fdopen(_opened(inside, file.relative_to(inside).parts), "rb") as source:
        if not stat.S_ISREG(os.fstat(source.fileno()).st_mode):
            raise PermissionError(errno.EACCES, "no file any more")
        with target.open("wb") as copy:
            shutil.copyfileobj(source, copy)


def _opened(folder: Path, parts: Sequence[str]) -> int:
    """A descriptor of the file at that path within ``folder``; where the system can, a link put there meanwhile is not followed."""
    flags = os.O_RDONLY
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"):  # a pipe would be waited for
        flags |= getattr(os, name, 0)
    if os.open not in os.supports_dir_fd:
        return os.open(folder.joinpath(*parts), flags)
    descriptor = os.open(folder, flags)
    for part in parts:
        parent = descriptor
        try:
            descriptor = os.open(part, flags, dir_fd=parent)
        finally:
            os.close(parent)
    return descriptor


def _mark(path: Path, now: float) -> str:
    """What tells versions of a file apart; empty where it is gone, or may still be being written."""
    try:
        state = os.stat(path)
    except OSError:
        return ""
    settled = stat.S_ISREG(state.st_mode) and not 0 <= now - state.st_mtime < _SETTLING
    return f"{state.st_mtime_ns}-{state.st_size}" if settled else ""


def visited(source: FollowedSource, listing: PageList, now: float, every: float) -> FollowedSource:
    """After a visit: what is new or changed waits, and what is neither listed nor remembered is forgotten.

    While very many pages wait already no more are taken up, and the lists count as not read.
    """
    next_visit = now + (FOLDER_EVERY if listing.kind == "folder" else every)
    if len(source.waiting) >= MOST_PAGES:
        too_many = Trouble.of(SourceError(source.source, "many_waiting", pages=len(source.waiting)))
        return replace(source, last_visit=now, next_visit=next_visit, failures=0, trouble=too_many)
    kind = source.kind if source.kind and not listing.pages else listing.kind
    found = {page.url: _found(page) for page in listing.pages if _is_new(source, page)}
    trouble = Trouble.of(listing.problems[0]) if listing.problems else None
    return replace(
        source,
        kind=kind,
        versions={**({} if listing.whole else source.versions), **listing.versions},
        seen=_remembered(source.seen, listing) if listing.whole else source.seen,
        waiting={**source.waiting, **found},
        last_visit=now,
        next_visit=next_visit,
        last_found=len(found) or source.last_found,
        found_at=now if found else source.found_at,
        failures=0,
        trouble=trouble,
    )


def _found(page: ListedPage) -> FoundPage:
    return FoundPage(url=page.url, published=page.published, changed=page.changed)


def _is_new(source: FollowedSource, page: ListedPage) -> bool:
    """Whether a page is to be brought in: never seen, or listed as changed since."""
    if page.url in source.waiting:
        return source.waiting[page.url].changed != page.changed
    before = source.seen.get(_key(page.url))
    return before is None or bool(page.changed and page.changed != before)


def _remembered(seen: Mapping[str, str], listing: PageList) -> dict[str, str]:
    listed = {_key(page.url) for page in listing.pages}
    others = [key for key in seen if key not in listed][-_LEFT_SEEN:]
    return {key: seen[key] for key in [*others, *(key for key in seen if key in listed)]}


def visit_failed(source: FollowedSource, error: SourceError, now: float, every: float) -> FollowedSource:
    """After a visit that failed: the next one is later each time, up to a day."""
    first = FOLDER_EVERY if source.kind == "folder" else every
    wait = min(first * 2.0**source.failures, max(DAY, every))
    return replace(
        source,
        last_visit=now,
        next_visit=now + wait,
        failures=min(source.failures + 1, 30),
        trouble=Trouble.of(error),
    )


def brought_in(source: FollowedSource, page: FoundPage, *, changed: bool) -> FollowedSource:
    """A page has been dealt with; ``changed`` where a document was added or replaced."""
    if source.waiting.get(page.url, page).changed != page.changed:  # it was listed as changed again meanwhile
        return replace(source, brought=source.brought + changed)
    return replace(
        source,
        waiting=_less(source.waiting, page.url),
        seen={**source.seen, _key(page.url): page.changed},
        brought=source.brought + changed,
        failed=_less(source.failed, page.url),
    )


def page_failed(
    source: FollowedSource, page: FoundPage, trouble: Trouble, now: float, every: float
) -> FollowedSource:
    """A page could not be brought in: it waits for another try, or it is left alone until it is listed as changed."""
    failed = {**_less(source.failed, page.url), page.url: trouble}
    failed = dict(list(failed.items())[-MOST_FAILED:])
    tries = page.tries + 1
    if trouble.code not in _FOR_NOW or tries >= MOST_TRIES:
        return replace(brought_in(source, page, changed=False), failed=failed)
    after = now + min(every * 2.0 ** (tries - 1), DAY)
    again = replace(source.waiting.get(page.url, page), tries=tries, after=after)
    return replace(source, waiting={**source.waiting, page.url: again}, failed=failed)


def asked_to_visit(source: FollowedSource, now: float) -> FollowedSource:
    """Someone wants it visited now, and what failed tried again."""
    waiting = {url: replace(page, after=0.0) for url, page in source.waiting.items()}
    return replace(source, next_visit=now, waiting=waiting)


def _less(entries: Mapping[str, _Value], key: str) -> dict[str, _Value]:
    return {name: value for name, value in entries.items() if name != key}


def _key(url: str) -> str:
    """What a page is remembered by: addresses of a large sitemap would take megabytes."""
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()[:16]
