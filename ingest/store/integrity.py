"""Whether what is stored fits together: every document whole, nothing left over, the lexical index in step. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from ingest.store.records import document_and_version
from ingest.types import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Integrity:
    """What a look at everything has found.

    ``left_over`` counts passages of no committed version, which the next changes or the next start delete; ``incomplete`` names
    the documents that lack passages; ``out_of_step`` counts the documents that the catalogue in memory, the lexical index, the links between
    copies or the index of quotations do not have as they are.
    """

    documents: int
    passages: int
    left_over: int
    incomplete: tuple[str, ...]
    out_of_step: int

    @property
    def whole(self) -> bool:
        return not (self.left_over or self.incomplete or self.out_of_step)


def integrity(passage_ids: Iterable[str], records: Collection[Record], out_of_step: int) -> Integrity:
    """Compare the ids of all stored passages with the catalogue."""
    stored = Counter(map(document_and_version, passage_ids))
    committed = {(record.id, record.version): record.passages for record in records}
    return Integrity(
        documents=len(records),
        passages=sum(stored.values()),
        left_over=sum(number for version, number in stored.items() if version not in committed),
        incomplete=tuple(
            document_id
            for (document_id, version), number in committed.items()
            if stored[document_id, version] != number
        ),
        out_of_step=out_of_step,
    )
