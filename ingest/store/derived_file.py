"""Files of SQLite that are derived from the store: made anew where they are damaged, or were made by other rules."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ingest.errors import StoreError

_RULES = "CREATE TABLE IF NOT EXISTS rules (edition TEXT)"


class DerivedFile:
    """A connection to the file at ``path``, or to one in memory where there is none.

    ``edition`` names the rules that it is made by, ``layout`` creates its ``tables``. ``lock`` is held while another connection takes
    the place of ``connection``; who uses that from several threads holds it too. Raises `StoreError` where it can't be opened.
    """

    def __init__(self, path: Path | None, edition: str, layout: str, tables: Sequence[str]) -> None:
        self._path = path
        self._edition, self._layout, self._tables = edition, layout, tables
        self.lock = threading.RLock()
        with self.translated():
            self.connection = self._opened()

    def close(self) -> None:
        with self.lock:
            self.connection.close()

    def in_step(self, sync: Callable[[], None]) -> None:
        """Call ``sync``; where the file turns out to be damaged, once more with a new one. Raises `StoreError`."""
        try:
            sync()
        except sqlite3.OperationalError as error:  # locked, or no room
            raise self._unusable(error) from error
        except sqlite3.DatabaseError as error:  # damaged behind what opening it reads
            if self._path is None:
                raise self._unusable(error) from error
            with self.lock:
                self.connection.close()
                self._path.unlink(missing_ok=True)
                self.connection = self._opened()
            with self.translated():
                sync()

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Errors of SQLite are raised as `StoreError`."""
        try:
            yield
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def _opened(self) -> sqlite3.Connection:
        if self._path is None:
            return self._prepared(":memory:")
        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return self._prepared(self._path)
        except sqlite3.DatabaseError:
            self._path.unlink(missing_ok=True)
            return self._prepared(self._path)

    def _prepared(self, path: Path | str) -> sqlite3.Connection:
        connection = sqlite3.connect(path, check_same_thread=False)
        try:
            connection.execute(_RULES)
            if connection.execute("SELECT edition FROM rules").fetchall() != [(self._edition,)]:
                with connection:
                    for table in self._tables:
                        connection.execute(f"DROP TABLE IF EXISTS {table}")
                    connection.execute("DELETE FROM rules")
                    connection.execute("INSERT INTO rules VALUES (?)", (self._edition,))
            connection.executescript(self._layout)
        except BaseException:
            connection.close()
            raise
        return connection

    def _unusable(self, error: sqlite3.Error) -> StoreError:
        return StoreError(
            f"The file {self._path} cannot be used ({error}). Delete it: it is made anew at the next start."
        )
