"""Whether what was found answers the question, or the honest answer is that nothing does."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.evidence import Sentence
from assistant.matching import coverage, held, vocabulary
from assistant.query import Query
from ingest.index import Index

# The least weighted share of the question's words that the surroundings of a sentence to be quoted
# must have. Higher refuses more of what has an answer, lower quotes more where there is none:
# see benchmarks/README.md.
LEAST_COVERAGE = 0.4
NAME_HELD = 0.6
LOOKED_AT = 3


def answerable(query: Query, ranked: Sequence[Sentence], index: Index) -> bool:
    """Whether the best sentences, with what stands around them, speak of what was asked.

    They must have most of the question's names and numbers, if it has any, and enough of its words.
    """
    texts = [vocabulary(surroundings(sentence)) for sentence in ranked[:LOOKED_AT]]
    if not texts:
        return False
    names = [word for word in query.words if word.name]
    having = [name for name in names if any(held(name, text) >= NAME_HELD for text in texts)]
    if 2 * len(having) <= len(names) and names:
        return False
    weights = [index.rarity(word.forms) for word in query.words]
    return max(coverage(query.words, weights, text) for text in texts) >= LEAST_COVERAGE


def surroundings(sentence: Sentence) -> str:
    """The passage that a sentence stands in, with its document's title and date."""
    document = sentence.hit.document
    return f"{document.title}\n{document.published or ''}\n{sentence.hit.passage.heading}\n{sentence.hit.passage.text}"
