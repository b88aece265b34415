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
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from assistant.core import Assistant
from assistant.errors import NotReady
from assistant.service.jobs import Job, Task
from assistant.service.journal import Journal
from assistant.service.queue import JobQueue
from ingest.errors import IngestError, SourceError, reason
from ingest.loaders import LOADERS, suffix_of
from ingest.loaders.sandbox import Sandbox
from ingest.originals import Originals
from ingest.pipeline import Progress, ingest
from ingest.store.index import Index
from ingest.types import Content, Item, Result, document_id

_PATIENCE = 10.0  # seconds that closing waits for the worker

Fetch = Callable[[str, Path], Item]
Expand = Callable[[str], list[str]]
_log = logging.getLogger(__name__)


class IngestWorker:
    """Files and URLs on their way into the index. Thread-safe.

    ``ready`` waits until the assistant is loaded, or raises `NotReady`; ``folder`` holds files that wait, also
    those of an earlier process; ``expand`` says to which pages a feed links, and of a page that it is one.
    """

    def __init__(
        self,
        ready: Callable[[], Assistant],
        originals: Originals,
        folder: Path,
        fetch: Fetch,
        expand: Expand = lambda url: [url],
    ) -> None:
        self._ready = ready
        self._originals = originals
        self._fetch = fetch
        self._expand = expand
        self.folder = folder
        journal = Journal(folder)
        self._board = JobQueue(journal)
        for task in journal.recover():
            self._board.restore(task)
        self._worker = threading.Thread(target=self._work, name="ingest", daemon=True)
        self._worker.start()

    def submit(self, name: str, path: Path, source: str | None = None, keep_original: bool = True) -> Job:
        """Queue a file, which is copied unless it lies in ``folder``; its source is its name by default."""
        waiting = path
        if path.parent != self.folder:
            waiting = self.new_path(name)
            shutil.copyfile(path, waiting)
        return self._board.add(name, waiting, source or name, keep_original)

    def submit_url(self, url: str) -> Job:
        """Queue a web page, or a feed, whose articles are queued once it is fetched."""
        return self._board.add(url, None, url, True, feed=True)

    def new_path(self, name: str) -> Path:
        """Where in ``folder`` to put a file that is to be submitted as ``name``."""
        suffix = suffix_of(name)
        return self.folder / f"{uuid.uuid4().hex}{suffix if suffix in LOADERS else ''}"

    def get(self, job_id: str) -> Job:
        """Raises `NotFound`, also for a job too long ago."""
        return self._board.get(job_id)

    def list(self) -> tuple[Job, ...]:
        """The jobs, newest first."""
        return self._board.all()

    def cancel(self, job_id: str) -> Job:
        """Stop a job before it is stored; a finished one stays as it is. Raises `NotFound`."""
        return self._board.cancel(job_id)

    def retry(self, job_id: str) -> Job:
        """Queue a job again that is retryable; another stays as it is. Raises `NotFound`."""
        return self._board.retry(job_id)

    def stop(self) -> None:
        """Let the worker end after what it is at, which is not stored; what waits is left to the next process."""
        self._board.close()

    def close(self) -> None:
        """Stop the worker and wait for it."""
        self.stop()
        self._worker.join(_PATIENCE)

    def _work(self) -> None:
        with Sandbox() as sandbox:
            while self._board.wait():
                try:
                    assistant = self._ready()
                except NotReady as error:
                    if not self._board.closing:
                        self._board.fail(self._board.take(), str(error))
                    continue
                self._run(assistant, sandbox)

    def _run(self, assistant: Assistant, sandbox: Sandbox) -> None:
        batch = self._board.take()
        run = _Run(self._board, batch, assistant.index, self._originals, self._expand)
        run.do(assistant, sandbox, lambda url: self._fetch(url, self.folder))


