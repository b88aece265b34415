"""Passages found by meaning and by spelling, and what tells how much a score is worth."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from ingest.embedding.types import SentenceVectors, Vectors
from ingest.store.lexical import Background, Term
from ingest.store.read_last import ReadLast
from ingest.store.records import document_and_version, key_of
from ingest.store.replica import Replica
from ingest.store.sample import Sample
from ingest.text.word_forms import WordForm
from ingest.text.wording import Phrase
from ingest.types import Passage, Record

# Up to so many passages that have a word, looking up what they are of is quicker than counting by document.
FEW = 500
# Where more documents than this are allowed, more is listed than wanted, by `SPARE` times their share, and at most so many.
NAMED, SPARE, LISTED = 200, 1.5, 4_000
# Passages whose texts, and whose vectors, are kept in memory: some eight and two kilobytes each.
TEXTS_KEPT, VECTORS_KEPT = 2_048, 8_192
# Lists a number of passages, of some documents where any are given.
Search = Callable[[int, Sequence[str]], list[tuple[str, float]]]


@dataclass(frozen=True, slots=True)
class _Read:
    """A passage with its version and the vectors of its sentences, which it may have been stored without."""

    passage: Passage
    version: str
    sentences: SentenceVectors | None


class PassageSearch:
    """Questions to an index that are answered with ids of passages, and what these ids stand for. Thread-safe."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica
        self._store = replica.store
        self._lexical = replica.lexical
        self._sample = Sample(replica.store)
        self._passages = ReadLast(self._read_passages, TEXTS_KEPT)
        self._vectors = ReadLast(self._read_vectors, VECTORS_KEPT)

    # -- finding -----------------------------------------------------------------------------

    def nearest(self, vector: Vectors, limit: int, documents: Sequence[str] = ()) -> list[tuple[str, float]]:
        """Passage ids by meaning with their cosines, best first."""
        passages = self._replica.catalogue.passages

        def nearest(wanted: int, among: Sequence[str]) -> list[tuple[str, float]]:
            limited = min(wanted, passages)
            return self._store.nearest(vector, limited, among) if limited else []

        return self._within(nearest, limit, documents)

    def spelled(
        self, terms: Sequence[Term], limit: int, documents: Sequence[str] = ()
    ) -> list[tuple[str, float]]:
        """Passage ids by spelling with their BM25 scores, best first."""
        self._replica.mend_if_possible()
        return self._within(
            lambda wanted, among: self._lexical.search(terms, wanted, among), limit, documents
        )

    def _within(self, search: Search, limit: int, documents: Sequence[str]) -> list[tuple[str, float]]:
        """What a search finds in ``documents``, in all where there are none.

        To restrict it to very many takes far longer than to search: then more is listed of all, and what is of others left out.
        """
        every = len(self._replica.catalogue.by_id)
        wanted = max(limit, int(SPARE * limit * every / max(1, len(documents))))
        if len(documents) > NAMED and wanted <= LISTED:
            among = frozenset(documents)
            listed = search(wanted, ())
            found = [hit for hit in listed if document_and_version(hit[0])[0] in among]
            if len(found) >= limit or len(listed) < wanted:  # else they are strewn unevenly
                return found[:limit]
        return search(limit, documents)

    def holding(self, phrases: Sequence[Phrase]) -> list[Record]:
        """The documents whose text may have all these phrases, newest first; of long phrases only the beginning counts."""
        self._replica.mend_if_possible()
        held = [self._lexical.keys_with(phrase) for phrase in phrases]
        found = self._committed(set.intersection(*held) if held else set())
        return sorted(found, key=lambda record: (record.added, record.id), reverse=True)

    def passages_holding(self, phrases: Sequence[Phrase], records: Sequence[Record]) -> list[str]:
        """The ids of passages of these documents in each of which all phrases may begin, in the order of the documents."""
        most = sum(record.passages for record in records)
        order = {record.id: number for number, record in enumerate(records)}
        found = (
            self._lexical.passages_with(phrases, [key_of(record) for record in records], most) if most else []
        )
        owned = [key for key in found if document_and_version(key)[0] in order]
        return sorted(owned, key=lambda key: (order[document_and_version(key)[0]], key))

    def having(self, forms: Sequence[WordForm]) -> list[Record]:
        """The documents with a passage that has all words of one of these forms, inflected or in a compound, in no order."""
        self._replica.mend_if_possible()
        passages = self._lexical.passages_having(forms, FEW)
        if passages is not None:
            owners = self._replica.catalogue.owners(passages).values()
            return list({record.id: record for record in owners}.values())
        return self._committed(self._lexical.keys_having(forms))

    def _committed(self, keys: Collection[str]) -> list[Record]:
        """The documents of versions, those that count, in no order."""
        by_id = self._replica.catalogue.by_id
        found = (by_id.get(key.partition(":")[0]) for key in keys)
        return [record for record in found if record is not None and key_of(record) in keys]

    # -- what was found ----------------------------------------------------------------------

    def owners(self, ids: Sequence[str]) -> dict[str, Record]:
        """The documents of passages, by passage id; only those of committed versions."""
        owners = self._replica.catalogue.owners(ids)
        # What is missing may be of a version that another has put.
        if len(owners) < len(set(ids)) and self._replica.follow(wait=False):
            owners = self._replica.catalogue.owners(ids)
        return owners

    def fetch(self, ids: Sequence[str]) -> dict[str, tuple[Passage, Record]]:
        """Passages by id with their documents; only those of committed versions."""
        passages = {key: (read.passage, read.version) for key, read in self._passages.some(ids).items()}
        committed = self._replica.catalogue.committed(passages)
        # What is missing may be of a version that another has put.
        if len(committed) < len(passages) and self._replica.follow(wait=False):
            committed = self._replica.catalogue.committed(passages)
        return committed

    def vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """The vectors of those passages that are there, each of shape (dimensions,)."""
        return self._vectors.some(ids)

    def sentence_vectors(self, ids: Sequence[str]) -> dict[str, SentenceVectors]:
        """The vectors of the sentences of those passages that have some, each of shape (sentences, dimensions)."""
        read = self._passages.some(ids)
        return {key: one.sentences for key, one in read.items() if one.sentences is not None}

    def _read_passages(self, ids: Sequence[str]) -> dict[str, _Read]:
        return {
            key: _Read(passage, version, sentences)
            for key, passage, version, sentences in self._store.passages_with_sentences(ids)
        }

    def _read_vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        vectors = self._store.vectors(ids)
        for vector in vectors.values():
            vector.setflags(write=False)  # others get the same
        return vectors

    # -- passages at large -------------------------------------------------------------------

    def dense_backgrounds(self, vector: Vectors) -> dict[str, Background]:
        """How similar ``vector`` is to passages at large, for each language of a cached sample of them."""
        return self._sample.backgrounds(vector, self._replica.catalogue)

    def language_centres(self) -> dict[str, Vectors]:
        """The mean vector of each language's passages, shape (dimensions,), by the cached sample, where it has enough."""
        return self._sample.centres(self._replica.catalogue)

    def lexical_backgrounds(self, terms: Sequence[Term], languages: Collection[str]) -> dict[str, Background]:
        """How the terms score over passages at large, for each of these languages of which a sample has some."""
        return self._lexical.backgrounds(terms, languages)

    def rarity(self, forms: Sequence[str]) -> float:
        """How rare a word is: log(1 + 1 / share) of the passages that have its most usual form; at least log 2."""
        return math.log1p(1 / max(self.share_holding(form) for form in forms))

    def share_holding(self, word: str) -> float:
        """The share of passages that may hold ``word``, in (0, 1]."""
        return self._lexical.share_holding(word)

    def spellings(self, beginning: str) -> dict[str, int]:
        """The words of the collection that begin so, in lower case and without accents, each with its number of passages."""
        return self._lexical.spellings(beginning)
