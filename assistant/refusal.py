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
# With this share, what is there may call by other words those whom the question names.
COVERED_WITHOUT_NAMES = 0.6
LOOKED_AT = 3


def answerable(query: Query, ranked: Sequence[Sentence]) -> bool:
    """Whether the best sentences, with what stands around them, speak of what was asked.

    They must have enough of the question's words, and more where they lack most of its names and numbers.
    """
    best = ranked[:LOOKED_AT]
    texts = [vocabulary(surroundings(sentence)) for sentence in best]
    covered = max((coverage(query.words, text) for text in texts), default=0.0)
    return covered >= (LEAST_COVERAGE if _named(query, best) else COVERED_WITHOUT_NAMES)


def _named(query: Query, sentences: Sequence[Sentence]) -> bool:
    """Whether the sentences have most of the question's names and numbers, if it has any."""
    names = {word.text for word in query.words if word.name}
    held = set().union(*(names_held(query, sentence) for sentence in sentences))
    return not names or 2 * len(held) > len(names)
