"""Whether what was found answers the question, or the honest answer is that nothing does."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.evidence import Sentence
from assistant.matching import coverage, held, vocabulary
from assistant.query import Query
from ingest.index import Index

LEAST_COVERAGE = 0.45


def answerable(query: Query, ranked: Sequence[Sentence], index: Index) -> bool:
    """Whether the best sentences and what stands around them speak of what was asked."""
    if not ranked:
        return False
    weights = [index.rarity(word.forms) for word in query.words]
    texts = [vocabulary(surroundings(sentence)) for sentence in ranked[:3]]
    names = [word for word in query.words if word.name]
    if any(max(held(name, text) for text in texts) < 0.6 for name in names):
        return False
    return max(coverage(query.words, weights, text) for text in texts) >= LEAST_COVERAGE


def surroundings(sentence: Sentence) -> str:
    """The passage and the title that a sentence stands in."""
    document = sentence.hit.document
    return f"{document.title}\n{document.published or ''}\n{sentence.hit.passage.heading}\n{sentence.hit.passage.text}"
