"""The reader with the weights of the package: it reads, across languages, and knows when nothing answers."""

from __future__ import annotations

import json
import shutil
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import ReaderUnusable
from assistant.reading.reader import (
    ALONE,
    AMONG_FEW,
    AMONG_MANY,
    CARD,
    FEW,
    WEIGHTS,
    Reader,
    read_weights,
    shipped_reader,
    weights_folder,
)
from ingest.embedding import loading
from ingest.embedding.torch_engine import TorchEngine
from tests.support.hits import hit_of
from tests.support.multilingual import needs_multilingual

pytestmark = needs_multilingual

FERRY = (
    "Die Fähre nach Tarnsay fährt seit Montag wieder. Neun Wochen lang lag sie in der Werft. "
    "Kapitänin Moira Fenwick sagte, der neue Motor verbrauche ein Drittel weniger Treibstoff. "
    "Der Gemeinderat bezahlte in dieser Zeit einen Hubschrauber. Im Winter könnten Stürme sie aufhalten."
)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return shipped_reader()


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Wie lange lag die Fähre in der Werft?", 1),
        ("Who paid for a helicopter?", 3),
        ("Wie viel weniger verbraucht der neue Motor?", 2),
        ("Qu'est-ce qui pourrait arrêter le ferry en hiver ?", 4),
    ],
)
def test_the_answering_sentence_is_first_and_answers(reader: Reader, question: str, answer: int) -> None:
    margins = reader.read(question, [hit_of(FERRY)])["one"]
    assert int(np.argmax(margins)) == answer
    assert margins[answer] > 0


@pytest.mark.parametrize(
    "question",
    ["What does a ticket to Tarnsay cost?", "Wie heißt der Bürgermeister von Hameln?", "When did Rome burn?"],
)
def test_where_nothing_answers_none_is_likelier(reader: Reader, question: str) -> None:
    assert reader.read(question, [hit_of(FERRY)])["one"].max() < 0


def test_fewer_passages_are_read_while_many_ask(reader: Reader) -> None:
    with ExitStack() as asking:
        most = [asking.enter_context(reader.reading()) for _ in range(FEW + 2)]
        assert most == [ALONE, *[AMONG_FEW] * (FEW - 1), AMONG_MANY, AMONG_MANY]
        assert reader.busy
    assert not reader.busy
    with reader.reading() as most_again:
        assert most_again == ALONE


def test_torch_reads_the_same(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where OpenVINO has no wheel, torch runs the same weights."""

    def by_torch(packed: object, number_format: str, adapter: object) -> TorchEngine:
        return TorchEngine(loading.packed_model(), bfloat16=False, adapter=adapter)  # type: ignore[arg-type]

    monkeypatch.setattr("assistant.reading.reader.engine_of", by_torch)
    other = Reader(read_weights(weights_folder()))
    for question in ("Who paid for a helicopter?", "What does a ticket cost?"):
        own, torch = (
            reader.read(question, [hit_of(FERRY)])["one"],
            other.read(question, [hit_of(FERRY)])["one"],
        )
        assert np.abs(own - torch).max() < 1.0
        assert int(np.argmax(own)) == int(np.argmax(torch))


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    source = Path(str(weights_folder()))
    for name in (WEIGHTS, CARD):
        shutil.copy(source / name, tmp_path / name)
    data = bytearray((tmp_path / WEIGHTS).read_bytes())
    data[-1] ^= 1
    (tmp_path / WEIGHTS).write_bytes(data)
    with pytest.raises(ReaderUnusable, match="ASSISTANT_READER=none"):
        read_weights(tmp_path)
    assert json.loads((tmp_path / CARD).read_text())["sha256"]
