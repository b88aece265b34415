"""A follow-up that asks no more than "Why?": what was just quoted gives no reason for itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.evidence import Sentence
from assistant.answering.judging import LIKELY, POSSIBLE, JudgedSentences
from assistant.types import Turn

_REASON = re.compile(
    r"\b(?:because|due to|owing to|therefore|hence|so that|in order to|as a result|reasons?|caused? by|since (?=\w+ (?:is|was|are|were|ha[sd]))"
    r"|weil|denn|wegen|aufgrund|deshalb|deswegen|darum|daher|damit|gr[uü]nden?|begründe\w*|ursachen?|nämlich"
    r"|parce que?|car|à cause|raisons?|porque|debido|raz[oó]n|razão|poiché|motivos?|motivi|omdat|doordat|vanwege|redenen?"
    r"|ponieważ|dlatego|powodu?|потому|поскольку|причин\w*|оскільки|тому|çünkü|nedeniy?l?e?|eftersom|därför|fordi|derfor"
    r"|protože|kvůli|důvod\w*|mert|deoarece|pentru că|επειδή|λόγω)\b|, da\b|\bum\b[^.;]{1,80}\bzu\b",
    re.I,
)
NEAR = 2  # sentences of a passage between what was quoted and its reason


def only_reasons(judged: JudgedSentences, history: Sequence[Turn]) -> JudgedSentences:
    """The judgement without what earlier answers have quoted.

    A sentence answers if it gives a reason, in a document quoted before where one was, and stands beside the quote or is
    likely by itself.
    """
    told = told_in(history)
    quoted = [one for one in judged.ranked if _is_in(one, told)]
    left = [one for one in judged.ranked if not _is_in(one, told)]
    documents = {one.hit.document.id for one in quoted}
    giving = [
        one
        for one in left
        if _REASON.search(one.text) and (not documents or one.hit.document.id in documents)
    ]
    reason = next(
        (one for one in giving if _is_beside(one, quoted) or (one.probability or 0) >= LIKELY), None
    )
    if reason:
        return JudgedSentences(ranked=[reason], answered=1.0)
    doubtful = giving[:1] or left[:1]
    return JudgedSentences(ranked=doubtful, answered=min(judged.answered, POSSIBLE) if doubtful else 0.0)


def told_in(history: Sequence[Turn]) -> str:
    """What earlier answers have said, white space aside."""
    return " ".join(" ".join(turn.answer.split()) for turn in history)


def _is_in(sentence: Sentence, told: str) -> bool:
    return " ".join(sentence.text.split()) in told


def _is_beside(sentence: Sentence, quoted: Sequence[Sentence]) -> bool:
    return any(
        sentence.hit.passage.id == other.hit.passage.id and abs(sentence.number - other.number) <= NEAR
        for other in quoted
    )