class _Run:
    """One call of the pipeline, for the tasks of one batch."""

    def __init__(
        self, board: JobQueue, batch: Sequence[Task], index: Index, originals: Originals, expand: Expand
    ) -> None:
        self._board = board
        self._batch = batch
        self._index = index
        self._originals = originals
        self._expand = expand
        self._faulty: set[Path] = set()  # files that cannot be read, however often one tries
        self._fetched: Path | None = None
        self._before: dict[str, str | None] = {}  # by source: the SHA-256 of what its document was made of
        self._kept: dict[str, str] = {}  # by source: the SHA-256 of the original kept for it

    def do(self, assistant: Assistant, sandbox: Sandbox, fetch: Callable[[str], Item]) -> None:
        """Bring the batch into the index; every job of it ends, or goes back to the queue."""
        try:
            ingest(
                self._items(fetch),
                self._index,
                assistant.embedder,
                lambda path, name: self._load(sandbox, path, name),
                on_progress=self._progress,
                cancelled=lambda: self._board.unwanted(self._batch),
            )
        except IngestError as error:
            self._board.fail(self._batch, str(error), error.code, error.values)
        except Exception as error:  # whatever it is, the next file may fare better
            _log.exception("Ingestion failed")
            values = {"why": f"{type(error).__name__}: {error}"}
            self._board.fail(self._batch, reason("not_stored", values), "not_stored", values)
        self._board.give_back(self._batch)
        if self._fetched is not None:
            self._fetched.unlink(missing_ok=True)

    def _items(self, fetch: Callable[[str], Item]) -> Iterator[Item | SourceError]:
        for task in self._batch:
            if self._board.unwanted(self._batch):
                return
            try:
                if not self._is_feed(task):
                    yield self._item(task, fetch)
            except SourceError as error:
                yield SourceError(task.source, error.code, **error.values)
            except OSError as error:
                yield SourceError(task.source, "no_room", why=error.strerror)

    def _load(self, sandbox: Sandbox, path: Path, name: str) -> Content:
        try:
            return sandbox.load(path, name)
        except SourceError:
            self._faulty.add(path)
            raise

    def _is_feed(self, task: Task) -> bool:
        """Whether the task is a feed; then its articles are queued, each on its own, and it is done."""
        if not task.feed:
            return False
        self._board.update(task, stage="fetching")
        pages = self._expand(task.source)
        if pages == [task.source]:
            return False
        for page in pages:
            self._board.add(page, None, page, True)
        self._board.end(task, state="done", articles=len(pages))
        return True

    def _item(self, task: Task, fetch: Callable[[str], Item]) -> Item:
        if task.path is None:
            self._board.update(task, stage="fetching")
            item = fetch(task.source)
            self._fetched = item.path
        else:
            item = Item(source=task.source, name=task.name, path=task.path)
        known = self._index.record(document_id(item.source))
        self._before[item.source] = known.sha256 if known else None
        if task.keep_original:
            self._kept[item.source] = self._originals.keep(item.path, item.path.suffix)
        return item

    def _progress(self, progress: Progress) -> None:
        task = self._task(progress.source)
        if progress.result is None:
            done = max(progress.fraction, self._board.get(task.job_id).progress)
            self._board.update(task, stage=progress.stage, progress=done)
        else:
            self._tidy(task, progress.result)
            self._finish(task, progress.result)

    def _task(self, source: str) -> Task:
        """The task of a source; a URL, whose source may change on the way, is alone in its batch."""
        return next((task for task in self._batch if task.source == source), self._batch[0])

    def _finish(self, task: Task, result: Result) -> None:
        found = {"document_id": result.document_id, "title": result.title, "error": result.error}
        found |= {"error_code": result.code, "error_values": result.values}
        if result.outcome in ("added", "replaced"):
            self._board.end(task, state="done", replaced=result.outcome == "replaced", **found)
        elif result.outcome == "unchanged":
            self._board.end(task, state="unchanged", **found)
        elif result.outcome == "failed" and (task.path is None or task.path in self._faulty):
            self._board.end(task, state="failed", **found)
        elif result.outcome == "failed":
            self._board.fail([task], str(result.error), result.code, result.values)

    def _tidy(self, task: Task, result: Result) -> None:
        """Originals follow the index: what a document is made of is there, what nothing is made of is not."""
        kept, before = self._kept.get(result.source), self._before.get(result.source)
        record = self._index.record(document_id(result.source))
        path = task.path or self._fetched
        if record and record.sha256 == kept and path:
            # Since it was kept, another document of the same content may have been deleted, and it with that.
            with suppress(OSError):
                if not self._originals.find(kept, path.suffix):
                    self._originals.keep(path, path.suffix)
        for sha256 in {kept, before} - {None, record.sha256 if record else None}:
            discard(self._originals, self._index, str(sha256))


def discard(originals: Originals, index: Index, sha256: str) -> None:
    """Delete the original with that content unless a document is still made of it."""
    originals.discard(sha256, lambda: any(record.sha256 == sha256 for record in index.records()))
