"""Uploaded files as they came, named by their content: ``originals/ab/abcdef….pdf``.

The same bytes are stored once, however many documents were made of them.
"""

from __future__ import annotations

import hashlib
import os
import re
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from ingest.files import DRAFT, file_system_time, place, write_new
from ingest.loaders import suffix_of
from ingest.settings import IngestSettings
from ingest.types import Record

_SHA256 = re.compile(r"[0-9a-f]{64}")
_SUFFIX = re.compile(r"\.[a-z0-9]{1,10}")
_PIECE = 1 << 20  # bytes copied at a time


# Seconds that a file stays which no document seems to use, where others store files in the same folder: they may have
# stored its document since the catalogue was read.
GRACE = 600.0


class Originals:
    """The files in one folder. Thread-safe; with ``grace`` also where several processes use the folder.

    ``grace`` is the number of seconds since a file was last stored in which it is not deleted.
    """

    def __init__(self, folder: Path, grace: float = 0.0) -> None:
        self._folder = folder
        self._grace = grace
        self._lock = threading.Lock()

    def keep(self, path: Path, suffix: str) -> str:
        """Store the bytes of the file at ``path``; returns their SHA-256. Raises `OSError` where that fails."""
        self._folder.mkdir(parents=True, exist_ok=True)
        draft = self._folder / f"{uuid4().hex}{DRAFT}"
        try:
            sha256 = _copy(path, draft)
            with self._lock:
                self._place(draft, self._path(sha256, suffix))
        finally:
            draft.unlink(missing_ok=True)
        return sha256

    def find(self, sha256: str, suffix: str = "") -> Path | None:
        """The stored file with that content, best the one kept with that suffix; None where there is none."""
        if not _SHA256.fullmatch(sha256):
            return None
        paths = sorted(self._folder.glob(f"{sha256[:2]}/{sha256}*"))
        return next((path for path in paths if path.suffix == suffix), next(iter(paths), None))

    def of(self, record: Record) -> Path | None:
        """The file that a document was made of: the stored one, or the one on this machine that is still the same."""
        if stored := self.find(record.sha256, suffix_of(record.source)):
            return stored
        path = Path(record.source)
        with suppress(OSError):
            if path.is_absolute() and path.is_file() and content_sha256(path) == record.sha256:
                return path
        return None

    def discard(self, sha256: str, used: Callable[[], bool]) -> None:
        """Delete the files with that content unless they are ``used``, which is asked while none can be added."""
        with self._lock:
            if _SHA256.fullmatch(sha256) and not used():
                for path in self._folder.glob(f"{sha256[:2]}/{sha256}*"):
                    self._delete(path)

    def sweep(self, used: Collection[str]) -> None:
        """Delete what no document uses: ``used`` holds their SHA-256s. Also drafts that a killed process left."""
        with self._lock:
            for path in self._files():
                if path.name.partition(".")[0] not in used:
                    self._delete(path)

    def _delete(self, path: Path) -> None:
        """Delete a file, with ``grace`` only one that has not been stored, or stored again, of late."""
        if not self._grace:
            path.unlink(missing_ok=True)
            return
        draft = path.with_name(f"{uuid4().hex}{DRAFT}")
        with suppress(OSError):  # another process has deleted it
            if self._is_old(path):
                # Whoever stores the same file at this instant touches it before it is taken away, or misses it after.
                path.replace(draft)
                if self._is_old(draft):
                    draft.unlink()
                elif not path.exists():
                    draft.replace(path)

    def _is_old(self, path: Path) -> bool:
        return file_system_time(self._folder) - path.stat().st_mtime > self._grace

    def _files(self) -> Iterator[Path]:
        yield from self._folder.glob(f"*{DRAFT}")
        yield from self._folder.glob("[0-9a-f][0-9a-f]/*")

    def _path(self, sha256: str, suffix: str) -> Path:
        return self._folder / sha256[:2] / stored_name(sha256, suffix)

    def _place(self, draft: Path, path: Path) -> None:
        with suppress(FileNotFoundError):
            os.utime(path)
            return
        path.parent.mkdir(exist_ok=True)
        place(draft, path, durable=True)


def kept_originals(settings: IngestSettings) -> Originals:
    """Those that these settings lead to."""
    return Originals(settings.files_dir / "originals", GRACE if settings.shared_dir else 0.0)


def stored_name(sha256: str, suffix: str) -> str:
    """What an original is called by its content; what is no plain suffix is left out."""
    return f"{sha256}{suffix if _SUFFIX.fullmatch(suffix) else ''}"


def content_sha256(path: Path) -> str:
    """The SHA-256 of a file, which is read again only where its size or a time of it has changed. Raises `OSError`."""
    state = path.stat()
    return _sha256(path, state.st_size, state.st_mtime_ns, state.st_ctime_ns)


@lru_cache(maxsize=4_096)
def _sha256(path: Path, size: int, modified: int, changed: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy(path: Path, draft: Path) -> str:
    """Copy to stable storage; the SHA-256 is that of the very bytes written."""
    digest = hashlib.sha256()
    with path.open("rb") as source:
        write_new(draft, _digested(source, digest), durable=True)
    return digest.hexdigest()


def _digested(file: BinaryIO, digest: hashlib._Hash) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        digest.update(piece)
        yield piece
