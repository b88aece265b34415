"""Rows for the reader: every sentence is where it should be among the tokens."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from assistant.reading.inputs import MOST, MOST_QUESTION, reader_input
from ingest.embedding.loading import packed_model, packed_tokenizer
from ingest.embedding.packed_tokenizer import PackedTokenizer
from ingest.text.sentences import Span, trimmed_sentences
from tests.support.multilingual import needs_multilingual
from tests.support.pieces import piece_texts

pytestmark = needs_multilingual


TEXT = "Die Brücke bleibt gesperrt. Im März fährt eine Fähre! Sie kostet 2 Euro."


@pytest.fixture(scope="module")
def tokenizer() -> PackedTokenizer:
    return packed_tokenizer(packed_model())


@pytest.fixture(scope="module")
def pieces() -> list[str]:
    return piece_texts(packed_model())


def plain(pieces: list[str], ids: list[int]) -> str:
    return "".join(pieces[token] for token in ids).replace("▁", " ").strip()


def test_a_sentence_has_its_own_tokens(tokenizer: PackedTokenizer, pieces: list[str]) -> None:
    row = reader_input(tokenizer, "Was kostet die Fähre?", "Hameln", TEXT, trimmed_sentences(TEXT, "de"))
    texts = [plain(pieces, row.ids[start:stop]) for start, stop in row.sentences]
    assert texts == ["Die Brücke bleibt gesperrt.", "Im März fährt eine Fähre!", "Sie kostet 2 Euro."]
    assert plain(pieces, row.ids[slice(*row.question)]) == "query: Was kostet die Fähre?"


def test_what_is_too_long_is_cut_and_has_no_tokens(tokenizer: PackedTokenizer) -> None:
    text = "Ein Satz von Herrn Olbricht. " * 200
    spans = trimmed_sentences(text, "de")
    row = reader_input(tokenizer, "Wer? " * 300, "Titel " * 100, text, spans)
    assert len(row.ids) == MOST
    assert row.question[1] - row.question[0] == MOST_QUESTION
    assert row.sentences[0][1] > row.sentences[0][0]
    assert row.sentences[-1] == (0, 0)


def test_the_end_of_a_long_question_is_read(tokenizer: Any) -> None:
    preamble = "Ich lese seit Jahren alles über die Schifffahrt an der Weser und wundere mich. " * 12
    rows = [
        reader_input(tokenizer, preamble + question, "", TEXT, trimmed_sentences(TEXT, "de"))
        for question in ("Was kostet die Fähre?", "Wer hat sie gebaut?")
    ]
    assert rows[0].ids != rows[1].ids
    assert rows[0].question[1] - 1 == MOST_QUESTION


@hypothesis(max_examples=60)
@given(question=st.text(max_size=80), title=st.text(max_size=40), text=st.text(max_size=400))
def test_ranges_lie_in_the_row_and_do_not_overlap(
    tokenizer: PackedTokenizer, question: str, title: str, text: str
) -> None:
    spans = trimmed_sentences(text, "en") or (Span(0, len(text)),)
    row = reader_input(tokenizer, question, title, text, spans)
    assert len(row.sentences) == len(spans)
    ranges = [(start, stop) for start, stop in row.sentences if stop > start]
    assert ranges == sorted(ranges)
    assert all(stop <= later for (_, stop), (later, _) in pairwise(ranges))
    assert all(row.question[1] < start and stop < len(row.ids) for start, stop in ranges)
