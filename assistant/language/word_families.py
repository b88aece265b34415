"""Forms of one word that share too few letters to be told by them: buy and bought, wählen and Wahl, rief … an and angerufen.

The table is ``word_families.tsv``. German verbs whose prefix parts are put together by rule.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache, lru_cache
from importlib.resources import files

from assistant.language.words import is_listed, lemma

# What parts from a German verb and goes to the end of its clause.
_PREFIXES = tuple(
    re.findall(
        r"\w+",
        "ab an auf aus bei ein fest fort frei her heraus herein hervor hin hinaus hinein hinzu los mit nach nieder statt teil"
        " um vor voran voraus vorbei weg weiter wieder zu zurück zusammen über unter durch",
    )
)
_CLAUSE = re.compile(r"[^.,;:!?()–—\n\"“”„«»]+")
_WORD = re.compile(r"[^\W\d_]+")
GERMAN = "de"


@cache
def _table() -> dict[tuple[str, str], tuple[str, ...]]:
    """By language and form: all forms of its families, base forms first."""
    text = files("assistant.language").joinpath("word_families.tsv").read_text("utf-8")
    found: defaultdict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for line in text.splitlines():
        if not line.startswith("#"):
            language, forms = line.split("\t")
            for form in forms.split():
                found[language, form].update(dict.fromkeys(forms.split()))
    return {key: tuple(forms) for key, forms in found.items()}


@lru_cache(maxsize=50_000)
def family(word: str, language: str) -> tuple[str, ...]:
    """The other forms of ``word`` and of its base form, in lower case; none for words that the table does not have."""
    lower = word.lower()
    forms: dict[str, None] = {}
    for known in (lower, lemma(lower, language)):
        forms |= dict.fromkeys(_table().get((language, known), ()))
        if language == GERMAN:
            forms |= dict.fromkeys(_with_prefix(known))
    forms.pop(lower, None)
    return tuple(forms)


def base_forms(word: str, language: str) -> tuple[str, ...]:
    """The lemma of ``word``, and the base form of its family where that is another: "gehört" is of hören and of gehören."""
    return tuple(dict.fromkeys((lemma(word, language), *_table().get((language, word.lower()), ())[:1])))


@lru_cache(maxsize=100_000)
def rejoined(text: str) -> frozenset[str]:
    """German verbs in ``text`` whose prefix stands at the end of their clause, in their base form: "rief den Notarzt an"."""
    return frozenset(verb for clause in _CLAUSE.findall(text) for verb in _rejoined(_WORD.findall(clause)))


def _rejoined(words: list[str]) -> list[str]:
    *before, last = words or [""]
    if last not in _PREFIXES:
        return []
    bases = {base for word in before if word.islower() for base in (lemma(word, GERMAN), *_verbs(word))}
    return [last + base for base in bases if base.endswith("n") and is_listed(last + base, GERMAN)]


def _verbs(word: str) -> tuple[str, ...]:
    return _table().get((GERMAN, word), ())[:1]


def _with_prefix(word: str) -> list[str]:
    """The irregular forms of a verb with a prefix, by those of the verb without: mitnahm and mitgenommen of mitnehmen."""
    for prefix in _PREFIXES:
        verb = word.removeprefix(prefix)
        forms = _table().get((GERMAN, verb), ()) if verb != word else ()
        if forms and verb == forms[0] and is_listed(word, GERMAN):
            return [prefix + form for form in forms[:3]]
    return []
