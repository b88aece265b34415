"""Names that documents give, those of one person folded into one speaker. Pure.

Two names are one person's where their surnames are spelled alike once folded (Uschakow, Ushakov, Ушаков) and their first
names are the same, or initials of them. A name that fits two persons who are not one, as a surname alone may, stays by
itself. Names of institutions are one where only endings differ. The order of names does not matter.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.language.lexicon import places, shipped
from assistant.language.words import lemma
from ingest.quotations.finding import GRAMMARS
from ingest.quotations.grammar import matches
from ingest.quotations.names import PARTICLES
from ingest.text.folding import fold, plain

# Of one surname more names are compared only with those spelled alike: everybody is compared with everybody.
MOST_OF_A_SURNAME = 200
_LONGEST_PERSON = 5  # words of a person's name
_GENERATIONS = frozenset({"jr", "sr", "jun", "sen", "junior", "senior", "ii", "iii", "iv"})
_ARTICLE = re.compile(r"^(?:al|el|as|ar)[-‐'’](?=\w)", re.I)  # "al-Assad"
_MARKS = re.compile(r"[-‐'’.]")
_GENITIVE = re.compile(r"(?<=\w)['’]s?$")
_ADJECTIVE = re.compile(r"\w(?:ische|liche)[nrs]?$")  # "Afghanischen Behörden"
_ADJECTIVE_ENDS = re.compile(r"(?<=\w{3})(?:en|er|es|em|e)$")
_NOUN_ENDS = re.compile(r"(?<=\w{3})(?:es|s)$")
_SHORTEST_PART, _SHORTEST_HEAD = 3, 5  # letters of the parts of a compound that is no name

IsCommon = Callable[[str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Somebody who says something, by all spellings of the name, the most frequent first, each with its number of quotations."""

    name: str
    spellings: tuple[tuple[str, int], ...]

    @property
    def quotations(self) -> int:
        return sum(number for _, number in self.spellings)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.spellings)


@dataclass(frozen=True, slots=True)
class _Parts:
    """A person's name as it is compared: folded words. ``first`` is empty for a surname alone."""

    first: str
    middle: tuple[str, ...]
    surname: str
    plain: str = ""  # the surname as it is written, in lower case and without accents
    common: bool = False  # a surname alone that is a word of a language as well
    german: bool = False  # that this is German

    @property
    def whole(self) -> tuple[str, ...]:
        return (self.first, *self.middle, self.surname)


_Key = _Parts | tuple[str, ...]


@lru_cache(maxsize=100_000)
def is_common(word: str) -> bool:
    """Whether a word is one of the language, and no name only: the lexicon's headwords, places, and compounds of them."""
    lower = word.lower()
    known = (shipped().knows(form, "en") for form in (lower, lemma(word, "en")))
    return lower in places("de") | places("en") or any(known) or _is_german(word)


@lru_cache(maxsize=100_000)
def _is_german(word: str) -> bool:
    """Whether a word, or the second part of a compound, is a headword of the lexicon in German."""
    lower = word.lower()
    if any(shipped().knows(form, "de") for form in (lower, lemma(word, "de"))):
        return True
    cuts = range(_SHORTEST_PART, len(lower) - _SHORTEST_HEAD + 1)
    return any(shipped().knows(lower[cut:], "de") for cut in cuts)


def fold_names(counts: Mapping[str, int], common: IsCommon) -> tuple[Speaker, ...]:
    """The speakers of names with their numbers of quotations; ``common`` tells words of the language from names."""
    named = {name: _key(name, common) for name in sorted(counts)}
    keys = _without_genitives(named)
    persons: dict[str, set[_Parts]] = defaultdict(set)
    for key in keys.values():
        if isinstance(key, _Parts):
            persons[key.surname].add(key)
    group_of: dict[_Key, object] = {}
    first_names = _first_names(persons)
    for bucket in persons.values():
        for number, group in enumerate(_groups(bucket, first_names, common)):
            group_of.update(dict.fromkeys(group, (next(iter(bucket)).surname, number)))
    together: dict[object, list[str]] = defaultdict(list)
    for name, key in keys.items():
        together[group_of.get(key, key)].append(name)
    found = (_speaker(group, keys, counts) for group in together.values())
    return tuple(sorted(found, key=lambda speaker: (-speaker.quotations, speaker.name)))


