"""A large collection, made of a small one: a data folder as the product leaves it, with as many passages as asked for.

First come XQuAD's German paragraphs and the news articles as they are, with vectors of the encoder. Then the sentences of all
articles of a topic are shuffled and dealt out into articles of the same lengths, again and again. These are split, read for
quotations, indexed and linked by the product's own pipeline; only their vectors are made up: that of a passage lies near the vector of
the passage that its first sentence is from, with noise, and those of its sentences are those which the sentences had there.
"""

from __future__ import annotations

import csv
import hashlib
import random
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count, islice
from pathlib import Path

import numpy as np

from benchmarks import corpora
from ingest.embedding.types import Embedder, SentenceVectors, Vectors
from ingest.pipeline import Split, prepare_all, split_document
from ingest.store.index import Index
from ingest.store.records import Prepared
from ingest.types import Document, Passage, document_id

NOISE = 0.017  # of each dimension: a cosine of .95 to the vector that it is added to
AT_ONCE = 300  # passages that are stored together, as ingestion does
FIRST_DAY, DAYS = date(2015, 1, 1), 3_650


@dataclass(frozen=True, slots=True, eq=False)
class PooledSentence:
    """A sentence, the direction of its vector, and the row of the passage it is from."""

    text: str
    direction: SentenceVectors
    row: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pool:
    """What articles are made of: by topic the sentences of each article, and the vectors of the real passages, one a row."""

    topics: dict[str, list[list[PooledSentence]]]
    vectors: Vectors

    def by_text(self) -> dict[str, PooledSentence]:
        return {one.text: one for articles in self.topics.values() for pieces in articles for one in pieces}


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """What it took to bring a collection to ``passages`` in ``documents``: of ``added`` passages, seconds and processor seconds, without an encoder."""

    passages: int
    documents: int
    added: int
    seconds: float
    processor: float


def articles(data: Path) -> list[tuple[str, str]]:
    """The news articles with their topics."""
    with (data / "gnad10k" / "test.csv").open(encoding="utf-8", newline="") as file:
        return [
            (row[0], row[1])
            for row in csv.reader(file, delimiter=";", quotechar="'")
            if len(row) > 1 and row[1].strip()
        ]


def document(source: str, text: str, number: int) -> Document:
    """A German article, published on some day that its number tells."""
    return Document(
        id=document_id(source),
        source=source,
        title=text[:60].rsplit(" ", 1)[0],
        text=text,
        published=FIRST_DAY + timedelta(days=number * 97 % DAYS),
        published_from="page",
        authors=(),
        language="de",
        media_type="text/plain",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )


class RealCollection:
    """The real texts with their vectors, which are computed once and kept in ``folder``."""

    def __init__(self, data: Path, folder: Path, embedder: Embedder, say: Callable[[str], object]) -> None:
        self._topics: list[str] = [""] * 240 + [topic for topic, _ in articles(data)]
        texts = [*corpora.paragraphs("de", data), *(text for _, text in articles(data))]
        documents = [document(f"real/{n:05}.txt", text, n) for n, text in enumerate(texts)]
        path = folder / f"vectors-{embedder.fingerprint}.npz"
        if path.exists():
            self.prepared = _read(path, documents, embedder)
        else:
            say(f"embedding {len(documents):,} real articles, once")
            self.prepared = prepare_all(documents, embedder)
            _write(path, self.prepared)

    def pool(self) -> Pool:
        """The sentences of the articles by topic; the paragraphs are not taken apart."""
        topics: dict[str, list[list[PooledSentence]]] = {}
        row = 0
        for topic, prepared in zip(self._topics, self.prepared, strict=True):
            pieces: list[PooledSentence] = []
            for passage, directions in zip(prepared.passages, prepared.sentences, strict=True):
                for (start, end), direction in zip(passage.sentences, directions, strict=True):
                    pieces.append(PooledSentence(passage.text[start:end], direction, row))
                row += 1
            if topic and pieces:
                topics.setdefault(topic, []).append(pieces)
        return Pool(topics=topics, vectors=np.concatenate([one.vectors for one in self.prepared]))


