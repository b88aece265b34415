"""Statements: which quotations fit a speaker, a topic, days and kinds, with the words themselves.

Words are cut out of the stored text at their offsets, as all citations are. What several copies of a story say in the same
words is told once, in the earliest of them that fits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assistant.retrieval.search import count_undated, sentences_in
from assistant.statements.name_folding import Speaker
from assistant.statements.speakers import Speakers, speakers_of
from assistant.statements.topics import TopicSearch
from assistant.types import EVERYTHING, CopyPlace, Filters
from ingest.quotations.finding import grammar_of
from ingest.reading_again import count_stored_by_earlier_rules, stored_by_earlier_rules
from ingest.store.index import Index
from ingest.store.quotation_rows import QuotationQuery, StoredQuotation
from ingest.types import Passage, QuotationKind, Record

StatementOrder = Literal["newest", "oldest", "fit"]
MOST_COPIES = 50  # places of the same words that are named


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementsAsked:
    """What is asked for: a speaker, by any spelling, kinds (none: all), and documents and days by ``filters``.

    The order is by day; "fit" is for a topic only.
    """

    speaker: str = ""
    kinds: tuple[QuotationKind, ...] = ()
    filters: Filters = EVERYTHING
    order: StatementOrder = "newest"
    limit: int = 20
    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenStatement:
    """Somebody's words, or what is reported of them: ``quote`` is the document's text from ``start`` to ``end``.

    ``speaker`` is who speaks, by the name that all spellings are folded into, empty where nobody is named; ``written`` and
    ``cue`` are the words in the document that say who, and that somebody speaks. ``also_in`` are copies of the story.
    """

    speaker: str
    written: str
    kind: QuotationKind
    quote: str
    start: int
    end: int
    cue: str
    document: Record
    also_in: tuple[CopyPlace, ...] = ()

    @property
    def language(self) -> str:
        """The language of the passage where the words stand."""
        return self.document.language_at(self.start)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenStatements:
    """Some of the ``total`` statements. ``speakers`` are those whom the name asked for means, ``others`` those whom it fits too.

    ``undated_left_out`` counts documents that a restriction to days leaves out because they have no date, ``unread`` those
    that an earlier release has stored and nobody has read again yet, ``unknown`` those in languages of which it is
    not known how speech is told.
    """

    statements: tuple[SpokenStatement, ...] = ()
    total: int = 0
    speakers: tuple[Speaker, ...] = ()
    others: tuple[Speaker, ...] = ()
    undated_left_out: int = 0
    unread: int = 0
    unknown: int = 0


def all_speakers(index: Index, filters: Filters = EVERYTHING) -> Speakers:
    """The speakers of all documents, or of those that the filters name."""
    return speakers_of(index.quotations.names(filters.documents or None))


def find_statements(
    index: Index, asked: StatementsAsked, topic: TopicSearch | None = None
) -> SpokenStatements:
    """The statements that fit, from an offset on; of a topic only those that are about it."""
    speakers = all_speakers(index, asked.filters)
    chosen = speakers.asked(asked.speaker) if asked.speaker.strip() else ()
    fitting = speakers.fitting(asked.speaker) if len(chosen) == 1 else ()
    unread, unknown = _not_looked_at(index, asked.filters)
    found = SpokenStatements(
        speakers=chosen,
        others=tuple(one for one in fitting if one not in chosen),
        undated_left_out=count_undated(index, asked.filters),
        unread=unread,
        unknown=unknown,
    )
    if asked.speaker.strip() and not chosen:
        return found
    query = query_for(asked, chosen)
    again = index.quotations.told_again(query, index.copied_quotations)
    repeats = frozenset(key for keys in again.values() for key in keys)
    if topic is None:
        rows = index.quotations.find(
            query, limit=asked.limit, offset=asked.offset, oldest=asked.order == "oldest", without=repeats
        )
        total = index.quotations.count(query) - len(repeats)
    else:
        about = [row for row in topic.find(index, query) if row.key not in repeats]
        rows, total = _in_order(about, asked.order)[asked.offset :][: asked.limit], len(about)
    return replace(found, statements=_with_words(index, rows, again, speakers), total=total)


def query_for(asked: StatementsAsked, chosen: Sequence[Speaker]) -> QuotationQuery:
    return QuotationQuery(
        names=[name for speaker in chosen for name in speaker.names] if chosen else None,
        kinds=asked.kinds or None,
        documents=asked.filters.documents or None,
        since=asked.filters.published_from,
        until=asked.filters.published_to,
        undated=asked.filters.include_undated,
    )


def _in_order(rows: Sequence[StoredQuotation], order: StatementOrder) -> list[StoredQuotation]:
    """The rows, which come by fit."""
    if order == "fit":
        return list(rows)
    dated = [row for row in rows if row.published]
    dated.sort(key=lambda row: (row.document_id, row.start))
    dated.sort(key=lambda row: row.published or 0, reverse=order == "newest")
    return [*dated, *(row for row in rows if not row.published)]


def _with_words(
    index: Index, rows: Sequence[StoredQuotation], again: Mapping[int, Sequence[int]], speakers: Speakers
) -> tuple[SpokenStatement, ...]:
    """The quotations with what stands there; those of documents that have changed meanwhile are left out."""
    copies = {row.key: index.quotations.some(again.get(row.key, ())[:MOST_COPIES]) for row in rows}
    words = words_of(index, [*rows, *(copy for places in copies.values() for copy in places)])
    return tuple(
        SpokenStatement(
            speaker=name_of(row.name, speakers),
            written=row.written,
            kind=row.kind,
            quote=words[row.key].quote,
            start=words[row.key].start,
            end=words[row.key].end,
            cue=row.cue,
            document=words[row.key].document,
            also_in=tuple(words[copy.key] for copy in copies[row.key] if copy.key in words),
        )
        for row in rows
        if row.key in words
    )


def name_of(name: str, speakers: Speakers) -> str:
    speaker = speakers.of(name)
    return speaker.name if speaker else name


def words_of(index: Index, rows: Sequence[StoredQuotation]) -> dict[int, CopyPlace]:
    """What quotations say, with their documents, by key; without those whose documents are of another version by now.

    What is denied stands in its sentence: "that the pier is unsafe" alone would be the contrary of what was said.
    """
    passages = index.search.fetch(list(dict.fromkeys(key for row in rows for key in row.passage_ids)))
    found: dict[int, CopyPlace] = {}
    for row in rows:
        own = [passages[key] for key in row.passage_ids if key in passages]
        if len(own) == len(row.passage_ids) and own:
            found[row.key] = _cut([passage for passage, _ in own], row, own[0][1])
    return found


def _cut(passages: Sequence[Passage], row: StoredQuotation, document: Record) -> CopyPlace:
    start, end = row.start, row.end
    if _is_denied(row, document.language_of(passages[0])):
        for passage in passages:
            for span in sentences_in(passage, document):
                first, last = passage.start + span.start, passage.start + span.end
                if first < row.end and last > row.start:
                    start, end = min(start, first), max(end, last)
    origin = passages[0].start
    quote = "".join(passage.text for passage in passages)[start - origin : end - origin]
    return CopyPlace(document=document, quote=quote, start=start, end=end)


def _is_denied(row: StoredQuotation, language: str) -> bool:
    grammar = grammar_of(language)
    verbs = grammar.verbs.get(row.cue.lower(), ()) if grammar and row.kind == "indirect" else ()
    return grammar is not None and any(verb.lemma in grammar.denying for verb in verbs)


def _not_looked_at(index: Index, filters: Filters) -> tuple[int, int]:
    """How many documents are still to be read by these rules, and how many are in languages of which no rules are known."""
    chosen = frozenset(filters.documents)
    missing = index.present.some(
        key for key in index.quotations.not_looked_at() if not chosen or key in chosen
    )
    unknown = [record for record in missing if not any(map(grammar_of, record.languages))]
    of_earlier = (
        len(stored_by_earlier_rules(index.present.some(chosen)))
        if chosen
        else count_stored_by_earlier_rules(index)
    )
    return of_earlier - len(stored_by_earlier_rules(unknown)), len(unknown)
