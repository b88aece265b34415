"""Whether the retrieved passages answer the question, and the refusal where they do not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant import messages
from assistant.answering.evidence import Sentence, surroundings
from assistant.language.matching import coverage, vocabulary
from assistant.retrieval.query import Query
from assistant.retrieval.search import RetrievalResult
from assistant.types import Answer, Hit

# The weighted share of a question's words that the surroundings of a sentence to be quoted must have is
# ANY + ONE / (number of words), at most MOST: of a short question hardly a word may be missing, a long one
# is worded differently in many places. Higher refuses more questions that have an answer, lower quotes more where
# there is none: see benchmarks/README.md.
ANY = 0.2
ONE = 1.3
MOST = 0.8
LOOKED_AT = 3  # sentences


def answerable(query: Query, ranked: Sequence[Sentence]) -> bool:
    """Whether one of the best sentences, with its surroundings, has enough of the question's words."""
    texts = (vocabulary(surroundings(sentence)) for sentence in ranked[:LOOKED_AT])
    needed = least_coverage(len(query.words))
    return any(coverage(query.words, text) >= needed for text in texts)


def least_coverage(words: int) -> float:
    """The share that a question of so many words needs, in [0, 1]."""
    return min(MOST, ANY + ONE / max(1, words))


def refusal(retrieved: RetrievalResult, phrases: Mapping[str, str], nearest: Sequence[Hit] = ()) -> Answer:
    """The answer that there is no answer, in the question's language; ``nearest`` are the passages to offer."""
    return Answer(
        question=retrieved.question,
        text=messages.say(phrases, retrieved.query.language),
        statements=(),
        citations=(),
        refused=True,
        mode="quoted",
        language=retrieved.query.language,
        nearest=tuple(nearest),
    )
