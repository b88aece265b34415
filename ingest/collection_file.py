"""A whole collection in one file, to be moved or kept: documents, their vectors, originals, corrections and earlier versions.

The file is a ZIP: ``collection.json`` says what it is, ``documents/<id>.json`` holds a document with its passages and earlier
versions, ``vectors/<id>.npz`` the vectors of the model that the index was made with, ``originals/<sha256>.pdf`` what it was made
of. It may come from anybody: nothing in it is run or believed, and what doesn't fit together is named and passed over.
"""

from __future__ import annotations

import io
import os
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import numpy as np
from pydantic import TypeAdapter, ValidationError

from ingest.embedding.types import Embedder, SentenceVectors, Vectors
from ingest.errors import DamagedSource, IngestError, SourceError
from ingest.files import DRAFT, file_sha256, place
from ingest.loaders import suffix_of
from ingest.originals import Originals, stored_name
from ingest.pipeline import prepare
from ingest.store.copies import AT_ONCE, whole
from ingest.store.index import Index
from ingest.store.records import Prepared, groups
from ingest.store.versions import ReplacedText
from ingest.types import Document, Passage, Record, Result, former_ids, version_of

EDITION = 1
_HEAD = "collection.json"
_LARGEST = 512_000_000  # bytes of one member, unpacked: more is no document
_ORIGINAL = re.compile(r"originals/[0-9a-f]{64}(\.[a-z0-9]{1,10})?")
_PIECE = 1 << 20
_LONGEST_RECORDING = 10_000_000  # seconds
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others unpack without a limit
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, RuntimeError, ValueError)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Earlier:
    """An earlier version: its record as it was, when it was replaced, and its text."""

    record: Record
    replaced: datetime
    headings: frozenset[str]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    document: Document
    passages: list[Passage]
    added: datetime
    earlier: list[_Earlier]


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionHead:
    """What a file says of itself: how many ``documents`` it has, and which embedding model made their vectors."""

    edition: int
    documents: int
    model: str
    fingerprint: str
    written: datetime


_ENTRY, _HEADS = TypeAdapter(_Entry), TypeAdapter(CollectionHead)


# -- writing ---------------------------------------------------------------------------------


def export(index: Index, originals: Originals, path: Path) -> Iterator[Record]:
    """Write the collection to ``path`` in one step, over what may be there; yields each document once it is written.

    A document that is replaced or removed meanwhile is written as it is when its turn comes, or left out. Raises `OSError` and
    `StoreError`; ``path`` is then as it was.
    """
    draft = path.with_name(f".{uuid4().hex}{DRAFT}")
    try:
        with zipfile.ZipFile(draft, "x", zipfile.ZIP_DEFLATED, strict_timestamps=False) as file:
            written, kept = 0, set[str]()
            for group in groups(index.records(), AT_ONCE):
                for prepared, record in _present(index, [record.id for record in group]):
                    _write(file, index, originals, prepared, record, kept)
                    written += 1
                    yield record
            head = CollectionHead(
                edition=EDITION,
                documents=written,
                model=index.model,
                fingerprint=index.fingerprint,
                written=datetime.now(UTC),
            )
            file.writestr(_HEAD, _HEADS.dump_json(head, indent=2))
        place(draft, path, durable=True)
    finally:
        draft.unlink(missing_ok=True)


def _present(index: Index, ids: Sequence[str]) -> Iterator[tuple[Prepared, Record]]:
    """Those of the documents that are there, each of one version."""
    for attempt in range(3):
        records = [record for key in ids if (record := index.record(key))]
        try:
            copies = whole(index, records)
        except IngestError:  # one of them has just been replaced
            if attempt == 2:
                raise
            continue
        yield from zip(copies, records, strict=True)
        return


