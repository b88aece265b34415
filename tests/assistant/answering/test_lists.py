"""A sentence that announces a list is quoted with the list."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answering.lists import LONGEST_ITEM, LONGEST_LIST, announces, is_called, item_end, list_end
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

MINUTES = """# Minutes of the rowing club

Present: Ida Lund, Per Holt.

1. Boats. The old four leaks. Per will ask what a repair costs.

2. Otters. Ida reported that a family of otters lives below the jetty. It was agreed to leave the ladder up until June.
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


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("2. Bees. Three hives may be placed.", "2. Bees."),
        ("Before.\n\n(3) Waiting list for plots: 29 people wait.", "(3) Waiting list for plots:"),
        ("**Wasser.** Der Hahn tropft.", "Wasser."),
        ("- a) Geld. Es reicht.", "a) Geld."),
        ("TOP 4: Haushalt. Er wurde vertagt.", "TOP 4: Haushalt."),
    ],
)
def test_what_an_item_is_called(text: str, called: str) -> None:
    start = text.index(called)
    assert is_called(text, start, start + len(called))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2. Bees.\n\n3. Money.", "2. Bees."),  # nothing follows
        ("It rained. Ida left. Nobody cared.", "Ida left."),  # within a paragraph
        (
            "2. The bees may be placed behind the orchard. Signs are put up.",
            "2. The bees may be placed behind the orchard.",
        ),
        ("Three hives came. They stay.", "Three hives came."),
    ],
)
def test_a_sentence_is_more_than_what_an_item_is_called(text: str, sentence: str) -> None:
    start = text.index(sentence)
    assert not is_called(text, start, start + len(sentence))


def test_a_long_item_ends_with_its_next_sentence() -> None:
    text = "1. Boats. They leak badly. " + "All of them are old. " * 60
    assert text[9 : item_end(text, 9, "en")].strip() == "They leak badly."
    short = text[: LONGEST_ITEM // 2]
    assert item_end(short, 9, "en") == len(short.rstrip())


def test_an_answer_is_never_only_what_an_item_is_called(
    tmp_path: Path, embedder: SentenceTransformerEmbedder
) -> None:
    assistant = Assistant(Index.open(tmp_path / "data", embedder), embedder)
    add_texts(assistant, tmp_path, {"minutes.md": MINUTES})
    answer = assistant.ask("What about the otters?")
    assistant.close()
    assert not answer.refused
    for citation in answer.citations:
        assert "otters lives below the jetty" in citation.quote or "ladder" in citation.quote
