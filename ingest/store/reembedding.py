"""All vectors made anew by another embedding model, beside the index that serves meanwhile, and the step to it.

    claim ─▶ copy what is missing, round after round ─▶ standstill ─▶ the rest ─▶ note "model" ─▶ what the old model made goes

A copy has the version of what it is a copy of: what a killed process has copied is known by that, and stays. No process
changes documents during the standstill: others on the same Chroma server see its note after their intent is written,
and this one looks for intents after its note is, so that one of the two sees the other. The note "model" is one write:
before it everyone serves the old vectors, after it the new ones.
"""

from __future__ import annotations

import shutil
import time
import uuid
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ingest.embedding.types import Embedder
from ingest.errors import Cancelled, StoreError
from ingest.store.changes import DEAD, replica_of
from ingest.store.chroma import ChromaStore, store_in_use
from ingest.store.chroma_client import connect
from ingest.store.disk_space import give_back
from ingest.store.lexical import LexicalIndex
from ingest.store.lock import FolderLock
from ingest.store.rebuild import derive, is_made_by, model_note, store_for
from ingest.store.records import Prepared, as_version, document_and_version, document_of, groups
from ingest.store.story_links import StoryLinks
from ingest.types import Document, Record

STANDSTILL = 60.0  # seconds that others wait at the most for the process that has asked them to
# Seconds after the step that the old vectors stay for other processes, which load the model first.
LEAVING = 120.0
MOST_ROUNDS = 10
_GROUP = 128  # passages embedded and stored together
_FEW = 16  # documents that may be left for the standstill
_LOOK = 0.1
_NOTE, _STANDSTILL = "reindex", "standstill"

