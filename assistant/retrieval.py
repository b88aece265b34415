"""Hybrid retrieval: by meaning and by spelling, fused as a sum of standardised scores.

Each half's scores are standardised against how the query scores over passages at large,
z = (score - mean) / deviation, estimated from a sample; then z_lexical + weight * z_dense.
Scores are fused, not ranks: a rank forgets by how much the first beats the second.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from assistant.query import Query
from assistant.types import Filters, Hit
from ingest.embedding import Embedder, Vectors
from ingest.index import Index
from ingest.lexical import Background, Term

POOL = 100
# A collection of a few passages says little about how far scores scatter: it is blended with
# what a typical collection shows, counted as this many passages.
PRIOR_PASSAGES = 40
PRIOR_DENSE = (0.10, 0.09)
PRIOR_LEXICAL = (2.0, 3.0)

Ranked = Sequence[tuple[str, float]]
Score = Callable[[Sequence[str]], Mapping[str, float]]


def retrieve(
    query: Query, index: Index, embedder: Embedder, limit: int, filters: Filters | None = None
) -> list[Hit]:
    """The ``limit`` passages that fit the query best, best first; none where nothing may be searched."""
    documents = allowed_documents(index, filters or Filters())
    if documents is not None and not documents:
        return []
    restricted = documents or ()
    vector = embedder.embed_query(query.text)
    terms = terms_of(query)
    dense = index.nearest(vector, POOL, restricted)
    lexical = index.spelled(terms, POOL, restricted)
    scores = fuse(
        completed(dense, lexical, lambda ids: cosines(index, vector, ids)),
        completed(lexical, dense, lambda ids: dict(index.spelled(terms, len(ids), passages=ids))),
        blended(index.dense_background(vector), *PRIOR_DENSE),
        blended(index.lexical_background(terms), *PRIOR_LEXICAL),
        embedder.traits.dense_weight,
    )
    return _hits(index, scores, dense, lexical, limit)


def terms_of(query: Query) -> list[Term]:
    """The query's words, each scored as the best of its forms."""
    return [Term(word.forms) for word in query.words]


def allowed_documents(index: Index, filters: Filters) -> tuple[str, ...] | None:
    """The ids that the filters let through; None where they restrict nothing."""
    if filters == Filters():
        return None
    low, high = filters.published_from, filters.published_to
    return tuple(
        record.id
        for record in index.records()
        if (not filters.documents or record.id in filters.documents)
        and (low is None or (record.published is not None and record.published >= low))
        and (high is None or (record.published is not None and record.published <= high))
    )


def blended(background: Background, mean: float, deviation: float) -> Background:
    """A background with `PRIOR_PASSAGES` passages of a typical collection mixed in."""
    n, m = background.sampled, PRIOR_PASSAGES
    share = m / (n + m)
    centre = (1 - share) * background.mean + share * mean
    variance = (1 - share) * background.deviation**2 + share * deviation**2
    return Background(centre, variance**0.5, n + m)


def fuse(
    dense: Mapping[str, float],
    lexical: Mapping[str, float],
    dense_background: Background,
    lexical_background: Background,
    dense_weight: float,
) -> dict[str, float]:
    """The fused score of every passage; a passage that one half lacks counts as 0 there."""
    return {
        key: standardised(lexical.get(key, 0.0), lexical_background)
        + dense_weight * standardised(dense.get(key, 0.0), dense_background)
        for key in dict.fromkeys((*dense, *lexical))
    }


def standardised(score: float, background: Background) -> float:
    """How many deviations a score lies above what passages at large get."""
    return (score - background.mean) / max(background.deviation, 1e-6)


def completed(ranked: Ranked, other: Ranked, score: Score) -> dict[str, float]:
    """One half's scores, and those of the passages that only the other half found."""
    found = dict(ranked)
    missing = [key for key, _ in other if key not in found]
    return found | dict(score(missing) if missing else {})


def cosines(index: Index, vector: Vectors, ids: Sequence[str]) -> dict[str, float]:
    """The cosine of each passage to the query's vector."""
    return {key: float(other @ vector) for key, other in index.vectors(ids).items()}


def _hits(index: Index, scores: Mapping[str, float], dense: Ranked, lexical: Ranked, limit: int) -> list[Hit]:
    order = sorted(scores, key=lambda key: (-scores[key], key))
    found = index.fetch(order[: 2 * limit])
    dense_ranks = {key: rank for rank, (key, _) in enumerate(dense, 1)}
    lexical_ranks = {key: rank for rank, (key, _) in enumerate(lexical, 1)}
    hits = [
        Hit(
            passage=found[key][0],
            document=found[key][1],
            score=scores[key],
            dense_rank=dense_ranks.get(key),
            lexical_rank=lexical_ranks.get(key),
        )
        for key in order
        if key in found
    ]
    return hits[:limit]
