"""Disk space that Chroma leaves in its folder after deletions, given back to the system.

Chroma's SQLite file never shrinks by itself, and the vectors of deleted collections stay as folders. The file is opened in a
process of its own: in Chroma's process, closing it here would free the locks that Chroma holds on it. A file that was made
here shrinks a little at a time while Chroma is at work; one that Chroma has made is rewritten once, before Chroma opens it.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path
from uuid import UUID

FILE = "chroma.sqlite3"
_INCREMENTAL = 2  # of SQLite's ways to give pages back
_PAGES = 250  # given back at a time: Chroma waits for that
_PAUSE = 0.02
# What makes rewriting the file worth while: so many free pages of 4 KiB, and such a share of all.
_MANY, _SHARE = 5_000, 0.2
_PAGE = 4_096  # bytes
_PATIENCE = 600.0


def lay_out(folder: Path) -> None:
    """Make the file, where there is none, so that it can shrink. Called before Chroma opens it."""
    path = folder / FILE
    if not path.exists():
        with closing(sqlite3.connect(path)) as file:
            file.execute(f"PRAGMA auto_vacuum = {_INCREMENTAL}")
            file.execute("VACUUM")


def give_back(folder: Path, *, closed: bool = False) -> None:
    """Give back what is free in Chroma's folder; where Chroma is ``closed``, also by rewriting the file. It may take minutes."""
    path = folder / FILE
    # Before Chroma is opened somebody waits: not for a few megabytes.
    if path.exists() and (not closed or path.stat().st_size > _MANY * _PAGE):
        command = [sys.executable, "-m", __name__, str(folder), *(["closed"] if closed else [])]
        with suppress(OSError, subprocess.TimeoutExpired):  # it is done another time
            subprocess.run(  # noqa: S603  # this Python runs this module
                command,
                check=False,
                timeout=_PATIENCE,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )


def _give_back(folder: Path, *, closed: bool) -> None:
    with closing(sqlite3.connect(folder / FILE, timeout=5, isolation_level=None)) as file:
        _delete_orphans(folder, {str(row[0]) for row in file.execute("SELECT id FROM segments")})
        if _number(file, "auto_vacuum") == _INCREMENTAL:
            while _number(file, "freelist_count"):
                # `execute` would stop after the first page.
                file.executescript(f"PRAGMA incremental_vacuum({_PAGES})")
                time.sleep(0 if closed else _PAUSE)
        elif closed:
            free, pages = _number(file, "freelist_count"), _number(file, "page_count")
            if free > _MANY and free > _SHARE * pages:
                file.execute(f"PRAGMA auto_vacuum = {_INCREMENTAL}")
                file.execute("VACUUM")


def _delete_orphans(folder: Path, segments: set[str]) -> None:
    for path in folder.iterdir():
        if path.is_dir() and _is_segment(path.name) and path.name not in segments:
            shutil.rmtree(path, ignore_errors=True)


def _is_segment(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False


def _number(file: sqlite3.Connection, pragma: str) -> int:
    return int(file.execute(f"PRAGMA {pragma}").fetchone()[0])


if __name__ == "__main__":
    _give_back(Path(sys.argv[1]), closed="closed" in sys.argv[2:])
