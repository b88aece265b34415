"""What in a text is most like words that it does not have, and what differs. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from assistant.passports.quoted import Offsets
from assistant.passports.types import NearestWords
from ingest.text.sentences import sentence_spans

_LONGEST = 4_000  # characters of words that are compared
_LONGEST_TEXT = 2_000_000
_MOST_SENTENCES = 8  # that are looked at closely
_ALIKE = 0.5  # share of words in common from which something counts as near
_WORD = re.compile(r"\w+|[^\w\s]")


def nearest_words(text: str, words: str, span: Offsets, language: str) -> NearestWords | None:
    """The stretch at ``span`` where it is like ``words``, else the sentences that are most like them; None where none are."""
    if not words.strip() or len(words) > _LONGEST or len(text) > _LONGEST_TEXT:
        return None
    start, end = span
    own = _counted(words)
    there = text[start:end] if 0 <= start < end <= len(text) else ""
    if there.strip() and _alike(own, _counted(there)) >= _ALIKE:
        return _compared(words, text, _trimmed(text, start, end))
    found = _most_alike(text, words, own, language)
    return _compared(words, text, found) if found else None


def _most_alike(text: str, words: str, own: Counter[str], language: str) -> Offsets | None:
    """The run of as many sentences as the words are that has most words in common with them."""
    spans = _sentences(text, language)
    length = max(1, len(sentence_spans(words, language)))
    runs = [(spans[at][0], spans[min(at + length, len(spans)) - 1][1]) for at in range(len(spans))]
    shared = sorted(runs, key=lambda run: _alike(own, _counted(text[slice(*run)])), reverse=True)
    best = max(
        shared[:_MOST_SENTENCES],
        key=lambda run: SequenceMatcher(None, _tokens(words), _tokens(text[slice(*run)])).ratio(),
        default=None,
    )
    return best if best and _alike(own, _counted(text[slice(*best)])) >= _ALIKE else None


@lru_cache(maxsize=8)
def _sentences(text: str, language: str) -> list[Offsets]:
    """Those of a document, of which many quotes may be looked for."""
    return [(one.start, one.end) for one in sentence_spans(text, language)]


def _compared(words: str, text: str, span: Offsets) -> NearestWords:
    said = text[slice(*span)]
    return NearestWords(start=span[0], end=span[1], pieces=tuple(_pieces(_spaced(words), _spaced(said))))


def _pieces(ours: Sequence[str], theirs: Sequence[str]) -> list[tuple[str, str]]:
    """Stretches of both texts; the two of a pair are alike, or differ."""
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    return [
        ("".join(ours[left:right]), "".join(theirs[low:high]))
        for _, left, right, low, high in matcher.get_opcodes()
    ]


def _spaced(text: str) -> list[str]:
    """Words, signs and the single spaces between them."""
    return re.findall(r"\w+|[^\w\s]|\s", " ".join(text.split()))


def _tokens(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _counted(text: str) -> Counter[str]:
    return Counter(_tokens(text))


def _alike(ours: Counter[str], theirs: Counter[str]) -> float:
    """The share of both texts' words that they have in common."""
    return 2 * sum((ours & theirs).values()) / max(1, ours.total() + theirs.total())


def _trimmed(text: str, start: int, end: int) -> Offsets:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())
