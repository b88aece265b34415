"""A follow-up is answered by the sentence that has its own words, not by the one with the words taken over."""

from __future__ import annotations

from assistant.answering.evidence import Sentence
from assistant.answering.followups import for_own_words
from assistant.answering.judging import JudgedSentences
from assistant.language.lexicon import shipped
from assistant.retrieval.query import understand
from tests.support.hits import hit_of

TICKET, CHILE = "A look through it costs twelve dollars.", "A similar one in Chile costs them nothing."


def sentence(text: str, score: float, probability: float | None = 0.5) -> Sentence:
    return Sentence(
        text=text, start=0, end=1, hit=hit_of(text), before="", after="", score=score, probability=probability
    )


def ranked(question: str, *sentences: Sentence) -> list[str]:
    judged = JudgedSentences(ranked=sentences, answered=0.7)
    own = understand(question, ("en",), shipped(), "en")
    after = for_own_words(judged, own)
    assert after.answered == 0.7
    return [one.text for one in after.ranked]


def test_its_own_words_count_more() -> None:
    both = sentence(TICKET, 1.0), sentence(CHILE, -0.5)
    assert ranked("And in Chile?", *both) == [CHILE, TICKET]
    assert ranked("And in Spain?", *both) == [TICKET, CHILE]
    assert ranked("And how much?", *both) == [TICKET, CHILE]


def test_they_do_not_count_for_everything_and_nothing_is_changed_without_the_reader() -> None:
    assert ranked("And in Chile?", sentence(TICKET, 4.0), sentence(CHILE, -0.5)) == [TICKET, CHILE]
    unread = sentence(TICKET, 1.0, None), sentence(CHILE, 0.5, None)
    assert ranked("And in Chile?", *unread) == [TICKET, CHILE]
    assert ranked("And in Chile?") == []
