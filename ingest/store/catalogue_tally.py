"""Sums over the documents of a catalogue, and orders of them, which are carried on from change to change. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, TypeVar

from ingest.types import Record

Key = TypeVar("Key")
OrderName = Literal["age", "day", "language", "source", "content", "text"]

# By what records are ordered; the id comes last, so that no two share a place. Those without a day of publication come first.
_ORDERS: dict[OrderName, Callable[[Record], tuple[Any, ...]]] = {
    "age": lambda record: (record.added, record.id),
    "day": lambda record: (record.published.toordinal() if record.published else 0, record.added, record.id),
    "language": lambda record: (record.language, record.added, record.id),
    "source": lambda record: (record.source, record.id),
    "content": lambda record: (record.sha256, record.id),
    "text": lambda record: (record.text_version, record.id),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueTally:
    """How many passages there are and how many documents of each kind; none of it ever changes.

    ``days`` counts the documents published on each day, ``editions`` those whose quotations were looked for by each edition of the
    rules, ``languages`` those in a language, and ``text_languages`` those with passages in it.
    """

    documents: int = 0
    passages: int = 0
    days: Mapping[date | None, int] = field(default_factory=dict)
    editions: Mapping[int, int] = field(default_factory=dict)
    languages: Mapping[str, int] = field(default_factory=dict)
    text_languages: Mapping[str, int] = field(default_factory=dict)

    def changed(self, gone: Sequence[Record], fresh: Sequence[Record]) -> CatalogueTally:
        """The same without some documents and with others."""
        return CatalogueTally(
            documents=self.documents - len(gone) + len(fresh),
            passages=self.passages + sum(one.passages for one in fresh) - sum(one.passages for one in gone),
            days=_counted(self.days, (one.published for one in gone), (one.published for one in fresh)),
            editions=_counted(
                self.editions,
                (one.quotations_edition for one in gone),
                (one.quotations_edition for one in fresh),
            ),
            languages=_counted(
                self.languages, (one.language for one in gone), (one.language for one in fresh)
            ),
            text_languages=_counted(
                self.text_languages,
                (code for one in gone for code in one.languages),
                (code for one in fresh for code in one.languages),
            ),
        )

    @property
    def undated(self) -> int:
        """How many documents have no day of publication."""
        return self.days.get(None, 0)

    def by_earlier_rules(self, edition: int) -> int:
        """How many documents have quotations of an earlier edition, or none were looked for."""
        return sum(count for known, count in self.editions.items() if known < edition)

    def in_languages(self) -> dict[str, int]:
        """The languages of the documents with their numbers, the most frequent first."""
        return dict(sorted(self.languages.items(), key=lambda item: (-item[1], item[0])))

    def with_languages(self) -> tuple[str, ...]:
        """The languages of the passages, those that most documents have first."""
        return tuple(sorted(self.text_languages, key=lambda code: (-self.text_languages[code], code)))


def _counted(counts: Mapping[Key, int], gone: Iterable[Key], fresh: Iterable[Key]) -> dict[Key, int]:
    changed = Counter(dict(counts))
    changed.update(fresh)
    changed.subtract(gone)
    return {key: count for key, count in changed.items() if count}


@dataclass(frozen=True, slots=True)
class RecordOrder:
    """Records in an order. It never changes, and the places of records in it are found by halving."""

    records: list[Record]
    name: OrderName

    @classmethod
    def of(cls, records: Iterable[Record], name: OrderName) -> RecordOrder:
        return cls(sorted(records, key=_ORDERS[name]), name)

    def changed(self, gone: Sequence[Record], fresh: Sequence[Record]) -> RecordOrder:
        """The same without some records and with others."""
        records, key = list(self.records), _ORDERS[self.name]
        for record in gone:
            del records[bisect_left(records, key(record), key=key)]
        for record in fresh:
            insort(records, record, key=key)
        return RecordOrder(records, self.name)

    def beginning(self, value: Any) -> list[Record]:
        """Those of that value."""
        return self.between(value, value)

    def between(self, first: Any, last: Any) -> list[Record]:
        """Those from one value to another."""
        key = _ORDERS[self.name]
        start = bisect_left(self.records, first, key=lambda record: key(record)[0])
        return self.records[start : bisect_right(self.records, last, key=lambda record: key(record)[0])]
