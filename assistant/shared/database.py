"""The PostgreSQL database that several servers share: transactions on connections that are kept open.

All who write to one ``topic`` do so one after the other, in whichever process, so what a transaction has read stays true until it ends.
"""

from __future__ import annotations

import ssl
import threading
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from pg8000 import dbapi

from ingest.errors import StoreUnreachable

_IDLE = 8  # connections that are kept open while nobody needs them
_SECONDS = 20.0  # that a statement may take
dbapi.paramstyle = "qmark"


class Rows:
    """The statements of one transaction; values stand for question marks."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor
        self.acts: list[Callable[[], object]] = []

    def afterwards(self, act: Callable[[], object]) -> None:
        """Do something once the transaction has been stored, and not where it fails."""
        self.acts.append(act)

    def all(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """What a statement selects or returns."""
        self._cursor.execute(statement, values)
        return [tuple(row) for row in self._cursor.fetchall()]

    def one(self, statement: str, *values: object) -> tuple[Any, ...] | None:
        """The first row; None where there is none."""
        rows = self.all(statement, *values)
        return rows[0] if rows else None

    def do(self, statement: str, *values: object) -> int:
        """How many rows a statement has changed."""
        self._cursor.execute(statement, values)
        return int(self._cursor.rowcount)

    def now(self) -> float:
        """Seconds since 1970 by the clock of the database: the same for all who share it."""
        row = self.one("SELECT EXTRACT(EPOCH FROM clock_timestamp())::float8")
        return float(row[0]) if row else 0.0


class Database:
    """The database at ``url``, as in postgresql://user:password@host:5432/name. It connects when first used. Thread-safe.

    Raises `StoreUnreachable`; what was done in a transaction then has not happened.
    """

    def __init__(self, url: str) -> None:
        self._options = _options(url)
        self._idle: list[Any] = []
        self._lock = threading.Lock()
        self._made: set[str] = set()

    def make(self, topic: str, tables: Sequence[str]) -> None:
        """Make the tables of a topic unless they are there. Once in a process it is enough."""
        if topic not in self._made:
            with self.writing(topic) as rows:
                for table in tables:
                    rows.do(table)
            self._made.add(topic)

    @contextmanager
    def reading(self) -> Iterator[Rows]:
        """A transaction that changes nothing, or one row by one statement."""
        with self._transaction("") as rows:
            yield rows

    @contextmanager
    def writing(self, topic: str) -> Iterator[Rows]:
        """A transaction that no other of the topic goes beside."""
        with self._transaction(topic) as rows:
            yield rows

    def close(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            _closed(connection)

    @contextmanager
    def _transaction(self, topic: str) -> Iterator[Rows]:
        connection, cursor = self._begun(topic)
        try:
            rows = Rows(cursor)
            yield rows
            connection.commit()
        except (dbapi.Error, OSError, AttributeError) as error:
            _closed(connection)
            raise _unreachable(error) from error
        except BaseException:
            with suppress(Exception):
                connection.rollback()
            self._give_back(connection)
            raise
        self._give_back(connection)
        for act in rows.acts:
            act()

    def _begun(self, topic: str) -> tuple[Any, Any]:
        """A connection on which a transaction has begun; one that has been closed meanwhile is passed over."""
        while True:
            with self._lock:
                kept = self._idle.pop() if self._idle else None
            try:
                connection = kept or dbapi.connect(**self._options)
                cursor = connection.cursor()
                if topic:
                    cursor.execute("SELECT pg_advisory_xact_lock(?)", (zlib.crc32(topic.encode()),))
                else:
                    cursor.execute("SELECT 1")
                return connection, cursor
            except (dbapi.Error, OSError, AttributeError) as error:
                if kept is None:
                    raise _unreachable(error) from error
                _closed(kept)

    def _give_back(self, connection: Any) -> None:
        with self._lock:
            if len(self._idle) < _IDLE:
                self._idle.append(connection)
                return
        _closed(connection)


def _options(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    asked = parse_qs(parts.query)
    tls = asked.get("sslmode", [""])[0] in ("require", "verify-ca", "verify-full")
    return {
        "user": unquote(parts.username or "postgres"),
        "password": unquote(parts.password) if parts.password else None,
        "host": parts.hostname or "localhost",
        "port": parts.port or 5432,
        "database": unquote(parts.path.strip("/")) or "assistant",
        "ssl_context": ssl.create_default_context() if tls else None,
        "timeout": _SECONDS,
        "application_name": "article-assistant",
    }


def _closed(connection: Any) -> None:
    with suppress(Exception):
        connection.close()


def _unreachable(error: Exception) -> StoreUnreachable:
    said = error.args[0] if error.args else error
    why = said.get("M", said) if isinstance(said, dict) else said
    return StoreUnreachable(
        f"The database of ASSISTANT_DATABASE_URL cannot be used ({why}). Check that it runs, and that setting."
    )
