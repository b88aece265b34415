"""The queues of several processes that share a database and a folder, without the servers around them."""

from __future__ import annotations

from pathlib import Path

from assistant.service.shared_queue import SharedJobQueue
from assistant.shared.database import Database
from assistant.shared.presence import Presence


class Replicas:
    """Queues of processes that share a database and ``folder``, each by its name."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url = url
        self.folder = folder
        self._made: dict[str, tuple[SharedJobQueue, Presence, Database]] = {}

    def __getitem__(self, name: str) -> SharedJobQueue:
        if name not in self._made:
            database = Database(self._url)
            alive = Presence(database, name)
            alive.tell()
            self._made[name] = SharedJobQueue(database, alive, self.folder), alive, database
        return self._made[name][0]

    def name(self, name: str) -> str:
        """How others know it."""
        return self._made[name][1].name

    def kill(self, name: str) -> None:
        """It is never heard of again; what it had open closes."""
        self._made.pop(name)[2].close()

    def tell(self, name: str) -> None:
        self._made[name][1].tell()

    def close(self) -> None:
        for name in list(self._made):
            self.kill(name)
