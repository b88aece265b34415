"""How far chance alone may move a figure: intervals of 95 %, and tests of two runs over the same questions.

| what | by | from |
|---|---|---|
| a share of questions | score interval | E. B. Wilson, Probable Inference, the Law of Succession, and Statistical Inference. JASA 22 (1927) |
| a share of what comes in groups (statements of one answer) | percentile bootstrap over the groups | B. Efron, R. Tibshirani, An Introduction to the Bootstrap (1993), chapter 13 |
| a median or another quantile | order statistics, exact by the binomial distribution | W. J. Conover, Practical Nonparametric Statistics (1999), section 3.2 |
| two runs, right or wrong | exact test of the questions that changed | Q. McNemar, Note on the sampling error of the difference between correlated proportions. Psychometrika 12 (1947) |
| two runs, faster or slower | sign test | W. J. Dixon, A. M. Mood, The statistical sign test. JASA 41 (1946) |
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import ceil, sqrt

LEVEL = 0.95
_Z = 1.959963984540054  # the standard normal's quantile of 0.975
_SAMPLES, _SEED = 1_000, 1993


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A figure and the ends of its interval. ``of`` is how many it was counted over; all are None where there were none."""

    value: float | None
    low: float | None
    high: float | None
    of: int
    count: int = 0


NONE = Estimate(value=None, low=None, high=None, of=0)


def share(count: int, of: int) -> Estimate:
    """A share of independent cases with Wilson's interval."""
    if not of:
        return NONE
    value, spread = count / of, _Z * _Z / of
    middle = (value + spread / 2) / (1 + spread)
    half = _Z / (1 + spread) * sqrt(value * (1 - value) / of + spread / (4 * of))
    # At 0 and 1 the ends are exact; elsewhere rounding must not put them beside the value.
    low = 0.0 if count == 0 else min(value, max(0.0, middle - half))
    high = 1.0 if count == of else max(value, min(1.0, middle + half))
    return Estimate(value=value, low=low, high=high, of=of, count=count)


def grouped_share(groups: Sequence[tuple[int, int]]) -> Estimate:
    """A share of cases that come in groups, each given as (count, of); groups are drawn again with replacement.

    With all or none counted it is Wilson's over the groups, where drawing again tells nothing.
    """
    used = sorted(group for group in groups if group[1])
    count, of = sum(group[0] for group in used), sum(group[1] for group in used)
    if not of or count in (0, of):
        plain = share(len(used) if count else 0, len(used))
        return Estimate(value=plain.value, low=plain.low, high=plain.high, of=of, count=count)
    dice = random.Random(_SEED)  # noqa: S311  # no secret: the same figures must come again
    drawn = sorted(_drawn_share(dice.choices(used, k=len(used))) for _ in range(_SAMPLES))
    tail = (1 - LEVEL) / 2
    low, high = drawn[int(tail * _SAMPLES)], drawn[ceil((1 - tail) * _SAMPLES) - 1]
    value = count / of
    return Estimate(value=value, low=min(low, value), high=max(high, value), of=of, count=count)


def _drawn_share(groups: Sequence[tuple[int, int]]) -> float:
    return sum(group[0] for group in groups) / sum(group[1] for group in groups)


def quantile(values: Sequence[float], at: float) -> Estimate:
    """A quantile, the smallest value that a share ``at`` of all do not exceed, and the order statistics around it.

    Of few values no interval of 95 % reaches so far out; then it ends at the smallest or the largest.
    """
    if not values:
        return NONE
    ordered, number = sorted(values), len(values)
    value = ordered[max(0, ceil(at * number - 1e-9) - 1)]
    below = list(
        accumulate(_binomial(number, at))
    )  # the probability that at most so many lie below the quantile
    tail = (1 - LEVEL) / 2
    first = max((k for k in range(number) if below[k] <= tail), default=-1)
    last = next((k for k in range(number) if below[k] >= 1 - tail), number - 1)
    low, high = ordered[max(0, first)], ordered[min(number - 1, last)]
    return Estimate(value=value, low=min(low, value), high=max(high, value), of=number)


def _binomial(number: int, chance: float) -> list[float]:
    """The probabilities of 0 … ``number`` successes."""
    odds = [1.0] * (number + 1)
    # By steps from the likeliest, so that nothing under- or overflows for thousands.
    top = min(number, int((number + 1) * chance))
    for k in range(top, number):
        odds[k + 1] = odds[k] * (number - k) / (k + 1) * chance / (1 - chance)
    for k in range(top, 0, -1):
        odds[k - 1] = odds[k] * k / (number - k + 1) * (1 - chance) / chance
    total = sum(odds)
    return [one / total for one in odds]


def changed_by_chance(better: int, worse: int) -> float:
    """How likely a change so far to one side, or further, is by chance: two-sided, exact, of those that changed.

    This is McNemar's exact test of two runs over the same questions, and the sign test of faster and slower.
    """
    changed, less = better + worse, min(better, worse)
    ways = accumulate(range(less), lambda way, k: way * (changed - k) // (k + 1), initial=1)
    as_uneven = 2 * sum(ways)
    return min(1.0, as_uneven / (1 << changed))
