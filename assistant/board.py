"""Which jobs there are and how each stands, and which tasks wait. The worker and the API meet here."""

from __future__ import annotations

import threading
import uuid
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from assistant.errors import NotFound

KEPT = 1_000
# Files up to SMALL bytes that wait together are embedded together, TOGETHER at a time.
SMALL = 200_000
TOGETHER = 64

State = Literal["queued", "running", "done", "unchanged", "failed", "cancelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One file or URL on its way into the index; ``progress`` is in [0, 1], ``error`` says what to do.

    ``replaced`` tells that an earlier version of the document was in the index.
    """

    id: str
    source: str
    state: State = "queued"
    stage: str = "queued"
    progress: float = 0.0
    document_id: str | None = None
    error: str | None = None
    title: str = ""
    replaced: bool = False

    @property
    def finished(self) -> bool:
        return self.state not in ("queued", "running")


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What the worker needs to do a job; ``path`` is None for a URL, ``size`` is in bytes."""

    job_id: str
    source: str
    name: str
    path: Path | None
    size: int
    keep_original: bool

    def fits(self, batch: Sequence[Task]) -> bool:
        """Whether it may be embedded together with ``batch``: small files of different sources."""
        together = all(task.path and task.size <= SMALL and task.source != self.source for task in batch)
        return not batch or (together and self.path is not None and self.size <= SMALL)


class Board:
    """The jobs and the queue. Thread-safe."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._queue: deque[Task] = deque()
        self._unwanted: set[str] = set()
        self._changed = threading.Condition()
        self.closing = False

    def add(self, name: str, path: Path | None, source: str, keep_original: bool) -> Job:
        """A new job at the end of the queue; after `close`, a cancelled one."""
        job = Job(id=uuid.uuid4().hex[:16], source=source)
        size = path.stat().st_size if path else 0
        task = Task(
            job_id=job.id, source=source, name=name, path=path, size=size, keep_original=keep_original
        )
        with self._changed:
            self._jobs[job.id] = job
            self._forget()
            if self.closing:
                self.end(task, state="cancelled")
            else:
                self._queue.append(task)
                self._changed.notify_all()
            return self._jobs[job.id]

    def _forget(self) -> None:
        surplus = len(self._jobs) - KEPT
        for job in [job for job in self._jobs.values() if job.finished][: max(0, surplus)]:
            del self._jobs[job.id]

    def get(self, job_id: str) -> Job:
        """Raises `NotFound`, also for a job too long ago."""
        with self._changed:
            if job_id not in self._jobs:
                raise NotFound(f"There is no job {job_id!r}. The last {KEPT:,} are remembered.")
            return self._jobs[job_id]

    def all(self) -> tuple[Job, ...]:
        """The jobs, newest first."""
        with self._changed:
            return tuple(reversed(self._jobs.values()))

    def cancel(self, job_id: str) -> Job:
        """End a job that waits, mark one that runs as unwanted. Raises `NotFound`."""
        with self._changed:
            if self.get(job_id).state == "running":
                self._unwanted.add(job_id)
            for task in [task for task in self._queue if task.job_id == job_id]:
                self._queue.remove(task)
                self.end(task, state="cancelled")
            return self._jobs[job_id]

    def close(self) -> None:
        """Cancel what waits, mark what runs as unwanted, and take nothing more."""
        with self._changed:
            self.closing = True
            while self._queue:
                self.end(self._queue.popleft(), state="cancelled")
            self._changed.notify_all()

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
            for task in batch:
                self.update(task, state="running", stage="waiting")
            return batch

    def give_back(self, batch: Sequence[Task]) -> None:
        """What was not finished, because of one that is unwanted, waits again; the unwanted are cancelled."""
        with self._changed:
            for task in reversed(self.open(batch)):
                if self.closing or task.job_id in self._unwanted:
                    self.end(task, state="cancelled")
                else:
                    self.update(task, state="queued", stage="queued", progress=0.0)
                    self._queue.appendleft(task)

    def open(self, batch: Sequence[Task]) -> list[Task]:
        """Those of ``batch`` that have not come to an end."""
        return [task for task in batch if not self.get(task.job_id).finished]

    def unwanted(self, batch: Sequence[Task]) -> bool:
        """Whether one of ``batch`` is to be stopped."""
        return self.closing or any(task.job_id in self._unwanted for task in batch)

    def update(self, task: Task, **changes: Any) -> None:
        with self._changed:
            self._jobs[task.job_id] = replace(self._jobs[task.job_id], **changes)

    def end(self, task: Task, *, state: State, **changes: Any) -> None:
        """The job's last word; its waiting file is deleted."""
        if task.path is not None:
            task.path.unlink(missing_ok=True)
        done = {"progress": 1.0} if state in ("done", "unchanged") else {}
        self.update(task, state=state, stage=state, **done, **changes)
        self._unwanted.discard(task.job_id)

    def fail(self, batch: Sequence[Task], error: str) -> None:
        for task in self.open(batch):
            self.end(task, state="failed", error=error)
