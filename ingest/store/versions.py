"""Earlier versions of documents: texts that others have taken the place of, kept for as long as a setting says.

They lie in a collection of their own, for they have no vectors: a head for each version, with its record as it was, and
its text in parts. A version is named by what its text says (`ingest.types.version_of`), so whoever keeps it, and
however often, writes the same entries, and what is read is compared with its name: half of one is never shown.

    keep:    draft ─▶ parts ─▶ head ─▶ draft deleted          before the record of the version that replaces it
    forget:  grave ─▶ record deleted ─▶ time for undo is over ─▶ parts, heads ─▶ grave deleted

A process that is killed leaves a draft, whose parts anybody deletes later unless there is a head by then, or a grave,
which says that the versions of a document are to go. A document that is in the index again keeps them.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ingest.store.changes import DEAD
from ingest.store.serialisation import batches, metadata, record_data, record_of
from ingest.types import Record, version_of

# Code points of a part: at four bytes each, that is below the 16 KiB that Chroma allows everywhere.
PART = 4_000
# Seconds after the time for undo that versions stay: it begins when all documents of a removal are removed.
MARGIN = 30.0
_TOGETHER = 250  # parts written in one call
_DAY = 86_400.0
_NOWHERE = [0.0]  # Chroma wants a vector for everything
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")

Entry = tuple[str, str, dict[str, Any]]  # id, text, metadata


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierVersion:
    """A version of a document as its record was, ``replaced`` by another then; ``size`` is in bytes of UTF-8."""

    record: Record
    replaced: datetime
    headings: frozenset[str]
    size: int
    parts: int

    @property
    def version(self) -> str:
        return self.record.text_version


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplacedText:
    """A version that is about to be replaced: its record, which knows the version of its text, and the text.

    ``replaced`` says when, where that was before, in another index.
    """

    record: Record
    text: str
    headings: frozenset[str]
    replaced: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovedDocument:
    """A document that was ``removed`` then, and can be put back ``until`` then."""

    title: str
    removed: datetime
    until: datetime


class EarlierVersions:
    """Over a collection that holds nothing else. Those replaced more than ``keep_days`` ago do not count; None: all do.

    ``clock`` gives seconds since 1970. Every method raises `StoreError` where Chroma fails.
    """

    def __init__(
        self, collection: Any, keep_days: int | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        self._collection = collection
        self._keep_days = keep_days
        self._clock = clock

    @property
    def wanted(self) -> bool:
        """Whether any are kept at all."""
        return self._keep_days != 0

    # -- keeping -----------------------------------------------------------------------------

    def keep(self, replaced: Sequence[ReplacedText]) -> None:
        """Keep versions, each wholly or not at all. Called before others are put in their place."""
        if not replaced or not self.wanted:
            return
        now = self._clock()
        drafts = [
            (f"draft-{_key(old.record)}", "", _data(old.record, "draft", since=now)) for old in replaced
        ]
        self._put(drafts)
        self._put([part for old in replaced for part in _parts(old)])
        self._put([_head(old, now) for old in replaced])
        self._delete(key for key, _, _ in drafts)

    def of(self, document_id: str) -> list[EarlierVersion]:
        """The versions of a document, the latest replaced first."""
        if not self.wanted or not _ID.fullmatch(document_id):
            return []
        where = {
            "$and": [{"kind": "head"}, {"document_id": document_id}, {"replaced": {"$gt": self._oldest()}}]
        }
        versions = [_version(data) for _, data in metadata(self._collection, where)]
        return sorted(versions, key=lambda version: version.replaced, reverse=True)

    def text(self, version: EarlierVersion) -> str:
        """The whole text; empty where it has been deleted meanwhile."""
        found: dict[str, str] = {}
        for ids in batches(_part_key(version.record, number) for number in range(version.parts)):
            rows = self._collection.get(ids=ids, include=["documents"])
            found |= zip(rows["ids"], rows["documents"], strict=True)
        text = "".join(found[key] for key in sorted(found))
        return text if version_of(text) == version.version else ""

    def total(self) -> tuple[int, int]:
        """How many versions there are, and the bytes of their texts."""
        where = {"$and": [{"kind": "head"}, {"replaced": {"$gt": self._oldest()}}]}
        sizes = [int(data["size"]) for _, data in metadata(self._collection, where)] if self.wanted else []
        return len(sizes), sum(sizes)

    # -- removed documents -------------------------------------------------------------------

    def bury(self, records: Sequence[Record], undo_seconds: float) -> None:
        """Before documents are removed: their versions go once it cannot be undone any more, ``undo_seconds`` from now."""
        if not undo_seconds:
            kept = self._with_versions([record.id for record in records])
            records = [record for record in records if record.id in kept]
        now = self._clock()
        until = now + undo_seconds
        when = {"since": now, "until": until, "due": until + MARGIN if undo_seconds else now}
        self._put(
            [
                (f"grave-{record.id}", "", _data(record, "grave", title=record.title, **when))
                for record in records
            ]
        )

    def removed(self, document_id: str) -> RemovedDocument | None:
        """What is known of a document that was removed and can still be put back."""
        if not _ID.fullmatch(document_id):
            return None
        rows = self._collection.get(ids=[f"grave-{document_id}"], include=["metadatas"])
        data = next(iter(rows["metadatas"] or ()), None)
        if data is None or float(data["until"]) <= self._clock():
            return None
        return RemovedDocument(
            title=str(data["title"]), removed=_moment(data["since"]), until=_moment(data["until"])
        )

    def _with_versions(self, ids: Sequence[str]) -> set[str]:
        if not ids or not self._collection.count():
            return set()
        return {
            str(data["document_id"])
            for some in batches(ids)
            for _, data in metadata(self._collection, {"document_id": {"$in": some}})
        }

    # -- tidying -----------------------------------------------------------------------------

    def tidy(self, committed: Callable[[Sequence[str]], Collection[str]]) -> None:
        """Delete what nobody may see any more, and what killed processes have left. Anybody may, at any time.

        ``committed`` gives those of some documents that are in the index.
        """
        now = self._clock()
        began = list(metadata(self._collection, {"kind": {"$in": ["draft", "grave"]}}))
        due = [data for _, data in began if data["kind"] == "grave" and float(data["due"]) <= now]
        present = set(committed([str(data["document_id"]) for data in due])) if due else set()
        self._forget([str(data["document_id"]) for data in due if data["document_id"] not in present])
        # Whoever has dug a grave removes the document only then: a fresh one is left alone.
        self._delete(
            f"grave-{data['document_id']}"
            for data in due
            if data["document_id"] in present and float(data["due"]) <= now - DEAD
        )
        for key, data in began:
            if data["kind"] == "draft" and float(data["since"]) <= now - DEAD:
                self._settle(key, str(data["document_id"]), str(data["version"]))
        self._expire()

    def _forget(self, ids: Sequence[str]) -> None:
        for some in batches(ids):
            among = {"document_id": {"$in": some}}
            for kind in ("part", "head", "draft", "grave"):
                self._collection.delete(where={"$and": [{"kind": kind}, among]})

    def _settle(self, draft: str, document_id: str, version: str) -> None:
        """A draft that has become a version is deleted; else its parts are too."""
        head = f"head-{document_id}-{version}"
        if not self._collection.get(ids=[head], include=[])["ids"]:
            self._delete_version(document_id, version)
        self._delete([draft])

    def _expire(self) -> None:
        if self._keep_days is None:
            return
        where = {"$and": [{"kind": "head"}, {"replaced": {"$lte": self._oldest()}}]}
        for _, data in list(metadata(self._collection, where)):
            self._delete_version(str(data["document_id"]), str(data["version"]))

    def _delete_version(self, document_id: str, version: str) -> None:
        """The head last: what is killed on the way is done again."""
        of = [{"document_id": document_id}, {"version": version}]
        for kind in ("part", "head"):
            self._collection.delete(where={"$and": [{"kind": kind}, *of]})

    def _oldest(self) -> float:
        return 0.0 if self._keep_days is None else self._clock() - self._keep_days * _DAY

    def _put(self, entries: Sequence[Entry]) -> None:
        for first in range(0, len(entries), _TOGETHER):
            some = entries[first : first + _TOGETHER]
            self._collection.upsert(
                ids=[key for key, _, _ in some],
                embeddings=[_NOWHERE] * len(some),
                documents=[text for _, text, _ in some],
                metadatas=[data for _, _, data in some],
            )

    def _delete(self, ids: Iterable[str]) -> None:
        for some in batches(ids):
            self._collection.delete(ids=some)


def _key(record: Record) -> str:
    return f"{record.id}-{record.text_version}"


def _part_key(record: Record, number: int) -> str:
    return f"part-{_key(record)}-{number:07}"


def _data(of: Record, kind: str, /, **more: str | float) -> dict[str, Any]:
    return {"kind": kind, "document_id": of.id, "version": of.text_version, **more}


def _parts(old: ReplacedText) -> Iterator[Entry]:
    for number, first in enumerate(range(0, len(old.text), PART)):
        yield _part_key(old.record, number), old.text[first : first + PART], _data(old.record, "part")


def _head(old: ReplacedText, now: float) -> Entry:
    more: dict[str, str | float] = {
        "replaced": old.replaced.timestamp() if old.replaced else now,
        "size": len(old.text.encode()),
        "parts": -(-len(old.text) // PART),
        "headings": json.dumps(sorted(old.headings), ensure_ascii=False),
        "record": json.dumps(record_data(old.record), ensure_ascii=False),
    }
    return f"head-{_key(old.record)}", "", _data(old.record, "head", **more)


def _version(data: dict[str, Any]) -> EarlierVersion:
    return EarlierVersion(
        record=record_of(str(data["document_id"]), json.loads(str(data["record"]))),
        replaced=_moment(data["replaced"]),
        headings=frozenset(json.loads(str(data["headings"]))),
        size=int(data["size"]),
        parts=int(data["parts"]),
    )


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(float(seconds), UTC)