def _write(path: Path, prepared: Sequence[Prepared]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    sentences = [rows for one in prepared for rows in one.sentences]
    np.savez(
        path,
        vectors=np.concatenate([one.vectors for one in prepared]),
        sentences=np.concatenate(sentences),
        counts=np.array([len(rows) for rows in sentences]),
    )


def _read(path: Path, documents: Sequence[Document], embedder: Embedder) -> list[Prepared]:
    with np.load(path) as kept:
        vectors, rows, counts = kept["vectors"], kept["sentences"], kept["counts"]
    ends = np.cumsum(counts).tolist()
    sentences = [rows[first:end] for first, end in zip([0, *ends], ends, strict=False)]
    prepared, first = [], 0
    for one in documents:
        split = split_document(one, embedder)
        end = first + len(split.passages)
        prepared.append(
            Prepared(
                document=split.document,
                passages=split.passages,
                vectors=vectors[first:end],
                sentences=sentences[first:end],
            )
        )
        first = end
    assert first == len(vectors), f"{path} is of other texts: delete it"
    return prepared


def shuffled(pool: Pool) -> Iterator[str]:
    """Articles without end: the sentences of a topic dealt out into articles of the lengths that its articles have."""
    for again in count(1):
        chance = random.Random(again)
        texts: list[str] = []
        for originals in pool.topics.values():
            deck = [piece.text for pieces in originals for piece in pieces]
            chance.shuffle(deck)
            dealt = iter(deck)
            texts += [" ".join(islice(dealt, len(pieces))) for pieces in originals]
        chance.shuffle(texts)
        yield from texts


class VectorMaker:
    """Vectors for passages of shuffled sentences, of a size that grows with nothing."""

    def __init__(self, pool: Pool) -> None:
        self._pieces = pool.by_text()
        self._vectors = pool.vectors

    def prepared(self, entry: Split) -> Prepared:
        seed = int(entry.document.sha256[:8], 16)
        chance = np.random.default_rng(seed)
        vectors, sentences = [], []
        for passage in entry.passages:
            vector, directions = self._of(passage, chance)
            vectors.append(vector)
            sentences.append(directions)
        return Prepared(
            document=entry.document,
            passages=entry.passages,
            vectors=np.stack(vectors).astype(np.float32),
            sentences=sentences,
        )

    def _of(self, passage: Passage, chance: np.random.Generator) -> tuple[Vectors, SentenceVectors]:
        texts = [passage.text[start:end] for start, end in passage.sentences]
        known = [self._pieces[text] for text in texts if text in self._pieces]
        row = known[0].row if known else int(chance.integers(len(self._vectors)))
        near = self._vectors[row]
        vector = near + NOISE * chance.standard_normal(len(near)).astype(np.float32)
        other = known[0].direction if known else np.round(127 * near / np.abs(near).max()).astype(np.int8)
        directions = [self._pieces[text].direction if text in self._pieces else other for text in texts]
        rows = np.stack(directions) if directions else np.zeros((0, len(near)), dtype=np.int8)
        return vector / np.linalg.norm(vector), rows


def new_articles(data: Path, many: int) -> list[str]:
    """Articles of shuffled sentences that are in no collection."""
    chance = random.Random(0)
    sentences = [
        part.strip() + "." for _, text in articles(data) for part in text.split(". ") if len(part) > 40
    ]
    return [" ".join(chance.sample(sentences, 20)) for _ in range(many)]


class Grower:
    """Brings a data folder to a number of passages, from where it is; killed, it goes on there."""

    def __init__(self, real: RealCollection, embedder: Embedder, say: Callable[[str], object]) -> None:
        self._real, self._embedder, self._say = real, embedder, say
        self._pool = real.pool()
        self._maker = VectorMaker(self._pool)

    def grow(self, folder: Path, passages: int) -> Growth:
        """Add articles until there are ``passages``, give or take one article."""
        index = Index.open(folder, self._embedder, command="benchmark")
        try:
            there = index.catalogue.passages
            began, used, said = time.perf_counter(), time.process_time(), time.perf_counter()
            batch: list[Prepared] = []
            waiting = 0
            for entry in self._missing(len(index.records())):
                batch.append(entry)
                waiting += len(entry.passages)
                if waiting >= min(AT_ONCE, passages - index.catalogue.passages):
                    index.put(batch)
                    batch, waiting = [], 0
                if index.catalogue.passages >= passages:
                    break
                if time.perf_counter() - said > 30:
                    rate = (index.catalogue.passages - there) / (time.process_time() - used)
                    self._say(f"{index.catalogue.passages:,} passages, {rate:.0f} a processor second")
                    said = time.perf_counter()
            return Growth(
                passages=index.catalogue.passages,
                documents=len(index.records()),
                added=index.catalogue.passages - there,
                seconds=time.perf_counter() - began,
                processor=time.process_time() - used,
            )
        finally:
            index.close()

    def _missing(self, documents: int) -> Iterator[Prepared]:
        """The documents of the collection in their order, after the first ``documents``."""
        yield from self._real.prepared[documents:]
        first = max(0, documents - len(self._real.prepared))
        for number, text in enumerate(islice(shuffled(self._pool), first, None), first):
            entry = split_document(document(f"made/{number:06}.txt", text, number), self._embedder)
            if entry.passages:
                yield self._maker.prepared(entry)


def copied(folder: Path, to: Path) -> None:
    """A copy of a data folder, whole or not at all."""
    half = to.with_name(f"{to.name}.half")
    shutil.rmtree(half, ignore_errors=True)
    shutil.copytree(folder, half)
    half.rename(to)
