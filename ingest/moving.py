"""Documents whose files have got another name: the same document, with all that is known of it, under the new one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from ingest.embedding.types import Embedder
from ingest.files import file_sha256
from ingest.loaders import suffix_of
from ingest.pipeline import retitled
from ingest.sources import Source, forms_of
from ingest.store.copies import whole
from ingest.store.index import Index
from ingest.store.records import Prepared
from ingest.text import publication_date
from ingest.types import Document, Record, document_id

_TRIES = 5  # where others change the document at the same time


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSource:
    """Where a document of the index comes from, and the SHA-256 of its file; ``container`` is empty for a file by itself."""

    id: str
    source: str
    sha256: str
    container: str = ""


def renamed(
    gone: Sequence[StoredSource], known: Sequence[StoredSource], files: Sequence[Source]
) -> dict[str, Source]:
    """By id, for documents that are ``gone`` from their places, the files with the same content that no document is ``known`` of.

    A file has the place of one document only, and its name the same ending. Archives and mails with attachments are
    read anew, with all that they hold. Only where something is gone, files are read.
    """
    sources = {form for one in known for form in forms_of(one.source)}
    containers = {one.container for one in known}
    wanted: dict[tuple[str, str], list[str]] = {}
    for one in gone:
        if not one.container and one.source not in containers:
            wanted.setdefault((one.sha256, suffix_of(one.source)), []).append(one.id)
    found: dict[str, Source] = {}
    for file in files if wanted else ():
        if file.name in sources:
            continue
        try:
            keys = wanted.get((file_sha256(file.path), suffix_of(file.name)))
        except OSError:
            continue
        if keys:
            found[keys.pop(0)] = file
    return found


def move(index: Index, embedder: Callable[[], Embedder], key: str, source: str) -> Record | None:
    """Store the document ``key`` as that of ``source``; None where it is gone, or there is one of that source already.

    ``embedder`` is called where its title changes, which is that of its file where it has no other.
    """
    for _ in range(_TRIES):
        record = index.record(key)
        if record is None or index.record(document_id(source)) is not None:
            return None
        (prepared,) = whole(index, [record])
        moved = _moved(prepared, source)
        if moved.document.title != record.title:
            moved = retitled(moved, embedder())
        if stored := index.move(moved, record):
            return stored
    return None


def _moved(prepared: Prepared, source: str) -> Prepared:
    """The document with what its name says, by the new one, and with its corrections."""
    before, key = prepared.document, document_id(source)
    old, new = Path(before.source).stem, Path(source)
    document = replace(before, id=key, source=source)
    if before.stated is not None:
        stated = before.stated
        if stated.title == old:
            document = replace(document, stated=replace(stated, title=new.stem))
        if stated.title == old and before.title == old:
            document = replace(document, title=new.stem)
    elif before.title == old:
        document = replace(document, title=new.stem)
    document = _dated(document, new.name)
    passages = [replace(passage, document_id=key) for passage in prepared.passages]
    return replace(prepared, document=document, passages=passages)


def _dated(document: Document, name: str) -> Document:
    """A date that the file's name gave is the new name's."""
    if document.published_from != "file name":
        return document
    day = publication_date.from_name(name, document.language, date.today())
    return replace(document, published=day, published_from="file name" if day else "")
