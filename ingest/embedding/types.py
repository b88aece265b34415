"""What turns text into vectors, and what retrieval must know of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ingest.settings import ENGLISH_MODEL
from ingest.text.sentences import Span

Vectors = NDArray[np.float32]
SentenceVectors = NDArray[np.int8]
# Token ids and an attention mask in, a vector of each token out: shapes (texts, tokens), and (texts, tokens, width).
Engine = Callable[[NDArray[np.int64], NDArray[np.int64]], Vectors]


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What ingestion and retrieval must know of an embedding model.

    The weights are the model's share in hybrid scores relative to a lexical share of 1: ``dense_weight`` where it was made
    for the languages of both question and passage, ``alone_weight`` where these are two that no lexicon joins, so that
    the lexical share knows little, ``across_weight`` where it was made for one of them and a lexicon joins the two, so that
    the lexical share knows more, ``foreign_weight`` where for neither.
    ``query_prefix`` and ``passage_prefix`` are the words the model was trained to see first.
    ``languages`` are those it was made for (ISO 639-1); empty for a multilingual model.
    ``typical`` are the mean and the deviation of the cosines between questions and passages that have nothing to do with
    them; only where that was ``measured`` is a similarity judged by itself. ``centred`` models mark a text's language and
    that it is a question: across languages, questions are compared by what distinguishes them from the mean question, and
    ``typical_centred`` is then what ``typical`` is otherwise. ``passage_tokens`` is how long passages are made, where the
    model reads longer ones. ``alike`` is the cosine of two texts that tells copies from articles about the same, and its scale.
    """

    dense_weight: float = 2.4
    alone_weight: float = 2.4
    across_weight: float = 1.6
    foreign_weight: float = 0.7
    query_prefix: str = ""
    passage_prefix: str = ""
    languages: tuple[str, ...] = ()
    typical: tuple[float, float] = (0.10, 0.09)
    measured: bool = False
    centred: bool = False
    typical_centred: tuple[float, float] = (0.0, 0.09)
    passage_tokens: int = 256
    alike: tuple[float, float] = (0.7, 0.08)

    def reads(self, language: str) -> bool:
        """Whether the model was made for ``language``."""
        return not self.languages or language in self.languages

    def weight(self, question: str, language: str, joined: bool) -> float:
        """The model's share for passages in ``language`` and a question in the language ``question``.

        ``joined`` says whether the two are one, or a lexicon joins them.
        """
        if not self.reads(
            question
        ):  # passages that the model reads are compared with the question's words translated
            return self.across_weight if self.reads(language) else self.foreign_weight
        if question == language:
            return self.dense_weight
        if not joined:
            return self.alone_weight
        return self.dense_weight if self.reads(language) else self.across_weight


# Cosines of these models lie in a narrow range: measured over articles of six languages.
_E5 = Traits(
    dense_weight=3.0,
    alone_weight=6.0,
    query_prefix="query: ",
    passage_prefix="passage: ",
    typical=(0.745, 0.0175),
    measured=True,
    typical_centred=(-0.01, 0.0155),
    alike=(0.905, 0.03),
)
# The models whose makers ask for prefixes; everything else is embedded as it is.
TRAITS = {
    ENGLISH_MODEL: Traits(languages=("en",)),
    "multilingual-e5": replace(_E5, centred=True),
    "e5": replace(_E5, languages=("en",)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageVectors:
    """Of several passages: unit ``vectors``, shape (passages, dimensions), and those of their sentences.

    ``sentences`` has for each passage an array of shape (sentences, dimensions), whose rows are only directions.
    """

    vectors: Vectors
    sentences: Sequence[SentenceVectors]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Of a text the ``ids`` of its tokens, and the code points that each stands for: (0, 0) for a special one."""

    ids: list[int]
    offsets: list[tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reading:
    """What a model makes of a text.

    A ``vector`` of any length, shape (dimensions,), one of each of its tokens, shape (tokens, dimensions), and the code points
    that each token stands for: (0, 0) for a special one.
    """

    vector: Vectors
    tokens: Vectors
    offsets: list[tuple[int, int]]


class Encoder(Protocol):
    """A model that is loaded, and its tokenizer. It reads ``max_tokens`` of a text, special ones included."""

    @property
    def max_tokens(self) -> int: ...
    @property
    def dimensions(self) -> int: ...
    @property
    def fingerprint(self) -> str:
        """Identifies the model, in whatever number format it is loaded."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The tokens that each text has, special ones included; nothing is truncated."""
        ...

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Vectors of any length, shape (len(texts), dimensions)."""
        ...

    def readings(self, texts: Sequence[str]) -> Iterator[Reading]: ...


class Embedder(Protocol):
    """What turns text into unit vectors of ``dimensions`` floats."""

    @property
    def name(self) -> str: ...
    @property
    def fingerprint(self) -> str: ...
    def earlier_fingerprints(self) -> frozenset[str]:
        """What earlier versions named the same model by."""
        ...

    @property
    def dimensions(self) -> int: ...
    @property
    def max_tokens(self) -> int: ...
    @property
    def traits(self) -> Traits: ...
    def count_tokens(self, texts: Sequence[str]) -> list[int]: ...
    def embed_passages(self, texts: Sequence[str]) -> Vectors: ...
    def embed_with_sentences(
        self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]
    ) -> PassageVectors:
        """As `embed_passages`, with a vector of each sentence, which is a span of its text."""
        ...

    def embed_query(self, text: str) -> Vectors: ...
    def mean_query(self, language: str) -> Vectors:
        """The mean vector of questions at large in a language; of several where it is not known how it asks."""
        ...


def traits_of(model: str) -> Traits:
    """The traits of a model by its name, or its folder's; the longest known name that occurs in it wins."""
    own = PurePath(model).name.lower()
    known = [name for name in TRAITS if name.lower() in own]
    return TRAITS[max(known, key=len)] if known else Traits()
