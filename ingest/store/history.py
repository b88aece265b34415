"""What documents said before, and that they were removed: earlier versions beside what the documents say now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest.store.records import headings_of
from ingest.store.replica import Replica
from ingest.store.texts import RecordOf, StoredTexts
from ingest.store.versions import EarlierVersion, RemovedDocument, ReplacedText
from ingest.types import Record, version_of


class VersionHistory:
    """The earlier versions of an index's documents; ``record`` gives the current record of an id. Thread-safe."""

    def __init__(self, replica: Replica, texts: StoredTexts, record: RecordOf) -> None:
        self._replica = replica
        self._store = replica.store
        self._earlier = replica.earlier
        self._texts = texts
        self._record = record

    # -- reading -----------------------------------------------------------------------------

    def of(self, document_id: str) -> list[EarlierVersion]:
        """What a document said until it was replaced, the first replaced first; also what it says again now."""
        record = self._record(document_id)
        return self._earlier.of(record.id)[::-1] if record else []

    def earlier(self, document_id: str) -> list[EarlierVersion]:
        """What a document said before, the latest replaced first; without what it says again now."""
        record = self._record(document_id)
        if record is None:
            return []
        present = self._texts.version_of(record)
        return [version for version in self._earlier.of(record.id) if version.version != present]

    def edited(self, records: Sequence[Record]) -> dict[str, int]:
        """How many other texts each of these documents has had, by id, where it has had any."""
        versions = self._earlier.among([record.id for record in records])
        present = {record.id: record.text_version for record in records}
        counts = {key: len(names - {present[key]}) for key, names in versions.items()}
        return {key: count for key, count in counts.items() if count}

    def text(self, version: EarlierVersion) -> str:
        """The whole text of an earlier version; empty where it has been deleted meanwhile."""
        return self._earlier.text(version)

    def total(self) -> tuple[int, int]:
        """How many earlier versions of all documents are kept, and the bytes of their texts."""
        return self._earlier.total()

    def removed(self, document_id: str) -> RemovedDocument | None:
        """A document that was removed and can still be put back; None where there is none, or it is in the index."""
        return None if self._record(document_id) else self._earlier.removed(document_id)

    # -- keeping -----------------------------------------------------------------------------

    def keep(self, versions: Sequence[ReplacedText]) -> None:
        """Keep earlier versions of documents that are in the index, which come from another one."""
        with self._replica.change():
            known = self._replica.catalogue.by_id
            self._earlier.keep([version for version in versions if version.record.id in known])

    def keep_replaced(self, coming: Sequence[Record]) -> None:
        """Keep the texts that these records will replace, where theirs are others. Called within a change."""
        by_id = {record.id: record for record in coming}
        # Where others write too, one of them may just have put a version that is not in the catalogue yet.
        present = list(
            self._store.committed(list(by_id)).values()
            if self._replica.shared
            else self._replica.catalogue.some(by_id)
        )
        changed = [old for old in present if old.text_version != by_id[old.id].text_version]
        replaced = [self._replaced(old) for old in changed] if self._earlier.wanted else []
        self._earlier.keep(
            [
                old
                for old in replaced
                if old.record.text_version != by_id[old.record.id].text_version and old.text
            ]
        )

    def copy(self, document_id: str, to: str) -> None:
        """Keep what a document said before as earlier versions of another, whose id is ``to``. Called within a change."""
        self._earlier.keep(
            [
                ReplacedText(
                    record=replace(version.record, id=to),
                    text=self._earlier.text(version),
                    headings=version.headings,
                    replaced=version.replaced,
                )
                for version in self._earlier.of(document_id)
            ]
        )

    def _replaced(self, record: Record) -> ReplacedText:
        passages = self._store.passages_of(record.id, record.version)
        text = "".join(passage.text for passage in passages)
        headings = frozenset(heading.text for heading in headings_of(passages))
        known = replace(record, text_version=version_of(text))
        return ReplacedText(record=known, text=text, headings=headings)
