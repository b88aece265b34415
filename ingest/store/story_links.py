"""Which documents are linked as copies, in a file of this process's own: derived from the store, and kept in step with it.

The file holds, for every version of a document that has been compared with all others, its links. A version is written with
its links in one transaction: a version that is there has been compared with all that are, and what is missing is compared
anew. Where the file is damaged, or was made by other rules, it is made again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from ingest.embedding.types import traits_of
from ingest.store.chroma import ChromaStore
from ingest.store.derived_file import DerivedFile
from ingest.store.records import key_of, passage_id
from ingest.store.stories import EDITION, Links, Sketch, link_strength, unit
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
        self._file = DerivedFile(path, EDITION, _TABLES, ("documents", "links"))
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
        self._write([], [], compared - by_key.keys())
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
        sketches = self._sketches([catalogue[key] for key in sorted(frozenset().union(*pairs))])
        found: list[Compared] = []
        for pair, cosine in pairs.items():
            key, other = sorted(pair)
            if key in sketches and other in sketches:
                strength = link_strength(sketches[key], sketches[other], cosine, self._alike)
                if strength > 0:
                    found.append((key_of(catalogue[key]), key_of(catalogue[other]), strength))
        return found

    def _sketches(self, records: Sequence[Record]) -> dict[str, Sketch]:
        """By document id; those that others are just changing are left out."""
        ids = {
            record.id: [passage_id(record.id, record.version, n) for n in range(min(READ, record.passages))]
            for record in records
        }
        every = [key for keys in ids.values() for key in keys]
        passages = {key: passage for key, (passage, _) in self._store.passages(every).items()}
        vectors = self._store.sentence_vectors(every)
        sketches: dict[str, Sketch] = {}
        for record in records:
            own = [passages[key] for key in ids[record.id] if key in passages]
            if len(own) < len(ids[record.id]):
                continue
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
