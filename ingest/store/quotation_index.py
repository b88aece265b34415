"""Whose words stand where, over all documents, in a file of this process's own: derived from the store, and kept in step with it.

The file holds the quotations of every version of a document that has been read, written with that version in one
transaction. What is of no committed version is dropped, what is missing is read anew. Where the file is damaged, or was
made by other rules, it is made again. Texts are not in it: they stay in the store.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from ingest.store.chroma import ChromaStore
from ingest.store.derived_file import DerivedFile
from ingest.store.quotation_rows import (
    EDITION,
    CopiedQuotations,
    NameCounts,
    QuotationQuery,
    StoredQuotation,
    condition,
    rows_of,
    stored_of,
)
from ingest.store.records import passage_id
from ingest.types import Passage, Record

_AT_ONCE = 50  # documents that are read and written together
_TABLES = """
    CREATE TABLE IF NOT EXISTS documents
        (number INTEGER PRIMARY KEY, document TEXT, version TEXT, looked INTEGER, UNIQUE (document, version));
    CREATE TABLE IF NOT EXISTS quotations
        (id INTEGER PRIMARY KEY, number INTEGER, document TEXT, published TEXT, first INTEGER, last INTEGER, kind INTEGER,
         start INTEGER, "end" INTEGER, cue TEXT, written TEXT, name TEXT, digest INTEGER);
    CREATE INDEX IF NOT EXISTS of_document ON quotations (document, first);
    CREATE INDEX IF NOT EXISTS of_version ON quotations (number);
    CREATE INDEX IF NOT EXISTS by_name ON quotations (name);
    CREATE INDEX IF NOT EXISTS by_digest ON quotations (digest);
    CREATE INDEX IF NOT EXISTS newest ON quotations (published DESC, document, start);
    CREATE INDEX IF NOT EXISTS oldest ON quotations (published = '', published, document, start);
    CREATE TEMP TABLE IF NOT EXISTS copied (id INTEGER PRIMARY KEY, copies INTEGER);
"""
_INSERTED = "INSERT INTO quotations VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_WHOLE = (
    'quotations.id, quotations.document, documents.version, published, first, last, kind, start, "end", cue, written, name '
    "FROM quotations JOIN documents USING (number)"
)
_IN_COPIES = "copied.copies, copied.id FROM copied CROSS JOIN quotations ON quotations.id = copied.id"
_REPEATED = """
    SELECT digest, id, document FROM quotations
    WHERE digest IN (SELECT digest FROM quotations GROUP BY digest HAVING COUNT(*) > 1)
    ORDER BY published = '', published, document, start
