"""One call of the pipeline for a batch of tasks: what is read, what becomes of it, and what is stored beside it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from assistant.service.containers import container_end, replaced_container
from assistant.service.jobs import ReplacedDocument, Task
from assistant.service.queue import JobQueue
from assistant.service.shared_queue import SharedJobQueue
from assistant.service.trash import UNDO_SECONDS
from assistant.service.undo import Undo
from ingest.containers import ContainerLimits, Unpacking, is_container
from ingest.errors import Cancelled, IngestError, SourceError, reason
from ingest.loaders import scans
from ingest.loaders.sandbox import Sandbox
from ingest.originals import Originals
from ingest.pipeline import OnPage, Progress, ingest
from ingest.store.index import Index
from ingest.tracing import span
from ingest.types import Content, Item, Record, Result, document_id

_log = logging.getLogger(__name__)
_OURS = (
    "",
    "no_room",
    "not_stored",
    "unreadable_now",
    "reader",
)  # codes of failures that are no fault of the file


class IngestionRun:
    """One call of the pipeline, for the tasks of one batch."""

    def __init__(
        self,
        queue: JobQueue | SharedJobQueue,
        batch: Sequence[Task],
        undo: Undo,
        expand: Callable[[str], dict[str, date | None]],
        folder: Path,
        limits: ContainerLimits,
        recognition: scans.Recognition,
        give_way: Callable[[], object],
    ) -> None:
        """``folder`` is where the bytes of a container's documents lie while they are read; ``give_way`` may wait between steps."""
        self._queue = queue
        self._batch = batch
        self._undo = undo
        self._index = undo.assistant.index
        self._originals = undo.originals
        self._expand = expand
        self._faulty: set[Path] = set()  # files that cannot be read, however often one tries
        self._fetched: Path | None = None
        self._before: dict[str, str | None] = {}  # by source: the SHA-256 of what its document was made of
        self._kept: dict[str, str] = {}  # by source: the SHA-256 of the original stored for it
        # By document id: what is replaced, and its name in the trash.
        self._held: dict[str, tuple[Record, str]] = {}
        self._folder = folder
        self._limits = limits
        self._recognition = recognition
        self._give_way = give_way
        self._unpacking: Unpacking | None = None
        self._outcomes: list[Result] = []  # of the documents in a container

    def do(self, sandbox: Sandbox, fetch: Callable[[str], Item]) -> None:
        """Bring the batch into the index; each of its jobs ends, or goes back to the queue."""
        try:
            asked_by = [task.traceparent for task in self._batch]
            with span("jobs", links=asked_by, jobs=len(self._batch)):
                ingest(
                    self._items(sandbox, fetch),
                    self._index,
                    self._undo.assistant.embedder,
                    lambda path, name, on_page: self._load(sandbox, path, name, on_page),
                    on_progress=self._progress,
                    cancelled=self._should_stop,
                    storing=self._storing,
                    recognises=lambda: scans.available(self._recognition),
                )
                self._finish_container()
        except IngestError as error:
            self._queue.fail(self._batch, str(error), error.code, error.values)
        except Exception as error:  # whatever it is, the next file may fare better
            _log.exception("Ingestion failed")
            values = {"why": f"{type(error).__name__}: {error}"}
            self._queue.fail(self._batch, reason("not_stored", values), "not_stored", values)
        finally:  # also where the queue cannot be reached
            self._release()
            if self._unpacking is not None:
                self._unpacking.close()
            if self._fetched is not None:
                self._fetched.unlink(missing_ok=True)
        self._queue.requeue(self._batch)

    def _should_stop(self) -> bool:
        """Asked between the steps of a document, where questions that wait go first."""
        self._give_way()
        return self._queue.should_stop(self._batch)

    def _items(self, sandbox: Sandbox, fetch: Callable[[str], Item]) -> Iterator[Item | SourceError]:
        for task in self._batch:
            if self._queue.should_stop(self._batch):
                return
            try:
                if not self._is_feed(task):
                    item = self._item(task, fetch)
                    if is_container(item):
                        yield from self._members(task, item, sandbox)
                    else:
                        yield self._noted(task, item)
            except SourceError as error:
                yield SourceError(task.source, error.code, **error.values)
            except OSError as error:
                yield SourceError(task.source, "no_room", why=error.strerror)

    def _members(self, task: Task, item: Item, sandbox: Sandbox) -> Iterator[Item | SourceError]:
        """The documents in a container, which is alone in its batch."""
        self._unpacking = unpacking = Unpacking(
            item=item,
            sandbox=sandbox,
            folder=self._folder,
            limits=self._limits,
            cancelled=lambda: self._queue.should_stop(self._batch),
        )
        if task.upload:
            inside = self._index.present.of_container(item.source)
            self._queue.update(task, replaces=replaced_container(inside, item.source))
        for found in unpacking.items():
            if isinstance(found, SourceError):
                yield found
                continue
            try:
                yield self._noted(task, found)
            except OSError as error:
                yield SourceError(found.source, "no_room", why=error.strerror)

    @contextmanager
    def _storing(self, ids: Sequence[str]) -> Iterator[None]:
        """Documents are replaced within this context, after they were copied to the trash, one removal each."""
        with self._undo.trash.moving:
            if not self._queue.open(self._batch):
                # It has been held up, and another does it, or has done it: what is there may be newer by now.
                raise Cancelled("Another server has taken this over.")
            records = [record for key in ids if (record := self._index.record(key))]
            groups = [records] if self._unpacking else [[record] for record in records]
            for group in filter(None, groups):
                name = self._undo.hold(group, replaced=True)
                self._held |= {record.id: (record, name) for record in group}
            yield

    def _offer(self, key: str) -> str | None:
        """Offer the replaced version of a document for undo; the id of its removal."""
        _, name = self._held.pop(key, (None, ""))
        return self._undo.trash.offer(name).id if name else None

    def _release(self) -> None:
        """Delete the copies of what was not replaced after all; what was, though storing failed, can be undone."""
        names: dict[str, list[Record]] = {}
        for before, name in self._held.values():
            names.setdefault(name, []).append(before)
        self._held.clear()
        for name, records in names.items():
            with suppress(OSError, IngestError):
                now = [self._index.record(before.id) for before in records]
                if any(
                    one is None or one.sha256 != before.sha256
                    for one, before in zip(now, records, strict=True)
                ):
                    self._undo.trash.offer(name)
                else:
                    self._undo.trash.release(name)

    def _load(self, sandbox: Sandbox, path: Path, name: str, on_page: OnPage) -> Content:
        try:
            return scans.load(sandbox, path, name, self._recognition, on_page)
        except SourceError:
            self._faulty.add(path)
            raise

    def _is_feed(self, task: Task) -> bool:
        """Whether the task is a feed; then its articles are queued, each on its own, and it is done."""
        if not task.feed:
            return False
        self._queue.update(task, stage="fetching")
        pages = self._expand(task.source)
        if list(pages) == [task.source]:
            return False
        for page, day in pages.items():
            self._queue.add(page, None, page, True, added_by=task.added_by, published=day)
        self._queue.end(task, state="done", articles=len(pages))
        return True

    def _item(self, task: Task, fetch: Callable[[str], Item]) -> Item:
        if task.path is None:
            self._queue.update(task, stage="fetching")
            with span("ingest.fetch"):
                item = replace(fetch(task.source), added_by=task.added_by, published=task.published)
            self._fetched = item.path
        else:
            item = Item(source=task.source, name=task.name, path=task.path, added_by=task.added_by)
        return item

    def _noted(self, task: Task, item: Item) -> Item:
        """The item, whose original is stored; that of a member always, for it lies nowhere else. Raises `OSError`."""
        known = self._index.record(document_id(item.source))
        self._before[item.source] = known.sha256 if known else None
        if task.keep_original or item.container:
            self._kept[item.source] = self._originals.keep(item.path, item.path.suffix)
        if task.upload and not item.container:
            conflict = known is not None and known.sha256 != self._kept.get(item.source)
            self._queue.update(task, replaces=replaced_document(known) if known and conflict else None)
        return item

    def _progress(self, progress: Progress) -> None:
        task = self._task(progress.source)
        if self._unpacking is not None:
            self._note_member(task, self._unpacking, progress)
        elif progress.result is None:
            done = max(progress.fraction, self._queue.get(task.job_id).progress)
            self._queue.update(task, progress=done, **_stage(progress))
        else:
            self._tidy(task, progress.result)
            self._finish(task, progress.result)

    def _note_member(self, task: Task, unpacking: Unpacking, progress: Progress) -> None:
        if progress.result is None:
            share = len(self._outcomes) / max(1, unpacking.total)
            done = max(0.95 * share, self._queue.get(task.job_id).progress)
            self._queue.update(task, progress=done, **_stage(progress))
            return
        self._tidy(task, progress.result)
        unpacking.done(progress.result.source)
        self._outcomes.append(progress.result)

    def _finish_container(self) -> None:
        """The last word on a container: what has gone from it goes from the index, and the job says what became of all."""
        unpacking = self._unpacking
        if unpacking is None or self._queue.should_stop(self._batch):
            return
        task = self._batch[0]
        self._outcomes += [
            Result(source=record.source, outcome="removed", document_id=record.id, title=record.title)
            for record in self._withdraw(
                unpacking.vanished(self._index.present.of_container(unpacking.item.source))
            )
        ]
        if [result.source for result in self._outcomes] == [task.source]:
            if self._outcomes[0].outcome == "failed" and self._outcomes[0].code not in _OURS:
                self._faulty.add(unpacking.item.path)
            self._finish(task, self._outcomes[0])
            return
        ours = [result for result in self._outcomes if result.outcome == "failed" and result.code in _OURS]
        if ours:
            self._queue.fail([task], str(ours[0].error), ours[0].code, ours[0].values)
            return
        self._queue.end(task, **container_end(task.source, self._outcomes, unpacking.skipped))

    def _withdraw(self, records: Sequence[Record]) -> Sequence[Record]:
        """Remove documents so that it can be undone for a while."""
        if not records:
            return ()
        with self._undo.trash.moving:
            name = self._undo.hold(records)
            try:
                self._index.remove([record.id for record in records], undo_seconds=UNDO_SECONDS)
            finally:
                self._undo.trash.offer(name)
            for record in records:
                discard(self._originals, self._index, record.sha256)
        return records

    def _task(self, source: str) -> Task:
        """The task of a source; a URL, whose source may change on the way, is alone in its batch."""
        return next((task for task in self._batch if task.source == source), self._batch[0])

    def _finish(self, task: Task, result: Result) -> None:
        fields: dict[str, Any] = {
            "document_id": result.document_id,
            "title": result.title,
            "error": result.error,
            "error_code": result.code,
            "error_values": result.values,
        }
        if result.outcome in ("added", "replaced"):
            key = str(result.document_id)
            record = self._index.record(key)
            self._queue.end(
                task,
                state="done",
                replaced=result.outcome == "replaced",
                removal_id=self._offer(key),
                version=record.version if record else "",
                **fields,
            )
        elif result.outcome == "unchanged":
            self._queue.end(task, state="unchanged", **fields)
        elif result.outcome == "failed" and (task.path is None or task.path in self._faulty):
            self._queue.end(task, state="failed", **fields)
        elif result.outcome == "failed":
            self._queue.fail([task], str(result.error), result.code, result.values)

    def _tidy(self, task: Task, result: Result) -> None:
        """Originals follow the index: what a document is made of is there, what nothing is made of is not."""
        kept, before = self._kept.get(result.source), self._before.get(result.source)
        record = self._index.record(document_id(result.source))
        member = self._unpacking.path_of(result.source) if self._unpacking else None
        path = member or task.path or self._fetched
        if record and record.sha256 == kept and path:
            # Since it was kept, another document of the same content may have been deleted, and it with that.
            with suppress(OSError):
                if not self._originals.find(kept, path.suffix):
                    self._originals.keep(path, path.suffix)
        for sha256 in {kept, before} - {None, record.sha256 if record else None}:
            discard(self._originals, self._index, str(sha256))


def _stage(progress: Progress) -> dict[str, Any]:
    return {"stage": progress.stage, "page": progress.page, "pages": progress.pages}


def replaced_document(record: Record) -> ReplacedDocument:
    return ReplacedDocument(title=record.title, added=record.added, added_by=record.added_by)


def discard(originals: Originals, index: Index, sha256: str) -> None:
    """Delete the original with that content unless a document is still made of it."""
    originals.discard(sha256, lambda: bool(index.present.of_content(sha256)))
