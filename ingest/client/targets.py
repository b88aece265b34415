"""Two ways into the index for the command `ingest`: opening it here, or through the server that has it open."""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from ingest.client.remote import Refused, Remote
from ingest.embedding import SentenceTransformerEmbedder
from ingest.errors import SourceError, StoreLocked
from ingest.loaders.sandbox import Sandbox
from ingest.pipeline import OnProgress, Progress, ingest
from ingest.settings import IngestSettings
from ingest.sources import Source
from ingest.store.index import Index
from ingest.store.lock import FolderLock, Owner, owner_of
from ingest.types import Item, Outcome, Result

# Jobs sent ahead of the one being waited for, so that the server can embed small files together.
AHEAD = 64

IsCancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A web page to fetch."""

    source: str


SourceOrPage = Source | Page | SourceError


class Target(Protocol):
    """What the command needs of an index. All results come through ``on_progress``."""

    def ingest(
        self, wanted: Iterable[SourceOrPage], on_progress: OnProgress, cancelled: IsCancelled
    ) -> None: ...
    def documents(self) -> dict[str, str]:
        """The source of every document, by id."""

    def remove(self, ids: Sequence[str]) -> None: ...
    def close(self) -> None: ...


def lock_or_owner(folder: Path, command: str) -> FolderLock | Owner:
    """The data folder, or the server that holds it. Raises `StoreLocked` where another process does."""
    try:
        return FolderLock(folder, command)
    except StoreLocked:
        owner = owner_of(folder)
        if owner is None or not owner.url:
            raise
        return owner


class LocalTarget:
    """The index, opened in this process."""

    def __init__(self, settings: IngestSettings, lock: FolderLock) -> None:
        try:
            self._settings = settings
            self._embedder = SentenceTransformerEmbedder(settings.embedding_model, settings.number_format)
        except BaseException:
            lock.release()
            raise
        self._index = Index.open(settings.data_dir, self._embedder, chroma_url=settings.chroma_url, lock=lock)

    def ingest(self, wanted: Iterable[SourceOrPage], on_progress: OnProgress, cancelled: IsCancelled) -> None:
        with Sandbox() as sandbox, tempfile.TemporaryDirectory(prefix="ingest-") as folder:
            ingest(
                self._items(wanted, Path(folder), on_progress),
                self._index,
                self._embedder,
                sandbox.load,
                on_progress=on_progress,
                cancelled=cancelled,
            )

    def _items(
        self, wanted: Iterable[SourceOrPage], folder: Path, on_progress: OnProgress
    ) -> Iterator[Item | SourceError]:
        pages: set[str] = set()
        for one in wanted:
            if isinstance(one, Source):
                yield Item(source=one.name, name=one.path.name, path=one.path)
            elif isinstance(one, Page):
                on_progress(Progress(source=one.source, stage="fetching"))
                item = self._fetched(one.source, folder)
                if item.source in pages:  # two addresses of one page
                    _tell(Result(source=one.source, outcome="unchanged"), on_progress)
                else:
                    pages.add(item.source)
                    yield item
            else:
                yield one

    def _fetched(self, url: str, folder: Path) -> Item | SourceError:
        from ingest.fetch.pages import fetch

        limit = self._settings.max_upload_mb * 1_000_000
        try:
            return fetch(url, folder, allow_private=self._settings.allow_private_urls, max_bytes=limit)
        except SourceError as error:
            return error

    def documents(self) -> dict[str, str]:
        return {record.id: record.source for record in self._index.records()}

    def remove(self, ids: Sequence[str]) -> None:
        self._index.remove(ids)

    def close(self) -> None:
        self._index.close()


class ServerTarget:
    """The index, behind a running server."""

    def __init__(self, owner: Owner) -> None:
        self._remote = Remote(owner)

    def ingest(self, wanted: Iterable[SourceOrPage], on_progress: OnProgress, cancelled: IsCancelled) -> None:
        under_way: deque[tuple[str, str]] = deque()
        for one in wanted:
            source = _name(one)
            if cancelled():
                _tell(
                    Result(source=source, outcome="cancelled", error="stopped before it was sent"),
                    on_progress,
                )
                continue
            try:
                under_way.append((self._submit(one), source))
            except (SourceError, Refused, OSError) as error:
                reason = error.reason if isinstance(error, SourceError) else str(error)
                _tell(Result(source=source, outcome="failed", error=reason), on_progress)
            if len(under_way) >= AHEAD:
                self._settle(*under_way.popleft(), on_progress, cancelled)
        while under_way:
            if cancelled():
                for job_id, _ in under_way:
                    self._remote.cancel(job_id)
            self._settle(*under_way.popleft(), on_progress, cancelled)

    def _submit(self, one: SourceOrPage) -> str:
        if isinstance(one, SourceError):
            raise one
        if isinstance(one, Page):
            return self._remote.submit_url(one.source)
        return self._remote.submit(one.path.name, one.path, one.name)

    def _settle(self, job_id: str, source: str, on_progress: OnProgress, cancelled: IsCancelled) -> None:
        """Wait for a job to end, and tell what became of it."""

        def changed(job: dict[str, Any]) -> None:
            if cancelled():
                self._remote.cancel(job_id)
            on_progress(Progress(source=source, stage=job["stage"], fraction=job["progress"]))

        _tell(_result(source, self._remote.follow(job_id, changed)), on_progress)

    def documents(self) -> dict[str, str]:
        return {str(one["id"]): str(one["source"]) for one in self._remote.documents()}

    def remove(self, ids: Sequence[str]) -> None:
        for document_id in ids:
            self._remote.remove(document_id)

    def close(self) -> None:
        self._remote.close()


def _tell(result: Result, on_progress: OnProgress) -> None:
    on_progress(Progress(source=result.source, stage=result.outcome, fraction=1.0, result=result))


def _name(one: SourceOrPage) -> str:
    return one.name if isinstance(one, Source) else one.source


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
