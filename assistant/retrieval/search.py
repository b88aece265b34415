"""Hybrid retrieval: by meaning and by spelling, fused as a sum of standardised scores.

Each half's scores are standardised against how the query scores over passages at large,
z = (score - mean) / deviation, estimated from a sample. The fused score of a passage is

    z_lexical + dense_weight * z_dense + COVERAGE * (share of the question's words that its best sentence has)
        + NEARNESS * z_dense of its nearest sentence

where a word weighs by its rarity. Only the best passages by the first two are read for the others. Scores are fused, not
ranks: a rank forgets by how much the first beats the second. The sum ends with a deduction for every further passage of
one document, or of copies of one story.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from assistant.language.matching import coverage, vocabulary
from assistant.language.words import Word
from assistant.retrieval.probes import NO_SAMPLE, Probes, blended, standardised
from assistant.retrieval.query import Query
from assistant.retrieval.typos import AS_WRITTEN, Spelling
from assistant.types import Filters, Hit
from ingest.embedding.sentence_vectors import cosines
from ingest.embedding.types import Embedder, SentenceVectors, Vectors
from ingest.store.catalogue import DatedSelection
from ingest.store.index import Index
from ingest.store.lexical import Term
from ingest.store.records import document_and_version, passage_language
from ingest.text.sentences import Span, trimmed_sentences
from ingest.types import Passage, Record

POOL = 100
# How far down the lexical list scores are read: to look up single passages would cost a search each.
DEEP = 400
# How many passages are read whole: more were no better, and every one costs time.
READ = 16
COVERAGE, NEARNESS = 8.0, 1.0
REPEATED = 2.5
# A collection of a few passages says little about how far scores scatter: it is blended with what a typical collection shows,
# counted as this many passages.
PRIOR_PASSAGES = 40
PRIOR_LEXICAL = (2.0, 3.0)

Ranked = Sequence[tuple[str, float]]
VectorsOf = Callable[[Sequence[str]], Mapping[str, Vectors]]
RankedPassages = tuple[Passage, Record]


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievalResult:
    """A question and what was retrieved for it.

    ``queries`` are its wordings, the first in its own language; ``probes`` are those of the first, by language; ``filters``
    are the search's; ``sentence_vectors`` are those of the hits' sentences, by passage id; ``spelling`` is how the question was
    read; ``own`` is a follow-up without the words that it has taken over from earlier turns, None for other questions.
    """

    question: str
    filters: Filters
    queries: tuple[Query, ...]
    probes: Probes
    hits: tuple[Hit, ...]
    sentence_vectors: Mapping[str, SentenceVectors]
    spelling: Spelling = AS_WRITTEN
    own: Query | None = None

    @property
    def query(self) -> Query:
        """The wording in the question's own language."""
        return self.queries[0]


def retrieve(
    query: Query,
    probes: Probes,
    index: Index,
    limit: int,
    filters: Filters | None = None,
    vectors_of: VectorsOf | None = None,
) -> list[Hit]:
    """The ``limit`` passages that fit the query best, best first; none where the filters allow no document.

    ``probes`` are the query's, from `probes_of`; ``vectors_of`` gives the vectors of passages, by default as they are stored.
    """
    listed = _listed(query, probes, index, filters, POOL, vectors_of or index.search.vectors)
    fused = listed.fused
    read = index.search.fetch(sorted(fused, key=lambda key: -fused[key])[: max(READ, 2 * limit)])
    near = _nearest_sentences(index, probes, read)
    scores = _with_deductions(_with_coverage(query.words, fused, read, near), read, index.stories.id_of)
    return _hits(scores, read, listed.by_spelling, listed.by_meaning, limit)


def listed_by_document(
    query: Query, probes: Probes, index: Index, filters: Filters, most: int, passages: int
) -> dict[str, list[Hit]]:
    """What the search lists of each document, its best ``passages`` first, of the ``most`` documents that fit best, by document id."""
    listed = _listed(query, probes, index, filters, DEEP, index.search.vectors)
    ids: dict[str, list[str]] = {}
    for key in sorted(listed.fused, key=lambda key: (-listed.fused[key], key)):
        ids.setdefault(document_and_version(key)[0], []).append(key)
    wanted = [key for keys in [*ids.values()][:most] for key in keys[:passages]]
    read = index.search.fetch(wanted)
    near = _nearest_sentences(index, probes, read)
    scores = _with_coverage(query.words, listed.fused, read, near)
    hits: dict[str, list[Hit]] = {}
    for hit in _hits(scores, read, listed.by_spelling, listed.by_meaning, len(read)):
        hits.setdefault(hit.document.id, []).append(hit)
    return hits


@dataclass(frozen=True, slots=True)
class _Listed:
    """The passages that a search lists, with their fused scores, and the two lists that they come from."""

    fused: Mapping[str, float]
    by_spelling: Sequence[str]
    by_meaning: Sequence[str]


