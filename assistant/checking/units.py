"""Units of measure in German and English: takes a word and gives its unit; compares values in miles and kilometres."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """What a unit measures, and the factor that converts it to other units of the same measure."""

    measures: str
    factor: Fraction


# measure: (factor, its words in lower case; "~" marks stems that take German endings)
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
# By what share converted values may differ: distances and weights are rounded, and three months are ninety days.
_TOLERANCE = Fraction(4, 100)


def _entries() -> Iterator[tuple[str, Unit]]:
    for measures, rows in _TABLE.items():
        for factor, written in rows:
            for word in written.split():
                yield word, Unit(measures=measures, factor=Fraction(factor))


_UNITS = dict(_entries())
_WORDS = {word: unit for word, unit in _UNITS.items() if not word.endswith("~")}
_STEMS = {word.removesuffix("~"): unit for word, unit in _UNITS.items() if word.endswith("~")}
_ADJECTIVES = {stem: unit for stem, unit in _STEMS.items() if stem.endswith("ig")}
_ENDING = re.compile(r"(?:e[nrsm]?|[ns])$")


def unit(word: str) -> Unit | None:
    """The unit that ``word`` names; None where it names none."""
    lower = word.lower()
    stem = _ENDING.sub("", lower)
    return _WORDS.get(lower) or _STEMS.get(lower) or _STEMS.get(stem)


def unit_within(word: str) -> Unit | None:
    """The unit that a German adjective of a number ends with: "fünfstündige"."""
    stem = _ENDING.sub("", word.lower())
    return next((named for tail, named in _ADJECTIVES.items() if stem.endswith(tail)), None)


def same_measure(value: Fraction, unit: Unit | None, other: Fraction, other_unit: Unit | None) -> bool:
    """Whether two values with their units are the same; a value without a unit may have any, and a part be a percentage."""
    if unit is None or other_unit is None or unit == other_unit:
        parts = _is_percentage(value, unit, other, other_unit) or _is_percentage(
            other, other_unit, value, unit
        )
        return value == other or parts
    if unit.measures != other_unit.measures:
        return False
    converted, other_converted = value * unit.factor, other * other_unit.factor
    return abs(converted - other_converted) <= _TOLERANCE * max(abs(converted), abs(other_converted))


def _is_percentage(part: Fraction, unit: Unit | None, percent: Fraction, percent_unit: Unit | None) -> bool:
    """Whether a part without a unit ("a third") is that percentage, to the nearest one."""
    if unit is not None or percent_unit is None or percent_unit.measures != "share":
        return False
    return 0 < part < 1 and abs(part * 100 - percent) <= Fraction(1, 2)
