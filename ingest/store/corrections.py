"""What editors correct of a document, over what its file says of it. Pure.

what the file says ──corrected──▶ what is shown, and beside it what the file says ──withdrawn──▶ what the file says
                                           └──────── a new version of the file keeps what was corrected
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from ingest.types import CorrectableField, Correction, Document, Record, Stated

FIELDS: tuple[CorrectableField, ...] = (
    "title",
    "published",
    "authors",
    "source",
    "language",
    "not_copies_of",
)
WRITTEN = FIELDS[:5]  # those that a form holds
Value = str | date | tuple[str, ...] | None  # a title, source or language; a day or none; authors


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChanges:
    """New values of fields, and the fields whose correction is ``withdrawn``."""

    values: Mapping[CorrectableField, Value] = field(default_factory=dict)
    withdrawn: Collection[CorrectableField] = ()


def corrected(document: Document, changes: FieldChanges, by: str, at: datetime) -> Document:
    """The document with ``changes`` made by the user ``by``; one that is as the file says is no correction."""
    stated = as_stated(document)
    values = {**_corrections_of(document), **changes.values}
    kept = {
        name: value
        for name, value in values.items()
        if name not in changes.withdrawn and not _is_stated(stated, name, value)
    }
    earlier = {correction.field: correction for correction in document.corrections}
    made = [
        earlier[name]
        if name in earlier and name not in changes.values
        else Correction(field=name, by=by, at=at)
        for name in FIELDS
        if name in kept
    ]
    return _with(stated, kept, made)


def reversal(before: Record, after: Record) -> FieldChanges:
    """What takes a document back from its corrections ``after`` to those ``before``."""
    earlier = {correction.field for correction in before.corrections}
    later = {correction.field for correction in after.corrections}
    return FieldChanges(
        values={name: value_of(before, name) for name in FIELDS if name in earlier},
        withdrawn=tuple(name for name in FIELDS if name in later - earlier),
    )


def keeping(document: Document, before: Document | Record | None) -> Document:
    """A new version of a document with the corrections of the version ``before``, if there was one."""
    if before is None:
        return document
    return _with(as_stated(document), _corrections_of(before), before.corrections)


def as_stated(document: Document) -> Document:
    """The document without its corrections."""
    stated = document.stated
    if stated is None:
        return replace(document, source_corrected="", corrections=(), not_copies_of=())
    return replace(
        document,
        title=stated.title,
        published=stated.published,
        published_from=stated.published_from,
        authors=stated.authors,
        language=stated.language,
        source_corrected="",
        stated=None,
        corrections=(),
        not_copies_of=(),
    )


def value_of(document: Document | Record, name: CorrectableField) -> Value:
    """What a field holds, corrected or not."""
    value: Value = (
        (document.source_corrected or document.source) if name == "source" else getattr(document, name)
    )
    return value


def _corrections_of(document: Document | Record) -> dict[CorrectableField, Value]:
    return {correction.field: value_of(document, correction.field) for correction in document.corrections}


def _is_stated(stated: Document, name: CorrectableField, value: Value) -> bool:
    """Whether the file says the same; a date of an unknown origin is confirmed by being entered again."""
    unsure = name == "published" and value is not None and not stated.published_from
    return value == value_of(stated, name) and not unsure


def _with(
    document: Document, values: Mapping[CorrectableField, Value], corrections: Collection[Correction]
) -> Document:
    """An uncorrected document with corrections."""
    if not corrections:
        return document
    fields: dict[str, Any] = {name: value for name, value in values.items() if name != "source"}
    if "published" in values:
        fields["published_from"] = "corrected"
    return replace(
        document,
        **fields,
        source_corrected=str(values.get("source", "")),
        stated=Stated(
            title=document.title,
            published=document.published,
            published_from=document.published_from,
            authors=document.authors,
            language=document.language,
        ),
        corrections=tuple(corrections),
    )
