"""Passages partition a document, and none is longer than the model reads."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.text.chunking import embedded_texts, split
from ingest.text.sentences import sentence_spans
from ingest.types import Document, Heading

TEXT = st.text(
    alphabet=st.one_of(
        st.characters(codec="utf-8"), st.sampled_from(" \n\t.!?\"'„“»«,;:-()[]0123456789abcäöüßABC")
    ),
    min_size=1,
    max_size=600,
)


def document(text: str, headings: Sequence[int] = (), pages: Sequence[int] = ()) -> Document:
    return Document(
        id="d",
        source="d.txt",
        title="Title",
        text=text,
        published=None,
        authors=(),
        language="de",
        media_type="text/plain",
        sha256="0" * 64,
        page_starts=tuple(pages),
        headings=tuple(Heading(start=start, text=f"Heading {start}") for start in headings),
    )


def rough_tokens(texts: Sequence[str]) -> list[int]:
    """A stand-in as strict as word pieces: every mark and every three letters cost one."""
    return [2 + sum((len(word) + 2) // 3 for word in re.findall(r"\w+|[^\w\s]", text)) for text in texts]


@given(TEXT)
def test_sentences_partition_the_text(text: str) -> None:
    spans = sentence_spans(text, "de")
    assert "".join(text[span.start : span.end] for span in spans) == text
    assert all(one.end == two.start for one, two in pairwise(spans))


@given(TEXT, st.integers(16, 64), st.lists(st.integers(0, 600), max_size=4))
def test_passages_partition_the_text_within_the_window(text: str, window: int, marks: list[int]) -> None:
    starts = sorted({mark for mark in marks if mark < len(text)})
    passages = split(document(text, headings=starts, pages=[0, *starts]), rough_tokens, window)
    assert "".join(passage.text for passage in passages) == text
    assert all(text[passage.start : passage.end] == passage.text for passage in passages)
    assert len({passage.id for passage in passages}) == len(passages)
    assert all(tokens <= window for tokens in rough_tokens([passage.text for passage in passages]))
    forms = [form.text for form in embedded_texts("Title", passages, rough_tokens, window)]
    assert all(tokens <= window for tokens in rough_tokens(forms))
    assert all(passage.text.strip() in form for passage, form in zip(passages, forms, strict=True))


def test_the_real_model_reads_every_passage_whole(embedder: SentenceTransformerEmbedder) -> None:
    text = "Donaudampfschifffahrtsgesellschaftskapitän " * 60 + "\n\n" + "语言模型。" * 300 + "a" * 3000
    passages = split(document(text), embedder.count_tokens, embedder.max_tokens)
    assert "".join(passage.text for passage in passages) == text
    forms = [
        form.text
        for form in embedded_texts("Ein Titel", passages, embedder.count_tokens, embedder.max_tokens)
    ]
    assert max(embedder.count_tokens(forms)) <= embedder.max_tokens


def test_passages_end_at_sentences_and_stay_within_sections() -> None:
    first = "Der erste Satz ist kurz. " * 6
    second = "Der zweite Abschnitt beginnt hier. " * 6
    passages = split(document(first + second, headings=[0, len(first)]), rough_tokens, 64)
    assert all(passage.text.rstrip().endswith(".") for passage in passages)
    assert any(passage.start == len(first) for passage in passages)
    assert {passage.heading for passage in passages} == {"Heading 0", f"Heading {len(first)}"}


def test_a_passage_within_a_table_knows_the_names_of_its_columns() -> None:
    rows = "".join(f"Town {number} | {number * 7} | {number % 9}\n" for number in range(60))
    text = f"Towns\n\nTown | People | Bridges\n{rows}\nA note below the table, which has no columns."
    passages = split(document(text, headings=[0]), rough_tokens, 128)
    inner = [passage for passage in passages if passage.columns]
    assert len(inner) > 3
    assert {(passage.section, passage.columns) for passage in inner} == {
        ("Heading 0", "Town | People | Bridges")
    }
    assert not passages[0].columns
    forms = [form.text for form in embedded_texts("Title", passages, rough_tokens, 128)]
    assert all(
        form.startswith("Title\nHeading 0\nTown | People | Bridges\nTown ")
        for passage, form in zip(passages, forms, strict=True)
        if passage.columns
    )


def test_a_passage_knows_its_page() -> None:
    text = "Seite eins hat einen Satz. " * 12 + "Seite zwei hat auch einen. " * 12
    passages = split(document(text, pages=[0, text.index("Seite zwei")]), rough_tokens, 64)
    assert passages[0].page == 1
    assert passages[-1].page == 2
