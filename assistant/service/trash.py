"""Removed and replaced documents, stored for ten minutes so that both can be undone: vectors, date and original too.

``trash/`` holds one folder for each removal: ``<document id>.json`` for every document of it, its vectors (``.npy``),
those of its sentences (``.npz``) and its original. The suffix of the folder's name is its state:

    <id>.draft ──complete──▶ <id>.held ──documents have left the index──▶ <until>-<id> ──time is over──▶ <id>.draft ──▶ gone

Only what has no suffix can be undone, and only that expires, so nobody deletes what another thread or process is still
writing. The next process that owns the data folder takes care of what a killed one left, see `Trash.recover`.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import uuid4
from zipfile import BadZipFile

import numpy as np
from pydantic import TypeAdapter

from assistant.service.sharing import MovingLock
from ingest.embedding.types import SentenceVectors
from ingest.files import DRAFT, file_system_time, place
from ingest.store.records import Prepared
from ingest.types import Document, Passage

UNDO_SECONDS = 600.0
LEFT_BEHIND = (
    120.0  # seconds after which what is still held was left by a killed server, where several use the folder
)
_LATER = 60.0  # seconds until it is looked for what has expired: what hangs on it has expired as well then
_HELD = ".held"
_SENTENCES = ".npz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """A document as it was in the index whose model has that ``fingerprint``, and its original where it was stored."""

    prepared: Prepared
    fingerprint: str
    original: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """Documents removed together, or one that was ``replaced``; it can be undone ``until`` then."""

    id: str
    titles: tuple[str, ...]
    until: datetime
    replaced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenRemoval:
    """A removal that is being undone, and cannot be undone by others meanwhile."""

    name: str
    documents: tuple[Removed, ...]
    replaced: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """The JSON of a removed document."""

    document: Document
    passages: list[Passage]
    added: datetime
    fingerprint: str
    replaced: bool = False


_ENTRY = TypeAdapter(_Entry)


class Trash:
    """The removals in ``folder``. ``clock`` gives seconds since 1970, by default by the clock of the file system.

    ``on_purged`` is called, in a thread of its own, some time after a removal can no longer be undone.

    Thread-safe, also where several processes use the folder, however far apart their clocks are.
    """

    def __init__(
        self,
        folder: Path,
        clock: Callable[[], float] | None = None,
        on_purged: Callable[[], object] = lambda: None,
        moving: AbstractContextManager[None] | None = None,
    ) -> None:
        self._folder = folder
        self._on_purged = on_purged
        self._clock = clock or partial(file_system_time, folder)
        # Whoever copies a document from the index to here, or back, and then changes the index, keeps others from
        # doing so in between: the version that they put there would be in neither.
        self.moving = moving or MovingLock()
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def hold(self, documents: Iterable[Removed], *, replaced: bool = False) -> str:
        """Store documents that are about to leave the index, and read them back; returns the name for `offer`.

        Raises `OSError`, and has stored nothing then.
        """
        name = uuid4().hex[:16]
        draft, held = self._folder / f"{name}{DRAFT}", self._folder / f"{name}{_HELD}"
        try:
            draft.mkdir(parents=True)
            ids = [_write(document, draft, replaced) for document in documents]
            place(draft, held)
            _verify(held, ids)
        except BaseException:
            for folder in (draft, held):
                shutil.rmtree(folder, ignore_errors=True)
            raise
        return name

    def offer(self, name: str) -> Removal:
        """Offer what is held for undo, from now on for `UNDO_SECONDS`: its documents have left the index."""
        until = int((self._clock() + UNDO_SECONDS) * 1000)
        path = self._folder / f"{until}-{name}"
        place(self._folder / f"{name}{_HELD}", path)
        self._purge_later()
        return _removal(path)

    def release(self, name: str) -> None:
        """Delete what is held: its documents stay in the index, or are there again."""
        _delete(self._folder / f"{name}{_HELD}")

    def removals(self) -> list[Removal]:
        """What can be undone, the latest first."""
        self.purge()
        removals = []
        for path in sorted(self._offered(), reverse=True):
            with suppress(OSError):  # undone or expired this moment
                removals.append(_removal(path))
        return removals

    def take(self, removal_id: str) -> TakenRemoval | None:
        """Hold a removal again while it is undone, until `release` or `offer`; None where it is too late."""
        self.purge()
        path = next((path for path in self._offered() if path.name == removal_id), None)
        if path is None:
            return None
        name = path.name.partition("-")[2]
        held = self._folder / f"{name}{_HELD}"
        try:
            replaced = _removal(path).replaced
            place(path, held)
        except OSError:  # another thread has taken it
            return None
        return TakenRemoval(name=name, documents=tuple(_documents(held)), replaced=replaced)

    def purge(self) -> None:
        """Delete what can no longer be undone."""
        offered = self._offered()
        now = self._clock() if offered else 0.0
        for path in offered:
            if _until(path) <= now:
                _delete(path)

    def recover(self, sha256_of: Callable[[str], str | None], silent: float = 0.0) -> None:
        """Tidy up after a killed process; only the owner of the data folder may, before it holds anything itself.

        Where others use the folder, any may, of what nobody has been at for ``silent`` seconds, while it holds `moving`.
        ``sha256_of`` gives the content of a document of the index, by its id, or None. What is in the index is deleted
        here: it never left it, or is there again. The rest is offered for undo.
        """
        drafts, held = self._folder.glob(f"*{DRAFT}"), self._folder.glob(f"*{_HELD}")
        since = self._clock() - silent if silent and self._folder.exists() else None
        for draft in _untouched(drafts, since):
            shutil.rmtree(draft, ignore_errors=True)
        for path in [*_untouched(held, since), *([] if silent else self._offered())]:
            for note in _notes(path):
                if not _is_missing(note, sha256_of):
                    note.unlink()
            if not _notes(path):
                _delete(path)
            elif path.suffix == _HELD:
                self.offer(path.stem)
        if self._offered():
            self._purge_later()

    def _offered(self) -> list[Path]:
        return [path for path in self._folder.glob("*-*") if not path.suffix]

    def _purge_later(self) -> None:
        """Purge once the latest removal has expired, also if nobody looks at the removals any more."""
        with self._lock:
            if self._timer is None:
                self._timer = threading.Timer(UNDO_SECONDS + _LATER, self._purge_now)
                self._timer.daemon = True
                self._timer.start()

    def _purge_now(self) -> None:
        with self._lock:
            self._timer = None
        self.purge()
        self._on_purged()
        if self._offered():
            self._purge_later()


def _untouched(paths: Iterable[Path], since: float | None) -> Iterator[Path]:
    """Those that nobody has written to since then; all where no time is given."""
    for path in paths:
        with suppress(OSError):  # another process has moved it
            if since is None or path.stat().st_mtime < since:
                yield path


def _notes(folder: Path) -> list[Path]:
    """The notes of a removal's documents; an original can end in ".json", too."""
    return sorted(path for path in folder.glob("*.json") if "." not in path.stem)


