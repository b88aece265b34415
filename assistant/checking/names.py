"""The names of a statement, and whether its sources have them: folded, inflected, translated or abbreviated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.checking.dates import moments
from assistant.checking.numerals import numeral
from assistant.checking.spelling import has, translation_held
from assistant.checking.units import unit
from assistant.language.lexicon import Lexicon, places
from assistant.language.words import equivalents, is_function_word, is_listed, lemma
from ingest.text.folding import words

_TOKEN = re.compile(r"[^\W\d_][^\W_]*(?:['’][^\W_]+)?|\d+|[^\w\s]")
_JOINS = ("of", "the", "de", "von", "van", "der", "la", "du", "-", "&", "'", "’")
_OPENS = '.!?:"“„«»‚‘([-–—*#'
_NOUN = re.compile(
    r"(?:ung|heit|keit|schaft|ion|tät|ismus|ment|nis|chen|ling|tum|ur|enz|anz|ik|ie|eur|or|ist|er|in)(?:en|innen|s|es|e|n)?$"
)
_DETERMINERS = frozenset(
    words(
        "der die das dem den des ein eine einer einem einen eines kein keine keiner keinem keinen dieser diese dieses diesem "
        "diesen sein seine seiner seinem seinen ihr ihre ihrer ihrem ihren im am zum zur vom beim ins ans jede jeder jedes "
        "jedem jeden alle allen aller viele vielen mehr weniger"
    )
)
# English words that say by their ending that they are no names.
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
        *(
            "frederick|friedrich",
            "william|wilhelm",
            "louis|ludwig",
            "henry|heinrich",
            "charles|karl",
            "john|johannes",
        ),
        *(
            "james|jakob",
            "francis|franz",
            "mary|maria",
            "elizabeth|elisabeth",
            "stephen|stefan",
            "catherine|katharina",
        ),
    )
)
# A known word at the end makes a German word a compound, except where places and families are called so.
_SHORTEST_TAIL = 4
_CUT_SHORT = (["-", "und"], ["-", "oder"], ["-", "bzw"])
_PLACE_TAIL = re.compile(
    r"(?:burg|berg|mann|stein|dorf|feld|bach|hausen|heim|wald|bauer|stadt|brück|brücken|land|hof)$"
)
_LONGEST_ACRONYM = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class NamePart:
    """A word of a name; a ``common`` one ("Court", "President") also means something by itself."""

    text: str
    common: bool


Name = tuple[NamePart, ...]


def missing(
    statement: str, texts: Sequence[str], language: str, lexicon: Lexicon, *, foreign: bool = False
) -> str:
    """The first name of ``statement`` that none of ``texts`` has; empty where they have all.

    Where they are in another language (``foreign``), words that have a meaning of their own are no names.
    """
    there = " \n".join(texts)
    for name in names(statement, language, lexicon):
        if not _found(name, there, language, lexicon, foreign):
            return " ".join(part.text for part in name)
    return ""


def _found(name: Name, there: str, language: str, lexicon: Lexicon, foreign: bool) -> bool:
    """Whether all words of a name that are nothing but a name are there; of the others alone, most."""
    if _alias(" ".join(part.text for part in name), there) or _initials(name, there):
        return True
    if _translated(name, there, language, lexicon):
        return True
    proper = [part for part in name if not part.common]
    if not proper:
        found = sum(_has(part, there, language, lexicon) for part in name)
        return (len(name) == 1 or found > 0) if foreign else 2 * found > len(name)
    return all(_has(part, there, language, lexicon) or _alias(part.text, there) for part in proper)


def _translated(name: Name, there: str, language: str, lexicon: Lexicon) -> bool:
    """Whether the lexicon has a name of several words as a whole: "Academy Award"."""
    whole = " ".join(part.text for part in name).lower()
    forms = tuple(
        form
        for source, target in lexicon.pairs
        if source == language
        for form in lexicon.alternatives(whole, language, target)
    )
    return len(name) > 1 and bool(forms) and translation_held(whole, forms, there)


def names(text: str, language: str, lexicon: Lexicon) -> list[Name]:
    """The names of ``text``: words written large that a dictionary does not explain, with those beside them."""
    tokens = [match.group() for match in _TOKEN.finditer(text)]
    runs: list[list[NamePart]] = [[]]
    for place, token in enumerate(tokens):
        part = _part(tokens, place, language, lexicon)
        if part:
            runs[-1].append(part)
        elif not (runs[-1] and token.lower() in _JOINS):
            runs.append([])
    return [tuple(run) for run in runs if run and (language != "de" or not all(part.common for part in run))]


def _part(tokens: Sequence[str], place: int, language: str, lexicon: Lexicon) -> NamePart | None:
    token = tokens[place]
    word = re.sub(r"['’](?:s|S)?$|['’]s$", "", token)
    if not word[:1].isupper() or _means_itself(word, language, lexicon):
        return None
    if language == "de" and [after.lower() for after in tokens[place + 1 : place + 3]] in _CUT_SHORT:
        return None
    opens = place == 0 or tokens[place - 1] in _OPENS
    known = _explained(word, language, lexicon)
    if word.lower() in places(language if language in ("de", "en") else "en"):
        return NamePart(text=word, common=False)
    if language == "de":
        before = tokens[place - 1].lower() if place else ""
        common = known or _german_noun(word, before, opens) or _compound_of(word, lexicon)
        return NamePart(text=word, common=common)
    if (opens and (known or _opens_plainly(tokens, place, language))) or (not known and _english_noun(word)):
        return None
    return NamePart(text=word, common=known)


def _means_itself(word: str, language: str, lexicon: Lexicon) -> bool:
    """Whether a word written large is checked elsewhere or carries nothing: "The", "May", "Zwei", "Stunden"."""
    if len(word) == 1 or word in _NO_NAMES or _ROMAN.match(word):
        return True
    if unit(word) is not None:
        return True
    if word.isupper() and len(word) > 1:
        return False
    number = numeral(word, language) if language in ("de", "en") else None
    counts = number is not None and number.role != "hint"
    named = any(moment.value >= 0 for moment in moments(word)[0])
    return counts or named or is_function_word(word, language, lexicon)


@lru_cache(maxsize=20_000)
def _explained(word: str, language: str, lexicon: Lexicon) -> bool:
    """Whether the lexicon has the word in any of its forms."""
    base = lemma(word, language)
    if word.isupper() and len(word) <= _LONGEST_ACRONYM:
        return False
    if lexicon.knows(word.lower(), language) or lexicon.knows(base, language):
        return True
    targets = [target for source, target in lexicon.pairs if source == language]
    return any(equivalents(word, base, language, target, lexicon) for target in targets)


def _german_noun(word: str, before: str, opens: bool) -> bool:
    """Whether an unknown German word is an ordinary noun, by its ending, its inflection or the word before it."""
    if word.isupper():
        return False
    listed = is_listed(word, "de")
    derived = len(word) > 6 and _NOUN.search(word) is not None
    return listed and (opens or derived or before in _DETERMINERS or lemma(word, "de") != word.lower())


@lru_cache(maxsize=20_000)
def _compound_of(word: str, lexicon: Lexicon) -> bool:
    """Whether a German word ends with a known one: "Absorptionsbande", "Kostümskizzen"."""
    lower = word.lower()
    bare = dict.fromkeys((lower, *(lower.removesuffix(ending) for ending in ("n", "en", "e", "s", "es"))))
    tails = (form[cut:] for form in bare for cut in range(3, len(form) - _SHORTEST_TAIL + 1))
    if _PLACE_TAIL.search(lower):
        return False
    if any(lexicon.knows(tail, "de") for tail in tails):
        return True
    return not is_listed(word, "de") and any(
        is_listed(lower[cut:].capitalize(), "de")
        and is_listed(lower[:cut].removesuffix("s").capitalize(), "de")
        for cut in range(_SHORTEST_TAIL, len(lower) - _SHORTEST_TAIL + 1)
    )


def _english_noun(word: str) -> bool:
    """Whether a listed word without an entry is an ordinary one, written large in a title: "Captivity"."""
    lower = word.lower()
    return is_listed(lower, "en") and _ENGLISH_NOUN.match(lower) is not None


def _opens_plainly(tokens: Sequence[str], place: int, language: str) -> bool:
    """Whether the first word of a sentence is an ordinary one: listed, and not followed by a name or its verb."""
    word, after = tokens[place], tokens[place + 1 : place + 2]
    if not is_listed(word.lower(), language) or word.isupper():
        return False
    return word.endswith(("ly", "ing", "s")) or not (after and after[0][:1].isupper())


def _has(part: NamePart, there: str, language: str, lexicon: Lexicon) -> bool:
    return has(part.text, there, language, lexicon, near=not part.common)


def _alias(name: str, there: str) -> bool:
    """Whether ``there`` calls a state, a union or a king by its other name."""
    written = name.lower()
    lower = f" {' '.join(words(there.replace('.', '').lower()))} "
    return any(written in group and any(f" {other} " in lower for other in group) for group in _ALIASES)


def _initials(name: Name, there: str) -> bool:
    """Whether a name is there by its initials, or its initials stand for a name there: "WHO"."""
    if len(name) > 1:
        return "".join(part.text[0] for part in name).upper() in words(there)
    acronym = name[0].text
    if not acronym.isupper() or not 1 < len(acronym) <= _LONGEST_ACRONYM:
        return False
    return any(acronym == run for run in _runs(there, len(acronym)))


def _runs(text: str, length: int) -> Iterator[str]:
    """The initials of every ``length`` words written large in a row."""
    large = [word[0] for word in words(text) if word[0].isupper()]
    for start in range(len(large) - length + 1):
        yield "".join(large[start : start + length])
