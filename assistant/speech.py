"""Whose words stand in a stretch of a document, by the quotations that were found in it. Pure."""

from __future__ import annotations

from collections import Counter

from assistant.types import Attribution, Citation
from ingest.types import Extent, Passage, Quotation


def attribution_of(citation: Citation) -> Attribution | None:
    """Whose words a quote tells, directly or indirectly; None for its document's own, and where nobody is named."""
    return told_by(citation.passage, citation.start, citation.end)


def told_by(passage: Passage, start: int, end: int) -> Attribution | None:
    """Who says at least half of the document's text from ``start`` to ``end``, some of it directly or indirectly.

    A quarter is enough where nobody else says any of it: the rest tells who speaks, where and when.
    """
    said: Counter[Attribution] = Counter()
    covered: dict[str, set[int]] = {}
    for one in passage.quotations or ():
        if held := shared(one, start, end):
            said[Attribution(speaker=one.name, kind=one.kind)] += held
            covered.setdefault(one.name, set()).update(range(max(one.start, start), min(one.end, end)))
    told = (one for one, _ in said.most_common() if one.speaker and one.kind != "reported")
    least = (0.25 if len(covered) == 1 else 0.5) * (end - start)
    return next((one for one in told if len(covered[one.speaker]) >= least), None)


def written_in(passage: Passage, extent: Extent | None) -> str:
    """The words of an extent of the document; empty for none, and where they don't begin in the passage."""
    if extent is None or extent.start < passage.start:
        return ""
    return passage.text[extent.start - passage.start : extent.end - passage.start]


def shared(quotation: Quotation, start: int, end: int) -> int:
    """How many characters of a stretch of its document belong to a quotation."""
    return max(0, min(quotation.end, end) - max(quotation.start, start))
