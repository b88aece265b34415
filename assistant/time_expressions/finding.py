"""Expressions of time found in a text, and what they mean there. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from assistant.time_expressions.english import ENGLISH
from assistant.time_expressions.german import GERMAN
from assistant.time_expressions.grammar import Bound, TimeWords
from assistant.time_expressions.resolving import is_written, resolved
from assistant.time_expressions.spans import DaySpan, Direction, end_of, one_day, start_of
from ingest.text.written_dates import dates_in

TABLES: Mapping[str, TimeWords] = {"de": GERMAN, "en": ENGLISH}
# How the days of an expression are known; "unresolved" where they depend on a day of publication that is not known.
How = Literal["written", "inferred", "unresolved"]

_DASH = re.compile(r"\s*[-–—]\s*")
_SENTENCE_END = re.compile(r"[!?\n]|(?<!\d)\.(?=\s)")
REACH = 300  # characters on either side in which verbs are looked for
_UNTIL = ("until", "before")
# Words before a time that are no part of what is said of it.
_NOT_OWN = frozenset(("said", "and", "or", "und", "oder", "schon", "noch"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeExpression:
    """``text`` from ``start`` to ``end``, and the days that it means, both ends included.

    An end that is open is None; of what is unresolved both are. Days that are inferred are so from the day of publication.
    ``named`` are the days that it names: of "since May" those of May.
    """

    text: str
    start: int
    end: int
    first: date | None
    last: date | None
    how: How
    named: DaySpan

    @property
    def span(self) -> DaySpan:
        return DaySpan(first=self.first, last=self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    """One match of a table's pattern, or a date as any language writes it, whose days are ``known`` already."""

    start: int
    end: int
    groups: Mapping[str, str]
    known: DaySpan | None = None

    @property
    def lead(self) -> str:
        """The first word before the time itself."""
        return self.groups.get("lead", "").casefold()


@lru_cache(maxsize=4096)
def find_time_expressions(text: str, language: str, published: date | None) -> tuple[TimeExpression, ...]:
    """The expressions of ``text`` in their order, none within another; ``published`` is the day from which relative ones are seen.

    Of a language without a table only whole dates are found.
    """
    words = TABLES.get(language)
    matches = [*_dates(text, language), *(_matches(text, words) if words else ())]
    apart = _apart(matches)
    return tuple(_expressions(text, apart, words, published))


def bounding_event(text: str, language: str) -> tuple[Bound, str] | None:
    """The event that a text names the time by, and the side of it: "before the talks"; None where it names none."""
    words = TABLES.get(language)
    found = words.bounded_by_event.search(text) if words else None
    return (words.bounds[found["lead"].casefold()], found["event"]) if words and found else None


def is_named(expression: str, language: str) -> bool:
    """Whether an expression has a name of the calendar: of a month, a day of the week, a season or a feast."""
    words = TABLES.get(language)
    names = ("month", "weekday", "season", "feast")
    return words is not None and any(words.kinds[name].search(expression) for name in names)


def _dates(text: str, language: str) -> Iterator[_Match]:
    for found in dates_in(text, language) if any(map(str.isdigit, text)) else ():
        yield _Match(start=found.start, end=found.end, groups={}, known=one_day(found.day))


def _matches(text: str, words: TimeWords) -> Iterator[_Match]:
    for pattern in words.fitting(text):
        for match in pattern.finditer(text):
            groups = {name: written for name, written in match.groupdict().items() if written}
            yield _Match(start=match.start(), end=match.end(), groups=groups)


def _apart(matches: Sequence[_Match]) -> list[_Match]:
    """Of matches that overlap those that reach furthest, then the longest."""
    apart: list[_Match] = []
    taken = bytearray(max((match.end for match in matches), default=0))
    for match in sorted(matches, key=lambda one: (-one.end + _core(one), _core(one))):
        if any(taken[_core(match) : match.end]):
            continue
        whole = match if not any(taken[match.start : _core(match)]) else _without_lead(match)
        taken[whole.start : whole.end] = b"\1" * (whole.end - whole.start)
        apart.append(whole)
    return sorted(apart, key=lambda one: one.start)


def _core(match: _Match) -> int:
    """Where the time itself begins, after the word that leads to it."""
    return match.start + len(match.groups.get("lead", ""))


def _without_lead(match: _Match) -> _Match:
    return replace(match, start=_core(match), groups={k: v for k, v in match.groups.items() if k != "lead"})


def _expressions(
    text: str, matches: Sequence[_Match], words: TimeWords | None, published: date | None
) -> Iterator[TimeExpression]:
    number = 0
    while number < len(matches):
        one = matches[number]
        other = matches[number + 1] if number + 1 < len(matches) else None
        if other and words and _are_ends(text, one, other, words):
            found = _between(text, one, other, words, published)
            number += 1
        else:
            found = _single(text, one, words, published)
        if found:
            yield found
        number += 1