def _speaker(names: Sequence[str], keys: Mapping[str, _Key], counts: Mapping[str, int]) -> Speaker:
    spellings = sorted(((name, counts[name]) for name in names), key=lambda pair: (-pair[1], pair[0]))
    fullest = min(
        (name for name, _ in spellings), key=lambda name: _lacking(keys[name])
    )  # the most frequent of those
    return Speaker(name=fullest, spellings=tuple(spellings))


def _lacking(key: _Key) -> int:
    """What a name lacks of a person's: 2 for a surname alone, 1 for an initial, 0 for nothing."""
    return 0 if not isinstance(key, _Parts) else 2 if not key.first else int(len(key.first) == 1)


@lru_cache(maxsize=200_000)
def _key(name: str, common: IsCommon) -> _Key:
    """What a name is compared by: parts of a person's name, or the words of an institution's without endings."""
    written = [_GENITIVE.sub("", word) for word in name.split()]
    written = [word for word in written if word not in _articles()] or name.split()
    titled = len(written) > 1 and written[0].rstrip(".").lower() in _titles()
    while len(written) > 1 and written[0].rstrip(".").lower() in _titles():
        written = written[1:]
    while len(written) > 2 and (_is_role(written[0]) or _is_what_a_person_is(written, common)):
        written, titled = written[1:], True
    if len(written) == 2 and _is_role(written[0]) and not common(written[1]):
        written = written[1:]
    bare = [word for word in written if word not in PARTICLES or len(written) == 1]
    if not _may_be_person(bare, common, titled=titled):
        return _institution(written, common)
    generation = _MARKS.sub("", bare[-1]).lower() if len(bare) > 1 else ""
    rest = bare[:-1] if generation in _GENERATIONS else bare
    surname = _surname(rest[-1]) + (f" {generation}" if rest is not bare else "")
    given = [fold(part) for word in rest[:-1] for part in _MARKS.split(word) if part]
    if not surname.strip():
        return _institution(written, common)
    return _Parts(
        first=given[0] if given else "",
        middle=tuple(given[1:]),
        surname=surname,
        plain=plain(rest[-1]),
        common=not given and common(bare[-1]),
        german=not given and _is_german(bare[-1]),
    )


def _is_what_a_person_is(written: Sequence[str], common: IsCommon) -> bool:
    """Whether a German noun stands before a first name and a surname: "Hafenmeister Peter Dahms"."""
    noun, *name = written
    is_noun = noun[:1].isupper() and not noun.endswith("e") and _is_german(noun)
    return is_noun and len(name) == 2 and not any(common(word) for word in name)


def _may_be_person(written: Sequence[str], common: IsCommon, *, titled: bool) -> bool:
    if not 1 <= len(written) <= _LONGEST_PERSON or any(
        not _ARTICLE.sub("", word)[:1].isupper() for word in written
    ):
        return False
    if len(written) == 1:
        return True
    acronyms = any(len(word) > 1 and word.isupper() and "." not in word for word in written[:-1])
    return titled or not (acronyms or common(written[0]) or _ADJECTIVE.search(written[0]))


def _surname(word: str) -> str:
    return fold(_MARKS.sub("", _ARTICLE.sub("", word)))


def _institution(written: Sequence[str], common: IsCommon) -> tuple[str, ...]:
    """Folded words, those of the language without what only inflects them: "Auswärtigen Amtes" is "Auswärtige Amt"."""
    folded = []
    for word in written:
        base = word
        if common(word) or not word[0].isupper():
            base = _ADJECTIVE_ENDS.sub("", lemma(word, "de")) if len(written) > 1 else lemma(word, "de")
            base = _NOUN_ENDS.sub("", base)
        folded.append(fold(_MARKS.sub("", base)))
    return tuple(folded)


