"""Which of many standing questions one new document may answer: by meaning and by words, without reading it for each.

The vectors of all questions lie in one matrix for each language of the documents, and are compared with those of a document's
sentences by one product; similarities are standardised as in `assistant.retrieval.search`. The words of all questions are looked for
in each passage once. What passes is few, and is then asked in earnest: see `findings`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.language.matching import Vocabulary, coverage, vocabulary
from assistant.retrieval.probes import Probe, QueryEmbedder, probes_of
from assistant.retrieval.query import Query
from assistant.retrieval.retriever import Retriever
from assistant.retrieval.search import sentence_vectors, with_headings
from assistant.types import Hit
from ingest.embedding.types import Embedder, Vectors
from ingest.store.index import Index
from ingest.text.folding import GRAM, fold, tokens, word_grams
from ingest.types import Record

# A document is worth asking if its nearest sentence lies so many deviations above passages at large, less up to so many for the
# share of the question's words that its best passage has; or if it has so large a share of them. Chosen on half of the events of
# `benchmarks.standing`, so that nothing which answers is missed there, with room to spare.
NEAR, FOR_WORDS, COVERED = 6.0, 2.0, 0.6
# The share of a form's 4-grams below which no text can have it: less than `matching` asks of words of another language.
_LEAST = 0.5

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedQuestion:
    """A question as retrieval takes it: understood towards the languages of the collection, with a probe for each of them.

    ``grams`` are of each word its share of the weight of all, and the 4-grams of each of its forms.
    """

    id: str
    query: Query
    probes: Mapping[str, Probe]
    grams: tuple[tuple[float, tuple[frozenset[str], ...]], ...]

    def most_covered(self, grams: frozenset[str]) -> float:
        """The largest share of the question's words that a text of these 4-grams may have."""
        return sum(
            share
            for share, forms in self.grams
            if any(len(form & grams) >= _LEAST * len(form) for form in forms)
        )


def prepared(question_id: str, text: str, retriever: Retriever, embedder: QueryEmbedder) -> PreparedQuestion:
    """A question made ready; that takes what understanding it for an answer takes."""
    query = retriever.understand(retriever.spelling(text).question)
    total = sum(word.weight for word in query.words)
    return PreparedQuestion(
        id=question_id,
        query=query,
        probes=probes_of(query, retriever.index, embedder),
        grams=tuple((word.weight / total, tuple(map(_grams, word.forms))) for word in query.words),
    )


def _grams(form: str) -> frozenset[str]:
    """The 4-grams of a form; none where one of its words is too short to have its own, which any text may have."""
    parts = tokens(form)
    short = any(len(fold(part)) <= GRAM for part in parts)
    return frozenset() if short else frozenset(gram for part in parts for gram in word_grams(part))


class PreparedQuestions:
    """Many questions, ready to be compared with one document after another."""

    def __init__(self, questions: Sequence[PreparedQuestion]) -> None:
        self.questions = tuple(questions)
        self._by_language: dict[str, tuple[NDArray[np.int64], Vectors, Scores, Scores]] = {}

    def worth_asking(self, record: Record, index: Index, embedder: Embedder) -> list[str]:
        """The ids of the questions that a document may answer."""
        hits = [
            Hit(passage=passage, document=record, score=0.0, dense_rank=None, lexical_rank=None)
            for passage in index.texts.passages_of(record.id)
        ]
        if not hits or not self.questions:
            return []
        near = self._nearness(hits, index, embedder)
        texts = [vocabulary(with_headings(hit.passage, record), hit.language) for hit in hits]
        grams = frozenset[str]().union(*(text.grams for text in texts))
        worth = []
        for question, nearness in zip(self.questions, near, strict=True):
            wanted = min(COVERED, (NEAR - nearness) / FOR_WORDS)
            if wanted <= 0 or (
                question.most_covered(grams) >= wanted and _covered(question, texts) >= wanted
            ):
                worth.append(question.id)
        return worth

    def _nearness(self, hits: Sequence[Hit], index: Index, embedder: Embedder) -> Scores:
        """By how many deviations the nearest sentence or passage is nearer to each question than passages at large."""
        near = np.full(len(self.questions), -np.inf, dtype=np.float32)
        of_sentences = sentence_vectors(hits, index, embedder)
        whole = index.search.vectors([hit.passage.id for hit in hits])
        for language in dict.fromkeys(hit.language for hit in hits):
            numbers, vectors, means, deviations = self._matrix(language)
            own = [hit.passage.id for hit in hits if hit.language == language]
            rows = [
                _directions(part)
                for key in own
                for part in (of_sentences.get(key), whole[key][np.newaxis] if key in whole else None)
                if part is not None and len(part)
            ]
            if not len(numbers) or not rows:
                continue
            best = (vectors @ np.concatenate(rows).T).max(axis=1)
            near[numbers] = np.maximum(near[numbers], (best - means) / deviations)
        return near

    def _matrix(self, language: str) -> tuple[NDArray[np.int64], Vectors, Scores, Scores]:
        """The questions that have a probe for a language, by number, their vectors, and how these score over passages at large."""
        if language not in self._by_language:
            own = [
                (n, one.probes[language]) for n, one in enumerate(self.questions) if language in one.probes
            ]
            self._by_language[language] = (
                np.array([number for number, _ in own], dtype=np.int64),
                np.array([probe.vector for _, probe in own], dtype=np.float32).reshape(len(own), -1),
                np.array([probe.background.mean for _, probe in own], dtype=np.float32),
                np.array([max(probe.background.deviation, 1e-6) for _, probe in own], dtype=np.float32),
            )
        return self._by_language[language]


def _covered(question: PreparedQuestion, texts: Sequence[Vocabulary]) -> float:
    return max(coverage(question.query.words, text) for text in texts)


def _directions(rows: NDArray[np.float32] | NDArray[np.int8]) -> Vectors:
    """The rows as unit vectors."""
    array = rows.astype(np.float32)
    return np.asarray(array / np.maximum(np.linalg.norm(array, axis=1, keepdims=True), 1e-9))
