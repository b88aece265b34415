"""Which jobs there are and how each stands, and which tasks wait. The worker and the API meet here."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from time import time, time_ns
from typing import Any

from assistant.errors import NotFound
from assistant.service.jobs import (
    Job,
    JobState,
    ReplacedDocument,
    Task,
    ended_job,
    new_task,
    waiting_job,
)
from assistant.service.journal import Journal
from ingest.errors import ReasonCode, reason

KEPT = 1_000
# Small files that wait together are embedded together, TOGETHER at a time.
TOGETHER = 64
# How many cancelled files are stored, so that they can be tried again.
CANCELLED_FILES = 50
# How often a process may end while it is at a file before the file is given up.
MOST_TRIES = 3


class JobQueue:
    """The jobs and the queue. Thread-safe. ``journal`` keeps what waits for the next process."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._jobs: dict[str, Job] = {}
        self._queue: deque[Task] = deque()
        self._again: dict[str, Task] = {}  # by job: what can be tried again
        self._cancelled: set[str] = set()
        self._changed = threading.Condition()
        self.closing = False

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
        """A new job at the end of the queue; after `close`, it waits for the next process.

        ``options`` are the fields of a `Task` that have defaults.
        """
        task = new_task(name, path, source, keep_original, **options)
        with self._changed:
            self._journal.note(task)
            return self._queued(task, replaces=replaces)

    def restore(self, task: Task) -> Job:
        """A job of an earlier process goes on, unless it has ended too many processes already."""
        with self._changed:
            if task.tries < MOST_TRIES:
                return self._queued(task)
            self._jobs[task.job_id] = Job(id=task.job_id, source=task.source, followed=task.followed)
            code: ReasonCode = "given_up"
            self.end(task, state="failed", error=reason(code, {}), error_code=code)
            return self._jobs[task.job_id]

    def _queued(self, task: Task, **fields: Any) -> Job:
        self._jobs[task.job_id] = waiting_job(task, **fields)
        self._forget()
        self._queue.append(task)
        self._changed.notify_all()
        return self._jobs[task.job_id]

    def _forget(self) -> None:
        surplus = len(self._jobs) - KEPT
        for job in [job for job in self._jobs.values() if job.finished][: max(0, surplus)]:
            del self._jobs[job.id]
            if task := self._again.pop(job.id, None):
                self._let_go(task, job.state)

    def get(self, job_id: str) -> Job:
        """Raises `NotFound`, also for a job too long ago."""
        with self._changed:
            if job_id not in self._jobs:
                raise unknown_job(job_id)
            return self._jobs[job_id]

    def all(self) -> tuple[Job, ...]:
        """The jobs, newest first."""
        with self._changed:
            return tuple(reversed(self._jobs.values()))

    def cancel(self, job_id: str) -> Job:
        """End a job that waits, mark one that runs as cancelled. Raises `NotFound`."""
        with self._changed:
            if self.get(job_id).state == "running":
                self._cancelled.add(job_id)
            for task in [task for task in self._queue if task.job_id == job_id]:
                self._queue.remove(task)
                self.end(task, state="cancelled")
            return self._jobs[job_id]

    def keep_both(self, job_id: str) -> bool:
        """Let an upload that waits get a name of its own where its name is taken; whether it still waits."""
        with self._changed:
            for at, task in enumerate(self._queue):
                if task.job_id == job_id and task.upload:
                    self._queue[at] = replace(task, keep_both=True)
                    self._journal.note(self._queue[at])
                    self.update(task, replaces=None)
                    return True
            return False

    def sources(self, without: str = "") -> set[str]:
        """The sources of all that waits or runs, but for the job ``without``."""
        with self._changed:
            return {job.source for job in self._jobs.values() if not job.finished and job.id != without}

    def change(self, job_id: str, **changes: Any) -> Job:
        """Change what is known of a job. Raises `NotFound`."""
        with self._changed:
            self._jobs[job_id] = replace(self.get(job_id), **changes)
            return self._jobs[job_id]

    def retry(self, job_id: str) -> Job:
        """Queue a job again that is retryable; another stays as it is. Raises `NotFound`."""
        with self._changed:
            self.get(job_id)
            if task := self._again.pop(job_id, None):
                task = replace(task, since=time_ns())
                self._journal.note(task)
                self._queued(task)
            return self._jobs[job_id]

    def close(self) -> None:
        """Mark what runs as cancelled, and start nothing more; what waits is left to the next process."""
        with self._changed:
            self.closing = True
            self._changed.notify_all()

    def give_up(self, error: str) -> None:
        """Nothing can be done in this process: what waits fails, until there is another."""
        if not self.closing:
            self.fail(self.take(), error)

    def rest(self) -> None:
        """Nothing of it is ever away."""

    def wait(self) -> bool:
        """Until a task waits, which is True, or all ends, which is False."""
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self.closing)
            return not self.closing

    def take(self) -> list[Task]:
        """The tasks to do next: one, or several small files; none where all were cancelled meanwhile."""
        with self._changed:
            batch: list[Task] = []
            while self._queue and len(batch) < TOGETHER and self._queue[0].fits(batch):
                batch.append(self._queue.popleft())
            now = time()
            for task in batch:
                self._journal.begin(task)
                self.update(task, state="running", stage="waiting", began=now)
            return batch

    def requeue(self, batch: Sequence[Task]) -> None:
        """What was not finished, because one of the batch was cancelled, waits again; the cancelled tasks end."""
        with self._changed:
            for task in reversed(self.open(batch)):
                if task.job_id in self._cancelled:
                    self.end(task, state="cancelled")
                else:
                    self._journal.note(task)
                    self.update(task, state="queued", stage="queued", progress=0.0)
                    self._queue.appendleft(task)

    def open(self, batch: Sequence[Task]) -> list[Task]:
        """Those of ``batch`` that have not come to an end. One that has may wait again by now, to be tried once more."""
        return [task for task in batch if self.get(task.job_id).state == "running"]

    def should_stop(self, batch: Sequence[Task]) -> bool:
        """Whether one of ``batch`` is to be stopped."""
        return self.closing or any(task.job_id in self._cancelled for task in batch)

    def update(self, task: Task, **changes: Any) -> None:
        with self._changed:
            self._jobs[task.job_id] = replace(self._jobs[task.job_id], moved=time(), **changes)

    def end(self, task: Task, *, state: JobState, **changes: Any) -> None:
        """The job's last word, unless it is tried again: a URL can be, and a file that was cancelled."""
        with self._changed:
            ended = ended_job(self._jobs[task.job_id], task, state, moved=time(), **changes)
            self._journal.forget(task)
            if ended.retryable:
                self._keep(task)
            elif task.path is not None:
                task.path.unlink(missing_ok=True)
            self._jobs[task.job_id] = ended
            self._cancelled.discard(task.job_id)

    def fail(
        self, batch: Sequence[Task], error: str, code: str = "", values: Mapping[str, str] | None = None
    ) -> None:
        """None of ``batch`` could be done, by no fault of theirs: they can be tried again, also by the next process."""
        with self._changed:
            for task in self.open(batch):
                self._journal.note(task)
                self._again[task.job_id] = task
                reason_fields = {"error": error, "error_code": code, "error_values": values or {}}
                self.update(task, state="failed", stage="failed", retryable=True, **reason_fields)
                self._cancelled.discard(task.job_id)

    def _keep(self, task: Task) -> None:
        self._again[task.job_id] = task
        cancelled = [key for key in self._again if key != task.job_id and self._cancelled_file(key)]
        for key in cancelled[: max(0, len(cancelled) + 1 - CANCELLED_FILES)]:
            self._let_go(self._again.pop(key), "cancelled")
            self._jobs[key] = replace(self._jobs[key], retryable=False)

    def _cancelled_file(self, job_id: str) -> bool:
        return self._jobs[job_id].state == "cancelled" and self._again[job_id].path is not None

    def _let_go(self, task: Task, state: JobState) -> None:
        """Delete a file that nobody can ask for any more; one that failed by no fault of its own is for the next process."""
        if state == "cancelled" and task.path is not None:
            task.path.unlink(missing_ok=True)


def unknown_job(job_id: str) -> NotFound:
    return NotFound(f"There is no job {job_id!r}. The last {KEPT:,} are remembered.")
