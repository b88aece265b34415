"""The documents in archives, mails and lists of articles, as the command brings them into the index of this process."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from ingest.containers import ContainerLimits, Unpacking
from ingest.errors import SourceError
from ingest.loaders.sandbox import Sandbox
from ingest.originals import Originals
from ingest.types import Item, Record, Result, document_id


class LocalMembers:
    """Finds the members of containers, keeps their bytes as originals, and tells which have gone.

    ``records`` gives the documents of the index; ``on_skipped`` is called with files in other formats.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        folder: Path,
        originals: Originals,
        records: Callable[[], Sequence[Record]],
        limits: ContainerLimits,
        cancelled: Callable[[], bool],
        on_skipped: Callable[[str], object],
    ) -> None:
        self._sandbox = sandbox
        self._folder = folder
        self._originals = originals
        self._records = records
        self._limits = limits
        self._cancelled = cancelled
        self._on_skipped = on_skipped
        self._unpackings: list[Unpacking] = []
        # By source: the SHA-256s of its originals, in the order in which they were read.
        self._kept: dict[str, deque[tuple[str, Unpacking]]] = {}
        self._before: dict[str, str] = {}  # by id: the SHA-256 of what members were made of until now

    def items(self, item: Item) -> Iterator[Item | SourceError]:
        """An item for each document in a container; the container itself where all has been cancelled."""
        if self._cancelled():
            yield item
            return
        unpacking = Unpacking(
            item=item,
            sandbox=self._sandbox,
            folder=self._folder,
            limits=self._limits,
            cancelled=self._cancelled,
        )
        self._unpackings.append(unpacking)
        self._before |= {record.id: record.sha256 for record in self._records() if record.container}
        for found in unpacking.items():
            yield self._with_original(found, unpacking) if isinstance(found, Item) else found
        for source in unpacking.skipped:
            self._on_skipped(source)

    def finish(self, result: Result) -> None:
        """Something has become of a document: originals follow the index."""
        waiting = self._kept.get(result.source)
        if not waiting:
            return
        kept, unpacking = waiting.popleft()
        unpacking.done(result.source)
        now = {record.sha256 for record in self._records() if record.id == document_id(result.source)}
        for sha256 in {kept, self._before.get(document_id(result.source), "")} - now - {""}:
            self._originals.discard(sha256, lambda sha256=sha256: self._is_used(sha256))  # type: ignore[misc]

    def vanished(self) -> list[Record]:
        """The documents that were in the containers before, and are not any more."""
        return [record for unpacking in self._unpackings for record in unpacking.vanished(self._records())]

    def _with_original(self, item: Item, unpacking: Unpacking) -> Item | SourceError:
        if not item.container:  # a file is its own original
            return item
        try:
            sha256 = self._originals.keep(item.path, item.path.suffix)
        except OSError as error:
            unpacking.done(item.source)
            return SourceError(item.source, "no_room", why=error.strerror)
        self._kept.setdefault(item.source, deque()).append((sha256, unpacking))
        return item

    def _is_used(self, sha256: str) -> bool:
        return any(record.sha256 == sha256 for record in self._records())