def _are_ends(text: str, one: _Match, other: _Match, words: TimeWords) -> bool:
    """Whether the two are the ends of one span: "from Monday to Wednesday", "3 May – 5 June"."""
    between = text[one.end : other.start]
    if between and _DASH.fullmatch(between):
        return True
    first, second = (_word(match.lead) for match in (one, other))
    return not between.strip() and first in words.opens and second in words.joins


def _word(lead: str) -> str:
    return lead.split()[0] if lead else ""


def _between(
    text: str, one: _Match, other: _Match, words: TimeWords, published: date | None
) -> TimeExpression | None:
    """The span between two times; where neither has a year, the first is sought from the day of publication if it is to come."""
    start, end = one.start, other.end
    ahead = (
        published is not None
        and not _has_year(one)
        and not _has_year(other)
        and _direction(text, one, words) > 0
    )
    if ahead and published:
        first = resolved(one.groups, words, published, 1)
        last = resolved(other.groups, words, start_of(first), 1) if first else None
    else:
        last = _days(text, other, words, published)
        first = one.known or (resolved(one.groups, words, end_of(last), -1) if last else None)
    if last is None and published is None:
        return _unresolved(text, start, end)
    if first is None or last is None or start_of(first) > end_of(last):
        return _single(text, other, words, published)
    how: How = "written" if _has_year(other) else "inferred"
    return _expression(text, start, end, how, DaySpan(first=first.first, last=last.last))


def _has_year(match: _Match) -> bool:
    """Whether it tells its days by itself."""
    return match.known is not None or is_written(match.groups)


def _single(
    text: str, match: _Match, words: TimeWords | None, published: date | None
) -> TimeExpression | None:
    start, end = match.start, match.end
    if _word(match.lead) in _NOT_OWN:
        start = _core(match) + len(text[_core(match) : end]) - len(text[_core(match) : end].lstrip())
    written = _has_year(match)
    if not written and published is None:
        return _unresolved(text, start, end)
    span = _days(text, match, words, published)
    if span is None:
        return None
    bound: Bound = words.bounds.get(_word(match.lead), "within") if words else "within"
    if not match.groups.keys().isdisjoint(("since", "day2", "month2", "year2")):
        bound = "within"
    how: How = "written" if written else "inferred"
    return _expression(text, start, end, how, bounded(span, bound, published), span)


def _unresolved(text: str, start: int, end: int) -> TimeExpression:
    return _expression(text, start, end, "unresolved", DaySpan(first=None, last=None))


def _expression(
    text: str, start: int, end: int, how: How, span: DaySpan, named: DaySpan | None = None
) -> TimeExpression:
    return TimeExpression(
        text=text[start:end],
        start=start,
        end=end,
        first=span.first,
        last=span.last,
        how=how,
        named=named or span,
    )


def _days(text: str, match: _Match, words: TimeWords | None, published: date | None) -> DaySpan | None:
    if match.known or words is None:
        return match.known
    return resolved(match.groups, words, published, _direction(text, match, words))


def bounded(span: DaySpan, bound: Bound, published: date | None) -> DaySpan:
    """The span that begins or ends with this one, by the word before it: what lasts since then lasts until the day of publication."""
    ahead = published is not None and start_of(span) >= published
    match bound:
        case "from" if not ahead:
            return span
        case "since" | "from":
            known = published if published and span.first and published >= span.first else None
            return DaySpan(first=span.first, last=known)
        case "after" if end_of(span) == date.max:
            return span
        case "until":
            return DaySpan(first=None, last=span.last)
        case "before":
            return DaySpan(first=None, last=span.first - timedelta(days=1) if span.first else None)
        case "after":
            return DaySpan(first=span.last + timedelta(days=1) if span.last else None, last=None)
        case _:
            return span


def _direction(text: str, match: _Match, words: TimeWords) -> Direction:
    """Whether the sentence tells of what was or of what will be, by the nearest verb of the clause that says so."""
    bound = words.bounds.get(_word(match.lead))
    if bound == "since" and _word(match.lead) in ("seit", "since"):
        return -1
    found = _tense(text, match, words.clause_ends, words) or _tense(text, match, _SENTENCE_END, words)
    return found or (1 if bound in _UNTIL or bound == "since" else 0)


def _tense(text: str, match: _Match, ends: re.Pattern[str], words: TimeWords) -> Direction:
    """By the nearest verb before the expression, else by the first one after it, up to where ``ends`` matches."""
    reach = max(0, match.start - REACH)
    begins = max((found.end() for found in ends.finditer(text, reach, match.start)), default=reach)
    after = ends.search(text, match.end, match.end + REACH)
    stops = after.start() if after else match.end + REACH
    before = list(words.tenses.finditer(text, begins, match.start))
    found = before[-1] if before else words.tenses.search(text, match.end, stops)
    return 0 if found is None else 1 if found["future"] else -1
