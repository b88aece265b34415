"""How passages in each language of the index are compared with a question by meaning: by which vector, and against what.

A model that was made for one language does not understand questions in another. Passages in its language are then
compared with the question's words looked up in the lexicon. A multilingual model finds texts similar for their language
too: passages in other languages than the question's are compared with what distinguishes it from the mean question
(centring, as in "all but the top" of Mu and Viswanath, 2018), and every similarity is standardised within its language.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.language.words import Word
from assistant.retrieval.query import Query
from ingest.embedding.types import Traits, Vectors
from ingest.store.index import Index
from ingest.store.lexical import Background

# How similar questions are to passages at large depends on the model far more than on the collection: what is typical of the
# model counts as this many passages.
PRIOR_DENSE_PASSAGES = 200
NO_SAMPLE = Background(0.0, 0.0, 0)

Typical = tuple[float, float]


class QueryEmbedder(Protocol):
    """The part of an embedder that questions need."""

    @property
    def traits(self) -> Traits: ...
    def embed_query(self, text: str) -> Vectors: ...
    def mean_query(self, language: str) -> Vectors: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """How passages in one language are compared with a question: by ``vector``, whose share in hybrid scores is ``weight``.

    ``background`` is how the vector scores over that language's passages at large. ``judges`` says whether similarities can be
    judged by themselves, since the model was made for both languages and measured; ``joined`` says whether the languages are
    one, or joined by a lexicon.
    """

    vector: Vectors
    weight: float
    background: Background
    judges: bool
    joined: bool

    def standard(self, similarity: float) -> float:
        """How many deviations a similarity lies above that of passages at large."""
        return standardised(similarity, self.background)


Probes = Mapping[str, Probe]


def probes_of(query: Query, index: Index, embedder: QueryEmbedder) -> dict[str, Probe]:
    """How passages are compared with the question, for each language of the index's passages."""
    traits = embedder.traits
    own = embedder.embed_query(query.text)
    probes: dict[str, Probe] = {}

    def probe(codes: Collection[str], vector: Vectors, typical: Typical) -> None:
        for code, background in backgrounds(codes, vector, index, typical).items():
            joined = code == query.language or code in query.joined
            probes[code] = Probe(
                vector=vector,
                weight=traits.weight(query.language, code, joined),
                background=background,
                judges=traits.measured and traits.reads(query.language) and traits.reads(code),
                joined=joined,
            )

    languages = set(index.catalogue.text_languages)
    if not traits.reads(query.language):
        read = {code for code in languages if traits.reads(code)}
        probe(languages - read, own, traits.typical)
        words = translated(query.words, traits.languages, index)
        if words and read:
            probe(read, embedder.embed_query(words), traits.typical)
        return probes
    across = {code for code in languages if traits.centred and code != query.language}
    probe(languages - across, own, traits.typical)
    if across:
        probe(across, own - embedder.mean_query(query.language), traits.typical_centred)
    return probes


def backgrounds(
    codes: Collection[str], vector: Vectors, index: Index, typical: Typical
) -> dict[str, Background]:
    """How ``vector`` scores over passages at large in each language, with what is ``typical`` of the model mixed in."""
    sampled = index.search.dense_backgrounds(vector)
    return {code: blended(sampled.get(code, NO_SAMPLE), *typical, PRIOR_DENSE_PASSAGES) for code in codes}


def translated(words: Sequence[Word], languages: Sequence[str], index: Index) -> str:
    """The words in the first of ``languages``; of several equivalents the one most used in the collection."""
    chosen = []
    for word in words:
        options = word.equivalents.get(languages[0], ())[:3]
        chosen.append(max(options, key=index.search.share_holding) if options else word.text)
    return " ".join(chosen)


def blended(background: Background, mean: float, deviation: float, passages: int) -> Background:
    """A background with so many ``passages`` of a typical collection mixed in."""
    share = passages / (background.sampled + passages)
    centre = (1 - share) * background.mean + share * mean
    variance = (1 - share) * background.deviation**2 + share * deviation**2
    return Background(centre, variance**0.5, background.sampled + passages)


def standardised(score: float, background: Background) -> float:
    """How many deviations a score lies above what passages at large get."""
    return (score - background.mean) / max(background.deviation, 1e-6)
