"""Which of the sentences that may answer a question disagree, as answers tell it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from assistant.answering.disagreement import opposed
from assistant.answering.evidence import Sentence
from assistant.language.lexicon import shipped
from assistant.retrieval.query import understand
from tests.support.hits import hit_of


def sentence(text: str, name: str, day: date, probability: float) -> Sentence:
    found = hit_of(text, name)
    document = replace(found.document, title="Velmar", published=day)
    return Sentence(
        text=text,
        start=0,
        end=len(text),
        hit=replace(found, document=document),
        before="",
        after="",
        probability=probability,
    )


BRIDGE = sentence(
    "Die Sanierung der Brücke in Velmar kostet 4,5 Millionen Euro.", "one", date(2026, 3, 10), 0.3
)
DEARER = sentence(
    "Die Sanierung der Brücke in Velmar kostet inzwischen 6,2 Millionen Euro.", "two", date(2026, 3, 20), 0.3
)
PIER = sentence("Die Sanierung des Anlegers in Velmar kostet 300.000 Euro.", "three", date(2026, 4, 1), 0.6)


def sides(question: str, *ranked: Sentence) -> set[str]:
    query = understand(question, ("de",), shipped(), "de")
    found = opposed(query, ranked, lambda document: document, shipped())
    return {side.sentence.hit.document.id for side in found.sides} if found else set()


def test_what_the_best_sentence_is_not_about_is_not_told_as_a_disagreement() -> None:
    assert sides("Was kostet die Sanierung der Brücke in Velmar?", BRIDGE, DEARER, PIER) == {"one", "two"}
    assert sides("Was kostet die Sanierung des Anlegers in Velmar?", PIER, BRIDGE, DEARER) == set()
