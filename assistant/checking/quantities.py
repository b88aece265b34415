"""All quantities of a text: takes a text and gives its amounts and moments.

Amounts are digits in either locale, number words, shares, money, measures and ranges.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from assistant.checking.amounts import Amount
from assistant.checking.dates import DateOrTime, moments
from assistant.checking.digits import decade_years, digit_values, fraction_at, normalised, roman_numeral
from assistant.checking.numerals import SCALES, Numeral, numeral
from assistant.checking.units import unit, unit_within
from ingest.text.folding import words

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[%€$£¥]|[^\w\s]|_")
RANGE_SIGNS = ("-", "–", "—", "/", "to", "bis", "or", "oder", "and", "und", "through")
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
_ORDER = words("first second last latter other former")
_SCALE_LETTERS = {"m": 10**6, "k": 10**3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantities:
    """The amounts of a text in order of appearance, and its moments in no particular order."""

    amounts: tuple[Amount, ...]
    moments: tuple[DateOrTime, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedToken:
    """A token and where it stands in a text."""

    text: str
    start: int
    end: int


def placed(text: str, language: str) -> tuple[tuple[Amount, ...], tuple[PlacedToken, ...]]:
    """The amounts of ``text``, apart from its moments, and the tokens that they are counted in, each with its place."""
    plain = normalised(text)
    _, rest = moments(plain)
    tokens = tuple(
        PlacedToken(text=match.group(), start=match.start(), end=match.end())
        for match in _TOKEN.finditer(rest)
    )
    named = [token.text for token in tokens]
    return tuple(_with_ranges(named, list(_amounts(named, language)))), tokens


@lru_cache(maxsize=5_000)
def quantities_of(text: str, language: str) -> Quantities:
    """The quantities of ``text``, its number words read in ``language`` ("de" or "en", else digits only)."""
    named, rest = moments(normalised(text))
    tokens = _TOKEN.findall(rest)
    amounts = _with_ranges(tokens, list(_amounts(tokens, language)))
    return Quantities(amounts=tuple(amounts), moments=tuple(named))


def _amounts(tokens: Sequence[str], language: str) -> Iterator[Amount]:
    position = 0
    while position < len(tokens):
        amount = _amount(tokens, position, language)
        if amount is None:
            position += 1
            continue
        yield _with_unit(tokens, amount)
        position = amount.end


def _amount(tokens: Sequence[str], start: int, language: str) -> Amount | None:
    if tokens[start][0].isdecimal():
        return _in_digits(tokens, start, language)
    if (value := roman_numeral(tokens, start)) is not None:
        return _made(tokens, start, start + 1, [value], sure=len(tokens[start]) > 1)
    first = numeral(tokens[start], language)
    if first is None:
        return None
    if first.role in ("cardinal", "scale"):
        return _in_words(tokens, start, language)
    return _single_word(tokens, start, first)


def _in_digits(tokens: Sequence[str], start: int, language: str) -> Amount:
    values, end = digit_values(tokens[start]), start + 1
    if tokens[end : end + 1] == ["/"] and tokens[end + 1 : end + 2] and tokens[end + 1].isdecimal():
        if len(tokens[start]) <= 2 and 1 < int(tokens[end + 1]) <= 10:
            return _made(tokens, start, end + 2, [Fraction(int(tokens[start]), int(tokens[end + 1]))])
    elif fraction := fraction_at(tokens, end):
        return _made(tokens, start, end + 3, [value + fraction for value in values])
    after = tokens[end] if end < len(tokens) else ""
    if after in ("s", "er", "ern") and tokens[start][-1] == "0":
        return _made(tokens, start, end + 1, decade_years(values), decade=True)
    if scale := _SCALE_LETTERS.get(after):
        return _made(tokens, start, end + 1, [*values, *(value * scale for value in values)])
    factor, end = _scales(tokens, end, language)
    return _made(tokens, start, end, [value * factor for value in values])


def _scales(tokens: Sequence[str], start: int, language: str) -> tuple[Fraction, int]:
    """The product of the scale words from ``start`` on, and where they end: "5 hundred thousand", "3 Mrd."."""
    factor, end = Fraction(1), start
    while end < len(tokens) and (scale := _scale(tokens[end], language)):
        factor, end = factor * scale, end + 1
    return factor, end


def _scale(word: str, language: str) -> Fraction | None:
    """The value of a scale word; "Billion" with a capital is German wherever it stands, "billion" English."""
    german = (language == "de" or word[:1].isupper()) and not word.startswith("b")
    parsed = numeral(word, "de" if german else "en")
    if parsed and (parsed.role == "scale" or (parsed.role == "many" and parsed.value >= 1000)):
        return parsed.value
    return None


def _in_words(tokens: Sequence[str], start: int, language: str) -> Amount:
    """Several words that make one number: "two hundred and five", "zwei Millionen", "two-thirds".

    ``total`` is complete up to the last scale of a thousand or more, ``current`` is what stands since then.
    The next word must be worth less than ``below``: a digit may follow "thirty", a hundred may not.
    """
    total, current, below, position, ordinal = Fraction(0), Fraction(0), Fraction(10**30), start, False
    while position < len(tokens) and not ordinal:
        place = _next_word(tokens, position, language) if position > start else position
        parsed = numeral(tokens[place], language) if place is not None else None
        if place is None or parsed is None:
            break
        scale = _scale(tokens[place], language)
        if scale:
            current = (current or Fraction(1)) * scale
            total, current = (total, current) if scale == 100 else (total + current, Fraction(0))
            below = scale if scale != 12 else Fraction(1)
        elif parsed.role == "part" and position > start:
            current, below = current * parsed.value, Fraction(0)
        elif _may_follow(parsed, below, position > start):
            current, below, ordinal = (
                current + parsed.value,
                _room_after(parsed.value),
                parsed.role == "ordinal",
            )
        else:
            break
        position = place + 1
    position, half = _and_a_half(tokens, position)
    scale, position = _scales(tokens, position, language) if half else (Fraction(1), position)
    return _modified(tokens, start, position, (total + current + half) * scale)


def _modified(tokens: Sequence[str], start: int, end: int, value: Fraction) -> Amount:
    """A number in words with what stands before it: "several hundred" are many, "half a million" is halved."""
    before = tokens[start - 1].lower() if start else ""
    if before in _SEVERAL and value in (12, 100, 1000, 10**6):
        return _made(tokens, start, end, [value], many=True)
    halved = start and before in ("half", "halbe", "halben", "halbes") and value > 2
    if not halved and start > 1 and before in _ARTICLES:
        halved = tokens[start - 2].lower() in ("half", "halbe")
    return _made(tokens, start, end, [value / 2 if halved else value])


def _next_word(tokens: Sequence[str], position: int, language: str) -> int | None:
    """The place of a number's next word, which may stand behind a hyphen or an "and"; None if no number is there."""
    if tokens[position].lower() in ("-", "and") and position + 1 < len(tokens):
        parsed = numeral(tokens[position + 1], language)
        return position + 1 if parsed and parsed.role != "many" else None
    return position


