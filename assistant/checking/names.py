"""Names: takes a statement and its sources, and gives the first name that the sources lack.

The sources may have a name inflected, translated, abbreviated or in another spelling.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.checking.dates import moments
from assistant.checking.numerals import numeral
from assistant.checking.spelling import occurs_in, translation_occurs_in
from assistant.checking.units import unit
from assistant.language.lexicon import Lexicon, places
from assistant.language.words import equivalents, is_function_word, is_listed, lemma
from ingest.text.folding import words

_TOKEN = re.compile(r"[^\W\d_][^\W_]*(?:['’][^\W_]+)?|\d+|[^\w\s]")
_JOINS = ("of", "the", "de", "von", "van", "der", "la", "du", "-", "&", "'", "’")
_SENTENCE_STARTS = '.!?:"“„«»‚‘([-–—*#'
_GERMAN_NOUN = re.compile(
    r"(?:ung|heit|keit|schaft|ion|tät|ismus|ment|nis|chen|ling|tum|ur|enz|anz|ik|ie|eur|or|ist|er|in)(?:en|innen|s|es|e|n)?$"
)
_DETERMINERS = frozenset(
    words(
        "der die das dem den des ein eine einer einem einen eines kein keine keiner keinem keinen dieser diese dieses diesem "
        "diesen sein seine seiner seinem seinen ihr ihre ihrer ihrem ihren im am zum zur vom beim ins ans jede jeder jedes "
        "jedem jeden alle allen aller viele vielen mehr weniger"
    )
)
# Endings of English words that are no names.
_ENGLISH_NOUN = re.compile(
    r".{3}(?:ity|tion|sion|ment|ness|ship|ism|ence|ance|ure|ous|ing|ed|ery|dom|ist|ical)s?$"
)
_NO_NAMES = frozenset(("TV", "PC", "Chr", "BC", "AD", "BCE", "CE", "OK", "CEO"))
_ROMAN = re.compile(r"[IVX]+$")
# Names with a short form that no dictionary joins to the long one.
_ALIASES = tuple(
    frozenset(group.split("|"))
    for group in (
        "us|usa|united states|american|americans|america|vereinigte staaten|vereinigten staaten|amerika|amerikanisch|"
        "amerikanische|amerikanischen|amerikaner",
        "uk|united kingdom|britain|british|great britain|großbritannien|vereinigtes königreich|vereinigte königreich|"
        "vereinigten königreich|britisch|britische|britischen",
        "un|uno|united nations|vereinte nationen|vereinten nationen",
        "eu|european union|europäische union|europäischen union",
        *[
            "frederick|friedrich",
            "william|wilhelm",
            "louis|ludwig",
            "henry|heinrich",
            "charles|karl",
            "john|johannes",
        ],
        *[
            "james|jakob",
            "francis|franz",
            "mary|maria",
            "elizabeth|elisabeth",
            "stephen|stefan",
            "catherine|katharina",
        ],
    )
)
# A known word at the end makes a German word a compound, except for these endings of places and families.
_SHORTEST_TAIL = 4
_PLACE_TAIL = re.compile(
    r"(?:burg|berg|mann|stein|dorf|feld|bach|hausen|heim|wald|bauer|stadt|brück|brücken|land|hof)$"
)
# What follows the first part of a compound whose second part stands later: "Stadt- und Landkreis".
_SUSPENDED = (["-", "und"], ["-", "oder"], ["-", "bzw"])
_LONGEST_ACRONYM = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class NamePart:
    """A word of a name; a ``common`` one ("Court", "President") also means something by itself."""

    text: str
    common: bool


Name = tuple[NamePart, ...]


def missing_name(
    statement: str, texts: Sequence[str], language: str, lexicon: Lexicon, *, foreign: bool = False
) -> str:
    """The first name of ``statement`` that none of ``texts`` has; empty where they have all.

    Where they are in another language (``foreign``), words that have a meaning of their own are no names.
    """
    return next(missing_names(statement, texts, language, lexicon, foreign=foreign), "")


def missing_names(
    statement: str, texts: Sequence[str], language: str, lexicon: Lexicon, *, foreign: bool = False
) -> Iterator[str]:
    """The names of ``statement`` that none of ``texts`` has, in order, as `missing_name` finds them."""
    text = " \n".join(texts)
    for name in names(statement, language, lexicon):
        if not _is_named(name, text, language, lexicon, foreign):
            yield " ".join(part.text for part in name)


def names(text: str, language: str, lexicon: Lexicon) -> list[Name]:
    """The names of ``text``: runs of capitalised words that are not all ordinary ones."""
    tokens = [match.group() for match in _TOKEN.finditer(text)]
    runs: list[list[NamePart]] = [[]]
    for position, token in enumerate(tokens):
        part = _part(tokens, position, language, lexicon)
        if part:
            runs[-1].append(part)
        elif not (runs[-1] and token.lower() in _JOINS):
            runs.append([])
    return [tuple(run) for run in runs if run and (language != "de" or not all(part.common for part in run))]


def _part(tokens: Sequence[str], position: int, language: str, lexicon: Lexicon) -> NamePart | None:
    """The part of a name that a token is; None for other tokens."""
    word = re.sub(r"['’](?:s|S)?$|['’]s$", "", tokens[position])
    if not word[:1].isupper() or _is_no_name(word, language, lexicon):
        return None
    if language == "de" and [token.lower() for token in tokens[position + 1 : position + 3]] in _SUSPENDED:
        return None
    starts = position == 0 or tokens[position - 1] in _SENTENCE_STARTS
    known = _is_known(word, language, lexicon)
    if word.lower() in places(language if language in ("de", "en") else "en"):
        return NamePart(text=word, common=False)
    if language == "de":
        before = tokens[position - 1].lower() if position else ""
        common = known or _is_german_noun(word, before, starts) or _is_compound(word, lexicon)
        return NamePart(text=word, common=common)
    if starts and (known or _is_plain_start(tokens, position, language)):
        return None
    return None if not known and _is_english_noun(word) else NamePart(text=word, common=known)


def _is_no_name(word: str, language: str, lexicon: Lexicon) -> bool:
    """Whether a capitalised word is checked elsewhere or carries no content: "The", "May", "Zwei", "Stunden"."""
    if len(word) == 1 or word in _NO_NAMES or _ROMAN.match(word):
        return True
    if unit(word) is not None:
        return True
    if word.isupper() and len(word) > 1:
        return False
    number = numeral(word, language) if language in ("de", "en") else None
    counts = number is not None and number.role != "hint"
    dated = any(moment.value >= 0 for moment in moments(word)[0])
    return counts or dated or is_function_word(word, language, lexicon)


@lru_cache(maxsize=20_000)
def _is_known(word: str, language: str, lexicon: Lexicon) -> bool:
    """Whether the lexicon has the word in any of its forms."""
    base = lemma(word, language)
    if word.isupper() and len(word) <= _LONGEST_ACRONYM:
        return False
    if lexicon.knows(word.lower(), language) or lexicon.knows(base, language):
        return True
    targets = [target for source, target in lexicon.pairs if source == language]
    return any(equivalents(word, base, language, target, lexicon) for target in targets)


def _is_german_noun(word: str, before: str, starts: bool) -> bool:
    """Whether a German word outside the lexicon is an ordinary noun, by its ending, inflection or the word ``before``.

    Where it ``starts`` a sentence, it is one if the dictionary has it.
    """
    if word.isupper():
        return False
    derived = len(word) > 6 and _GERMAN_NOUN.search(word) is not None
    inflected = lemma(word, "de") != word.lower()
    return is_listed(word, "de") and (starts or derived or before in _DETERMINERS or inflected)


@lru_cache(maxsize=20_000)
def _is_compound(word: str, lexicon: Lexicon) -> bool:
    """Whether a German word ends with a known one: "Absorptionsbande", "Kostümskizzen"."""
    lower = word.lower()
    if _PLACE_TAIL.search(lower):
        return False
    bare = dict.fromkeys((lower, *(lower.removesuffix(ending) for ending in ("n", "en", "e", "s", "es"))))
    tails = (form[cut:] for form in bare for cut in range(3, len(form) - _SHORTEST_TAIL + 1))
    if any(lexicon.knows(tail, "de") for tail in tails):
        return True
    return not is_listed(word, "de") and any(
        is_listed(lower[cut:].capitalize(), "de")
        and is_listed(lower[:cut].removesuffix("s").capitalize(), "de")
        for cut in range(_SHORTEST_TAIL, len(lower) - _SHORTEST_TAIL + 1)
    )


def _is_english_noun(word: str) -> bool:
    """Whether a listed word without an entry is an ordinary one, capitalised in a title: "Captivity"."""
    lower = word.lower()
    return is_listed(lower, "en") and _ENGLISH_NOUN.match(lower) is not None


def _is_plain_start(tokens: Sequence[str], position: int, language: str) -> bool:
    """Whether the first word of a sentence is an ordinary one: listed, and not followed by a capitalised word."""
    word, after = tokens[position], tokens[position + 1 : position + 2]
    if not is_listed(word.lower(), language) or word.isupper():
        return False
    return word.endswith(("ly", "ing", "s")) or not (after and after[0][:1].isupper())


def _is_named(name: Name, text: str, language: str, lexicon: Lexicon, foreign: bool) -> bool:
    """Whether ``text`` has all proper parts of a name; of a name of common parts only, more than half of them."""
    if _has_alias(" ".join(part.text for part in name), text) or _has_initials(name, text):
        return True
    if _is_translated(name, text, language, lexicon):
        return True
    proper = [part for part in name if not part.common]
    if not proper:
        matches = sum(_has_part(part, text, language, lexicon) for part in name)
        return (len(name) == 1 or matches > 0) if foreign else 2 * matches > len(name)
    return all(_has_part(part, text, language, lexicon) or _has_alias(part.text, text) for part in proper)


def _has_part(part: NamePart, text: str, language: str, lexicon: Lexicon) -> bool:
    return occurs_in(part.text, text, language, lexicon, near=not part.common)


def _is_translated(name: Name, text: str, language: str, lexicon: Lexicon) -> bool:
    """Whether ``text`` has the translation of a name of several words, from the lexicon: "Academy Award"."""
    whole = " ".join(part.text for part in name).lower()
    translations = tuple(
        form
        for source, target in lexicon.pairs
        if source == language
        for form in lexicon.alternatives(whole, language, target)
    )
    return len(name) > 1 and bool(translations) and translation_occurs_in(translations, text)


def _has_alias(name: str, text: str) -> bool:
    """Whether ``text`` calls a state, a union or a king by another name."""
    written = name.lower()
    lower = f" {' '.join(words(text.replace('.', '').lower()))} "
    return any(written in group and any(f" {alias} " in lower for alias in group) for group in _ALIASES)


def _has_initials(name: Name, text: str) -> bool:
    """Whether ``text`` abbreviates a name by its initials, or spells out a name that is an acronym: "WHO"."""
    if len(name) > 1:
        return "".join(part.text[0] for part in name).upper() in words(text)
    acronym = name[0].text
    if not acronym.isupper() or not 1 < len(acronym) <= _LONGEST_ACRONYM:
        return False
    return any(acronym == initials for initials in _initials(text, len(acronym)))


def _initials(text: str, length: int) -> Iterator[str]:
    """The initials of every ``length`` successive capitalised words, whatever stands between them."""
    capitals = [word[0] for word in words(text) if word[0].isupper()]
    for start in range(len(capitals) - length + 1):
        yield "".join(capitals[start : start + length])
