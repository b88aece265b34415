"""A follow-up that refers to what was said before: the words that it says itself count more than those it takes over."""

from __future__ import annotations

from dataclasses import replace
from math import tanh

from assistant.answering.evidence import Sentence
from assistant.answering.judging import JudgedSentences
from assistant.language.matching import coverage, vocabulary
from assistant.retrieval.query import Query

# What is taken from the odds of a sentence that has none of a follow-up's own words, where another has all of them.
OWN = 2.5
LOOKED_AT = 24  # sentences


def for_own_words(judged: JudgedSentences, own: Query) -> JudgedSentences:
    """The judgement with less for sentences that lack words of the follow-up ``own``, where others have them.

    "And in Chile?" after the price of a ticket is answered by the sentence with Chile, not by the one with the ticket.
    """
    looked_at = judged.ranked[:LOOKED_AT]
    if not own.words or not looked_at or looked_at[0].probability is None:
        return judged
    held = [_held(own, one) for one in looked_at]
    lowered = [_lowered(one, OWN * (max(held) - share)) for one, share in zip(looked_at, held, strict=True)]
    ranked = sorted(lowered, key=lambda one: -one.score)
    return replace(judged, ranked=[*ranked, *judged.ranked[LOOKED_AT:]])


def _held(own: Query, one: Sentence) -> float:
    return coverage(own.words, vocabulary(one.text, one.hit.language))


def _lowered(one: Sentence, odds: float) -> Sentence:
    score = one.score - odds
    return replace(one, score=score, probability=0.5 * (1 + tanh(0.5 * score)))
