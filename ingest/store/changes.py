"""How documents change where several processes share a Chroma server: whole or not at all, and nothing is lost.

    put:     intent ─▶ passages ─▶ record ─▶ sweep note ─▶ what is left over deleted ─▶ note deleted
    remove:  intent ─────────────▶ record deleted ─▶ sweep note ─▶ …

Before the record, a put keeps the text that it replaces, and before the intent a removal notes that such texts are to go:
see `versions`. Killed after that, a put has kept what is still the present text, which counts as no earlier one.

Every put writes passages of a version of its own, which no other ever writes again. So two processes that put the same
document at once do not touch each other's passages: the record that was written last counts, and it counts whole.

Sweeping may be done by anyone at any time. It looks at the versions that there are passages of, *then* at the intents,
*then* at the records, and deletes the versions that neither names. That is sound: a put's intent is there before its
passages, and its record before the intent becomes a sweep note. A version with passages and no intent has been put,
then; if the record is another's by now, it will be for good.

A process that is killed leaves intents, which it settles at its next start, and others once they are old. One that
was only slow finds its intents settled, and puts its documents again, as another version (`Changes.undisturbed`).
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path

from ingest.errors import ModelSwitched
from ingest.files import write_whole
from ingest.store.chroma import ChromaStore
from ingest.store.state import ChangeKind, Intent
from ingest.types import Record

# Seconds that replaced or removed passages stay, for answers that are being given out of them elsewhere.
GRACE = 30.0
# Seconds after which an intent is taken for that of a process that was killed.
DEAD = 900.0
_AT_ONCE = 100  # documents swept together
_LOOK = 0.1  # seconds between two looks whether a standstill is over


class Changes:
    """The changes of one process, ``owner`` for short. ``shared``: others write to the same Chroma.

    ``clock`` gives seconds since 1970.
    """

    def __init__(
        self, store: ChromaStore, owner: str, shared: bool, clock: Callable[[], float] = time.time
    ) -> None:
        self._store = store
        self._state = store.state
        self._owner = owner
        self._shared = shared
        self._clock = clock

    def begin(self, records: Sequence[Record], act: ChangeKind) -> list[Intent]:
        """Before anything of a change is written. Raises `ModelSwitched` where another model is in use by now."""
        while True:
            intents = [self._intent(record, act) for record in records]
            self._state.put_intents(intents)
            if not self._shared:
                return intents
            # Asked after the intents are written: see `reindex_lease`.
            switched = self._store.is_left()
            if not switched and not self._stands_still():
                return intents
            self._state.delete_intents(intents)
            if switched:
                raise ModelSwitched("Another server has embedded the documents anew with another model.")
            time.sleep(_LOOK)

    def _stands_still(self) -> bool:
        """Whether another process has asked that nobody changes documents."""
        asked = self._state.note("standstill")
        return bool(asked) and asked["owner"] != self._owner and float(asked["until"]) > self._clock()

    def undisturbed(self, intents: Sequence[Intent]) -> bool:
        """Whether no one has taken this process for dead. Asked after the records are written: then it lasts."""
        return not self._shared or self._state.hold(intents)

    def end(self, intents: Sequence[Intent], fresh: Collection[str] = ()) -> None:
        """After the records are written; ``fresh`` are the documents that were not there before."""
        clean = [] if self._shared else [intent for intent in intents if intent.document_id in fresh]
        self._to_sweep([intent for intent in intents if intent not in clean])
        self._state.delete_intents(clean)
        if not self._shared:
            self.sweep()

    def settle(self, *, restarted: bool = False) -> bool:
        """Finish or undo what killed processes have left, this one's too if it has just started; whether there was any."""
        left = [
            intent
            for intent in self._state.intents()
            if intent.act != "sweep" and self._is_left(intent, restarted)
        ]
        self._tell_of(left)
        records = self._store.committed([intent.document_id for intent in left if intent.act == "remove"])
        self._store.delete_records(
            [
                intent.document_id
                for intent in left
                if intent.act == "remove"
                and intent.document_id in records
                and intent.version in ("", records[intent.document_id].version)
            ]
        )
        self._to_sweep(left)
        return bool(left)

    def abandon(self) -> None:
        """Leave this process's own unfinished changes as their records are. Called while it makes no other change.

        The caller was told that they failed, so that a removal whose record is still there is not finished.
        """
        left = [
            intent
            for intent in self._state.intents()
            if intent.act != "sweep" and self._is_left(intent, restarted=True)
        ]
        self._tell_of(left)
        self._to_sweep(left)

    def sweep(self) -> None:
        """Delete the passages that changes have left behind."""
        latest = self._clock() - (GRACE if self._shared else 0.0)
        due = [intent for intent in self._state.intents() if intent.act == "sweep" and intent.since <= latest]
        for first in range(0, len(due), _AT_ONCE):
            some = due[first : first + _AT_ONCE]
            for document_id, version in self._left_over({intent.document_id for intent in some}):
                self._store.delete_passages(document_id, version)
            self._state.delete_intents(some)

    def _left_over(self, document_ids: Collection[str]) -> set[tuple[str, str]]:
        versions = self._store.versions(document_ids)  # these three in this order, as said above
        written = {(intent.document_id, intent.version) for intent in self._state.written(document_ids)}
        records = self._store.committed(list(document_ids)).values()
        return versions - written - {(record.id, record.version) for record in records}

    def _tell_of(self, left: Sequence[Intent]) -> None:
        """Before what was left is settled: killed then, the next start must not take the catalogue that it has kept for the latest."""
        if left:
            self._state.touch(frozenset())

    def _to_sweep(self, intents: Sequence[Intent]) -> None:
        self._state.put_intents([replace(intent, act="sweep", since=self._clock()) for intent in intents])

    def _is_left(self, intent: Intent, restarted: bool) -> bool:
        mine = restarted and (not self._shared or intent.owner == self._owner)
        return mine or (self._shared and intent.since < self._clock() - DEAD)

    def _intent(self, record: Record, act: ChangeKind) -> Intent:
        return Intent(
            id=f"intent-{uuid.uuid4().hex}",
            document_id=record.id,
            version=record.version,
            act=act,
            owner=self._owner,
            since=self._clock(),
        )


def replica_of(folder: Path, chroma_url: str) -> str:
    """The name of a data folder among those that share a Chroma server; empty where there is no server."""
    if not chroma_url:
        return ""
    path = folder / "replica"
    if not path.exists():
        write_whole(path, [uuid.uuid4().hex.encode("ascii")])
    return path.read_text(encoding="ascii").strip() or "unnamed"
