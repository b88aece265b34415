"""Pictures of the pages of PDF documents, drawn in the sandbox and kept in a folder of limited size; places of words on them."""

from __future__ import annotations

import re
import threading
from contextlib import suppress
from pathlib import Path

from ingest.files import write_whole
from ingest.loaders.pdf_alignment import PageQuote
from ingest.loaders.pdf_places import PagePlaces
from ingest.loaders.sandbox import Sandbox

MOST_BYTES = 200_000_000
_SECONDS = 20.0  # that drawing one page may take
_SHA256 = re.compile(r"[0-9a-f]{64}")


class PageImages:
    """PNGs named by the content of their document, ``<sha256>-<page>.png``. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._sandbox: Sandbox | None = None

    def png(self, original: Path, sha256: str, number: int) -> bytes:
        """Page ``number``, counted from 1, of the PDF at ``original``, whose content has that hash.

        Raises a `SourceError` where it has no such page or cannot be drawn.
        """
        path = self._folder / f"{sha256}-{number}.png"
        if _SHA256.fullmatch(sha256):
            with suppress(OSError):
                return path.read_bytes()
        data = self._drawing().render(original, original.name, number)
        if _SHA256.fullmatch(sha256):
            with suppress(OSError):
                self._keep(path, data)
        return data

    def places(self, original: Path, number: int, quote: PageQuote) -> PagePlaces:
        """Where words stand on page ``number``, counted from 1, of the PDF at ``original``. Raises as `png` does."""
        return self._drawing().places(original, original.name, number, quote)

    def close(self) -> None:
        """End the process that draws."""
        with self._lock:
            if self._sandbox is not None:
                self._sandbox.close()

    def _drawing(self) -> Sandbox:
        with self._lock:
            if self._sandbox is None:
                self._sandbox = Sandbox(timeout=_SECONDS)
            return self._sandbox

    def _keep(self, path: Path, data: bytes) -> None:
        """Write a picture, and delete the oldest ones where there are too many."""
        write_whole(path, [data])
        with self._lock:
            files = sorted(
                ((file, file.stat()) for file in self._folder.iterdir()), key=lambda file: file[1].st_mtime
            )
            surplus = sum(stat.st_size for _, stat in files) - MOST_BYTES
            for old, stat in files:
                if surplus <= 0:
                    break
                old.unlink(missing_ok=True)
                surplus -= stat.st_size
