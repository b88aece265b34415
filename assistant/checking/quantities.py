"""A text read for its amounts: digits in either locale, number words, shares, money, measures, ranges."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from assistant.checking.amounts import Amount
from assistant.checking.dates import DateOrTime, moments
from assistant.checking.digits import decades, digits, prepared, roman, vulgar
from assistant.checking.numerals import SCALES, Numeral, numeral
from assistant.checking.units import unit, unit_within
from ingest.text.folding import words

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[%€$£¥]|[^\w\s]|_")
_RANGE = ("-", "–", "—", "/", "to", "bis", "or", "oder", "and", "und", "through")
_SEVERAL = ("several", "few", "many", "some", "mehrere", "einige", "viele", "mehreren", "einigen", "vielen")
_ARTICLES = ("a", "an", "one", "ein", "eine", "einer", "einen", "einem", "per", "each", "every")
_DEFINITE = words(
    "the this that his her its their our my your whose der die das dem den des dieser diese diesem diesen dieses "
    "sein seine seiner seinem seinen ihr ihre ihrer ihrem ihren im am zum zur vom beim"
)
_ROUGHLY = words(
    "about around roughly approximately nearly almost over some circa approx than least rund etwa ungefähr zirka fast "
    "knapp über gut als mindestens beinahe annähernd"
)
_SCALED = {"m": 10**6, "k": 10**3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantities:
    """All that a text counts, and the moments that it names."""

    amounts: tuple[Amount, ...]
    moments: tuple[DateOrTime, ...]


@lru_cache(maxsize=5_000)
def read(text: str, language: str) -> Quantities:
    """The amounts and moments of ``text``, its number words read in ``language`` ("de" or "en", else digits only)."""
    found, rest = moments(prepared(text))
    tokens = _TOKEN.findall(rest)
    return Quantities(amounts=tuple(_ranged(tokens, list(_amounts(tokens, language)))), moments=tuple(found))


def _amounts(tokens: Sequence[str], language: str) -> Iterator[Amount]:
    position = 0
    while position < len(tokens):
        found = _amount(tokens, position, language)
        if found is None:
            position += 1
            continue
        yield _measured(tokens, found, language)
        position = found.end


def _amount(tokens: Sequence[str], start: int, language: str) -> Amount | None:
    if tokens[start][0].isdecimal():
        return _digits(tokens, start, language)
    if (value := roman(tokens, start)) is not None:
        return _made(tokens, start, start + 1, [value], sure=len(tokens[start]) > 1)
    first = numeral(tokens[start], language)
    if first is None:
        return None
    if first.role in ("cardinal", "scale"):
        return _spelled(tokens, start, language)
    return _single(tokens, start, first)


def _digits(tokens: Sequence[str], start: int, language: str) -> Amount:
    values, end = digits(tokens[start]), start + 1
    if tokens[end : end + 1] == ["/"] and tokens[end + 1 : end + 2] and tokens[end + 1].isdecimal():
        if len(tokens[start]) <= 2 and 1 < int(tokens[end + 1]) <= 10:
            return _made(tokens, start, end + 2, [Fraction(int(tokens[start]), int(tokens[end + 1]))])
    elif fraction := vulgar(tokens, end):
        return _made(tokens, start, end + 3, [value + fraction for value in values])
    if tokens[end : end + 1] and tokens[end] in ("s", "er", "ern") and tokens[start][-1] == "0":
        return _made(tokens, start, end + 1, decades(values), decade=True)
    if tokens[end : end + 1] and (scale := _SCALED.get(tokens[end])):
        return _made(tokens, start, end + 1, [*values, *(value * scale for value in values)])
    factor, end = _scales(tokens, end, language)
    return _made(tokens, start, end, [value * factor for value in values])


def _scales(tokens: Sequence[str], at: int, language: str) -> tuple[Fraction, int]:
    """What the scale words from ``at`` on multiply by, and where they end: "5 hundred thousand", "3 Mrd."."""
    factor = Fraction(1)
    while at < len(tokens) and (scale := _scale(tokens[at], language)):
        factor, at = factor * scale, at + 1
    return factor, at


def _scale(word: str, language: str) -> Fraction | None:
    german = language == "de" or word[:1].isupper()
    found = numeral(word, "de" if german and not word.startswith("b") else "en")
    if found and (found.role == "scale" or (found.role == "many" and found.value >= 1000)):
        return found.value
    return None


def _spelled(tokens: Sequence[str], start: int, language: str) -> Amount:
    """Several words that make one number: "two hundred and five", "zwei Millionen", "two-thirds"."""
    total, current, last, position, ordinal = Fraction(0), Fraction(0), Fraction(10**30), start, False
    while position < len(tokens) and not ordinal:
        step = _linked(tokens, position, language) if position > start else position
        found = numeral(tokens[step], language) if step is not None else None
        if step is None or found is None:
            break
        scale = _scale(tokens[step], language)
        if scale:
            current = (current or Fraction(1)) * scale
            total, current = (total, current) if scale == 100 else (total + current, Fraction(0))
            last = scale if scale != 12 else Fraction(1)
        elif found.role == "part" and position > start:
            current, last = current * found.value, Fraction(0)
        elif _follows(found, last, position > start):
            current, last, ordinal = current + found.value, _room(found.value), found.role == "ordinal"
        else:
            break
        position = step + 1
    position, half = _and_a_half(tokens, position)
    scale, position = _scales(tokens, position, language) if half else (Fraction(1), position)
    return _spelled_amount(tokens, start, position, (total + current + half) * scale)


def _spelled_amount(tokens: Sequence[str], start: int, end: int, value: Fraction) -> Amount:
    before = tokens[start - 1].lower() if start else ""
    if before in _SEVERAL and value in (12, 100, 1000, 10**6):
        return _made(tokens, start, end, [value], many=True)
    halved = start and before in ("half", "halbe", "halben", "halbes") and value > 2
    if not halved and start > 1 and before in _ARTICLES:
        halved = tokens[start - 2].lower() in ("half", "halbe")
    return _made(tokens, start, end, [value / 2 if halved else value])


def _linked(tokens: Sequence[str], position: int, language: str) -> int | None:
    """Where the next word of a number stands: after a hyphen, an "and" before a small number, or at once."""
    if tokens[position].lower() in ("-", "and") and position + 1 < len(tokens):
        found = numeral(tokens[position + 1], language)
        return position + 1 if found and found.role != "many" else None
    return position


def _follows(found: Numeral, last: Fraction, within: bool) -> bool:
    """Whether a word may go on with a number whose last word left room for less than ``last``: "thirty-one"."""
    one = found.role == "hint" and found.value == 1 and within and last <= 10
    return (found.role in ("cardinal", "ordinal") or one) and found.value < last


def _room(value: Fraction) -> Fraction:
    """What may follow: a digit after a ten, nothing after a digit or a teen."""
    return Fraction(10) if value >= 20 and value % 10 == 0 and value < 100 else Fraction(0)


def _and_a_half(tokens: Sequence[str], at: int) -> tuple[int, Fraction]:
    if [token.lower() for token in tokens[at : at + 3]] == ["and", "a", "half"]:
        return at + 3, Fraction(1, 2)
    return at, Fraction(0)


def _single(tokens: Sequence[str], start: int, found: Numeral) -> Amount:
    before = tokens[start - 1].lower() if start else ""
    if found.role == "decade":
        return _made(tokens, start, start + 1, decades([found.value]), decade=True, sure=False)
    if found.role == "many":
        return _made(tokens, start, start + 1, [found.value], many=True)
    if found.role == "part":
        scaled = start + 1 < len(tokens) and tokens[start + 1].lower() in SCALES
        return _made(tokens, start, start + 1, [found.value], sure=before in _ARTICLES and not scaled)
    if found.role == "ordinal":
        sure = (found.value > 2 and before not in ("außer",)) or before in _DEFINITE
        return _made(tokens, start, start + 1, [found.value, 1 / found.value], sure=sure)
    return _made(tokens, start, start + 1, [found.value], sure=False)


def _made(
    tokens: Sequence[str],
    start: int,
    end: int,
    values: Sequence[Fraction],
    *,
    sure: bool = True,
    many: bool = False,
    decade: bool = False,
) -> Amount:
    return Amount(
        text=" ".join(tokens[start:end]),
        values=frozenset(values),
        sure=sure,
        many=many,
        decade=decade,
        rough=start > 0 and tokens[start - 1].lower() in _ROUGHLY,
        start=start,
        end=end,
    )


def _measured(tokens: Sequence[str], amount: Amount, language: str) -> Amount:
    """``amount`` with the unit that follows it, stands in it or, as a currency sign, before it."""
    after = [token for token in tokens[amount.end : amount.end + 3] if token not in ("-", ".", "–")][:2]
    units = [unit(token) for token in after[:1]]
    if [token.lower() for token in after] == ["per", "cent"]:
        units = [unit("percent")]
    elif after[:1] and after[0].lower() == "us":
        units += [unit(token) for token in after[1:]]
    before = unit(tokens[amount.start - 1]) if amount.start and tokens[amount.start - 1] in "€$£¥" else None
    found = before or next((u for u in units if u), None) or unit_within(tokens[amount.end - 1])
    position, half = _and_a_half(tokens, amount.end + 1) if found else (amount.end, Fraction(0))
    if half:  # "a year and a half"
        return replace(amount, unit=found, values=frozenset(v + half for v in amount.values), end=position)
    return replace(amount, unit=found)


def _ranged(tokens: Sequence[str], amounts: list[Amount]) -> list[Amount]:
    """Amounts joined by "to" or a dash share unit and scale: "5 bis 10 Prozent", "1.5 to 2 million", "1990-95"."""
    for place in range(len(amounts) - 1, 0, -1):
        first, second = amounts[place - 1], amounts[place]
        between = [token.lower() for token in tokens[first.end : second.start]]
        if len(between) == 1 and between[0] in _RANGE:
            shared = first if _is_year(first) else replace(first, unit=first.unit or second.unit)
            amounts[place - 1] = _scaled_like(shared, second)
            amounts[place] = _year_after(first, second)
    return amounts


def _is_year(amount: Amount) -> bool:
    return len(amount.text) == 4 and amount.text.isdecimal()


def _scaled_like(first: Amount, second: Amount) -> Amount:
    largest = max(second.values)
    scale = next((s for s in (10**9, 10**6, 10**3) if largest >= s and largest % s == 0), 1)
    spelled = any(not token[0].isdecimal() for token in second.text.split())
    if scale == 1 or not spelled or max(first.values) >= scale:
        return first
    return replace(first, values=first.values | {value * scale for value in first.values})


def _year_after(first: Amount, second: Amount) -> Amount:
    year, short = max(first.values), max(second.values)
    if 1000 <= year <= 2100 and short < 100 and len(second.text) == 2 and second.text.isdecimal():
        return replace(second, values=second.values | {year - year % 100 + short})
    return second
