"""Units of measure in German and English, so that hours are told from days and miles compare with kilometres."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit by what it measures and how much of the first unit of its kind it is."""

    measures: str
    factor: Fraction


# kind: (factor, the words that say it, "~" for stems that take German endings)
_TABLE: dict[str, tuple[tuple[str, str], ...]] = {
    "share": (("1", "% percent prozent prozentig~ prozentpunkt~ pct percentage"),),
    "time": (
        ("1/60", "seconds sekunde sekunden sekündig~"),
        ("1", "minute minutes minuten minütig~ min"),
        ("60", "hour hours hr hrs stunde stunden stündig~ std"),
        ("1440", "day days tag tage tagen tages tägig~"),
        ("10080", "week weeks woche wochen wöchig~"),
        ("43830", "month months monat monate monaten monats monatig~"),
        ("525960", "year years yr yrs jahr jahre jahren jahres jährig~"),
        ("5259600", "decade decades jahrzehnt jahrzehnte jahrzehnten jahrzehnts"),
    ),
    "length": (
        ("1/1000", "mm millimeter~ millimetre millimetres"),
        ("1/100", "cm zentimeter~ centimetre centimetres centimeter"),
        ("1", "metre metres meter~"),
        ("1000", "km kilometer~ kilometre kilometres"),
        ("1609.344", "mi mile miles meile meilen"),
        ("0.3048", "ft foot feet fuß"),
        ("0.0254", "inch inches zoll"),
        ("0.9144", "yard yards"),
    ),
    "mass": (
        ("1/1000", "mg milligram milligrams milligramm"),
        ("1", "gram grams gramm"),
        ("1000", "kg kilogram kilograms kilogramm kilo kilos"),
        ("1000000", "tonne tonnes tonnen tons ton"),
    ),
    "euro": (("1", "€ euro euros eur"), ("1/100", "cent cents")),
    "dollar": (("1", "$ dollar dollars usd us-dollar"),),
    "pound": (("1", "£ pound pounds pfund gbp"),),
    "franc": (("1", "franken chf francs"),),
    "yen": (("1", "¥ yen jpy"),),
}
# Distances and weights are rounded when they are converted; "about three months" are ninety days.
TOLERANCE = Fraction(4, 100)
_BEFORE = "€$£¥"
_LINK = re.compile(r"[\s-]*(?:u\.?s\.?-?\s?)?")


def _entries() -> Iterator[tuple[str, Unit]]:
    for measures, rows in _TABLE.items():
        for factor, written in rows:
            unit = Unit(measures=measures, factor=Fraction(factor))
            for word in written.split():
                yield word, unit


_UNITS = dict(_entries())
_WORDS = {word: unit for word, unit in _UNITS.items() if not word.endswith("~")}
_STEMS = {word.removesuffix("~"): unit for word, unit in _UNITS.items() if word.endswith("~")}
_ENDING = re.compile(r"(?:e[nrsm]?|[ns])$")


def unit(word: str) -> Unit | None:
    """The unit that a word names, None where it names none."""
    lower = word.lower()
    stem = _ENDING.sub("", lower)
    return _WORDS.get(lower) or _STEMS.get(lower) or _STEMS.get(stem)


def unit_within(word: str) -> Unit | None:
    """The unit that a German adjective of a number ends with: "fünfstündige"."""
    stem = _ENDING.sub("", word.lower())
    return next(
        (found for tail, found in _STEMS.items() if tail.endswith("ig") and stem.endswith(tail)), None
    )


def agree(value: Fraction, ours: Unit | None, other: Fraction, theirs: Unit | None) -> bool:
    """Whether two measured values are the same; a value without a unit agrees with any unit."""
    if ours is None or theirs is None or ours == theirs:
        return value == other
    if ours.measures != theirs.measures:
        return False
    a, b = value * ours.factor, other * theirs.factor
    return abs(a - b) <= TOLERANCE * max(abs(a), abs(b))
