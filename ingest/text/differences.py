"""What differs between two versions of a text, sentence by sentence; white space does not count. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice

from ingest.text.sentences import sentence_spans

MOST_CHANGES = 100
# Stretches that are longer are not compared more closely: paragraphs or sentences, and characters.
_MOST_COMPARED = 2_000
_LONGEST_COMPARED = 200_000
_LONGEST_SHOWN = 4_000  # characters of one side
_BLANK_LINE = re.compile(r"\n\s*\n")

Range = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedStretch:
    """Sentences that stood there before, and those that stand there now; either may be empty."""

    before: str
    now: str


def changes(before: str, now: str, language: str) -> list[ChangedStretch]:
    """The first stretches that differ, at most one more than `MOST_CHANGES`, in the order of the text."""
    return list(islice(_stretches(before, now, language), MOST_CHANGES + 1))


def _stretches(before: str, now: str, language: str) -> Iterator[ChangedStretch]:
    """Paragraphs are compared first: only those that differ are cut into sentences."""
    old, new = _BLANK_LINE.split(before), _BLANK_LINE.split(now)
    for some, others in _differing(_plain(old), _plain(new)):
        left, right = ("\n\n".join(side[slice(*span)]) for side, span in ((old, some), (new, others)))
        if max(len(left), len(right)) > _LONGEST_COMPARED:
            yield _stretch([left], [right])
            continue
        was, is_now = _sentences(left, language), _sentences(right, language)
        for first, second in _differing(was, is_now):
            yield _stretch(was[slice(*first)], is_now[slice(*second)])


def _differing(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Range, Range]]:
    """The ranges that differ. What is alike at both ends is left out first: most of a text is."""
    shorter = min(len(old), len(new))
    head = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    rest = shorter - head
    tail = next((at for at in range(rest) if old[-1 - at] != new[-1 - at]), rest)
    old_end, new_end = len(old) - tail, len(new) - tail
    if max(old_end, new_end) - head > _MOST_COMPARED:
        yield (head, old_end), (head, new_end)
        return
    matcher = SequenceMatcher(None, old[head:old_end], new[head:new_end], autojunk=False)
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag != "equal":
            yield (head + old_from, head + old_to), (head + new_from, head + new_to)


def _plain(pieces: Sequence[str]) -> list[str]:
    return [" ".join(piece.split()) for piece in pieces]


def _sentences(text: str, language: str) -> list[str]:
    pieces = [text[span.start : span.end] for span in sentence_spans(text, language)]
    return [sentence for sentence in _plain(pieces) if sentence]


def _stretch(before: Sequence[str], now: Sequence[str]) -> ChangedStretch:
    return ChangedStretch(before=_shown(before), now=_shown(now))


def _shown(sentences: Sequence[str]) -> str:
    whole = " ".join(" ".join(sentences).split())
    return whole if len(whole) <= _LONGEST_SHOWN else f"{whole[:_LONGEST_SHOWN]} …"
