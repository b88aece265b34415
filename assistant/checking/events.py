"""What happened: takes a statement and its quotes, and gives whether what it says happened is found in them.

Words are compared by form first (`event_words`), and what is left over by the embedding model's vectors of words in their
sentences: those of the statement with all words of the quotes, and with those that the statement leaves over there. In an
exchanged predicate what is left over on both sides has little in common; in a rewording it means the same. A logistic rule
over these signals, one within a language and one across two, is in ``events.json``; ``python -m training events`` fits it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.checking.event_words import Counterparts, EventWord, counterparts
from assistant.language.lexicon import Lexicon
from assistant.types import Events
from ingest.embedding.models import unit
from ingest.embedding.types import Vectors

FILE = "events.json"
SIGNALS = ("least", "mean", "left_least", "left_mean", "unmatched")
# How near words come to quotes without words.
NOTHING_NEAR = -0.2

# The vectors of a text's words, shape (words, dimensions), in the order of `event_words.word_spans`.
WordVectors = Callable[[str], Vectors]
Signals = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRule:
    """The logarithm of the odds that what happened is in the quotes: ``intercept`` and the weighted sum of `SIGNALS`.

    Below ``doubtful`` it is not found in them, below ``missing`` they say something else.
    """

    intercept: float
    weights: Mapping[str, float]
    doubtful: float
    missing: float

    def odds(self, signals: Signals) -> float:
        """For ``signals`` of shape (len(SIGNALS),)."""
        return self.intercept + float(signals @ np.array([self.weights[name] for name in SIGNALS]))


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRules:
    """The rules within a language and across two, and by language the mean vector of a word.

    Vectors of words have much in common whatever they mean; what distinguishes them is the difference from the mean.
    """

    within: EventRule
    across: EventRule
    mean_words: Mapping[str, Vectors]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsVerdict:
    """Whether what happened is in the quotes; ``contrary`` where they say something else for sure enough."""

    events: Events
    contrary: bool = False


NOT_CHECKED = EventsVerdict(events="not checked")
FOUND = EventsVerdict(events="found")


def happened(
    statement: str,
    quotes: Sequence[str],
    surroundings: Sequence[str],
    languages: tuple[str, str],
    lexicon: Lexicon,
    word_vectors: WordVectors | None,
) -> EventsVerdict:
    """Whether the quotes say that it happened; ``languages`` are those of the statement and of the quotes.

    Without ``word_vectors``, which are asked for only where words alone do not tell, the rest is "not checked".
    """
    found = counterparts(statement, quotes, surroundings, languages, lexicon)
    if all(found.matched) and found.stated:
        return FOUND
    rules = shipped_rules()
    if word_vectors is None or not found.stated or not set(languages) <= set(rules.mean_words):
        return NOT_CHECKED
    rule = rules.within if languages[0] == languages[1] else rules.across
    means = (rules.mean_words[languages[0]], rules.mean_words[languages[1]])
    odds = rule.odds(signals_of(found, statement, quotes, means, word_vectors))
    return EventsVerdict(
        events="found" if odds >= rule.doubtful else "not found", contrary=odds < rule.missing
    )


def signals_of(
    found: Counterparts,
    statement: str,
    quotes: Sequence[str],
    means: tuple[Vectors, Vectors],
    word_vectors: WordVectors,
) -> Signals:
    """The `SIGNALS` of a statement over its quotes; ``means`` are the mean words of their two languages.

    How near the words of the statement come to one of the quotes: the least near and the mean; the same for those without a
    counterpart by form, among the words of the quotes that are left over, or all where none is; and the share of these.
    """
    stated = _centred(word_vectors(statement), found.stated, means[0])
    quoted = np.concatenate(
        [
            _centred(word_vectors(quote), words, means[1])
            for quote, words in zip(quotes, found.quoted, strict=True)
        ]
    )
    near = stated @ quoted.T
    left = ~np.array(found.matched, dtype=bool)
    free = ~np.array([taken for words in found.taken for taken in words], dtype=bool)
    nearest = _nearest(near)
    nearest_left = _nearest(near[left][:, free]) if free.any() else nearest[left]
    return np.array(
        [
            nearest.min(),
            nearest.mean(),
            nearest_left.min(initial=1.0),
            nearest_left.mean() if len(nearest_left) else 1.0,
            left.mean(),
        ]
    )


def _centred(vectors: Vectors, words: Sequence[EventWord], mean: Vectors) -> Vectors:
    """What distinguishes the vectors of ``words`` from the mean word, at length 1; shape (len(words), dimensions)."""
    return unit(unit(vectors[[word.place for word in words]]) - mean)


def _nearest(near: Vectors) -> Vectors:
    """The largest of each row."""
    return np.asarray(near.max(axis=1, initial=NOTHING_NEAR))


@cache
def shipped_rules() -> EventRules:
    """The rules of the package."""
    return rules_of(json.loads((files("assistant.checking") / FILE).read_text("utf-8")))


def rules_of(data: Mapping[str, Any]) -> EventRules:
    """The rules as ``events.json`` has them."""
    return EventRules(
        within=EventRule(**data["within"]),
        across=EventRule(**data["across"]),
        mean_words={
            language: np.asarray(np.array(mean) / 1_000, dtype=np.float32)
            for language, mean in data["mean_words"].items()
        },
    )
