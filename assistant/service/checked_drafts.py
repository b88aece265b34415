"""Checked drafts, kept in the data folder with the hash of their text: ``checks/OWNER/ID/``, a folder for each.

``check.json`` is the whole check, ``draft.docx`` the file that was checked where it was a Word document, and ``summary.json``,
which is written last, what a list shows; without it a check does not count. The oldest ones go where there are too many.
"""

from __future__ import annotations

import hashlib
import logging
import re
import shutil
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from textwrap import shorten

from pydantic import TypeAdapter, ValidationError

from assistant.drafts.changed import VerdictChange, changes
from assistant.drafts.types import CheckedDraft
from assistant.errors import NotFound
from ingest.files import write_whole

MOST_OF_ONE = 50  # checks that are kept for one user
MOST_BYTES = 500_000_000  # of all that is kept
_LEFT_OVER = 86_400.0  # seconds after which what is still unfinished was left by a kill
_BEGINNING = 120  # characters of a draft that a list shows
_ID = re.compile("[0-9a-f]{16}")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSummary:
    """What a list shows of a check: ``counts`` of sentences and ``quotation_counts`` by verdict, and how many ``changed``."""

    id: str
    name: str
    sha256: str
    beginning: str
    characters: int
    checked_at: datetime
    counts: Mapping[str, int]
    quotation_counts: Mapping[str, int]
    changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCheck:
    """A check as it is kept; ``id`` is empty where it could not be.

    ``changed`` is what is new since ``earlier``, the time of the check that it was compared with, None where there was none.
    ``word_file`` says that the file that was checked is kept, too.
    """

    id: str
    checked_at: datetime
    checked: CheckedDraft
    changed: tuple[VerdictChange, ...] = ()
    earlier: datetime | None = None
    word_file: bool = False

    @property
    def summary(self) -> CheckSummary:
        draft = self.checked.draft
        return CheckSummary(
            id=self.id,
            name=draft.name,
            sha256=draft.sha256,
            beginning=_beginning(draft.text),
            characters=len(draft.text),
            checked_at=self.checked_at,
            counts=dict(Counter(one.verdict for one in self.checked.sentences)),
            quotation_counts=dict(Counter(one.verdict for one in self.checked.quotations)),
            changed=len(self.changed),
        )


_KEPT = TypeAdapter(KeptCheck)
_SUMMARY = TypeAdapter(CheckSummary)


class CheckedDrafts:
    """The checks kept in ``folder``, each seen by its owner only: a name, empty for those who need not sign in."""

    def __init__(self, folder: Path, *, most_of_one: int = MOST_OF_ONE, most_bytes: int = MOST_BYTES) -> None:
        self._folder = folder
        self._most_of_one = most_of_one
        self._most_bytes = most_bytes

    def all(self, owner: str) -> list[CheckSummary]:
        """The newest first."""
        found = [self._summary(path) for path in self._of(owner).glob("*/summary.json")]
        return sorted(filter(None, found), key=lambda one: (one.checked_at, one.id), reverse=True)

    def get(self, owner: str, check_id: str) -> KeptCheck:
        """Raises `NotFound`."""
        path = self._place(owner, check_id)
        try:
            if (path / "summary.json").exists():
                return _KEPT.validate_json((path / "check.json").read_bytes())
        except (OSError, ValidationError) as error:
            _log.warning("%s is no check: %s", path, error)
        raise NotFound(f"There is no check {check_id!r}. It may have been deleted.")

    def file(self, owner: str, check_id: str) -> Path | None:
        """The Word document that was checked."""
        path = self._place(owner, check_id) / "draft.docx"
        return path if path.exists() else None

    def put(
        self,
        owner: str,
        checked: CheckedDraft,
        *,
        word_file: bytes | None = None,
        since: KeptCheck | None = None,
    ) -> KeptCheck:
        """Keep a check in place of an earlier one of the same text; what is new is told since that one, or since ``since``.

        Raises `OSError`.
        """
        check_id = hashlib.sha256(
            f"{owner}\0{checked.draft.name}\0{checked.draft.sha256}".encode()
        ).hexdigest()[:16]
        with suppress(NotFound):
            since = since or self.get(owner, check_id)
        kept = KeptCheck(
            id=check_id,
            checked_at=datetime.now(UTC),
            checked=checked,
            changed=changes(since.checked, checked) if since else (),
            earlier=since.checked_at if since else None,
            word_file=word_file is not None,
        )
        path = self._place(owner, check_id)
        if word_file is not None:
            write_whole(path / "draft.docx", [word_file], private=True)
        write_whole(path / "check.json", [_KEPT.dump_json(kept)], private=True)
        write_whole(path / "summary.json", [_SUMMARY.dump_json(kept.summary)], private=True)
        self._make_room(owner, path)
        return kept

    def delete(self, owner: str, check_id: str) -> None:
        """Raises `NotFound`."""
        path = self._place(owner, check_id)
        if not (path / "summary.json").exists():
            raise NotFound(f"There is no check {check_id!r}. It may have been deleted.")
        _delete(path)

    def _make_room(self, owner: str, newest: Path) -> None:
        """Delete the oldest of the owner's where there are too many, of all where they are too large, and what a kill has left."""
        for path in self._folder.glob("*/*"):
            if not (path / "summary.json").exists() and time.time() - path.stat().st_mtime > _LEFT_OVER:
                _delete(path)
        for one in self.all(owner)[self._most_of_one :]:
            _delete(self._place(owner, one.id))
        oldest = sorted(self._folder.glob("*/*/summary.json"), key=lambda path: path.stat().st_mtime)
        sizes = {path.parent: sum(_sizes(path.parent)) for path in oldest}
        total = sum(sizes.values())
        for path, size in sizes.items():
            if total <= self._most_bytes:
                break
            if path != newest:
                _delete(path)
                total -= size

    def _summary(self, path: Path) -> CheckSummary | None:
        try:
            return _SUMMARY.validate_json(path.read_bytes())
        except (OSError, ValidationError) as error:
            _log.warning("%s is no summary of a check: %s", path, error)
            return None

    def _of(self, owner: str) -> Path:
        return self._folder / hashlib.sha256(owner.encode()).hexdigest()[:16]

    def _place(self, owner: str, check_id: str) -> Path:
        """Raises `NotFound` for what cannot be an id."""
        if not _ID.fullmatch(check_id):
            raise NotFound(f"There is no check {check_id!r}.")
        return self._of(owner) / check_id


def _beginning(text: str) -> str:
    """The first words of a draft, of a word that is too long its first letters."""
    words = " ".join(text[:400].split())
    return words if len(words) <= _BEGINNING else f"{shorten(words, _BEGINNING - 2, placeholder='')} …"


def _sizes(folder: Path) -> Iterator[int]:
    for path in folder.iterdir():
        with suppress(OSError):
            yield path.stat().st_size


def _delete(folder: Path) -> None:
    """What is left after a kill half-way does not count."""
    (folder / "summary.json").unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
