"""The one door to storage: Chroma holds the record, Tantivy a lexical index derived from it.

A document is committed by one write, that of its record. Around it stands an intent, so that a process killed at any
instant leaves a note of what to finish or to undo: see `changes`. Where several processes share a Chroma server, each
has the catalogue in memory and a lexical index of its own, and follows what the others change.
"""

from __future__ import annotations

import hashlib
import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from ingest.embedding.types import Embedder, SentenceVectors, Vectors
from ingest.errors import ModelSwitched, StoreError
from ingest.store.catalogue import Catalogue
from ingest.store.changes import Changes, replica_of
from ingest.store.chroma import ChromaStore, store_in_use
from ingest.store.chroma_client import connect
from ingest.store.corrections import keeping
from ingest.store.follower import Follower
from ingest.store.integrity import Integrity, integrity
from ingest.store.lexical import Background, LexicalIndex, Term, sync
from ingest.store.lock import FolderLock
from ingest.store.rebuild import derive, store_for
from ingest.store.records import (
    Prepared,
    Stored,
    document_and_version,
    entries_of,
    headings_of,
    key_of,
    versioned,
)
from ingest.store.sample import Sample
from ingest.store.state import Intent
from ingest.store.stories import Stories
from ingest.store.story_links import StoryLinks
from ingest.store.versions import EarlierVersion, EarlierVersions, RemovedDocument, ReplacedText
from ingest.text.wording import Phrase
from ingest.types import Passage, Record, version_of

OnGone = Callable[[Sequence[Record]], object]
OnSwitched = Callable[[], object]
Again = Callable[[Prepared], Prepared]

_TIDY_VERSIONS = 300.0  # seconds between two looks for earlier versions that are to go
# What has been seen where it is not known how far a change of this process got: no events are ever these.
_UNSURE = frozenset({"unsure"})
# Seconds that a change waits for the index that takes the place of this one: its model is being loaded.
_SUCCESSION = 120.0
_SWITCHED = (
    "Another server has embedded the documents anew with the model {name!r}, which this one is loading; "
    "until then it answers from the documents as they were."
)


def _ignore(gone: Sequence[Record]) -> None:
    pass


def _nothing() -> None:
    pass


