"""Numbers, days and times as a spreadsheet shows them, by the code of a cell's number format. Pure.

The codes are those of ECMA-376 part 1, 18.8.31. What a format leaves to the reader's settings (separators, order of a day)
is German where the workbook was written by a German program, else English with days as YYYY-MM-DD.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from functools import lru_cache

Value = float | int | bool | str | date | datetime | time | timedelta | None

# The codes of the formats that files only give the number of.
BUILTIN: dict[int, str] = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "#,##0", 6: "#,##0", 7: "#,##0.00",
    8: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 14: "short date",
    15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm",
    21: "h:mm:ss", 22: "short date h:mm", 37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00", 41: "#,##0", 42: "#,##0", 43: "#,##0.00", 44: "#,##0.00", 45: "mm:ss",
    46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
_LARGEST = 1e21  # what is larger is shown by its exponent, whatever the format
_DIGITS = 400  # that are calculated with: formats may scale and divide as often as they like
_SHORT_DATE = {True: "dd.mm.yyyy", False: "yyyy-mm-dd"}
_GERMAN = {0x407, 0x807, 0xC07, 0x1007, 0x1407}
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_(?P<space>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General|Standard)|(?P<half>AM/PM|A/P)|(?P<exponent>[Ee][+-]0+)"
    r"|(?P<digits>[0#?.,]+)|(?P<date>[yY]+|[mM]+|[dD]+|[hH]+|[sS]+(?:\.0+)?)|(?P<other>.)",
    re.S,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_FRACTION = re.compile(r"([#0?]*)\s*([#0?]+)/([#0?]+|\d+)")
_MONTHS = {
    True: [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    False: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_DAYS = {
    True: ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
    False: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}
_TESTS = {
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b, "=": lambda a, b: a == b, "<>": lambda a, b: a != b,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def shown(value: Value, code: str = "General", *, german: bool = False) -> str:
    """What a cell with ``value`` and the number format ``code`` shows; formats that are not understood show it plainly."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return (("FALSCH", "WAHR") if german else ("FALSE", "TRUE"))[value]
    if isinstance(value, str):
        return value
    sections = _sections(code.replace("short date", _SHORT_DATE[german]))
    if isinstance(value, int | float):
        tokens, positive = _section(sections, value)
        if is_date_code(code):
            return _number(value, german)  # no day that a calendar has
        return _formatted(abs(value) if positive else value, tokens, german)
    tokens = sections[0]
    if not any(token.kind == "date" for token in tokens):
        tokens = _sections(_plain_date(value, german))[0]
    return _moment(value, tokens, _german(tokens, german))


def displayed(number: float, code: str, *, german: bool = False, since_1904: bool = False) -> str:
    """What a stored number is shown as: by a format of days the moment that it stands for."""
    if code == "General":
        return _number(number, german)
    moment = of_serial(number, since_1904=since_1904) if is_date_code(code) else None
    return shown(number if moment is None else moment, code, german=german)


@lru_cache(maxsize=1_000)
def is_date_code(code: str) -> bool:
    """Whether numbers with this format are days or times."""
    first = _sections(code.replace("short date", "yyyy-mm-dd"))[0]
    return any(token.kind in ("date", "elapsed") for token in first)


def of_serial(number: float, *, since_1904: bool = False) -> datetime | None:
    """The moment that a spreadsheet stores as a number of days; None where a calendar has no such day."""
    days = number + 1462 if since_1904 else number
    if not 0 <= days < 2_958_466:
        return None
    # Spreadsheets have a 29 February 1900, which never was.
    begin = datetime(1899, 12, 31) if days < 60 else datetime(1899, 12, 30)
    return begin + timedelta(milliseconds=round(days * 86_400_000))


@lru_cache(maxsize=1_000)
def _sections(code: str) -> list[list[_Token]]:
    found: list[list[_Token]] = [[]]
    for match in _TOKEN.finditer(code):
        kind, text = match.lastgroup or "other", match[match.lastgroup or "other"]
        if kind == "other" and text == ";":
            found.append([])
        elif kind == "bracket" and re.fullmatch("[hms]+", text, re.I):
            found[-1].append(_Token("elapsed", text.lower()))
        else:
            found[-1].append(_Token(kind, text))
    return found


