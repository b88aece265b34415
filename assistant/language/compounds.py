"""Short words within German compounds: the "Rat" of "Stadtrat", the "Tram" of "Tramlinie"; there is none in "Rationen".

A part of three or four letters counts where whatever is left of the compound is a word that the lexicon or the lemmatiser
knows, too. Longer parts are found by their 4-grams.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from assistant.language.lexicon import shipped
from assistant.language.words import is_german_noun, lemma, without_link

GERMAN = "de"
SHORT = (3, 4)  # letters
_SHORTEST = 6  # letters of a compound with such a part
# So many letters make it unlikely that the dictionary's rare words and names are found in others by chance.
_TELLING = 4
_LINKS = ("", "s", "es", "n", "en")
# What stands before words and makes others of them: "Beirat", "Aufzug" and "Verrat" are no compounds.
_PREFIXES = frozenset(
    [
        "ab",
        "an",
        "auf",
        "aus",
        "bei",
        "dar",
        "durch",
        "ein",
        "ent",
        "erz",
        "fort",
        "für",
        "gegen",
        "her",
        "hin",
        "hinter",
        "los",
        "mit",
        "nach",
        "nieder",
        "ober",
        "per",
        "pro",
        "statt",
        "teil",
        "über",
        "um",
        "un",
        "unter",
        "ur",
        "ver",
        "von",
        "vor",
        "wider",
        "wieder",
        "zer",
        "zu",
        "zur",
        "zum",
        "das",
        "der",
        "die",
        "den",
        "dem",
        "des",
        "ist",
        "hat",
        "war",
        "wir",
        "sie",
        "ihr",
        "uns",
    ]
)
# Endings that are words as well.
_ENDINGS = frozenset(
    [
        "ion",
        "ionen",
        "ist",
        "isten",
        "ente",
        "enten",
        "ant",
        "anten",
        "ling",
        "tum",
        "ei",
        "eien",
        "ton",
        "tor",
        "toren",
        "in",
        "igel",
        "all",
        "ismus",
        "ismen",
    ]
)


@lru_cache(maxsize=200_000)
def short_parts(word: str) -> frozenset[str]:
    """The parts of up to four letters that a German word, as written, is made of, in lower case; none for most words."""
    if not word[:1].isupper():  # compounds of such parts are nouns
        return frozenset()
    lower = word.lower()
    base = lemma(word, GERMAN)
    found = {part for form in {lower, base} if len(form) >= _SHORTEST for part in _parts(form)}
    return frozenset() if not found or _is_borrowed(base) else frozenset(found)


def is_german_word(word: str) -> bool:
    """Whether a word, in lower case, or all that it is put together from, is known."""
    return _known(word) or any(
        _known(word[cut:]) and any(map(_known, without_link(word[:cut])))
        for cut in range(SHORT[0], len(word) - SHORT[0] + 1)
    )


def _parts(word: str) -> Iterator[str]:
    for length in SHORT:
        for start in range(len(word) - length + 1):
            part, before, after = word[start : start + length], word[:start], word[start + length :]
            if _is_part(part) and _fits_before(before) and _fits_after(after):
                yield part


@lru_cache(maxsize=200_000)
def _is_part(part: str) -> bool:
    """Whether letters are a word, or its stem ("Fahr-"), that compounds are made of."""
    if part in _PREFIXES or part in _ENDINGS:
        return False
    return is_german_noun(part) or any(
        shipped().knows(form, GERMAN) for form in (part, part + "e", part + "en")
    )


def _fits_before(rest: str) -> bool:
    """Whether what stands before a part is nothing or a word, such as the "Kultur" of "Kulturetat"."""
    return not rest or (len(rest) >= SHORT[0] and any(_known(one) for one in without_link(rest)))


def _fits_after(rest: str) -> bool:
    """Whether what stands after a part is nothing or a word, after a link: the "sitzung" of "Ratssitzung"."""
    if not rest:
        return True
    options = (rest.removeprefix(link) for link in _LINKS if rest.startswith(link))
    return any(len(one) >= SHORT[0] and one not in _ENDINGS and _known(one) for one in options)


@lru_cache(maxsize=200_000)
def _known(part: str) -> bool:
    """Whether a part of a compound is a word of its own, or one that loses its ending there ("Schul-", "Fahr-")."""
    if part in _PREFIXES or len(part) < SHORT[0]:
        return False
    base = lemma(part.capitalize(), GERMAN)
    words = shipped()
    if any(words.knows(form, GERMAN) for form in (part, base, part + "e", part + "en")):
        return len(base) >= SHORT[0]
    if len(base) >= _TELLING and is_german_noun(part):
        return True
    cuts = range(SHORT[1], len(part) - SHORT[1] + 1)
    return any(_is_headword(part[cut:]) and any(map(_is_headword, without_link(part[:cut]))) for cut in cuts)


def _is_headword(part: str) -> bool:
    return len(part) >= SHORT[1] and shipped().knows(part, GERMAN)


def _is_borrowed(base: str) -> bool:
    """Whether a word is spelled nearly alike in another language, as "Trampolin" is: then it is not put together."""
    targets = {target for source, target in shipped().pairs if source == GERMAN}
    others = (other for target in targets for other in shipped().alternatives(base, GERMAN, target))
    return any(" " not in other and other.startswith(base[:-2]) for other in others)
