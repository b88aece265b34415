"""Questions for the latest: "What is the latest estimate?" is answered first by the newest document that answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from assistant.answering.evidence import Sentence

# The share of the best sentence's probability, or of its score where there is none, from which on another answers as well.
AS_GOOD = 0.4
_LATEST = re.compile(
    r"\b(?:latest|newest|most recent|up[- ]to[- ]date|neue?ste[nrms]?|jüngste[nrms]?|aktuell(?:ste|e)?[nrms]?|zuletzt)\b",
    re.I,
)


def newest_first(question: str, ranked: Sequence[Sentence]) -> Sequence[Sentence]:
    """The sentences; those that answer about as well as the best by date of their documents where the latest is asked for."""
    if not ranked or not _LATEST.search(question):
        return ranked
    as_good = [sentence for sentence in ranked if _is_as_good(sentence, ranked[0])]
    by_date = sorted(as_good, key=lambda sentence: sentence.hit.document.published or date.min, reverse=True)
    return [*by_date, *(sentence for sentence in ranked if sentence not in as_good)]


def _is_as_good(sentence: Sentence, best: Sentence) -> bool:
    if sentence.probability is not None and best.probability is not None:
        return sentence.probability >= AS_GOOD * best.probability
    return sentence.score > 0 and sentence.score >= AS_GOOD * best.score
