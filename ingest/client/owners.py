"""Who has a data folder open: this process, or a server that commands go through. Imports no index and no model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ingest.errors import StoreLocked
from ingest.store.lock import FolderLock, Owner, owner_of

IsCancelled = Callable[[], bool]


def never() -> bool:
    """For calls that cannot be cancelled."""
    return False


def lock_or_owner(folder: Path, command: str) -> FolderLock | Owner:
    """The lock of a data folder, or the server that holds it. Raises `StoreLocked` where another process does."""
    try:
        return FolderLock(folder, command)
    except StoreLocked:
        owner = owner_of(folder)
        if owner is None or not owner.url:
            raise
        return owner
