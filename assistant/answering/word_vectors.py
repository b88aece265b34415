"""The vectors of texts and of the words in them, for the check of what happened: each text is embedded once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assistant.checking.event_words import word_spans
from ingest.embedding.types import Embedder, Vectors


class WordEmbeddings:
    """What the embedding model makes of each word in its text, kept for the texts that were asked for."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._words: dict[str, Vectors] = {}

    def read(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of the texts, shape (len(texts), dimensions); their words are known from then on."""
        found = self._embedder.embed_with_sentences(texts, [word_spans(text) for text in texts])
        for text, words in zip(texts, found.sentences, strict=True):
            self._words[text] = np.asarray(words, dtype=np.float32).reshape(-1, self._embedder.dimensions)
        return found.vectors

    def __call__(self, text: str) -> Vectors:
        """The vectors of the words of ``text``, any length, shape (words, dimensions), in the order of `word_spans`."""
        if text not in self._words:
            self.read([text])
        return self._words[text]
