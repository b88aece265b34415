"""The training on a small set: it learns, it learns the same again, and it keeps apart what must stay apart."""

from __future__ import annotations

import json
import random
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch

from assistant.reading.inputs import ReaderInput, reader_input
from assistant.reading.reader import Reader
from ingest.embedding.loading import packed_model, packed_tokenizer
from tests.support.hits import hit_of
from tests.support.multilingual import needs_multilingual
from training.examples import Example, joined, own_texts, squad2, xquad_pairs
from training.loop import train
from training.mixing import varied
from training.model import ReaderModel, exported, loss_of

pytestmark = needs_multilingual


LINES = [
    "Die Fähre fährt seit Montag wieder.",
    "Den Hubschrauber bezahlte der Gemeinderat.",
    "Im Mai regnete es.",
]


def example(question: str, *answers: int) -> Example:
    text, spans = joined(LINES, " ")
    return Example(
        question=question, title="Fähre", text=text, sentences=spans, answers=frozenset(answers), group="g"
    )


EXAMPLES = [
    example("Who paid for the helicopter?", 1),
    example("Seit wann fährt die Fähre?", 0),
    example("What does a ticket cost?"),
    example("Wie war das Wetter im Mai?", 2),
]


def row(one: Example) -> ReaderInput:
    return reader_input(packed_tokenizer(packed_model()), one.question, one.title, one.text, one.sentences)


def learned(steps: int) -> ReaderModel:
    torch.manual_seed(3)
    model = ReaderModel(packed_model(), torch.float32)
    train(model, EXAMPLES * 2 * steps, row, seed=3)
    return model


def loss(model: ReaderModel) -> float:
    model.eval()
    with torch.inference_mode():
        scores = model([row(one) for one in EXAMPLES])
    return sum(
        loss_of(own, sorted(one.answers)).item() for own, one in zip(scores, EXAMPLES, strict=True)
    ) / len(EXAMPLES)


@pytest.fixture(scope="module")
def trained() -> ReaderModel:
    return learned(12)


def test_what_was_shown_is_learned(trained: ReaderModel) -> None:
    untrained = ReaderModel(packed_model(), torch.float32)
    assert loss(trained) < 0.7 * loss(untrained)


def test_the_same_seed_learns_the_same() -> None:
    first, second = (exported(learned(2).learned()) for _ in range(2))
    assert first.keys() == second.keys()
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_the_product_reads_with_what_was_learned(trained: ReaderModel) -> None:
    """The weights as they are written down, run by the product's engine, give the scores of the training."""
    reader = Reader({name: tensor.numpy() for name, tensor in exported(trained.learned()).items()})
    one = EXAMPLES[0]
    with torch.inference_mode():
        scores = trained([row(Example(**{**_fields(one), "title": ""}))])[0]
    expected = (scores[1:] - scores[0]).numpy()
    margins = reader.read(one.question, [hit_of(one.text)])["one"]
    assert margins == pytest.approx(expected, abs=0.6)


def _fields(one: Example) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__slots__}


def test_the_texts_written_for_it_are_labelled_by_their_own_sentences() -> None:
    examples = own_texts()
    assert len(examples) > 1_500
    unanswered = sum(not one.answers for one in examples) / len(examples)
    assert 0.3 < unanswered < 0.5
    assert all(number < len(one.sentences) for one in examples for number in one.answers)
    assert all(one.text[span.start : span.end].strip() for one in examples for span in one.sentences)


def test_a_paragraph_or_question_of_xquad_is_left_out_of_squad(tmp_path: Path) -> None:
    def written(name: str, paragraphs: list[dict[str, Any]]) -> None:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({"data": [{"title": "A_b", "paragraphs": paragraphs}]}), "utf-8")

    def paragraph(text: str, *identities: str) -> dict[str, Any]:
        answer = {"text": text.split()[0], "answer_start": 0}
        return {
            "context": text,
            "qas": [
                {"id": one, "question": "Who?", "answers": [answer], "is_impossible": False}
                for one in identities
            ],
        }

    for code in ("de", "en", "es", "ru", "tr"):
        written(
            f"xquad/xquad.{code}.json", [paragraph("Ada wrote. Bo read.", "1"), paragraph("Cy sang.", "2")]
        )
    written(
        "squad2/dev-v2.0.json",
        [
            paragraph("Ada  wrote. Bo read.", "7"),
            paragraph("Di drew.", "2", "8"),
            paragraph("Ed ran. Flo hid.", "9"),
        ],
    )
    assert [one.text for one in squad2(tmp_path)] == ["Ed ran. Flo hid."]
    pairs = xquad_pairs(tmp_path, range(1), random.Random(0))
    assert len(pairs) == 2 * 2 * 25
    assert sum(bool(one.answers) for one in pairs) == 50


def test_a_name_that_was_exchanged_leaves_no_answer() -> None:
    one = example("What did the helicopter over Gemeinderat cost?", 1)
    others = [example("Why did Oberursel pay?", 1)]
    questions = {varied(one, random.Random(seed), others).question for seed in range(300)}
    exchanged = [
        changed
        for seed in range(300)
        for changed in [varied(one, random.Random(seed), others)]
        if "oberursel" in changed.question.lower() and "(" not in changed.question  # those only carry it over
    ]
    assert exchanged
    assert len(questions) > 1
    assert all(not changed.answers for changed in exchanged)
    assert partial(varied, one, random.Random(1), others)().text == one.text
