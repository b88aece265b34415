"""Ingestion in the background: a queue, one worker, and what became of each file or URL.

submit ─▶ queued ─▶ running ─▶ done | unchanged | failed | cancelled
            ▲                                          └────┬────┘
            └──────────────────── retry ────────────────────┘

What is queued or running when the process ends is queued again by the next one.
"""

from __future__ import annotations

import logging
import shutil
import threading
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path, PurePath
from typing import Any

from assistant.core import Assistant
from assistant.errors import NotReady
from assistant.service.containers import replaced_container
from assistant.service.ingestion_run import IngestionRun, replaced_document
from assistant.service.jobs import Job, ReplacedDocument, Task
from assistant.service.journal import Journal
from assistant.service.queue import JobQueue
from assistant.service.shared_queue import SharedJobQueue
from assistant.service.trash import Trash
from assistant.service.undo import Undo
from ingest.containers import ContainerLimits, is_within
from ingest.errors import IngestError, StoreError
from ingest.files import file_sha256
from ingest.loaders import CONTAINERS, SUFFIXES, suffix_of
from ingest.loaders.sandbox import Sandbox
from ingest.loaders.scans import Recognition
from ingest.originals import Originals
from ingest.store.index import Index
from ingest.types import Item, document_id

_PATIENCE = 10.0  # seconds that closing waits for the worker

_log = logging.getLogger(__name__)

Fetch = Callable[[str, Path], Item]
Expand = Callable[[str], dict[str, date | None]]


