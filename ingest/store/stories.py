"""Which documents tell one story: agency copies and near-identical articles, from one outlet after another. Pure.

Two documents are linked where one holds most sentences and facts of the other. Stories are groups of linked documents, joined
in the order of their links' strength, where most pairs between two groups are linked: an article that has two stories in it
does not join them. Documents that an editor has told apart are in no story together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np

from ingest.embedding.types import Vectors
from ingest.store.rough_sketches import RoughSketch
from ingest.text.shared_wording import EDITION as WORDING_EDITION
from ingest.text.shared_wording import Wording, most_shared, shared_facts, shared_numbers, shared_sentences
from ingest.types import Record

EDITION = f"1.{WORDING_EDITION}"
SAME_TEXT = 100.0  # the strength of a link between documents of the same text
# How much each counts, found on half of the events of benchmarks/stories.py: the sentences, facts and numbers of the shorter
# text that the longer one has, and how near its sentences are to those in meaning.
SENTENCES, FACTS, NUMBERS, MEANING, ENOUGH = 24.0, 9.0, 6.0, 0.9, 21.2
MOST_NEARNESS = 2.5
# A text that is so many times as long is a collection of stories, or another one.
LONGER = 10
# Copies appear within days. What is published so many days later, and says new things, is another story.
DAYS, REPRINTED = 10, 0.8
_ROUNDING = 1e-6
JOINED = 0.5  # two groups are one where more than this share of the pairs between them is linked

Links = Mapping[str, Mapping[str, float]]  # by document ids: the strength of each link, the same both ways


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sketch:
    """What documents are compared by; ``vectors`` are unit vectors of the sentences, shape (sentences, dimensions), if any."""

    language: str
    text_version: str
    published: date | None
    wording: Wording
    vectors: Vectors | None = None


def link_strength(one: Sketch, other: Sketch, cosine: float, alike: tuple[float, float]) -> float:
    """How surely two documents tell one story, above 0 where they do; the same whichever comes first.

    ``cosine`` is that of their vectors, and ``alike`` where the model's cosines tell copies from others, and its scale.
    """
    if one.text_version == other.text_version:
        return SAME_TEXT
    if one.language != other.language:
        return 0.0
    short, long = sorted((one, other), key=lambda sketch: (sketch.wording.size, sketch.text_version))
    if not short.wording.size or long.wording.size > LONGER * short.wording.size:
        return 0.0
    written = (
        FACTS * shared_facts(short.wording, long.wording)
        + NUMBERS * shared_numbers(short.wording, long.wording)
        - ENOUGH
    )
    reprinted = REPRINTED if days_apart(one, other) > DAYS else 0.0
    # What costs least is looked at first: however near they are in meaning, most pairs do not share enough of their wording.
    if most_shared(short.wording, long.wording) < _least(written + MEANING * MOST_NEARNESS, reprinted):
        return 0.0
    nearness = min(MOST_NEARNESS, (_nearness(short, long, cosine) - alike[0]) / alike[1])
    known = written + MEANING * nearness
    least = _least(known, reprinted)
    if least >= 1:
        return 0.0
    shared = shared_sentences(short.wording, long.wording, least)
    return max(0.0, round(known + SENTENCES * shared, 3)) if shared >= least else 0.0


def may_be_linked(one: RoughSketch, other: RoughSketch, days_apart: int) -> bool:
    """Whether `link_strength` of two texts that are not the same may be above 0, as far as their rough sketches tell."""
    short, long = (one, other) if one.size <= other.size else (other, one)
    if not short.size or long.size > LONGER * short.size:
        return False
    # Of two texts of one length either may count as the shorter.
    pairs = [(short, long)] if short.size < long.size else [(short, long), (long, short)]
    return any(_may_hold(mine, others, days_apart) for mine, others in pairs)


def _may_hold(short: RoughSketch, long: RoughSketch, days_apart: int) -> bool:
    written = FACTS * short.most_facts(long) + NUMBERS * short.most_numbers(long) - ENOUGH
    least = _least(written + MEANING * MOST_NEARNESS, REPRINTED if days_apart > DAYS else 0.0)
    return short.most_sentences(long) >= least - _ROUNDING


def _least(known: float, reprinted: float) -> float:
    """The share of sentences that two texts must have in common, where so much else is ``known`` for them to be copies."""
    return max(-known / SENTENCES, reprinted)


def _nearness(short: Sketch, long: Sketch, cosine: float) -> float:
    """The mean cosine of the sentences of one text to the nearest one of the other; that of the documents without such."""
    if short.vectors is None or long.vectors is None:
        return cosine
    return float((short.vectors @ long.vectors.T).max(axis=1).mean())


def days_apart(one: Sketch | Record, other: Sketch | Record) -> int:
    """The days between two publications, 0 where one is not known."""
    return abs((one.published - other.published).days) if one.published and other.published else 0


def unit(vectors: Iterable[np.ndarray]) -> Vectors | None:
    """The directions of sentences in one array; None where there are none."""
    rows = [part for part in vectors if len(part)]
    if not rows:
        return None
    array = np.concatenate(rows).astype(np.float32)
    return np.asarray(array / np.maximum(np.linalg.norm(array, axis=1, keepdims=True), 1e-9))


@dataclass(frozen=True, slots=True)
class Stories:
    """The stories of the documents as they are at one moment. Each is made out when it is first asked for."""

    records: Mapping[str, Record] = field(default_factory=dict)
    links: Links = field(default_factory=dict)
    _known: dict[str, tuple[Record, ...]] = field(default_factory=dict)

    def of(self, document_id: str) -> tuple[Record, ...]:
        """The documents of a document's story, itself among them, the earliest copy first; none for an unknown document."""
        if document_id not in self.records:
            return ()
        if document_id not in self.links:
            return (self.records[document_id],)
        if document_id not in self._known:
            for group in grouped(self._linked(document_id), self.links):
                story = tuple(sorted((self.records[key] for key in group), key=earliness))
                self._known.update(dict.fromkeys(group, story))
        return self._known[document_id]

    def id_of(self, document_id: str) -> str:
        """The name of a document's story: the id of its earliest copy."""
        story = self.of(document_id)
        return story[0].id if story else document_id

    def count(self, document_ids: Iterable[str]) -> int:
        """How many stories these documents tell."""
        return len({self.id_of(key) for key in document_ids})

    def total(self) -> int:
        """How many stories all documents tell: those without copies are not looked at."""
        linked = [key for key in self.links if key in self.records]
        return len(self.records) - len(linked) + self.count(linked)

    def _linked(self, document_id: str) -> list[Record]:
        """The documents that are linked to one, directly or by way of others."""
        found, ahead = {document_id}, [document_id]
        while ahead:
            for key in self.links.get(ahead.pop(), ()):
                if key not in found and key in self.records:
                    found.add(key)
                    ahead.append(key)
        return [self.records[key] for key in sorted(found)]


