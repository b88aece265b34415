"""Words and their equivalents in other languages: our own tables, and names from CLDR by Babel.

A table is a file ``lexicons/<from>-<to>.tsv``: one line per word or phrase, lower-case lemmas,
``from<TAB>to|to|…``. It serves both directions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.core import get_global

# How many headwords an inverted table has for one word.
_MAX_ALTERNATIVES = 6

Table = Mapping[str, tuple[str, ...]]
CalendarName = tuple[Literal["month", "weekday"], int]


class Lexicon:
    """Equivalents of words, from ``tables`` by their source and target language (ISO 639-1) and from CLDR.

    Those ``inverted`` were made from a table in the other direction, so that the order of equivalents says less.
    """

    def __init__(
        self, tables: Mapping[tuple[str, str], Table], inverted: Collection[tuple[str, str]] = ()
    ) -> None:
        self._tables = dict(tables)
        self.inverted = frozenset(inverted)
        self._in_phrases = {source: _in_phrases(table) for (source, _), table in tables.items()}
        self._longest = {source: _longest(table) for (source, _), table in tables.items()}

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The source and target language of every table."""
        return tuple(self._tables)

    def knows(self, word: str, language: str) -> bool:
        """Whether ``word`` is a headword of any table out of ``language``."""
        return any(word in table for (source, _), table in self._tables.items() if source == language)

    def longest(self, language: str) -> int:
        """How many words the longest headword of ``language`` has; 1 without a table."""
        return self._longest.get(language, 1)

    def is_in_phrases(self, word: str, language: str) -> bool:
        """Whether a phrase of ``language`` has ``word``, which says that it is in common use."""
        return word in self._in_phrases.get(language, ())

    def alternatives(self, word: str, source: str, target: str) -> tuple[str, ...]:
        """What ``word`` (lower case, a lemma or a phrase) is in ``target``, the most usual first."""
        if source == target:
            return ()
        listed = self._tables.get((source, target), {}).get(word, ())
        return listed or _cldr_names(source, target).get(word, ())


def _longest(table: Table) -> int:
    """How many words the longest headword has."""
    return 1 + max((word.count(" ") for word in table if " " in word), default=0)


def _in_phrases(table: Table) -> frozenset[str]:
    """The words of all headwords of several words."""
    return frozenset(part for word in table if " " in word for part in word.split(" "))


@lru_cache(maxsize=1)
def shipped() -> Lexicon:
    """The lexicon of all tables that come with the product."""
    tables: dict[tuple[str, str], Table] = {}
    inverted: list[tuple[str, str]] = []
    for path in files("assistant.language").joinpath("lexicons").iterdir():
        if path.name.endswith(".tsv"):
            source, target = path.name.removesuffix(".tsv").split("-")
            forward = dict(parse(path.read_text(encoding="utf-8")))
            tables[source, target] = forward
            tables[target, source] = invert(forward)
            inverted.append((target, source))
    return Lexicon(tables, inverted)


def parse(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The entries of a table's text."""
    for line in text.splitlines():
        word, _, equivalents = line.partition("\t")
        if equivalents:
            yield word, tuple(equivalents.split("|"))


def invert(table: Table) -> dict[str, tuple[str, ...]]:
    """The table in the other direction: the headwords of each equivalent, those first that list it first."""
    inverted: dict[str, list[str]] = {}
    for place in range(max(map(len, table.values()), default=0)):
        for word, equivalents in table.items():
            if place < len(equivalents):
                inverted.setdefault(equivalents[place], []).append(word)
    return {word: tuple(headwords[:_MAX_ALTERNATIVES]) for word, headwords in inverted.items()}


def language_name(code: str) -> str:
    """The English name of a language; its code where it has none."""
    try:
        return Locale.parse(code).get_language_name("en") or code
    except (UnknownLocaleError, ValueError):
        return code


@lru_cache(maxsize=32)
def _cldr_names(source: str, target: str) -> dict[str, tuple[str, ...]]:
    """Countries, languages, months, weekdays and currencies, where their names in the two languages differ."""
    try:
        locales = Locale.parse(source), Locale.parse(target)
    except (UnknownLocaleError, ValueError):
        return {}
    lists = zip(*map(_names_of, locales), strict=True)
    pairs = (pair for names, others in lists for pair in zip(names, others, strict=True))
    return {name: (other,) for name, other in pairs if name and other and name != other}


def _names_of(locale: Locale) -> list[list[str]]:
    """Lower-case names of one locale in a fixed order; empty where CLDR has none."""
    sources = (locale.territories, locale.languages, locale.currencies)
    listed = [
        [str(source.get(key, "")).lower() for key in keys]
        for source, keys in zip(sources, _cldr_keys(), strict=True)
    ]
    months = [str(locale.months["stand-alone"]["wide"].get(n, "")).lower() for n in range(1, 13)]
    days = [str(locale.days["stand-alone"]["wide"].get(n, "")).lower() for n in range(7)]
    return [*listed, months, days]


@lru_cache(maxsize=1)
def _cldr_keys() -> tuple[list[str], ...]:
    english = Locale("en")
    return tuple(sorted(source) for source in (english.territories, english.languages, english.currencies))


@lru_cache(maxsize=8)
def calendar(language: str, *, short: bool = True) -> Mapping[str, CalendarName]:
    """Month (1 to 12) and weekday (0 is Monday) names in lower case; with ``short`` their abbreviations, too."""
    locale = Locale.parse(language)
    names: dict[str, CalendarName] = {}
    for form in ("stand-alone", "format"):
        for width in ("abbreviated", "wide") if short else ("wide",):
            days, months = locale.days[form].get(width, {}), locale.months[form].get(width, {})
            names |= {str(name).lower().rstrip("."): ("weekday", number) for number, name in days.items()}
            names |= {str(name).lower().rstrip("."): ("month", number) for number, name in months.items()}
    return names


@lru_cache(maxsize=8)
def places(language: str) -> frozenset[str]:
    """Countries, languages and the cities that time zones are named after, in lower case."""
    locale = Locale.parse(language)
    zones = (zone.split("/") for zone in get_global("zone_territories"))
    cities = [parts[1].replace("_", " ").lower() for parts in zones if len(parts) == 2]
    cities += [str(zone.get("city", "")).lower() for zone in locale.time_zones.values()]
    countries = (str(name).lower() for code, name in locale.territories.items() if not code.isdigit())
    languages = (str(name).lower() for name in locale.languages.values() if len(name) > 4)
    return frozenset(name for name in (*cities, *countries, *languages) if name)
