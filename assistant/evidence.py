"""Sentences out of the passages found, scored by how well each answers the question.

A sentence's score is a sum of standardised parts: its passage's score, its meaning, and the
question's words that it has. A word weighs by how rare it is in the collection and by how well
it tells these sentences apart: inside an article about Uschakow his name tells nothing. A word
in the title or in a neighbouring sentence counts too, though less: "he said" shares the name.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.matching import Vocabulary, held, vocabulary
from assistant.query import Query, Word
from assistant.types import Hit
from ingest.embedding import Embedder
from ingest.index import Index
from ingest.sentences import sentence_spans, trimmed

# How many of the sentences found are also compared by meaning, which costs an embedding each.
EMBEDDED = 24
PASSAGE_SHARE, DENSE_SHARE, WORD_SHARE = 0.5, 0.6, 1.0
NEIGHBOUR = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A candidate: the document's text from ``start`` to ``end``, and what stands around it."""

    text: str
    start: int
    end: int
    hit: Hit
    before: str
    after: str
    score: float = 0.0


def sentences_of(hits: Sequence[Hit]) -> list[Sentence]:
    """The sentences of the passages, blank ones left out, in the order of the hits."""
    return [sentence for hit in hits for sentence in _sentences(hit)]


def rarities(query: Query, index: Index) -> list[float]:
    """How rare each word of the query is in the collection: -log of the share of passages that have it."""
    return [-math.log(max(index.share_holding(form) for form in word.forms)) for word in query.words]


def rank(query: Query, hits: Sequence[Hit], index: Index, embedder: Embedder) -> list[Sentence]:
    """The sentences of ``hits``, best first, scored."""
    found = sentences_of(hits)
    if not found:
        return []
    weights = _weights(query.words, rarities(query, index), found)
    lexical = _standardised([_word_score(query.words, weights, sentence) for sentence in found])
    passage = _standardised([sentence.hit.score for sentence in found])
    rough = WORD_SHARE * lexical + PASSAGE_SHARE * passage
    best = np.argsort(-rough, kind="stable")[:EMBEDDED]
    dense = embedder.embed_passages([found[i].text for i in best]) @ embedder.embed_query(query.text)
    scores = rough[best] + DENSE_SHARE * _standardised(list(dense))
    scored = [replace(found[i], score=float(score)) for i, score in zip(best, scores, strict=True)]
    return sorted(scored, key=lambda sentence: -sentence.score)


def _sentences(hit: Hit) -> list[Sentence]:
    passage = hit.passage
    spans = [trimmed(passage.text, span) for span in sentence_spans(passage.text, hit.document.language)]
    spans = [span for span in spans if span.end > span.start]
    texts = [passage.text[span.start : span.end] for span in spans]
    around = ["", *texts, ""]
    return [
        Sentence(
            text=text,
            start=passage.start + span.start,
            end=passage.start + span.end,
            hit=hit,
            before=around[number],
            after=around[number + 2],
        )
        for number, (span, text) in enumerate(zip(spans, texts, strict=True))
    ]


def _weights(query: Sequence[Word], rare: Sequence[float], found: Sequence[Sentence]) -> list[float]:
    """What each word is worth: its rarity in the collection, times how few candidates have it."""
    texts = [vocabulary(sentence.text) for sentence in found]
    having = [sum(held(word, text) for text in texts) for word in query]
    total = len(found)
    return [r * math.log((total + 1) / (n + 0.5)) for r, n in zip(rare, having, strict=True)]


def _word_score(query: Sequence[Word], weights: Sequence[float], sentence: Sentence) -> float:
    own = vocabulary(sentence.text)
    around = [vocabulary(sentence.before), vocabulary(sentence.after), _title(sentence.hit)]
    return sum(w * _shared(word, own, around) for word, w in zip(query, weights, strict=True))


def _shared(word: Word, own: Vocabulary, around: Sequence[Vocabulary]) -> float:
    return max(held(word, own), NEIGHBOUR * max(held(word, text) for text in around))


def _title(hit: Hit) -> Vocabulary:
    return vocabulary(f"{hit.document.title} {hit.passage.heading}")


def _standardised(values: Sequence[float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    array = np.asarray(values, dtype=np.float64)
    return (array - array.mean()) / max(float(array.std()), 1e-6)


__all__ = ["Sentence", "rank", "rarities", "sentences_of"]
