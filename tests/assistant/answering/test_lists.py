"""A sentence that announces a list is quoted with the list."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answering.lists import LONGEST_LIST, announces, list_end
from assistant.core import Assistant
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.store.index import Index
from tests.support.documents import add_texts

REPORT = """# Ferry complaints

The council read 214 letters. Passengers of the ferry complained most often about three things:

- boats that leave early
- cold cabins
- the price of tea

The council will answer them in May.
"""


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("Drei Gründe:\n\n- einer\n- zwei\n\nDanach.", "\n\n- einer\n- zwei"),
        ("Steps:\n1. wash\n2. dry\nThen rest.", "\n1. wash\n2. dry"),
        ("Items:\n\n• one\n\n• two", "\n\n• one\n\n• two"),
        ("Er sagte:\n\nNein.", ""),
        ("Er sagte: - so war es.", ""),
    ],
)
def test_the_list_that_follows(text: str, listed: str) -> None:
    end = text.index(":") + 1
    assert announces(text[:end])
    assert text[end : list_end(text, end)] == listed


def test_a_long_list_is_cut_after_a_whole_item() -> None:
    text = "All:\n" + "\n".join(f"- item {number} with some words" for number in range(200))
    end = list_end(text, 4)
    assert 4 < end <= 4 + LONGEST_LIST
    assert text[end] == "\n"


def test_an_answer_has_the_list(tmp_path: Path, embedder: SentenceTransformerEmbedder) -> None:
    assistant = Assistant(Index.open(tmp_path / "data", embedder), embedder)
    add_texts(assistant, tmp_path, {"ferry.md": REPORT})
    answer = assistant.ask("What did passengers of the ferry complain about most often?")
    assistant.close()
    assert answer.citations[0].quote.endswith("the price of tea")
    assert "- cold cabins" in answer.citations[0].quote
