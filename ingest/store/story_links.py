"""Which documents are linked as copies, in a file of this process's own: derived from the store, and kept in step with it.

The file holds, for every version of a document that has been compared with all others, its links. A version is written with
its links in one transaction: a version that is there has been compared with all that are, and what is missing is compared
anew. Where the file is damaged, or was made by other rules, it is made again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from ingest.embedding.types import traits_of
from ingest.store.chroma import ChromaStore
from ingest.store.derived_file import DerivedFile
from ingest.store.records import key_of, passage_id
from ingest.store.rough_sketches import RoughSketch
from ingest.store.stories import EDITION, Links, Sketch, days_apart, link_strength, may_be_linked, unit
from ingest.text.sentences import trimmed_sentences
from ingest.text.shared_wording import wording_of
from ingest.types import Passage, Record, version_of

MOST_NEAR = 100  # documents that one is compared with: the nearest by their vectors
READ = 40  # passages of a document that are compared, its first ones
_AT_ONCE = 50  # documents whose links are found together
_TABLES = """
    CREATE TABLE IF NOT EXISTS documents (key TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS links (one TEXT, other TEXT, strength REAL, PRIMARY KEY (one, other)) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS others ON links (other);
    CREATE TABLE IF NOT EXISTS sketches (key TEXT PRIMARY KEY, rough BLOB);
"""

Compared = tuple[str, str, float]  # the keys of two documents, and the strength of their link


class StoryLinks:
    """The links of the documents in ``store``, in memory where there is no path. One thread at a time may change them.

    ``model`` is the name of the embedding model that made the store, where that is not the one in use yet.

    Methods raise `StoreError` where the file or the store fails.
    """

    def __init__(self, store: ChromaStore, path: Path | None = None, model: str = "") -> None:
        self._store = store
        self._alike = traits_of(model or store.model).alike
        self._file = DerivedFile(path, EDITION, _TABLES, ("documents", "links", "sketches"))
        self._ids: dict[str, str] = {}  # document ids by key
        self.links: Links = {}  # never changed, another takes its place

    @property
    def compared(self) -> frozenset[str]:
        """The keys of the documents that have been compared with all others."""
        return frozenset(self._ids)

    def close(self) -> None:
        self._file.close()

    def sync(self, catalogue: Mapping[str, Record]) -> None:
        """Drop what is of no committed version, and compare what is missing."""
        self._file.in_step(lambda: self._sync(catalogue))

    def _sync(self, catalogue: Mapping[str, Record]) -> None:
        by_key = {key_of(record): record for record in catalogue.values()}
        compared = {key for (key,) in self._file.connection.execute("SELECT key FROM documents")}
        self._ids = {key: record.id for key, record in by_key.items() if key in compared}
        sketched = {key for (key,) in self._file.connection.execute("SELECT key FROM sketches")}
        self._write([], [], (compared | sketched) - by_key.keys())
        self.links = _joined({}, self._read(), self._ids)
        missing = [record for key, record in by_key.items() if key not in compared]
        for first in range(0, len(missing), _AT_ONCE):
            self.update(missing[first : first + _AT_ONCE], [], catalogue)

    def update(
        self, fresh: Sequence[Record], gone: Sequence[Record], catalogue: Mapping[str, Record]
    ) -> None:
        """Compare ``fresh`` documents of the catalogue with those compared before, and with one another; drop those ``gone``."""
        dropped = {key_of(record) for record in gone}
        links = _without(self.links, {record.id for record in gone})
        ids = {key: value for key, value in self._ids.items() if key not in dropped} if dropped else self._ids
        ids = ids | {key_of(record): record.id for record in fresh}
        pairs = self._compared(fresh, ids, catalogue) if fresh else []
        with self._file.translated():
            self._write([key_of(record) for record in fresh], pairs, dropped)
        self._ids, self.links = ids, _joined(links, pairs, ids)

    def _compared(
        self, fresh: Sequence[Record], ids: Mapping[str, str], catalogue: Mapping[str, Record]
    ) -> list[Compared]:
        """The links of fresh documents."""
        near = self._store.near_documents(
            [record.id for record in fresh], MOST_NEAR, self._alike[0] - 4 * self._alike[1]
        )
        pairs = {
            frozenset((key, other)): cosine
            for key, others in near.items()
            for other, cosine in others
            if key != other and key in catalogue and other in catalogue and key_of(catalogue[other]) in ids
        }
        pairs = self._not_told_apart(pairs, catalogue)
        sketches = self._sketches([catalogue[key] for key in sorted(frozenset().union(*pairs))])
        found: list[Compared] = []
        for pair, cosine in pairs.items():
            key, other = sorted(pair)
            if key in sketches and other in sketches:
                strength = link_strength(sketches[key], sketches[other], cosine, self._alike)
                if strength > 0:
                    found.append((key_of(catalogue[key]), key_of(catalogue[other]), strength))
        return found

    def _not_told_apart(
        self, pairs: Mapping[frozenset[str], float], catalogue: Mapping[str, Record]
    ) -> dict[frozenset[str], float]:
        """The pairs without those that rough sketches, which are kept, tell to be no copies: nearly all."""
        records = [catalogue[key] for key in sorted(frozenset().union(*pairs))]
        roughs = self._roughs(records)
        left: dict[frozenset[str], float] = {}
        for pair, cosine in pairs.items():
            one, other = (catalogue[key] for key in sorted(pair))
            if one.text_version and one.text_version == other.text_version:
                left[pair] = cosine
            elif one.text_version and other.text_version and one.language != other.language:
                continue
            elif one.id in roughs and other.id in roughs:
                apart = days_apart(one, other)
                if not (one.text_version and other.text_version) or may_be_linked(
                    roughs[one.id], roughs[other.id], apart
                ):
                    left[pair] = cosine
        return left

    def _roughs(self, records: Sequence[Record]) -> dict[str, RoughSketch]:
        """By document id; what is not kept yet is made, and kept. Those that others are just changing are left out."""
        ids = {key_of(record): record.id for record in records}
        rows = self._file.connection.execute(
            "SELECT key, rough FROM sketches WHERE key IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
        roughs = {ids[key]: RoughSketch.from_bytes(rough) for key, rough in rows}
        missing = [record for record in records if record.id not in roughs]
        made = {
            record.id: RoughSketch.of(wording_of(_sentences(own, record.language)))
            for record, own in self._first_passages(missing)
        }
        with self._file.connection:
            self._file.connection.executemany(
                "INSERT OR REPLACE INTO sketches VALUES (?, ?)",
                [(key, made[ids[key]].to_bytes()) for key in ids if ids[key] in made],
            )
        return roughs | made

    def _first_passages(self, records: Sequence[Record]) -> Iterator[tuple[Record, list[Passage]]]:
        """What is compared of documents; those that others are just changing are left out."""
        ids = {
            record.id: [passage_id(record.id, record.version, n) for n in range(min(READ, record.passages))]
            for record in records
        }
        passages = self._store.passages([key for keys in ids.values() for key in keys])
        for record in records:
            own = [passages[key][0] for key in ids[record.id] if key in passages]
            if len(own) == len(ids[record.id]):
                yield record, own

    def _sketches(self, records: Sequence[Record]) -> dict[str, Sketch]:
        """By document id; those that others are just changing are left out."""
        read = list(self._first_passages(records))
        vectors = self._store.sentence_vectors([passage.id for _, own in read for passage in own])
        sketches: dict[str, Sketch] = {}
        for record, own in read:
            rows = [vectors[passage.id] for passage in own if passage.id in vectors]
            sketches[record.id] = Sketch(
                language=record.language,
                text_version=record.text_version or version_of("".join(passage.text for passage in own)),
                published=record.published,
                wording=wording_of(_sentences(own, record.language)),
                vectors=unit(rows) if len(rows) == len(own) else None,
            )
        return sketches

    def _read(self) -> list[Compared]:
        return list(self._file.connection.execute("SELECT one, other, strength FROM links"))

    def _write(self, fresh: Sequence[str], pairs: Sequence[Compared], gone: Collection[str]) -> None:
        with self._file.connection:  # one transaction
            for key in gone:
                self._file.connection.execute("DELETE FROM documents WHERE key = ?", (key,))
                self._file.connection.execute("DELETE FROM sketches WHERE key = ?", (key,))
                self._file.connection.execute("DELETE FROM links WHERE one = ? OR other = ?", (key, key))
            self._file.connection.executemany(
                "INSERT OR REPLACE INTO documents VALUES (?)", [(key,) for key in fresh]
            )
            self._file.connection.executemany("INSERT OR REPLACE INTO links VALUES (?, ?, ?)", pairs)


def _sentences(passages: Sequence[Passage], language: str) -> Iterator[str]:
    for passage in passages:
        spans = passage.sentences or [
            (span.start, span.end) for span in trimmed_sentences(passage.text, language)
        ]
        yield from (passage.text[start:end] for start, end in spans)


def _joined(links: Links, pairs: Sequence[Compared], ids: Mapping[str, str]) -> Links:
    """The links with more of them; those of unknown documents are left out."""
    more: dict[str, dict[str, float]] = {}
    for one, other, strength in pairs:
        if one in ids and other in ids:
            for key, beside in ((ids[one], ids[other]), (ids[other], ids[one])):
                more.setdefault(key, dict(links.get(key, {})))[beside] = strength
    return {**links, **more}


def _without(links: Links, gone: Collection[str]) -> Links:
    """The links without those of documents that are gone."""
    touched = {key for document in gone for key in links.get(document, ())} - set(gone)
    changed = {
        key: {other: strength for other, strength in links[key].items() if other not in gone}
        for key in touched
    }
    kept = {**links, **changed}
    return {key: others for key, others in kept.items() if key not in gone and others} if gone else links
