"""Whether what was found answers the question, or the honest answer is that nothing does."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.evidence import Sentence, names_held, surroundings
from assistant.matching import coverage, vocabulary
from assistant.query import Query

# The least weighted share of the question's words that the surroundings of a sentence to be quoted
# must have. Higher refuses more of what has an answer, lower quotes more where there is none:
# see benchmarks/README.md.
LEAST_COVERAGE = 0.4
LOOKED_AT = 3


def answerable(query: Query, ranked: Sequence[Sentence]) -> bool:
    """Whether the best sentences, with what stands around them, speak of what was asked.

    They must have most of the question's names and numbers, if it has any, and enough of its words.
    """
    best = ranked[:LOOKED_AT]
    if not best:
        return False
    names = {word.text for word in query.words if word.name}
    if names and 2 * len(set().union(*(names_held(query, sentence) for sentence in best))) <= len(names):
        return False
    texts = [vocabulary(surroundings(sentence)) for sentence in best]
    return max(coverage(query.words, text) for text in texts) >= LEAST_COVERAGE
