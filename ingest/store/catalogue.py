"""The documents of an index as one process knows them. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import accumulate

from ingest.store.catalogue_tally import CatalogueTally, OrderName, RecordOrder
from ingest.store.records import document_and_version, passage_id
from ingest.types import Passage, Record, document_id

_ROWS = 16  # of a sample
_SELECTIONS = 8  # of days that are kept
_REMEMBERED = 200  # steps that `touched_since` tells


@dataclass(frozen=True)  # without slots: what is derived is computed once
class DatedSelection:
    """The documents published on some days, with or without those that have no date."""

    records: Sequence[Record]

    @cached_property
    def ids(self) -> tuple[str, ...]:
        return tuple(record.id for record in self.records)

    @cached_property
    def tally(self) -> CatalogueTally:
        return CatalogueTally().changed((), self.records)


@dataclass(frozen=True)  # without slots: what is derived is computed once, and a catalogue never changes
class Catalogue:
    """Records by document id. It never changes, another takes its place: a reader in another thread has one or the other.

    What is derived from all records is carried on from the catalogue before, so that neither a change nor the request that comes
    after it looks at every record: lists and dictionaries are copied, which takes a thousandth of that.
    """

    by_id: Mapping[str, Record] = field(default_factory=dict)
    # The latest changes: which catalogue there was before, and the ids of the documents that were touched.
    _before: tuple[tuple[object, frozenset[str]], ...] = ()
    _name: object = field(default_factory=object)
    _orders: dict[OrderName, RecordOrder] = field(default_factory=dict)  # those that were needed
    _selections: dict[tuple[date | None, date | None, bool], DatedSelection] = field(default_factory=dict)

    @classmethod
    def of(cls, records: Iterable[Record]) -> Catalogue:
        return cls({record.id: record for record in records})

    def with_records(self, records: Iterable[Record]) -> Catalogue:
        fresh = {record.id: record for record in records}
        return self._next({**self.by_id, **fresh}, self.some(fresh), list(fresh.values()))

    def without(self, ids: Collection[str]) -> Catalogue:
        by_id, gone = dict(self.by_id), self.some(ids)
        for record in gone:
            del by_id[record.id]
        return self._next(by_id, gone, [])

    def _next(
        self, by_id: Mapping[str, Record], gone: Sequence[Record], fresh: Sequence[Record]
    ) -> Catalogue:
        touched = frozenset(record.id for record in (*gone, *fresh))
        following = Catalogue(by_id, (*self._before[1 - _REMEMBERED :], (self._name, touched)))
        # What is not derived yet is derived when it is needed: this one is passed over by then.
        known = self.__dict__
        derived = following.__dict__
        if "tally" in known:
            derived["tally"] = self.tally.changed(gone, fresh)
        # Listed at once: requests in other threads may need another order meanwhile.
        for kind, order in list(self._orders.items()):
            following._orders[kind] = order.changed(gone, fresh)
        for name in ("moved", "within_containers"):
            if name in known and not any(one.moved_from or one.container for one in (*gone, *fresh)):
                derived[name] = known[name]
        return following

    def touched_since(self, earlier: Catalogue) -> frozenset[str] | None:
        """The ids of documents that may be other ones than in a catalogue before; None where that is too long ago, or another's."""
        if earlier._name is self._name:
            return frozenset()
        names = [name for name, _ in self._before]
        if earlier._name not in names:
            return None
        return frozenset().union(*(touched for _, touched in self._before[names.index(earlier._name) :]))

    def some(self, ids: Iterable[str]) -> list[Record]:
        """The records of these documents, each once; unknown ids are passed over."""
        return [self.by_id[key] for key in dict.fromkeys(ids) if key in self.by_id]

    @cached_property
    def moved(self) -> dict[str, list[Record]]:
        """By the ids that documents had under earlier names of their files, what has become of them, the newest first."""
        found: dict[str, list[Record]] = {}
        for record in self.newest_first:
            for old in record.moved_from:
                found.setdefault(old, []).append(record)
        return found

    @cached_property
    def within_containers(self) -> list[Record]:
        """The documents that were found in an archive, a mail or a list of articles, in no order."""
        return [record for record in self.by_id.values() if record.container]

    def with_members(self, ids: Collection[str]) -> list[str]:
        """The ids of documents and of all that was found in them; the id of a container that is no document stands for that."""
        named = set(ids)
        members = (one.id for one in self.within_containers if not named.isdisjoint(_containers(one)))
        return list(dict.fromkeys((*(record.id for record in self.some(ids)), *members)))

    def of_container(self, source: str) -> list[Record]:
        """The documents that were, or may have been, found in the container of that source, and what is stored under its name."""
        return [
            *self.within_containers,
            *(one for one in self.some([document_id(source)]) if not one.container),
        ]

    @cached_property
    def newest_first(self) -> list[Record]:
        return self._order("age").records[::-1]

    def newest_in(self, language: str, most: int) -> list[Record]:
        """Of the documents in a language those added last, the newest first."""
        return self._order("language").beginning(language)[: -most - 1 : -1]

    def with_source_beginning(self, prefix: str) -> list[Record]:
        """The documents whose source begins so, in the order of their sources."""
        return self._order("source").between(prefix, f"{prefix}\U0010ffff")

    def of_content(self, sha256: str) -> list[Record]:
        """The documents that were made of these bytes."""
        return self._order("content").beginning(sha256)

    def saying(self, text_version: str) -> list[Record]:
        """The documents with the text of that name."""
        return self._order("text").beginning(text_version)

    def published_within(self, first: date | None, last: date | None) -> list[Record]:
        """The documents with a date from ``first`` to ``last``, either None for no limit, the earliest first."""
        days = ((first or date.min).toordinal(), (last or date.max).toordinal())
        return self._order("day").between(*days)

    def selection(self, first: date | None, last: date | None, *, include_undated: bool) -> DatedSelection:
        """Those of `published_within`, which a question asks for again and again, as the next questions may."""
        key = (first, last, include_undated)
        found = self._selections.get(key)
        if found is None:
            undated = self.undated if include_undated else ()
            found = DatedSelection([*self.published_within(first, last), *undated])
            if len(self._selections) >= _SELECTIONS:
                self._selections.clear()
            self._selections[key] = found
        return found

    @cached_property
    def undated(self) -> list[Record]:
        """The documents without a date, in no order."""
        return self._order("day").records[: self.tally.undated]

    @cached_property
    def latest_first(self) -> list[Record]:
        """The documents by their days of publication, the latest first, of one day those added last; those without a date last."""
        records, undated = self._order("day").records, self.tally.undated
        return [*records[undated:][::-1], *records[:undated][::-1]]

    @cached_property
    def tally(self) -> CatalogueTally:
        """Sums over all documents."""
        return CatalogueTally().changed((), list(self.by_id.values()))

    def _order(self, name: OrderName) -> RecordOrder:
        if name not in self._orders:
            self._orders[name] = RecordOrder.of(self.by_id.values(), name)
        return self._orders[name]

    @property
    def passages(self) -> int:
        """How many passages all documents have."""
        return self.tally.passages

    @cached_property
    def languages(self) -> dict[str, int]:
        """The languages of the documents, each with its number of documents, most frequent first."""
        return self.tally.in_languages()

    @cached_property
    def text_languages(self) -> tuple[str, ...]:
        """The languages of the passages: those of the documents, most frequent first, then those that only passages are in."""
        return tuple(dict.fromkeys((*self.languages, *self.tally.with_languages())))

    def sample_ids(self, most: int) -> list[str]:
        """The ids of up to so many passages, all or a few in a row from each of some places evenly spread in the order of being added."""
        records = self._order("age").records
        ends = list(accumulate(record.passages for record in records))
        places: Iterable[int] = range(self.passages)
        if self.passages > most:
            step, row = self.passages // _ROWS, most // _ROWS
            places = (step * number + place for number in range(_ROWS) for place in range(row))
        ids = []
        for place in places:
            at = bisect_right(ends, place)
            number = place - ends[at] + records[at].passages
            ids.append(passage_id(records[at].id, records[at].version, number))
        return ids

    def owners(self, passage_ids: Iterable[str]) -> dict[str, Record]:
        """The documents of passages, by passage id; those of versions that do not count are left out."""
        owners = {}
        for key in passage_ids:
            document_id, version = document_and_version(key)
            record = self.by_id.get(document_id)
            if record and record.version == version:
                owners[key] = record
        return owners

    def committed(self, passages: Mapping[str, tuple[Passage, str]]) -> dict[str, tuple[Passage, Record]]:
        """Of passages with their versions, by id, those of the versions that count, with their documents."""
        return {
            key: (passage, record)
            for key, (passage, version) in passages.items()
            if (record := self.by_id.get(passage.document_id)) and record.version == version
        }

    def gone(self, later: Catalogue) -> list[Record]:
        """The records whose content is not in ``later`` any more: removed, or replaced by another."""
        return [record for key, record in self.by_id.items() if not _same(record, later.by_id.get(key))]


def _containers(record: Record) -> Iterator[str]:
    """The ids of all that a document may have been found in: the container, and what that lies in."""
    path = record.container
    while path:
        yield document_id(path)
        path = path.rpartition("/")[0]


def _same(one: Record, other: Record | None) -> bool:
    return other is not None and one.sha256 == other.sha256
