"""Words and phrases, found word for word at every place where they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.retrieval.word_search import WordHits, find_words
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.pipeline import prepare
from ingest.store.index import Index
from ingest.types import Document, document_id

Put = Callable[..., str]


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
