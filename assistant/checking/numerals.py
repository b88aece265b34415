"""Number words of German and English: takes a word and gives its value and role ("fünfundzwanzig", "third").

German writes a number as one word, which is taken apart here. English writes several; `quantities` adds and
multiplies their values.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from ingest.text.folding import words

NumeralRole = Literal["cardinal", "scale", "ordinal", "part", "decade", "many", "hint"]

_GERMAN_ONES = dict(
    zip(
        words(
            "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn "
            "siebzehn achtzehn neunzehn"
        ),
        range(20),
        strict=True,
    )
) | {
    "eins": 1,
    "zwo": 2,
    "zweier": 2,
    "zweien": 2,
    "dreier": 3,
    "dreien": 3,
    "fuenf": 5,
    "zwoelf": 12,
    "fuenfzehn": 15,
}
_GERMAN_TENS = dict(
    zip(
        words("zehn zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig"),
        range(10, 100, 10),
        strict=True,
    )
) | {"dreissig": 30, "fuenfzig": 50}
_GERMAN_ORDINALS = {"erst": 1, "dritt": 3, "siebt": 7, "acht": 8}
_ENGLISH_ONES = dict(
    zip(
        words(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
            "seventeen eighteen nineteen"
        ),
        range(20),
        strict=True,
    )
)
_ENGLISH_TENS = dict(
    zip(words("ten twenty thirty forty fifty sixty seventy eighty ninety"), range(10, 100, 10), strict=True)
)
_ENGLISH_CARDINALS = _ENGLISH_ONES | _ENGLISH_TENS
_ENGLISH_ORDINALS = {"first": 1, "second": 2, "third": 3, "fifth": 5, "eighth": 8, "ninth": 9, "twelfth": 12}
SCALES = {
    "hundred": 10**2,
    "hundert": 10**2,
    "thousand": 10**3,
    "tausend": 10**3,
    "tsd": 10**3,
    "million": 10**6,
    "millionen": 10**6,
    "mio": 10**6,
    "mn": 10**6,
    "mln": 10**6,
    "milliarde": 10**9,
    "milliarden": 10**9,
    "mrd": 10**9,
    "billion": 10**9,
    "bn": 10**9,
    "trillion": 10**12,
    "dozen": 12,
    "dutzend": 12,
}
# The same word is a thousand times more in German, or a million times.
_GERMAN_SCALES = SCALES | {
    "billion": 10**12,
    "billionen": 10**12,
    "trillion": 10**18,
    "trillionen": 10**18,
}
_MANY = {
    "dozens": 12,
    "dutzende": 12,
    "hundreds": 10**2,
    "hunderte": 10**2,
    "thousands": 10**3,
    "tausende": 10**3,
    "zehntausende": 10**4,
    "hunderttausende": 10**5,
    "millions": 10**6,
    "billions": 10**9,
}
# Not in one table: quotes are read in both languages, and "three quarters" is no quarter in German.
_ENGLISH_PARTS = {
    "half": Fraction(1, 2),
    "halves": Fraction(1, 2),
    "quarter": Fraction(1, 4),
    "quarters": Fraction(1, 4),
}
_GERMAN_PARTS = {"quartal": Fraction(1, 4)} | dict.fromkeys(
    words("hälfte halb halbe halben halber halbes halbem"), Fraction(1, 2)
)
# Words that only suggest a number: they may support an amount and need no support themselves.
_HINTS = {
    0: "zero no none null kein keine keinen keiner keinem keines",
    1: "a an one once single sole only ein eine einen einem einer eines eins einmal einmalig einzig einzige einzigen "
    "einziger einzelne einzelnen first initially original originally zuerst zunächst anfangs erstmals erstmalig uni mono",
    2: "both pair pairs couple twin twins dual twofold double doubled doubles doubling bi beide beiden beider beides paar "
    "paare zwilling zwillinge doppelt doppelte doppelten doppelter verdoppelt verdoppelte verdoppeln verdopplung "
    "verdoppelung other andere anderen anderer half",
    3: "triple tripled triples trio treble tri dreifach verdreifacht verdreifachte verdreifachen",
    4: "quadruple quadrupled quartet vervierfacht vervierfachte quartett",
    10: "decade decades jahrzehnt jahrzehnte jahrzehnten jahrzehnts",
    100: "century centuries jahrhundert jahrhunderte jahrhunderten jahrhunderts",
}
_HINT_VALUES = {word: value for value, listed in _HINTS.items() for word in listed.split()}
_HINT_STEMS: dict[str, Fraction] = {
    "halbier": Fraction(1, 2),
    "halve": Fraction(1, 2),
    "halving": Fraction(1, 2),
    "doppel": Fraction(2),
}
_TIMES = {"twice": 2, "thrice": 3}
# Endings that make a German adjective or adverb of a number: "fünfstündig", "dreiköpfigen", "zweimal".
_TAILS = re.compile(
    r"(?:-?(?:sekündig|minütig|stündig|tägig|wöchig|monatig|jährig|prozentig|köpfig|teilig|stellig|stöckig|seitig|"
    r"stufig|spurig|gliedrig|sprachig|fach|malig|geschossig|bändig|strophig|zeilig|eckig|türig|sitzig|motorig|"
    r"dimensional|zellig|wertig)(?:e[nrsm]?|s)?|mal|erlei)$"
)
_DERIVED = re.compile(r"(.+?t)(?:(el[ns]?)|e[nrsm]?)$")


@dataclass(frozen=True, slots=True)
class Numeral:
    """The value of a word, and its role: a "scale" multiplies, "many" is a least value, a "hint" only suggests one."""

    value: Fraction
    role: NumeralRole


@lru_cache(maxsize=50_000)
def numeral(word: str, language: str) -> Numeral | None:
    """The numeral that ``word`` is in ``language`` ("de" or "en"); None for words that are no numbers."""
    lower = word.lower()
    if many := _MANY.get(lower) or _MANY.get(lower.removesuffix("n")):
        return Numeral(Fraction(many), "many")
    scales = _GERMAN_SCALES if language == "de" else SCALES
    if lower in scales:
        return Numeral(Fraction(scales[lower]), "scale")
    parsed = _german(lower) if language == "de" else _english(lower)
    return parsed or _hint(lower, language)


def _english(word: str) -> Numeral | None:
    value = _ENGLISH_CARDINALS.get(word)
    if value is not None:
        return None if value == 1 else Numeral(Fraction(value), "cardinal")
    if word in _TIMES:
        return Numeral(Fraction(_TIMES[word]), "cardinal")
    if word in _ENGLISH_PARTS:
        return Numeral(_ENGLISH_PARTS[word], "part")
    if word.endswith("fold"):
        value = _ENGLISH_ONES.get(word.removesuffix("fold"))
        return Numeral(Fraction(value), "cardinal") if value else None
    if word.endswith("ties") and (tens := _ENGLISH_TENS.get(word.removesuffix("ies") + "y")):
        return Numeral(Fraction(tens), "decade")
    return _english_ordinal(word)


def _english_ordinal(word: str) -> Numeral | None:
    single = word.removesuffix("s")
    value = _ENGLISH_ORDINALS.get(single)
    if value is None and single.endswith("th"):
        stem = single.removesuffix("th")
        stem = stem.removesuffix("ie") + "y" if stem.endswith("ie") else stem
        value = _ENGLISH_CARDINALS.get(stem) or {"hundred": 100, "thousand": 1000}.get(stem)
    if not value or word in ("seconds", "firsts"):
        return None
    plural = single != word
    return Numeral(Fraction(1, value), "part") if plural else Numeral(Fraction(value), "ordinal")


def _german(word: str) -> Numeral | None:
    value = german_cardinal(word)
    if value is not None:
        return None if value == 1 else Numeral(Fraction(value), "cardinal")
    if word in ("anderthalb", "anderthalbe"):
        return Numeral(Fraction(3, 2), "cardinal")
    if word.endswith("einhalb") and (whole := german_cardinal(word.removesuffix("einhalb"))):
        return Numeral(whole + Fraction(1, 2), "cardinal")
    if word in _GERMAN_PARTS:
        return Numeral(_GERMAN_PARTS[word], "part")
    if (tail := _TAILS.search(word)) and (value := german_cardinal(word[: tail.start()])):
        return Numeral(Fraction(value), "cardinal" if value > 1 or tail.group() != "fach" else "hint")
    return _german_derived(word)


def _german_derived(word: str) -> Numeral | None:
    """Decades ("neunziger"), ordinals ("siebten") and parts ("Drittel", "zweidrittel")."""
    decade = _GERMAN_TENS.get(word.removesuffix("n").removesuffix("er")) if "ziger" in word else None
    if decade:
        return Numeral(Fraction(decade), "decade")
    match = _DERIVED.match(word)
    if not match:
        return None
    stem, part = match.groups()
    if part:
        return _german_part(stem)
    value = _german_ordinal(stem)
    return Numeral(Fraction(value), "ordinal") if value else None


def _german_part(stem: str) -> Numeral | None:
    """The part that a stem before "el" names: "dritt", "zweidritt"."""
    for count, rest in ((1, stem), *((n, stem.removeprefix(word)) for word, n in _GERMAN_ONES.items() if n)):
        value = _german_ordinal(rest)
        if value and value > 2:
            return Numeral(Fraction(count, value), "part")
    return None


def _german_ordinal(stem: str) -> int | None:
    """The value of an ordinal without its ending: "dritt", "siebzehnt", "zwanzigst"."""
    if stem in _GERMAN_ORDINALS:
        return _GERMAN_ORDINALS[stem]
    large = german_cardinal(stem.removesuffix("st")) or 0
    small = german_cardinal(stem.removesuffix("t")) or 0
    return large if large >= 20 else small if 2 <= small < 20 else None


@lru_cache(maxsize=50_000)
def german_cardinal(word: str) -> int | None:
    """The value of a German cardinal in lower case, written as one word; None for other words."""
    if word in _GERMAN_ONES:
        return _GERMAN_ONES[word]
    if word in _GERMAN_TENS:
        return _GERMAN_TENS[word]
    for name, scale in (("tausend", 1000), ("hundert", 100)):
        before, middle, after = word.partition(name)
        if middle:
            return _scaled(before, scale, after.removeprefix("und"))
    one, middle, ten = word.rpartition("und")
    if middle and 0 < _GERMAN_ONES.get(one, 0) < 10 and _GERMAN_TENS.get(ten, 0) > 10:
        return _GERMAN_TENS[ten] + _GERMAN_ONES[one]
    return None


def _scaled(before: str, scale: int, after: str) -> int | None:
    """The value of a cardinal by its parts before and after a hundred or a thousand; None where these do not fit."""
    count = german_cardinal(before) if before else 1
    rest = german_cardinal(after) if after else 0
    if count is None or rest is None or rest >= scale or (scale == 100 and count >= 20):
        return None
    return count * scale + rest


def _hint(word: str, language: str) -> Numeral | None:
    if (value := _HINT_VALUES.get(word)) is not None:
        return Numeral(Fraction(value), "hint")
    if stem := next((stem for stem in _HINT_STEMS if word.startswith(stem)), ""):
        return Numeral(_HINT_STEMS[stem], "hint")
    return _german_prefix(word) if language == "de" else None


@lru_cache(maxsize=50_000)
def _german_prefix(word: str) -> Numeral | None:
    """The number that a compound begins with: "Zweidrittelmehrheit", "drittgrößte", "Elfmeter"."""
    for cut in range(len(word) - 3, 2, -1):
        start = word[:cut]
        part = _german_part(start.removesuffix("el")) if start.endswith("el") else None
        value = part.value if part else Fraction(german_cardinal(start) or _german_ordinal(start) or 0)
        if value:
            return Numeral(value, "hint")
    return None
