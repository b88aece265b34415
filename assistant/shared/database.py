"""The PostgreSQL database that several servers share: transactions on connections that are kept open.

All who write to one ``topic`` do so one after the other, in whichever process, so what a transaction has read stays true until it ends.
Whoever has begun one and is silent, a process that is held up or a machine that has gone, is cut off: the others do not wait for it.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from pg8000 import dbapi

from ingest.errors import StoreUnreachable

_IDLE = 8  # connections that are kept open while nobody needs them
_MOST = 16  # connections at a time
_SECONDS = 20.0  # that a statement may take
_CONNECTING = 5.0  # seconds
_PATIENCE = 16.0  # seconds to wait for others who write to the same topic
SILENT = (
    12.0  # seconds without a statement after which a transaction is given up: less than others wait for it
)
_AGAIN = 1.0  # seconds between two attempts to connect while the database is away
_LOCKED = "55P03"  # PostgreSQL's code where waiting for others took too long
dbapi.paramstyle = "qmark"


class DatabaseBusy(StoreUnreachable):
    """Others have been writing to the same topic for too long."""


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
        self._free = threading.BoundedSemaphore(_MOST)
        self._made: set[str] = set()
        self._away = ""  # why it cannot be reached, in words
        self._again = 0.0  # when the next attempt is made then, by `time.monotonic`

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
        if not self._free.acquire(timeout=_PATIENCE):
            raise DatabaseBusy(_BUSY)
        try:
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
        finally:
            self._free.release()
        for act in rows.acts:
            act()

    def _begun(self, topic: str) -> tuple[Any, Any]:
        """A connection on which a transaction has begun; where one has been closed meanwhile, so have the others."""
        while True:
            with self._lock:
                kept = self._idle.pop() if self._idle else None
            connection = kept or self._connected()
            try:
                cursor = connection.cursor()
                _begin(cursor, topic)
                return connection, cursor
            except (dbapi.Error, OSError, AttributeError) as error:
                _closed(connection)
                if _code(error) == _LOCKED:
                    raise DatabaseBusy(_BUSY) from error
                if kept is None:
                    raise _unreachable(error) from error
                self.close()

    def _connected(self) -> Any:
        """A new connection. While there is none to be had, one caller at a time tries, and the others are told so at once."""
        with self._lock:
            if self._away and time.monotonic() < self._again:
                raise StoreUnreachable(self._away)
            self._again = time.monotonic() + _CONNECTING + _SECONDS
        try:
            connection = _connection(self._options)
        except (dbapi.Error, OSError, AttributeError) as error:
            unreachable = _unreachable(error)
            self._away, self._again = str(unreachable), time.monotonic() + _AGAIN
            raise unreachable from error
        self._away = ""
        return connection

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
        "application_name": "article-assistant",
    }


def _connection(options: dict[str, Any]) -> Any:
    """A connection, whose host has less time to answer at all than statements have. Raises `OSError` or `dbapi.Error`."""
    sock = socket.create_connection((options["host"], options["port"]), _CONNECTING)
    try:
        sock.settimeout(_SECONDS)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        return dbapi.connect(**options, sock=sock)
    except BaseException:
        sock.close()
        raise


def _begin(cursor: Any, topic: str) -> None:
    """Begin a transaction, with ``topic`` once others have ended theirs; it is cut off where nothing more is heard of it."""
    settings = (
        "set_config('lock_timeout', ?, true), set_config('idle_in_transaction_session_timeout', ?, true)"
    )
    milliseconds = [f"{int(seconds * 1000)}" for seconds in (_PATIENCE, SILENT)]
    cursor.execute(f"SELECT {settings}", milliseconds)
    if topic:
        cursor.execute("SELECT pg_advisory_xact_lock(?)", (zlib.crc32(topic.encode()),))


def _closed(connection: Any) -> None:
    with suppress(Exception):
        connection.close()


def _code(error: Exception) -> str:
    """PostgreSQL's code of an error; empty where it has none."""
    said = error.args[0] if error.args else None
    return str(said.get("C", "")) if isinstance(said, dict) else ""


def _unreachable(error: Exception) -> StoreUnreachable:
    said = error.args[0] if error.args else error
    if isinstance(error, OSError):
        said = error.strerror or error
    why = said.get("M", said) if isinstance(said, dict) else said
    return StoreUnreachable(
        f"The database of ASSISTANT_DATABASE_URL cannot be used ({why}). Check that it runs, and that setting."
    )


_BUSY = "Other servers are changing the same at the moment, or one of them is held up. Try again in a few seconds."
