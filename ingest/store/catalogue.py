"""The documents of an index as one process knows them. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ingest.store.records import document_and_version
from ingest.types import Passage, Record


@dataclass(frozen=True)  # without slots: what is derived is computed once, and a catalogue never changes
class Catalogue:
    """Records by document id. It never changes, another takes its place: a reader in another thread has one or the other."""

    by_id: Mapping[str, Record] = field(default_factory=dict)

    @classmethod
    def of(cls, records: Iterable[Record]) -> Catalogue:
        return cls({record.id: record for record in records})

    def with_records(self, records: Iterable[Record]) -> Catalogue:
        return Catalogue({**self.by_id, **{record.id: record for record in records}})

    def without(self, ids: Collection[str]) -> Catalogue:
        gone = frozenset(ids)
        return Catalogue({key: record for key, record in self.by_id.items() if key not in gone})

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
    def newest_first(self) -> list[Record]:
        return sorted(self.by_id.values(), key=lambda record: (record.added, record.id), reverse=True)

    @cached_property
    def passages(self) -> int:
        """How many passages all documents have."""
        return sum(record.passages for record in self.by_id.values())

    @cached_property
    def languages(self) -> dict[str, int]:
        """The languages of the documents, each with its number of documents, most frequent first."""
        return dict(Counter(record.language for record in self.newest_first).most_common())

    @cached_property
    def text_languages(self) -> tuple[str, ...]:
        """The languages of the passages: those of the documents, most frequent first, then those that only passages are in."""
        within = Counter(code for record in self.newest_first for code in record.languages)
        return tuple(dict.fromkeys((*self.languages, *(code for code, _ in within.most_common()))))

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


def _same(one: Record, other: Record | None) -> bool:
    return other is not None and one.sha256 == other.sha256
