"""All vectors made anew by another embedding model, beside the index that serves meanwhile, and the step to it.

    claim ─▶ copy what is missing, round after round ─▶ standstill ─▶ the rest ─▶ note "model" ─▶ what the old model made goes

A copy has the version of what it is a copy of: what a killed process has copied is known by that, and stays. How the
processes on one Chroma server agree on all that, and what the step is: see `reindex_lease`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ingest.embedding.types import Embedder
from ingest.errors import StoreError
from ingest.store.changes import replica_of
from ingest.store.chroma import ChromaStore, store_in_use
from ingest.store.chroma_client import connect
from ingest.store.disk_space import give_back
from ingest.store.lexical import LexicalIndex
from ingest.store.lock import FolderLock
from ingest.store.quotation_index import QuotationIndex
from ingest.store.rebuild import (
    derive,
    is_made_by,
    lexical_folder,
    links_file,
    quotations_file,
    store_for,
)
from ingest.store.records import Prepared, as_version, document_and_version, document_of, groups
from ingest.store.reindex_lease import ReindexLease, discard_half_made, drop_former, reindex_note
from ingest.store.story_links import StoryLinks
from ingest.types import Document, Record

MOST_ROUNDS = 10
_GROUP = 128  # passages embedded and stored together
_FEW = 16  # documents that may be left for the standstill

# Embeds documents; raises `Cancelled` where it is to stop.
Prepare = Callable[[Sequence[Document]], Sequence[Prepared]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reembedded:
    """How far it has come: documents and passages."""

    documents: int
    of_documents: int
    passages: int
    of_passages: int


class Reembedding:
    """Everything that ``old`` holds, embedded by the embedder's model into ``fresh``.

    ``records`` gives the documents as they are; ``owner`` names this process among those that share a Chroma server,
    and is empty where none does. Every method raises `StoreError`, and `Cancelled` where another process has asked for that.
    """

    def __init__(
        self,
        old: ChromaStore,
        fresh: ChromaStore,
        embedder: Embedder,
        prepare: Prepare,
        records: Callable[[], Sequence[Record]],
        owner: str = "",
    ) -> None:
        self._old = old
        self._fresh = fresh
        self._embedder = embedder
        self._prepare = prepare
        self._records = records
        self._owner = owner
        self.lease = ReindexLease(fresh, embedder, owner)
        self._copied: dict[str, str] = {}  # versions by document id
        self._told = Reembedded(documents=0, of_documents=0, passages=0, of_passages=0)
        self._told_at = 0.0

    def claim(self) -> None:
        """Begin, or go on with what this process, or one that was killed, has begun. Raises `StoreError` where another is at it."""
        self.lease.claim(self._old.fingerprint)
        self._copied = {record.id: record.version for record in self._fresh.records()}
        left_over = set(map(document_and_version, self._fresh.passage_ids())) - set(self._copied.items())
        for document_id, version in left_over:
            self._fresh.delete_passages(document_id, version)

    def rounds(self) -> Iterator[Reembedded]:
        """Copy what is missing until next to nothing is; yields after each few documents."""
        yield self._progress()
        for _ in range(MOST_ROUNDS):
            missing, gone = self._difference()
            self._forget(gone)
            for group in groups(missing, _GROUP):
                self._renew()
                self._copy(group, final=False)
                yield self._progress()
            if len(missing) <= _FEW:
                break
        self._told_at = 0.0
        yield self._progress()

    def derive(self, folder: Path) -> None:
        """Make the lexical index, the links and the quotations of what is copied, so that little is left to do later."""
        records = self._fresh.records()
        self._renew()
        with closing(LexicalIndex(lexical_folder(folder, self._fresh.fingerprint))) as lexical:
            derive(lexical, self._fresh, records)
        self._renew()
        links = StoryLinks(self._fresh, links_file(folder, self._fresh.fingerprint), self._embedder.name)
        with closing(links):
            links.sync({record.id: record for record in records})
        self._renew()
        with closing(
            QuotationIndex(self._fresh, quotations_file(folder, self._fresh.fingerprint))
        ) as quotations:
            quotations.sync({record.id: record for record in records})

    def finish(self) -> None:
        """Copy the rest. Called while nobody changes documents."""
        # What others have put just before the standstill, this process need not have seen yet.
        missing, gone = self._difference(self._old.records() if self._owner else None)
        self._forget(gone)
        for group in groups(missing, _GROUP):
            self._renew()
            self._copy(group, final=True)
            self.lease.extend()

    def switch(self) -> dict[str, Any]:
        """The step: from here on the new collections are those in use. Returns what `lease.step_back` takes."""
        self._renew()
        return self.lease.switch()

    # -- copying -----------------------------------------------------------------------------

    def _difference(self, records: Sequence[Record] | None = None) -> tuple[list[Record], set[str]]:
        """The documents of which there is no copy as they are, and the ids of copies whose documents are gone."""
        present = {record.id: record for record in (self._records() if records is None else records)}
        missing = [record for record in present.values() if self._copied.get(record.id) != record.version]
        return missing, self._copied.keys() - present.keys()

    def _copy(self, records: Sequence[Record], *, final: bool) -> None:
        documents: dict[str, Document] = {}
        for record in records:
            passages = self._old.passages_of(record.id, record.version)
            if len(passages) == record.passages:
                documents[record.id] = document_of(record, passages)
            elif final:  # else it has just been replaced, and the next round has it
                raise StoreError(f"Passages of {record.title!r} are missing. Add it again, or remove it.")
        copied = [record for record in records if record.id in documents]
        if not copied:
            return
        prepared = self._prepare([documents[record.id] for record in copied])
        stored = [
            as_version(replace(entry, added=record.added), record.version)
            for entry, record in zip(prepared, copied, strict=True)
        ]
        for entry in stored:
            pairs = [(passage, entry.record.version) for passage in entry.passages]
            self._fresh.put_passages(pairs, entry.vectors, entry.sentences)
        for entry in stored:
            self._fresh.put_records([entry.record], entry.mean.reshape(1, -1))
            before = self._copied.get(entry.record.id)
            self._copied[entry.record.id] = entry.record.version
            if before is not None:
                self._fresh.delete_passages(entry.record.id, before)

    def _forget(self, gone: Collection[str]) -> None:
        self._fresh.delete_records(list(gone))
        for document_id in gone:
            self._fresh.delete_passages(document_id, self._copied.pop(document_id))

    def _progress(self) -> Reembedded:
        """Counted twice a second at the most: there may be very many documents."""
        if time.monotonic() - self._told_at > 0.5:
            records = self._records()
            done = [record for record in records if self._copied.get(record.id) == record.version]
            self._told = Reembedded(
                documents=len(done),
                of_documents=len(records),
                passages=sum(record.passages for record in done),
                of_passages=sum(record.passages for record in records),
            )
            self._told_at = time.monotonic()
        return self._told

    def _renew(self) -> None:
        """Raises where another has taken over, or wants it to end."""
        progress = self._progress()
        self.lease.renew(progress.documents, progress.of_documents)


def reembed(
    folder: Path, embedder: Embedder, prepare: Prepare, *, chroma_url: str = ""
) -> Iterator[Reembedded]:
    """Embed everything with another model beside the index of a data folder that no other process has open, then switch to it.

    Yields nothing where the model made the index. Killed on the way, the old index stays in use, and the next call goes on.
    """
    with ExitStack() as opened:  # closed in the reverse order, the lock last
        opened.callback(FolderLock(folder, "assistant reindex").release)
        client = connect(folder, chroma_url)
        opened.callback(client.close)
        old, owner = store_in_use(client), replica_of(folder, chroma_url)
        if old is None:
            store_for(client, embedder)
            return
        if is_made_by(old, embedder):
            drop_former(old, folder, at_once=not owner)
            return
        fresh = ChromaStore(client, embedder.fingerprint)
        reembedding = Reembedding(old, fresh, embedder, prepare, old.records, owner)
        reembedding.claim()
        yield from reembedding.rounds()
        with reembedding.lease.standstill():
            reembedding.finish()
            reembedding.switch()
        drop_former(fresh, folder, at_once=not owner)
    if not owner:
        give_back(folder / "chroma", closed=True)


def give_up(folder: Path, *, chroma_url: str = "") -> bool:
    """Delete what a killed process has half made in a data folder that no other process has open; whether there was any."""
    with ExitStack() as opened:
        opened.callback(FolderLock(folder, "assistant reindex").release)
        client = connect(folder, chroma_url)
        opened.callback(client.close)
        store = store_in_use(client)
        note = reindex_note(store) if store else None
        if store is None or note is None or note.leaving:
            return False
        discard_half_made(store, folder)
    if not chroma_url:
        give_back(folder / "chroma", closed=True)
    return True
