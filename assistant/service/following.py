"""Visiting the followed sources while the server runs: each when it is due, and what it has that is new or changed goes
through the queue of jobs, a few pages at a time, so that what people add is never far behind.

One thread makes all visits, one after the other. What it knows is on disk, and whatever was under way when the process
ends is done again by the next, which finds it unchanged where it was done already.
"""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from functools import partial
from pathlib import Path

from assistant.errors import NotFound
from assistant.service.follow_list import FollowList
from assistant.service.jobs import Job
from assistant.service.worker import IngestWorker
from assistant.settings import Settings
from ingest import following
from ingest.errors import SourceError, StoreError
from ingest.following import FollowedSource, FoundPage, Trouble

AHEAD = 4  # pages of one source in the queue at a time
_LOOK = 0.5  # seconds between two looks at jobs that are under way
_LONGEST_WAIT = 60.0
_log = logging.getLogger(__name__)


class Visits:
    """Visits to the sources of ``followed``, whose pages become jobs of ``jobs``."""

    def __init__(self, followed: FollowList, jobs: IngestWorker, settings: Settings) -> None:
        self._followed = followed
        self._jobs = jobs
        self._settings = settings
        self._every = settings.follow_minutes * 60.0
        self._under_way: dict[str, tuple[str, FoundPage]] = {}  # by job: the source and its page
        self._closing = False
        self._thread = threading.Thread(target=self._work, name="follow", daemon=True)

    def start(self) -> None:
        """Go on with what an earlier process has queued, and visit what is due. Returns at once."""
        self._thread.start()

    def close(self) -> None:
        """Begin no more visits. One that is under way is given up."""
        with self._followed.changed:
            self._closing = True
            self._followed.changed.notify_all()

    def _recover(self) -> None:
        """Take over the jobs that an earlier process has queued."""
        known = {source.id: source for source in self._followed.sources()}
        for job in self._jobs.list() if known else ():
            source = known.get(job.followed)
            if source and not job.finished and job.source in source.waiting:
                self._under_way[job.id] = (source.id, source.waiting[job.source])

    def _work(self) -> None:
        stored, recovered = True, False
        while not self._closing:
            try:
                if not recovered:
                    self._recover()
                    recovered = True
                self._settle()
                if source := self._next_due():
                    self._visit(source)
                self._submit()
                stored = self._followed.save()
            except StoreError as error:  # the database of several servers is away
                if stored:
                    _log.warning("Followed sources wait: %s", error)
                stored = False
            except Exception:  # a thread's edge: the next round may fare better
                _log.exception("Following failed")
                stored = False
            with self._followed.changed:
                if not self._closing:
                    self._followed.changed.wait(self._pause() if stored else _LOOK)

    def _pause(self) -> float:
        """Seconds until there is something to do."""
        if self._under_way:
            return _LOOK
        now = self._followed.clock()
        active = [source for source in self._followed.sources() if not source.paused]
        times = [source.next_visit for source in active]
        times += [page.after for source in active for page in source.waiting.values()]
        return min(max(min(times, default=now + _LONGEST_WAIT) - now, 0.02), _LONGEST_WAIT)

    def _next_due(self) -> FollowedSource | None:
        """The source that has been due the longest; it counts as being visited from now on."""
        with self._followed.changed:
            now = self._followed.clock()
            due = [source for source in self._followed.sources() if source.is_due(now)]
            first = min(due, key=lambda source: source.next_visit, default=None)
            self._followed.visiting = first.id if first else ""
            return first

    def _visit(self, source: FollowedSource) -> None:
        now = self._followed.clock
        try:
            listing = following.look(
                source,
                allow_private=self._settings.allow_private_urls,
                max_bytes=self._settings.max_upload_mb * 1_000_000,
                stopped=lambda: self._closing,
            )
            self._followed.update(
                source.id, lambda known: following.visited(known, listing, now(), self._every)
            )
        except Exception as error:  # one source's edge: the others go on
            failed = _failure(source, error)
            if source.trouble is None or source.trouble.error != failed.reason:  # it is said once
                unforeseen = None if failed is error else error
                _log.warning("A followed source failed: %s", failed, exc_info=unforeseen)
            self._followed.update(
                source.id, lambda known: following.visit_failed(known, failed, now(), self._every)
            )
        finally:
            self._followed.visiting = ""

    def _settle(self) -> None:
        """Take over what has become of the pages that were queued, and cancel those of sources that were given up."""
        known = {source.id for source in self._followed.sources()}
        for job_id, (source_id, page) in list(self._under_way.items()):
            job = self._job(job_id)
            if job is not None and not job.finished:
                if source_id in known:
                    continue
                with suppress(NotFound):
                    self._jobs.cancel(job_id)
            del self._under_way[job_id]
            if job is not None:  # one too long ago is queued once more
                self._followed.update(source_id, partial(self._after, page=page, job=job))

    def _after(self, source: FollowedSource, *, page: FoundPage, job: Job) -> FollowedSource:
        if job.state == "failed":
            trouble = Trouble(error=job.error or "", code=job.error_code, values=job.error_values)
            return following.page_failed(source, page, trouble, self._followed.clock(), self._every)
        return following.brought_in(source, page, changed=job.state == "done")

    def _job(self, job_id: str) -> Job | None:
        try:
            return self._jobs.get(job_id)
        except NotFound:
            return None

    def _submit(self) -> None:
        """Queue the next pages of each source."""
        busy: dict[str, set[str]] = {}
        for source_id, page in self._under_way.values():
            busy.setdefault(source_id, set()).add(page.url)
        for source in self._followed.sources():
            queued = busy.get(source.id, set())
            free = [page for page in source.due_pages(self._followed.clock()) if page.url not in queued]
            for page in free[: max(0, AHEAD - len(queued))]:
                if not self._closing:
                    self._queue(source, page)

    def _queue(self, source: FollowedSource, page: FoundPage) -> None:
        try:
            job = self._queued(source, page)
        except OSError as error:
            why = error.strerror or type(error).__name__
            trouble = Trouble.of(SourceError(page.url, "unreadable_now", why=why))
            self._followed.update(
                source.id,
                lambda known: following.page_failed(
                    known, page, trouble, self._followed.clock(), self._every
                ),
            )
        else:
            self._under_way[job.id] = (source.id, page)

    def _queued(self, source: FollowedSource, page: FoundPage) -> Job:
        if source.kind != "folder":
            return self._jobs.submit_page(page.url, page.published, source.added_by, source.id)
        path = Path(page.url)
        by = source.added_by
        copy = self._jobs.new_path(path.name)
        try:
            following.copy_file(Path(source.source), path, copy)
        except OSError:
            copy.unlink(missing_ok=True)
            raise
        return self._jobs.submit(
            path.name, copy, page.url, keep_original=False, added_by=by, followed=source.id
        )


def _failure(source: FollowedSource, error: Exception) -> SourceError:
    if isinstance(error, SourceError):
        return error
    why = (error.strerror if isinstance(error, OSError) else "") or type(error).__name__
    return SourceError(source.source, "unreadable_now", why=why)
