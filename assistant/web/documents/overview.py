"""The numbers above the table of documents, and a histogram of their dates of publication."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.web.kit.html import NOTHING, Html, element, join, text
from assistant.web.kit.localisation import Words
from ingest.store.stories import Stories
from ingest.types import Record

MOST_BARS = 48
MOST_LANGUAGES = 3
HEIGHT = 40  # of the histogram, in units of its view box; each bar is 10 wide
_MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class HistogramBar:
    """``count`` documents were published in the ``months`` months from the month ``first``, counted from year 0."""

    first: int
    months: int
    count: int


def overview(
    records: Sequence[Record], languages: Mapping[str, int], words: Words, stories: Stories | None = None
) -> Html:
    """Numbers of documents and passages, languages and range of dates; a histogram if there are enough dates for one.

    The number of stories is said where some are told more than once.
    """
    days = sorted(record.published for record in records if record.published)
    passages = sum(record.passages for record in records)
    facts = [
        _fact(words("documents"), words.number(len(records))),
        *_stories(records, stories or Stories(), words),
        _fact(words("column_passages"), words.number(passages)),
        _fact(words("languages"), _languages(languages, words)),
    ]
    if days:
        facts.append(_fact(words("period"), _period(days[0], days[-1], words)))
    return element("div", element("dl", *facts), _histogram(days, len(records), words), class_="glance")


def _stories(records: Sequence[Record], stories: Stories, words: Words) -> list[Html]:
    if not stories.links:
        return []
    return [_fact(words("stories"), words.number(stories.count(record.id for record in records)))]


def bars(days: Sequence[date]) -> list[HistogramBar]:
    """Counts by month, or by the shortest longer period with at most `MOST_BARS` bars; empty periods are included."""
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
    """The most frequent languages by name, and the number of the others."""
    known = [(code, count) for code, count in languages.items() if code]
    named = [
        f"{words.known('language', code)} {words.number(count)}" for code, count in known[:MOST_LANGUAGES]
    ]
    more = [words("more_languages", n=len(known) - MOST_LANGUAGES)] if len(known) > MOST_LANGUAGES else []
    return ", ".join([*named, *more]) or "–"


def _period(first: date, last: date, words: Words) -> str:
    return words.date(first) if first == last else f"{words.date(first)} – {words.date(last)}"


def _histogram(days: Sequence[date], total: int, words: Words) -> Html:
    histogram = bars(days)
    if len(histogram) < 2:
        return NOTHING
    described = words("plot", counts=", ".join(_bar_label(bar, words) for bar in histogram if bar.count))
    image = element(
        "svg",
        *_bars(histogram, words),
        viewBox=f"0 0 {10 * len(histogram)} {HEIGHT}",
        preserveAspectRatio="none",
        role="img",
        aria_label=described,
    )
    return element("figure", image, _caption(histogram, total - len(days), words))


def _bars(histogram: Sequence[HistogramBar], words: Words) -> list[Html]:
    most = max(bar.count for bar in histogram)
    return [_bar(at, bar, most, words) for at, bar in enumerate(histogram)]


def _bar(at: int, bar: HistogramBar, most: int, words: Words) -> Html:
    height = max(2.0, round(HEIGHT * bar.count / most, 1)) if bar.count else 0.0
    name = element("title", text(_bar_label(bar, words)))
    return element("rect", name, x=10 * at + 1, y=HEIGHT - height, width=8, height=height)


def _caption(histogram: Sequence[HistogramBar], undated: int, words: Words) -> Html:
    ends = [element("span", text(_period_name(bar, words))) for bar in (histogram[0], histogram[-1])]
    without = element("span", text(words.count("undated", undated))) if undated else NOTHING
    return element("figcaption", join([ends[0], without, ends[1]]))


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