def _write(
    file: zipfile.ZipFile,
    index: Index,
    originals: Originals,
    prepared: Prepared,
    record: Record,
    kept: set[str],
) -> None:
    earlier = [
        _Earlier(
            record=version.record,
            replaced=version.replaced,
            headings=version.headings,
            text=index.history.text(version),
        )
        for version in index.history.earlier(record.id)
    ]
    entry = _Entry(
        document=prepared.document,
        passages=list(prepared.passages),
        added=record.added,
        earlier=[version for version in earlier if version.text],
    )
    file.writestr(f"documents/{record.id}.json", _ENTRY.dump_json(entry))
    arrays = io.BytesIO()
    sentences: dict[str, Any] = {f"s{number:06}": rows for number, rows in enumerate(prepared.sentences)}
    np.savez(arrays, vectors=prepared.vectors, **sentences)
    file.writestr(f"vectors/{record.id}.npz", arrays.getvalue(), zipfile.ZIP_STORED)
    original = originals.of(record)
    name = f"originals/{stored_name(record.sha256, suffix_of(record.source))}"
    if original is not None and name not in kept:
        kept.add(name)
        with suppress(OSError):  # its document has just been removed
            file.write(original, name)


# -- reading ---------------------------------------------------------------------------------


def head_of(path: Path) -> CollectionHead:
    """What the file says of itself. Raises a `SourceError` where it is no collection that this version can read."""
    try:
        with zipfile.ZipFile(path) as file:
            head = _HEADS.validate_json(_member(file, _HEAD))
    except FileNotFoundError:
        raise
    except (*_BROKEN, OSError) as error:
        raise DamagedSource(str(path), "no_collection") from error
    if head.edition > EDITION:
        raise SourceError(str(path), "newer_collection")
    return head


