"""What was edited of an article after it was first stored from its address: sentence by sentence, and when it was noticed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import pairwise

from assistant.citation_links import web_address
from ingest.store.index import Index
from ingest.text.differences import MOST_CHANGES, ChangedStretch, changes
from ingest.types import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """That a text had become another by ``noticed``: ``changes`` are the first ones, ``more`` where there are others.

    ``before`` and ``after`` name the versions of the text.
    """

    noticed: datetime
    before: str
    after: str
    changes: tuple[ChangedStretch, ...]
    more: bool


def is_article(record: Record) -> bool:
    """Whether a document came from an address, where others may edit it."""
    return bool(web_address(record.source))


def edited_articles(index: Index, records: Sequence[Record]) -> dict[str, int]:
    """How many other texts those of the documents have had that came from an address, by id, where they had any."""
    articles = [record for record in records if is_article(record)]
    return index.history.edited(articles) if articles else {}


def edits_of(index: Index, record: Record) -> list[Edit]:
    """The edits of a document, the latest first; one that left every sentence as it was is none."""
    versions = index.history.of(record.id) if is_article(record) else []
    texts = [(one.version, index.history.text(one), one.replaced) for one in versions]
    texts = [entry for entry in texts if entry[1]]
    if not texts:
        return []
    present = (index.texts.version_of(record), index.texts.of(record), record.added)
    edits = []
    for (before, old, replaced), (after, new, _) in pairwise([*texts, present]):
        changed = _compared(before, old, after, new, record.language)
        if changed:
            edits.append(
                Edit(
                    noticed=replaced,
                    before=before,
                    after=after,
                    changes=changed[:MOST_CHANGES],
                    more=len(changed) > MOST_CHANGES,
                )
            )
    return edits[::-1]


def _compared(before: str, old: str, after: str, new: str, language: str) -> tuple[ChangedStretch, ...]:
    """The first changes from a text to another, and one more than are shown; compared once for each pair of versions."""
    place = _comparison(before, after, language)
    if not place:
        place.append(tuple(changes(old, new, language)[: MOST_CHANGES + 1]))
    return place[0]


@lru_cache(maxsize=512)
def _comparison(before: str, after: str, language: str) -> list[tuple[ChangedStretch, ...]]:
    """Where the comparison of two versions is kept, empty before it has been made: so the texts themselves are not."""
    return []
