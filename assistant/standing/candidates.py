"""Which of many standing questions one new document may answer: by meaning and by words, without reading it for each.

The vectors of all questions lie in one matrix for each language of the documents, and are compared with those of a document's
sentences by one product; similarities are standardised as in `assistant.retrieval.search`. The words of all questions are looked for
in each passage once. What passes is few, and is then asked in earnest: see `findings`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from assistant.language.matching import Vocabulary, coverage, vocabulary
from assistant.language.words import Word
from assistant.retrieval.probes import Probe, QueryEmbedder, probes_of
from assistant.retrieval.query import Query
from assistant.retrieval.retriever import Retriever
from assistant.retrieval.search import sentence_vectors, with_headings
from assistant.types import Hit
from ingest.embedding.types import Embedder, Vectors
from ingest.store.index import Index
from ingest.text.folding import GRAM, fold, is_number, tokens, word_grams
from ingest.types import Record

# A document is worth asking if its nearest sentence lies so many deviations above passages at large, less up to so many for the
# share of the question's words that its best passage has; or if it has so large a share of them. Chosen on half of the events of
# `benchmarks.standing`, so that nothing which answers is missed there, with room to spare.
NEAR, FOR_WORDS, COVERED = 6.0, 2.0, 0.6
# One that lies so little above them answers nothing unless it has nearly all of the words ("What did … say?" is near to nothing), where
# the model knows the languages of both. Of the looked-at half of the articles none with fewer words and below 3.3 was quoted.
LEAST_NEAR, ALL_WORDS = 2.8, 0.85
# The share of a form's 4-grams below which no text can have it: less than `matching` asks of words of another language.
_LEAST = 0.5
_ROUNDING = 1e-6

Scores = NDArray[np.float32]
_NONE = np.array([], dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormGrams:
    """What of a form is looked for in texts: the 4-grams of its words, and those of its folded words that are too short to have any."""

    grams: frozenset[str]
    short: frozenset[str]


# Of each word its share of the weight of all, and its forms.
WordForms = tuple[tuple[float, tuple[FormGrams, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedQuestion:
    """A question as retrieval takes it: understood towards the languages of the collection, with a probe for each of them."""

    id: str
    query: Query
    probes: Mapping[str, Probe]
    words: WordForms


def prepared(question_id: str, text: str, retriever: Retriever, embedder: QueryEmbedder) -> PreparedQuestion:
    """A question made ready; that takes what understanding it for an answer takes."""
    query = retriever.understand(retriever.spelling(text).question)
    return PreparedQuestion(
        id=question_id,
        query=query,
        probes=probes_of(query, retriever.index, embedder),
        words=words_of(query),
    )


def words_of(query: Query) -> WordForms:
    """The words of a question as they are looked for in texts."""
    total = sum(word.weight for word in query.words)
    return tuple((word.weight / total, _forms_of(word)) for word in query.words)


def _forms_of(word: Word) -> tuple[FormGrams, ...]:
    """What of a word may be in a text: its forms, and the short words that it is made of."""
    parts = frozenset(map(fold, word.parts))
    return (*map(_form_grams, word.forms), *((FormGrams(grams=frozenset(), short=parts),) if parts else ()))


def _form_grams(form: str) -> FormGrams:
    parts = [fold(part) for part in tokens(form)]
    short = frozenset(part for part in parts if len(part) <= GRAM and not is_number(part))
    longer = (gram for part in tokens(form) if fold(part) not in short for gram in word_grams(part))
    return FormGrams(grams=frozenset(longer), short=short)


class AskedWords:
    """The words of many questions, looked for in a text all at once, each form once; ``questions`` are of each its words."""

    def __init__(self, questions: Sequence[WordForms]) -> None:
        forms: dict[FormGrams, int] = {}
        places: list[tuple[int, int]] = []  # the form and the word of each form of a word
        owners: list[int] = []  # the question of each word
        shares: list[float] = []
        for number, words in enumerate(questions):
            for share, own in words:
                places += [(forms.setdefault(form, len(forms)), len(owners)) for form in own]
                owners.append(number)
                shares.append(share)
        having: dict[str, list[int]] = {}
        short: dict[str, list[int]] = {}
        for form, form_number in forms.items():
            for parts, held in ((form.grams, having), (form.short, short)):
                for part in parts:
                    held.setdefault(part, []).append(form_number)
        self._having = {gram: np.array(numbers, dtype=np.int64) for gram, numbers in having.items()}
        self._short = {word: np.array(numbers, dtype=np.int64) for word, numbers in short.items()}
        self._least = np.array([_LEAST * len(form.grams) or np.inf for form in forms], dtype=np.float64)
        self._forms, self._places = np.array(places, dtype=np.int64).reshape(-1, 2).T
        self._owners, self._shares = np.array(owners, dtype=np.int64), np.array(shares, dtype=np.float64)
        self._questions = len(questions)

    def most_covered(self, text: Vocabulary) -> NDArray[np.float64]:
        """Of each question the largest share of its words that a text may have.

        A form may be there if enough of its 4-grams are, in whatever words, or if one of its short words is part of a word.
        """
        found = [self._having[gram] for gram in text.grams & self._having.keys()]
        counts = np.bincount(np.concatenate([_NONE, *found]), minlength=len(self._least))
        held = counts >= self._least
        written = " ".join(text.words)
        for word, numbers in self._short.items():
            if word in written:
                held[numbers] = True
        words = np.zeros(len(self._owners), dtype=bool)
        words[self._places[held[self._forms]]] = True
        shares = np.bincount(self._owners[words], weights=self._shares[words], minlength=self._questions)
        return shares.astype(np.float64)


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
        wanted = np.minimum(COVERED, (NEAR - near.astype(np.float64)) / FOR_WORDS)
        passing = wanted <= 0
        if embedder.traits.measured and not embedder.traits.languages:
            wanted[(near < LEAST_NEAR) & ~np.isneginf(near)] = ALL_WORDS
        for text in texts:
            for number in np.flatnonzero(~passing & (self._words.most_covered(text) >= wanted - _ROUNDING)):
                words = self.questions[number].query.words
                passing[number] = coverage(words, text) >= wanted[number]
        return [self.questions[number].id for number in np.flatnonzero(passing)]

    @cached_property
    def _words(self) -> AskedWords:
        return AskedWords([question.words for question in self.questions])

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


def _directions(rows: NDArray[np.float32] | NDArray[np.int8]) -> Vectors:
    """The rows as unit vectors."""
    array = rows.astype(np.float32)
    return np.asarray(array / np.maximum(np.linalg.norm(array, axis=1, keepdims=True), 1e-9))
