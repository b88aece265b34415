"""ZIP archives: which documents they hold, and the bytes of each; bombs are told by what they say they unpack to."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Sequence
from itertools import pairwise

from ingest.errors import DamagedSource, EmptySource, EncryptedSource, ReasonCode, UnsupportedFormat
from ingest.loaders.members import Contents, Member, OpenContainer, is_hidden, safe_path, unique
from ingest.loaders.packages import kind_of_package

RATIO = 200  # to 1: more than text and pictures are packed
SMALL = 10_000_000  # bytes, which a member may unpack to whatever its ratio
_UTF8 = 0x800  # the flag of an entry whose name is UTF-8
_ENCRYPTED = 0x1
# Encodings of names in archives that do not say which: of two that fit equally well, the first.
_ENCODINGS = ("cp850", "cp1252", "cp866", "cp1251", "gbk", "cp932", "cp949")


def open_zip(data: bytes, name: str) -> OpenContainer:
    """The files of an archive, without folders, links and hidden ones.

    Raises `DamagedSource`, `EmptySource` where nothing is in it, `EncryptedSource` where all is encrypted, and
    `UnsupportedFormat` for a Word document and the like.
    """
    archive = _opened(data, name)
    entries = archive.infolist()
    if (kind := kind_of_package(data)) not in ("", ".zip"):
        raise UnsupportedFormat(name, "is_document", suffix=kind)
    if not entries:
        raise EmptySource(name, "archive_empty")
    files = [entry for entry in entries if not entry.is_dir() and not _is_link(entry)]
    if files and all(entry.flag_bits & _ENCRYPTED for entry in files):
        raise EncryptedSource(name, "encrypted")
    paths = [safe_path(path) for path in _paths(files)]
    shown = [(entry, path) for entry, path in zip(files, paths, strict=True) if not is_hidden(path)]
    names = unique(path for _, path in shown)
    members = tuple(_member(entry, path) for (entry, _), path in zip(shown, names, strict=True))
    return OpenContainer(
        contents=Contents(own=False, members=members),
        read=lambda number: _bytes(archive, shown[number][0], name),
    )


def _opened(data: bytes, name: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError) as error:
        raise DamagedSource(name, "archive_damaged") from error


def _is_link(entry: zipfile.ZipInfo) -> bool:
    mode = entry.external_attr >> 16
    return bool(mode) and stat.S_IFMT(mode) not in (0, stat.S_IFREG)


def _member(entry: zipfile.ZipInfo, path: str) -> Member:
    problem: ReasonCode | None = None
    if entry.flag_bits & _ENCRYPTED:
        problem = "encrypted"
    elif entry.file_size > SMALL and entry.file_size > RATIO * max(1, entry.compress_size):
        problem = "bomb"
    return Member(name=path, suffix="", size=entry.file_size, problem=problem)


def _bytes(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> bytes:
    """What an entry unpacks to. Never more than it says: `zipfile` reads no further, and the check of it fails then."""
    try:
        with archive.open(entry) as file:
            return file.read()
    except MemoryError:
        raise
    except NotImplementedError as error:
        raise UnsupportedFormat(name, "packing") from error
    except Exception as error:  # zlib's and lzma's errors have no common root
        raise DamagedSource(name, "member_damaged") from error


def _paths(entries: Sequence[zipfile.ZipInfo]) -> list[str]:
    """The names of entries, those that do not say their encoding in the one that fits them all best."""
    raw = [b"" if entry.flag_bits & _UTF8 else _raw(entry.orig_filename) for entry in entries]
    encoding = _encoding_of(b"\n".join(raw))
    return [
        name.decode(encoding, "replace") if name else entry.filename
        for entry, name in zip(entries, raw, strict=True)
    ]


def _raw(name: str) -> bytes:
    """The bytes that `zipfile` has read as code page 437; empty for names without letters beyond ASCII."""
    if name.isascii():
        return b""
    try:
        return name.partition("\0")[0].encode("cp437")
    except UnicodeEncodeError:
        return b""


def _encoding_of(names: bytes) -> str:
    try:
        names.decode("utf-8")
    except UnicodeDecodeError:
        return min(_ENCODINGS, key=lambda encoding: _oddity(names, encoding))
    return "utf-8"


def _oddity(names: bytes, encoding: str) -> int:
    """How many signs of ``names``, read in ``encoding``, do not look like letters of words."""
    read = names.decode(encoding, "replace")
    strange = sum(not sign.isascii() and not sign.isalpha() for sign in read)
    # A capital after a small letter, and letters of two scripts side by side, come of reading wrongly.
    broken = sum(one.islower() and two.isupper() for one, two in pairwise(read) if not two.isascii())
    mixed = sum(
        one.isalpha() and two.isalpha() and (ord(one) < 0x250) != (ord(two) < 0x250)
        for one, two in pairwise(read)
    )
    return 3 * strange + 2 * broken + 2 * mixed