class Index:
    """Documents and passages, findable by meaning and by spelling. Thread-safe.

    ``model`` is the name of the embedding model that made it, ``fingerprint`` tells it from any other, and its vectors have so many
    ``dimensions``. ``replica`` names this process among those that share a Chroma server; it is empty where the store is its own.
    ``on_gone`` is called, in any thread, with the records of what others have removed or replaced. Texts that are replaced
    are kept for ``keep_days`` as earlier versions, with None as long as their document.
    ``on_switched`` is called, often and in any thread, once another process has put another model's vectors in its place.
    Closing the index closes the lexical index and the store, then releases the lock.

    Once another index has succeeded it, this one still reads what it has, and passes changes on.
    """

    def __init__(
        self,
        store: ChromaStore,
        lexical: LexicalIndex,
        lock: FolderLock,
        replica: str = "",
        on_gone: OnGone = _ignore,
        keep_days: int | None = None,
        links: StoryLinks | None = None,
        on_switched: OnSwitched = _nothing,
    ) -> None:
        self._store = store
        self._lexical = lexical
        self._links = links or StoryLinks(store)
        self._stories = Stories()
        self.lock = lock
        self._on_gone = on_gone
        self._on_switched = on_switched
        self._successor: Index | None = None
        self._again: Again = lambda prepared: prepared
        self._succeeded = threading.Event()
        self.replica = replica
        self.shared = bool(replica)
        self._changes = Changes(store, replica, self.shared)
        self._earlier = EarlierVersions(store.earlier, keep_days)
        self._versions_tidied = 0.0
        self._follower: Follower | None = None
        self._writing = threading.RLock()
        self._catalogue = Catalogue()
        self._events: frozenset[str] = frozenset()
        self._sample = Sample(store)
        # Versions never change, so what was read of one stays true.
        self._passages = lru_cache(maxsize=128)(self._read_passages)
        self._text = lru_cache(maxsize=64)(self._read_text)
        self._text_version = lru_cache(maxsize=10_000)(self._read_text_version)
        self.revision = ""
        self.model = store.model
        self.fingerprint, self.dimensions = store.made_by()
        self.recover()

    @classmethod
    def open(
        cls,
        folder: Path,
        embedder: Embedder,
        *,
        chroma_url: str = "",
        command: str = "assistant",
        lock: FolderLock | None = None,
        on_gone: OnGone = _ignore,
        on_switched: OnSwitched = _nothing,
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
            store = store_for(client, embedder)
            lexical = _lexical(folder, store.fingerprint)
            opened.callback(lexical.close)
            links = _links(folder, store)
            opened.callback(links.close)
            index = cls(
                store,
                lexical,
                held,
                replica_of(folder, chroma_url),
                on_gone,
                keep_days,
                links,
                on_switched,
            )
            if index.shared:
                index._follower = Follower(index.follow, index.tidy)
            opened.pop_all()  # from here on `close` closes them
        return index

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
            lexical = _lexical(folder, store.fingerprint)
            opened.callback(lexical.close)
            links = _links(folder, store)
            opened.callback(links.close)
            index = cls(
                store, lexical, lock, replica_of(folder, chroma_url), keep_days=keep_days, links=links
            )
            opened.pop_all()
        return index

    @property
    def problem(self) -> str:
        """Why the changes of others cannot be followed, in words; empty where they can."""
        return self._follower.problem if self._follower else ""

    def close(self) -> None:
        """Close everything, also where closing a part fails; the lock is released last."""
        with ExitStack() as closing:
            closing.callback(self.lock.release)
            closing.callback(self.retire)

    def retire(self) -> None:
        """Close everything but leave the lock, which the index that succeeds this one has."""
        with ExitStack() as closing:
            closing.callback(self._store.close)
            closing.callback(self._lexical.close)
            closing.callback(self._links.close)
            if self._follower:
                closing.callback(self._follower.close)

    # -- writing -----------------------------------------------------------------------------

    @property
    def store(self) -> ChromaStore:
        """What it is stored in, for those who make it anew."""
        return self._store

    @contextmanager
    def at_rest(self) -> Iterator[None]:
        """Nothing of this process changes documents within; all is in step, unless another has changed the model."""
        with self._writing:
            with suppress(ModelSwitched):
                self.follow()
            yield

    def succeed(self, index: Index, again: Again) -> None:
        """From here on ``index`` takes the changes, prepared ``again`` for its model. Called `at_rest`."""
        self._successor, self._again = index, again
        self._succeeded.set()

    def _heir(self) -> Index:
        """The index that takes the changes. Raises `ModelSwitched` where it does not come."""
        if not self._succeeded.wait(_SUCCESSION) or self._successor is None:
            raise ModelSwitched(self._switched())
        return self._successor

    def put(self, batch: Sequence[Prepared]) -> list[Record]:
        """Store documents, each wholly or not at all; a document of the same id is replaced, and its corrections are kept."""
        with suppress(ModelSwitched), self._change():
            return self._put([self._keeping(entry) for entry in batch])
        return self._heir().put([self._again(entry) for entry in batch])

    def _keeping(self, entry: Prepared) -> Prepared:
        """A new version with what has been corrected of the one before, and the names that this had."""
        before = self._catalogue.by_id.get(entry.document.id)
        document = keeping(entry.document, before)
        moved_from = before.moved_from if before else document.moved_from
        return replace(entry, document=replace(document, moved_from=moved_from))

    def put_corrected(self, prepared: Prepared, before: Record) -> Record | None:
        """Store a document with other corrections in place of the version ``before``; None where that is not the current one."""
        with suppress(ModelSwitched), self._change():
            current = self._catalogue.by_id.get(before.id)
            if current is None or current.version != before.version:
                return None
            return self._put([prepared])[0]
        return self._heir().put_corrected(self._again(prepared), before)

    def move(self, prepared: Prepared, before: Record) -> Record | None:
        """Store a document under the id of another source, in place of ``before``; None where that is not the current version.

        Its earlier versions stay, and links with its former id lead to it. Killed half-way, both are there.
        """
        with suppress(ModelSwitched), self._change():
            current = self._catalogue.by_id.get(before.id)
            if current is None or current.version != before.version:
                return None
            names = dict.fromkeys((*before.moved_from, before.id))
            moved_from = tuple(key for key in names if key != prepared.document.id)
            document = replace(prepared.document, moved_from=moved_from)
            (moved,) = self._put([replace(prepared, document=document)])
            # What it said before goes along: whatever gets its former id next has a history of its own.
            self._earlier.keep(
                [self._of_another(version, moved.id) for version in self._earlier.of(before.id)]
            )
            self._earlier.bury([current], 0.0)
            self._remove([current])
            with suppress(StoreError):  # then others do it, or the next start
                self.tidy_versions()
            return moved
        return self._heir().move(self._again(prepared), before)

    def _of_another(self, version: EarlierVersion, document_id: str) -> ReplacedText:
        return ReplacedText(
            record=replace(version.record, id=document_id),
            text=self._earlier.text(version),
            headings=version.headings,
            replaced=version.replaced,
        )

    def _put(self, batch: Sequence[Prepared]) -> list[Record]:
        """Called within `_change`."""
        stored, intents = self._write(batch)
        while not self._changes.undisturbed(intents):
            self._changes.end(intents)
            stored, intents = self._write(batch)
        records = Catalogue.of(document.record for document in stored)
        before = self._catalogue.some(records.by_id)
        self._catalogue = self._catalogue.with_records(records.by_id.values())
        self._changed()
        self._changes.end(intents, fresh=records.by_id.keys() - {old.id for old in before})
        self._lexical.update(
            [entry for document in stored for entry in entries_of(document.record, document.passages)],
            [key_of(old) for old in before],
        )
        self._links.update(list(records.by_id.values()), before, self._catalogue.by_id)
        return list(records.by_id.values())

    def _write(self, batch: Sequence[Prepared]) -> tuple[list[Stored], list[Intent]]:
        stored = [versioned(prepared) for prepared in batch]
        intents = self._changes.begin([document.record for document in stored], "put")
        pairs = [(passage, document.record.version) for document in stored for passage in document.passages]
        vectors = np.concatenate([document.vectors for document in stored])
        self._store.put_passages(pairs, vectors, [rows for document in stored for rows in document.sentences])
        self._keep_replaced([document.record for document in stored])
        self._store.put_records(
            [document.record for document in stored], np.stack([document.mean for document in stored])
        )
        return stored, intents

    def _keep_replaced(self, coming: Sequence[Record]) -> None:
        """Keep the texts that these records will replace, where theirs are others."""
        by_id = {record.id: record for record in coming}
        # Where others write too, one of them may just have put a version that is not in the catalogue yet.
        present = list(
            self._store.committed(list(by_id)).values() if self.shared else self._catalogue.some(by_id)
        )
        changed = [old for old in present if old.text_version != by_id[old.id].text_version]
        replaced = [self._replaced(old) for old in changed] if self._earlier.wanted else []
        self._earlier.keep(
            [
                old
                for old in replaced
                if old.record.text_version != by_id[old.record.id].text_version and old.text
            ]
        )

    def _replaced(self, record: Record) -> ReplacedText:
        passages = self._store.passages_of(record.id, record.version)
        text = "".join(passage.text for passage in passages)
        headings = frozenset(heading.text for heading in headings_of(passages))
        known = replace(record, text_version=version_of(text))
        return ReplacedText(record=known, text=text, headings=headings)

    def remove(self, ids: Sequence[str], *, undo_seconds: float = 0.0) -> list[Record]:
        """Remove documents; unknown ids are passed over. Returns what was removed.

        Their earlier versions are deleted once it can no longer be undone, ``undo_seconds`` from now.
        """
        with suppress(ModelSwitched), self._change():
            records = self._catalogue.some(ids)
            self._earlier.bury(records, undo_seconds)
            self._remove(records)
            if not undo_seconds:
                with suppress(StoreError):  # then others do it, or the next start
                    self.tidy_versions()
            return records
        return self._heir().remove(ids, undo_seconds=undo_seconds)

    def _remove(self, records: Sequence[Record]) -> None:
        """Called within `_change`."""
        intents = self._changes.begin(records, "remove")
        gone = [record.id for record in records]
        self._store.delete_records(gone)
        self._catalogue = self._catalogue.without(gone)
        self._changed()
        self._changes.end(intents)
        self._lexical.update([], [key_of(record) for record in records])
        self._links.update([], records, self._catalogue.by_id)

    @contextmanager
    def _change(self) -> Iterator[None]:
        """A writer's turn, in step with others. Where it fails, what it got done is looked up in the store."""
        with self._writing:
            if self._successor is not None:
                raise ModelSwitched(self._switched())
            self.follow()
            try:
                yield
            except ModelSwitched:
                raise  # nothing of it has been written
            except BaseException:
                self._events = _UNSURE
                raise

    def _changed(self) -> None:
        self._seen(self._store.state.touch(self._events))

    def _seen(self, events: frozenset[str]) -> None:
        """Everything up to these events is in memory now."""
        self._events = events
        self.revision = hashlib.sha256(" ".join(sorted(events)).encode()).hexdigest()[:12]

    # -- keeping in step ---------------------------------------------------------------------

    def recover(self) -> None:
        """Finish or undo what a killed process left, then bring the lexical index in step."""
        with self._writing:
            # The events are read first: a change that another process makes while this one settles is then
            # not among those seen, and `follow` takes it over.
            events = self._store.state.events()
            settled = self._changes.settle(restarted=True)
            self._load(events, tell=settled)
            self._changes.sweep()
            self.tidy_versions()

    def follow(self, *, wait: bool = True) -> bool:
        """Take over what others on the same Chroma server have changed; whether there was anything.

        A change of this process that failed half-way is mended too. Without ``wait`` it does nothing while a
        change of this process is under way. Raises `ModelSwitched` where what others have changed is the model.
        """
        if self._successor is not None or not self._is_behind() or not self._writing.acquire(blocking=wait):
            return False
        try:
            if self.shared and self._store.is_left():
                self._on_switched()
                raise ModelSwitched(self._switched())
            before = self._catalogue
            failed = self._events is _UNSURE
            events = self._store.state.events()
            if failed:
                self._changes.abandon()
            self._load(events, tell=failed)
        finally:
            self._writing.release()
        self._on_gone(before.gone(self._catalogue))
        return True

    def mend(self) -> None:
        """Bring memory and the lexical index in step where a change of this process failed; raises `StoreError`."""
        if self._events is _UNSURE:
            with suppress(ModelSwitched):
                self.follow()

    def _is_behind(self) -> bool:
        return self._events is _UNSURE or (self.shared and self._store.state.events() != self._events)

    def _switched(self) -> str:
        return _SWITCHED.format(name=self._store.model)

    def tidy(self) -> None:
        """Settle what others have left who were killed, and delete what changes have left behind."""
        if self._successor is not None or self._store.is_left():
            return  # what changes leave behind is the other model's
        with self._writing:
            events = self._store.state.events()
            if self._changes.settle():
                self._load(events, tell=True)
        self._changes.sweep()
        if time.monotonic() - self._versions_tidied > _TIDY_VERSIONS:
            self.tidy_versions()

    def tidy_versions(self) -> None:
        """Delete earlier versions that are not to be kept any longer, and those of documents removed for good."""
        self._versions_tidied = time.monotonic()
        self._earlier.tidy(self._store.committed)

    def _load(self, events: frozenset[str], *, tell: bool = False) -> None:
        """Read the catalogue anew, and ``tell`` others to. ``events`` were read before it: later ones show as others."""
        self._catalogue = Catalogue.of(self._store.records())
        derive(self._lexical, self._store, self._catalogue.by_id.values())
        self._links.sync(self._catalogue.by_id)
        self._seen(events)
        if tell or not events:
            self._changed()

    def integrity(self) -> Integrity:
        """A look at all that is stored, some seconds for some hundred thousand passages; changes wait for it."""
        with self._change():
            wanted = {key_of(record): record.passages for record in self.records()}
            stale, missing = sync(self._lexical, wanted)
            return integrity(
                self._store.passage_ids(),
                self.records(),
                len({*stale, *missing} | (self._links.compared ^ {*map(key_of, self.records())})),
            )

    # -- reading -----------------------------------------------------------------------------

    @property
    def passages(self) -> int:
        """How many passages are in the index."""
        return self._catalogue.passages

    @property
    def languages(self) -> dict[str, int]:
        """The languages of the documents, each with its number of documents, most frequent first."""
        return self._catalogue.languages

    @property
    def text_languages(self) -> tuple[str, ...]:
        """The languages of all passages, those of the documents first."""
        return self._catalogue.text_languages

    def records(self) -> list[Record]:
        """The documents, newest first."""
        return self._successor.records() if self._successor else self._catalogue.newest_first

    @property
    def stories(self) -> Stories:
        """Which documents tell one story, as things stand."""
        records, links = self._catalogue.by_id, self._links.links
        known = self._stories
        if known.records is not records or known.links is not links:
            known = self._stories = Stories(records, links)
        return known

    def record(self, document_id: str) -> Record | None:
        if self._successor is not None:
            return self._successor.record(document_id)
        known = self._catalogue.by_id.get(document_id)
        with suppress(ModelSwitched):
            if known is None and self.follow(wait=False):  # another may have added it a moment ago
                known = self._catalogue.by_id.get(document_id)
        return known

    def found(self, document_id: str, version: str = "") -> Record | None:
        """The document that a link with this id leads to, also where its file has another name by now.

        Where another document has taken that id since, the one counts whose text is of that ``version``.
        """
        record, moved = self.record(document_id), self._catalogue.moved.get(document_id, [])
        candidates = [*([record] if record else []), *moved]
        meant = (one for one in candidates if version and one.text_version == version)
        return next(meant, candidates[0] if candidates else None)

    def passages_of(self, document_id: str) -> list[Passage]:
        """A document's passages in order; empty for an unknown document."""
        record = self.record(document_id)
        return list(self._passages(record.id, record.version)) if record else []

    def _read_passages(self, document_id: str, version: str) -> tuple[Passage, ...]:
        return tuple(self._store.passages_of(document_id, version))

    def text(self, document_id: str) -> str:
        """A document's whole text; empty for an unknown document."""
        record = self.record(document_id)
        return self.text_of(record) if record else ""

    def text_of(self, record: Record) -> str:
        """The whole text of the version of a document that ``record`` is of; empty where it is gone."""
        return self._text(record.id, record.version)

    def _read_text(self, document_id: str, version: str) -> str:
        return "".join(passage.text for passage in self._passages(document_id, version))

    def text_version(self, record: Record) -> str:
        """The name of what the text of that version of a document says; see `version_of`."""
        return record.text_version or self._text_version(record.id, record.version)

    def _read_text_version(self, document_id: str, version: str) -> str:
        return version_of(self._read_text(document_id, version))

    def earlier_versions(self, document_id: str) -> list[EarlierVersion]:
        """What a document said before, the latest replaced first; without what it says again now."""
        record = self.record(document_id)
        present = self.text_version(record) if record else ""
        versions = self._versions(record) if record else []
        return [version for version in versions if version.version != present]

    def history(self, document_id: str) -> list[EarlierVersion]:
        """What a document said until it was replaced, the first replaced first; also what it says again now."""
        record = self.record(document_id)
        return self._versions(record)[::-1] if record else []

    def _versions(self, record: Record) -> list[EarlierVersion]:
        """The latest replaced first."""
        return self._earlier.of(record.id)

    def edited(self, records: Sequence[Record]) -> dict[str, int]:
        """How many other texts each of these documents has had, by id, where it has had any."""
        versions = self._earlier.among([record.id for record in records])
        present = {record.id: record.text_version for record in records}
        counts = {key: len(names - {present[key]}) for key, names in versions.items()}
        return {key: count for key, count in counts.items() if count}

    def earlier_text(self, version: EarlierVersion) -> str:
        """The whole text of an earlier version; empty where it has been deleted meanwhile."""
        return self._earlier.text(version)

    def keep_earlier(self, versions: Sequence[ReplacedText]) -> None:
        """Keep earlier versions of documents that are in the index, which come from another one."""
        with self._change():
            known = [version for version in versions if version.record.id in self._catalogue.by_id]
            self._earlier.keep(known)

    def earlier_total(self) -> tuple[int, int]:
        """How many earlier versions of all documents are kept, and the bytes of their texts."""
        return self._earlier.total()

    def removed(self, document_id: str) -> RemovedDocument | None:
        """A document that was removed and can still be put back; None where there is none, or it is in the index."""
        return None if self.record(document_id) else self._earlier.removed(document_id)

    def owners(self, ids: Sequence[str]) -> dict[str, Record]:
        """The documents of passages, by passage id; only those of committed versions."""
        owners = self._catalogue.owners(ids)
        if len(owners) < len(set(ids)) and self.follow(wait=False):  # of a version that another has put
            owners = self._catalogue.owners(ids)
        return owners

    def fetch(self, ids: Sequence[str]) -> dict[str, tuple[Passage, Record]]:
        """Passages by id with their documents; only those of committed versions."""
        passages = self._store.passages(ids)
        committed = self._catalogue.committed(passages)
        if len(committed) < len(passages) and self.follow(wait=False):  # of a version that another has put
            committed = self._catalogue.committed(passages)
        return committed

    def vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """The vectors of those passages that are there, each of shape (dimensions,)."""
        return self._store.vectors(ids)

    def sentence_vectors(self, ids: Sequence[str]) -> dict[str, SentenceVectors]:
        """The vectors of the sentences of those passages that have some, each of shape (sentences, dimensions)."""
        return self._store.sentence_vectors(ids)

    def nearest(self, vector: Vectors, limit: int, documents: Sequence[str] = ()) -> list[tuple[str, float]]:
        """Passage ids by meaning with their cosines, best first."""
        limit = min(limit, self.passages)
        return self._store.nearest(vector, limit, documents) if limit else []

    def spelled(
        self, terms: Sequence[Term], limit: int, documents: Sequence[str] = ()
    ) -> list[tuple[str, float]]:
        """Passage ids by spelling with their BM25 scores, best first."""
        self._mend_if_possible()
        return self._lexical.search(terms, limit, documents)

    def holding(self, phrases: Sequence[Phrase]) -> list[Record]:
        """The documents whose text may have all these phrases, newest first; of long phrases only the beginning counts."""
        self._mend_if_possible()
        held = [self._lexical.keys_with(phrase) for phrase in phrases]
        keys = set.intersection(*held) if held else set()
        return [record for record in self.records() if key_of(record) in keys]

    def passages_holding(self, phrases: Sequence[Phrase], records: Sequence[Record]) -> list[str]:
        """The ids of passages of these documents in each of which all phrases may begin, in the order of the documents."""
        most = sum(record.passages for record in records)
        order = {record.id: number for number, record in enumerate(records)}
        found = (
            self._lexical.passages_with(phrases, [key_of(record) for record in records], most) if most else []
        )
        owned = [key for key in found if document_and_version(key)[0] in order]
        return sorted(owned, key=lambda key: (order[document_and_version(key)[0]], key))

    def _mend_if_possible(self) -> None:
        """Where a change failed and cannot be mended yet, what the lexical index has still counts."""
        if self._events is _UNSURE:
            with suppress(StoreError):
                self.follow(wait=False)

    def dense_backgrounds(self, vector: Vectors) -> dict[str, Background]:
        """How similar ``vector`` is to passages at large, for each language of a cached sample of them."""
        return self._sample.backgrounds(vector, self.passages, self._catalogue.owners)

    def language_centres(self) -> dict[str, Vectors]:
        """The mean vector of each language's passages, shape (dimensions,), by the cached sample, where it has enough."""
        return self._sample.centres(self.passages, self._catalogue.owners)

    def lexical_backgrounds(self, terms: Sequence[Term]) -> dict[str, Background]:
        """How the terms score over passages at large, for each language of a sample of them."""
        return self._lexical.backgrounds(terms)

    def rarity(self, forms: Sequence[str]) -> float:
        """How rare a word is: log(1 + 1 / share) of the passages that have its most usual form; at least log 2."""
        return math.log1p(1 / max(self.share_holding(form) for form in forms))

    def spellings(self, beginning: str) -> dict[str, int]:
        """The words of the collection that begin so, in lower case and without accents, each with its number of passages."""
        return self._lexical.spellings(beginning)

    def share_holding(self, word: str) -> float:
        """The share of passages that may hold ``word``, in (0, 1]."""
        return self._lexical.share_holding(word)


def _links(folder: Path, store: ChromaStore) -> StoryLinks:
    return StoryLinks(store, folder / "stories" / f"{store.fingerprint}.sqlite3")


def _lexical(folder: Path, fingerprint: str) -> LexicalIndex:
    return LexicalIndex(folder / "lexical" / fingerprint)
