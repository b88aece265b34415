"""One file, several documents: items for the members of archives, mails and lists of articles, also of one in the other.

``archive.zip/minutes/may.txt``, ``mail.eml/report.pdf`` and ``articles.jsonl#3`` are their sources, or the address that
an article names as its own. Members are found and read in the sandbox; what is written here is their bytes, under
names that nothing in the container has a say in.
"""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, count
from pathlib import Path, PurePosixPath

from ingest.errors import ReasonCode, SourceError, TooLarge
from ingest.loaders import CONTAINERS, SUFFIXES, suffix_of
from ingest.loaders.members import Member
from ingest.loaders.sandbox import Sandbox
from ingest.types import Item, Record, document_id


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerLimits:
    """What one file may hold: bytes of a member and of all, members, and containers one in the other."""

    member: int = 200_000_000
    total: int = 2_000_000_000
    members: int = 100_000
    depth: int = 3


def is_container(item: Item) -> bool:
    """Whether the file may hold documents of its own, by its suffix."""
    return (suffix_of(str(item.path)) or suffix_of(item.name)) in CONTAINERS


@dataclass(slots=True)
class Unpacking:
    """The documents of one container, while they are ingested; ``folder`` is where their bytes lie meanwhile.

    ``complete``: all of it has been read, so that what was in it before and is not any more has gone from it. ``total``
    counts the documents found so far, ``skipped`` are the sources of files in other formats.
    """

    item: Item
    sandbox: Sandbox
    folder: Path
    limits: ContainerLimits = field(default_factory=ContainerLimits)
    cancelled: Callable[[], bool] = lambda: False
    complete: bool = False
    total: int = 0
    skipped: list[str] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)
    _broken: list[str] = field(default_factory=list)
    _paths: dict[str, Path] = field(default_factory=dict)
    _open: set[str] = field(default_factory=set)
    _ended: set[str] = field(default_factory=set)
    _bytes: int = 0
    _members: int = 0

    def items(self) -> Iterator[Item | SourceError]:
        """An item for each document, or why it cannot be read. Its bytes lie there until `done` is told of it."""
        yield from self._items(self.item, 0)
        self.complete = not self.cancelled()

    def done(self, source: str) -> None:
        """Something has become of the document: its bytes are not needed any more."""
        if source in self._open:  # its members are still to be read
            self._ended.add(source)
        elif path := self._paths.pop(source, None):
            path.unlink(missing_ok=True)

    def path_of(self, source: str) -> Path | None:
        """Where the bytes of a document lie, until it is `done`."""
        return self._paths.get(source)

    def close(self) -> None:
        """Delete what bytes are still there."""
        self._open.clear()
        for source in list(self._paths):
            self.done(source)

    def vanished(self, records: Iterable[Record]) -> list[Record]:
        """The documents that were in the container, and are not any more; none unless it is ``complete``.

        What can no longer be read stays as it was, and so does what was in a container within that cannot be.
        """
        if not self.complete or _plain(self.item.source) in self._broken:
            return []
        return [
            record
            for record in records
            if (is_within(record, self.item.source) or record.id == document_id(self.item.source))
            and record.id not in self._seen
            and document_id(record.source) not in self._seen
            and not any(is_within(record, source) for source in self._broken)
        ]

    def _items(self, item: Item, depth: int) -> Iterator[Item | SourceError]:
        try:
            contents = self.sandbox.contents(item.path, item.name)
            self._admit(item, contents.members, depth)
        except SourceError as error:
            self._broken.append(_plain(item.source))
            yield self._failed(item.source, error.code, **error.values)
            return
        if contents.own:
            yield self._found(item)
        readable = [(number, one) for number, one in enumerate(contents.members) if _suffix(one) in SUFFIXES]
        if not readable and not contents.own:
            suffixes, n = ", ".join(SUFFIXES), len(contents.members)
            yield self._failed(item.source, "archive_none_readable", n=n, suffixes=suffixes)
        taken = {member.name for _, member in readable}
        self.skipped += [_source(item, one) for one in contents.members if one.name not in taken]
        for number, member in readable:
            if self.cancelled():
                return
            yield from self._member(item, number, member, depth)

    def _member(self, item: Item, number: int, member: Member, depth: int) -> Iterator[Item | SourceError]:
        source = self._free(item, member)
        try:
            self._check(source, member)
            path = self.folder / f"{uuid.uuid4().hex}{_suffix(member)}"
            self._paths[source] = path
            path.write_bytes(self.sandbox.member(item.path, item.name, number))
        except SourceError as error:
            yield self._failed(source, error.code, **error.values)
            return
        except OSError as error:
            yield self._failed(source, "no_room", why=error.strerror)
            return
        found = replace(
            self.item,
            source=source,
            name=_name(item, member),
            path=path,
            container=item.source,
            published=None,
        )
        if member.suffix or not is_container(found):  # an article by itself holds no others
            yield self._found(found)
            return
        self._open.add(source)
        yield from self._items(found, depth + 1)
        self._open.discard(source)
        if (
            source in self._ended or document_id(source) not in self._seen
        ):  # nothing more is made of its own bytes
            self.done(source)

    def _free(self, item: Item, member: Member) -> str:
        """The source of a member; where another has it already, its place in the container, so that nothing is lost."""
        own = _source(item, replace(member, address=""))
        stem, dot, suffix = own.rpartition(".")
        others = (f"{stem} ({n}){dot}{suffix}" for n in count(2))
        names = chain((_source(item, member), own), others)
        return next(name for name in names if document_id(name) not in self._seen)

    def _admit(self, item: Item, members: Collection[Member], depth: int) -> None:
        """Raise `TooLarge` where a container holds more than is allowed, before anything of it is read."""
        if depth > self.limits.depth:
            raise TooLarge(item.source, "archive_deep", limit=self.limits.depth)
        self._members += len(members)
        self._bytes += sum(member.size for member in members if member.problem is None)
        if self._members > self.limits.members:
            raise TooLarge(
                item.source, "archive_many", n=f"{self._members:,}", limit=f"{self.limits.members:,}"
            )
        if self._bytes > self.limits.total:
            size, limit = self._bytes / 1e6, self.limits.total / 1e6
            raise TooLarge(item.source, "archive_large", size=f"{size:,.0f}", limit=f"{limit:,.0f}")

    def _check(self, source: str, member: Member) -> None:
        if member.problem is not None:
            raise SourceError(source, member.problem, size=f"{member.size / 1e6:,.0f}")
        if member.size > self.limits.member:
            size, limit = member.size / 1e6, self.limits.member / 1e6
            raise TooLarge(source, "file_too_large", size=f"{size:.1f}", limit=f"{limit:.1f}")

    def _found(self, item: Item) -> Item:
        self._seen.add(document_id(item.source))
        self.total += 1
        return item

    def _failed(self, source: str, code: ReasonCode, **values: object) -> SourceError:
        self._seen.add(document_id(source))
        self.total += 1
        self.done(source)
        return SourceError(source, code, **values)


def is_within(record: Record, container: str) -> bool:
    """Whether a document was found in the container of that source, or in one within it."""
    outer, inner = _plain(container), _plain(record.container)
    return bool(inner) and (inner == outer or inner.startswith(f"{outer}/"))


def _suffix(member: Member) -> str:
    return member.suffix or suffix_of(member.name)


def _source(item: Item, member: Member) -> str:
    between = "" if member.name.startswith("#") and member.suffix else "/"
    return member.address or f"{item.source}{between}{member.name}"


def _name(item: Item, member: Member) -> str:
    """What errors, and a title made of the name, call a member."""
    numbered = member.name.startswith("#") and member.suffix
    return f"{item.name}{member.name}" if numbered else PurePosixPath(member.name).name


def _plain(source: str) -> str:
    return unicodedata.normalize("NFC", source)
