"""What translators write otherwise and is still the same: names as each language spells them, and denials in other clauses. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from assistant.checking.negation import denials_in
from assistant.checking.spelling import are_within_letters, occurs_in
from assistant.language.lexicon import Lexicon, places
from assistant.language.words import is_german_noun, lemma
from ingest.text.folding import words

# Letters that stand for one sound where languages take over each other's names: "Copernicus", "Kopernikus".
_SOUNDS = (
    ("tsch", "c"),
    ("tch", "c"),
    ("sch", "s"),
    ("sh", "s"),
    ("ch", "k"),
    ("ph", "f"),
    ("th", "t"),
    ("ck", "k"),
    ("qu", "kv"),
    ("gu", "g"),
    ("ae", "e"),
    ("oe", "e"),
    ("ou", "u"),
    ("c", "k"),
    ("x", "ks"),
    ("y", "i"),
    ("w", "v"),
    ("z", "s"),
    ("j", "i"),
)
_ACCENTS = re.compile(r"[\u0300-\u036f]")
_DOUBLED = re.compile(r"(.)\1+")
_ENDING = re.compile(
    r"(?:ianer|aner|ises|isen|iser|isem|ise|is|ian|ien|ier|ern|en|er|es|em|us|os|um|on|as|an|e|a|i|n|s)$"
)
_SHORTEST, _SHORTEST_NEAR, _LONG = 4, 6, 9  # letters of a stem
_INDEFINITE = frozenset(
    [
        "ein",
        "eine",
        "einer",
        "einem",
        "einen",
        "eines",
        "kein",
        "keine",
        "jeder",
        "jede",
        "jedes",
        "jedem",
        "jeden",
    ]
)
# Adjectives that are made of verbs or nouns, as they are inflected.
_ADJECTIVE = re.compile(r"[a-zäöüß]{3,}(?:end|ig|lich|isch|bar|los|sam|ell|al|iv|t)(?:e|er|es|en|em)")
_WITHOUT, _WITH = re.compile(r"\b(?:ohne|without)\b", re.I), re.compile(r"\b(?:mit|with)\b", re.I)


def is_rendered(name: str, statement: str, texts: Sequence[str], language: str, lexicon: Lexicon) -> bool:
    """Whether texts in another language have a name in their spelling, or it is a word with a meaning of its own that is no name."""
    text = " \n".join(texts)
    return all(_has(part, statement, text, language, lexicon) for part in name.split())


def _has(part: str, statement: str, text: str, language: str, lexicon: Lexicon) -> bool:
    if _is_known(part, language, lexicon) or occurs_in(part, text, language, lexicon, near=True):
        return True
    if _is_spelled_alike(part, text):
        return True
    if language != "de":
        return False
    first, hyphen, rest = part.partition("-")
    if hyphen and is_german_noun(rest.lower()):  # "Apollo-Mission": of a compound what it names must be there
        return _has(first, statement, text, language, lexicon)
    return is_german_noun(part.lower()) and _is_one_of_many(part, statement)


def _is_known(part: str, language: str, lexicon: Lexicon) -> bool:
    return lexicon.knows(part.lower(), language) or lexicon.knows(lemma(part, language), language)


def _is_one_of_many(noun: str, statement: str) -> bool:
    """Whether a noun is no name by what stands before it: an indefinite article, or an adjective ("gesetzgebendes Organ")."""
    before = re.search(rf"(?:(\w+)\s+)?(\w+)\s+{re.escape(noun)}(?!\w)", statement)
    if before is None:
        return False
    article, beside = (before[1] or "").lower(), before[2]
    one = beside.lower() in _INDEFINITE or (article in _INDEFINITE and beside.islower())
    return one or _ADJECTIVE.fullmatch(beside) is not None


def _is_spelled_alike(name: str, text: str) -> bool:
    """Whether a text has a name by its sounds: of six letters one may differ, of nine two."""
    own = sounds(name)
    if len(own) < _SHORTEST or name.lower() in places("en") | places("de"):
        return False
    allowed = 0 if len(own) < _SHORTEST_NEAR else 1 if len(own) < _LONG else 2
    others = {sounds(word) for word in words(text) if word[:1].isupper() or word[:1] == name[:1].lower()}
    return any(
        other[:1] == own[:1] and len(other) >= _SHORTEST and are_within_letters(own, other, allowed)
        for other in others
    )


@lru_cache(maxsize=50_000)
def sounds(word: str) -> str:
    """A name's stem as it sounds, near enough for German and English to agree."""
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", word.casefold()))
    for written, sound in _SOUNDS:
        plain = plain.replace(written, sound)
    plain = _DOUBLED.sub(r"\1", plain)
    stem = _ENDING.sub("", plain)
    return stem if len(stem) >= _SHORTEST else plain


def denies_alike(stated: str, source: str) -> bool:
    """Whether a sentence and its translation deny equally often, or differ only in a "without" that other words may stand for.

    What is without something may be called so in one word ("plugs-out"); it is not with it.
    """
    own, theirs = len(denials_in(stated)), len(denials_in(source))
    if own == theirs:
        return own > 0
    more, fewer = (stated, source) if own > theirs else (source, stated)
    return abs(own - theirs) <= len(_WITHOUT.findall(more)) and not _WITH.search(fewer)
