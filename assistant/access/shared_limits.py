"""How often a caller has been counted by other servers: each tells the others every second what it has counted.

So no request waits for the database. What comes to several servers within the same second may be more than is allowed, at most as often
as there are servers; from the next second on there is one limit. While the database is away each counts by itself.
"""

from __future__ import annotations

import time
import uuid
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from assistant.access.rate_limits import RateLimit, told_as
from assistant.shared.rounds import Rounds

if TYPE_CHECKING:
    from assistant.shared.database import Database

_TOPIC = "limits"
_TABLES = (
    "CREATE TABLE IF NOT EXISTS limits (kind TEXT, name TEXT, replica TEXT, second BIGINT, count INTEGER NOT NULL, "
    "PRIMARY KEY (kind, name, replica, second))",
    "CREATE INDEX IF NOT EXISTS limits_second ON limits (second)",
)
_EVERY = 1.0
_LONGEST = 3_600  # seconds that any limit looks back, also one of an earlier release


class CountedLimits:
    """The limits of this server, which count what other servers have counted as well, where there is a ``database``. Thread-safe."""

    def __init__(self, database: Database | None) -> None:
        self._database = database
        self._name = uuid.uuid4().hex
        self._limits: dict[str, RateLimit] = {}
        self._rounds = Rounds("limits", _EVERY, self.exchange)

    def limit(self, kind: str, most: int, seconds: float) -> RateLimit:
        """One limit; the same ``kind`` is the same limit on all servers."""
        made = self._limits[kind] = RateLimit(most, seconds)
        return made

    def start(self) -> None:
        """Begin to tell and to hear. Returns at once."""
        if self._database is not None:
            self._rounds.start()

    def close(self) -> None:
        self._rounds.close()

    def exchange(self) -> None:
        """Tell what has been counted here, and hear what elsewhere. Raises a `StoreError`."""
        if self._database is None:
            return
        self._database.make(_TOPIC, _TABLES)
        with self._database.writing(_TOPIC) as rows:
            now = rows.now()
            for kind, limit in self._limits.items():
                rows.do(
                    "DELETE FROM limits WHERE kind = ? AND second < ?", kind, int(now - limit.seconds) - 1
                )
                counted, forgotten = limit.told()
                for name in forgotten:
                    rows.do("DELETE FROM limits WHERE kind = ? AND name = ?", kind, told_as(name))
                for name, count in counted.items():
                    rows.do(
                        "INSERT INTO limits VALUES (?, ?, ?, ?, ?) ON CONFLICT (kind, name, replica, second) "
                        "DO UPDATE SET count = limits.count + excluded.count",
                        kind,
                        told_as(name),
                        self._name,
                        int(now),
                        count,
                    )
            rows.do("DELETE FROM limits WHERE second < ?", int(now) - _LONGEST)
            found = rows.all(
                "SELECT kind, name, second, SUM(count) FROM limits WHERE replica <> ? GROUP BY kind, name, second",
                self._name,
            )
        elsewhere: dict[str, dict[str, Counter[float]]] = defaultdict(lambda: defaultdict(Counter))
        ours = time.monotonic() - now
        for kind, name, second, count in found:
            elsewhere[kind][name][second + ours] += int(count)
        for kind, limit in self._limits.items():
            limit.hear(elsewhere[kind])
