"""The figures of a sentence as claims: what each counts, between which bounds it lies, and whether two of them agree.

Takes a sentence and gives its `Figure`s. "More than 10" lies between bounds, "about 12,000" may stand for 11,960, "12.3
million" for 12,300,000. What is no claim about how many there are is left out: ordinals, years, ages beside a name, scores.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from assistant.checking.amounts import Amount
from assistant.checking.numerals import numeral
from assistant.checking.quantities import RANGE_SIGNS, placed
from assistant.checking.units import unit
from assistant.language.lexicon import Lexicon
from assistant.language.words import is_function_word
from ingest.text.folding import words

_LEAST = re.compile(
    r"\b(?:more than|over|at least|no fewer than|upwards of|mehr als|über|mindestens|wenigstens|zumindest)\W+$",
    re.I,
)
_MOST = re.compile(
    r"\b(?:up to|at most|no more than|less than|fewer than|under|bis zu|höchstens|maximal|weniger als|unter)\W+$",
    re.I,
)
_ABOUT = re.compile(
    r"\b(?:about|around|roughly|approximately|some|nearly|almost|circa|ca\.?|an estimated|close to|rund|etwa|ungefähr|zirka"
    r"|fast|knapp|gut|annähernd|beinahe|gegen|geschätzt(?:e|en)?)\W+$",
    re.I,
)
# Before or after a figure: it counts a part, or what was added to others.
_PART_BEFORE = re.compile(
    r"\b(?:darunter|davon|unter ihnen|including|among them|weitere[nr]?|another|further|additional|zusätzlich(?:e|en)?"
    r"|von|from|von zuvor|(?:out )?of|jede[rs]?|every|each|pro|per)\W+(?:\w+\W+)?$",
    re.I,
)
_PART_AFTER = re.compile(
    r"^\W*(?:of (?:them|these|those|whom|which|the (?=\d))|davon|von (?:ihnen|denen|diesen)|der insgesamt|weitere|more|further|neue"
    r"[nr]?|new|additional|zusätzliche[nr]?)\b",
    re.I,
)
# Of one thing no two sources give figures of which one is so many times the other: they are of two things.
_ANOTHER_THING = 5
_DELTA = re.compile(
    r"\b(?:um|by)\W+(?:(?:rund|etwa|mehr als|about|some|nearly|fast|knapp|almost)\W+)?$", re.I
)
_LEVEL = re.compile(r"\b(?:auf|bei|to|at)\W+(?:\w+\W+)?$", re.I)
_MORE_OR_LESS = re.compile(
    r"^\s(?:(?!(?:over|after|under|other|later|earlier|water|number|member|paper|her)\b)[a-z]{3,}er\b|more\b|less\b|mehr\b|weniger\b"
    r"|[a-zäöü]{3,}er(?=\s(?:als|geworden|than)\b))"
)
_FEW = 10  # how many times as many "more than" and "up to" leave open: half, or twice
_SAME_TO_THE_EYE = Fraction(3, 100)
_COUNTED_WITHIN = 3
# From here on a round number may stand for another without a word that says so.
_ROUND_COUNT = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure from ``start`` to ``end`` of its sentence, with its unit; ``counted`` are the words after it that say of what.

    ``low`` and ``high`` are its bounds, ``step`` how finely it is given. ``part`` marks what counts a part of a whole,
    ``change`` by how much something has become more or less, ``level`` up or down to what, ``bound`` what only says at least or at most how many.
    """

    start: int
    end: int
    amount: Amount
    low: Fraction
    high: Fraction
    step: Fraction
    counted: tuple[str, ...]
    part: bool
    change: bool
    level: bool
    bound: bool
    rough: bool

    @property
    def measures(self) -> str:
        """What its unit measures; empty without a unit."""
        return self.amount.unit.measures if self.amount.unit else ""


