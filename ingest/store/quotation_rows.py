"""Quotations as rows of a table, and the question for some of them as a condition. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ingest.store.records import passage_id
from ingest.text.folding import fold, words
from ingest.types import Passage, Quotation, QuotationKind, Record

EDITION = "1"  # counts up whenever other things are kept of a quotation
_KINDS: tuple[QuotationKind, ...] = ("direct", "indirect", "reported")  # kept by their places here
_AMONG = " IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredQuotation:
    """A quotation of a version of a document, from ``start`` to ``end``; it lies in the passages ``first`` to ``last``, counted from 0.

    ``cue`` and ``written`` are the words that say that somebody speaks, and who, empty where there are none; ``name`` is whom
    that means, as in `Quotation`. ``key`` names it as long as nothing has changed.
    """

    key: int
    document_id: str
    version: str
    published: date | None
    first: int
    last: int
    kind: QuotationKind
    start: int
    end: int
    cue: str
    written: str
    name: str

    @property
    def passage_ids(self) -> list[str]:
        """The ids of the passages that it lies in."""
        numbers = range(self.first, self.last + 1)
        return [passage_id(self.document_id, self.version, number) for number in numbers]


@dataclass(frozen=True, slots=True, eq=False)
class NameCounts:
    """The names of speakers as documents give them, with their numbers of quotations, and how many name nobody.

    Two of them are never equal: it is the same one as long as nothing has changed.
    """

    counts: Mapping[str, int]
    unnamed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotationQuery:
    """Which quotations: of these ``names`` ("" is nobody's), kinds and documents, None for all, published from ``since`` to ``until``.

    With either day those without a date are left out, unless ``undated``.
    """

    names: Collection[str] | None = None
    kinds: Collection[QuotationKind] | None = None
    documents: Collection[str] | None = None
    since: date | None = None
    until: date | None = None
    undated: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class CopiedQuotations:
    """Quotations that stand in several copies of a story in the same words: the keys of each, its earliest copy first."""

    groups: Sequence[Sequence[int]] = ()


def rows_of(record: Record, passages: Sequence[Passage]) -> Iterator[tuple[Any, ...]]:
    """The quotations of a document, each once, as rows of the table without their keys."""
    places: dict[tuple[int, int, QuotationKind], tuple[int, int, Quotation]] = {}
    for number, passage in enumerate(passages):
        for one in passage.quotations or ():
            first = places.get((one.start, one.end, one.kind), (number, number, one))[0]
            places[one.start, one.end, one.kind] = (first, number, one)
    text = "".join(passage.text for passage in passages) if places else ""
    day = record.published.isoformat() if record.published else ""
    for first, last, one in places.values():
        said = text[one.start : one.end]
        cue, written = (extent.of(text) if extent else "" for extent in (one.cue, one.speaker))
        kind, digest = _KINDS.index(one.kind), _digest(said, one.name)
        yield (record.id, day, first, last, kind, one.start, one.end, cue, written, one.name, digest)


def stored_of(row: Sequence[Any]) -> StoredQuotation:
    key, document, version, day, first, last, kind, start, end, cue, written, name = row
    return StoredQuotation(
        key=key,
        document_id=document,
        version=version,
        published=date.fromisoformat(day) if day else None,
        first=first,
        last=last,
        kind=_KINDS[kind],
        start=start,
        end=end,
        cue=cue,
        written=written,
        name=name,
    )


def copied_in(
    repeated: Mapping[int, Sequence[tuple[int, str]]], story_of: Callable[[str], str]
) -> CopiedQuotations:
    """Of quotations of the same words, as `QuotationIndex.repeated` gives them, those that stand in copies of one story."""
    groups: list[list[int]] = []
    for alike in repeated.values():
        of_story: dict[str, dict[str, int]] = {}
        for key, document in alike:
            of_story.setdefault(story_of(document), {}).setdefault(document, key)
        groups += [list(keys.values()) for keys in of_story.values() if len(keys) > 1]
    return CopiedQuotations(groups)


def _digest(text: str, name: str) -> int:
    """The same for the same words of somebody of the same surname, whatever stands between the words."""
    surname = fold(name.split()[-1]) if name.strip() else ""
    said = " ".join((surname, *words(text))).casefold().encode("utf-8", "replace")
    return int.from_bytes(hashlib.blake2b(said, digest_size=8).digest(), "big", signed=True)


def condition(query: QuotationQuery) -> tuple[str, list[Any]]:
    """The condition in SQL, and its values."""
    parts: list[str] = ["1"]
    values: list[Any] = []
    kinds = None if query.kinds is None else [_KINDS.index(kind) for kind in query.kinds]
    for column, wanted in (("name", query.names), ("kind", kinds), ("quotations.document", query.documents)):
        if wanted is not None:
            parts.append(column + _AMONG)
            values.append(json.dumps(list(wanted)))
    for sign, day in ((">=", query.since), ("<=", query.until)):
        if day is not None:
            parts.append(
                f"(published {sign} ?{' OR' if query.undated else ' AND'} published {'=' if query.undated else '<>'} '')"
            )
            values.append(day.isoformat())
    return " AND ".join(parts), values
