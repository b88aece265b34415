"""What this server has in common with others on the same Chroma server, where a database and a folder are configured for that."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from assistant.settings import Settings
from ingest.errors import StoreError, WrongSetting
from ingest.store.changes import replica_of

if TYPE_CHECKING:
    from assistant.shared.database import Database, Rows
    from assistant.shared.presence import Presence

_PATIENCE = 90.0  # seconds to wait for others who store or remove documents
_TELLING = 3.0  # seconds between two signs of life of who holds the lock
UPKEEP = 30.0  # seconds between two looks at what killed servers have left
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sharing:
    """The database, this process among those that use it, and the folder of files."""

    database: Database
    presence: Presence
    folder: Path


def open_sharing(settings: Settings) -> Sharing | None:
    """None where this server shares nothing but Chroma, if that. Raises `WrongSetting` where the driver is missing."""
    url = settings.database_url.get_secret_value()
    if not url or settings.shared_dir is None:
        return None
    try:
        from assistant.shared.database import Database
        from assistant.shared.presence import Presence
    except ImportError as error:
        raise WrongSetting(
            "ASSISTANT_DATABASE_URL needs a driver: pip install 'article-assistant[postgres]'."
        ) from error
    database = Database(url)
    name = replica_of(settings.data_dir, settings.chroma_url)
    return Sharing(database, Presence(database, name), settings.shared_dir)


class MovingLock:
    """Held by one thread of one process among all that share the database; reentrant.

    Without a database among the threads of this process. A process that is held up, or gone, loses it after some seconds.
    Raises `StoreUnreachable` where the database is away, or others hold it for very long.
    """

    def __init__(self, database: Database | None = None) -> None:
        self._database = database
        self._lock = threading.RLock()
        self._depth = 0
        self._held = ExitStack()

    def __enter__(self) -> None:
        self._lock.acquire()
        try:
            if self._depth == 0 and self._database is not None:
                self._held.enter_context(_told(self._writing(self._database)))
            self._depth += 1
        except BaseException:
            self._lock.release()
            raise

    def _writing(self, database: Database) -> Rows:
        from assistant.shared.database import DatabaseBusy

        until = time.monotonic() + _PATIENCE
        while True:
            try:
                return self._held.enter_context(database.writing("moving"))
            except DatabaseBusy:
                if time.monotonic() > until:
                    raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._depth -= 1
        try:
            if self._depth == 0:
                with suppress(StoreError):  # what was done in it is done
                    self._held.close()
        finally:
            self._lock.release()


@contextmanager
def _told(rows: Rows) -> Iterator[None]:
    """While documents are moved, which may take long, the database hears that this process goes on."""
    ended = threading.Event()

    def tell() -> None:
        with suppress(
            Exception
        ):  # whatever has become of the connection, its end tells whoever waits for the lock
            while not ended.wait(_TELLING):
                rows.one("SELECT 1")

    thread = threading.Thread(target=tell, name="moving", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