# Embeds documents; raises `Cancelled` where it is to stop.
Prepare = Callable[[Sequence[Document]], Sequence[Prepared]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reembedded:
    """How far it has come: documents and passages."""

    documents: int
    of_documents: int
    passages: int
    of_passages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReindexNote:
    """What processes on one Chroma tell each other of it.

    ``owner`` is the replica that does it with the model ``name``, last heard of then (seconds since 1970); ``leaving``
    since then is the model ``old`` once the step is made, and 0 before.
    """

    token: str
    owner: str
    name: str
    fingerprint: str
    old: str
    heard: float
    leaving: float
    cancelled: bool
    documents: int
    of_documents: int

    def is_dead(self, now: float) -> bool:
        return self.heard < now - DEAD


def reindex_note(store: ChromaStore) -> ReindexNote | None:
    """What is noted of a change of models; None where none is under way."""
    data = store.state.note(_NOTE)
    return _note(data) if data else None


def ask_to_cancel(store: ChromaStore) -> None:
    """Tell whoever embeds everything anew to give it up."""
    if reindex_note(store) is not None:
        store.state.put_note(_NOTE, {"cancelled": True})


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
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._old = old
        self._fresh = fresh
        self._embedder = embedder
        self._prepare = prepare
        self._records = records
        self._owner = owner
        self._clock = clock
        self._state = fresh.state
        self._token = uuid.uuid4().hex
        self._copied: dict[str, str] = {}  # versions by document id
        self._told = Reembedded(documents=0, of_documents=0, passages=0, of_passages=0)
        self._told_at = 0.0
        self._until = 0.0  # the end of the standstill

    def claim(self) -> None:
        """Begin, or go on with what this process, or one that was killed, has begun. Raises `StoreError` where another is at it."""
        data = {
            "token": self._token,
            "owner": self._owner,
            "name": self._embedder.name,
            "fingerprint": self._embedder.fingerprint,
            "old": self._old.fingerprint,
            "heard": self._clock(),
            "leaving": 0.0,
            "cancelled": False,
            "documents": 0,
            "of_documents": 0,
        }
        there = _note(self._state.add_note(_NOTE, data))
        if there.token != self._token:
            self._take_over(there)
            self._state.put_note(_NOTE, data)
        self._copied = {record.id: record.version for record in self._fresh.records()}
        left_over = set(map(document_and_version, self._fresh.passage_ids())) - set(self._copied.items())
        for document_id, version in left_over:
            self._fresh.delete_passages(document_id, version)

    def _take_over(self, there: ReindexNote) -> None:
        """What another attempt has left is gone on with, or goes where it was of another model."""
        mine, fingerprint = there.owner == self._owner, self._embedder.fingerprint
        if not mine and not there.leaving and not there.is_dead(self._clock()):
            raise StoreError("Another server on the same Chroma embeds everything anew just now.")
        if not mine and there.leaving > self._clock() - LEAVING:
            raise StoreError("The model has just been changed. Try again in two minutes.")
        useless = there.old if there.leaving else there.fingerprint
        if useless not in (fingerprint, self._old.fingerprint):
            self._fresh.drop(useless)

    def rounds(self) -> Iterator[Reembedded]:
        """Copy what is missing until next to nothing is; yields after each few documents."""
        yield self._progress()
        for _ in range(MOST_ROUNDS):
            missing, gone = self._difference()
            self._forget(gone)
            for group in groups(missing, _GROUP):
                self._hold()
                self._copy(group, final=False)
                yield self._progress()
            if len(missing) <= _FEW:
                break
        self._told_at = 0.0
        yield self._progress()

    def derive(self, folder: Path) -> None:
        """Make the lexical index and the links of what is copied, so that little is left to do later."""
        records = self._fresh.records()
        self._hold()
        with closing(LexicalIndex(lexical_folder(folder, self._fresh.fingerprint))) as lexical:
            derive(lexical, self._fresh, records)
        self._hold()
        links = StoryLinks(self._fresh, links_file(folder, self._fresh.fingerprint), self._embedder.name)
        with closing(links):
            links.sync({record.id: record for record in records})

    @contextmanager
    def standstill(self) -> Iterator[None]:
        """No other process changes documents within. Raises `StoreError` where changes under way do not end."""
        if not self._owner:
            yield
            return
        try:
            self._extend()
            deadline = self._clock() + STANDSTILL
            while self._others_write():
                if self._clock() > deadline:
                    raise StoreError("Other servers on the same Chroma keep changing documents. Try again.")
                time.sleep(_LOOK)
                self._extend()
            yield
        finally:
            self._state.delete_note(_STANDSTILL)

    def finish(self) -> None:
        """Copy the rest. Called while nobody changes documents."""
        # What others have put just before the standstill, this process need not have seen yet.
        missing, gone = self._difference(self._old.records() if self._owner else None)
        self._forget(gone)
        for group in groups(missing, _GROUP):
            self._hold()
            self._copy(group, final=True)
            if self._owner:
                self._extend()

    def switch(self) -> dict[str, Any]:
        """The step: from here on the new collections are those in use. Returns what `step_back` takes."""
        self._hold()
        if self._owner and self._clock() > self._until - STANDSTILL / 4:
            raise StoreError("The Chroma server was too slow. Try again.")
        before = self._state.note("model")
        now = self._clock()
        self._state.put_notes({"model": model_note(self._embedder), _NOTE: {"leaving": now, "heard": now}})
        if self._owner:
            self._state.touch(frozenset())
        return before

    def step_back(self, before: dict[str, Any]) -> None:
        """Undo the step where the new index cannot be opened after all."""
        self._state.put_notes({"model": before, _NOTE: {"leaving": 0.0}})

    def discard(self, folder: Path) -> None:
        """Delete what is half made: it is given up."""
        note = reindex_note(self._fresh)
        if note is None or note.token == self._token:
            discard_half_made(self._fresh, folder)

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

    # -- among others ------------------------------------------------------------------------

    def _hold(self) -> None:
        """Tell that this process is at it still. Raises where another has taken over, or wants it to end."""
        note = reindex_note(self._fresh)
        if note is None or note.token != self._token:
            raise StoreError("Another server on the same Chroma has taken over.")
        if note.cancelled:
            raise Cancelled("It was given up.")
        progress = self._progress()
        self._state.put_note(
            _NOTE,
            {
                "heard": self._clock(),
                "documents": progress.documents,
                "of_documents": progress.of_documents,
            },
        )

    def _extend(self) -> None:
        self._until = self._clock() + STANDSTILL
        self._state.put_note(_STANDSTILL, {"owner": self._owner, "until": self._until})

    def _others_write(self) -> bool:
        latest = self._clock() - DEAD
        return any(
            intent.act != "sweep" and intent.owner != self._owner and intent.since > latest
            for intent in self._state.intents()
        )


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
        with reembedding.standstill():
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


def discard_half_made(store: ChromaStore, folder: Path) -> None:
    """Delete the collections that a change of models has begun to fill, and its note, the note last."""
    note = reindex_note(store)
    if note is not None and not note.leaving and note.fingerprint != store.state.note("model")["fingerprint"]:
        _drop(store, folder, note.fingerprint)
        store.state.delete_note(_NOTE)


def drop_former(store: ChromaStore, folder: Path, *, at_once: bool = False, now: float | None = None) -> bool:
    """Delete what the former model made once nobody reads it any more; whether there was any."""
    note = reindex_note(store)
    if note is None or not note.leaving or note.old == store.state.note("model").get("fingerprint"):
        return False
    if not at_once and note.leaving > (time.time() if now is None else now) - LEAVING:
        return False
    _drop(store, folder, note.old)
    store.state.delete_note(_NOTE)
    return True


def forget_derived(folder: Path, used: Collection[str]) -> None:
    """Delete the lexical indexes and links in a data folder that are of none of these models."""
    for derived in (*(folder / "lexical").glob("*"), *(folder / "stories").glob("*.sqlite3")):
        if derived.name.partition(".")[0] not in used:
            if derived.is_dir():
                shutil.rmtree(derived, ignore_errors=True)
            else:
                derived.unlink(missing_ok=True)


def lexical_folder(folder: Path, fingerprint: str) -> Path:
    return folder / "lexical" / fingerprint


def links_file(folder: Path, fingerprint: str) -> Path:
    return folder / "stories" / f"{fingerprint}.sqlite3"


def _drop(store: ChromaStore, folder: Path, fingerprint: str) -> None:
    store.drop(fingerprint)
    shutil.rmtree(lexical_folder(folder, fingerprint), ignore_errors=True)
    links_file(folder, fingerprint).unlink(missing_ok=True)


def _note(data: dict[str, Any]) -> ReindexNote:
    return ReindexNote(**{name: data[name] for name in ReindexNote.__dataclass_fields__})
