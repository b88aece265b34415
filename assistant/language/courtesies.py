"""What people put around a question: greetings, thanks, "could you tell me", "according to the documents".

The table is ``courtesies.tsv``: a line for each language (ISO 639-1): words of asking and knowing, the other words of which such
phrases consist, adverbs that do not change what is asked ("currently"), and what `_Courtesies` says of the others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from assistant.language.function_words import question_words
from assistant.language.words import stopwords

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
# A full stop within a word, or after a single letter, ends no sentence: "X.25", "U.S. senators".
_END = re.compile(r"(?:(?<!\b\w)\.|[!?:])+[\"“”'’)]*(?=\s|$)|\n+")
_WHETHER = frozenset(("ob", "if", "whether"))
# A part that speaks of somebody is no courtesy: "And sanctions, did he say anything?"
_OTHERS = frozenset(("he", "she", "they", "him", "her", "them", "er", "ihm", "ihn", "ihr"))


@dataclass(frozen=True, slots=True)
class _Courtesies:
    """The table's columns; all words are in lower case."""

    function_words: frozenset[str]
    knowing: frozenset[str]
    around: frozenset[str]
    adverbs: frozenset[str]
    persons: frozenset[str]  # who asks, and who is asked
    sources: frozenset[str]
    telling: frozenset[str]
    between: frozenset[str]  # what stands between a word of knowing and the question that it leads to
    about: frozenset[str]
    more: frozenset[str]  # what stands between "tell me" and what is to be told
    every: frozenset[str]  # the words of all columns


@cache
def _table() -> dict[str, _Courtesies]:
    text = files("assistant.language").joinpath("courtesies.tsv").read_text("utf-8")
    table = {}
    for line in text.splitlines():
        code, *lists = line.split("\t")
        columns = [stopwords(code), *(frozenset(words.split()) for words in lists)]
        columns.append(frozenset[str]().union(*columns))
        table[code] = _Courtesies(*columns)
    return table


def idle_adverbs(language: str) -> frozenset[str]:
    """Adverbs, in lower case, without which a question asks the same."""
    return _table()[language].adverbs if language in _table() else frozenset()


def without_courtesies(question: str) -> str:
    """The question without what is only put around it; the question itself where nothing else would be left.

    >>> without_courtesies("Hello! Could you please tell me what the ferry costs? Thanks.")
    'what the ferry costs?'
    """
    kept = [sentence for sentence in _sentences(question) if not _is_courtesy(sentence)]
    if not kept:
        return question
    plain = "".join([_plain(sentence) for sentence in kept]).strip()
    return plain if _WORD.search(plain) else question


def _sentences(question: str) -> list[str]:
    ends = [match.end() for match in _END.finditer(question)]
    parts = [question[start:end] for start, end in pairwise([0, *ends, len(question)])]
    return [part for part in parts if part.strip()]


def _plain(sentence: str) -> str:
    """A sentence without what stands before or after its own question."""
    shortened = _without_closing(_without_opening(sentence))
    lead = _length_of_lead(shortened)
    return " " + shortened[lead:].lstrip(" ,") if lead or shortened != sentence else sentence


def _is_courtesy(sentence: str) -> bool:
    """Whether a sentence says nothing of its own: "Thanks in advance!", "A quick question:"."""
    words = _words(sentence)
    asks = sentence.rstrip().endswith("?") or bool(set(words) & _asking())
    return bool(words) and _all_around(words) and (not asks or sentence.rstrip().endswith(":"))


def _without_opening(sentence: str) -> str:
    """The sentence without a first part such as "Good morning," or "According to the articles,"."""
    opening, comma, rest = sentence.partition(",")
    words = _words(opening)
    if not comma or not words or not _all_around(words) or set(words) & (_asking() | _WHETHER):
        return sentence
    rest = re.sub(r"^\s*(?:but|aber|und|and|so)\b", "", rest, flags=re.IGNORECASE)
    return rest.lstrip() if len(_words(rest)) > 1 else sentence


def _without_closing(sentence: str) -> str:
    """The sentence without a last part such as ", please?"."""
    rest, comma, closing = sentence.rpartition(",")
    words = _words(closing)
    return rest + "?" if comma and words and _all_around(words) and not set(words) & _asking() else sentence


def _length_of_lead(sentence: str) -> int:
    """How many characters lead to the question proper; 0 where it begins at once."""
    matches = list(_WORD.finditer(sentence))
    words = [_normal(match.group()) for match in matches]
    alone = list(_table().values())  # the languages that have all words so far
    for number in range(1, len(words) - 1):
        alone = [own for own in alone if words[number - 1] in own.every]
        between = sentence[matches[number - 1].end() : matches[number].start()]
        if _leads(words[:number], words[number], between, alone):
            return matches[number].start()
    return 0


def _leads(before: Sequence[str], first: str, between: str, alone: Sequence[_Courtesies]) -> bool:
    """Whether the words ``before`` only lead to the question whose first word is ``first``."""
    if first in _asking() or first in _WHETHER:
        words, parted = frozenset(before), "," in between
        return any(_knows(before, words, own, bool(alone), parted) for own in _table().values())
    return any(
        first not in own.more and first not in own.about and (_searches(before, own) or _tells(before, own))
        for own in alone
    )


def _knows(before: Sequence[str], words: frozenset[str], own: _Courtesies, alone: bool, parted: bool) -> bool:
    """Whether they ask to be told: "my boss wants to know", "do the documents say"; and end so where no comma parts them."""
    if not own.persons & words and not (alone and (not words & _asking() or words & own.sources)):
        return False
    if parted:
        return bool(own.knowing & words)
    last = next((word for word in reversed(before) if word not in own.between and word not in own.about), "")
    return last in own.knowing


def _searches(before: Sequence[str], own: _Courtesies) -> bool:
    """Whether they ask what is known: "what do you know about", "was steht in den Dokumenten über"."""
    words = set(before)
    return (
        before[-1] in own.about and bool(words & own.knowing) and bool(words & (own.sources | {"you", "du"}))
    )


def _tells(before: Sequence[str], own: _Courtesies) -> bool:
    """Whether they end with "tell me about", "erzähl mir etwas über"."""
    plain = [word for word in before if word not in own.more and word not in own.about]
    return len(plain) > 1 and plain[-2] in own.telling and plain[-1] in own.persons


def _all_around(words: Sequence[str]) -> bool:
    """Whether all of the words are of those that stand around questions, in one language."""
    return _OTHERS.isdisjoint(words) and any(own.every.issuperset(words) for own in _table().values())


@cache
def _asking() -> frozenset[str]:
    return frozenset[str]().union(*(question_words(language) for language in _table()))


def _words(text: str) -> list[str]:
    return [_normal(word) for word in _WORD.findall(text)]


def _normal(word: str) -> str:
    """A word in lower case; not the country "US"."""
    return word if len(word) > 1 and word.isupper() else word.lower().replace("’", "'")
