"""An index to put documents into, list them and remove them: opened in this process, or through the server that has it open."""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from ingest.client.members import LocalMembers
from ingest.client.owners import IsCancelled, lock_or_owner
from ingest.client.remote import Refused, Remote
from ingest.client.terminal import working
from ingest.containers import ContainerLimits, is_container
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.errors import SourceError
from ingest.loaders import scans
from ingest.loaders.sandbox import Sandbox
from ingest.moving import StoredSource, move
from ingest.opening import open_index
from ingest.originals import Originals, kept_originals
from ingest.pipeline import OnProgress, Progress, ingest
from ingest.settings import IngestSettings
from ingest.sources import Source
from ingest.store.index import Index
from ingest.store.lock import FolderLock, Owner
from ingest.types import Item, Outcome, Record, Result

# How many jobs are submitted before the first is waited for, so that the server can embed small files together.
AHEAD = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A web page to fetch; ``published`` is what a feed says."""

    source: str
    published: date | None = None


SourceOrPage = Source | Page | SourceError


class Target(Protocol):
    """What the command `ingest` needs of an index."""

    def ingest(
        self, sources: Iterable[SourceOrPage], on_progress: OnProgress, cancelled: IsCancelled
    ) -> None:
        """Store the sources; ``on_progress`` receives the result of each."""

    def documents(self) -> Sequence[StoredSource]:
        """Where every document comes from."""

    def move(self, document_id: str, source: str) -> bool:
        """Store a document as that of another file with the same content; whether that was possible."""

    def remove(self, ids: Sequence[str]) -> object:
        """Remove documents with all that was found in them, and the originals that no other document uses."""

    def close(self) -> None: ...


def open_target(settings: IngestSettings, command: str) -> Target:
    """An index that documents can be put into. Raises `StoreLocked` where a process that is no server holds it."""
    held = lock_or_owner(settings.data_dir, command)
    if not isinstance(held, FolderLock):
        return ServerTarget(held)
    target = LocalTarget(settings, held)
    try:
        target.load()
    except BaseException:
        target.close()
        raise
    return target


class LocalTarget:
    """The index, opened in this process. Only putting documents into it loads the embedding model."""

    def __init__(self, settings: IngestSettings, lock: FolderLock) -> None:
        self._settings = settings
        self.lock = lock
        self._embedder: SentenceTransformerEmbedder | None = None
        self._index: Index | None = None

    def load(self) -> tuple[SentenceTransformerEmbedder, Index]:
        """The embedding model and the index that belongs to it, loaded at the first call."""
        if self._embedder is None or self._index is None:
            with working("Loading the embedding model…"):
                self._embedder, self._index = open_index(self._settings, lock=self.lock)
        return self._embedder, self._index

    @property
    def index(self) -> Index | None:
        """The open index, or else the one that is stored, which needs no model; None where there is none yet."""
        if self._index is None:
            settings = self._settings
            self._index = Index.open_stored(
                settings.data_dir,
                self.lock,
                chroma_url=settings.chroma_url,
                keep_days=settings.keep_days,
            )
        return self._index

    @index.setter
    def index(self, index: Index) -> None:
        """Use an index that was opened otherwise, for the same lock."""
        self._index = index

    def ingest(
        self, sources: Iterable[SourceOrPage], on_progress: OnProgress, cancelled: IsCancelled
    ) -> None:
        embedder, index = self.load()
        recognition = scans.recognition(self._settings)
        with Sandbox() as sandbox, tempfile.TemporaryDirectory(prefix="ingest-") as folder:
            members = LocalMembers(
                sandbox,
                Path(folder),
                self._originals,
                self._records,
                self._limits,
                cancelled,
                lambda source: on_progress(Progress(source=source, stage="skipped")),
            )

            def follow(progress: Progress) -> None:
                if progress.result is not None:
                    members.finish(progress.result)
                on_progress(progress)

            ingest(
                self._items(sources, Path(folder), members, on_progress),
                index,
                embedder,
                lambda path, name, on_page: scans.load(sandbox, path, name, recognition, on_page),
                on_progress=follow,
                cancelled=cancelled,
                recognises=lambda: scans.available(recognition),
            )
            for record in self.remove([record.id for record in members.vanished()]):
                result = Result(source=record.source, outcome="removed", document_id=record.id)
                _report(result, on_progress)

    def _items(
        self, sources: Iterable[SourceOrPage], folder: Path, members: LocalMembers, on_progress: OnProgress
    ) -> Iterator[Item | SourceError]:
        pages: set[str] = set()
        for source in sources:
            if isinstance(source, Source):
                file = Item(source=source.name, name=source.path.name, path=source.path)
                yield from members.items(file) if is_container(file) else [file]
            elif isinstance(source, Page):
                on_progress(Progress(source=source.source, stage="fetching"))
                item = self._fetch(source, folder)
                on_progress(Progress(source=source.source, stage="fetched", known_as=item.source))
                if item.source in pages:  # two addresses of one page
                    _report(Result(source=source.source, outcome="unchanged"), on_progress)
                else:
                    pages.add(item.source)
                    holds = isinstance(item, Item) and is_container(item)
                    yield from members.items(item) if holds and isinstance(item, Item) else [item]
            else:
                yield source

    def _fetch(self, page: Page, folder: Path) -> Item | SourceError:
        from ingest.fetch.pages import fetch

        limit = self._settings.max_upload_mb * 1_000_000
        try:
            item = fetch(
                page.source, folder, allow_private=self._settings.allow_private_urls, max_bytes=limit
            )
            return replace(item, published=page.published)
        except SourceError as error:
            return error

    def documents(self) -> list[StoredSource]:
        return [
            StoredSource(id=record.id, source=record.source, container=record.container, sha256=record.sha256)
            for record in self._records()
        ]

    def move(self, document_id: str, source: str) -> bool:
        embedder, index = self.load()
        return move(index, lambda: embedder, document_id, source) is not None

    def remove(self, ids: Sequence[str]) -> list[Record]:
        """Returns what was removed, members too; unknown ids are passed over."""
        removed = self.index.remove(self.index.present.with_members(ids)) if ids and self.index else []
        for sha256 in {record.sha256 for record in removed}:
            self._originals.discard(sha256, partial(self._is_used, sha256))
        return removed

    @property
    def _originals(self) -> Originals:
        return kept_originals(self._settings)

    @property
    def _limits(self) -> ContainerLimits:
        most = self._settings.max_upload_mb * 1_000_000
        return ContainerLimits(member=most, total=10 * most)

    def _is_used(self, sha256: str) -> bool:
        """Whether a document is made of the file with that content."""
        return any(record.sha256 == sha256 for record in self._records())

    def _records(self) -> Sequence[Record]:
        return self.index.records() if self.index else ()

    def close(self) -> None:
        if self._index is not None:
            self._index.close()
        self.lock.release()


class ServerTarget:
    """The index of a running server."""

    def __init__(self, owner: Owner) -> None:
        self._remote = Remote(owner)

    def ingest(
        self, sources: Iterable[SourceOrPage], on_progress: OnProgress, cancelled: IsCancelled
    ) -> None:
        jobs: deque[tuple[str, str]] = deque()  # id and source of those not waited for yet
        for source in sources:
            name = _name(source)
            if cancelled():
                stopped = Result(source=name, outcome="cancelled", error="stopped before it was sent")
                _report(stopped, on_progress)
                continue
            try:
                jobs.append((self._submit(source), name))
            except (SourceError, Refused, OSError) as error:
                reason = error.reason if isinstance(error, SourceError) else str(error)
                _report(Result(source=name, outcome="failed", error=reason), on_progress)
            if len(jobs) >= AHEAD:
                self._wait(*jobs.popleft(), on_progress, cancelled)
        while jobs:
            if cancelled():
                for job_id, _ in jobs:
                    self._remote.cancel(job_id)
            self._wait(*jobs.popleft(), on_progress, cancelled)

    def _submit(self, source: SourceOrPage) -> str:
        if isinstance(source, SourceError):
            raise source
        if isinstance(source, Page):
            return self._remote.submit_url(source.source)
        with source.path.open("rb") as file:
            return self._remote.submit(source.path.name, file, source.name)

    def _wait(self, job_id: str, source: str, on_progress: OnProgress, cancelled: IsCancelled) -> None:
        """Wait for a job to end, and report its progress and its result."""

        def on_change(job: dict[str, Any]) -> None:
            if cancelled():
                self._remote.cancel(job_id)
            on_progress(
                Progress(
                    source=source,
                    stage=job["stage"],
                    fraction=job["progress"],
                    page=int(job.get("page", 0)),
                    pages=int(job.get("pages", 0)),
                )
            )

        job = self._remote.follow(job_id, on_change)
        if not job.get("members"):
            _report(_result(source, job), on_progress)
            return
        for member in self._remote.members(job_id):
            _report(Result(**member), on_progress)
        for skipped in job["members"]["skipped"]:
            on_progress(Progress(source=skipped, stage="skipped"))
        if job["state"] == "cancelled":
            _report(_result(source, job), on_progress)

    def documents(self) -> list[StoredSource]:
        return [
            StoredSource(
                id=str(document["id"]),
                source=str(document.get("original_source") or document["source"]),
                sha256=str(document["sha256"]),
                container=str(document.get("container") or ""),
            )
            for document in self._remote.documents()
        ]

    def move(self, document_id: str, source: str) -> bool:
        return self._remote.move(document_id, source)

    def remove(self, ids: Sequence[str]) -> None:
        for document_id in ids:
            try:
                self._remote.remove(document_id)
            except Refused as error:
                if error.status != 404:  # it has gone with the mail that it was attached to
                    raise

    def close(self) -> None:
        self._remote.close()


def _report(result: Result, on_progress: OnProgress) -> None:
    on_progress(Progress(source=result.source, stage=result.outcome, fraction=1.0, result=result))


def _name(source: SourceOrPage) -> str:
    return source.name if isinstance(source, Source) else source.source


def _result(source: str, job: dict[str, Any]) -> Result:
    outcomes: dict[str, Outcome] = {
        "done": "replaced" if job["replaced"] else "added",
        "unchanged": "unchanged",
        "cancelled": "cancelled",
    }
    return Result(
        source=source,
        outcome=outcomes.get(job["state"], "failed"),
        document_id=job["document_id"],
        title=job["title"],
        error=job["error"],
    )
