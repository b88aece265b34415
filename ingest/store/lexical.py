"""The lexical half of the index: Tantivy over folded character 4-grams, and over words in sequence.

Derived from Chroma, never the record.
"""

from __future__ import annotations

import math
import shutil
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import tantivy

from ingest.errors import IngestError, StoreError
from ingest.text.folding import fold, grams, plain, words
from ingest.text.word_forms import REST, FoldedPatterns, WordForm
from ingest.text.wording import Phrase, index_form

HEAP_BYTES = 64_000_000
# A few runs of passages, as they were added, stand for all: Tantivy scores 4,096 neighbours at a time,
# so that a sample strewn over the whole index costs as much as searching it. Passages of a block are of one language:
# a question's words are more usual in its own.
BLOCK = 128
SAMPLED_BLOCKS = 4
# In a collection of more passages than this, scoring each word by the best of its forms takes too long: the
# 4-grams of all forms are added up then, which Tantivy does by skipping what cannot reach the top. An equivalent
# from a lexicon is looked for by its few rarest 4-grams: it is spelled as it stands there, unlike a name,
# and the usual ones ("unge", "isch") would take most of the time and tell least.
LARGE = 40_000
RAREST = 3
USUAL = 0.02  # the share of passages that a usual 4-gram is in
# The words after a passage that a phrase is found by which begins in it; of a longer phrase the rest is not looked for here.
AHEAD = 24


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a query, in its own forms and its equivalents: it scores as the best of all does.

    What is ``short`` is also looked for at either end of longer words; its 4-grams tell nothing of them.
    """

    forms: tuple[str, ...]
    equivalents: tuple[str, ...] = ()
    short: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A passage as the lexical index takes it; ``key`` names its document's committed version, ``language`` is its code.

    ``words`` are the words that begin in it and the `AHEAD` after them, as `wording.readings` writes them; ``folded`` are its own and
    its titles' words as `word_forms.indexed` writes them.
    """

    passage_id: str
    document_id: str
    key: str
    text: str
    language: str = ""
    words: tuple[str, ...] = ()
    folded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Background:
    """How a query scores over passages at large: mean, standard deviation, and how many were looked at."""

    mean: float
    deviation: float
    sampled: int


@dataclass(frozen=True, slots=True)
class _SampledBlocks:
    """Blocks that stand for all of a language, and how many passages they hold."""

    blocks: list[str]
    passages: int


