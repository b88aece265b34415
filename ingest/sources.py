"""Files, folders and patterns that a user names, expanded to the files to read."""

from __future__ import annotations

import filecmp
import glob
import os
import stat
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import SourceError, SourceNotFound, TooLarge, UnsupportedFormat
from ingest.loaders import SUFFIXES, suffix_of, unsupported

MAX_BYTES = 200_000_000
OnSkipped = Callable[[str], object]
_READABLE = ", ".join(SUFFIXES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file to read. ``name`` is its absolute path, which users and the catalogue see."""

    name: str
    path: Path


def forms_of(path: str) -> tuple[str, ...]:
    """The ways in which the letters of ``path`` can be coded."""
    return path, unicodedata.normalize("NFC", path), unicodedata.normalize("NFD", path)


def checked(file: Source | SourceError) -> Source | SourceError:
    """An error where the name of a file is no text, as the catalogue and whoever lists it require."""
    return (name_error(file.name) if isinstance(file, Source) else None) or file


def name_error(name: str) -> SourceError | None:
    """Why ``name`` is no name of a source: Python writes bytes that are no text as halves of characters."""
    if not any("\ud800" <= character <= "\udfff" for character in name):
        return None
    shown = "".join(character if character.isprintable() else "\ufffd" for character in name)
    return SourceError(shown, "name_no_text")


def expand(
    sources: Sequence[str],
    *,
    max_bytes: int = MAX_BYTES,
    on_skipped: OnSkipped = lambda path: None,
    stay_inside: bool = False,
) -> list[Source | SourceError]:
    """The files that ``sources`` name, each once, in their order; an error for what cannot be read.

    Folders are read with their subfolders, sorted, following links, without hidden files and files of other
    formats, with whose paths ``on_skipped`` is called. ``*``, ``?``, ``[...]`` and ``**`` match as in a shell, also where
    the shell leaves them alone. Two ways to code one name (NFC and NFD) are one name. With ``stay_inside`` links that
    lead out of a folder are passed over.
    """
    items: dict[str, Source | SourceError] = {}
    for source in sources:
        for item in _expand(source, max_bytes, on_skipped, stay_inside):
            if isinstance(item, SourceError):
                items.setdefault(f"error:{item}", item)
                continue
            key = unicodedata.normalize("NFC", os.path.realpath(item.path))
            first = items.setdefault(key, item)
            if isinstance(first, Source) and not _same_file(first.path, item.path):
                items[f"twice:{item.name}"] = SourceError(item.name, "name_twice")
    return list(items.values())


def _same_file(one: Path, two: Path) -> bool:
    """Is it one file, or the same content?"""
    try:
        return one == two or os.path.samefile(one, two) or filecmp.cmp(one, two, shallow=False)
    except OSError:  # one has gone meanwhile
        return True


def _expand(
    source: str, max_bytes: int, on_skipped: OnSkipped, stay_inside: bool
) -> Iterator[Source | SourceError]:
    path = os.path.abspath(os.path.expanduser(source)) if source else ""
    if not path or "\0" in path:
        yield SourceNotFound(source, "no_path")
    elif os.path.isdir(path):
        yield from _only_readable(path, list(_walk(path, stay_inside)), max_bytes, on_skipped)
    elif not os.path.lexists(path) and glob.has_magic(path):
        yield from _pattern(path, max_bytes, on_skipped)
    else:
        yield _file(_as_on_disk(path), max_bytes)


def _as_on_disk(path: str) -> str:
    """``path`` in the form in which there is something at it: typed letters may be coded otherwise than stored ones."""
    return next((form for form in forms_of(path) if os.path.lexists(form)), path)


def _file(path: str, max_bytes: int) -> Source | SourceError:
    """The file at ``path``, or why it cannot be read."""
    try:
        state = os.stat(path)
    except OSError as error:
        return _unreachable(path, error)
    if suffix_of(path) not in SUFFIXES:
        return unsupported(path, suffix_of(path))
    if not stat.S_ISREG(state.st_mode):
        return UnsupportedFormat(path, "device")
    if not os.access(path, os.R_OK, effective_ids=os.access in os.supports_effective_ids):
        return SourceNotFound(path, "not_allowed")
    if state.st_size > max_bytes:
        size, limit = state.st_size / 1e6, max_bytes / 1e6
        return TooLarge(path, "file_too_large", size=f"{size:.1f}", limit=f"{limit:.1f}")
    return Source(name=path, path=Path(path))


def _unreachable(path: str, error: OSError) -> SourceNotFound:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return SourceNotFound(path, "broken_link" if os.path.islink(path) else "no_file")
    return SourceNotFound(path, "unreachable", why=error.strerror)


def _pattern(pattern: str, max_bytes: int, on_skipped: OnSkipped) -> Iterator[Source | SourceError]:
    items: list[str | SourceError] = []
    for path in sorted(glob.glob(pattern, recursive=True)):
        items += _walk(path) if os.path.isdir(path) else [path]
    yield from _only_readable(pattern, items, max_bytes, on_skipped)


def _only_readable(
    name: str, items: Sequence[str | SourceError], max_bytes: int, on_skipped: OnSkipped
) -> Iterator[Source | SourceError]:
    """The files of a folder or pattern; those of other formats are skipped, and an error where there are no others."""
    readable = [item for item in items if isinstance(item, SourceError) or suffix_of(item) in SUFFIXES]
    if not readable:
        if items:
            yield SourceNotFound(name, "none_readable", n=len(items), suffixes=_READABLE)
        else:
            yield SourceNotFound(name, "nothing_there", suffixes=_READABLE)
    for item in items if readable else ():
        if isinstance(item, str) and suffix_of(item) not in SUFFIXES:
            on_skipped(item)
    for item in readable:
        yield item if isinstance(item, SourceError) else _file(item, max_bytes)


def _walk(folder: str, stay_inside: bool = False) -> Iterator[str | SourceError]:
    """The files below ``folder``, sorted, without hidden ones; every folder once, however many links lead to it."""
    errors: list[OSError] = []
    seen: set[str] = set()
    root = os.path.realpath(folder)
    for parent, folders, files in os.walk(folder, followlinks=True, onerror=errors.append):
        path = os.path.realpath(parent)
        if path in seen or (stay_inside and not _is_within(path, root)):
            folders.clear()
            continue
        seen.add(path)
        for names in (folders, files):
            names[:] = sorted(name for name in names if not name.startswith("."))
            if stay_inside:
                names[:] = [name for name in names if not _leads_out(os.path.join(parent, name), root)]
        yield from (os.path.join(parent, name) for name in files)
    yield from (_unreachable(str(error.filename), error) for error in errors)


def _leads_out(path: str, root: str) -> bool:
    return os.path.islink(path) and not _is_within(os.path.realpath(path), root)


def _is_within(path: str, root: str) -> bool:
    return path == root or path.startswith(os.path.join(root, ""))
