"""Citations are numbered as they appear, and source text never passes for one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.citations import (
    Misquote,
    markers,
    numbered,
    parts,
    unmarked,
    verified,
    without_markers,
)
from assistant.types import Citation, Statement
from ingest.types import Passage, Record

TEXT = "Der Fluss steigt. Die Brücke ist gesperrt [3]. Niemand wurde verletzt."


def record() -> Record:
    return Record(
        id="d",
        version="v",
        source="d.txt",
        title="D",
        published=None,
        authors=(),
        language="de",
        media_type="text/plain",
        sha256="",
        page_starts=(),
        passages=1,
        characters=len(TEXT),
        added=datetime.now(UTC),
    )


def citation(number: int, start: int, end: int, quote: str | None = None) -> Citation:
    passage = Passage(id="d-0", document_id="d", text=TEXT, start=0, end=len(TEXT), page=None, heading="")
    return Citation(
        number=number,
        quote=TEXT[start:end] if quote is None else quote,
        start=start,
        end=end,
        passage=passage,
        document=record(),
    )


def test_a_quote_that_is_not_what_the_document_says_is_never_shown() -> None:
    verified([citation(1, 0, 17)], lambda record: TEXT)
    with pytest.raises(Misquote):
        verified([citation(1, 0, 17, quote="Der Fluss sinkt. ")], lambda record: TEXT)


@given(st.lists(st.lists(st.integers(1, 6), max_size=3), max_size=5))
def test_numbers_are_1_to_n_in_order_of_appearance(cited: list[list[int]]) -> None:
    statements = [Statement(text="s", citations=tuple(numbers), supported="yes") for numbers in cited]
    renumbered, kept = numbered(statements, [citation(n, n, n + 1) for n in (2, 4, 1, 3)])
    shown = [n for statement in renumbered for n in statement.citations]
    assert list(dict.fromkeys(shown)) == list(range(1, len(kept) + 1))
    assert [one.number for one in kept] == list(range(1, len(kept) + 1))


@given(st.text(alphabet="[]0123456789, ab\n"))
def test_source_text_has_no_markers_left_and_looks_the_same(text: str) -> None:
    neutral = without_markers(text)
    assert markers(neutral) == ()
    assert neutral.replace("\u2060", "") == text


def test_a_text_is_parted_at_its_markers() -> None:
    text = "It is so [1][2], and so [1, 3]. Not [so]."
    assert list(parts(text)) == ["It is so ", (1,), (2,), ", and so ", (1, 3), ". Not [so]."]
    assert markers(text) == (1, 2, 3)
    assert unmarked(text) == "It is so, and so. Not [so]."
