"""Stretches of days, both ends included, and the calendar's arithmetic with them. Pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Unit = Literal["day", "week", "weekend", "month", "quarter", "half", "year", "decade", "century"]
Third = Literal["early", "mid", "late"]
Season = Literal["spring", "summer", "autumn", "winter"]
Feast = Literal["christmas eve", "christmas", "new year's eve", "new year", "easter", "whitsun"]
# -1 is the past, 1 the future, 0 where nothing tells.
Direction = Literal[-1, 0, 1]

_MONTHS: dict[Unit, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12, "decade": 120, "century": 1200}
_SEASONS: dict[Season, int] = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
_FIRST, _LAST = date.min.year, date.max.year


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySpan:
    """A stretch of days; an end that is open is None."""

    first: date | None
    last: date | None

    @property
    def days(self) -> int:
        """How many days it has; 0 where an end is open."""
        return (self.last - self.first).days + 1 if self.first and self.last else 0

    def touches(self, other: DaySpan) -> bool:
        """Whether a day is in both."""
        begins = max(self.first or date.min, other.first or date.min)
        return begins <= min(self.last or date.max, other.last or date.max)

    def holds(self, day: date) -> bool:
        return (self.first or day) <= day <= (self.last or day)


def start_of(span: DaySpan) -> date:
    """The first day of a stretch that is closed; the calendar's where it is open."""
    return span.first or date.min


def end_of(span: DaySpan) -> date:
    """The last day, likewise."""
    return span.last or date.max


def one_day(day: date) -> DaySpan:
    return DaySpan(first=day, last=day)


def months_from(year: int, month: int, count: int = 1) -> DaySpan:
    """``count`` whole months from that one on; ``month`` may lie outside of the year. Raises `ValueError` outside the calendar."""
    begins, ends = 12 * year + month - 1, 12 * year + month - 2 + count
    first = date(begins // 12, begins % 12 + 1, 1)
    last_year, last_month = ends // 12, ends % 12 + 1
    return DaySpan(first=first, last=date(last_year, last_month, monthrange(last_year, last_month)[1]))


def unit_of(unit: Unit, day: date, steps: int = 0) -> DaySpan:
    """The week, month, ... that ``day`` lies in, or one ``steps`` later; a century begins with the year 1."""
    if unit == "day":
        return one_day(day + timedelta(days=steps))
    if unit in ("week", "weekend"):
        monday = day + timedelta(days=7 * steps - day.weekday())
        return DaySpan(
            first=monday + timedelta(days=5 if unit == "weekend" else 0), last=monday + timedelta(days=6)
        )
    size = _MONTHS[unit]
    origin = 12 if unit == "century" else 0
    number = (12 * day.year + day.month - 1 - origin) // size + steps
    begins = number * size + origin
    return months_from(begins // 12, begins % 12 + 1, size)


def shifted(day: date, unit: Unit, steps: int) -> date:
    """The day so many units later, the last of its month where that has no such day. Raises `ValueError` outside the calendar."""
    if unit in ("day", "week", "weekend"):
        return day + timedelta(days=steps * (1 if unit == "day" else 7))
    months = 12 * day.year + day.month - 1 + steps * _MONTHS[unit]
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def third_of(span: DaySpan, third: Third) -> DaySpan:
    """The beginning, the middle or the end of a stretch: of months by ten days, of weeks up to Tuesday and Thursday."""
    first, last = start_of(span), end_of(span)
    if span.days <= 7:
        cuts = (first + timedelta(days=2), first + timedelta(days=4))
    elif span.days <= 31:
        cuts = (first + timedelta(days=10), first + timedelta(days=20))
    else:
        months = 12 * (last.year - first.year) + last.month - first.month + 1
        if months < 3:
            return span
        cuts = (shifted(first, "month", months // 3), shifted(first, "month", 2 * months // 3))
    match third:
        case "early":
            return DaySpan(first=first, last=cuts[0] - timedelta(days=1))
        case "mid":
            return DaySpan(first=cuts[0], last=cuts[1] - timedelta(days=1))
        case _:
            return DaySpan(first=cuts[1], last=last)


def season_of(season: Season, year: int) -> DaySpan:
    """The three months of a season that begins in that year: winter in December."""
    return months_from(year, _SEASONS[season], 3)


def feast_of(feast: Feast, year: int) -> DaySpan:
    """The days of a feast; New Year is the first of January of that year, Easter ends with its Monday."""
    match feast:
        case "christmas eve":
            return one_day(date(year, 12, 24))
        case "christmas":
            return DaySpan(first=date(year, 12, 25), last=date(year, 12, 26))
        case "new year's eve":
            return one_day(date(year, 12, 31))
        case "new year":
            return one_day(date(year, 1, 1))
        case _:
            sunday = _easter(year) + timedelta(days=49 if feast == "whitsun" else 0)
            return DaySpan(first=sunday, last=sunday + timedelta(days=1))


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by Gauss's rule with Lichtenberg's corrections."""
    century = year // 100
    moon = 15 + (3 * century + 3) // 4 - (8 * century + 13) // 25
    sun = 2 - (3 * century + 3) // 4
    cycle = year % 19
    seed = (19 * cycle + moon) % 30
    limit = 21 + seed - (seed // 29 + (seed // 28 - seed // 29) * (cycle // 11))
    sunday = 7 - (year + year // 4 + sun) % 7
    return date(year, 3, 1) + timedelta(days=limit + 7 - (limit - sunday) % 7 - 1)


def nearest(of_year: Callable[[int], DaySpan], day: date, direction: Direction) -> DaySpan:
    """Of a stretch that every year has, the one meant on ``day``: the last begun, the next that is not over, or the nearer one."""
    spans = [of_year(year) for year in range(day.year - 2, day.year + 3) if _FIRST < year < _LAST]
    begun = [span for span in spans if start_of(span) <= day]
    ahead = [span for span in spans if end_of(span) >= day]
    if not begun or (ahead and direction > 0):
        return ahead[0]
    if direction < 0 or not ahead:
        return begun[-1]
    back, forth = begun[-1], ahead[0]
    return back if _distance(back, day) <= _distance(forth, day) else forth


def _distance(span: DaySpan, day: date) -> int:
    return max((start_of(span) - day).days, (day - end_of(span)).days, 0)