def import_all(
    path: Path,
    index: Index,
    originals: Originals,
    embedder: Callable[[], Embedder],
    *,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[Result]:
    """Store what the file at ``path`` holds and the index does not hold so; yields what became of each document.

    One that the index has with the same text stays as it is; one with another text replaces it, and that becomes an earlier
    version. Vectors are taken over where the same model made them; else the text is embedded anew, for which alone
    ``embedder`` is called. Once ``cancelled()``, no further document is begun. Raises as `head_of` does.
    """
    head = head_of(path)
    with zipfile.ZipFile(path) as file, TemporaryDirectory(prefix="ingest-") as folder:
        names = [name for name in file.namelist() if re.fullmatch(r"documents/[0-9a-f]{16}\.json", name)]
        files = {
            PurePosixPath(name).name.partition(".")[0]: name
            for name in file.namelist()
            if _ORIGINAL.fullmatch(name)
        }
        for name in names:
            if cancelled():
                return
            try:
                entry = _read(file, name)
                yield _store(file, entry, head, index, originals, embedder, files, Path(folder))
            except SourceError as error:
                yield Result(source=name, outcome="failed", error=error.reason, code=error.code)
            except _BROKEN:
                reason = DamagedSource(name, "collection_entry")
                yield Result(source=name, outcome="failed", error=reason.reason, code=reason.code)


def _store(
    file: zipfile.ZipFile,
    entry: _Entry,
    head: CollectionHead,
    index: Index,
    originals: Originals,
    embedder: Callable[[], Embedder],
    files: dict[str, str],
    folder: Path,
) -> Result:
    document = entry.document
    present = index.record(document.id)
    same = present is not None and index.texts.version_of(present) == version_of(document.text)
    if not same:
        prepared = _prepared(file, entry, head, index, embedder)
        if member := files.get(document.sha256):
            _keep_original(file, member, originals, folder)
        index.put([prepared])
    index.history.keep(
        [
            ReplacedText(record=old.record, text=old.text, headings=old.headings, replaced=old.replaced)
            for old in entry.earlier
        ]
    )
    return Result(
        source=document.source,
        outcome="unchanged" if same else "replaced" if present else "added",
        document_id=document.id,
        title=document.title,
        passages=0 if same else len(entry.passages),
    )


def _prepared(
    file: zipfile.ZipFile, entry: _Entry, head: CollectionHead, index: Index, embedder: Callable[[], Embedder]
) -> Prepared:
    """The document with the vectors of the file where the index's model made them, else embedded anew."""
    found = _vectors(file, entry, index) if head.fingerprint == index.fingerprint else None
    if found is None:
        return replace(prepare(entry.document, embedder()), added=entry.added)
    vectors, sentences = found
    return Prepared(
        document=entry.document,
        passages=entry.passages,
        vectors=vectors,
        sentences=sentences,
        added=entry.added,
    )


def _read(file: zipfile.ZipFile, name: str) -> _Entry:
    """A document that is what its name says, and whose passages are its text. Raises `DamagedSource` where it is not."""
    try:
        entry = _ENTRY.validate_json(_member(file, name))
    except ValidationError as error:
        raise DamagedSource(name, "collection_entry") from error
    document, key = entry.document, PurePosixPath(name).stem
    at, own = 0, []
    for passage in entry.passages:
        own.append(passage.start == at and passage.end == at + len(passage.text))
        own.append(passage.document_id == key)
        own.append(all(0 <= start < end <= len(passage.text) for start, end in passage.sentences))
        at += len(passage.text)
    own.append("".join(passage.text for passage in entry.passages) == document.text != "")
    moments = [entry.added, *(one.at for one in document.corrections)]
    moments += [moment for old in entry.earlier for moment in (old.replaced, old.record.added)]
    own.append(all(moment.tzinfo is not None for moment in moments))
    own += _places(document)
    own.append(key == document.id and key in former_ids(document.source))
    own.append(
        all(old.record.id == key and version_of(old.text) == old.record.text_version for old in entry.earlier)
    )
    if not all(own):
        raise DamagedSource(name, "collection_entry")
    return entry


def _places(document: Document) -> Iterator[bool]:
    """Whether pages, times and headings begin within the text, one after the other."""
    starts = [
        list(document.page_starts),
        [start for start, _ in document.time_starts],
        [heading.start for heading in document.headings],
    ]
    yield all(own == sorted(own) and all(0 <= at <= len(document.text) for at in own) for own in starts)
    yield all(0 <= second < _LONGEST_RECORDING for _, second in document.time_starts)
    pages = (*document.doubtful_pages, *document.recognised_pages, *document.unread_pages)
    yield all(0 < page <= len(document.page_starts) for page in pages)


def _vectors(
    file: zipfile.ZipFile, entry: _Entry, index: Index
) -> tuple[Vectors, list[SentenceVectors]] | None:
    """The vectors of the passages and of their sentences; None where the file has none that fit."""
    passages, name = entry.passages, f"vectors/{entry.document.id}.npz"
    try:
        data = io.BytesIO(_member(file, name))
        with zipfile.ZipFile(data) as packed:  # numpy unpacks whatever it is given
            if any(one.compress_type != zipfile.ZIP_STORED for one in packed.infolist()):
                return None
        with np.load(data, allow_pickle=False) as arrays:
            vectors = np.asarray(arrays["vectors"], dtype=np.float32)
            sentences = [
                np.asarray(arrays[name], dtype=np.int8) for name in sorted(arrays.files) if name != "vectors"
            ]
    except (*_BROKEN, TypeError, MemoryError, SourceError):
        return None
    if vectors.shape != (len(passages), index.dimensions) or not np.isfinite(vectors).all():
        return None
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    if not (lengths > 0).all():
        return None
    vectors = vectors / lengths
    fits = len(sentences) == len(passages) and all(
        rows.shape in ((0, 0), (len(passage.sentences), index.dimensions))
        for rows, passage in zip(sentences, passages, strict=True)
    )
    return vectors, sentences if fits else []


def _keep_original(file: zipfile.ZipFile, member: str, originals: Originals, folder: Path) -> None:
    """Store an original whose bytes are what its name says; any other is passed over."""
    path = folder / "original"
    if file.getinfo(member).compress_type not in _PACKED:
        return
    try:
        with file.open(member) as source, path.open("wb") as target:
            size = 0
            while piece := source.read(_PIECE):
                size += len(piece)
                if size > _LARGEST:
                    return
                target.write(piece)
        name = PurePosixPath(member)
        if file_sha256(path) == name.name.partition(".")[0]:
            originals.keep(path, name.suffix)
    finally:
        with suppress(OSError):
            os.unlink(path)


def _member(file: zipfile.ZipFile, name: str) -> bytes:
    """The bytes of a member. Raises `DamagedSource` where they are too many, as no document has."""
    info = file.getinfo(name)
    if info.file_size > _LARGEST or info.compress_type not in _PACKED:
        raise DamagedSource(name, "collection_entry")
    with file.open(name) as source:
        data = source.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise DamagedSource(name, "collection_entry")
    return data
