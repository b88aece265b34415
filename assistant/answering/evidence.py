"""The sentences of the retrieved passages, scored by how well each answers the question.

A sentence's score is a weighted sum of four parts, each standardised over the candidates:

- words: the question's words in it. A word weighs by how rare it is in the collection
  and by how well it distinguishes these sentences: inside an article about Uschakow his name
  distinguishes none. A word in the title or in a neighbouring sentence counts too, though less:
  "he said" shares the name.
- meaning: the cosine of its vector and the question's. The vector is that of the sentence in its passage, made when the
  passage was embedded.
- passage: the score of its passage.
- kind: whether it has the kind of answer that the question asks for: a number, a date, a duration.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.language.matching import NAME_HELD, Vocabulary, match_score, vocabulary
from assistant.language.words import Word
from assistant.retrieval.probes import Probes
from assistant.retrieval.query import Query
from assistant.retrieval.question_type import AnswerKind, kind_of, occurrences
from assistant.retrieval.search import sentences_in
from assistant.types import Hit
from ingest.embedding.sentence_vectors import cosines
from ingest.embedding.types import SentenceVectors
from ingest.text.sentences import Span
from ingest.text.table_rows import is_header
from ingest.types import Passage

WORDS, MEANING, PASSAGE, KIND = 1.0, 0.8, 1.2, 1.0
NEIGHBOUR, NAMED = 0.5, 0.9
LATIN_END = "\u0250"  # the letters before are Latin
# The share of a number that stands apart from the question's words: it may be about something else.
APART = 0.25

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A candidate: the document's text from ``start`` to ``end``, and the sentences beside it.

    ``number`` counts the sentences of its passage from 0; ``similarity`` is how many deviations
    its vector is nearer to the question than passages at large. ``probability`` is that it answers the question, where
    the reader has judged it; ``score`` orders sentences.
    """

    text: str
    start: int
    end: int
    hit: Hit
    before: str
    after: str
    number: int = 0
    similarity: float = 0.0
    score: float = 0.0
    probability: float | None = None


def rank(
    query: Query, probes: Probes, hits: Sequence[Hit], vectors: Mapping[str, SentenceVectors]
) -> list[Sentence]:
    """The sentences of ``hits``, best first, scored.

    ``probes`` are those of the search; ``vectors`` are those of the hits' sentences, by passage id.
    """
    candidates = with_similarities(probes, sentences_of(hits), vectors)
    if not candidates:
        return []
    scores = rough_scores(query, candidates) + MEANING * standardised([s.similarity for s in candidates])
    best = np.argsort(-scores, kind="stable")
    return [replace(candidates[i], score=float(scores[i])) for i in best]


def sentences_of(hits: Sequence[Hit]) -> list[Sentence]:
    """The sentences of the passages, blank ones left out, in the order of the hits."""
    return [sentence for hit in hits for sentence in _sentences(hit)]


def rough_scores(query: Query, candidates: Sequence[Sentence]) -> Scores:
    """The sentences' scores without their meaning, which would cost embeddings."""
    kind = kind_of(query.text)
    return np.asarray(
        WORDS * standardised(word_scores(query, candidates))
        + PASSAGE * standardised([sentence.hit.score for sentence in candidates])
        + KIND * np.asarray([kind_score(query, kind, sentence) for sentence in candidates])
    )


def word_scores(query: Query, candidates: Sequence[Sentence]) -> Scores:
    """How many of the question's words each sentence has, by the words' weights."""
    shared = np.asarray([_shared(query.words, sentence) for sentence in candidates])
    having = shared.sum(axis=0)
    weights = np.asarray([word.weight for word in query.words])
    return np.asarray(shared @ (weights * np.log((len(candidates) + 1) / (having + 0.5))))


def kind_score(query: Query, kind: AnswerKind, sentence: Sentence) -> float:
    """Whether a sentence has the kind of answer asked for, in [0, 1]; 1 where it stands beside a word of the question."""
    places = [vocabulary(place) for place in occurrences(kind, sentence.text)]
    beside = max((match_score(word, place) for place in places for word in query.words), default=0.0)
    return APART + (1 - APART) * beside if places else 0.0


def with_similarities(
    probes: Probes, candidates: Sequence[Sentence], vectors: Mapping[str, SentenceVectors]
) -> list[Sentence]:
    """The candidates with their similarity to the question; 0 for those of a language that has no probe."""
    by_passage: dict[str, list[float]] = {}
    for sentence in candidates:
        passage, probe = sentence.hit.passage, probes.get(sentence.hit.language)
        if probe and passage.id not in by_passage:
            near = cosines(vectors[passage.id], probe.vector).tolist()
            by_passage[passage.id] = [probe.standard(similarity) for similarity in near]
    return [
        replace(sentence, similarity=near[sentence.number]) if near else sentence
        for sentence in candidates
        for near in [by_passage.get(sentence.hit.passage.id)]
    ]


