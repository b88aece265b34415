"""Which quotations are about a topic: by the words and by the meaning of the sentences that they stand in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from assistant.language.matching import coverage, vocabulary
from assistant.retrieval.probes import Probe, Probes, probes_of
from assistant.retrieval.query import Query
from assistant.retrieval.retriever import Retriever
from assistant.retrieval.search import nearest_passages, sentences_in, term_of
from ingest.embedding.sentence_vectors import cosines
from ingest.embedding.types import SentenceVectors
from ingest.store.index import Index
from ingest.store.quotation_rows import QuotationQuery, StoredQuotation
from ingest.store.records import document_and_version
from ingest.types import Passage, Record

# So many passages are all read; of more those that a search finds.
MOST_READ = 300
SPELLED, WITHIN = 300, 2_000  # passages found by spelling; documents that a search is restricted to
# A quotation is about a topic where the words of its sentences, those of the title, the heading and the sentence before as well, and
# the meaning of its nearest sentence add up to so much: see `benchmarks.statements_index`.
WORDS, BESIDE, MEANING, ABOUT = 3.0, 8.0, 1.0, 9.5
# The share of the topic's words that is enough where vectors can't be judged.
ENOUGH_WORDS = 0.5


@dataclass(frozen=True, slots=True)
class TopicSearch:
    """A topic in words, and what understands it."""

    words: str
    retriever: Retriever

    def find(self, index: Index, query: QuotationQuery) -> list[StoredQuotation]:
        """The quotations that fit and are about the topic, best first."""
        topic = self.retriever.understand(self.words)
        probes = probes_of(topic, index, self.retriever.embedder)
        rows = index.quotations.in_passages(query, _places(index, query, topic, probes))
        keys = list(dict.fromkeys(row.passage_ids[0] for row in rows))
        passages, vectors = index.search.fetch(keys), index.search.sentence_vectors(keys)
        scored = [
            (score, row)
            for row in rows
            if (held := passages.get(row.passage_ids[0]))
            and (score := _score(row, *held, topic, probes, vectors)) is not None
        ]
        return [row for _, row in sorted(scored, key=lambda pair: (-pair[0], pair[1].key))]


def _places(index: Index, query: QuotationQuery, topic: Query, probes: Probes) -> list[tuple[str, int]]:
    """The passages that are read: all with quotations that fit where they are few, else those found for the topic."""
    every = index.quotations.places(query, MOST_READ + 1)
    if len(every) <= MOST_READ:
        return every
    documents = index.quotations.documents(query)
    within = documents if len(documents) <= WITHIN else ()
    spelled = index.search.spelled([term_of(word) for word in topic.words], SPELLED, within)
    near = nearest_passages(topic.language, probes, index, within)
    return [_place(key) for key in dict.fromkeys(chain((key for key, _ in spelled), near))]


def _place(passage_id: str) -> tuple[str, int]:
    return document_and_version(passage_id)[0], int(passage_id.rpartition("-")[2])


def _score(
    row: StoredQuotation,
    passage: Passage,
    record: Record,
    topic: Query,
    probes: Probes,
    vectors: Mapping[str, SentenceVectors],
) -> float | None:
    """How much a quotation is about the topic; None where it is not."""
    language = record.language_of(passage)
    numbers = list(_sentences(row, passage, record))
    spans = sentences_in(passage, record)
    texts = [passage.text[span.start : span.end] for span in spans]
    said = " ".join(texts[number] for number in numbers)
    before = texts[numbers[0] - 1] if numbers and numbers[0] else ""
    own = coverage(topic.words, vocabulary(said, language))
    beside = coverage(topic.words, vocabulary(f"{said} {record.title} {passage.heading} {before}", language))
    near = _nearness(probes.get(language), numbers, vectors.get(passage.id))
    if near is None:
        return WORDS * own + BESIDE * beside if own >= ENOUGH_WORDS else None
    score = WORDS * own + BESIDE * beside + MEANING * near
    return score if score >= ABOUT else None


def _nearness(probe: Probe | None, sentences: Sequence[int], vectors: SentenceVectors | None) -> float | None:
    """How near the nearest of a passage's sentences is, standardised; None where that can't be judged."""
    if probe is None or vectors is None or not probe.judges or not sentences:
        return None
    near = cosines(vectors, probe.vector).tolist()
    return max(probe.standard(near[number]) for number in sentences if number < len(near))


def _sentences(row: StoredQuotation, passage: Passage, record: Record) -> Iterator[int]:
    """The sentences of a passage that a quotation has words in, counted from 0."""
    for number, span in enumerate(sentences_in(passage, record)):
        start, end = passage.start + span.start, passage.start + span.end
        if start < row.end and end > row.start:
            yield number
