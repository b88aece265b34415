"""What a language's table of expressions of time holds, and how it becomes patterns.

A table is words with what they mean, and patterns in which ``{month}``, ``{unit}`` and the like stand for those words. Every pattern
names its parts by groups that `resolving` reads: a new language is a table, no code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from assistant.time_expressions.spans import Feast, Season, Third, Unit

Which = Literal["before last", "last", "this", "next", "after next"]
# "from" begins a span of what is to come, and is no more than "of" before what is past.
Bound = Literal["since", "from", "until", "before", "after", "within"]

YEAR = r"(?:1[5-9]|20)\d\d"
_NOT_WITHIN = r"(?<![\w./,'’+-])"


@dataclass(frozen=True, kw_only=True)
class TimeWords:
    """A language's table.

    ``led`` are patterns that count only after a ``lead``, a word that stands before times, ``free`` those that tell by themselves;
    ``bounds`` says what leads do, ``opens`` which of them begin a span and ``joins`` which words lead to its other end. ``past`` and
    ``future`` are patterns of verbs, ``ends_clause`` of words that begin another clause, ``events`` of nouns for what happens on some day.
    """

    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    offsets: Mapping[str, int]
    units: Mapping[str, Unit]
    which: Mapping[str, Which]
    thirds: Mapping[str, Third]
    seasons: Mapping[str, Season]
    feasts: Mapping[str, Feast]
    numbers: Mapping[str, int]
    ordinals: Mapping[str, int]
    decades: Mapping[str, int]
    lead: str
    bounds: Mapping[str, Bound]
    opens: frozenset[str]
    joins: frozenset[str]
    free: tuple[str, ...]
    led: tuple[str, ...]
    past: str
    future: str
    ends_clause: str
    events: str
    named: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def patterns(self) -> tuple[re.Pattern[str], ...]:
        """All patterns; group ``lead`` is the word before, where there is one."""
        led = rf"(?P<lead>{self.lead})\s+"
        return tuple(
            re.compile(rf"{_NOT_WITHIN}{before}(?:{self._filled(core)})(?![\w])", re.I)
            for before, cores in ((f"(?:{led})?", self.free), (led, self.led))
            for core in cores
        )

    @cached_property
    def kinds(self) -> Mapping[str, re.Pattern[str]]:
        """What a text must have for a pattern with a group of that name to match: most texts need few patterns tried."""
        quarters = alternatives(self.ordinals)
        found = {
            "month": alternatives(self.months),
            "mon": r"\d{1,2}\.",
            "unit": alternatives(self.units),
            "weekday": alternatives(self.weekdays),
            "night": alternatives(self.weekdays),
            "season": alternatives(self.seasons),
            "feast": alternatives(self.feasts),
            "decade": rf"['’]?(?:\d\d)?\d0(?:er|s)|{alternatives(self.decades)}",
            "century": r"\d",
            "quarter": rf"Q\d|{quarters}",
            "half": quarters,
            "year": YEAR,
            "offset": alternatives(self.offsets),
        }
        return {name: re.compile(rf"\b(?:{pattern})", re.I) for name, pattern in found.items()}

    def fitting(self, text: str) -> Iterator[re.Pattern[str]]:
        """The patterns that may match in ``text``."""
        has: dict[str, bool] = {}
        for kind, pattern in self._by_kind:
            if kind and kind not in has:
                has[kind] = self.kinds[kind].search(text) is not None
            if not kind or has[kind]:
                yield pattern

    @cached_property
    def _by_kind(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        """Each pattern with the first of `kinds` that it has a group of: that one is in all that it matches."""
        return tuple(
            (next((kind for kind in self.kinds if kind in pattern.groupindex), ""), pattern)
            for pattern in self.patterns
        )

    @cached_property
    def tenses(self) -> re.Pattern[str]:
        """Verbs that tell of the future or the past, by the groups of these names."""
        return re.compile(rf"\b(?:(?P<future>{self.future})|(?P<past>{self.past}))(?!\w)")

    @cached_property
    def bounded_by_event(self) -> re.Pattern[str]:
        """An event with the word that tells on which side of it: "before the talks", with groups ``lead`` and ``event``."""
        return re.compile(
            rf"\b(?P<lead>{alternatives(self.bounds)})\s+(?:[^\W\d_]+\s+){{1,3}}?(?P<event>{self.events})\b",
            re.I,
        )

    @cached_property
    def clause_ends(self) -> re.Pattern[str]:
        return re.compile(rf"[,;:!?()„“”\"»«\n]|\s[–—-]\s|(?<!\d)\.(?=\s)|\b(?:{self.ends_clause})\b")

    def _filled(self, pattern: str) -> str:
        """A pattern with the words of the table; names of months and days as they are capitalised."""
        capital = {"month": self.months, "weekday": self.weekdays}
        lower = {
            "offset": self.offsets,
            "unit": self.units,
            "which": self.which,
            "third": self.thirds,
            "season": self.seasons,
            "feast": self.feasts,
            "ordinal": self.ordinals,
            "decade": self.decades,
        }
        filled = {name: f"(?-i:{alternatives(words, capital=True)})" for name, words in capital.items()}
        filled |= {f"any_{name}": alternatives(words) for name, words in capital.items()}
        filled |= {name: alternatives(words) for name, words in lower.items()}
        filled["number"] = rf"\d{{1,3}}|{alternatives(self.numbers)}"
        filled["year"] = YEAR
        for name, words in {**self.named, **filled}.items():
            pattern = pattern.replace(f"{{{name}}}", f"(?:{words})")
        return pattern


def alternatives(words: Mapping[str, object], *, capital: bool = False) -> str:
    """The words, the longest first, white space between them as it comes."""
    shown = (word[0].upper() + word[1:] if capital else word for word in words)
    ordered = sorted(shown, key=lambda word: (-len(word), word))
    return "|".join(r"\s+".join(map(re.escape, word.split())) for word in ordered)