def _section(sections: Sequence[list[_Token]], value: float) -> tuple[list[_Token], bool]:
    """The part of a format that a number is shown by, and whether its sign is left to that part."""
    conditions = [_condition(section) for section in sections]
    if any(conditions):
        for section, condition in zip(sections, conditions, strict=True):
            if condition is None or _TESTS[condition[0]](value, condition[1]):
                return section, False
        return sections[-1], False
    if value < 0 and len(sections) > 1:
        return sections[1], True
    return sections[2 if value == 0 and len(sections) > 2 else 0], False


def _condition(section: Sequence[_Token]) -> tuple[str, float] | None:
    for token in section:
        if token.kind == "bracket" and (match := _CONDITION.fullmatch(token.text)):
            return match[1], float(match[2])
    return None


def _german(tokens: Sequence[_Token], otherwise: bool) -> bool:
    """Whether a format asks for German names and separators; ``otherwise`` where it names no language."""
    for token in tokens:
        if token.kind == "bracket" and token.text.startswith("$") and "-" in token.text:
            try:
                return int(token.text.rpartition("-")[2], 16) & 0xFFFF in _GERMAN
            except ValueError:
                continue
    return otherwise


def _literal(token: _Token) -> str:
    """What a part of a format that stands for itself shows."""
    if token.kind in ("quoted", "escaped", "other"):
        return token.text
    if token.kind == "space":
        return " "
    if token.kind == "bracket" and token.text.startswith("$"):
        return token.text[1:].partition("-")[0]
    return ""


def _formatted(value: float, tokens: Sequence[_Token], german: bool) -> str:
    if any(token.kind == "general" or token.text == "@" for token in tokens):
        inner = _number(value, german)
        return "".join(
            inner if token.kind == "general" or token.text == "@" else _literal(token) for token in tokens
        ).strip()
    pattern = "".join(token.text for token in tokens if token.kind == "digits")
    if not pattern:
        return "".join(map(_literal, tokens)).strip()
    if not abs(value) < _LARGEST:
        return _number(value, german)
    signs = "".join(token.text if token.kind in ("digits", "other") else " " for token in tokens)
    if match := _FRACTION.search(signs):
        return _fraction(value, whole=bool(match[1]), denominator=match[3])
    if any(token.kind == "exponent" for token in tokens):
        places = len(pattern.partition(".")[2])
        return _separated(f"{value:.{places}E}", german)
    number = _by_pattern(value, pattern, sum(token.text == "%" for token in tokens if token.kind == "other"))
    return _placed(_separated(number, german), tokens)


def _by_pattern(value: float, pattern: str, percents: int) -> str:
    """The digits of a number, with "," between thousands and "." before decimals."""
    whole, _, decimals = pattern.partition(".")
    thousands = sum(len(part) - len(part.rstrip(",")) for part in (whole, decimals))
    decimals = decimals.replace(",", "").replace(".", "")
    with localcontext(prec=_DIGITS):
        number = Decimal(repr(float(value))) * 100**percents / Decimal(1000) ** thousands
        rounded = number.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP)
    grouped = "," in whole.rstrip(",")
    text = f"{abs(rounded):{',' if grouped else ''}f}"
    before, _, after = text.partition(".")
    needed = len(decimals.rstrip("#?"))
    while len(after) > needed and after.endswith("0"):
        after = after[:-1]
    least = len(whole.replace(",", "").lstrip("#?"))
    before = before.zfill(least) if not grouped else before
    before = "" if before == "0" and not least and after else before
    sign = "-" if rounded < 0 else ""
    return sign + before + (f".{after}" if after else "")


def _placed(number: str, tokens: Sequence[_Token]) -> str:
    """The number among the words of its format; the minus before them all."""
    sign, number = ("-", number[1:]) if number.startswith("-") else ("", number)
    shown_parts: list[str] = []
    there = False
    groups = [token for token in tokens if token.kind == "digits"]
    pieces = _spread(number, [token.text for token in groups])
    for token in tokens:
        if token.kind == "digits":
            shown_parts.append(pieces.pop(0))
            there = True
        else:
            shown_parts.append(_literal(token))
    return (sign + "".join(shown_parts).strip()) if there else number


def _spread(number: str, groups: Sequence[str]) -> list[str]:
    """A number over the groups of digits of a format such as ``000-0000``: filled from the right."""
    if len(groups) < 2 or any("." in group or "," in group for group in groups):
        return [number] + [""] * (len(groups) - 1)
    pieces: list[str] = []
    for group in reversed(groups[1:]):
        pieces.insert(0, number[-len(group) :])
        number = number[: -len(group)]
    return [number, *pieces]


