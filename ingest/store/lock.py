"""One owner per data folder: a lock that the system frees when its process ends, however it ends."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from ingest.errors import StoreError, StoreLocked
from ingest.files import DRAFT, write_whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Who holds a data folder; ``url`` is set when it is a server that others can go through.

    ``token`` proves to that server that a caller can read this user's files.
    """

    pid: int
    command: str
    url: str = ""
    token: str = field(default="", repr=False)


class FolderLock:
    """Exclusive use of a data folder. Raises `StoreLocked` at once where another process has it."""

    def __init__(self, folder: Path, command: str) -> None:
        self.token = secrets.token_urlsafe(32)
        self._note = folder / "owner.json"
        self._lock = FileLock(folder / "owner.lock", timeout=0)
        _acquire(self._lock, folder)
        for draft in folder.glob(f"*{DRAFT}"):  # of a process that was killed
            draft.unlink(missing_ok=True)
        self.announce(command)

    def announce(self, command: str, url: str = "") -> None:
        """Tell other processes who owns the folder, and where they can reach it."""
        owner = Owner(pid=os.getpid(), command=command, url=url, token=self.token)
        write_whole(self._note, [json.dumps(asdict(owner)).encode()], private=True)

    def release(self) -> None:
        """Give the folder up; once given up, its next owner's note is left alone."""
        if self._lock.is_locked:
            self._note.unlink(missing_ok=True)
            self._lock.release()


def owner_of(folder: Path) -> Owner | None:
    """Who says that it holds ``folder``; it may have died since."""
    try:
        return Owner(**json.loads((folder / "owner.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _acquire(lock: FileLock, folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        owner = owner_of(folder)
        who = f"`{owner.command}` (process {owner.pid})" if owner else "another process"
        where = (
            f" Use it at {owner.url}, or stop it first."
            if owner and owner.url
            else " Wait for it, or stop it."
        )
        raise StoreLocked(f"The data folder {folder} is in use by {who}.{where}") from error
    except OSError as error:
        raise StoreError(
            f"The data folder {folder} cannot be written ({error}). Set ASSISTANT_DATA_DIR."
        ) from error
