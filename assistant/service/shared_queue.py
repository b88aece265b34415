"""The queue of several servers: a table of jobs that all see, and whose next tasks whoever is free takes.

A job runs with one server at a time, which is its ``owner``. Where that has been silent for a while, or its data folder has another process,
the task waits again, for anyone; what three processes have ended amid is given up. Its file lies in a folder that all reach.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from assistant.service.jobs import (
    Job,
    JobState,
    ReplacedDocument,
    Task,
    ended_job,
    new_task,
    waiting_job,
)
from assistant.service.journal import packed, unpacked
from assistant.service.queue import CANCELLED_FILES, KEPT, MOST_TRIES, TOGETHER, unknown_job
from assistant.service.sharing import Sharing
from ingest.errors import ReasonCode, StoreError, WrongSetting, reason
from ingest.files import file_system_time

if TYPE_CHECKING:
    from assistant.shared.database import Database, Rows
    from assistant.shared.presence import Presence

TOPIC = "jobs"
_TABLES = (
    "CREATE TABLE IF NOT EXISTS jobs (number BIGSERIAL, id TEXT PRIMARY KEY, source TEXT NOT NULL, state TEXT NOT NULL, "
    "since BIGINT NOT NULL, owner TEXT NOT NULL DEFAULT '', tries INTEGER NOT NULL DEFAULT 0, cancelled INTEGER NOT NULL DEFAULT 0, "
    "again INTEGER NOT NULL DEFAULT 0, task TEXT NOT NULL, job TEXT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS jobs_open ON jobs (since) WHERE state IN ('queued', 'running')",
    "CREATE INDEX IF NOT EXISTS jobs_number ON jobs (number)",
)
_LOOK = 0.4  # seconds between two looks at what others have done
_PROGRESS = 0.5  # seconds between two notes of how far a job is
_LEFT_OVER = 86_400.0  # seconds after which a file that no task names was left by a killed process
_JOB = TypeAdapter(Job)


class SharedJobQueue:
    """As `JobQueue`, for several servers. Thread-safe. Methods raise `StoreError` where the database is away.

    ``folder`` is where the waiting files lie, for all of them.
    """

    def __init__(self, database: Database, presence: Presence, folder: Path) -> None:
        self._database = database
        self._presence = presence
        self._folder = folder
        self._mine: dict[str, Job] = {}  # what this process is at, as it knows it
        self._noted: dict[str, float] = {}
        self._stopping: tuple[float, bool] = (0.0, False)
        self._changed = threading.Condition()
        self._nothing = False  # what waits cannot be taken just now
        self.closing = False

    # -- what people ask and do --------------------------------------------------------------

    def add(
        self,
        name: str,
        path: Path | None,
        source: str,
        keep_original: bool,
        *,
        replaces: ReplacedDocument | None = None,
        **options: Any,
    ) -> Job:
        """A new job at the end of the queue. ``options`` are the fields of a `Task` that have defaults."""
        task = new_task(name, path, source, keep_original, **options)
        with self._writing() as rows:
            # Of two versions the later one is stored last, whatever the clocks of servers say.
            task = replace(task, since=int(rows.now() * 1e9))
            job = waiting_job(task, replaces=replaces)
            rows.do(
                "INSERT INTO jobs (id, source, state, since, task, job) VALUES (?, ?, 'queued', ?, ?, ?)",
                job.id,
                source,
                task.since,
                _text(task),
                _JOB.dump_json(job).decode(),
            )
            self._forget(rows)
        self._wake()
        return job

    def get(self, job_id: str) -> Job:
        """Raises `NotFound`, also for a job too long ago."""
        if mine := self._mine.get(job_id):
            return mine
        with self._reading() as rows:
            return _job(rows, job_id)

    def all(self) -> tuple[Job, ...]:
        """The jobs of all servers, newest first."""
        with self._reading() as rows:
            found = rows.all("SELECT job FROM jobs ORDER BY number DESC")
        return tuple(self._mine.get(job.id, job) for job in (_JOB.validate_json(text) for (text,) in found))

    def cancel(self, job_id: str) -> Job:
        """End a job that waits, mark one that runs as cancelled. Raises `NotFound`."""
        with self._writing() as rows:
            job = _job(rows, job_id)
            if job.state == "queued":
                self._end(rows, self._task(rows, job_id), job, "cancelled")
            elif job.state == "running":
                rows.do("UPDATE jobs SET cancelled = 1 WHERE id = ?", job_id)
            self._stopping = (0.0, False)
            return _job(rows, job_id)

    def keep_both(self, job_id: str) -> bool:
        """Let an upload that waits get a name of its own where its name is taken; whether it still waits."""
        with self._writing() as rows:
            task, job = self._task(rows, job_id), _job(rows, job_id)
            if job.state != "queued" or not task.upload:
                return False
            rows.do("UPDATE jobs SET task = ? WHERE id = ?", _text(replace(task, keep_both=True)), job_id)
            _store(rows, replace(job, replaces=None))
            return True

    def sources(self, without: str = "") -> set[str]:
        """The sources of all that waits or runs, but for the job ``without``."""
        with self._reading() as rows:
            found = rows.all(
                "SELECT source FROM jobs WHERE state IN ('queued', 'running') AND id <> ?", without
            )
        return {source for (source,) in found}

    def change(self, job_id: str, **changes: Any) -> Job:
        """Change what is known of a job. Raises `NotFound`."""
        with self._writing() as rows:
            job = replace(_job(rows, job_id), **changes)
            _store(rows, job)
        return job

    def retry(self, job_id: str) -> Job:
        """Queue a job again that is retryable; another stays as it is. Raises `NotFound`."""
        with self._writing() as rows:
            job = _job(rows, job_id)
            if rows.one("SELECT 1 FROM jobs WHERE id = ? AND again = 1", job_id):
                task = replace(self._task(rows, job_id), since=int(rows.now() * 1e9))
                job = waiting_job(task)
                _store(rows, job)
                rows.do(
                    "UPDATE jobs SET again = 0, tries = 0, cancelled = 0, owner = '', since = ? WHERE id = ?",
                    task.since,
                    job_id,
                )
        self._wake()
        return job

    # -- the worker --------------------------------------------------------------------------

    def close(self) -> None:
        """Mark what runs as cancelled, and start nothing more; what waits is left to others."""
        with self._changed:
            self.closing = True
            self._changed.notify_all()

    def give_up(self, error: str) -> None:
        """This process cannot do anything, for a reason of its own; others may."""
        self.rest()

    def rest(self) -> None:
        """Take nothing for a moment."""
        self._nothing = True

    def wait(self) -> bool:
        """Until a task may wait, which is True, or all ends, which is False."""
        while not self.closing:
            if not self._nothing and self._something():
                return True
            self._nothing = False
            with self._changed:
                self._changed.wait_for(lambda: self.closing, _LOOK)
        return False

    def _something(self) -> bool:
        try:
            with self._reading() as rows:
                found = rows.one("SELECT 1 FROM jobs WHERE state IN ('queued', 'running') LIMIT 1")
        except StoreError:
            return False
        return found is not None

    def take(self) -> list[Task]:
        """The tasks to do next: one, or several small files; none where others have them all.

        None of a source that another server is at: of two versions the later one has to be stored last.
        """
        batch: list[Task] = []
        # Where the database was away when something ended, this process is at it no more: it waits again.
        self._drop_all()
        with self._writing() as rows:
            self._take_over(rows)
            busy = {
                source
                for (source,) in rows.all(
                    "SELECT source FROM jobs WHERE state = 'running' AND owner <> ?", self._presence.name
                )
            }
            waiting = rows.all("SELECT id FROM jobs WHERE state = 'queued' ORDER BY since LIMIT 1000")
            for (job_id,) in waiting:
                task = self._task(rows, job_id)
                if task.source in busy:
                    continue
                if len(batch) == TOGETHER or not task.fits(batch):
                    break
                batch.append(task)
            now = rows.now()
            for task in batch:
                job = _job(rows, task.job_id)
                job = replace(job, state="running", stage="waiting", began=now, moved=now)
                _store(rows, job)
                rows.do(
                    "UPDATE jobs SET owner = ?, tries = tries + 1 WHERE id = ?",
                    self._presence.name,
                    task.job_id,
                )
                self._mine[task.job_id] = job
        self._nothing = not batch
        return batch

    def _take_over(self, rows: Rows) -> None:
        """What a process has left that is no more waits again, unless it has ended too many."""
        living = self._presence.alive(rows) - {self._presence.name}
        running = rows.all("SELECT id, owner, tries, cancelled FROM jobs WHERE state = 'running'")
        for job_id, owner, tries, cancelled in running:
            if owner in living:
                continue
            if owner == self._presence.name:
                tries = max(0, tries - 1)  # it has ended no process
            task, job = self._task(rows, job_id), _job(rows, job_id)
            if cancelled:
                self._end(rows, task, job, "cancelled")
            elif tries >= MOST_TRIES:
                code: ReasonCode = "given_up"
                self._end(rows, task, job, "failed", error=reason(code, {}), error_code=code)
            else:
                _store(rows, replace(job, state="queued", stage="queued", progress=0.0))
                rows.do("UPDATE jobs SET owner = '', tries = ? WHERE id = ?", tries, job_id)

    def requeue(self, batch: Sequence[Task]) -> None:
        """What was not finished, because one of the batch was cancelled, waits again; the cancelled tasks end."""
        with self._writing() as rows:
            for task in batch:
                job, cancelled = self._owned(rows, task)
                if job is None:
                    continue
                if cancelled:
                    self._end(rows, task, job, "cancelled")
                else:
                    _store(rows, replace(job, state="queued", stage="queued", progress=0.0))
                    rows.do("UPDATE jobs SET owner = '', tries = 0 WHERE id = ?", task.job_id)
        self._drop(batch)

    def open(self, batch: Sequence[Task]) -> list[Task]:
        """Those of ``batch`` that this process is still at."""
        with self._reading() as rows:
            return [task for task in batch if self._owned(rows, task)[0]]

    def should_stop(self, batch: Sequence[Task]) -> bool:
        """Whether one of ``batch`` is to be stopped, or has been taken over; others are looked at now and then."""
        since, stopping = self._stopping
        if not self.closing and time.monotonic() - since > _LOOK:
            with suppress(StoreError), self._reading() as rows:
                found = [self._owned(rows, task, ended=True) for task in batch]
                stopping = any(job is None or cancelled for job, cancelled in found)
                self._stopping = (time.monotonic(), stopping)
        return self.closing or stopping

    def update(self, task: Task, **changes: Any) -> None:
        """What is known of a job that runs; mere progress is noted now and then."""
        known = self._mine.get(task.job_id) or self.get(task.job_id)
        job = replace(known, moved=time.time(), **changes)
        self._mine[task.job_id] = job
        small = changes.keys() <= {"progress", "stage", "page", "pages"}
        if small and time.monotonic() - self._noted.get(task.job_id, 0.0) < _PROGRESS:
            return
        self._noted[task.job_id] = time.monotonic()
        with suppress(StoreError), self._writing() as rows:
            if self._owned(rows, task)[0]:
                _store(rows, job)

    def end(self, task: Task, *, state: JobState, **changes: Any) -> None:
        """The job's last word, unless it is tried again: a URL can be, and a file that was cancelled."""
        with self._writing() as rows:
            if self._owned(rows, task)[0]:
                known = self._mine.get(task.job_id) or _job(rows, task.job_id)
                self._end(rows, task, known, state, **changes)
        self._drop([task])

    def fail(
        self, batch: Sequence[Task], error: str, code: str = "", values: Mapping[str, str] | None = None
    ) -> None:
        """None of ``batch`` could be done, by no fault of theirs: they can be tried again."""
        fields: dict[str, Any] = {"error": error, "error_code": code, "error_values": values or {}}
        with self._writing() as rows:
            for task in batch:
                job, _ = self._owned(rows, task)
                if job is not None:
                    _store(rows, replace(job, state="failed", stage="failed", retryable=True, **fields))
                    rows.do(
                        "UPDATE jobs SET owner = '', tries = 0, cancelled = 0, again = 1 WHERE id = ?",
                        task.job_id,
                    )
        self._drop(batch)

    def sweep(self) -> None:
        """Delete files that no task names and that have been there for a day: a killed process has left them."""
        with self._reading() as rows:
            named = {
                unpacked(json.loads(text), self._folder).path for (text,) in rows.all("SELECT task FROM jobs")
            }
        now = file_system_time(self._folder)
        for path in self._folder.iterdir():
            with suppress(OSError):
                if path not in named and now - path.stat().st_mtime > _LEFT_OVER:
                    path.unlink()

    # ----------------------------------------------------------------------------------------

    def _owned(self, rows: Rows, task: Task, *, ended: bool = False) -> tuple[Job | None, bool]:
        """The job as it stands where this process is at it, and whether it is to be cancelled.

        With ``ended`` also one that has come to its end.
        """
        row = rows.one("SELECT state, owner, cancelled, job FROM jobs WHERE id = ?", task.job_id)
        if row is None:
            return None, False
        state, owner, cancelled, text = row
        mine = state == "running" and owner == self._presence.name
        if mine or (ended and task.job_id not in self._mine):
            return self._mine.get(task.job_id) or _JOB.validate_json(text), mine and bool(cancelled)
        return None, False

    def _end(self, rows: Rows, task: Task, job: Job, state: JobState, **changes: Any) -> None:
        ended = ended_job(job, task, state, moved=rows.now(), **changes)
        if not ended.retryable and task.path is not None:
            rows.afterwards(partial(task.path.unlink, missing_ok=True))
        _store(rows, ended)
        rows.do(
            "UPDATE jobs SET owner = '', cancelled = 0, again = ? WHERE id = ?",
            int(ended.retryable),
            task.job_id,
        )
        if state == "cancelled" and task.path is not None:
            self._forget_cancelled(rows)

    def _forget_cancelled(self, rows: Rows) -> None:
        """Only so many cancelled files are kept."""
        found = rows.all("SELECT id FROM jobs WHERE again = 1 AND state = 'cancelled' ORDER BY number DESC")
        files = [job_id for (job_id,) in found if self._task(rows, job_id).path is not None]
        for job_id in files[CANCELLED_FILES:]:
            self._let_go(rows, job_id)

    def _let_go(self, rows: Rows, job_id: str) -> None:
        task = self._task(rows, job_id)
        if task.path is not None:
            rows.afterwards(partial(task.path.unlink, missing_ok=True))
        rows.do("UPDATE jobs SET again = 0 WHERE id = ?", job_id)
        _store(rows, replace(_job(rows, job_id), retryable=False))

    def _forget(self, rows: Rows) -> None:
        """Ended jobs are forgotten, the oldest first, where there are too many."""
        surplus = rows.all(
            "SELECT id, again FROM jobs WHERE state NOT IN ('queued', 'running') AND number <= "
            "(SELECT MAX(number) FROM jobs) - ?",
            KEPT,
        )
        for job_id, again in surplus:
            if again:
                self._let_go(rows, job_id)
            rows.do("DELETE FROM jobs WHERE id = ?", job_id)

    def _task(self, rows: Rows, job_id: str) -> Task:
        row = rows.one("SELECT task, tries, since FROM jobs WHERE id = ?", job_id)
        if row is None:
            raise unknown_job(job_id)
        note = json.loads(row[0])
        task = replace(
            unpacked(note, self._folder),
            tries=int(row[1]),
            since=int(row[2]),
            traceparent=str(note.get("traceparent", "")),
        )
        with suppress(OSError):
            task = replace(task, size=task.path.stat().st_size if task.path else 0)
        return task

    def _drop(self, batch: Sequence[Task]) -> None:
        for task in batch:
            self._mine.pop(task.job_id, None)
            self._noted.pop(task.job_id, None)

    def _drop_all(self) -> None:
        self._mine.clear()
        self._noted.clear()
        self._stopping = (0.0, False)

    def _wake(self) -> None:
        self._nothing = False
        with self._changed:
            self._changed.notify_all()

    def _reading(self) -> AbstractContextManager[Rows]:
        self._database.make(TOPIC, _TABLES)
        return self._database.reading()

    def _writing(self) -> AbstractContextManager[Rows]:
        self._presence.make()
        self._database.make(TOPIC, _TABLES)
        return self._database.writing(TOPIC)


def _text(task: Task) -> str:
    return json.dumps({**packed(task), "traceparent": task.traceparent})


def _job(rows: Rows, job_id: str) -> Job:
    row = rows.one("SELECT job FROM jobs WHERE id = ?", job_id)
    if row is None:
        raise unknown_job(job_id)
    return _JOB.validate_json(row[0])


def _store(rows: Rows, job: Job) -> None:
    rows.do(
        "UPDATE jobs SET state = ?, source = ?, job = ? WHERE id = ?",
        job.state,
        job.source,
        _JOB.dump_json(job).decode(),
        job.id,
    )


def shared_queue(sharing: Sharing | None) -> SharedJobQueue | None:
    """The queue of those that share a database; its files lie in the folder that they share. Raises `WrongSetting`."""
    if sharing is None:
        return None
    folder = sharing.folder / "uploads"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WrongSetting(
            f"ASSISTANT_SHARED_DIR, {sharing.folder}, cannot be written to ({error.strerror}): let all servers mount it there, "
            "and this user write to it."
        ) from error
    return SharedJobQueue(sharing.database, sharing.presence, folder)
