"""Question words and the most frequent short words of each language, and the language that they tell.

The table is ``function_words.tsv``: a line for each language (ISO 639-1), its question words, other
function words and greetings, in lower case.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from functools import cache
from importlib.resources import files

# Letters that, among the languages of the table, only one has.
_OWN_LETTERS = {
    "cs": "ěřů",
    "da": "æø",
    "de": "ß",
    "es": "ñ¿¡",
    "hu": "őű",
    "pl": "łąęńśź",
    "pt": "ãõ",
    "ro": "ățţ",
    "ru": "ыэё",
    "tr": "ğı",
    "uk": "їєґі",
}
# Scripts that one language of the table is written in.
_SCRIPTS = {"el": re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]"), "ar": re.compile(r"[\u0600-\u06ff]")}
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_IN_CYRILLIC = ("ru", "uk")
_PART = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|[¿¡]")
_NO_WORDS = (frozenset[str](),) * 3


@cache
def _table() -> dict[str, tuple[frozenset[str], ...]]:
    """Of each language its question words, other function words and greetings."""
    text = files("assistant.language").joinpath("function_words.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines())
    return {code: tuple(frozenset(words.split()) for words in lists) for code, *lists in rows}


def languages() -> tuple[str, ...]:
    """The languages of the table."""
    return tuple(_table())


def function_words(language: str) -> frozenset[str]:
    """The words of a language in the table, greetings aside; none where it isn't there."""
    asking, others, _ = _table().get(language, _NO_WORDS)
    return asking | others


def question_words(language: str) -> frozenset[str]:
    """The question words of a language in the table; none where it isn't there."""
    return _table().get(language, _NO_WORDS)[0]


def told_by_function_words(text: str, among: Collection[str]) -> tuple[str, ...]:
    """The languages, of those ``among``, that the function words and letters of a short text speak for most.

    Several where they speak for several alike; none where they say nothing. What has a capital in mid-sentence counts
    for nothing: names keep their words and letters in every language.
    """
    first, *others = _PART.findall(text.replace("’", "'")) or [""]
    parts = [first, *(part for part in others if part.isupper() or not part[0].isupper())]
    votes: Counter[str] = Counter()
    for language in languages():
        if language in among:
            votes[language] = sum(_speaks_for(part, language) for part in parts)
    most = max(votes.values(), default=0)
    return tuple(language for language, number in votes.items() if number == most) if most else ()


@cache
def _words(language: str) -> frozenset[str]:
    return frozenset[str]().union(*_table().get(language, _NO_WORDS))


def _speaks_for(part: str, language: str) -> int:
    """How much a word says for a language: 2 for one of its function words, 1 for its letters or script."""
    lower = part.lower()
    words = _words(language)
    if lower in words or ("'" in lower and lower.split("'")[0] in words):  # "l'école"
        return 2
    plain = part == lower
    if plain and not set(_OWN_LETTERS.get(language, "")).isdisjoint(lower):
        return 1
    script = _SCRIPTS.get(language)
    return int(bool(script.search(lower) if script else language in _IN_CYRILLIC and _CYRILLIC.search(lower)))
