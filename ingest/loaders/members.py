"""What a file holds that are documents of their own: members of an archive, attachments of a mail, articles of a list."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from ingest.errors import ReasonCode

LONGEST_PATH = 400  # characters of a member's path; of a longer one the end, and a mark of the whole
_DRIVE = re.compile(r"\A[A-Za-z]:(?=/|\Z)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One document in a file: its path there, with "/" and without "..", the suffix of its format, and its bytes' number.

    ``address`` is the web address that an article names as its own; ``problem`` is why it cannot be taken out, which
    ``size`` and the file's name fill. Names that begin with "#" are numbers.
    """

    name: str
    suffix: str
    size: int
    address: str = ""
    problem: ReasonCode | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """The members of a file. ``own``: the file is a document itself, too, as a mail is."""

    own: bool
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenContainer:
    """A file's contents, and how the bytes of a member are read, by its number counted from 0."""

    contents: Contents
    read: Callable[[int], bytes]


def safe_path(name: str) -> str:
    """``name`` as a path that stays below where it begins: printable, in NFC, without "..", drives and leading "/"."""
    path = _DRIVE.sub("", name.replace("\\", "/"))
    steps = [_printable(step).strip() for step in path.split("/")]
    whole = "/".join(step for step in steps if step not in ("", ".", ".."))
    if len(whole) <= LONGEST_PATH:
        return whole or "unnamed"
    mark = hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()[:8]
    return f"~{mark}{whole[-LONGEST_PATH:]}"


def unique(names: Iterable[str]) -> list[str]:
    """The names, of equal ones the second as "plan (2).txt" and so on, so that nothing is lost."""
    taken: set[str] = set()
    found = []
    for name in names:
        path, number, candidate = PurePosixPath(name), 1, name
        while candidate in taken:
            number += 1
            candidate = str(path.with_name(f"{path.stem} ({number}){path.suffix}"))
        taken.add(candidate)
        found.append(candidate)
    return found


def is_hidden(name: str) -> bool:
    """Whether a path is one that folders hide, or that a program has put beside the documents."""
    return any(step.startswith(".") or step == "__MACOSX" for step in name.split("/"))


def _printable(step: str) -> str:
    shown = "".join(sign if sign.isprintable() else "\ufffd" for sign in step)
    return unicodedata.normalize("NFC", shown)