@lru_cache(maxsize=2_000)
def figures_of(text: str, language: str, lexicon: Lexicon) -> tuple[Figure, ...]:
    """The figures of a sentence, in the order in which they stand there."""
    amounts, tokens = placed(text, language)
    plain = [token.text for token in tokens]
    found: list[Figure] = []
    joined = False
    for number, amount in enumerate(amounts):
        if joined:
            joined = False
            continue
        following = amounts[number + 1] if number + 1 < len(amounts) else None
        if following and _is_range(amount, following, plain):
            figure, joined = _figure(text, plain, tokens, amount, following, language, lexicon), True
        else:
            figure = _figure(text, plain, tokens, amount, amount, language, lexicon)
        if figure:
            found.append(figure)
    return tuple(found)


def _is_range(first: Amount, second: Amount, tokens: Sequence[str]) -> bool:
    between = [token.lower() for token in tokens[first.end : second.start]]
    if first.start and tokens[first.start - 1].lower() in ("zwischen", "between"):
        return between in (["und"], ["and"])
    return len(between) == 1 and between[0] in RANGE_SIGNS and between[0] not in ("and", "und", "/")


def _figure(
    text: str,
    plain: Sequence[str],
    tokens: Sequence[object],
    first: Amount,
    last: Amount,
    language: str,
    lexicon: Lexicon,
) -> Figure | None:
    start, end = tokens[first.start].start, tokens[last.end - 1].end  # type: ignore[attr-defined]
    if not first.sure or first.decade or _is_no_figure(text, start, end, plain, first, language):
        return None
    value, other = _reading(first, language), _reading(last, language)
    before, after = text[max(0, start - 40) : start], text[end : end + 40]
    least, most = bool(_LEAST.search(before)) or first.many, bool(_MOST.search(before))
    after_unit, at = after, last.end
    if plain[at : at + 1] == ["."] and at + 1 < len(plain) and unit(plain[at + 1]):  # "15,5 Mio. Euro"
        at += 1
    if last.unit and at < len(plain) and unit(plain[at]):
        end, at = tokens[at].end, at + 1  # type: ignore[attr-defined]
        after_unit = text[end : end + 40]
    return Figure(
        start=start,
        end=end,
        amount=last,
        low=value / 2 if most else min(value, other),
        high=other * (_FEW if first.many else 2) if least else max(value, other),
        step=_step(other),
        counted=_nouns(tuple(_counted(plain, at, language, lexicon)), language),
        part=bool(_PART_BEFORE.search(before) or _PART_AFTER.search(after_unit)),
        change=bool(_DELTA.search(before) or _MORE_OR_LESS.match(after_unit)),
        level=bool(_LEVEL.search(before)),
        bound=least or most,
        rough=first.rough or bool(_ABOUT.search(before)),
    )


def _reading(amount: Amount, language: str) -> Fraction:
    """The value that digits have in a language, of two that they may have: "1.500" is 1500 in German, "1,500" in English."""
    low, high = min(amount.values), max(amount.values)
    grouped = "." if language == "de" else ","
    return high if grouped in amount.text or low == high or not {".", ","} & {*amount.text} else low


def _step(value: Fraction) -> Fraction:
    """How finely a value is given: 1,000 for 62,000, a hundred thousand for 12.3 million."""
    step = Fraction(1)
    while value % (step * 10) == 0 and step * 10 <= value:
        step *= 10
    while value % step:
        step /= 10
        if step < Fraction(1, 1000):
            break
    return step


def _is_no_figure(
    text: str, start: int, end: int, plain: Sequence[str], amount: Amount, language: str
) -> bool:
    """Whether a number is an ordinal, a year, an age in parentheses, a score, or a part of a word."""
    before, after = text[:start], text[end:]
    if re.search(r"(?:[\w(/:]|\d[.,]|[^\W\d_]-)$", before) or re.match(r"[\w)/]|:\d|[-–][^\W\d_]", after):
        return True
    if (
        amount.unit is None
        and amount.text.isdecimal()
        and len(amount.text) == 4
        and 1200 <= int(amount.text) <= 2100
    ):
        return True
    if (
        plain[amount.end : amount.end + 1] == ["."]
        and amount.text.isdecimal()
        and amount.end + 1 < len(plain)
    ):
        return plain[amount.end + 1][:1].isalpha()
    word = numeral(plain[amount.start], language) if amount.end == amount.start + 1 else None
    return word is not None and word.role in ("ordinal", "part", "decade")