class LexicalIndex:
    """Passages findable by spelling. Thread-safe; one writer per folder. Raises `StoreError` where Tantivy fails."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._index = _open(folder)
        self._writer: tantivy.IndexWriter | None = None
        self._sample: dict[str, _SampledBlocks] | None = None

    def update(self, add: Iterable[Entry], remove_keys: Iterable[str] = ()) -> None:
        """Add passages and drop those of the given document versions, in one commit."""
        with self._lock, _failures(self._folder):
            if self._writer is None:
                self._writer = self._index.writer(HEAP_BYTES, 1)
            try:
                self._write(self._writer, add, remove_keys)
            except BaseException:
                # A failed writer is unusable, and the next commit of one that is not would commit a half.
                self._writer = None
                raise
            finally:
                self._sample = None

    def _write(self, writer: tantivy.IndexWriter, add: Iterable[Entry], remove_keys: Iterable[str]) -> None:
        first = self._index.searcher().num_docs
        for key in remove_keys:
            writer.delete_documents_by_term("key", key)
        for number, entry in enumerate(add, first):
            writer.delete_documents_by_term("id", entry.passage_id)
            writer.add_document(_document(entry, f"{entry.language}-{number // BLOCK}"))
        writer.commit()
        self._index.reload()

    def keys(self) -> dict[str, int]:
        """The document versions held, each with its number of passages."""
        with _failures(self._folder):
            return _counts(self._index.searcher(), "key")

    def search(
        self, terms: Sequence[Term], limit: int, documents: Sequence[str] = ()
    ) -> list[tuple[str, float]]:
        """Passage ids with BM25 scores, best first; restricted to these documents where given."""
        with _failures(self._folder):
            searcher = self._index.searcher()
            query = self._query(terms, searcher)
            if query is None:
                return []
            if documents:
                query = self._within(query, "document_id", documents)
            hits = searcher.search(query, limit, count=False).hits
            return [(str(searcher.doc(address)["id"][0]), _number(score)) for score, address in hits]

    def backgrounds(self, terms: Sequence[Term], languages: Collection[str]) -> dict[str, Background]:
        """How the query scores over a sample of the passages in each of these languages (those it misses count as 0)."""
        with _failures(self._folder):
            searcher = self._index.searcher()
            query = self._query(terms, searcher)
            if query is None:
                return {}
            return {
                language: self._background(query, searcher, sampled)
                for language, sampled in self._sampled(searcher).items()
                if language in languages
            }

    def _background(
        self, query: tantivy.Query, searcher: tantivy.Searcher, sampled: _SampledBlocks
    ) -> Background:
        within = self._within(query, "block", sampled.blocks)
        scores = [_number(score) for score, _ in searcher.search(within, sampled.passages, count=False).hits]
        mean = sum(scores) / sampled.passages
        variance = sum(score * score for score in scores) / sampled.passages - mean * mean
        return Background(mean, max(0.0, variance) ** 0.5, sampled.passages)

    def _sampled(self, searcher: tantivy.Searcher) -> dict[str, _SampledBlocks]:
        """For each language up to `SAMPLED_BLOCKS` blocks, evenly spread over all of it."""
        if self._sample is None:
            held = _counts(searcher, "block")
            by_language: dict[str, list[str]] = {}
            for block in sorted(held, key=lambda block: int(block.rpartition("-")[2])):
                by_language.setdefault(block.rpartition("-")[0], []).append(block)
            self._sample = {
                language: _sampled_blocks(blocks, held) for language, blocks in by_language.items()
            }
        return self._sample

    def share_holding(self, text: str) -> float:
        """The share of passages that may hold ``text``: that of its rarest 4-gram, at least one passage's."""
        with _failures(self._folder):
            searcher = self._index.searcher()
            total = max(1, searcher.num_docs)
            rarest = min((searcher.doc_freq("grams", gram) for gram in set(grams(text))), default=total)
        return min(1.0, max(1, rarest) / total)

    def keys_with(self, phrase: Phrase) -> set[str]:
        """The document versions with passages that a phrase, or what its first words are, may begin in."""
        with _failures(self._folder):
            return set(_counts(self._index.searcher(), "key", self._wording(phrase)))

    def passages_with(self, phrases: Sequence[Phrase], keys: Sequence[str], limit: int) -> list[str]:
        """The ids of passages of these document versions that all phrases may begin in, in no order."""
        with _failures(self._folder):
            searcher = self._index.searcher()
            clauses = [(tantivy.Occur.Must, self._wording(phrase)) for phrase in phrases]
            query = self._within(tantivy.Query.boolean_query(clauses), "key", keys)
            hits = searcher.search(query, limit, count=False).hits
            return [str(searcher.doc(address)["id"][0]) for _, address in hits]

    def passages_having(self, forms: Sequence[WordForm], most: int) -> list[str] | None:
        """The ids of the passages that have all words of one of these forms, in no order; None where there are more than ``most``."""
        with _failures(self._folder):
            searcher = self._index.searcher()
            hits = searcher.search(self._with_any(forms, searcher), most + 1, count=False).hits
            return None if len(hits) > most else [str(searcher.doc(one)["id"][0]) for _, one in hits]

    def keys_having(self, forms: Sequence[WordForm]) -> set[str]:
        """The document versions with a passage that has all words of one of these forms."""
        with _failures(self._folder):
            searcher = self._index.searcher()
            return set(_counts(searcher, "key", self._with_any(forms, searcher)))

    def _with_any(self, forms: Sequence[WordForm], searcher: tantivy.Searcher) -> tantivy.Query:
        """Passages that have one of these forms: all forms of one word are looked for at once, which is quickest."""
        single = [form.parts[0] for form in forms if len(form.parts) == 1]
        clauses = [self._folded(single, searcher)] if single else []
        for form in forms:
            if len(form.parts) > 1:
                parts = [(tantivy.Occur.Must, self._folded([part], searcher)) for part in form.parts]
                clauses.append(tantivy.Query.boolean_query(parts))
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, clause) for clause in clauses])

    def _folded(self, wanted: Sequence[FoldedPatterns], searcher: tantivy.Searcher) -> tantivy.Query:
        """Passages with one of the words, or with one that begins with a stem and goes on."""
        words = dict.fromkeys(word for patterns in wanted for word in patterns.words)
        for stem in {stem for patterns in wanted for stem in patterns.stems}:
            longer = (word for word, _ in searcher.terms_with_prefix("folded", stem))
            words.update(dict.fromkeys(word for word in longer if len(word) >= len(stem) + REST))
        return tantivy.Query.term_set_query(self._index.schema, "folded", list(words))

    def _wording(self, phrase: Phrase) -> tantivy.Query:
        forms: list[str | tuple[int, str]] = [index_form(word) for word in phrase.words[: AHEAD + 1]]
        if len(forms) == 1:
            return tantivy.Query.term_query(self._index.schema, "words", forms[0], index_option="basic")
        return tantivy.Query.phrase_query(self._index.schema, "words", forms)

    def spellings(self, beginning: str) -> dict[str, int]:
        """The words that begin so, in lower case and without accents, each with the number of passages that have it."""
        with _failures(self._folder):
            return dict(self._index.searcher().terms_with_prefix("spellings", beginning))

    def close(self) -> None:
        with self._lock:
            writer, self._writer = self._writer, None
            if writer is not None:
                with _failures(self._folder):
                    writer.wait_merging_threads()

    def _query(self, terms: Sequence[Term], searcher: tantivy.Searcher) -> tantivy.Query | None:
        if searcher.num_docs > LARGE:
            return self._any(_few_grams(terms, searcher))
        clauses = [
            (tantivy.Occur.Should, word) for term in terms if (word := self._best_of(term)) is not None
        ]
        return tantivy.Query.boolean_query(clauses) if clauses else None

    def _best_of(self, term: Term) -> tantivy.Query | None:
        options = [self._any(list(dict.fromkeys(grams(text)))) for text in (*term.forms, *term.equivalents)]
        clauses = [option for option in options if option is not None]
        clauses += [self._compounds(plain(text)) for text in term.short]
        return tantivy.Query.disjunction_max_query(clauses) if clauses else None

    def _any(self, found: Sequence[str]) -> tantivy.Query | None:
        clauses = [(tantivy.Occur.Should, self._gram(gram)) for gram in found]
        return tantivy.Query.boolean_query(clauses) if clauses else None

    def _compounds(self, short: str) -> tantivy.Query:
        """Passages with longer words that begin or end with a short one, scored as if they had a rather rare word."""
        within = tantivy.Query.regex_query(
            self._index.schema, "spellings", f"{short}.{{3,}}|.{{3,}}{short}(e?s|en?)?"
        )
        total, held = self._index.searcher().num_docs, self._index.searcher().doc_freq("grams", fold(short))
        return tantivy.Query.const_score_query(within, math.log1p(total / (held + 1)))

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
    for field in ("document_id", "key", "block"):
        builder.add_text_field(field, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("grams", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("words", tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("spellings", tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("folded", tokenizer_name="whitespace", index_option="basic")
    return builder.build()


@contextmanager
def _failures(folder: Path) -> Iterator[None]:
    """Tantivy's errors, bare ``ValueError`` for the most part, as `StoreError`."""
    try:
        yield
    except IngestError:
        raise
    except Exception as error:
        raise StoreError(
            f"The index of words in {folder} cannot be read or written ({str(error) or type(error).__name__}). "
            "Check that the disk is not full and that the folder can be written. If that does not help, stop the "
            "program, delete this folder and start again: it is made anew from the documents."
        ) from error


def _open(folder: Path) -> tantivy.Index:
    """The index in ``folder``; one that cannot be read, or has other fields, is thrown away, since Chroma can rebuild it."""
    with _failures(folder):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            return tantivy.Index(_schema(), path=str(folder))
        except ValueError:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True, exist_ok=True)
        return tantivy.Index(_schema(), path=str(folder))


def _few_grams(terms: Sequence[Term], searcher: tantivy.Searcher) -> list[str]:
    """All 4-grams of the question's own words, and of each equivalent its rarest ones."""
    own = [gram for term in terms for text in term.forms for gram in grams(text)]
    rare = [gram for term in terms for text in term.equivalents for gram in _rarest(grams(text), searcher)]
    return list(dict.fromkeys((*own, *rare)))


def _rarest(candidates: Sequence[str], searcher: tantivy.Searcher) -> list[str]:
    counted = sorted((searcher.doc_freq("grams", gram), gram) for gram in set(candidates))
    there = [(count, gram) for count, gram in counted if count]
    unusual = [gram for count, gram in there if count < USUAL * searcher.num_docs]
    return unusual[:RAREST] or [gram for _, gram in there[:1]]


def _counts(searcher: tantivy.Searcher, field: str, query: tantivy.Query | None = None) -> dict[str, int]:
    """How many passages, of those of a query if there is one, have each value of a field."""
    counts = searcher.terms_with_prefix(field, "", filter_query=query or tantivy.Query.all_query())
    return {value: count for value, count in counts if count}


def _sampled_blocks(blocks: Sequence[str], held: Mapping[str, int]) -> _SampledBlocks:
    count = min(len(blocks), SAMPLED_BLOCKS)
    chosen = [blocks[len(blocks) * number // count] for number in range(count)]
    return _SampledBlocks(chosen, sum(held[block] for block in chosen))


def _document(entry: Entry, block: str) -> tantivy.Document:
    return tantivy.Document(
        id=entry.passage_id,
        document_id=entry.document_id,
        key=entry.key,
        block=block,
        grams=" ".join(grams(entry.text)),
        words=list(entry.words),
        spellings=" ".join({plain(word) for word in words(entry.text)}),
        folded=" ".join(entry.folded),
    )


def _number(value: object) -> float:
    return value if isinstance(value, float) else 0.0