def _may_follow(parsed: Numeral, below: Fraction, within: bool) -> bool:
    """Whether a word can continue a number that leaves room for values ``below`` one: "thirty-one"."""
    is_one = parsed.role == "hint" and parsed.value == 1 and within and below <= 10
    return (parsed.role in ("cardinal", "ordinal") or is_one) and parsed.value < below


def _room_after(value: Fraction) -> Fraction:
    """The value that the next word must stay below: 10 after a ten, 0 after a digit or a teen."""
    return Fraction(10) if value >= 20 and value % 10 == 0 and value < 100 else Fraction(0)


def _and_a_half(tokens: Sequence[str], start: int) -> tuple[int, Fraction]:
    """Where "and a half" ends, and 1/2; where it does not stand, ``start`` and 0."""
    if [token.lower() for token in tokens[start : start + 3]] == ["and", "a", "half"]:
        return start + 3, Fraction(1, 2)
    return start, Fraction(0)


def _single_word(tokens: Sequence[str], start: int, parsed: Numeral) -> Amount:
    before = tokens[start - 1].lower() if start else ""
    if parsed.role == "decade":
        return _made(tokens, start, start + 1, decade_years([parsed.value]), decade=True, sure=False)
    if parsed.role == "many":
        return _made(tokens, start, start + 1, [parsed.value], many=True)
    if parsed.role == "part":
        return _made(tokens, start, start + 1, [parsed.value], sure=_is_share(tokens, start, parsed.value))
    if parsed.role == "ordinal":
        if (
            before in ("a", "one") and _word(tokens, start + 1) == "of" and parsed.value > 2
        ):  # "a third of them"
            return _made(tokens, start, start + 1, [1 / parsed.value])
        sure = (parsed.value > 2 and before != "außer") or before in _DEFINITE
        return _made(tokens, start, start + 1, [parsed.value, 1 / parsed.value], sure=sure)
    return _made(tokens, start, start + 1, [parsed.value], sure=False)


