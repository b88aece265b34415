"""Files that are there wholly or not at all: written beside their place, then put there in one step."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

_CLOCK = ".clock"
DRAFT = ".draft"  # the suffix of what is still being written; a killed process may leave some behind


def write_whole(path: Path, pieces: Iterable[bytes], *, private: bool = False, durable: bool = False) -> None:
    """Write ``path`` in one step, over what may be there, also if ``pieces`` or the disk fail half-way.

    ``private`` lets only this user read it; ``durable`` returns when it would survive a power cut. Raises `OSError`.
    """
    draft = path.with_name(f"{uuid4().hex}{DRAFT}")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        write_new(draft, pieces, private=private, durable=durable)
        place(draft, path, durable=durable)
    except BaseException:
        with suppress(OSError):  # the first error is the one to tell
            draft.unlink(missing_ok=True)
        raise


def write_new(path: Path, pieces: Iterable[bytes], *, private: bool = False, durable: bool = False) -> None:
    """Write a file that must not be there yet. Raises `OSError`, and may leave a part of it behind then."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o600 if private else 0o666), "wb") as file:
        file.writelines(pieces)
        if durable:
            file.flush()
            os.fsync(file.fileno())


def place(draft: Path, path: Path, *, durable: bool = False) -> None:
    """Give a file or folder its name in one step. Raises `OSError`."""
    draft.replace(path)
    if durable and os.name == "posix":  # Windows can neither open folders nor needs it
        descriptor = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def file_system_time(folder: Path) -> float:
    """Seconds since 1970 by whoever gives files in ``folder`` their times: the same for all who share it. Raises `OSError`."""
    path = folder / _CLOCK
    path.touch()
    return path.stat().st_mtime


def sizes(folder: Path) -> dict[str, int]:
    """The bytes of the files in each folder within ``folder``, by its name, and under "" of the files right in it."""
    found: dict[str, int] = {}
    for parent, _, names in os.walk(folder):
        part = Path(parent).relative_to(folder).parts[:1]
        for name in names:
            with suppress(OSError):  # deleted this moment
                key = part[0] if part else ""
                found[key] = found.get(key, 0) + os.stat(os.path.join(parent, name)).st_size
    return found


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal digits. Raises `OSError`."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
