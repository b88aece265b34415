"""Questions for the latest: "What is the latest estimate?" is answered first by what is said of the newest day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from assistant.answering.evidence import Sentence
from assistant.time_expressions.finding import find_time_expressions

# The share of the best sentence's probability, or of its score where there is none, from which on another answers as well.
AS_GOOD = 0.4
_LATEST = re.compile(
    r"\b(?:latest|newest|most recent(?:ly)?|up[- ]to[- ]date|neue?ste[nrms]?|jüngste[nrms]?|aktuell(?:ste|e)?[nrms]?|zuletzt)\b",
    re.I,
)


def newest_first(question: str, ranked: Sequence[Sentence]) -> Sequence[Sentence]:
    """The sentences; those that answer about as well as the best by the days they speak of where the latest is asked for."""
    if not ranked or not _LATEST.search(question):
        return ranked
    as_good = [sentence for sentence in ranked if is_as_good(sentence, ranked[0])]
    by_date = sorted(as_good, key=_day_of, reverse=True)
    return [*by_date, *(sentence for sentence in ranked if sentence not in as_good)]


def _day_of(sentence: Sentence) -> date:
    """The last day that a sentence tells of, not counting what was still to come; else that of its document."""
    published = sentence.hit.document.published
    found = find_time_expressions(sentence.text, sentence.hit.language, published)
    told = [one.last for one in found if one.last and (published is None or one.last <= published)]
    return max(told, default=published or date.min)


def is_as_good(sentence: Sentence, best: Sentence) -> bool:
    """Whether a sentence answers about as well as the best one."""
    if sentence.probability is not None and best.probability is not None:
        return sentence.probability >= AS_GOOD * best.probability
    return sentence.score > 0 and sentence.score >= AS_GOOD * best.score
