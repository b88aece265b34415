"""The learned rule: how likely a sentence answers, and how likely the question is answered at all.

Two logistic regressions over `assistant.answering.signals`: one for sentences, and one for questions, over the signals of
the best sentence, its own odds, and by how much they are above the next sentence's. `training/` fits them; the weights
are in ``rule.json`` by the signals' names.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

FILE = "rule.json"
# What the question's part knows besides the signals of the best sentence.
ODDS, LEAD = "odds", "lead"

Odds = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Logistic:
    """The logarithm of the odds is ``intercept`` plus the weighted sum of what is named."""

    intercept: float
    weights: Mapping[str, float]

    def odds(self, names: Sequence[str], values: NDArray[np.float64]) -> Odds:
        """For ``values`` of shape (rows, names): shape (rows,)."""
        weights = np.array([self.weights.get(name, 0.0) for name in names])
        return np.asarray(self.intercept + values @ weights)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRule:
    sentence: Logistic
    question: Logistic

    def answered(self, names: Sequence[str], values: NDArray[np.float64], odds: Odds) -> float:
        """The probability that one of the sentences answers; ``odds`` are those of the sentences, 0 for no sentence."""
        if not len(odds):
            return 0.0
        seen = of_question(values, odds)
        return float(probability(self.question.odds([*names, ODDS, LEAD], seen[np.newaxis]))[0])


def of_question(values: NDArray[np.float64], odds: Odds) -> NDArray[np.float64]:
    """What the question's part sees: the best sentence's signals, its odds, and their lead over the next sentence's."""
    best, *others = np.argsort(-odds, kind="stable")
    lead = odds[best] - odds[others[0]] if others else 0.0
    return np.array([*values[best], odds[best], lead])


def probability(odds: Odds) -> Odds:
    """The logistic function, without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * odds)))


def rule_of(data: Mapping[str, Any]) -> AnswerRule:
    """The rule as ``rule.json`` has it."""
    return AnswerRule(sentence=logistic_of(data["sentence"]), question=logistic_of(data["question"]))


@cache
def shipped_rule() -> AnswerRule:
    """The rule of the package."""
    return rule_of(json.loads((files("assistant.reading") / "weights" / FILE).read_text("utf-8")))


def logistic_of(part: Mapping[str, Any]) -> Logistic:
    """One of the two parts as ``rule.json`` has it."""
    return Logistic(intercept=part["intercept"], weights=part["weights"])
