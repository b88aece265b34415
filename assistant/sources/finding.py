"""What each document says to a question: found by the search, judged document by document, put together into rows.

The passages that the search lists, by spelling or by meaning, are sorted by document; the best of each are judged by themselves. What
is not listed has no word of the question, and nothing like it in meaning, that came near enough: it is silent.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock

from assistant.absence import NearMiss
from assistant.answering import extractive
from assistant.answering.absence import forms_of
from assistant.answering.asked_days import dated_first
from assistant.answering.citations import verified
from assistant.answering.evidence import Sentence
from assistant.answering.judging import JudgedSentences
from assistant.errors import Outdated
from assistant.quoting import SURE, QuotedAnswers
from assistant.retrieval.retriever import Retriever
from assistant.retrieval.search import RetrievalResult, allowed_documents, count_undated, listed_by_document
from assistant.sources.outlets import outlet_of
from assistant.sources.types import SourceGroup, SourceOrder, SourceRow, SourcesAsked, SourceTable
from assistant.types import Filters
from ingest.store.index import Index
from ingest.types import Record

MOST_JUDGED = 96  # documents, those first whose passages fit best
PASSAGES = 2  # of a document that are judged
_KEPT = 8  # questions whose judgements are kept: pages, orders and groups of one question need no other


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedDocument:
    """A document's best sentence with what was retrieved of it; ``answers`` if it answers by itself, else ``miss`` says why not."""

    document: Record
    best: Sentence
    answers: bool
    miss: NearMiss | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFinder:
    """Asks each source by itself. Thread-safe."""

    index: Index
    retriever: Retriever
    quoted: QuotedAnswers
    _kept: OrderedDict[object, tuple[str, dict[str, JudgedDocument]]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def find(self, asked: SourcesAsked) -> SourceTable:
        """The rows from ``asked.offset`` on; after another judgement where documents have changed meanwhile."""
        try:
            return self._find(asked)
        except Outdated:
            with self._lock:
                self._kept.clear()
            return self._find(asked)

    def _find(self, asked: SourcesAsked) -> SourceTable:
        language, judged = self._judged(asked.question, asked.filters)
        allowed = allowed_documents(self.index, asked.filters)
        among = None if allowed is None else frozenset(allowed)
        records = [record for record in self.index.records() if among is None or record.id in among]
        groups = self._groups(records, asked)
        rows = _ordered([_row(key, group, judged) for key, group in groups.items()], asked.order)
        shown = rows[asked.offset : asked.offset + asked.limit]
        return SourceTable(
            question=asked.question,
            language=language,
            by=asked.by,
            rows=tuple(self._with_citation(row, judged) for row in shown),
            total=len(rows),
            saying=sum(row.saying > 0 for row in rows),
            searched=len(records),
            judged=sum(record.id in judged for record in records),
            undated_left_out=count_undated(self.index, asked.filters),
        )

    def _groups(self, records: Sequence[Record], asked: SourcesAsked) -> dict[str, list[Record]]:
        """The documents of each row, by its key."""
        stories = self.index.stories
        keys: dict[SourceGroup, Callable[[Record], str]] = {
            "document": lambda record: record.id,
            "outlet": outlet_of,
            "story": lambda record: stories.id_of(record.id),
        }
        key_of = keys[asked.by]
        groups: dict[str, list[Record]] = {}
        for record in records:
            groups.setdefault(key_of(record), []).append(record)
        return groups

    def _judged(self, question: str, filters: Filters) -> tuple[str, dict[str, JudgedDocument]]:
        """The language of a question, and by id the documents that were judged for it."""
        key = (question, filters, self.quoted.today(), self.index.replica.revision)
        with self._lock:
            kept = self._kept.get(key)
        if kept is None:
            kept = self._judge(question, filters)
            with self._lock:
                self._kept[key] = kept
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
        return kept

    def _judge(self, question: str, filters: Filters) -> tuple[str, dict[str, JudgedDocument]]:
        retrieved = self.retriever.retrieve(question, (), filters)
        listed = listed_by_document(
            retrieved.query, retrieved.probes, self.index, filters, MOST_JUDGED, PASSAGES
        )
        judgements = self.quoted.judge_apart([*listed.values()], retrieved)
        named = self._named(retrieved)
        found: dict[str, JudgedDocument] = {}
        for one, judged in judgements:
            if not judged.ranked:
                continue
            best = dated_first(one.query, judged.ranked)[0]
            document = best.hit.document
            nowhere = _nowhere(named, best, judged, one.query.language)
            answers = judged.answers and not nowhere
            miss = None if answers else self.quoted.nearest_miss(one, judged, nowhere)
            found[document.id] = JudgedDocument(document=document, best=best, answers=answers, miss=miss)
        return retrieved.query.language, found

    def _named(self, retrieved: RetrievalResult) -> dict[str, frozenset[str]]:
        """The names of a question that are names beyond doubt, each with the ids of the documents that have it."""
        proper = [word for word in retrieved.query.words if word.proper]
        return {
            word.text: frozenset(
                record.id for record in self.index.search.having(forms_of(word, retrieved.query.language))
            )
            for word in proper
        }

    def _with_citation(self, row: SourceRow, judged: dict[str, JudgedDocument]) -> SourceRow:
        """The row with its quote, where it says something: the sentence with those before it that it needs."""
        if not row.saying:
            return row
        best = judged[row.document.id].best
        _, citations = extractive.quote([best], self.index.texts.of)
        (citation,) = verified(citations, self.index.texts.of)
        return replace(row, citation=citation)


def _nowhere(
    named: dict[str, frozenset[str]], best: Sentence, judged: JudgedSentences, language: str
) -> tuple[str, ...]:
    """The names that the document of a sentence does not have, unless the sentence answers all the same."""
    if best.probability is None or judged.answered >= SURE or best.hit.language != language:
        return ()
    return tuple(name for name, having in named.items() if best.hit.document.id not in having)


def _row(key: str, group: Sequence[Record], judged: Mapping[str, JudgedDocument]) -> SourceRow:
    """A row by the document that says most surely something, else by the one that came nearest, else by its newest."""
    known = [judged[record.id] for record in group if record.id in judged]
    saying = [one for one in known if one.answers]
    chosen = max(saying or known, key=lambda one: one.best.probability or one.best.score, default=None)
    document = chosen.document if chosen else group[0]
    return SourceRow(
        key=key,
        name=document.title,
        outlet=outlet_of(document),
        document=document,
        documents=len(group),
        saying=len(saying),
        probability=chosen.best.probability if chosen and saying else None,
        score=chosen.best.score if chosen else None,
        miss=chosen.miss if chosen and not saying else None,
    )


def _ordered(rows: Sequence[SourceRow], order: SourceOrder) -> list[SourceRow]:
    """Rows that say something first, unless another order is asked for; those without a date come last in one by day."""

    def fits(row: SourceRow) -> tuple[bool, bool, float, str]:
        return (not row.saying, row.miss is None, -(row.score or 0.0), row.key)

    def day(row: SourceRow) -> int:
        published = row.document.published
        return published.toordinal() if published else 0

    match order:
        case "newest":
            return sorted(rows, key=lambda row: (-day(row), fits(row)))
        case "oldest":
            return sorted(rows, key=lambda row: (not day(row), day(row), fits(row)))
        case "outlet":
            return sorted(rows, key=lambda row: (not row.outlet, row.outlet.casefold(), fits(row)))
        case "best":
            return sorted(rows, key=fits)
