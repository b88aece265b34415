"""Omissions of a quotation that turn its sense: what is left out denies what is left. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.checking.negation import denials_in
from assistant.drafts.types import DraftDifference
from assistant.drafts.verbatim import QuotedSegment, omitted_places, written

# Where a clause ends: what denies in a clause that is left out as a whole denies nothing of the others.
_CLAUSE_END = re.compile(r"[,;:()–—]|[.!?]+(?=\s)")
_INSTEAD = re.compile(
    r"\b(?:sondern|but|sowie|auch)\b", re.I
)  # "not a big but a good one": the good one is not denied


def turning_omissions(
    segments: Sequence[QuotedSegment], draft: str, source: str, start: int, end: int
) -> Iterator[DraftDifference]:
    """The words that deny and are left out of what stands in ``source`` from ``start`` to ``end``, unless the quotation denies there, too."""
    words = [
        word._replace(start=word.start + start, end=word.end + start) for word in written(source[start:end])
    ]
    for before, after, (first, last) in zip(
        segments, segments[1:], omitted_places(segments, words), strict=False
    ):
        place = before.words[-1].end, after.words[0].start
        own = draft[slice(*place)]
        for word in [] if denials_in(own) else _denying(source[first:last]):
            at = first + source[first:last].index(word)
            yield DraftDifference(
                kind="negation",
                start=place[0] + len(own) - len(own.lstrip()),
                end=place[0] + len(own.rstrip()),
                written=own.strip(),
                source_start=at,
                source_end=at + len(word),
                in_source=word,
            )


def _denying(omitted: str) -> list[str]:
    """The words that deny in the clauses of which something is left."""
    clauses = _CLAUSE_END.split(omitted)
    if _INSTEAD.search(omitted):
        return []
    return denials_in(" ; ".join(dict.fromkeys((clauses[0], clauses[-1]))))[:1]
