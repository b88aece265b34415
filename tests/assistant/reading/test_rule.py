"""The learned rule: a file of weights that names what it weighs, and probabilities that behave."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.signals import NAMES
from assistant.reading.rule import LEAD, ODDS, probability, rule_of, shipped_rule

PLAIN = rule_of(
    {
        "sentence": {"intercept": -1.0, "weights": {"reader": 1.0}},
        "question": {"intercept": 0.0, "weights": {ODDS: 1.0, LEAD: 0.5}},
    }
)
ROWS = st.lists(st.lists(st.floats(-9, 9), min_size=len(NAMES), max_size=len(NAMES)), min_size=1, max_size=12)


def test_the_shipped_rule_weighs_the_signals_that_there_are() -> None:
    rule = shipped_rule()
    assert set(rule.sentence.weights) == set(NAMES)
    assert set(rule.question.weights) == {*NAMES, ODDS, LEAD}
    assert rule.sentence.weights["reader"] > 0


def test_nothing_answers_where_there_is_no_sentence() -> None:
    assert PLAIN.answered(NAMES, np.zeros((0, len(NAMES))), np.zeros(0)) == 0.0


def test_the_best_sentence_and_its_lead_decide() -> None:
    values = np.zeros((3, len(NAMES)))
    values[:, 0] = [3.0, 1.0, -2.0]
    odds = PLAIN.sentence.odds(NAMES, values)
    assert odds.tolist() == [2.0, 0.0, -3.0]
    assert PLAIN.answered(NAMES, values, odds) == float(probability(np.array([2.0 + 0.5 * 2.0]))[0])


@given(ROWS)
def test_a_probability_and_no_order_of_the_sentences(rows: list[list[float]]) -> None:
    values = np.array(rows)
    odds = PLAIN.sentence.odds(NAMES, values)
    answered = PLAIN.answered(NAMES, values, odds)
    assert 0.0 <= answered <= 1.0
    assert np.isclose(answered, PLAIN.answered(NAMES, values[::-1], odds[::-1]))


@given(st.floats(-1e6, 1e6))
def test_the_logistic_function(odds: float) -> None:
    assert np.isclose(probability(np.array([odds]))[0] + probability(np.array([-odds]))[0], 1.0)
