"""What an expression of time means, seen from a day. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Literal

from assistant.time_expressions.grammar import TimeWords, Which
from assistant.time_expressions.spans import (
    DaySpan,
    Direction,
    Unit,
    end_of,
    feast_of,
    months_from,
    nearest,
    one_day,
    season_of,
    shifted,
    start_of,
    third_of,
    unit_of,
)

Groups = Mapping[str, str]
# How the days are known: by the words alone, or by the day of publication.
Known = Literal["written", "inferred"]

_STEPS: dict[Which, int] = {"before last": -2, "last": -1, "this": 0, "next": 1, "after next": 2}
_PREVIOUS: tuple[tuple[str, Unit], ...] = (("vorjahr", "year"), ("vormonat", "month"), ("vorwoche", "week"))


def is_written(groups: Groups) -> bool:
    """Whether the words say by themselves which days they mean."""
    if "year" in groups or "century" in groups:
        return True
    return "decade" in groups and groups["decade"][:4].isdigit()


def resolved(groups: Groups, words: TimeWords, day: date | None, direction: Direction) -> DaySpan | None:
    """The days that a match of the table's patterns means, said on ``day``; None where they can't be known, or there are none."""
    if day is None and not is_written(groups):
        return None
    if day and "year_of" in groups:
        year = day.year + _STEPS[words.which[_key(groups["year_of"])]]
        groups = {**groups, "year": str(year)}
    try:
        span = _span(groups, words, day or date(2000, 1, 1), direction)
    except (ValueError, OverflowError):  # no such day, or one outside the calendar
        return None
    if span and "third" in groups and span.days:
        return third_of(span, words.thirds[_key(groups["third"])])
    return span


def _span(groups: Groups, words: TimeWords, day: date, direction: Direction) -> DaySpan | None:
    if "offset" in groups or "tomorrow" in groups:
        steps = words.offsets[_key(groups["offset"])] if "offset" in groups else 1
        return one_day(day + timedelta(days=steps))
    if "month" in groups or "mon" in groups:
        return _calendar(groups, words, day, direction)
    if "night" in groups:
        end = _weekday(words.weekdays[_key(groups["night"])], None, day, direction)
        return DaySpan(first=end - timedelta(days=1), last=end)
    if "week_of" in groups:
        monday = start_of(unit_of("week", day, _STEPS[words.which[_key(groups["week_of"])]]))
        return one_day(monday + timedelta(days=words.weekdays[_key(groups["weekday"])]))
    if "weekday" in groups:
        return one_day(
            _weekday(words.weekdays[_key(groups["weekday"])], _which(groups, words), day, direction)
        )
    if "quarter" in groups or "half" in groups:
        return _part_of_year(groups, words, day, direction)
    if "season" in groups:
        return _season(groups, words, day, direction)
    if "feast" in groups:
        feast = words.feasts[_key(groups["feast"])]
        return _yearly(lambda year: feast_of(feast, year), groups, words, day, direction)
    if "decade" in groups:
        return _decade(groups["decade"], words, day)
    if "century" in groups:
        return months_from(100 * int(groups["century"]) - 99, 1, 1200)
    if "year" in groups:
        return _years(int(groups["year"]), groups.get("year2", ""))
    return _relative(groups, words, day, direction)


def _relative(groups: Groups, words: TimeWords, day: date, direction: Direction) -> DaySpan | None:
    """What is counted from the day: weeks ago, the last month, this year."""
    if "previous" in groups:
        unit = next(unit for name, unit in _PREVIOUS if _key(groups["previous"]).startswith(name))
        return unit_of(unit, day, -1)
    if "current" in groups:
        return unit_of("year", day)
    if "hours" in groups:
        return one_day(day)
    if "fortnight" in groups:
        return unit_of("week", day, -2)
    unit = words.units[_key(groups["unit"])]
    if "gone" in groups or "coming" in groups or "since" in groups or "ago" in groups or "ahead" in groups:
        return _counted(groups, words, day, unit)
    which = _which(groups, words)
    if unit == "weekend":
        return _weekend(which, day, direction)
    return unit_of(unit, day, _STEPS[which] if which else 0)


def _counted(groups: Groups, words: TimeWords, day: date, unit: Unit) -> DaySpan | None:
    count = _number(groups["count"], words) if "count" in groups else 1
    if count == 0:
        return None
    if "gone" in groups or "since" in groups:
        return DaySpan(first=shifted(day, unit, -count), last=day)
    if "coming" in groups:
        return DaySpan(first=day, last=shifted(day, unit, count))
    # Weeks ago means a week, years ago a year; only days are told by the day.
    return unit_of(unit, day, -count if "ago" in groups else count)


def _calendar(groups: Groups, words: TimeWords, day: date, direction: Direction) -> DaySpan | None:
    """Days of a month, or months: of the year that is given, or of the one that is meant."""
    number = int(groups["mon"]) if "mon" in groups else words.months[_key(groups["month"])]
    if not 1 <= number <= 12:
        return None
    if "month2" in groups:
        count = (words.months[_key(groups["month2"])] - number) % 12 + 1
        of_year = lambda year: months_from(year, number, count)  # noqa: E731
    elif "day" in groups:
        first = _day_number(groups["day"])
        last = _day_number(groups["day2"]) if "day2" in groups else first
        if not 1 <= first <= last <= 31:
            return None
        if "year" not in groups:  # the 29th of February is not in every year
            return _of_some_year(number, first, last, day, direction)
        year = int(groups["year"])
        return DaySpan(first=date(year, number, first), last=date(year, number, last))
    else:
        of_year = lambda year: months_from(year, number)  # noqa: E731
    return _yearly(of_year, groups, words, day, direction)


def _of_some_year(month: int, first: int, last: int, day: date, direction: Direction) -> DaySpan | None:
    if last > (29 if month == 2 else months_from(2024, month).days):
        return None
    leap = {
        year: year + (-year % 4 if direction > 0 else -(year % 4))
        for year in range(day.year - 2, day.year + 3)
    }
    by_year = leap if (month, last) == (2, 29) else {year: year for year in leap}
    return nearest(
        lambda year: DaySpan(first=date(by_year[year], month, first), last=date(by_year[year], month, last)),
        day,
        direction,
    )


def _yearly(
    of_year: Callable[[int], DaySpan], groups: Groups, words: TimeWords, day: date, direction: Direction
) -> DaySpan:
    """A stretch that every year has: of the year given, the last, this or the next one, or the one that the verb tells."""
    if "year" in groups:
        return of_year(int(groups["year"]))
    match _which(groups, words):
        case "this":
            return of_year(day.year)
        case "last" | "before last":
            back = nearest(of_year, day, -1)
            return nearest(of_year, start_of(back) - timedelta(days=1), -1) if back.holds(day) else back
        case "next" | "after next":
            ahead = nearest(of_year, day, 1)
            return nearest(of_year, end_of(ahead) + timedelta(days=1), 1) if ahead.holds(day) else ahead
        case _:
            return nearest(of_year, day, direction)


def _years(year: int, until: str) -> DaySpan:
    """A year, or those until one of the same century that is written with two digits."""
    last = year // 100 * 100 + int(until) if until else year
    return months_from(year, 1, 12 * (max(last, year) - year + 1))


def _season(groups: Groups, words: TimeWords, day: date, direction: Direction) -> DaySpan:
    season = words.seasons[_key(groups["season"])]
    return _yearly(lambda year: season_of(season, year), groups, words, day, direction)


def _part_of_year(groups: Groups, words: TimeWords, day: date, direction: Direction) -> DaySpan:
    """A quarter or a half of a year."""
    size = 3 if "quarter" in groups else 6
    written = groups.get("quarter") or groups["half"]
    number = int(written) if written.isdigit() else words.ordinals[_key(written)]
    if size * number > 12:
        raise ValueError("no such part of a year")
    return _yearly(
        lambda year: months_from(year, size * number - size + 1, size), groups, words, day, direction
    )


def _weekday(weekday: int, which: Which | None, day: date, direction: Direction) -> date:
    """The day meant: news tells of the last one, which may be the day itself, unless it tells of what is to come."""
    back, ahead = (day.weekday() - weekday) % 7, (weekday - day.weekday()) % 7
    match which:
        case "last" | "before last":
            return day - timedelta(days=(back or 7) + (7 if which == "before last" else 0))
        case "next" | "after next":
            return day + timedelta(days=(ahead or 7) + (7 if which == "after next" else 0))
        case "this":
            return day - timedelta(days=back) if direction < 0 else day + timedelta(days=ahead)
        case _:
            return day + timedelta(days=ahead) if direction > 0 else day - timedelta(days=back)


def _weekend(which: Which | None, day: date, direction: Direction) -> DaySpan:
    """The last weekend that has begun, or the next that is not over; one that is said to be next or last is not under way."""
    own = unit_of("weekend", day)
    begun = start_of(own) <= day
    match which:
        case "last" | "before last":
            return unit_of("weekend", day, -1 if which == "last" else -2)
        case "next" | "after next":
            return unit_of("weekend", day, begun + (which == "after next"))
        case _:
            ahead = direction > 0 or (which == "this" and direction == 0)
            return own if ahead or begun else unit_of("weekend", day, -1)


def _decade(written: str, words: TimeWords, day: date) -> DaySpan:
    """The 1990s, or the last nineties that are over."""
    if written[:4].isdigit():
        return months_from(int(written[:4]), 1, 120)
    key = _key(written)
    within = words.decades[key] if key in words.decades else int(key.strip("'’")[:2])
    century = day.year // 100 * 100
    begins = century + within
    return months_from(begins if begins + 10 <= day.year else begins - 100, 1, 120)


def _which(groups: Groups, words: TimeWords) -> Which | None:
    return words.which[_key(groups["which"])] if "which" in groups else None


def _number(written: str, words: TimeWords) -> int:
    return int(written) if written.isdecimal() else words.numbers[_key(written)]


def _day_number(written: str) -> int:
    return int("".join(letter for letter in written if letter.isdecimal()))


def _key(written: str) -> str:
    """A word as the table has it."""
    return " ".join(written.lower().split())
