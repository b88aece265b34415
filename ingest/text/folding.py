"""Spelling folded so that one name matches across languages, scripts and transliterations, and its 4-grams."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

WORD = re.compile(r"[^\W_]+")
GRAM = 4
# Counts up whenever words are folded otherwise: what was folded before is then folded anew.
EDITION = 4

# A number with what separates its digits, in groups of three or before its fraction: 4.812, 4,812.5, 4’812, 15,3; and a time or a
# score, 14:30. Days (25.05.2025), versions and lists are none.
_SPACES = "'’\u00a0\u202f"
NUMBER = (
    r"(?<![\w.,:])(?:[1-9]\d{0,2}"
    rf"(?:(?:\.\d{{3}})+(?:,\d+)?|(?:,\d{{3}})+(?:\.\d+)?|(?:[{_SPACES}]\d{{3}})+(?:[.,]\d+)?)"
    rf"|\d{{1,3}}[.,:]\d+|\d+[.,]\d{{1,3}})(?![.,:{_SPACES}]?\d)"
)
_TOKEN = re.compile(f"{NUMBER}|{WORD.pattern}")
_GROUPED = re.compile(rf"([1-9]\d{{0,2}}(?:([.,{_SPACES}])\d{{3}})(?:\2\d{{3}})*)(?:[.,](\d+))?")
_TIME = re.compile(r"(\d{1,2}):(\d\d)")
_FOLDED_NUMBER = re.compile(r"\d+(?:[.:]\d+)?")
# "25.05." may be a day or end a sentence.
_DAY = re.compile(r"\d{1,2}\.[01]?\d\.(?!\d)")

# German, English and French spellings of one sound, longest first; then doubled letters once.
_SOUNDS = (
    ("tsch", "ch"),
    ("dsch", "j"),
    ("dzh", "j"),
    ("sch", "sh"),
    ("ph", "f"),
    ("th", "t"),
    ("ts", "s"),
    ("ck", "k"),
    ("ß", "ss"),
    ("ae", "a"),
    ("oe", "o"),
    ("ue", "u"),
    ("ou", "u"),
    ("w", "v"),
    ("c", "k"),
    ("z", "s"),
    ("y", "i"),
    ("j", "i"),
    ("ie", "i"),
)
# Letters that are no other letter with an accent, as they are written where the keyboard lacks them.
_LETTERS = str.maketrans({"ł": "l", "ı": "i", "đ": "d", "ð": "d", "ø": "o", "æ": "a", "œ": "o", "þ": "th"})
_DOUBLED = re.compile(r"([^\W\d_])\1+")

# Words in Greek, Cyrillic, Armenian and Georgian are transliterated first. A single letter, or one beside Latin letters, is more
# often a symbol ("µg" is not "mg"). Other scripts leave out vowels or write no sounds, so their words stay as they are.
_TRANSLITERATED = re.compile(r"(?:\d*[\u0300-\u058f\u10a0-\u10ff\u1f00-\u1fff]){2,}\d*")
_GREEK = re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]")
_DIAERESIS = "\u0308"
_SERBIAN = re.compile("[јљњћђџѓќѕ]")
_UKRAINIAN = re.compile("[іїєґ]")
# Serbian and Macedonian have Latin spellings of their own, with carons that folding leaves out; a Ukrainian "г" is an "h".
_SERBIAN_LETTERS = str.maketrans({"ч": "c", "ћ": "c", "ш": "s", "ж": "z", "џ": "dz", "х": "h", "ђ": "d"})
_UKRAINIAN_LETTERS = str.maketrans({"г": "h"})
_Rules = tuple[tuple[re.Pattern[str], str], ...]
# Letters that sound otherwise together than one by one.
_GREEK_SOUNDS: _Rules = (
    (re.compile("^μπ"), "b"),
    (re.compile("^ντ"), "d"),
    (re.compile("^γκ"), "g"),
    (re.compile("γ(?=[γκξχ])"), "n"),
    (re.compile("ευ(?=[θκξπσςτφχψ]|$)"), "ef"),
    (re.compile("αυ(?=[θκξπσςτφχψ]|$)"), "af"),
    (re.compile("(?<=[αεη])υ"), "v"),
    (re.compile("ου"), "ou"),
)
_CYRILLIC_SOUNDS: _Rules = (
    (re.compile("кс"), "x"),
    (re.compile("(?:^|(?<=[аеёиоуыэюяіїєьъ]))е"), "ye"),
    (re.compile("(?<=[жчшщ])ё"), "e"),
    (re.compile("ё|ьо"), "yo"),
    (re.compile("ъ(?![еёюя]|ye|yo|$)"), "a"),
)

# Endings of Slavic surnames and places in German, English and French spelling, and what inflects them.
_INFLECTION = "(?:s|[aeiouy]{1,2}[jms]?|[iy]k?ch|[iy]kh|o[gh]o)?$"
_SLAVIC = re.compile(
    f"(?:(?:(?<!i)[eo][vw]|iev(?!e))(?:sk)?|sk(?=[aioy])|enk(?=[aiou])|[eio][vw][iy]t?s?ch|k[iy]n(?!es)|jine){_INFLECTION}"
)
# In such words "sh", "ch", "kh" and "zh" stand for each other (Uschakow, Ouchakov; Schukow, Zhukov, Joukov), "ё" is an "o" or an
# "e" (Gorbatschow, Gorbachev), and a "g" may have a silent letter. Not after an "e": Andrejew would become Andrew.
_SIBILANTS = re.compile("(?:t?s?ch|[ksz]h|j(?=ou|i|[bdgkmnt]))+")
_SOFT = re.compile(f"(?<=..[^e])(?:[ijy]o[vw]|[iy]ev(?!e)|jew|(?<=sch)ow|(?<=[cs]h)ov)(?={_INFLECTION}|sk)")
_HARD_G = re.compile("g[hu](?=[ei])")


@lru_cache(maxsize=200_000)
def fold(word: str) -> str:
    """``word`` in lower case and Latin letters, without accents, spelled by sound: Uschakow, Ushakov and Ушаков become one."""
    if word[:1].isdigit() and not word.isalnum():
        return _plain_number(word)
    folded = word.casefold()
    if not folded.isascii():
        folded = _transliterated(folded)
    if not folded.isascii():
        folded = plain(folded)
    if _SLAVIC.search(folded):
        folded = _SIBILANTS.sub("sh", _SOFT.sub("ev", _HARD_G.sub("g", folded)))
    elif folded.startswith(("tch", "chtch")):
        folded = folded.replace("chtch", "shch").replace("tch", "ch")
    for spelling, sound in _SOUNDS:
        folded = folded.replace(spelling, sound)
    return _DOUBLED.sub(r"\1", folded)


def _plain_number(number: str) -> str:
    """A number without what groups its digits and with a point before its fraction: 4.812 is 4812, and 15,3 is 15.3.

    Where a comma or a point before three digits may mean either, it is taken to group them, whatever the language.
    """
    grouped = _GROUPED.fullmatch(number)
    if grouped:
        whole = "".join(filter(str.isdigit, grouped[1]))
        return f"{whole}.{grouped[3]}" if grouped[3] else whole
    return _TIME.sub(r"\1.\2", number.replace(",", "."))


def is_number(folded: str) -> bool:
    """Whether a folded word is a number, which is alike only to itself."""
    return _FOLDED_NUMBER.fullmatch(folded) is not None


def plain(word: str) -> str:
    """``word`` in lower case, without accents."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).translate(_LETTERS)


