"""Many questions compared with a text at once: nothing that one of them has in common with it is passed over."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.language.lexicon import shipped
from assistant.language.matching import coverage, vocabulary
from assistant.retrieval.query import Query, understand
from assistant.standing.candidates import AskedWords, words_of
from tests.support.stored_texts import HARD_TEXTS

QUESTIONS = [
    "Wo nisten die Störche von Linum?",
    "Was sagte der Rat über das neue Haus?",
    "How long is the bridge over the river?",
    "Wie viel kostet die Fähre 2025 in Euro?",
    "Who chairs the town council?",
    "Wie hoch ist die Summe in Berlin-Mitte?",
    "Какие мосты есть в мире?",
    "What was said about 12.5 and TeX?",
    "Und?",
]
ASKED: list[Query] = [understand(one, ["de", "en"], shipped()) for one in QUESTIONS]
TEXTS = [
    *HARD_TEXTS.values(),
    "The town council met in the town hall. Its chair, Ann Weir, spoke of 12.5 million euros for the bridges.",
    "Der Stadtrat von Linum beriet 2025 über die Storchennester auf dem Hausdach und die Fährpreise.",
]


@settings(max_examples=60)
@given(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=3), st.sampled_from(["de", "en", ""]))
def test_a_text_has_no_more_of_a_question_than_it_may_have(pieces: list[str], language: str) -> None:
    text = vocabulary("\n".join(pieces), language)
    most = AskedWords([words_of(one) for one in ASKED]).most_covered(text)
    for share, query in zip(most, ASKED, strict=True):
        assert coverage(query.words, text) <= share + 1e-6, query.text


def test_a_text_of_something_else_may_have_little() -> None:
    text = vocabulary("Owls turn their heads around to look at what is behind them.", "en")
    most = AskedWords([words_of(one) for one in ASKED]).most_covered(text)
    assert most.max() < 0.5
    assert AskedWords([]).most_covered(text).size == 0