def _is_share(tokens: Sequence[str], start: int, value: Fraction) -> bool:
    """Whether a word for a part surely names one: "a quarter", "half of them", "die Hälfte", "zweidrittel".

    "The second half" and "the northern half of it" are places, "half the year" is a time.
    """
    word, before, after = (_word(tokens, place) for place in (start, start - 1, start + 1))
    if before in _ARTICLES or value.numerator > 1:
        return after not in SCALES
    if word == "hälfte":
        return before in ("", "die", "der", "zur", *_ROUGHLY)
    if word != "half" or not (after == "of" or after in _DEFINITE) or unit(_word(tokens, start + 2)):
        return False
    described = [_word(tokens, place) in (*_DEFINITE, *_ARTICLES) for place in range(start - 3, start)]
    return not any(described) and not _is_ordinal(before)


def _is_ordinal(word: str) -> bool:
    parsed = numeral(word, "en")
    return word in _ORDER or (parsed is not None and parsed.role == "ordinal")


def _word(tokens: Sequence[str], place: int) -> str:
    """The token there in lower case; empty where there is none."""
    return tokens[place].lower() if 0 <= place < len(tokens) else ""


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


def _with_unit(tokens: Sequence[str], amount: Amount) -> Amount:
    """``amount`` with the unit that follows it, stands in it or, as a currency sign, before it."""
    after = [token for token in tokens[amount.end : amount.end + 3] if token not in ("-", ".", "–")][:2]
    units = [unit(token) for token in after[:1]]
    if [token.lower() for token in after] == ["per", "cent"]:
        units = [unit("percent")]
    elif after[:1] and after[0].lower() == "us":
        units += [unit(token) for token in after[1:]]
    before = unit(tokens[amount.start - 1]) if amount.start and tokens[amount.start - 1] in "€$£¥" else None
    measure = before or next((named for named in units if named), None) or unit_within(tokens[amount.end - 1])
    position, half = _and_a_half(tokens, amount.end + 1) if measure else (amount.end, Fraction(0))
    if half:  # "a year and a half"
        halves = frozenset(value + half for value in amount.values)
        return replace(amount, unit=measure, values=halves, end=position)
    return replace(amount, unit=measure)


def _with_ranges(tokens: Sequence[str], amounts: list[Amount]) -> list[Amount]:
    """Amounts joined by "to" or a dash share unit and scale: "5 bis 10 Prozent", "1.5 to 2 million", "1990-95"."""
    for place in range(len(amounts) - 1, 0, -1):
        first, second = amounts[place - 1], amounts[place]
        between = [token.lower() for token in tokens[first.end : second.start]]
        if len(between) == 1 and between[0] in RANGE_SIGNS:
            shared = first if _is_year(first) else replace(first, unit=first.unit or second.unit)
            amounts[place - 1] = _scaled_like(shared, second)
            amounts[place] = _with_century_of(first, second)
    return amounts


def _is_year(amount: Amount) -> bool:
    return len(amount.text) == 4 and amount.text.isdecimal()


def _scaled_like(first: Amount, second: Amount) -> Amount:
    """The first amount of a range, with its values in the scale of the second, too: "2" of "2 to 3 million"."""
    largest = max(second.values)
    scale = next((s for s in (10**9, 10**6, 10**3) if largest >= s and largest % s == 0), 1)
    spelled = any(not token[0].isdecimal() for token in second.text.split())
    if scale == 1 or not spelled or max(first.values) >= scale:
        return first
    return replace(first, values=first.values | {value * scale for value in first.values})


def _with_century_of(first: Amount, second: Amount) -> Amount:
    """The second amount of a range of years, with the century of the first, too: "95" of "1990-95"."""
    year, short = max(first.values), max(second.values)
    if 1000 <= year <= 2100 and short < 100 and len(second.text) == 2 and second.text.isdecimal():
        return replace(second, values=second.values | {year - year % 100 + short})
    return second
