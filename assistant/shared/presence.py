"""Which of the servers that share a database are alive: each says so every few seconds, by the clock of the database.

What belongs to one that has been silent for `DEAD` seconds is taken over by others.
"""

from __future__ import annotations

import uuid
from contextlib import suppress

from assistant.shared.database import Database, Rows
from assistant.shared.rounds import Rounds
from ingest.errors import StoreError

DEAD = 20.0
_EVERY = 4.0
TOPIC = "presence"
_TABLES = (
    "CREATE TABLE IF NOT EXISTS replicas (name TEXT PRIMARY KEY, folder TEXT NOT NULL, heard DOUBLE PRECISION NOT NULL)",
)


class Presence:
    """This process among those that share ``database``; ``folder`` names its data folder, which one process has at a time.

    What an earlier process had that owned the same folder can be taken over at once.
    """

    def __init__(self, database: Database, folder: str) -> None:
        self.name = uuid.uuid4().hex
        self._database = database
        self._folder = folder
        self._rounds = Rounds("presence", _EVERY, self.tell)

    def start(self) -> None:
        """Returns at once; the database may come later."""
        self._rounds.start()

    def close(self) -> None:
        """Others may take over at once."""
        self._rounds.close()
        with suppress(StoreError), self._database.writing(TOPIC) as rows:
            rows.do("DELETE FROM replicas WHERE name = ?", self.name)

    def make(self) -> None:
        """Make the table unless it is there. Raises a `StoreError`."""
        self._database.make(TOPIC, _TABLES)

    def tell(self) -> None:
        """Say that this process is alive. Raises a `StoreError`."""
        self.make()
        with self._database.writing(TOPIC) as rows:
            now = rows.now()
            rows.do("DELETE FROM replicas WHERE heard < ?", now - DEAD)
            rows.do("DELETE FROM replicas WHERE folder = ? AND name <> ?", self._folder, self.name)
            rows.do(
                "INSERT INTO replicas VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET heard = excluded.heard",
                self.name,
                self._folder,
                now,
            )

    @staticmethod
    def alive(rows: Rows) -> set[str]:
        """The names of the processes that have been heard of."""
        found = rows.all("SELECT name FROM replicas WHERE heard >= ?", rows.now() - DEAD)
        return {name for (name,) in found}