def _listed(
    query: Query,
    probes: Probes,
    index: Index,
    filters: Filters | None,
    pool: int,
    vectors_of: VectorsOf,
) -> _Listed:
    """The ``pool`` passages that are spelled most like the query, and those nearest in meaning."""
    documents = allowed_documents(index, filters or Filters())
    if documents is not None and not documents:
        return _Listed({}, (), ())
    terms = [term_of(word) for word in query.words]
    deep = index.search.spelled(terms, DEEP, documents or ())
    lexical = deep[:pool]
    dense = nearest_passages(query.language, probes, index, documents or ())
    owners = index.search.owners(list(dict.fromkeys([*(key for key, _ in lexical), *dense])))
    lexical_scores = _lexical_scores(index, terms, deep, owners)
    dense_scores = _dense_scores(vectors_of, probes, owners)
    fused = {key: lexical_scores[key] + dense_scores[key] for key in owners}
    by_meaning = sorted(set(dense) & owners.keys(), key=lambda key: -dense_scores[key])
    return _Listed(fused, [key for key, _ in lexical], by_meaning)


def sentence_vectors(hits: Sequence[Hit], index: Index, embedder: Embedder) -> dict[str, SentenceVectors]:
    """The vectors of the hits' sentences by passage id, each of shape (sentences, dimensions).

    Passages that were stored without them, by earlier releases, are embedded once more.
    """
    stored = index.search.sentence_vectors([hit.passage.id for hit in hits])
    missing = [hit for hit in hits if hit.passage.id not in stored]
    if not missing:
        return stored
    texts = [hit.passage.text for hit in missing]
    vectors = embedder.embed_with_sentences(
        texts, [sentences_in(hit.passage, hit.document) for hit in missing]
    )
    return stored | dict(zip((hit.passage.id for hit in missing), vectors.sentences, strict=True))


def sentences_in(passage: Passage, record: Record) -> tuple[Span, ...]:
    """The sentences of a passage as spans of its text."""
    stored = tuple(Span(start, end) for start, end in passage.sentences)
    return stored or trimmed_sentences(passage.text, record.language_of(passage))


def with_headings(passage: Passage, record: Record) -> str:
    """A passage's text after its document's title and its heading."""
    return f"{record.title}\n{passage.heading}\n{passage.text}"


def term_of(word: Word) -> Term:
    """What the lexical index looks for."""
    return Term(word.own, tuple(form for form in word.forms if form not in word.own), word.short)


def allowed_documents(index: Index, filters: Filters) -> tuple[str, ...] | None:
    """The ids that the filters let through; None where they restrict nothing."""
    if not filters.documents and not filters.in_days:
        return None
    if filters.documents:
        return tuple(record.id for record in selected_documents(index, filters))
    return dated_documents(index, filters).ids


def count_undated(index: Index, filters: Filters) -> int:
    """How many documents a restriction to days leaves out because they have no date."""
    if filters.allows(None):
        return 0
    catalogue = index.present
    if not filters.documents:
        return catalogue.tally.undated
    return sum(record.published is None for record in catalogue.some(filters.documents))


def selected_documents(index: Index, filters: Filters) -> Sequence[Record]:
    """The documents that the filters let through; where they restrict nothing all, newest first."""
    catalogue = index.present
    if filters.documents:
        return [one for one in catalogue.some(filters.documents) if filters.allows(one.published)]
    if not filters.in_days:
        return catalogue.newest_first
    return dated_documents(index, filters).records


def dated_documents(index: Index, filters: Filters) -> DatedSelection:
    """The documents of the days of the filters, whatever documents they name."""
    return index.present.selection(
        filters.published_from, filters.published_to, include_undated=filters.include_undated
    )


def nearest_passages(language: str, probes: Probes, index: Index, documents: Sequence[str]) -> list[str]:
    """The ids of the passages nearest to the question in each language of the index.

    Passages in one language are nearer to each other whatever they say. So the probe of every language but that of the
    question, or of most passages, is also moved by what separates the languages' mean vectors. Where the sample knows no
    mean vector of the question's own language, or of none that is searched, their probes serve as they are.
    """
    centres = {code: centre for code, centre in index.search.language_centres().items() if code in probes}
    base = language if language in centres else next(iter(centres), "")
    moved = [
        probes[code].vector + centre - centres[base]
        for code, centre in sorted(centres.items(), key=lambda item: item[0] != base)
    ]
    unmoved = [
        probe.vector
        for code, probe in probes.items()
        if code not in centres and (code == language or not centres)
    ]
    vectors = [*moved, *{id(vector): vector for vector in unmoved}.values()]  # languages share vectors
    near = [index.search.nearest(vector, POOL, documents) for vector in vectors]
    return list(dict.fromkeys(key for pairs in near for key, _ in pairs))


