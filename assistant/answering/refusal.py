"""Whether what was found answers the question, or the honest answer is that nothing does."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.evidence import Sentence, surroundings
from assistant.language.matching import coverage, vocabulary
from assistant.retrieval.query import Query

# The weighted share of a question's words that the surroundings of a sentence to be quoted must have is
# ANY + ONE / (number of words), at most MOST: of a short question hardly a word may be missing, a long one
# is said otherwise in many places. Higher refuses more of what has an answer, lower quotes more where there is
# none: see benchmarks/README.md.
ANY = 0.2
ONE = 1.3
MOST = 0.8
LOOKED_AT = 3


def answerable(query: Query, ranked: Sequence[Sentence]) -> bool:
    """Whether one of the best sentences, with what stands around it, speaks of what was asked."""
    texts = (vocabulary(surroundings(sentence)) for sentence in ranked[:LOOKED_AT])
    needed = least_coverage(len(query.words))
    return any(coverage(query.words, text) >= needed for text in texts)


def least_coverage(words: int) -> float:
    """The share that a question of so many words needs, in [0, 1]."""
    return min(MOST, ANY + ONE / max(1, words))