def _without_genitives(named: Mapping[str, _Key]) -> dict[str, _Key]:
    """Full names in the genitive as those they are of: "Saddam Husseins" beside "Saddam Hussein"."""
    full = {
        (key.first, key.middle, key.surname)
        for key in named.values()
        if isinstance(key, _Parts) and key.first
    }
    keys: dict[str, _Key] = {}
    for name, key in named.items():
        if isinstance(key, _Parts) and key.first and key.surname.endswith("s"):
            bare = (key.first, key.middle, key.surname[:-1])
            if bare in full:
                key = _Parts(*bare, plain=key.plain.removesuffix("s"))
        keys[name] = key
    return keys


def _first_names(persons: Mapping[str, Iterable[_Parts]]) -> frozenset[str]:
    """First words that stand before several surnames: they are first names, where "Wikimedia" is none."""
    surnames: dict[str, set[str]] = defaultdict(set)
    for surname, bucket in persons.items():
        for parts in bucket:
            if parts.first:
                surnames[parts.first].add(surname)
    return frozenset(first for first, names in surnames.items() if len(names) > 1)


def _groups(bucket: set[_Parts], first_names: frozenset[str], common: IsCommon) -> Iterator[set[_Parts]]:
    """The names of one surname as persons: a name that fits two who are not one stays by itself."""
    if len(bucket) == 1:
        yield bucket
        return
    if len(bucket) > MOST_OF_A_SURNAME:
        yield from ({parts} for parts in bucket)
        return
    members = sorted(bucket, key=lambda parts: parts.whole)
    near = {
        one: {other for other in members if other != one and _fit(one, other, first_names)} for one in members
    }
    sure = {one for one in members if _all_fit(near[one], near)}
    grouped: set[_Parts] = set()
    for one in members:
        if one not in sure:
            yield {one}
        elif one not in grouped:
            group = {one, *(near[one] & sure)}
            grouped |= group
            yield group


def _all_fit(names: set[_Parts], near: Mapping[_Parts, set[_Parts]]) -> bool:
    """Whether names, each of which fits a name, fit one another."""
    return all(names <= near[one] | {one} for one in names)


def _fit(one: _Parts, other: _Parts, first_names: frozenset[str]) -> bool:
    """Whether two names of one surname may be one person's."""
    if not one.first or not other.first:
        return _surname_fits(one if not one.first else other, other if not one.first else one, first_names)
    shorter, longer = sorted((one.whole, other.whole), key=len)
    if longer[-len(shorter) :] == shorter:  # "Kritiker Hans Küng"
        return True
    return _same(one.first, other.first) and all(
        _same(mine, theirs) for mine, theirs in zip(one.middle, other.middle, strict=False)
    )


def _surname_fits(alone: _Parts, full: _Parts, first_names: frozenset[str]) -> bool:
    """Whether a surname alone may mean somebody; "Polizei" does not mean the "Hamburger Polizei", nor "Bush" Manfred Busch.

    Of words of the language only those of English count, which are names where they have a capital letter: a German noun may be
    a magazine that is called as somebody is.
    """
    if not alone.common:
        return True
    word = alone.plain
    placed = word in places("de") | places("en")
    of_place = full.first.endswith("er") and full.first not in first_names
    return word == full.plain and not (placed or of_place or alone.german)


def _same(one: str, other: str) -> bool:
    """Whether first names are the same, or one is the initial of the other."""
    return one == other or (min(len(one), len(other)) == 1 and one[:1] == other[:1])


def _is_role(word: str) -> bool:
    return any(matches(grammar.roles, word.lower()) for grammar in GRAMMARS.values())


@lru_cache(maxsize=1)
def _articles() -> frozenset[str]:
    return frozenset(word for grammar in GRAMMARS.values() for word in grammar.definite)


@lru_cache(maxsize=1)
def _titles() -> frozenset[str]:
    return frozenset(title for grammar in GRAMMARS.values() for title in grammar.titles)
