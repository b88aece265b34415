"""The one door to storage: Chroma holds the record, Tantivy a lexical index derived from it.

A document is committed by one write, that of its record. Around it stands an intent, so that a process killed at any
instant leaves a note of what to finish or to undo: see `changes`. Where several processes share a Chroma server, each
has the catalogue in memory and a lexical index of its own, and follows what the others change: see `replica`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path

import numpy as np

from ingest.embedding.types import Embedder
from ingest.errors import ModelSwitched, StoreError
from ingest.store.catalogue import Catalogue
from ingest.store.changes import replica_of
from ingest.store.chroma import store_in_use
from ingest.store.chroma_client import connect
from ingest.store.corrections import keeping
from ingest.store.history import VersionHistory
from ingest.store.integrity import Integrity, integrity
from ingest.store.lexical import sync
from ingest.store.lock import FolderLock
from ingest.store.passage_search import PassageSearch
from ingest.store.quotation_index import QuotationIndex
from ingest.store.quotation_rows import CopiedQuotations, copied_in
from ingest.store.rebuild import store_for
from ingest.store.records import Prepared, Stored, entries_of, key_of, versioned
from ingest.store.replica import OnGone, OnSwitched, Replica
from ingest.store.state import Intent
from ingest.store.stories import Stories
from ingest.store.texts import StoredTexts
from ingest.tracing import span
from ingest.types import Record

Again = Callable[[Prepared], Prepared]

# Seconds that a change waits for the index that takes the place of this one: its model is being loaded.
_SUCCESSION = 120.0


class Index:
    """Documents and passages, findable by meaning and by spelling. Thread-safe.

    ``model`` is the name of the embedding model that made it, ``fingerprint`` tells it from any other, and its vectors have so many
    ``dimensions``. ``search`` finds passages, ``texts`` reads documents back, ``history`` what they said before; ``replica`` is what
    this process has of it all, and keeps that in step with other processes.
    Closing the index closes the lexical index and the store, then releases the lock.

    Once another index has succeeded it, this one still reads what it has, and passes changes on.
    """

    def __init__(self, replica: Replica, lock: FolderLock) -> None:
        self.replica = replica
        self.lock = lock
        self.model = replica.store.model
        self.fingerprint, self.dimensions = replica.fingerprint, replica.dimensions
        self.texts = StoredTexts(replica.store, self.record)
        self.search = PassageSearch(replica)
        self.history = VersionHistory(replica, self.texts, self.record)
        self._stories = Stories()
        self._copied: tuple[CopiedQuotations, object, object] = (CopiedQuotations(), None, None)
        self._successor: Index | None = None
        self._again: Again = lambda prepared: prepared
        self._succeeded = threading.Event()

    @classmethod
    def open(
        cls,
        folder: Path,
        embedder: Embedder,
        *,
        chroma_url: str = "",
        command: str = "assistant",
        lock: FolderLock | None = None,
        on_gone: OnGone = lambda gone: None,
        on_switched: OnSwitched = lambda: None,
        keep_days: int | None = None,
    ) -> Index:
        """The index in ``folder``, or on a Chroma server, whose changes it follows until it is closed.

        Raises `StoreLocked`, `StoreUnreachable` or `ModelMismatch`; the lock is released then, unless it was
        given by one who holds the folder already.
        """
        with ExitStack() as opened:  # closed in the reverse order where anything fails, the lock last
            held = lock or FolderLock(folder, command)
            if lock is None:
                opened.callback(held.release)
            client = connect(folder, chroma_url)
            opened.callback(client.close)
            replica = Replica.open(
                folder,
                store_for(client, embedder),
                replica_of(folder, chroma_url),
                keep_days=keep_days,
                on_gone=on_gone,
                on_switched=on_switched,
            )
            replica.keep_following()
            opened.pop_all()  # from here on `close` closes them
        return cls(replica, held)

    @classmethod
    def open_stored(
        cls, folder: Path, lock: FolderLock, *, chroma_url: str = "", keep_days: int | None = None
    ) -> Index | None:
        """The index as the model that made it left it, for what needs no model; None where there is none yet.

        It lists and removes documents in a second, where loading a model takes ten.
        """
        with ExitStack() as opened:
            client = connect(folder, chroma_url)
            opened.callback(client.close)
            store = store_in_use(client)
            if store is None:
                return None
            replica = Replica.open(folder, store, replica_of(folder, chroma_url), keep_days=keep_days)
            opened.pop_all()
        return cls(replica, lock)

    def close(self) -> None:
        """Close everything, also where closing a part fails; the lock is released last."""
        with ExitStack() as closing:
            closing.callback(self.lock.release)
            closing.callback(self.replica.close)

    def succeed(self, index: Index, again: Again) -> None:
        """From here on ``index`` takes the changes, prepared ``again`` for its model, and has the lock.

        Called while the replica is at rest.
        """
        self._successor, self._again = index, again
        self.replica.retired = True
        self._succeeded.set()

    def _heir(self) -> Index:
        """The index that takes the changes. Raises `ModelSwitched` where it does not come."""
        if not self._succeeded.wait(_SUCCESSION) or self._successor is None:
            raise ModelSwitched(self.replica.switched())
        return self._successor

    # -- changing ----------------------------------------------------------------------------

    def put(self, batch: Sequence[Prepared]) -> list[Record]:
        """Store documents, each wholly or not at all; a document of the same id is replaced, and its corrections are kept."""
        with suppress(ModelSwitched), self.replica.change():
            return self._put([self._keeping(entry) for entry in batch])
        return self._heir().put([self._again(entry) for entry in batch])

    def put_corrected(self, prepared: Prepared, before: Record) -> Record | None:
        """Store a document with other corrections in place of the version ``before``; None where that is not the current one."""
        return next(iter(self.put_in_place([(prepared, before)])), None)

    def put_in_place(self, batch: Sequence[tuple[Prepared, Record]]) -> list[Record]:
        """Store documents in place of the versions that they were made of, passing over those that are not current any more."""
        with suppress(ModelSwitched), self.replica.change():
            present = {
                (record.id, record.version) for record in self.catalogue.some([old.id for _, old in batch])
            }
            current = [prepared for prepared, before in batch if (before.id, before.version) in present]
            return self._put(current) if current else []
        return self._heir().put_in_place([(self._again(prepared), before) for prepared, before in batch])

    def move(self, prepared: Prepared, before: Record) -> Record | None:
        """Store a document under the id of another source, in place of ``before``; None where that is not the current version.

        Its earlier versions stay, and links with its former id lead to it. Killed half-way, both are there.
        """
        with suppress(ModelSwitched), self.replica.change():
            current = self.catalogue.by_id.get(before.id)
            if current is None or current.version != before.version:
                return None
            names = dict.fromkeys((*before.moved_from, before.id))
            moved_from = tuple(key for key in names if key != prepared.document.id)
            document = replace(prepared.document, moved_from=moved_from)
            (moved,) = self._put([replace(prepared, document=document)])
            # What it said before goes along: whatever gets its former id next has a history of its own.
            self.history.copy(before.id, moved.id)
            self._remove([current], 0.0)
            return moved
        return self._heir().move(self._again(prepared), before)

    def remove(self, ids: Sequence[str], *, undo_seconds: float = 0.0) -> list[Record]:
        """Remove documents; unknown ids are passed over. Returns what was removed.

        Their earlier versions are deleted once it can no longer be undone, ``undo_seconds`` from now.
        """
        with suppress(ModelSwitched), self.replica.change():
            records = self.catalogue.some(ids)
            self._remove(records, undo_seconds)
            return records
        return self._heir().remove(ids, undo_seconds=undo_seconds)

    # The rest is called within a change.

    def _keeping(self, entry: Prepared) -> Prepared:
        """A new version with what has been corrected of the one before, and the names that this had."""
        before = self.catalogue.by_id.get(entry.document.id)
        document = keeping(entry.document, before)
        moved_from = before.moved_from if before else document.moved_from
        return replace(entry, document=replace(document, moved_from=moved_from))

    def _put(self, batch: Sequence[Prepared]) -> list[Record]:
        replica = self.replica
        with span("store.record"):
            stored, intents = self._write(batch)
            while not replica.changes.undisturbed(intents):
                replica.changes.end(intents)
                stored, intents = self._write(batch)
        records = Catalogue.of(document.record for document in stored)
        before = self.catalogue.some(records.by_id)
        replica.changed(self.catalogue.with_records(records.by_id.values()))
        replica.changes.end(intents, fresh=records.by_id.keys() - {old.id for old in before})
        with span("store.words"):
            replica.lexical.update(
                [entry for document in stored for entry in entries_of(document.record, document.passages)],
                [key_of(old) for old in before],
            )
        with span("store.stories"):
            replica.links.update(list(records.by_id.values()), before, self.catalogue.by_id)
        with span("store.quotations"):
            replica.quotations.update([(document.record, document.passages) for document in stored], before)
        return list(records.by_id.values())

    def _write(self, batch: Sequence[Prepared]) -> tuple[list[Stored], list[Intent]]:
        store = self.replica.store
        stored = [versioned(prepared) for prepared in batch]
        records = [document.record for document in stored]
        intents = self.replica.changes.begin(records, "put")
        pairs = [(passage, document.record.version) for document in stored for passage in document.passages]
        vectors = np.concatenate([document.vectors for document in stored])
        store.put_passages(pairs, vectors, [rows for document in stored for rows in document.sentences])
        self.history.keep_replaced(records)
        store.put_records(records, np.stack([document.mean for document in stored]))
        return stored, intents

    def _remove(self, records: Sequence[Record], undo_seconds: float) -> None:
        replica = self.replica
        replica.earlier.bury(records, undo_seconds)
        intents = replica.changes.begin(records, "remove")
        gone = [record.id for record in records]
        replica.store.delete_records(gone)
        replica.changed(self.catalogue.without(gone))
        replica.changes.end(intents)
        replica.lexical.update([], [key_of(record) for record in records])
        replica.links.update([], records, self.catalogue.by_id)
        replica.quotations.update([], records)
        if not undo_seconds:
            with suppress(StoreError):  # then others do it, or the next start
                replica.tidy_versions()

    # -- the documents -----------------------------------------------------------------------

    @property
    def catalogue(self) -> Catalogue:
        """The documents as this process has them now."""
        return self.replica.catalogue

    @property
    def present(self) -> Catalogue:
        """The documents as they are now, also once another index takes the changes."""
        return self._successor.present if self._successor else self.catalogue

    def records(self) -> list[Record]:
        """The documents, newest first."""
        return self.present.newest_first

    def record(self, document_id: str) -> Record | None:
        """The current version of a document; None where it is unknown."""
        if self._successor is not None:
            return self._successor.record(document_id)
        known = self.catalogue.by_id.get(document_id)
        with suppress(ModelSwitched):
            if known is None and self.replica.follow(wait=False):  # another may have added it a moment ago
                known = self.catalogue.by_id.get(document_id)
        return known

    def found(self, document_id: str, version: str = "") -> Record | None:
        """The document that a link with this id leads to, also where its file has another name by now.

        Where another document has taken that id since, the one counts whose text is of that ``version``.
        """
        record, moved = self.record(document_id), self.catalogue.moved.get(document_id, [])
        candidates = [*([record] if record else []), *moved]
        meant = (one for one in candidates if version and one.text_version == version)
        return next(meant, candidates[0] if candidates else None)

    @property
    def quotations(self) -> QuotationIndex:
        """Whose words stand where in the documents."""
        return self._successor.quotations if self._successor else self.replica.quotations

    def is_in_step(self, record: Record) -> bool:
        """Whether a document can be found by its words, among its copies, and by whose words it tells; storing it does that last."""
        return self.quotations.has_read(record)

    @property
    def stories(self) -> Stories:
        """Which documents tell one story, as things stand."""
        records, links = self.catalogue.by_id, self.replica.links.links
        known = self._stories
        if known.records is not records or known.links is not links:
            known = self._stories = Stories(records, links)
        return known

    @property
    def copied_quotations(self) -> CopiedQuotations:
        """The quotations that stand in several copies of a story in the same words."""
        repeated, stories = self.quotations.repeated(), self.stories
        known, of_repeated, of_stories = self._copied
        if of_repeated is not repeated or of_stories is not stories:
            known = copied_in(repeated, stories.id_of)
            self._copied = (known, repeated, stories)
        return known

    def integrity(self) -> Integrity:
        """A look at all that is stored, some seconds for some hundred thousand passages; changes wait for it."""
        with self.replica.change():
            wanted = {key_of(record): record.passages for record in self.records()}
            stored = {(record.id, record.version) for record in self.replica.store.records()}
            known = {(record.id, record.version) for record in self.records()}
            stale, missing = sync(self.replica.lexical, wanted)
            return integrity(
                self.replica.store.passage_ids(),
                self.records(),
                len({*stale, *missing} | (self.replica.links.compared ^ wanted.keys()))
                + len(self.replica.quotations.read ^ known)
                + len(stored ^ known),
            )