def _until(path: Path) -> float:
    return int(path.name.partition("-")[0]) / 1000


def _removal(path: Path) -> Removal:
    entries = [_ENTRY.validate_json(note.read_bytes()) for note in _notes(path)]
    return Removal(
        id=path.name,
        titles=tuple(sorted(entry.document.title for entry in entries)),
        until=datetime.fromtimestamp(_until(path), UTC),
        replaced=any(entry.replaced for entry in entries),
    )


def _is_missing(note: Path, sha256_of: Callable[[str], str | None]) -> bool:
    """Whether the index lacks a document that can be put back; one that a power cut has torn cannot."""
    try:
        entry = _ENTRY.validate_json(note.read_bytes())
        np.load(note.with_suffix(".npy"))
    except (FileNotFoundError, EOFError, ValueError):
        return False
    sha256 = sha256_of(entry.document.id)
    return sha256 is None or (sha256 != entry.document.sha256 and entry.replaced)


def _delete(path: Path) -> None:
    """Delete a removal; it is gone in one step, so that nobody reads a part of it."""
    draft = path.with_name(f"{uuid4().hex}{DRAFT}")
    with suppress(OSError):  # another thread has done it
        place(path, draft)
        shutil.rmtree(draft, ignore_errors=True)


def _verify(folder: Path, ids: list[str]) -> None:
    """Raise `OSError` where documents cannot be read back whole."""
    try:
        documents = {document.prepared.document.id: document.prepared for document in _documents(folder)}
        whole = documents.keys() == set(ids) and all(
            len(document.vectors) == len(document.passages) for document in documents.values()
        )
    except ValueError as error:
        raise OSError(f"{folder} cannot be read back: {error}") from error
    if not whole:
        raise OSError(f"{folder} does not hold all of what was written to it.")


def _write(removed: Removed, folder: Path, replaced: bool) -> str:
    prepared = removed.prepared
    entry = _Entry(
        document=prepared.document,
        passages=list(prepared.passages),
        added=prepared.added or datetime.now(UTC),
        fingerprint=removed.fingerprint,
        replaced=replaced,
    )
    path = folder / f"{prepared.document.id}.json"
    path.write_bytes(_ENTRY.dump_json(entry))
    np.save(path.with_suffix(".npy"), prepared.vectors)
    np.savez(path.with_suffix(_SENTENCES), *prepared.sentences)
    if removed.original is not None:
        _copy(removed.original, folder / f"{prepared.document.id}.original{removed.original.suffix}")
    return prepared.document.id


def _documents(folder: Path) -> list[Removed]:
    return [_read(note) for note in _notes(folder)]


def _read(note: Path) -> Removed:
    entry = _ENTRY.validate_json(note.read_bytes())
    prepared = Prepared(
        document=entry.document,
        passages=entry.passages,
        vectors=np.load(note.with_suffix(".npy")),
        sentences=_sentences(note.with_suffix(_SENTENCES)),
        added=entry.added,
    )
    original = next(note.parent.glob(f"{note.stem}.original*"), None)
    return Removed(prepared=prepared, fingerprint=entry.fingerprint, original=original)


def _sentences(path: Path) -> list[SentenceVectors]:
    """Those of each passage; none where an earlier release has removed it, or a power cut has torn the file.

    A document can be put back without: its sentences are then embedded when they are asked for.
    """
    try:
        with path.open("rb") as file, np.load(file) as arrays:
            return [arrays[name] for name in arrays.files]
    except (FileNotFoundError, EOFError, ValueError, BadZipFile):
        return []


def _copy(path: Path, target: Path) -> None:
    """A link where the file system has them: originals are never written to."""
    with suppress(OSError):
        os.link(path, target)
        return
    shutil.copyfile(path, target)