class IngestWorker:
    """Files and URLs on their way into the index. Thread-safe.

    ``ready`` waits so many seconds (None: without end) until the assistant is loaded, or raises `NotReady`;
    ``trash`` stores what is replaced; ``folder`` holds files that wait, also those of an earlier process; ``expand``
    gives the pages that a feed links to, and for a page the page itself; ``give_way`` is called between steps, to let questions go first.
    """

    def __init__(
        self,
        ready: Callable[[float | None], Assistant],
        originals: Originals,
        trash: Trash,
        folder: Path,
        fetch: Fetch,
        expand: Expand = lambda url: {url: None},
        limits: ContainerLimits | None = None,
        recognition: Recognition | None = None,
        queue: SharedJobQueue | None = None,
        give_way: Callable[[], object] = lambda: None,
    ) -> None:
        """``queue`` is that of several servers, whose files wait in ``folder``, too; without one, this process has its own."""
        self._ready = ready
        self._originals = originals
        self._trash = trash
        self._fetch = fetch
        self._expand = expand
        self._limits = limits or ContainerLimits()
        self._recognition = recognition or Recognition()
        self._give_way = give_way
        self.folder = folder
        self._queue = queue or _own_queue(folder)
        self._worker = threading.Thread(target=self._work, name="ingest", daemon=True)
        self._worker.start()

    def submit(
        self,
        name: str,
        path: Path,
        source: str | None = None,
        keep_original: bool = True,
        *,
        added_by: str = "",
        keep_both: bool = False,
        followed: str = "",
    ) -> Job:
        """Queue a file, which is copied unless it lies in ``folder``; its source is its name by default.

        Without a source, the job says which document it replaces; with ``keep_both`` it gets a free name instead.
        """
        waiting = path
        if path.parent != self.folder:
            waiting = self.new_path(name)
            shutil.copyfile(path, waiting)
        upload = source is None
        return self._queue.add(
            name,
            waiting,
            source or name,
            keep_original,
            replaces=self._replaced_by(name, waiting) if upload and not keep_both else None,
            added_by=added_by,
            upload=upload,
            keep_both=keep_both,
            followed=followed,
        )

    def submit_page(self, url: str, published: date | None, added_by: str, followed: str) -> Job:
        """Queue a web page that the followed source of that id lists, with the day that it gives."""
        return self._queue.add(
            url, None, url, True, added_by=added_by, published=published, followed=followed
        )

    def submit_url(self, url: str, *, added_by: str = "") -> Job:
        """Queue a web page, or a feed or sitemap, whose articles are queued once it is fetched."""
        return self._queue.add(url, None, url, True, feed=True, added_by=added_by)

    def _replaced_by(self, name: str, path: Path) -> ReplacedDocument | None:
        """The document that an upload would replace if it were read now, where that can be known already."""
        with suppress(NotReady, IngestError, OSError):
            index = self._ready(0).index
            if suffix_of(name) in CONTAINERS:
                return replaced_container(index.present.of_container(name), name)
            record = index.record(document_id(name))
            if record and record.sha256 != file_sha256(path):
                return replaced_document(record)
        return None

    def new_path(self, name: str) -> Path:
        """Where in ``folder`` to put a file that is to be submitted as ``name``."""
        suffix = suffix_of(name)
        return self.folder / f"{uuid.uuid4().hex}{suffix if suffix in SUFFIXES else ''}"

    def get(self, job_id: str) -> Job:
        """Raises `NotFound`, also for a job too long ago."""
        return self._queue.get(job_id)

    def list(self) -> tuple[Job, ...]:
        """The jobs, newest first."""
        return self._queue.all()

    def cancel(self, job_id: str) -> Job:
        """Stop a job before it is stored; a finished one stays as it is. Raises `NotFound`."""
        return self._queue.cancel(job_id)

    def keep_both(self, job_id: str) -> bool:
        """Let an upload that waits get a free name rather than replace; whether it still waits. Raises `NotFound`."""
        self.get(job_id)
        return self._queue.keep_both(job_id)

    def update(self, job_id: str, **changes: Any) -> Job:
        """Change what is known of a job that has ended. Raises `NotFound`."""
        return self._queue.change(job_id, **changes)

    def free_name(self, job_id: str, index: Index, name: str, sha256: str, taken: str = "") -> str:
        """``name``, or "plan (2).txt" for "plan.txt" and so on: not ``taken``, and not of another job or document.

        A document of the same content does not count as another.
        """
        used = {taken} | self._queue.sources(without=job_id)
        path = PurePath(name)
        names = (name if n == 1 else f"{path.stem} ({n}){path.suffix}" for n in count(1))
        return next(
            candidate
            for candidate in names
            if candidate not in used
            and ((record := index.record(document_id(candidate))) is None or record.sha256 == sha256)
            and not any(is_within(record, candidate) for record in index.present.within_containers)
        )

    def retry(self, job_id: str) -> Job:
        """Queue a job again that is retryable; another stays as it is. Raises `NotFound`."""
        return self._queue.retry(job_id)

    def sweep(self) -> None:
        """Delete what killed servers have left in the folder that several use."""
        if isinstance(self._queue, SharedJobQueue):
            self._queue.sweep()

    def stop(self) -> None:
        """Let the worker end after what it is at, which is not stored; what waits is left to the next process."""
        self._queue.close()

    def close(self) -> None:
        """Stop the worker and wait for it."""
        self.stop()
        self._worker.join(_PATIENCE)

    def _work(self) -> None:
        with Sandbox() as sandbox:
            while self._queue.wait():
                try:
                    assistant = self._ready(None)
                except NotReady as error:
                    self._queue.give_up(str(error))
                    continue
                try:
                    self._run(assistant, sandbox)
                # The database of several servers is away: what it was at waits there.
                except StoreError as error:
                    _log.warning(error)
                    self._queue.rest()
                except Exception:  # a thread's edge: the next job may fare better
                    _log.exception("The queue could not be worked at")
                    self._queue.rest()
                del assistant  # what another has taken the place of is closed once nobody has it

    def _run(self, assistant: Assistant, sandbox: Sandbox) -> None:
        batch = [self._named(task, assistant.index) for task in self._queue.take()]
        if not batch:
            return
        run = IngestionRun(
            self._queue,
            batch,
            Undo(assistant, self._originals, self._trash),
            self._expand,
            self.folder,
            self._limits,
            self._recognition,
            self._give_way,
        )
        run.do(sandbox, lambda url: self._fetch(url, self.folder))

    def _named(self, task: Task, index: Index) -> Task:
        """The task under a name that is free, where its upload shall not replace a document."""
        if not task.keep_both or task.path is None:
            return task
        try:
            name = self.free_name(task.job_id, index, task.name, file_sha256(task.path))
        except (IngestError, OSError):  # it fails again when it is ingested, and is reported then
            return task
        self._queue.update(task, source=name)
        return replace(task, name=name, source=name)


def _own_queue(folder: Path) -> JobQueue:
    """That of this process alone, which goes on with what an earlier one has left in ``folder``."""
    journal = Journal(folder)
    queue = JobQueue(journal)
    for task in journal.recover():
        queue.restore(task)
    return queue
