"""Removed documents, kept for ten minutes, so that removing them can be undone exactly: vectors, date and original too.

``trash/<until>-<id>/`` holds one removal: ``<document id>.json``, its vectors (``.npy``) and its original. It is there,
complete, before the documents leave the index, and goes after they are back: whenever the process is killed, each
document is in one of the two.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import time
from uuid import uuid4

import numpy as np
from pydantic import TypeAdapter

from ingest.files import DRAFT, place
from ingest.store.records import Prepared
from ingest.types import Document, Passage

UNDO_SECONDS = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """A document as it was in the index whose model has that ``fingerprint``, and its original where it was kept."""

    prepared: Prepared
    fingerprint: str
    original: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """Documents removed together; it can be undone ``until`` then."""

    id: str
    titles: tuple[str, ...]
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """What the JSON of a removed document says."""

    document: Document
    passages: list[Passage]
    added: datetime
    fingerprint: str


_ENTRY = TypeAdapter(_Entry)


class Trash:
    """The removals in ``folder``. ``clock`` gives seconds since 1970."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time) -> None:
        self._folder = folder
        self._clock = clock

    def keep(self, removed: Sequence[Removed]) -> Removal:
        """Write documents down that are about to be removed. Raises `OSError`, and has kept nothing then."""
        name = f"{int((self._clock() + UNDO_SECONDS) * 1000)}-{uuid4().hex[:8]}"
        draft = self._folder / f"{name}{DRAFT}"
        try:
            draft.mkdir(parents=True)
            for one in removed:
                _write(one, draft)
            place(draft, self._folder / name)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        return self._removal(self._folder / name)

    def removals(self) -> list[Removal]:
        """What can be undone, the latest first."""
        self.purge()
        return [self._removal(path) for path in sorted(self._all(), reverse=True)]

    def read(self, removal_id: str) -> list[Removed]:
        """The documents of a removal; none where it is too late."""
        self.purge()
        path = self._path(removal_id)
        return [_read(note) for note in sorted(path.glob("*.json"))] if path else []

    def drop(self, removal_id: str) -> None:
        """Delete a removal's documents for good."""
        if path := self._path(removal_id):
            shutil.rmtree(path, ignore_errors=True)

    def purge(self) -> None:
        """Delete what can no longer be undone, and what a killed process has left unfinished."""
        for path in self._folder.glob(f"*{DRAFT}"):
            shutil.rmtree(path, ignore_errors=True)
        for path in self._all():
            if _until(path) <= self._clock():
                shutil.rmtree(path, ignore_errors=True)

    def forget(self, stored: Callable[[str], bool]) -> None:
        """Delete what is in the index all the same: a process was killed between the two."""
        for path in self._all():
            for note in path.glob("*.json"):
                if stored(note.stem):
                    for file in path.glob(f"{note.stem}.*"):
                        file.unlink(missing_ok=True)
            if not any(path.glob("*.json")):
                shutil.rmtree(path, ignore_errors=True)

    def _all(self) -> list[Path]:
        return [path for path in self._folder.glob("*-*") if path.suffix != DRAFT]

    def _path(self, removal_id: str) -> Path | None:
        return next((path for path in self._all() if path.name == removal_id), None)

    def _removal(self, path: Path) -> Removal:
        titles = [_ENTRY.validate_json(note.read_bytes()).document.title for note in path.glob("*.json")]
        until = datetime.fromtimestamp(_until(path), UTC)
        return Removal(id=path.name, titles=tuple(sorted(titles)), until=until)


def _until(path: Path) -> float:
    return int(path.name.partition("-")[0]) / 1000


def _write(one: Removed, folder: Path) -> None:
    prepared = one.prepared
    entry = _Entry(
        document=prepared.document,
        passages=list(prepared.passages),
        added=prepared.added or datetime.now(UTC),
        fingerprint=one.fingerprint,
    )
    path = folder / f"{prepared.document.id}.json"
    path.write_bytes(_ENTRY.dump_json(entry))
    np.save(path.with_suffix(".npy"), prepared.vectors)
    if one.original is not None:
        _copy(one.original, folder / f"{prepared.document.id}.original{one.original.suffix}")


def _read(note: Path) -> Removed:
    entry = _ENTRY.validate_json(note.read_bytes())
    prepared = Prepared(
        document=entry.document,
        passages=entry.passages,
        vectors=np.load(note.with_suffix(".npy")),
        added=entry.added,
    )
    original = next(note.parent.glob(f"{note.stem}.original*"), None)
    return Removed(prepared=prepared, fingerprint=entry.fingerprint, original=original)


def _copy(path: Path, target: Path) -> None:
    """A link where the file system has them: originals are never written to."""
    with suppress(OSError):
        os.link(path, target)
        return
    shutil.copyfile(path, target)
