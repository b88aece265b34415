"""The catalogue in a file of this process's own, so that a start does not read it from Chroma: seconds for ten thousand documents.

It is the state after certain events, and counts only while these are the latest ones that the store has, and no change was left half
made. Every change is written to it after its event: killed in between, the next start reads the store. The file is derived, as the
lexical index is: damaged, or of other rules, it is made anew.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import fields
from pathlib import Path

from ingest.errors import StoreError
from ingest.store.derived_file import DerivedFile
from ingest.store.serialisation import record_data, record_of
from ingest.types import Record

# A release that keeps more of a document makes the file anew.
EDITION = "1 " + " ".join(field.name for field in fields(Record))
_TABLES = """
    CREATE TABLE IF NOT EXISTS records (id TEXT PRIMARY KEY, data TEXT) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS events (event TEXT PRIMARY KEY) WITHOUT ROWID;
"""


class CatalogueFile:
    """The file at ``path``, in memory where there is none. Where it cannot be written, it is out of date, and nothing else comes of it."""

    def __init__(self, path: Path | None) -> None:
        self._file = DerivedFile(path, EDITION, _TABLES, ("records", "events"))

    def close(self) -> None:
        self._file.close()

    def read(self, events: frozenset[str], documents: int) -> list[Record] | None:
        """The records after these events, if they are that many; None where the file does not have them."""
        if not events:
            return None
        records: list[Record] = []

        def look() -> None:
            records.clear()
            if self._events() == events:
                rows = self._file.connection.execute("SELECT id, data FROM records")
                records.extend(record_of(key, json.loads(data)) for key, data in rows)

        try:
            self._file.in_step(look)
        except (
            StoreError,
            ValueError,
            TypeError,
            LookupError,
            AttributeError,
        ):  # damaged within what SQLite can read
            return None
        return records if len(records) == documents else None

    def is_of(self, events: frozenset[str]) -> bool:
        """Whether it is the state after these events; not where it cannot be read."""
        with suppress(StoreError), self._file.lock, self._file.translated():
            return self._events() == events
        return False

    def change(self, fresh: Iterable[Record], gone: Collection[str], events: frozenset[str]) -> None:
        """From one state to the next."""
        self._write(fresh, gone, events, anew=False)

    def replace(self, records: Iterable[Record], events: frozenset[str]) -> None:
        """All of it anew."""
        self._write(records, (), events, anew=True)

    def _events(self) -> frozenset[str]:
        return frozenset(event for (event,) in self._file.connection.execute("SELECT event FROM events"))

    def _write(
        self, fresh: Iterable[Record], gone: Collection[str], events: frozenset[str], *, anew: bool
    ) -> None:
        rows = ((one.id, json.dumps(record_data(one))) for one in fresh)
        with suppress(StoreError), self._file.lock, self._file.translated(), self._file.connection as file:
            file.execute("DELETE FROM events")
            if anew:
                file.execute("DELETE FROM records")
            file.executemany("DELETE FROM records WHERE id = ?", [(key,) for key in gone])
            file.executemany("INSERT OR REPLACE INTO records VALUES (?, ?)", rows)
            file.executemany("INSERT INTO events VALUES (?)", [(event,) for event in events])
