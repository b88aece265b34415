"""Which process embeds everything anew, how the others wait for it, and the step to what it has made.

The lease is a note: whoever has it tells that it is still at it, and another takes over from one that is dead. No process
changes documents during the standstill: others on the same Chroma server see its note after their intent is written,
and this one looks for intents after its note is, so that one of the two sees the other. The step is one write, of the
note "model": before it everyone serves the old vectors, after it the new ones. What the former model made stays for a
while, for processes that load the other model first.
"""

from __future__ import annotations

import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.embedding.types import Embedder
from ingest.errors import Cancelled, StoreError
from ingest.store.changes import DEAD
from ingest.store.chroma import ChromaStore
from ingest.store.rebuild import catalogue_file, lexical_folder, links_file, model_note, quotations_file

STANDSTILL = 60.0  # seconds that others wait at the most for the process that has asked them to
# Seconds after the step that the old vectors stay for other processes, which load the model first.
LEAVING = 120.0
_LOOK = 0.1
_NOTE, _STANDSTILL = "reindex", "standstill"


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


class ReindexLease:
    """One process's lease on embedding everything anew into ``fresh`` by the embedder's model.

    ``owner`` names this process among those that share a Chroma server, and is empty where none does; ``clock`` gives
    seconds since 1970. Every method raises `StoreError`.
    """

    def __init__(
        self,
        fresh: ChromaStore,
        embedder: Embedder,
        owner: str = "",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._fresh = fresh
        self._embedder = embedder
        self._owner = owner
        self._clock = clock
        self._state = fresh.state
        self._token = uuid.uuid4().hex
        self._until = 0.0  # the end of the standstill

    def claim(self, old: str) -> None:
        """Begin in place of the model of the fingerprint ``old``, or take over. Raises `StoreError` where another is at it."""
        data = {
            "token": self._token,
            "owner": self._owner,
            "name": self._embedder.name,
            "fingerprint": self._embedder.fingerprint,
            "old": old,
            "heard": self._clock(),
            "leaving": 0.0,
            "cancelled": False,
            "documents": 0,
            "of_documents": 0,
        }
        there = _note(self._state.add_note(_NOTE, data))
        if there.token != self._token:
            self._take_over(there, old)
            self._state.put_note(_NOTE, data)

    def _take_over(self, there: ReindexNote, old: str) -> None:
        """What another attempt has left is gone on with, or goes where it was of another model."""
        mine, fingerprint = there.owner == self._owner, self._embedder.fingerprint
        if not mine and not there.leaving and not there.is_dead(self._clock()):
            raise StoreError("Another server on the same Chroma embeds everything anew just now.")
        if not mine and there.leaving > self._clock() - LEAVING:
            raise StoreError("The model has just been changed. Try again in two minutes.")
        useless = there.old if there.leaving else there.fingerprint
        if useless not in (fingerprint, old):
            self._fresh.drop(useless)

    def renew(self, documents: int, of_documents: int) -> None:
        """Tell that this process is at it still, and how far. Raises where another has taken over, or `Cancelled` where it wants that."""
        note = reindex_note(self._fresh)
        if note is None or note.token != self._token:
            raise StoreError("Another server on the same Chroma has taken over.")
        if note.cancelled:
            raise Cancelled("It was given up.")
        self._state.put_note(
            _NOTE, {"heard": self._clock(), "documents": documents, "of_documents": of_documents}
        )

    @contextmanager
    def standstill(self) -> Iterator[None]:
        """No other process changes documents within. Raises `StoreError` where changes under way do not end."""
        if not self._owner:
            yield
            return
        try:
            self.extend()
            deadline = self._clock() + STANDSTILL
            while self._others_write():
                if self._clock() > deadline:
                    raise StoreError("Other servers on the same Chroma keep changing documents. Try again.")
                time.sleep(_LOOK)
                self.extend()
            yield
        finally:
            self._state.delete_note(_STANDSTILL)

    def extend(self) -> None:
        """Ask the others, where there are any, to wait from now on once more."""
        if self._owner:
            self._until = self._clock() + STANDSTILL
            self._state.put_note(_STANDSTILL, {"owner": self._owner, "until": self._until})

    def _others_write(self) -> bool:
        latest = self._clock() - DEAD
        return any(
            intent.act != "sweep" and intent.owner != self._owner and intent.since > latest
            for intent in self._state.intents()
        )

    def switch(self) -> dict[str, Any]:
        """The step: from here on the new collections are those in use. Returns what `step_back` takes."""
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

    def give_up(self, folder: Path) -> None:
        """Delete what is half made, unless another has taken over."""
        note = reindex_note(self._fresh)
        if note is None or note.token == self._token:
            discard_half_made(self._fresh, folder)


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


def _drop(store: ChromaStore, folder: Path, fingerprint: str) -> None:
    store.drop(fingerprint)
    shutil.rmtree(lexical_folder(folder, fingerprint), ignore_errors=True)
    links_file(folder, fingerprint).unlink(missing_ok=True)
    quotations_file(folder, fingerprint).unlink(missing_ok=True)
    catalogue_file(folder, fingerprint).unlink(missing_ok=True)


def _note(data: dict[str, Any]) -> ReindexNote:
    return ReindexNote(**{name: data[name] for name in ReindexNote.__dataclass_fields__})
