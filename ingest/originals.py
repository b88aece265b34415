"""Uploaded files as they came, named by their content: ``originals/ab/abcdef….pdf``.

The same bytes are stored once, however many documents were made of them.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from ingest.files import DRAFT, place, write_new
from ingest.loaders import suffix_of
from ingest.types import Record

_SHA256 = re.compile(r"[0-9a-f]{64}")
_SUFFIX = re.compile(r"\.[a-z0-9]{1,10}")
_PIECE = 1 << 20  # bytes copied at a time


class Originals:
    """The files in one folder. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
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
                    path.unlink(missing_ok=True)

    def sweep(self, used: Collection[str]) -> None:
        """Delete what no document uses: ``used`` holds their SHA-256s. Also drafts that a killed process left."""
        with self._lock:
            for path in self._files():
                if path.name.partition(".")[0] not in used:
                    path.unlink(missing_ok=True)

    def _files(self) -> Iterator[Path]:
        yield from self._folder.glob(f"*{DRAFT}")
        yield from self._folder.glob("[0-9a-f][0-9a-f]/*")

    def _path(self, sha256: str, suffix: str) -> Path:
        return self._folder / sha256[:2] / stored_name(sha256, suffix)

    def _place(self, draft: Path, path: Path) -> None:
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            place(draft, path, durable=True)


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