def _fraction(value: float, *, whole: bool, denominator: str) -> str:
    most = 10 ** len(denominator) - 1 if not denominator.isdigit() or not denominator.strip("0") else 0
    exact = Fraction(abs(value)).limit_denominator(most) if most else Fraction(
        round(abs(value) * int(denominator)), int(denominator)
    )  # fmt: skip
    integer, rest = divmod(exact, 1) if whole else (0, exact)
    parts = [str(integer)] if integer or not rest else []
    parts += [f"{rest.numerator}/{rest.denominator}"] if rest else []
    return ("-" if value < 0 else "") + " ".join(parts)


def _number(value: float, german: bool) -> str:
    """A number without a format, with at most ten digits, as spreadsheets show it."""
    if isinstance(value, int) or (math.isfinite(value) and value == int(value) and abs(value) < 1e15):
        return str(int(value))
    return _separated(f"{value:.10g}".replace("e", "E"), german)


def _separated(number: str, german: bool) -> str:
    return number.translate(str.maketrans(",.", ".,")) if german else number


def _plain_date(value: date | time | timedelta, german: bool) -> str:
    if isinstance(value, timedelta):
        return "[h]:mm:ss"
    if isinstance(value, time):
        return "hh:mm:ss"
    day = _SHORT_DATE[german]
    return f"{day} hh:mm" if isinstance(value, datetime) and value.time() != time() else day


def _moment(value: date | datetime | time | timedelta, tokens: Sequence[_Token], german: bool) -> str:
    moment, seconds = _parts(value)
    half = any(token.kind == "half" for token in tokens)
    found: list[str] = []
    clock = False  # the last part was of hours, so that m means minutes
    for number, token in enumerate(tokens):
        text = token.text.lower()
        if token.kind == "elapsed":
            unit = {"h": 3600, "m": 60, "s": 1}[text[0]]
            found.append(str(int(seconds // unit)).zfill(len(text)))
            clock = True
        elif token.kind == "half":
            found.append("AM" if moment.hour < 12 else "PM")
        elif token.kind == "date":
            minutes = text[0] == "m" and len(text) < 3 and (clock or _before_seconds(tokens[number + 1 :]))
            found.append(_part(moment, text, minutes=minutes, half=half, german=german))
            clock = text[0] == "h" or (clock and minutes)
        elif token.kind == "digits":
            found.append(token.text if not token.text.strip(".,") else "")
        else:
            found.append(_literal(token))
    negative = isinstance(value, timedelta) and value < timedelta()
    return ("-" if negative else "") + "".join(found).strip()


def _before_seconds(tokens: Sequence[_Token]) -> bool:
    following = next((token for token in tokens if token.kind in ("date", "elapsed")), None)
    return following is not None and following.text[0].lower() == "s"


def _parts(value: date | datetime | time | timedelta) -> tuple[datetime, float]:
    """A moment, and how many seconds it is since the beginning of all days."""
    start = datetime(1899, 12, 30)
    if isinstance(value, timedelta):
        return start + abs(value) % timedelta(days=1), abs(value).total_seconds()
    if isinstance(value, time):
        value = datetime.combine(start.date(), value)
    elif not isinstance(value, datetime):
        value = datetime.combine(value, time())
    value = value.replace(tzinfo=None)
    return value, (value - start).total_seconds()


def _part(moment: datetime, text: str, *, minutes: bool, half: bool, german: bool) -> str:
    match text[0], len(text):
        case "y", length:
            return f"{moment.year:04}" if length > 2 else f"{moment.year % 100:02}"
        case "m", length if minutes:
            return f"{moment.minute:0{length}}"
        case "m", 1 | 2 as length:
            return f"{moment.month:0{length}}"
        case "m", length:
            name = _MONTHS[german][moment.month - 1]
            return {3: name[:3], 5: name[:1]}.get(length, name)
        case "d", 1 | 2 as length:
            return f"{moment.day:0{length}}"
        case "d", length:
            name = _DAYS[german][moment.weekday()]
            return name if length > 3 else name[: 2 if german else 3]
        case "h", length:
            hour = (moment.hour - 1) % 12 + 1 if half else moment.hour
            return f"{hour:0{min(2, length)}}"
    whole, _, decimals = text.partition(".")
    second = f"{moment.second:0{min(2, len(whole))}}"
    return (
        f"{second}.{moment.microsecond // 1000:03}"[: len(second) + 1 + len(decimals)] if decimals else second
    )
