"""Fits the rule over the signals: two logistic regressions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from assistant.answering.signals import NAMES
from assistant.reading.rule import LEAD, ODDS, logistic_of, of_question, rule_of
from training.asking import Considered

STRENGTH = 1.0  # of the regularisation is its inverse

Weights = dict[str, dict[str, object]]


def fitted(rows: Sequence[Considered]) -> Weights:
    """The two parts of ``rule.json``, fitted to what was considered for every case.

    Each family of collections counts alike, however many cases it has: pairs of languages are one family.
    """
    rows = [row for row in rows if len(row.answers)]
    cases = Counter(_family(row) for row in rows)
    shares = np.array([len(rows) / len(cases) / cases[_family(row)] for row in rows])
    values = np.concatenate([row.values for row in rows])
    labels = np.concatenate([row.answers for row in rows])
    of_sentences = np.repeat(shares, [len(row.answers) for row in rows])
    sentence = _logistic(values, labels, NAMES, of_sentences)
    learned = logistic_of(sentence)
    question = np.array([of_question(row.values, learned.odds(NAMES, row.values)) for row in rows])
    answered = np.array([bool(row.answers.any()) for row in rows])
    return {"sentence": sentence, "question": _logistic(question, answered, (*NAMES, ODDS, LEAD), shares)}


def refused(rows: Sequence[Considered], weights: Weights, thresholds: Sequence[float]) -> Iterator[str]:
    """For every kind of collection a line of a table: at each threshold the share of the answered questions that would be

    refused, and that of those without an answer.
    """
    rule = rule_of(weights)
    for kind in dict.fromkeys(row.kind for row in rows):
        own = [row for row in rows if row.kind == kind]
        likely = np.array(
            [rule.answered(NAMES, row.values, rule.sentence.odds(NAMES, row.values)) for row in own]
        )
        answered = np.array([bool(row.answers.any()) for row in own])
        shares = (
            f"{limit:.2f}: {_share(likely[answered] < limit)} {_share(likely[~answered] < limit)}"
            for limit in thresholds
        )
        yield f"{kind:12} {len(own):5}   " + "   ".join(shares)


def _share(flags: NDArray[np.bool_]) -> str:
    return f"{flags.mean():.2f}" if len(flags) else "-"


def _family(row: Considered) -> str:
    return "pairs" if " over " in row.kind else row.kind


def _logistic(
    values: NDArray[np.float64],
    labels: NDArray[np.bool_],
    names: Sequence[str],
    shares: NDArray[np.float64],
) -> dict[str, object]:
    """A logistic regression over standardised values, told for values as they are."""
    scaler = StandardScaler().fit(values)
    model: Any = LogisticRegression(C=STRENGTH, max_iter=2_000).fit(
        scaler.transform(values), labels, sample_weight=shares
    )
    weights = model.coef_[0] / scaler.scale_
    intercept = float(model.intercept_[0] - weights @ scaler.mean_)
    return {
        "intercept": round(intercept, 4),
        "weights": {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)},
    }
