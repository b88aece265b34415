"""Numbers in digits: takes tokens and gives values: grouping of both locales, fractions, decades, Roman numerals."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from assistant.checking.dates import moments

_GROUPED = re.compile(r"(?<![\d.,])(\d{1,3})((?:[\s'’]\d{3})+)(?![\d])")
_SQUARED = re.compile(r"\b([kcdm]?m)([23])\b")
_FRACTION_SIGNS = {"⁄": "/", "½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3", "⅛": "1/8"}
_LIST_MARKER = re.compile(r"^\s*(?:\(?\d{1,2}[.)]|[-*•])\s+(?=\S)")
_ROMAN = re.compile(r"X{0,3}(?:IX|IV|V?I{0,3})$")
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10}


def normalised(text: str) -> str:
    """``text`` with fraction signs written out ("6½" as "6 1/2") and grouped digits joined ("10 000" as "10000")."""
    for sign, written in _FRACTION_SIGNS.items():
        text = text.replace(sign, f" {written} " if len(written) > 1 else written)
    text = _SQUARED.sub(r"\1²", text)
    return _GROUPED.sub(lambda match: match.group(1) + re.sub(r"\D", "", match.group(2)), text)


def digit_values(written: str) -> list[Fraction]:
    """The values that digits with points and commas may have: "1.500" is 1500 in German and 1.5 in English."""
    parts = re.split(r"[.,]", written)
    marks = re.findall(r"[.,]", written)
    grouped = len(parts[0]) <= 3 and parts[0] != "0" and all(len(part) == 3 for part in parts[1:])
    if not marks:
        return [Fraction(written)]
    if len(set(marks)) == 1 and len(marks) > 1:
        return [Fraction("".join(parts))] if grouped else [Fraction(part) for part in parts]
    decimal = Fraction("".join(parts[:-1]) + "." + parts[-1])
    return [decimal, Fraction("".join(parts))] if len(marks) == 1 and grouped else [decimal]


def fraction_at(tokens: Sequence[str], start: int) -> Fraction | None:
    """The fraction that starts at a token, such as the "1/2" of "6 1/2"; None where none does."""
    three = tokens[start : start + 3]
    if len(three) < 3 or three[1] != "/" or not (three[0].isdecimal() and three[2].isdecimal()):
        return None
    numerator, denominator = int(three[0]), int(three[2])
    return Fraction(numerator, denominator) if numerator < denominator and 1 < denominator <= 10 else None


def decade_years(values: Sequence[Fraction]) -> list[Fraction]:
    """The years that decades start with: the "90s" are those of 1990, too."""
    return [year for value in values for year in ((value,) if value >= 100 else (value, value + 1900))]


def roman_numeral(tokens: Sequence[str], position: int) -> Fraction | None:
    """The value of a Roman numeral after a name: "Heinrich VIII", "World War II"; None for other tokens."""
    word = tokens[position]
    if not position or not _ROMAN.match(word) or not tokens[position - 1][:1].isupper():
        return None
    values = [_ROMAN_DIGITS[letter] for letter in word]
    following = [*values[1:], 0]
    return Fraction(
        sum(-value if value < after else value for value, after in zip(values, following, strict=True))
    )


def without_list_marker(text: str) -> str:
    """``text`` without the number or the bullet that marks it as an item of a list."""
    if any(moment.kind == "month" for moment in moments(text)[0]):
        return text  # "2. Mai" is a date
    return _LIST_MARKER.sub("", text, count=1)