def _transliterated(word: str) -> str:
    """A word of those scripts in Latin letters as English spells it; any other word as it is."""
    if not _TRANSLITERATED.fullmatch(word):
        return word
    spelled, sounds = unicodedata.normalize("NFC", word), _CYRILLIC_SOUNDS
    if _GREEK.search(spelled):
        spelled, sounds = _without_tones(spelled), _GREEK_SOUNDS
    elif _SERBIAN.search(spelled):
        spelled = spelled.translate(_SERBIAN_LETTERS)
    elif _UKRAINIAN.search(spelled):
        spelled = spelled.translate(_UKRAINIAN_LETTERS)
    for letters, sound in sounds:
        spelled = letters.sub(sound, spelled)
    # Signs that soften or part sounds come out as apostrophes.
    return "".join(letter for letter in anyascii(spelled).lower() if letter.isalnum()) or word


def _without_tones(word: str) -> str:
    """A Greek word without accents and breathings; a diaeresis stays, for it keeps two vowels apart."""
    letters = unicodedata.normalize("NFD", word)
    bare = (letter for letter in letters if letter == _DIAERESIS or not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", "".join(bare))


def words(text: str) -> list[str]:
    """The words of ``text`` as written, digits included, punctuation left out."""
    return WORD.findall(text)


def tokens(text: str) -> list[str]:
    """The words of ``text``, a number with its separators as one; of what may be a day ("25.05.") its numbers as well.

    >>> tokens("Die Grünen: 15,3 %")
    ['Die', 'Grünen', '15,3']
    """
    found: list[str] = []
    for match in _TOKEN.finditer(text):
        found.append(match[0])
        if _DAY.match(text, match.start()):
            found += words(match[0])
    return found


@lru_cache(maxsize=200_000)
def word_grams(word: str) -> tuple[str, ...]:
    """The 4-grams within a folded word; a number, and a word of up to four letters, is one gram.

    >>> word_grams("Frieden")
    ('frid', 'ride', 'iden')
    """
    folded = fold(word)
    if is_number(folded):
        return (folded,)
    return tuple(folded[i : i + GRAM] for i in range(max(1, len(folded) - GRAM + 1)))


def grams(text: str) -> list[str]:
    """The 4-grams of all words of ``text``, in order, repeated as often as they occur."""
    return [gram for word in tokens(text) for gram in word_grams(word)]
