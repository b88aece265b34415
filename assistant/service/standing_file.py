"""The one file of SQLite that standing questions are kept in: opened, read and written by one thread at a time."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from ingest.errors import StoreError

NAME = "standing.sqlite3"
_TABLES = """
    CREATE TABLE IF NOT EXISTS questions (id TEXT PRIMARY KEY, owner TEXT NOT NULL, data TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS arrivals
        (document TEXT, version TEXT, number INTEGER NOT NULL, since INTEGER NOT NULL DEFAULT 0, gone INTEGER, gone_at REAL,
         done INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (document, version));
    CREATE UNIQUE INDEX IF NOT EXISTS by_number ON arrivals (number);
    CREATE INDEX IF NOT EXISTS waiting ON arrivals (number) WHERE done = 0;
    CREATE TABLE IF NOT EXISTS findings
        (number INTEGER PRIMARY KEY AUTOINCREMENT, question TEXT NOT NULL, document TEXT NOT NULL, version TEXT NOT NULL,
         start INTEGER, "end" INTEGER, quote TEXT NOT NULL, title TEXT NOT NULL, found REAL NOT NULL,
         language TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS asked (arrival INTEGER, question TEXT, PRIMARY KEY (arrival, question)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS told (question TEXT, sentence TEXT, PRIMARY KEY (question, sentence)) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS of_question ON findings (question, number);
    CREATE TABLE IF NOT EXISTS deliveries
        (id TEXT PRIMARY KEY, question TEXT NOT NULL, way TEXT NOT NULL, finding INTEGER NOT NULL, tries INTEGER NOT NULL DEFAULT 0,
         due REAL NOT NULL);
    CREATE TABLE IF NOT EXISTS vectors (model TEXT, text TEXT, vector BLOB NOT NULL, PRIMARY KEY (model, text));
    CREATE TABLE IF NOT EXISTS troubles (question TEXT, way TEXT, trouble TEXT, PRIMARY KEY (question, way));
"""
SqliteConnection = sqlite3.Connection
_log = logging.getLogger(__name__)


class StandingFile:
    """The file in ``folder``. Thread-safe; whoever uses it owns the data folder. Methods raise `StoreError`.

    One that is damaged is set aside, and an empty one takes its place: ``problem`` says so, and is empty otherwise.
    """

    def __init__(self, folder: Path) -> None:
        self.problem = ""
        self._path = folder / NAME
        self._lock = threading.RLock()
        with self._translated():
            folder.mkdir(parents=True, exist_ok=True)
            try:
                self._file = _opened(self._path)
            except sqlite3.DatabaseError as error:
                if isinstance(
                    error, sqlite3.OperationalError
                ):  # the disk is full, or it may not be written to
                    raise
                aside = _set_aside(self._path)
                self.problem = (
                    f"The file of standing questions was damaged ({error}). It has been set aside as {aside}, and no question is "
                    "kept any more: stop the server and put the file back from a copy, or keep the questions anew."
                )
                _log.error("%s", self.problem)
                self._file = _opened(self._path)

    def close(self) -> None:
        with self._lock:
            self._file.close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._translated():
            yield self._file

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction."""
        with self._lock, self._translated(), self._file:
            yield self._file

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                f"The standing questions in {self._path} cannot be used ({error}). Make room on the disk, or put the file "
                "back from a copy; where there is none, delete it: the questions are gone then."
            ) from error


def _opened(path: Path) -> sqlite3.Connection:
    """The file with its tables, checked. Raises `sqlite3.Error`."""
    file = sqlite3.connect(path, check_same_thread=False)
    try:
        (found,) = file.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise sqlite3.DatabaseError(found)
        file.executescript(_TABLES)
    except BaseException:
        file.close()
        raise
    return file


def _set_aside(path: Path) -> str:
    """Give a damaged file another name, which is returned."""
    aside = path.with_name(f"{path.stem}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S}{path.suffix}")
    path.replace(aside)
    for journal in ("-journal", "-wal", "-shm"):  # they belong to it
        with suppress(FileNotFoundError):
            path.with_name(path.name + journal).replace(aside.with_name(aside.name + journal))
    return aside.name
