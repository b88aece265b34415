"""Correcting what is known of a document: what editors write, checked and stored.

Only a new title needs the embedding model: it is embedded with every passage.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from unicodedata import category

from assistant.errors import BadCorrection, NotFound, Outdated
from ingest.embedding.types import Embedder
from ingest.pipeline import retitled
from ingest.store.copies import whole
from ingest.store.corrections import FIELDS, FieldChanges, Value, corrected, value_of
from ingest.store.index import Index
from ingest.text.months import language_name
from ingest.text.publication_date import DAYS_AHEAD
from ingest.types import CorrectableField, Record

LONGEST_TITLE, LONGEST_SOURCE, LONGEST_NAME, MOST_AUTHORS = 500, 2_000, 200, 100
LONGEST_ID, MOST_APART = 64, 1_000
UNDATED = ("none", "-")  # what is written for a day that is not known
_TRIES = 5  # where others change the document at the same time


def read_changes(written: Mapping[str, str], withdrawn: tuple[str, ...] = ()) -> FieldChanges:
    """What was ``written`` for fields: a day as in 2026-03-14 or `UNDATED`, authors one a line. Raises `BadCorrection`."""
    values: dict[CorrectableField, Value] = {}
    problems: dict[str, str] = {}
    for name in {*written, *withdrawn} - set(FIELDS):
        problems[name] = "unknown_field"
    for name in FIELDS:
        if name in written:
            value, problem = _READERS[name](written[name])
            values[name] = value
            problems |= {name: problem} if problem else {}
    if problems:
        raise BadCorrection(problems)
    return FieldChanges(values=values, withdrawn=tuple(name for name in FIELDS if name in withdrawn))


def differing(record: Record, changes: FieldChanges) -> FieldChanges:
    """Of a form that holds every field, the changes: what it does not leave as it is."""
    values = {name: value for name, value in changes.values.items() if value != value_of(record, name)}
    withdrawn = tuple(name for name in changes.withdrawn if record.corrected_by(name) is not None)
    return FieldChanges(
        values={name: values[name] for name in values if name not in withdrawn}, withdrawn=withdrawn
    )


def correct(
    index: Index, embedder: Callable[[], Embedder], document_id: str, changes: FieldChanges, by: str
) -> Record:
    """Store a document corrected by the user ``by``; ``embedder`` is called where its title changes.

    Raises `NotFound`, and `Outdated` where others keep changing the document.
    """
    for _ in range(_TRIES):
        record = index.record(document_id)
        if record is None:
            raise NotFound(f"There is no document {document_id!r}. `assistant documents` lists them.")
        (prepared,) = whole(index, [record])
        document = corrected(prepared.document, changes, by, datetime.now(UTC))
        if document == prepared.document:
            return record
        changed = prepared.with_document(document)
        if document.title != record.title:
            changed = retitled(changed, embedder())
        if stored := index.put_corrected(changed, record):
            return stored
    raise Outdated("Others keep changing this document. Try again.")


def _plain(written: str) -> str:
    """In one line, without control characters."""
    return " ".join("".join(" " if category(sign) in ("Cc", "Cs") else sign for sign in written).split())


def _title(written: str) -> tuple[Value, str]:
    title = _plain(written)
    return title, "empty" if not title else "too_long" if len(title) > LONGEST_TITLE else ""


def _source(written: str) -> tuple[Value, str]:
    source = _plain(written)
    return source, "empty" if not source else "too_long" if len(source) > LONGEST_SOURCE else ""


def _published(written: str) -> tuple[Value, str]:
    text = written.strip()
    if not text or text.casefold() in UNDATED:
        return None, ""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None, "no_date"
    return day, "in_future" if day > date.today() + timedelta(days=DAYS_AHEAD) else ""


def _authors(written: str) -> tuple[Value, str]:
    names = map(_plain, written.split("\n"))
    authors = tuple(dict.fromkeys(name for name in names if name))
    too_long = len(authors) > MOST_AUTHORS or any(len(name) > LONGEST_NAME for name in authors)
    return authors, "too_long" if too_long else ""


def _language(written: str) -> tuple[Value, str]:
    code = written.strip().lower()
    known = len(code) == 2 and language_name(code)
    return code, "" if not code or known else "no_language"


def _ids(written: str) -> tuple[Value, str]:
    ids = tuple(dict.fromkeys(written.split()))  # ids are hexadecimal, so no white space is in one
    unknown = any(len(key) > LONGEST_ID or not (key.isascii() and key.isalnum()) for key in ids)
    return ids, "no_ids" if unknown else "too_long" if len(ids) > MOST_APART else ""


_READERS: Mapping[CorrectableField, Callable[[str], tuple[Value, str]]] = {
    "title": _title,
    "published": _published,
    "authors": _authors,
    "source": _source,
    "language": _language,
    "not_copies_of": _ids,
}