def _counted(plain: Sequence[str], at: int, language: str, lexicon: Lexicon) -> Iterator[str]:
    """The words that a figure counts, up to the first noun of German, or two in English: "wounded people", "verletzte Menschen"."""
    found = 0
    for token in plain[at : at + _COUNTED_WITHIN]:
        if not token[0].isalpha() or (is_function_word(token, language, lexicon) and token.islower()):
            if found or not token[0].isalpha():
                return
            continue
        yield token
        found += 1
        if found == 2 or (language == "de" and token[0].isupper()):
            return


def _nouns(counted: tuple[str, ...], language: str) -> tuple[str, ...]:
    """The words that are counted; none where German has no noun among them: "ist auf 19 gestiegen"."""
    return counted if language != "de" or any(word[0].isupper() for word in counted) else ()


def agree(one: Figure, other: Figure) -> bool:
    """Whether both may be true: they share a value, allowing for units, bounds and rounding."""
    unit_of, other_unit = one.amount.unit, other.amount.unit
    factor = unit_of.factor if unit_of else Fraction(1)
    other_factor = other_unit.factor if other_unit else Fraction(1)
    if unit_of and other_unit and unit_of.measures != other_unit.measures:
        return False
    readings = _readings(one, factor)
    others = _readings(other, other_factor)
    return any(
        low <= other_high and other_low <= high for low, high in readings for other_low, other_high in others
    )


def _readings(figure: Figure, factor: Fraction) -> list[tuple[Fraction, Fraction]]:
    """The bounds of a figure, widened by how finely it is given, in the unit's measure; both of what can be read in two ways."""
    exact = not figure.bound and figure.low == figure.high
    slack = _slack(figure) if exact else Fraction(0)
    bounds = [((figure.low - slack) * factor, (figure.high + slack) * factor)]
    also = figure.amount.values - {figure.high} if exact else ()
    return [*bounds, *((value * factor, value * factor) for value in also)]


def _slack(figure: Figure) -> Fraction:
    """By how much the exact number may differ from a rounded one."""
    value, step = figure.high, figure.step
    written = figure.amount.text.split(" ")[0]
    digits = len(str(int(value / step))) if value else 1
    if figure.rough:
        return max(step / 2, value * _SAME_TO_THE_EYE) if step < value else value / 10
    if step > 1 and value >= _ROUND_COUNT:
        return step / 2 if digits >= 2 else value * _SAME_TO_THE_EYE
    if step > 1 and figure.measures and value >= 100:
        return value / 100
    return Fraction(1, 2) if step == 1 and figure.measures == "share" and written.isdecimal() else Fraction(0)


def comparable(one: Figure, other: Figure) -> bool:
    """Whether both are of the same measure, and of the same order of magnitude."""
    if one.measures != other.measures:
        return False
    values = [
        figure.high * (figure.amount.unit.factor if figure.amount.unit else 1) for figure in (one, other)
    ]
    return max(values) <= _ANOTHER_THING * min(values)


PEOPLE = frozenset(
    words(
        "menschen mensch personen person leute tote toten todesopfer opfer verletzte verletzten fahrgäste fahrgästen passagiere"
        " passagieren reisende reisenden besucher besuchern gäste zuschauer zuschauern bewohner einwohner zivilisten people persons"
        " person dead deaths victims casualties passengers travellers visitors guests spectators residents inhabitants civilians"
        " men women soldiers soldaten kinder children bergleute miners survivors überlebende vermisste missing"
    )
)