def neighbours(sentence: Sentence) -> list[Vocabulary]:
    """The words beside a sentence, which it may share: of the sentences before and after, of its heading and title."""
    title = f"{sentence.hit.document.title} {sentence.hit.passage.heading}"
    language = sentence.hit.language
    return [vocabulary(text, language) for text in (sentence.before, sentence.after, title)]


def surroundings(sentence: Sentence) -> str:
    """The passage of a sentence, with its heading and its document's title and date."""
    document, passage = sentence.hit.document, sentence.hit.passage
    return f"{document.title}\n{document.published or ''}\n{passage.heading}\n{passage.text}"


def names_held(query: Query, sentence: Sentence) -> frozenset[str]:
    """The names of the question that a sentence or its surroundings have."""
    names = [word for word in query.words if word.name]
    if not names:
        return frozenset()
    text = vocabulary(surroundings(sentence), sentence.hit.language)
    return frozenset(name.text for name in names if match_score(name, text) >= NAME_HELD)


def names_of_documents(query: Query, candidates: Sequence[Sentence]) -> dict[str, frozenset[str]]:
    """By document id, the names of the question that one of its passages found has, with its heading, title or date.

    A name in another script than the passage counts as had: it may be written there in a way that spelling does not tell.
    """
    passages = {sentence.hit.passage.id: sentence for sentence in candidates}
    held: dict[str, frozenset[str]] = {}
    for sentence in passages.values():
        document, latin = sentence.hit.document.id, _is_latin(sentence.hit.passage.text)
        foreign = (word.text for word in query.words if word.name and _is_latin(word.text) != latin)
        held[document] = held.get(document, frozenset()) | names_held(query, sentence) | {*foreign}
    return held


@lru_cache(maxsize=4_096)  # the same passages are found again and again
def _is_latin(text: str) -> bool:
    """Whether most letters of a text are Latin ones; a number is of every script."""
    letters = [letter for letter in text if letter.isalpha()]
    return sum(letter < LATIN_END for letter in letters) * 2 >= len(letters)


def standardised(values: Sequence[float] | Scores) -> Scores:
    """The values minus their mean, in standard deviations; zeros where all are the same."""
    array = np.asarray(values, dtype=np.float64)
    return np.asarray((array - array.mean()) / max(float(array.std()), 1e-6))


def _sentences(hit: Hit) -> list[Sentence]:
    passage = hit.passage
    spans = sentences_in(passage, hit.document)
    texts = [passage.text[span.start : span.end] for span in spans]
    padded = ["", *texts, ""]
    return [
        Sentence(
            text=text,
            start=passage.start + span.start,
            end=passage.start + span.end,
            hit=hit,
            before=padded[number],
            after=padded[number + 2],
            number=number,
        )
        for number, (span, text) in enumerate(zip(spans, texts, strict=True))
        if not _announces(text, hit, len(texts)) and not _names_columns(passage, span)
    ]


def _names_columns(passage: Passage, span: Span) -> bool:
    """Whether a sentence is the row above a table's columns; where a passage goes on with a table, that row is before it."""
    goes_on = passage.columns and "\n\n" not in passage.text[: span.start]
    return not goes_on and is_header(passage.text, span.start, span.end)


def _announces(text: str, hit: Hit, sentences: int) -> bool:
    """Whether a sentence is a heading or the title: it announces an answer and contains none."""
    return text == hit.passage.section or (sentences > 1 and text == hit.document.title)


def _shared(words: Sequence[Word], sentence: Sentence) -> list[float]:
    """How surely a sentence has each of the words, in [0, 1]: whole where it is its own, less where it stands beside it.

    A name in the passage counts nearly as the sentence's own: sentences such as "he said" then differ
    by what he said, not by which of them repeats the name.
    """
    own = vocabulary(sentence.text, sentence.hit.language)
    beside = neighbours(sentence)
    passage = vocabulary(sentence.hit.passage.text, sentence.hit.language)
    shares = []
    for word in words:
        score, share = match_score(word, own), NAMED if word.name else NEIGHBOUR
        if score < share:
            around = [*beside, passage] if word.name else beside
            score = max(score, share * max(match_score(word, text) for text in around))
        shares.append(score)
    return shares
