"""Words and their equivalents in other languages: our own tables, and names from CLDR by Babel.

A table is a file ``lexicons/<from>-<to>.tsv``: one line per word or phrase, lower-case lemmas,
``from<TAB>to|to|…``. It serves both directions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

from babel import Locale, UnknownLocaleError
from babel.core import get_global

MAX_ALTERNATIVES = 6

Table = Mapping[str, tuple[str, ...]]


class Lexicon:
    """Equivalents of words between languages, in both directions of every table that ships."""

    def __init__(self, tables: Mapping[tuple[str, str], Table]) -> None:
        self._tables = dict(tables)
        self._longest = {source: _longest(table) for (source, _), table in tables.items()}

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        return tuple(self._tables)

    def knows(self, word: str, language: str) -> bool:
        """Whether ``word`` is a headword of any table out of ``language``."""
        return any(word in table for (source, _), table in self._tables.items() if source == language)

    def longest(self, language: str) -> int:
        """How many words the longest headword of ``language`` has; 1 without a table."""
        return self._longest.get(language, 1)

    def alternatives(self, word: str, source: str, target: str) -> tuple[str, ...]:
        """What ``word`` (lower case, a lemma or a phrase) is in ``target``, the most usual first."""
        ours = self._tables.get((source, target), {}).get(word, ())
        return ours or _names(source, target).get(word, ()) if source != target else ()


def _longest(table: Table) -> int:
    """How many words the longest headword has."""
    return 1 + max((word.count(" ") for word in table if " " in word), default=0)


@lru_cache(maxsize=1)
def shipped() -> Lexicon:
    """The lexicon of all tables that come with the product."""
    tables: dict[tuple[str, str], Table] = {}
    for path in files("assistant.language").joinpath("lexicons").iterdir():
        if path.name.endswith(".tsv"):
            source, target = path.name.removesuffix(".tsv").split("-")
            forward = dict(parse(path.read_text(encoding="utf-8")))
            tables[source, target] = forward
            tables[target, source] = invert(forward)
    return Lexicon(tables)


def parse(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The entries of a table's text."""
    for line in text.splitlines():
        word, _, equivalents = line.partition("\t")
        if equivalents:
            yield word, tuple(equivalents.split("|"))


def invert(table: Table) -> dict[str, tuple[str, ...]]:
    """The table the other way round; words that name an equivalent first come first."""
    found: dict[str, list[str]] = {}
    for place in range(max(map(len, table.values()), default=0)):
        for word, equivalents in table.items():
            if place < len(equivalents):
                found.setdefault(equivalents[place], []).append(word)
    return {word: tuple(headwords[:MAX_ALTERNATIVES]) for word, headwords in found.items()}


def language_name(code: str) -> str:
    """The English name of a language; its code where it has none."""
    try:
        return Locale.parse(code).get_language_name("en") or code
    except (UnknownLocaleError, ValueError):
        return code


@lru_cache(maxsize=32)
def _names(source: str, target: str) -> dict[str, tuple[str, ...]]:
    """Countries, languages, months, weekdays and currencies, where the two languages' names differ."""
    try:
        ours, theirs = Locale.parse(source), Locale.parse(target)
    except (UnknownLocaleError, ValueError):
        return {}
    pairs = zip(_named(ours), _named(theirs), strict=True)
    return {a: (b,) for name, other in pairs for a, b in zip(name, other, strict=False) if a and b and a != b}


def _named(locale: Locale) -> Sequence[list[str]]:
    """Lower-case names of one locale in a fixed order; empty where CLDR has none."""
    keys = _keys()
    sources = (locale.territories, locale.languages, locale.currencies)
    named = [
        [str(source.get(key, "")).lower() for key in group]
        for source, group in zip(sources, keys, strict=True)
    ]
    months = [str(locale.months["stand-alone"]["wide"].get(n, "")).lower() for n in range(1, 13)]
    days = [str(locale.days["stand-alone"]["wide"].get(n, "")).lower() for n in range(7)]
    return [*named, months, days]


@lru_cache(maxsize=1)
def _keys() -> tuple[list[str], ...]:
    english = Locale("en")
    return tuple(sorted(source) for source in (english.territories, english.languages, english.currencies))


@lru_cache(maxsize=8)
def calendar(language: str) -> Mapping[str, tuple[str, int]]:
    """Month and weekday names in lower case, short ones too: ("month", 1 to 12), ("weekday", 0 for Monday)."""
    locale = Locale.parse(language)
    widths = [(form, width) for form in ("stand-alone", "format") for width in ("abbreviated", "wide")]
    found: dict[str, tuple[str, int]] = {}
    for form, width in widths:
        days, months = locale.days[form].get(width, {}), locale.months[form].get(width, {})
        found |= {str(name).lower().rstrip("."): ("weekday", number) for number, name in days.items()}
        found |= {str(name).lower().rstrip("."): ("month", number) for number, name in months.items()}
    return found


@lru_cache(maxsize=8)
def places(language: str) -> frozenset[str]:
    """Countries, languages and the cities that time zones are called after, in lower case."""
    locale = Locale.parse(language)
    zones = (zone.split("/") for zone in get_global("zone_territories"))
    cities = [parts[1].replace("_", " ").lower() for parts in zones if len(parts) == 2]
    cities += [str(zone.get("city", "")).lower() for zone in locale.time_zones.values()]
    countries = (str(name).lower() for code, name in locale.territories.items() if not code.isdigit())
    languages = (str(name).lower() for name in locale.languages.values() if len(name) > 4)
    return frozenset(name for name in (*cities, *countries, *languages) if name)
