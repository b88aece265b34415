"""Embedding models run by sentence-transformers, on the CPU or a GPU."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

from ingest.embedding.loading import (
    NumberFormat,
    default_model,
    earlier_fingerprints,
    fingerprint,
    load_model,
    torch_threads,
)
from ingest.embedding.sentence_vectors import directions, means
from ingest.embedding.types import PassageVectors, SentenceVectors, TextTokenizer, Tokens, Vectors, traits_of
from ingest.text.sentences import Span

if TYPE_CHECKING:  # importing sentence-transformers takes seconds: only when a model is loaded
    from sentence_transformers import SentenceTransformer

BATCH_SIZE = 16
# Less text than this is embedded by one thread. Several gain little on it when the machine is idle, and beside
# other work they wait for each other: a question took three to six times as long.
FEW_CHARACTERS = 8_000
# What Hugging Face's tokenizers tell of a text takes a hundred times its room: all sentences of a long text at once
# took gigabytes.
COUNTED_AT_ONCE = 2_000


class SentenceTransformerEmbedder:
    """An `Embedder` over a sentence-transformers model.

    ``model`` is the name of a bundled model, a folder, or any name that sentence-transformers takes; empty for the
    bundled model that is the default. Raises `EmbeddingError` where it cannot be loaded.
    """

    def __init__(self, model: str = "", number_format: NumberFormat = "auto") -> None:
        self.name = model or default_model()
        self.traits = traits_of(self.name)
        self._model = load_model(self.name, number_format)
        self.max_tokens = int(self._model.max_seq_length or 512)
        self.dimensions = int(self._model.get_embedding_dimension() or 0)
        self.fingerprint = fingerprint(self.name, self._model)
        self._tokenizer = _tokenizer_of(self._model)
        self._use_threads, self._threads = _threading()

    def earlier_fingerprints(self) -> frozenset[str]:
        """What earlier versions named the same model by. It may load the model once more."""
        return earlier_fingerprints(self.name)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text as the model reads it, prefix and special tokens included."""
        prefix = self.traits.passage_prefix
        return list(map(len, self._tokenizer.ids([prefix + text for text in texts])))

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(texts), dimensions)."""
        return self._encode([self.traits.passage_prefix + text for text in texts])

    def embed_with_sentences(
        self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]
    ) -> PassageVectors:
        """Unit vectors, shape (len(texts), dimensions), and a direction for each sentence of each text.

        ``sentences`` are spans of code points in the text that they stand in.
        """
        prefixed = [self.traits.passage_prefix + text for text in texts]
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        of_sentences: list[SentenceVectors] = []
        for number, (vector, tokens) in enumerate(self._outputs(prefixed)):
            vectors[number] = vector
            offsets = self._offsets(prefixed[number])
            of_sentences.append(directions(means(tokens, offsets, sentences[number])))
        return PassageVectors(vectors=vectors, sentences=of_sentences)

    def embed_query(self, text: str) -> Vectors:
        """A unit vector, shape (dimensions,)."""
        return self._encode([self.traits.query_prefix + text]).reshape(-1)

    def mean_query(self, language: str) -> Vectors:
        """The mean vector of everyday questions in a language, or in all that there are some in; shape (dimensions,)."""
        means = self._mean_queries
        return means.get(language, means[""])

    @cached_property
    def _mean_queries(self) -> dict[str, Vectors]:
        questions = json.loads(files("ingest.embedding").joinpath("questions.json").read_text("utf-8"))
        prefix = self.traits.query_prefix
        vectors = {
            language: self._encode([prefix + text for text in texts]) for language, texts in questions.items()
        }
        vectors[""] = np.concatenate(list(vectors.values()))
        return {
            language: np.asarray(rows.mean(axis=0), dtype=np.float32) for language, rows in vectors.items()
        }

    def _encode(self, texts: list[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        self._choose_threads(texts)
        vectors: Any = self._model.encode(
            texts, batch_size=BATCH_SIZE, convert_to_tensor=True, show_progress_bar=False
        )
        return unit(vectors.float().cpu().numpy())

    def _outputs(self, texts: Sequence[str]) -> Iterator[tuple[Vectors, Vectors]]:
        """Of each text the unit vector, and the vectors of its tokens, shape (tokens, dimensions)."""
        self._choose_threads(texts)
        for first in range(0, len(texts), BATCH_SIZE):
            some = list(texts[first : first + BATCH_SIZE])
            rows: Any = self._model.encode(
                some, batch_size=BATCH_SIZE, output_value=None, show_progress_bar=False
            )
            for row in rows:
                # Models pad shorter texts of a batch before or after their tokens.
                vector, tokens = row["sentence_embedding"], row["token_embeddings"][row["attention_mask"] > 0]
                yield unit(vector.float().cpu().numpy()), tokens.float().cpu().numpy()

    def _offsets(self, prefixed: str) -> list[tuple[int, int]]:
        """For each token the code points of the text that it stands for; the prefix stands before them."""
        length = len(self.traits.passage_prefix)
        offsets = self._tokenizer.located(prefixed).offsets
        return [(max(0, start - length), max(0, end - length)) for start, end in offsets]

    def _choose_threads(self, texts: Sequence[str]) -> None:
        self._use_threads(1 if sum(map(len, texts)) < FEW_CHARACTERS else self._threads)


def unit(vectors: Vectors) -> Vectors:
    """The vectors, along the last axis, at length 1."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)


def _threading() -> tuple[Callable[[int], None], int]:
    """What sets the number of threads that torch computes with, in the whole process, and how many it has at first."""
    import torch

    return torch.set_num_threads, torch_threads()


class _HuggingFaceTokenizer:
    """A `TextTokenizer` over a model's own tokenizer of Hugging Face: a copy, for truncating is a state of the model's."""

    def __init__(self, own: Any) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_str(getattr(own, "backend_tokenizer", own).to_str())
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        ids: list[list[int]] = []
        for first in range(0, len(texts), COUNTED_AT_ONCE):
            some = list(texts[first : first + COUNTED_AT_ONCE])
            ids.extend(encoding.ids for encoding in self._tokenizer.encode_batch(some))
        return ids

    def located(self, text: str) -> Tokens:
        encoding = self._tokenizer.encode(text)
        return Tokens(ids=encoding.ids, offsets=encoding.offsets)


def _tokenizer_of(model: SentenceTransformer) -> TextTokenizer:
    """What tells a model's tokens: the bundled multilingual one's own, else a copy of what the model has."""
    own: Any = model.tokenizer
    return own if isinstance(own, TextTokenizer) else _HuggingFaceTokenizer(own)
