"""Amounts: what a number in a text is, and whether the amounts of the quotes support one of the statement.

What can be read in two ways ("1.500", "a third") has both values. An amount that is not ``sure``
("one", "both", "Zweikampf") may support another and needs no support itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from assistant.checking.dates import DateOrTime
from assistant.checking.units import Unit, same_measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A number as it stands in a text, from token ``start`` to ``end`` (exclusive).

    ``many`` marks "hundreds" and its like, whose value is the least that they mean; ``rough`` marks what stands
    after "about"; ``decade`` marks "the 1990s".
    """

    text: str
    values: frozenset[Fraction]
    unit: Unit | None = None
    sure: bool = True
    many: bool = False
    rough: bool = False
    decade: bool = False
    start: int
    end: int


def amount_of(moment: DateOrTime) -> Amount:
    """A day, a year or an hour as the number that it is written with; months and weekdays have no value."""
    values = {
        "day": [Fraction(moment.value)],
        "year": [Fraction(moment.value)],
        "time": [Fraction(moment.value, 60)],
    }
    return Amount(text=moment.text, values=frozenset(values.get(moment.kind, [])), start=0, end=0)


def is_supported(stated: Amount, quoted: Sequence[Amount]) -> bool:
    """Whether one of the ``quoted`` amounts says what the ``stated`` one says."""
    return any(_says_the_same(stated, amount) for amount in quoted)


def is_publication_year(amount: Amount, published: Sequence[date]) -> bool:
    """Whether an amount is the year of one of the days of publication."""
    return amount.unit is None and any(day.year in amount.values for day in published)


def _says_the_same(stated: Amount, quoted: Amount) -> bool:
    if stated.many:
        return _are_as_many(min(stated.values), quoted)
    if stated.decade and not quoted.decade:
        return any(0 <= year - decade < 10 for decade in stated.values for year in quoted.values)
    if stated.decade != quoted.decade and stated.sure:
        return False
    if stated.text.isdecimal() and not quoted.sure and quoted.unit is None and 1 in quoted.values:
        return False  # "a" and "one" are no figures, but "an hour" is 1 hour
    pairs = [(value, other) for value in stated.values for other in quoted.values]
    if stated.rough and any(_is_rounded(value, other) for value, other in pairs):
        return stated.unit is None or quoted.unit is None or stated.unit == quoted.unit
    return any(same_measure(value, stated.unit, other, quoted.unit) for value, other in pairs)


def _are_as_many(least: Fraction, quoted: Amount) -> bool:
    """Whether "hundreds" (at least 100) may stand for an amount: for two to a thousand times the least."""
    if quoted.many:
        return least in quoted.values
    return any(2 * least <= value < 1000 * least for value in quoted.values)


def _is_rounded(rounded: Fraction, exact: Fraction) -> bool:
    """Whether a number rounded ("about 1.5 million") may stand for the exact one."""
    digits = str(int(rounded)) if rounded.denominator == 1 else ""
    zeros = len(digits) - len(digits.rstrip("0"))
    step = Fraction(10) ** zeros if digits and zeros < len(digits) else Fraction(0)
    return abs(rounded - exact) <= step / 2
