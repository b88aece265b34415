"""Quotes from interviews begin with who speaks."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answering.turns import turn_start
from assistant.core import Assistant
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.store.index import Index
from tests.support.documents import add_texts

INTERVIEW = """# Two views of the dam

**Ms Okafor, is the dam safe?**

Okafor: Yes. The concrete was tested in March, and the results were better than anyone hoped.

**Mr Brandt, would you live below it?**

Brandt: Not for long. My grandfather drowned in that valley.
"""


@pytest.mark.parametrize(
    ("text", "words", "label"),
    [
        ("Okafor: Yes. The concrete was tested.", "The concrete", "Okafor:"),
        ("Intro.\nDr. Jana Koch (SPD): Wir warten. Es eilt nicht.", "Es eilt", "Dr. Jana Koch (SPD):"),
        ("- FRAGE: Warum?\n- ANTWORT: Darum. So ist es.", "So ist", "ANTWORT:"),
    ],
)
def test_the_label_of_a_turn_is_found(text: str, words: str, label: str) -> None:
    start = turn_start(text, text.index(words))
    assert start is not None
    assert text[start:].startswith(label)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Okafor: Yes.\n\nThe concrete was tested.", "The concrete"),  # another paragraph
        ("At 10:30 they left. It rained.", "It rained"),
        ("She said: no. It rained.", "It rained"),
        ("The mayor of the small town on the river said: no. It rained.", "It rained"),
        ("Okafor: Yes.", "Okafor"),
    ],
)
def test_other_paragraphs_have_none(text: str, words: str) -> None:
    assert turn_start(text, text.index(words)) is None


def test_a_quote_says_who_speaks(tmp_path: Path, embedder: SentenceTransformerEmbedder) -> None:
    assistant = Assistant(Index.open(tmp_path / "data", embedder), embedder)
    add_texts(assistant, tmp_path, {"dam.md": INTERVIEW})
    answer = assistant.ask("When was the concrete of the dam tested?")
    assistant.close()
    assert answer.citations[0].quote.startswith("Okafor: Yes. The concrete was tested in March")
    assert not any("?" in citation.quote for citation in answer.citations)
