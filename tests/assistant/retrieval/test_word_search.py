"""Words and phrases, found word for word at every place where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import BadQuestion
from assistant.retrieval import word_search
from assistant.retrieval.word_search import WordHits, find_words
from assistant.types import Filters
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.pipeline import prepare
from ingest.store.index import Index
from ingest.text.wording import words_in
from ingest.types import Document, document_id


@pytest.fixture
def index(tmp_path: Path, tiny_embedder: SentenceTransformerEmbedder) -> Iterator[Index]:
    index = Index.open(tmp_path / "data", tiny_embedder)
    yield index
    index.close()


def put(index: Index, embedder: SentenceTransformerEmbedder, name: str, text: str) -> str:
    document = Document(
        id=document_id(name),
        source=name,
        title=name,
        text=text,
        published=None,
        authors=(),
        language="en",
        media_type="text/plain",
        sha256="0" * 64,
    )
    index.put([prepare(document, embedder)])
    return document.id


def quoted(found: WordHits) -> list[str]:
    return [hit.text for hit in found.hits]


HARBOUR = (
    "Dredging began in May. The channel is eighty metres wide, and Mayor Müller paid 12.5 million.\n\n"
    "In autumn the dredg-\ning of the inner basin follows. “Eighty\nMetres”, said Ms O’Neill, “is enough.”\n"
)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('"eighty metres"', ["eighty metres", "Eighty\nMetres"]),
        ("„Eighty  metres“", ["eighty metres", "Eighty\nMetres"]),
        ('"eighty metres', ["eighty metres", "Eighty\nMetres"]),
        ("dredging", ["Dredging", "dredg-\ning"]),
        ('"the dredging of"', ["the dredg-\ning of"]),
        ("mueller", ["Müller"]),
        ("MÜLLER", ["Müller"]),
        ("muller", ["Müller"]),
        ("O'Neill", ["O’Neill"]),
        ("12.5", ["12.5"]),
        ("5", []),
        ("12", []),
        ("eight", []),
        ('"metres eighty"', []),
        ("Mayor wide", ["wide, and Mayor"]),
        (
            "enough autumn",
            [
                "autumn the dredg-\ning of the inner basin follows. “Eighty\nMetres”, said Ms O’Neill, “is enough"
            ],
        ),
        ("wide harbour", []),
        ("Miller", []),
    ],
)
def test_what_is_found(
    index: Index, tiny_embedder: SentenceTransformerEmbedder, query: str, expected: list[str]
) -> None:
    key = put(index, tiny_embedder, "harbour.txt", HARBOUR)
    found = find_words(index, query)
    assert quoted(found) == expected
    assert all(HARBOUR[hit.start : hit.end] == hit.text and hit.document.id == key for hit in found.hits)
    assert (found.total, found.documents, found.counted) == (len(expected), bool(expected), True)


@pytest.mark.parametrize("query", ['""', "", "… – ,", " ".join(f"word{number}" for number in range(33))])
def test_what_cannot_be_looked_for_is_refused(index: Index, query: str) -> None:
    with pytest.raises(BadQuestion):
        find_words(index, query)


def test_the_words_around_a_hit_are_those_of_the_text(
    index: Index, tiny_embedder: SentenceTransformerEmbedder
) -> None:
    text = " ".join(f"word{number}" for number in range(2_000))
    put(index, tiny_embedder, "words.txt", text)
    (hit,) = find_words(index, "word1000").hits
    before, after = hit.before.removeprefix("… "), hit.after.removesuffix(" …")
    assert text[hit.start - len(before) : hit.end + len(after)] == f"{before}word1000{after}"
    assert len(before) <= word_search.AROUND
    assert len(after) <= word_search.AROUND


def test_a_document_that_has_the_words_far_apart_comes_last(
    index: Index, tiny_embedder: SentenceTransformerEmbedder
) -> None:
    filling = "So it goes on and on. " * 200
    near = put(index, tiny_embedder, "near.txt", "The keel is here.")
    far = put(index, tiny_embedder, "far.txt", f"A keel. {filling} The keel. {filling} Here, a mast; a keel.")
    apart = put(index, tiny_embedder, "apart.txt", f"A mast here. {filling} A keel there, and another keel.")
    found = find_words(index, "keel here")
    assert [(hit.document.id, hit.text) for hit in found.hits] == [
        (far, "Here, a mast; a keel"),
        (near, "keel is here"),
        (apart, "here"),
        (apart, "keel"),
    ]
    assert (found.total, found.documents) == (4, 3)


def test_very_many_hits_are_counted_so_far_and_all_can_be_reached(
    index: Index, tiny_embedder: SentenceTransformerEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word_search, "COUNTED", 30)
    for name in "abc":
        put(index, tiny_embedder, f"{name}.txt", "Ahoy there, ship. " * 25)
    found = find_words(index, "ahoy")
    assert (found.total, found.documents, found.counted) == (30, 3, False)
    pages = [find_words(index, "ahoy", offset=offset).hits for offset in range(0, 90, 20)]
    assert [len(page) for page in pages] == [20, 20, 20, 15, 0]
    assert len({(hit.document.id, hit.start) for page in pages for hit in page}) == 75


def test_days_and_what_fits_restrict(index: Index, tiny_embedder: SentenceTransformerEmbedder) -> None:
    for name in ("one", "two"):
        put(index, tiny_embedder, name, "A ship.")
    found = find_words(index, "ship", fits=lambda record: record.source == "two")
    assert [hit.document.source for hit in found.hits] == ["two"]
    found = find_words(index, "ship", Filters(published_from=date(2024, 1, 1)))
    assert (found.total, found.undated_left_out) == (0, 2)


def test_what_replaces_a_document_is_found_and_what_it_said_is_not(
    index: Index, tiny_embedder: SentenceTransformerEmbedder
) -> None:
    put(index, tiny_embedder, "a.txt", "The old keel.")
    key = put(index, tiny_embedder, "a.txt", "The new rudder.")
    assert find_words(index, "keel").total == 0
    assert quoted(find_words(index, '"new rudder"')) == ["new rudder"]
    index.remove([key])
    assert find_words(index, "rudder").total == 0


# Words, some of them very long or often the same, so that phrases go across the borders of passages.
PIECES = (
    "wave ",
    "Wave, ",
    "oar. ",
    "déjà ",
    "tide-\nrip ",
    "x" * 70 + " ",
    "\n\n",
    "„sail“ ",
    "12.5 ",
    "船 ",
    "a ",
)


@pytest.fixture(scope="module")
def kept(
    tmp_path_factory: pytest.TempPathFactory, tiny_embedder: SentenceTransformerEmbedder
) -> Iterator[Index]:
    index = Index.open(tmp_path_factory.mktemp("kept") / "data", tiny_embedder)
    yield index
    index.close()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=400), st.data())
def test_every_run_of_whole_words_is_found_at_its_place(
    kept: Index, tiny_embedder: SentenceTransformerEmbedder, pieces: list[str], data: st.DataObject
) -> None:
    text = "".join(pieces)
    words = words_in(text)
    if not words:
        return
    key = put(kept, tiny_embedder, "sea.txt", text)
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, min(first + 60, len(words) - 1)))
    phrase = " ".join(word.text for word in words[first : last + 1])
    found: set[tuple[int, int]] = set()
    offset = 0
    while hits := find_words(kept, f'"{phrase}"', limit=100, offset=offset).hits:
        found |= {(hit.start, hit.end) for hit in hits}
        assert all(hit.document.id == key and text[hit.start : hit.end] == hit.text for hit in hits)
        offset += 100
    assert (words[first].start, words[last].end) in found