def _lexical_scores(
    index: Index, terms: Sequence[Term], ranked: Ranked, owners: Mapping[str, Record]
) -> dict[str, float]:
    """The standardised lexical score of every candidate; below the end of the list, that of an average passage."""
    scores, languages = dict(ranked), {key: passage_language(key, record) for key, record in owners.items()}
    sampled = index.search.lexical_backgrounds(terms, {*languages.values()})
    backgrounds = {
        language: blended(sampled.get(language, NO_SAMPLE), *PRIOR_LEXICAL, PRIOR_PASSAGES)
        for language in dict.fromkeys(languages.values())
    }
    is_cut = len(ranked) == DEEP
    standard = {}
    for key, language in languages.items():
        background = backgrounds[language]
        standard[key] = standardised(scores.get(key, background.mean if is_cut else 0.0), background)
    return standard


def _dense_scores(vectors_of: VectorsOf, probes: Probes, owners: Mapping[str, Record]) -> dict[str, float]:
    """The weighted, standardised dense score of every candidate, by the probe for its language."""
    vectors = vectors_of(list(owners))
    dense: dict[str, float] = dict.fromkeys(owners, 0.0)
    for key, record in owners.items():
        probe = probes.get(passage_language(key, record))
        if key in vectors and probe:
            dense[key] = probe.weight * probe.standard(float(vectors[key] @ probe.vector))
    return dense


def _nearest_sentences(index: Index, probes: Probes, read: Mapping[str, RankedPassages]) -> dict[str, float]:
    """For each passage how near its nearest sentence is, standardised; none without a sentence, or a probe for its language.

    Passages that were stored without vectors of their sentences are compared as a whole: they must not fall behind others.
    """
    stored = index.search.sentence_vectors(list(read))
    whole = index.search.vectors([key for key in read if key not in stored and sentences_in(*read[key])])
    near: dict[str, float] = {}
    for key, (passage, record) in read.items():
        probe = probes.get(record.language_of(passage))
        if probe and key in stored:
            near[key] = probe.standard(float(cosines(stored[key], probe.vector).max(initial=-1.0)))
        elif probe and key in whole:
            near[key] = probe.standard(float(whole[key] @ probe.vector))
    return near


def _with_coverage(
    words: Sequence[Word],
    scores: Mapping[str, float],
    read: Mapping[str, RankedPassages],
    near: Mapping[str, float],
) -> dict[str, float]:
    """The scores of the passages read, plus what their best and their nearest sentences add."""
    return {
        key: scores[key] + COVERAGE * _best_sentence(words, *read[key]) + NEARNESS * near.get(key, 0.0)
        for key in read
    }


def _best_sentence(words: Sequence[Word], passage: Passage, record: Record) -> float:
    """The largest share of the words in one sentence of a passage: an answer is rarely spread further."""
    spans = sentences_in(passage, record)
    language = record.language_of(passage)
    texts = (vocabulary(passage.text[span.start : span.end], language) for span in spans)
    return max((coverage(words, text) for text in texts), default=0.0)


def _with_deductions(
    scores: Mapping[str, float], candidates: Mapping[str, RankedPassages], story_of: Callable[[str], str]
) -> dict[str, float]:
    """The scores, lower for each further passage of a story, in one copy or several, so that other documents are listed too."""
    seen: dict[str, int] = {}
    lowered: dict[str, float] = {}
    for key in sorted(scores, key=lambda key: (-scores[key], key)):
        story = story_of(candidates[key][1].id)
        lowered[key] = scores[key] - REPEATED * seen.get(story, 0)
        seen[story] = seen.get(story, 0) + 1
    return lowered


def _hits(
    scores: Mapping[str, float],
    candidates: Mapping[str, RankedPassages],
    by_spelling: Sequence[str],
    by_meaning: Sequence[str],
    limit: int,
) -> list[Hit]:
    lexical_ranks = {key: rank for rank, key in enumerate(by_spelling, 1)}
    dense_ranks = {key: rank for rank, key in enumerate(by_meaning, 1)}
    return [
        Hit(
            passage=candidates[key][0],
            document=candidates[key][1],
            score=scores[key],
            dense_rank=dense_ranks.get(key),
            lexical_rank=lexical_ranks.get(key),
        )
        for key in sorted(scores, key=lambda key: (-scores[key], key))[:limit]
    ]


def best(searches: Iterable[Sequence[Hit]], limit: int) -> tuple[Hit, ...]:
    """The best hits of several searches, each passage with its highest score."""
    hits: dict[str, Hit] = {}
    for hit in chain.from_iterable(searches):
        listed = hits.get(hit.passage.id)
        if listed is None or hit.score > listed.score:
            hits[hit.passage.id] = hit
    return tuple(sorted(hits.values(), key=lambda hit: -hit.score)[:limit])
