"""Are expressions of time found, and do they mean the right days? In documents, and in questions; and what does that cost?

    python -m benchmarks.dates [--show] [--library dateparser]

The sentences are our own (``dates_sentences/``), in German and English, with the day that they were published, some of these as feeds
write them, with the hour and a zone. ``first.txt`` was before us when the rules were made; ``second.txt`` was written then, measured
once, and used to change them; ``kept_back.txt`` was written after that. An expression is right if one is found where it stands and
means the same days, both ends; a "surplus" is one found where none is.

``--library`` measures a library that is installed beside the project, for comparison: dateparser, which gives one day for each
expression and therefore counts as right where that day is the first of the span.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib import import_module
from pathlib import Path

from assistant.answering.asked_days import asked_days
from assistant.time_expressions.finding import find_time_expressions
from assistant.time_expressions.spans import DaySpan
from ingest.loaders.metadata import day as day_in

FOLDER = Path(__file__).parent / "dates_sentences"
FILES = ("first", "second", "kept_back")
_MARK = re.compile(r"\[([^\]|]+)\|([^\]]+)\]")
_UNKNOWN = DaySpan(first=None, last=None)

# Where an expression stands, and what it means.
Placed = tuple[int, int, DaySpan]
Finder = Callable[[str, str, date | None], Sequence[Placed]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedCase:
    """A sentence or a question, the day from which it is seen, and the expressions in it."""

    text: str
    language: str
    day: date | None
    expected: tuple[Placed, ...]


@dataclass(slots=True, kw_only=True)
class DateTally:
    """How many expressions there are, how many are found with the right days, and how many are found that are none."""

    expected: int = 0
    right: int = 0
    surplus: int = 0


def cases(name: str) -> Iterator[DatedCase]:
    """The rows of a table: the day, the language, and the text with its expressions marked."""
    for line in (FOLDER / f"{name}.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            day, language, marked = line.split(" | ", 2)
            text, expected = _unmarked(marked)
            yield DatedCase(text=text, language=language, day=_published(day), expected=expected)


def _unmarked(marked: str) -> tuple[str, tuple[Placed, ...]]:
    text, expected, position = "", [], 0
    for mark in _MARK.finditer(marked):
        text += marked[position : mark.start()]
        expected.append((len(text), len(text) + len(mark[1]), _span(mark[2])))
        text += mark[1]
        position = mark.end()
    return text + marked[position:], tuple(expected)


def _span(written: str) -> DaySpan:
    if written == "?":
        return _UNKNOWN
    first, between, last = written.partition("..")
    begins = date.fromisoformat(first) if first else None
    return DaySpan(first=begins, last=(date.fromisoformat(last) if last else None) if between else begins)


def _published(written: str) -> date | None:
    """The day of a document, from what a page or a feed says: the one that it is where it was published."""
    if written == "-":
        return None
    return day_in(datetime.fromisoformat(written)) or date.fromisoformat(written[:10])


def ours(text: str, language: str, published: date | None) -> list[Placed]:
    return [(one.start, one.end, one.span) for one in find_time_expressions(text, language, published)]


def dateparser(text: str, language: str, published: date | None) -> list[Placed]:
    """What dateparser finds: days without spans."""
    search = import_module("dateparser.search").search_dates
    base = {"RELATIVE_BASE": datetime.combine(published, datetime.min.time())} if published else {}
    placed: list[Placed] = []
    for written, moment in (
        search(text, languages=[language], settings={"PREFER_DATES_FROM": "past", **base}) or []
    ):
        start = text.find(written)
        placed.append((start, start + len(written), DaySpan(first=moment.date(), last=moment.date())))
    return placed


def tally(name: str, finder: Finder, language: str, *, days: bool, show: bool) -> DateTally:
    """The expressions of one language in a table; with ``days`` only the first day counts."""
    counted = DateTally()
    for case in cases(name):
        if case.language != language:
            continue
        found = finder(case.text, case.language, case.day)
        used = set()
        for start, end, span in case.expected:
            there = [one for one in found if one[0] < end and start < one[1]]
            used |= {id(one) for one in there}
            right = len(there) == 1 and (there[0][2].first == span.first if days else there[0][2] == span)
            counted.expected += 1
            counted.right += right
            if show and not right:
                print(f"  {case.day} {case.text}\n    {case.text[start:end]}: {span}, found {there}")
        surplus = [one for one in found if id(one) not in used]
        counted.surplus += len(surplus)
        if show and surplus:
            print(f"  {case.day} {case.text}\n    surplus: {surplus}")
    return counted


def questions(*, show: bool) -> DateTally:
    """Questions whose days are right; those without any count as well."""
    counted = DateTally()
    for case in cases("questions"):
        asked = asked_days(case.text, case.language, case.day or date.today())
        wanted = case.expected[0][2] if case.expected else None
        counted.expected += 1
        counted.right += (asked.span if asked else None) == wanted
        counted.surplus += asked is not None and wanted is None
        if show and (asked.span if asked else None) != wanted:
            print(f"  {case.text}\n    {wanted}, found {asked}")
    return counted


def milliseconds(texts: Sequence[DatedCase]) -> float:
    """The mean time for a sentence that has not been looked at yet."""
    find = find_time_expressions.__wrapped__
    for case in texts[:5]:
        find(case.text, case.language, case.day)
    began = time.perf_counter()
    for case in texts:
        find(case.text, case.language, case.day)
    return 1000 * (time.perf_counter() - began) / len(texts)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--show", action="store_true", help="print what is wrong")
    parser.add_argument(
        "--library", choices=["dateparser"], help="measure a library in place of our own rules"
    )
    options = parser.parse_args()
    finder: Finder = dateparser if options.library else ours
    for name in FILES:
        for language in ("de", "en"):
            found = tally(name, finder, language, days=bool(options.library), show=options.show)
            share = found.right / found.expected
            print(
                f"{name:10} {language}  right {found.right}/{found.expected} {share:.3f}  surplus {found.surplus}"
            )
    if options.library:
        return
    asked = questions(show=options.show)
    print(
        f"questions      right {asked.right}/{asked.expected} {asked.right / asked.expected:.3f}  surplus {asked.surplus}"
    )
    print(f"{milliseconds([case for name in FILES for case in cases(name)]):.3f} ms a sentence")


if __name__ == "__main__":
    main()