def earliness(record: Record) -> tuple[date, bool, datetime, str]:
    """Orders copies: by the day of publication, else that on which they were added."""
    return record.published or record.added.date(), record.published is None, record.added, record.id


def grouped(records: Sequence[Record], links: Links) -> list[frozenset[str]]:
    """Linked documents as stories."""
    present = {record.id for record in records}
    now = {old: record.id for record in records for old in record.moved_from if old not in present}
    apart = {
        frozenset((record.id, now.get(other, other))) for record in records for other in record.not_copies_of
    }
    group_of = {key: frozenset({key}) for key in present}
    pairs = [
        (strength, key, other)
        for key in present
        for other, strength in links.get(key, {}).items()
        if key < other and other in present
    ]
    for _, key, other in sorted(pairs, key=lambda pair: (-pair[0], pair[1:])):
        one, two = group_of[key], group_of[other]
        if one is not two and _are_one(one, two, links, apart):
            group_of.update(dict.fromkeys(one | two, one | two))
    return list({id(group): group for group in group_of.values()}.values())


def _are_one(one: frozenset[str], other: frozenset[str], links: Links, apart: set[frozenset[str]]) -> bool:
    linked = sum(len(other & links.get(key, {}).keys()) for key in one)
    if linked <= JOINED * len(one) * len(other):
        return False
    return not apart or not any(frozenset((key, beside)) in apart for key in one for beside in other)
