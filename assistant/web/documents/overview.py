"""The collection at a glance: its numbers, and a small plot of how its documents are spread over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.web.kit.html import NOTHING, Html, element, join, text
from assistant.web.kit.localisation import Words
from ingest.types import Record

MOST_BARS = 48
MOST_LANGUAGES = 3
HEIGHT = 40  # of the plot, in units of its own; each bar is 10 wide
_MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class HistogramBar:
    """Documents of one period: ``count`` of them from the month ``first``, counted from year 0, for ``months`` months."""

    first: int
    months: int
    count: int


def glance(records: Sequence[Record], languages: Mapping[str, int], words: Words) -> Html:
    """Documents, passages, languages and the span of dates, with a plot where there are enough dates for one."""
    days = sorted(record.published for record in records if record.published)
    passages = sum(record.passages for record in records)
    facts = [
        _fact(words("documents"), words.number(len(records))),
        _fact(words("column_passages"), words.number(passages)),
        _fact(words("languages"), _languages(languages, words)),
    ]
    if days:
        facts.append(_fact(words("period"), _period(days[0], days[-1], words)))
    return element("div", element("dl", *facts), _plot(days, len(records), words), class_="glance")


def bars(days: Sequence[date]) -> list[HistogramBar]:
    """Counts by month, or by as many months as it takes for no more than `MOST_BARS` bars; without gaps."""
    months = [day.year * _MONTHS + day.month - 1 for day in days]
    if not months:
        return []
    lengths = (1, 3, 12, 60, 120, 600, 1200, 6000, 12_000)
    length = next(n for n in lengths if max(months) // n - min(months) // n < MOST_BARS)
    counted = Counter(month // length for month in months)
    periods = range(min(counted), max(counted) + 1)
    return [HistogramBar(first=period * length, months=length, count=counted[period]) for period in periods]


def _fact(name: str, value: str) -> Html:
    return element("div", element("dt", text(name)), element("dd", text(value)))


def _languages(languages: Mapping[str, int], words: Words) -> str:
    """The most frequent ones by name, and how many more there are."""
    known = [(code, count) for code, count in languages.items() if code]
    named = [
        f"{words.known('language', code)} {words.number(count)}" for code, count in known[:MOST_LANGUAGES]
    ]
    more = [words("more_languages", n=len(known) - MOST_LANGUAGES)] if len(known) > MOST_LANGUAGES else []
    return ", ".join([*named, *more]) or "–"


def _period(first: date, last: date, words: Words) -> str:
    return words.date(first) if first == last else f"{words.date(first)} – {words.date(last)}"


def _plot(days: Sequence[date], total: int, words: Words) -> Html:
    found = bars(days)
    if len(found) < 2:
        return NOTHING
    described = words("plot", counts=", ".join(_told(bar, words) for bar in found if bar.count))
    image = element(
        "svg",
        *_bars(found, words),
        viewBox=f"0 0 {10 * len(found)} {HEIGHT}",
        preserveAspectRatio="none",
        role="img",
        aria_label=described,
    )
    return element("figure", image, _caption(found, total - len(days), words))


def _bars(found: Sequence[HistogramBar], words: Words) -> list[Html]:
    most = max(bar.count for bar in found)
    return [_bar(at, bar, most, words) for at, bar in enumerate(found)]


def _bar(at: int, bar: HistogramBar, most: int, words: Words) -> Html:
    height = max(2.0, round(HEIGHT * bar.count / most, 1)) if bar.count else 0.0
    name = element("title", text(_told(bar, words)))
    return element("rect", name, x=10 * at + 1, y=HEIGHT - height, width=8, height=height)


def _caption(found: Sequence[HistogramBar], undated: int, words: Words) -> Html:
    ends = [element("span", text(_name(bar, words))) for bar in (found[0], found[-1])]
    without = element("span", text(words.count("undated", undated))) if undated else NOTHING
    return element("figcaption", join([ends[0], without, ends[1]]))


def _told(bar: HistogramBar, words: Words) -> str:
    return f"{_name(bar, words)}: {words.number(bar.count)}"


def _name(bar: HistogramBar, words: Words) -> str:
    """The period in words: a month, a quarter by its months, or years."""
    year, month = divmod(bar.first, _MONTHS)
    names = words("months").split()
    if bar.months == 1:
        return f"{names[month]} {year}"
    if bar.months < _MONTHS:
        return f"{names[month]}–{names[month + bar.months - 1]} {year}"
    last = (bar.first + bar.months - 1) // _MONTHS
    return str(year) if year == last else f"{year}–{last}"
