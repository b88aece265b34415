"""What processes on one Chroma tell each other: changes under way, that something has changed, the model in use."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ingest.store.serialisation import batches, metadata

ChangeKind = Literal["put", "remove", "sweep"]

_NOWHERE = [0.0]  # Chroma wants a vector for everything


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A change under way at ``owner`` since then (seconds since 1970), of one version of a document.

    put: its passages are being written; remove: its record is being deleted; sweep: what the change has left
    behind is to be deleted, by anybody.
    """

    id: str
    document_id: str
    version: str
    act: ChangeKind
    owner: str
    since: float


class SharedState:
    """Over a collection that holds nothing else."""

    def __init__(self, collection: Any) -> None:
        self._collection = collection

    # -- intents -----------------------------------------------------------------------------

    def put_intents(self, intents: Sequence[Intent]) -> None:
        self._put({intent.id: _intent_data(intent) for intent in intents})

    def intents(self) -> list[Intent]:
        return [_intent(key, data) for key, data in metadata(self._collection, {"kind": "intent"})]

    def written(self, document_ids: Collection[str]) -> list[Intent]:
        """The puts under way of these documents. One page has them: reading several, one might go by unnoticed."""
        return [intent for ids in batches(document_ids) for intent in self._puts_of(ids)]

    def _puts_of(self, document_ids: list[str]) -> list[Intent]:
        where = {"$and": [{"act": "put"}, {"document_id": {"$in": document_ids}}]}
        rows = self._collection.get(where=where, include=["metadatas"])
        return [_intent(key, data) for key, data in zip(rows["ids"], rows["metadatas"] or (), strict=True)]

    def hold(self, intents: Sequence[Intent]) -> bool:
        """Whether all of these puts are still under way."""
        under_way = {intent.id for intent in self.written({intent.document_id for intent in intents})}
        return {intent.id for intent in intents} <= under_way

    def delete_intents(self, intents: Sequence[Intent]) -> None:
        self._delete(intent.id for intent in intents)

    # -- what has changed --------------------------------------------------------------------

    def touch(self, seen: frozenset[str]) -> frozenset[str]:
        """Tell that something has changed, to whoever compares `events` with those of before; returns what is seen now.

        Only the events that this process has ``seen`` give way to the new one: what another has told meanwhile
        stays, so that no change goes by unnoticed.
        """
        event = f"event-{uuid.uuid4().hex[:12]}"
        self._put({event: {"kind": "event"}})
        self._delete(seen)
        return frozenset({event})

    def events(self) -> frozenset[str]:
        return frozenset(key for key, _ in metadata(self._collection, {"kind": "event"}))

    # -- notes -------------------------------------------------------------------------------

    def note(self, name: str) -> dict[str, Any]:
        """What was last noted under ``name``; empty where nothing was."""
        entries = self._collection.get(ids=[name], include=["metadatas"])
        return dict(entries["metadatas"][0]) if entries["ids"] else {}

    def put_note(self, name: str, data: dict[str, Any]) -> None:
        """Note it; keys that were noted under that name before and are not in ``data`` stay."""
        self.put_notes({name: data})

    def put_notes(self, notes: dict[str, dict[str, Any]]) -> None:
        """Several notes, in one write."""
        self._put({name: {**data, "kind": "note"} for name, data in notes.items()})

    def add_note(self, name: str, data: dict[str, Any]) -> dict[str, Any]:
        """Note it unless there is something under that name already; returns what is there then."""
        # Chroma leaves alone what is there already, and says nothing.
        entry = {**data, "kind": "note"}
        self._collection.add(ids=[name], embeddings=[_NOWHERE], metadatas=[entry])
        return self.note(name)

    def delete_note(self, name: str) -> None:
        self._delete([name])

    def _put(self, entries: dict[str, dict[str, Any]]) -> None:
        for ids in batches(entries):
            self._collection.upsert(
                ids=ids, embeddings=[_NOWHERE] * len(ids), metadatas=[entries[key] for key in ids]
            )

    def _delete(self, ids: Iterable[str]) -> None:
        for some in batches(ids):
            self._collection.delete(ids=some)


def _intent_data(intent: Intent) -> dict[str, Any]:
    return {
        "kind": "intent",
        "document_id": intent.document_id,
        "version": intent.version,
        "act": intent.act,
        "owner": intent.owner,
        "since": intent.since,
    }


def _intent(key: str, data: dict[str, Any]) -> Intent:
    version = str(data["version"])
    act: ChangeKind = data.get("act") or ("put" if version else "remove")  # earlier versions wrote no act
    return Intent(
        id=key,
        document_id=str(data["document_id"]),
        version=version,
        act=act,
        owner=str(data.get("owner", "")),
        since=float(data.get("since", 0.0)),
    )
