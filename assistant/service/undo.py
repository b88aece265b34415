"""Removing and replacing documents so that it can be undone, and undoing it: from the index to the trash and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from assistant.core import Assistant
from assistant.errors import NotFound
from assistant.service.trash import Removed, TakenRemoval, Trash
from ingest.embedding.types import Embedder
from ingest.errors import StoreError
from ingest.loaders import suffix_of
from ingest.originals import Originals
from ingest.pipeline import prepare
from ingest.store.copies import AT_ONCE, whole
from ingest.store.corrections import as_stated
from ingest.store.records import Prepared, groups
from ingest.types import Record, document_id


@dataclass(frozen=True, slots=True)
class Undo:
    """Moves documents between the index, the folder of originals and the trash."""

    assistant: Assistant
    originals: Originals
    trash: Trash

    def hold(self, records: Sequence[Record], *, replaced: bool = False) -> str:
        """Copy documents to the trash before they leave the index; returns the name that `Trash.offer` takes.

        Raises a `StoreError` where that fails, and has copied nothing then.
        """
        try:
            return self.trash.hold(self._copies(records), replaced=replaced)
        except OSError as error:
            raise StoreError(
                f"What would be removed cannot be copied for undoing that ({error.strerror or error}): make room."
            ) from error

    def restore(self, removal_id: str) -> list[Record]:
        """Put the documents of a removal back; returns their records, none where it is too late.

        A removed document that has been added anew since is passed over. The version that has replaced a document
        goes to the trash for it, so that nothing is lost by undoing.
        """
        with self.trash.moving:
            taken = self.trash.take(removal_id)
            if taken is None:
                return []
            try:
                records = self._restored(taken)
            except BaseException:
                self.trash.offer(taken.name)
                raise
            self.trash.release(taken.name)
            return records

    def rename(self, record: Record, source: str, removal_id: str) -> Record:
        """Store the document ``record``, which has replaced another, as ``source``, and put the other one back.

        To be called within `Trash.moving`. Returns its new record. Raises `NotFound` where that is no longer possible.
        """
        taken = self.trash.take(removal_id)
        if taken is None:
            raise NotFound("It is too late: the replaced version is not stored any more.")
        try:
            (prepared,) = whole(self.assistant.index, [record])
            (renamed,) = self.assistant.index.put([_renamed(prepared, source)])
            # Second, so that both versions are there whenever the process is killed.
            self._put(taken.documents)
        except BaseException:
            self.trash.offer(taken.name)
            raise
        self.trash.release(taken.name)
        return renamed

    def _restored(self, taken: TakenRemoval) -> list[Record]:
        if taken.replaced:
            return self._replace(taken.documents)
        return self._put(
            [
                removed
                for removed in taken.documents
                if self.assistant.index.record(removed.prepared.document.id) is None
            ]
        )

    def _replace(self, documents: Sequence[Removed]) -> list[Record]:
        """Put documents over their present versions, which are offered for undo then."""
        ids = [removed.prepared.document.id for removed in documents]
        present = [record for key in ids if (record := self.assistant.index.record(key))]
        name = self.hold(present, replaced=True) if present else ""
        try:
            records = self._put(documents)
        finally:
            if name:
                self.trash.offer(name)
        return records

    def _put(self, documents: Sequence[Removed]) -> list[Record]:
        for removed in documents:
            if removed.original is not None:
                self.originals.keep(removed.original, removed.original.suffix)
        prepared = [_current(removed, self.assistant.embedder) for removed in documents]
        return self.assistant.index.put(prepared) if prepared else []

    def _copies(self, records: Sequence[Record]) -> Iterator[Removed]:
        for group in groups(records, AT_ONCE):
            for prepared in whole(self.assistant.index, group):
                document = prepared.document
                yield Removed(
                    prepared=prepared,
                    fingerprint=self.assistant.embedder.fingerprint,
                    original=self.originals.find(document.sha256, suffix_of(document.source)),
                )


def _renamed(prepared: Prepared, source: str) -> Prepared:
    """The document as it would be if it had come from ``source``; what was corrected was of the one that it has replaced."""
    key, document = document_id(source), as_stated(prepared.document)
    titled_by_name = document.title == PurePath(document.source).stem
    title = PurePath(source).stem if titled_by_name else document.title
    return replace(
        prepared,
        document=replace(document, id=key, source=source, title=title),
        passages=[replace(passage, document_id=key) for passage in prepared.passages],
    )


def _current(removed: Removed, embedder: Embedder) -> Prepared:
    """The document with vectors of the embedding model that is in use."""
    if removed.fingerprint == embedder.fingerprint:
        return removed.prepared
    return replace(prepare(removed.prepared.document, embedder), added=removed.prepared.added)
