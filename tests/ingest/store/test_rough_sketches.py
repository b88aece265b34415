"""Rough sketches tell apart only documents that their texts would tell apart too."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ingest.store.rough_sketches import RoughSketch
from ingest.store.stories import Sketch, link_strength, may_be_linked
from ingest.text.shared_wording import shared_facts, shared_numbers, shared_sentences, wording_of
from tests.ingest.store.test_stories import FLOOD, STRIKE

POOL = (
    *FLOOD,
    *STRIKE,
    "Queues form at 6 a.m. on Sundays, says Dan Merrill. ",
    "Es gibt 4 Öfen. ",
    "7 8 9",
    "",
)
TEXTS = st.lists(st.sampled_from(POOL), max_size=7)


@given(TEXTS, TEXTS, st.floats(0.6, 1.0), st.booleans())
def test_what_is_told_apart_is_linked_by_no_means(
    one: list[str], other: list[str], cosine: float, near: bool
) -> None:
    wordings = [wording_of(sentences) for sentences in (one, other)]
    roughs = [RoughSketch.from_bytes(RoughSketch.of(wording).to_bytes()) for wording in wordings]
    (wording, other_wording), (rough, other_rough) = wordings, roughs
    assert rough.size == wording.size
    assert rough.most_sentences(other_rough) >= shared_sentences(wording, other_wording) - 1e-9
    assert rough.most_facts(other_rough) >= shared_facts(wording, other_wording)
    assert rough.most_numbers(other_rough) >= shared_numbers(wording, other_wording)
    vectors = np.ones((1, 3), dtype=np.float32) if near else None
    first, second = (
        Sketch(language="en", text_version=name, published=None, wording=wording, vectors=vectors)
        for name, wording in zip("ab", wordings, strict=True)
    )
    if link_strength(first, second, cosine, (0.7, 0.08)) > 0:
        assert may_be_linked(rough, other_rough, 0)
        assert may_be_linked(other_rough, rough, 0)


def test_nearly_all_that_is_about_something_else_is_told_apart() -> None:
    flood, strike = (RoughSketch.of(wording_of(text)) for text in (FLOOD, STRIKE))
    assert not may_be_linked(flood, strike, 0)
    assert may_be_linked(flood, RoughSketch.of(wording_of(FLOOD[:4])), 0)
