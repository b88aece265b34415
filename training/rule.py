"""Fits the rule over the signals: two logistic regressions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from assistant.answering.signals import NAMES
from assistant.reading.rule import LEAD, ODDS, logistic_of, of_question, probability, rule_of
from training.asking import Considered
from training.collections import EXCHANGED

STRENGTH = 1.0  # of the regularisation is its inverse
# Whether more of a signal speaks for an answer or against it.
SIGNS = dict.fromkeys((*NAMES, ODDS, LEAD), 1) | {"unread": -1, "absent": -1, "asks": -1}

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
    kind = row.kind.removeprefix(EXCHANGED)
    return "pairs" if " over " in kind else kind


def _logistic(
    values: NDArray[np.float64],
    labels: NDArray[np.bool_],
    names: Sequence[str],
    shares: NDArray[np.float64],
) -> dict[str, object]:
    """A logistic regression over standardised values, told for values as they are.

    No weight has another sign than `SIGNS` says: where signals go together, data alone would set one against the other.
    """
    mean, deviation = values.mean(axis=0), np.maximum(values.std(axis=0), 1e-9)
    standard = (values - mean) / deviation
    sides = np.where(labels, 1.0, -1.0)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margins = sides * (standard @ weights[:-1] + weights[-1])
        steps = -sides * shares * probability(-margins)
        penalty = 0.5 / STRENGTH * float(weights[:-1] @ weights[:-1])
        slope = np.append(standard.T @ steps + weights[:-1] / STRENGTH, steps.sum())
        return float(shares @ np.logaddexp(0.0, -margins)) + penalty, slope

    bounds = [(0.0, None) if SIGNS[name] > 0 else (None, 0.0) for name in names]
    start = np.zeros(len(names) + 1)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)])
    weights = found.x[:-1] / deviation
    return {
        "intercept": round(float(found.x[-1] - weights @ mean), 4),
        "weights": {name: round(float(weight), 4) + 0.0 for name, weight in zip(names, weights, strict=True)},
    }
