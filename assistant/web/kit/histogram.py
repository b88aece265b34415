"""A histogram of days, as a picture that also says in words what it shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.web.kit.html import NOTHING, Html, element, join, text
from assistant.web.kit.localisation import Words

MOST_BARS = 48
HEIGHT = 40  # in units of its view box; each bar is 10 wide
_MONTHS = 12
Days = Sequence[date] | Mapping[date, int]  # each day, or how many there are of each


@dataclass(frozen=True, slots=True, kw_only=True)
class HistogramBar:
    """So many fall into the ``months`` months from the month ``first``, counted from year 0."""

    first: int
    months: int
    count: int


def bars(days: Days) -> list[HistogramBar]:
    """Counts by month, or by the shortest longer period with at most `MOST_BARS` bars; empty periods are included."""
    months: Counter[int] = Counter()
    for day, count in Counter(days).items():
        months[day.year * _MONTHS + day.month - 1] += count
    if not months:
        return []
    lengths = (1, 3, 12, 60, 120, 600, 1200, 6000, 12_000)
    length = next(n for n in lengths if max(months) // n - min(months) // n < MOST_BARS)
    counted: Counter[int] = Counter()
    for month, count in months.items():
        counted[month // length] += count
    periods = range(min(counted), max(counted) + 1)
    return [HistogramBar(first=period * length, months=length, count=counted[period]) for period in periods]


def histogram(days: Days, without: str, phrase: str, words: Words) -> Html:
    """A picture of how many fall into each period, described by a phrase; nothing for less than two periods.

    ``without`` says how many have no date; empty where all have one.
    """
    counted = bars(days)
    if len(counted) < 2:
        return NOTHING
    described = words(phrase, counts=", ".join(_bar_label(bar, words) for bar in counted if bar.count))
    image = element(
        "svg",
        *_bars(counted, words),
        viewBox=f"0 0 {10 * len(counted)} {HEIGHT}",
        preserveAspectRatio="none",
        role="img",
        aria_label=described,
    )
    return element("figure", image, _caption(counted, without, words))


def _bars(histogram: Sequence[HistogramBar], words: Words) -> list[Html]:
    most = max(bar.count for bar in histogram)
    return [_bar(at, bar, most, words) for at, bar in enumerate(histogram)]


def _bar(at: int, bar: HistogramBar, most: int, words: Words) -> Html:
    height = max(2.0, round(HEIGHT * bar.count / most, 1)) if bar.count else 0.0
    name = element("title", text(_bar_label(bar, words)))
    return element("rect", name, x=10 * at + 1, y=HEIGHT - height, width=8, height=height)


def _caption(histogram: Sequence[HistogramBar], without: str, words: Words) -> Html:
    ends = [element("span", text(_period_name(bar, words))) for bar in (histogram[0], histogram[-1])]
    between = element("span", text(without)) if without else NOTHING
    return element("figcaption", join([ends[0], between, ends[1]]))


def _bar_label(bar: HistogramBar, words: Words) -> str:
    return f"{_period_name(bar, words)}: {words.number(bar.count)}"


def _period_name(bar: HistogramBar, words: Words) -> str:
    """The period's name: a month, a quarter by its months, or years."""
    year, month = divmod(bar.first, _MONTHS)
    names = words("months").split()
    if bar.months == 1:
        return f"{names[month]} {year}"
    if bar.months < _MONTHS:
        return f"{names[month]}–{names[month + bar.months - 1]} {year}"
    last = (bar.first + bar.months - 1) // _MONTHS
    return str(year) if year == last else f"{year}–{last}"