"""
_NEWEST = "published DESC, quotations.document, start"
_OLDEST = "published = '', published, quotations.document, start"


class QuotationIndex:
    """The quotations of the documents in ``store``, in memory where there is no path. Thread-safe.

    Methods raise `StoreError` where the file or the store fails.
    """

    def __init__(self, store: ChromaStore, path: Path | None = None) -> None:
        self._store = store
        self._file = DerivedFile(path, EDITION, _TABLES, ("documents", "quotations"))
        self._names: NameCounts | None = None
        self._repeated: dict[int, list[tuple[int, str]]] | None = None
        self._copied: CopiedQuotations | None = None  # what the table of that name holds

    def close(self) -> None:
        self._file.close()

    # -- kept in step ------------------------------------------------------------------------

    @property
    def read(self) -> frozenset[tuple[str, str]]:
        """The versions of documents whose quotations are here: (document id, version)."""
        with self._reading() as file:
            return frozenset(file.execute("SELECT document, version FROM documents"))

    def has_read(self, record: Record) -> bool:
        """Whether the quotations of that version of a document are here."""
        with self._reading() as file:
            found = file.execute(
                "SELECT 1 FROM documents WHERE document = ? AND version = ?", (record.id, record.version)
            )
            return found.fetchone() is not None

    def sync(self, catalogue: Mapping[str, Record]) -> None:
        """Drop what is of no committed version, and read what is missing."""
        self._file.in_step(lambda: self._sync(catalogue))

    def _sync(self, catalogue: Mapping[str, Record]) -> None:
        with self._file.lock:
            known = set(self._file.connection.execute("SELECT document, version FROM documents"))
        wanted = {(record.id, record.version): record for record in catalogue.values()}
        if gone := known - wanted.keys():
            self._write([], gone)
        missing = [record for key, record in wanted.items() if key not in known]
        for start in range(0, len(missing), _AT_ONCE):
            self._write(self._with_passages(missing[start : start + _AT_ONCE]), ())

    def update(self, fresh: Sequence[tuple[Record, Sequence[Passage]]], gone: Sequence[Record]) -> None:
        """Take in documents with all their passages, and drop those that are gone."""
        with self._file.translated():
            self._write(fresh, [(record.id, record.version) for record in gone])

    def _with_passages(self, records: Sequence[Record]) -> list[tuple[Record, list[Passage]]]:
        """The documents with their passages; those that others are just changing are left out."""
        ids = {
            record.id: [passage_id(record.id, record.version, n) for n in range(record.passages)]
            for record in records
        }
        found = self._store.passages([key for keys in ids.values() for key in keys])
        return [
            (record, [found[key][0] for key in ids[record.id]])
            for record in records
            if all(key in found for key in ids[record.id])
        ]

    def _write(
        self, fresh: Sequence[tuple[Record, Sequence[Passage]]], gone: Collection[tuple[str, str]]
    ) -> None:
        with self._file.lock, self._file.connection:  # one transaction
            for key in [*gone, *((record.id, record.version) for record, _ in fresh)]:
                self._file.connection.execute(
                    "DELETE FROM quotations WHERE number IN (SELECT number FROM documents WHERE document = ? AND version = ?)",
                    key,
                )
                self._file.connection.execute("DELETE FROM documents WHERE document = ? AND version = ?", key)
            for record, passages in fresh:
                looked = any(passage.quotations is not None for passage in passages)
                added = self._file.connection.execute(
                    "INSERT INTO documents (document, version, looked) VALUES (?, ?, ?)",
                    (record.id, record.version, looked),
                )
                rows = [(added.lastrowid, *row) for row in rows_of(record, passages)]
                self._file.connection.executemany(_INSERTED, rows)
            self._names = self._repeated = self._copied = None

    # -- asked -------------------------------------------------------------------------------

    def names(self, documents: Collection[str] | None = None) -> NameCounts:
        """The names of all speakers, or of those in some documents."""
        with self._reading() as file:
            if documents is None and self._names is not None:
                return self._names
            where, values = condition(QuotationQuery(documents=documents))
            rows = file.execute(_sql("name, COUNT(*) FROM quotations", where, "GROUP BY name"), values)
            counts = dict(rows.fetchall())
            names = NameCounts(counts, counts.pop("", 0))
            if documents is None:
                self._names = names
            return names

    def not_looked_at(self) -> list[str]:
        """The ids of the documents in which quotations were not looked for, in no order."""
        with self._reading() as file:
            return [key for (key,) in file.execute("SELECT document FROM documents WHERE NOT looked")]

    def repeated(self) -> Mapping[int, Sequence[tuple[int, str]]]:
        """Quotations of the same words, by a digest of them: their keys and document ids, the earliest first."""
        with self._reading() as file:
            if self._repeated is None:
                self._repeated = {}
                rows = file.execute(_REPEATED)
                for digest, key, document in rows:
                    self._repeated.setdefault(digest, []).append((key, document))
            return self._repeated

    def told_again(self, query: QuotationQuery, copied: CopiedQuotations) -> dict[int, list[int]]:
        """Of quotations that fit and stand in copies, the key of the earliest that fits, with those of the others."""
        if not copied.groups:
            return {}
        where, values = condition(query)
        with self._reading() as file:
            if self._copied is not copied:
                rows = [(key, number) for number, keys in enumerate(copied.groups) for key in keys]
                with file:
                    file.execute("DELETE FROM copied")
                    file.executemany("INSERT OR IGNORE INTO copied VALUES (?, ?)", rows)
                self._copied = copied
            fitting = file.execute(_sql(_IN_COPIES, where, f"ORDER BY {_OLDEST}"), values)
            found: dict[int, list[int]] = {}
            for number, key in fitting:
                found.setdefault(number, []).append(key)
        return {keys[0]: keys[1:] for keys in found.values() if len(keys) > 1}

    def count(self, query: QuotationQuery) -> int:
        where, values = condition(query)
        with self._reading() as file:
            return int(file.execute(_sql("COUNT(*) FROM quotations", where), values).fetchone()[0])

    def find(
        self,
        query: QuotationQuery,
        *,
        limit: int,
        offset: int = 0,
        oldest: bool = False,
        without: Collection[int] = frozenset(),
    ) -> list[StoredQuotation]:
        """Some of the quotations that fit, the newest or the oldest first, those without a date last; ``without`` these."""
        where, values = condition(query)
        order = _OLDEST if oldest else _NEWEST
        with self._reading() as file:
            keys: list[int] = []
            passed = 0
            for (key,) in file.execute(_sql("id FROM quotations", where, f"ORDER BY {order}"), values):
                if key in without:
                    continue
                if passed >= offset:
                    keys.append(key)
                passed += 1
                if len(keys) >= limit:
                    break
            found = self._by_key(file, keys)
        return [found[key] for key in keys]

    def some(self, keys: Sequence[int]) -> list[StoredQuotation]:
        """Quotations by key, in that order."""
        with self._reading() as file:
            found = self._by_key(file, keys)
        return [found[key] for key in keys if key in found]

    def in_passages(
        self, query: QuotationQuery, places: Collection[tuple[str, int]]
    ) -> list[StoredQuotation]:
        """Those that fit and begin in these passages: (document id, number of the passage)."""
        where, values = condition(query)
        keys: list[int] = []
        with self._reading() as file:
            for place in places:
                rows = file.execute(
                    _sql("id FROM quotations", f"document = ? AND first = ? AND {where}"), (*place, *values)
                )
                keys += [key for (key,) in rows]
            found = self._by_key(file, keys)
        return [found[key] for key in keys]

    def places(self, query: QuotationQuery, limit: int) -> list[tuple[str, int]]:
        """The passages that quotations which fit begin in: (document id, number), at most ``limit``, in no order."""
        where, values = condition(query)
        with self._reading() as file:
            return file.execute(
                _sql("DISTINCT document, first FROM quotations", where, "LIMIT ?"), (*values, limit)
            ).fetchall()

    def documents(self, query: QuotationQuery) -> list[str]:
        """The ids of the documents that have quotations which fit, in no order."""
        where, values = condition(query)
        with self._reading() as file:
            return [key for (key,) in file.execute(_sql("DISTINCT document FROM quotations", where), values)]

    def months(self, query: QuotationQuery, without: Collection[int] = frozenset()) -> dict[str, int]:
        """How many fit by month of publication, as in "2025-03"; "" for documents without a date."""
        where, values = condition(query)
        counts: dict[str, int] = {}
        with self._reading() as file:
            for key, day in file.execute(
                _sql("id, published FROM quotations", where, "ORDER BY published"), values
            ):
                if key not in without:
                    counts[day[:7]] = counts.get(day[:7], 0) + 1
        return counts

    def _by_key(self, file: sqlite3.Connection, keys: Sequence[int]) -> dict[int, StoredQuotation]:
        found: dict[int, StoredQuotation] = {}
        if keys:
            rows = file.execute(
                _sql(_WHOLE, "quotations.id IN (SELECT value FROM json_each(?))"), (json.dumps(keys),)
            )
            found |= {row[0]: stored_of(row) for row in rows}
        return found

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._file.lock, self._file.translated():
            yield self._file.connection


def _sql(what: str, where: str, rest: str = "") -> str:
    """A query; its parts are this module's own, values are passed beside it."""
    return " ".join(("SELECT", what, "WHERE", where, rest))
