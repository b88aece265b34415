"""Documents read back from the index with all that is stored of them, to be stored again elsewhere or otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ingest.embedding.types import SentenceVectors, Vectors
from ingest.errors import StoreError
from ingest.store.index import Index
from ingest.store.records import NO_SENTENCES, Prepared, document_of, passage_id
from ingest.types import Passage, Record

AT_ONCE = 1_000  # passages read in one call


def whole(index: Index, records: Sequence[Record]) -> list[Prepared]:
    """Documents with their passages and vectors. Raises a `StoreError` where something of them is missing."""
    ids = [passage_id(record.id, record.version, n) for record in records for n in range(record.passages)]
    passages: dict[str, Passage] = {}
    vectors: dict[str, Vectors] = {}
    sentences: dict[str, SentenceVectors] = {}
    for first in range(0, len(ids), AT_ONCE):
        batch = ids[first : first + AT_ONCE]
        passages |= {key: passage for key, (passage, _) in index.search.fetch(batch).items()}
        vectors |= index.search.vectors(batch)
        sentences |= index.search.sentence_vectors(batch)
    if missing := set(ids) - (passages.keys() & vectors.keys()):
        raise StoreError(
            f"The index does not hold {len(missing)} of {len(ids)} passages: others have just changed them. Try again."
        )
    return [_prepared(record, passages, vectors, sentences) for record in records]


def _prepared(
    record: Record,
    passages: Mapping[str, Passage],
    vectors: Mapping[str, Vectors],
    sentences: Mapping[str, SentenceVectors],
) -> Prepared:
    ids = [passage_id(record.id, record.version, number) for number in range(record.passages)]
    own = [passages[key] for key in ids]
    return Prepared(
        document=document_of(record, own),
        passages=own,
        vectors=np.stack([vectors[key] for key in ids]),
        sentences=[sentences.get(key, NO_SENTENCES) for key in ids],
        added=record.added,
    )
