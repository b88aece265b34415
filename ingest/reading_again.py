"""Stored documents read again by newer rules, without their files: passages' languages, and whose words they tell.

Their texts, passages and vectors stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.quotations import EDITION, with_quotations
from ingest.store.copies import whole
from ingest.store.index import Index
from ingest.store.records import Prepared, groups
from ingest.text.languages import other_language
from ingest.types import Record

_TOGETHER = 64  # passages that are stored together


def stored_by_earlier_rules(records: Sequence[Record]) -> list[Record]:
    """Of the documents those that an earlier release has stored, or this one with other rules."""
    return [record for record in records if record.quotations_edition < EDITION]


def count_stored_by_earlier_rules(index: Index) -> int:
    """How many documents these are of all."""
    return index.present.tally.by_earlier_rules(EDITION)


def read_again(index: Index, records: Sequence[Record]) -> list[Record]:
    """Store documents as these rules read them. Returns what is stored: what others have changed meanwhile is left out.

    Raises a `StoreError` where something of a document is missing, as of a version that is not the current one.
    """
    prepared = [_read(entry) for entry in whole(index, records)]
    return index.put_in_place(list(zip(prepared, records, strict=True)))


def in_groups(records: Sequence[Record]) -> Iterator[list[Record]]:
    """Documents, as many at a time as are read again together."""
    return groups(records, _TOGETHER)


def _read(prepared: Prepared) -> Prepared:
    document = replace(prepared.document, quotations_edition=EDITION)
    passages = [
        replace(passage, language=passage.language or other_language(passage.text, document.language))
        for passage in prepared.passages
    ]
    return replace(prepared, document=document, passages=with_quotations(document, passages))
