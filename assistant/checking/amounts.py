"""Amounts, and whether one bears out another.

What can be read in two ways ("1.500", "a third") has both values. An amount that is not ``sure``
("one", "both", "Zweikampf") may bear out another and needs nothing to bear it out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from assistant.checking.dates import DateOrTime
from assistant.checking.units import Unit, agree


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A number as it stands in a text, from token ``start`` to ``end``; ``many`` is "hundreds" and its like."""

    text: str
    values: frozenset[Fraction]
    unit: Unit | None = None
    sure: bool = True
    many: bool = False
    rough: bool = False
    decade: bool = False
    start: int
    end: int


def borne_out(amount: Amount, others: Sequence[Amount]) -> bool:
    """Whether one of ``others`` says what ``amount`` says."""
    return any(_same(amount, other) for other in others)


def counted(moment: DateOrTime) -> Amount:
    """A day, a year or an hour as the number that it is written with; months and weekdays have none."""
    values = {
        "day": [Fraction(moment.value)],
        "year": [Fraction(moment.value)],
        "time": [Fraction(moment.value, 60)],
    }
    return Amount(text=moment.text, values=frozenset(values.get(moment.kind, [])), start=0, end=0)


def in_years(amount: Amount, published: Sequence[date]) -> bool:
    """Whether an amount is the year of a publication."""
    return amount.unit is None and any(day.year in amount.values for day in published)


def _same(ours: Amount, theirs: Amount) -> bool:
    if ours.many:
        return _many(min(ours.values), theirs)
    if ours.decade and not theirs.decade:
        return any(0 <= year - decade < 10 for decade in ours.values for year in theirs.values)
    if ours.decade != theirs.decade and ours.sure:
        return False
    if ours.text.isdecimal() and not theirs.sure and theirs.unit is None and 1 in theirs.values:
        return False  # "a" and "one" are no figures, but "an hour" is 1 hour
    if ours.rough and any(_rounds(a, b) for a in ours.values for b in theirs.values):
        return ours.unit is None or theirs.unit is None or ours.unit == theirs.unit
    return any(agree(a, ours.unit, b, theirs.unit) for a in ours.values for b in theirs.values)


def _many(least: Fraction, theirs: Amount) -> bool:
    return any(
        least == value if theirs.many else 2 * least <= value < 1000 * least for value in theirs.values
    )


def _rounds(ours: Fraction, theirs: Fraction) -> bool:
    """Whether a number rounded ("about 1.5 million") may stand for the exact one."""
    digits = str(int(ours)) if ours.denominator == 1 else ""
    zeros = len(digits) - len(digits.rstrip("0"))
    step = Fraction(10) ** zeros if digits and zeros < len(digits) else Fraction(0)
    return abs(ours - theirs) <= step / 2
