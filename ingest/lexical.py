"""The lexical half of the index: Tantivy over folded character 4-grams. Derived from Chroma, never the record."""

from __future__ import annotations

import hashlib
import shutil
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import tantivy

from ingest.errors import StoreError
from ingest.folding import grams

HEAP_BYTES = 64_000_000
SAMPLE_LEVELS = 16
SAMPLE_SIZE = 512


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a query: it scores as the best of its alternatives does, times ``weight``."""

    alternatives: tuple[str, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Entry:
    """A passage as the lexical index takes it; ``key`` names its document's committed version."""

    passage_id: str
    document_id: str
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Background:
    """How a query scores over passages at large: mean, standard deviation, and how many were looked at."""

    mean: float
    deviation: float
    sampled: int


class LexicalIndex:
    """Passages findable by spelling. Thread-safe; one writer per folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._index = _open(folder)
        self._writer: tantivy.IndexWriter | None = None

    def update(self, add: Iterable[Entry], remove_keys: Iterable[str] = ()) -> None:
        """Add passages and drop those of the given document versions, in one commit."""
        with self._lock:
            writer = self._writer = self._writer or self._index.writer(HEAP_BYTES, 1)
            for key in remove_keys:
                writer.delete_documents_by_term("key", key)
            for entry in add:
                writer.delete_documents_by_term("id", entry.passage_id)
                writer.add_document(_document(entry))
            writer.commit()
            self._index.reload()

    def keys(self) -> dict[str, int]:
        """The document versions held, each with its number of passages."""
        found = self._index.searcher().terms_with_prefix("key", "", filter_query=tantivy.Query.all_query())
        return {key: count for key, count in found if count}

    def search(
        self,
        terms: Sequence[Term],
        limit: int,
        documents: Sequence[str] = (),
        passages: Sequence[str] = (),
    ) -> list[tuple[str, float]]:
        """Passage ids with BM25 scores, best first; restricted to these documents or passages where given."""
        query = self._query(terms)
        if query is None:
            return []
        for field, values in (("document_id", documents), ("id", passages)):
            if values:
                query = self._within(query, field, values)
        searcher = self._index.searcher()
        hits = searcher.search(query, limit, count=False).hits
        return [(str(searcher.doc(address)["id"][0]), _number(score)) for score, address in hits]

    def background(self, terms: Sequence[Term]) -> Background:
        """How the query scores over a random sample of all passages (those it misses count as 0)."""
        searcher = self._index.searcher()
        query = self._query(terms)
        if query is None or not searcher.num_docs:
            return Background(0.0, 0.0, 0)
        level = min(SAMPLE_LEVELS - 1, max(0, (searcher.num_docs // SAMPLE_SIZE).bit_length() - 1))
        size = searcher.doc_freq("sample", f"s{level}")
        hits = searcher.search(self._within(query, "sample", [f"s{level}"]), max(1, size), count=False).hits
        scores = [_number(score) for score, _ in hits]
        if not size:
            return Background(0.0, 0.0, 0)
        mean = sum(scores) / size
        variance = sum(score * score for score in scores) / size - mean * mean
        return Background(mean, max(0.0, variance) ** 0.5, size)

    def share_holding(self, text: str) -> float:
        """The share of passages that may hold ``text``: that of its rarest 4-gram, at least one passage's."""
        searcher = self._index.searcher()
        total = max(1, searcher.num_docs)
        rarest = min((searcher.doc_freq("grams", gram) for gram in set(grams(text))), default=total)
        return min(1.0, max(1, rarest) / total)

    def close(self) -> None:
        with self._lock:
            if self._writer is not None:
                self._writer.wait_merging_threads()
                self._writer = None

    def _query(self, terms: Sequence[Term]) -> tantivy.Query | None:
        clauses = [clause for term in terms if (clause := self._term(term)) is not None]
        return tantivy.Query.boolean_query(clauses) if clauses else None

    def _term(self, term: Term) -> tuple[tantivy.Occur, tantivy.Query] | None:
        options = [option for text in term.alternatives if (option := self._alternative(text)) is not None]
        if not options:
            return None
        best = options[0] if len(options) == 1 else tantivy.Query.disjunction_max_query(options)
        return tantivy.Occur.Should, tantivy.Query.boost_query(best, term.weight)

    def _alternative(self, text: str) -> tantivy.Query | None:
        clauses = [(tantivy.Occur.Should, self._gram(gram)) for gram in dict.fromkeys(grams(text))]
        return tantivy.Query.boolean_query(clauses) if clauses else None

    def _gram(self, gram: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._index.schema, "grams", gram, index_option="freq")

    def _within(self, query: tantivy.Query, field: str, values: Sequence[str]) -> tantivy.Query:
        """``query`` restricted to passages whose ``field`` is one of ``values``; scores stay as they are."""
        only = tantivy.Query.term_set_query(self._index.schema, field, list(values))
        free = tantivy.Query.const_score_query(only, 0.0)
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, free), (tantivy.Occur.Must, query)])


def sync(lexical: LexicalIndex, wanted: Mapping[str, int]) -> tuple[list[str], list[str]]:
    """What brings the index in step with the committed versions: keys to drop, and keys to add."""
    held = lexical.keys()
    stale = [key for key, count in held.items() if wanted.get(key) != count]
    missing = [key for key, count in wanted.items() if held.get(key) != count]
    return stale, missing


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for field in ("document_id", "key"):
        builder.add_text_field(field, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("sample", tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("grams", tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def _open(folder: Path) -> tantivy.Index:
    """The index in ``folder``; one that cannot be read is thrown away, since Chroma can rebuild it."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        return tantivy.Index(_schema(), path=str(folder))
    except ValueError:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    try:
        return tantivy.Index(_schema(), path=str(folder))
    except ValueError as error:
        raise StoreError(f"The lexical index in {folder} cannot be opened: {error}") from error


def _document(entry: Entry) -> tantivy.Document:
    return tantivy.Document(
        id=entry.passage_id,
        document_id=entry.document_id,
        key=entry.key,
        sample=" ".join(_levels(entry.passage_id)),
        grams=" ".join(grams(entry.text)),
    )


def _levels(passage_id: str) -> list[str]:
    """The sampling levels a passage belongs to: level n holds one passage in 2^n, at random."""
    number = int.from_bytes(hashlib.sha256(passage_id.encode()).digest()[:4], "big")
    return [f"s{level}" for level in range(SAMPLE_LEVELS) if number % (1 << level) == 0]


def _number(value: object) -> float:
    return value if isinstance(value, float) else 0.0
