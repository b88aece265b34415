"""What a person says over time and about what, and where others speak of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.language.lexicon import shipped
from assistant.language.words import is_function_word, lemma
from assistant.statements.finding import (
    SpokenStatement,
    StatementsAsked,
    all_speakers,
    find_statements,
    name_of,
    query_for,
    words_of,
)
from assistant.statements.name_folding import Speaker
from assistant.statements.speakers import Speakers
from assistant.types import EVERYTHING, Filters
from ingest.store.index import Index
from ingest.store.lexical import Term
from ingest.store.quotation_rows import QuotationQuery, StoredQuotation
from ingest.store.records import document_and_version
from ingest.text.folding import fold, words
from ingest.types import Record

READ = 200  # statements whose words are counted, the newest
MOST_TOPICS, CANDIDATES = 12, 60
MENTIONS_READ, MOST_MENTIONS = 200, 50  # passages looked at, and documents named
_SHORTEST_WORD = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicCount:
    """A word of somebody's statements, and how many have it."""

    word: str
    statements: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenOf:
    """A document in which others speak of somebody: the first place where that is, and by whom, empty where nobody is named."""

    document: Record
    quote: str
    start: int
    end: int
    speaker: str
    places: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerProfile:
    """``months`` counts statements by month, as in "2025-03", those of documents without a date under ""."""

    speaker: Speaker
    statements: int
    documents: int
    months: Mapping[str, int]
    topics: tuple[TopicCount, ...]
    spoken_of: tuple[SpokenOf, ...]


def profile_of(index: Index, name: str, filters: Filters = EVERYTHING) -> SpeakerProfile | None:
    """What is known of the one whom a name means; None where it means nobody, or several."""
    speakers = all_speakers(index, filters)
    chosen = speakers.asked(name)
    if len(chosen) != 1:
        return None
    (speaker,) = chosen
    asked = StatementsAsked(speaker=name, filters=filters, limit=READ)
    query = query_for(asked, chosen)
    repeats = index.quotations.told_again(query, index.copied_quotations)
    months = index.quotations.months(query, frozenset(key for keys in repeats.values() for key in keys))
    said = find_statements(index, asked)
    return SpeakerProfile(
        speaker=speaker,
        statements=said.total,
        documents=len(index.quotations.documents(query)),
        months=months,
        topics=main_topics(said.statements, speaker, index.search.rarity),
        spoken_of=tuple(_spoken_of(index, speaker, speakers, filters)),
    )


def main_topics(
    statements: Sequence[SpokenStatement], speaker: Speaker, rarity: Callable[[Sequence[str]], float]
) -> tuple[TopicCount, ...]:
    """The words that most statements have, usual ones counting less; those of the speaker's name left out."""
    own = {fold(word) for name in speaker.names for word in words(name)}
    having: Counter[str] = Counter()
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for statement in statements:
        found = {base: word for word, base in _content(statement.quote, statement.language)}
        for base, word in found.items():
            having[base] += 1
            forms[base][word] += 1
    least = 2 if len(statements) > 4 else 1
    usual = [
        base for base, number in having.most_common(CANDIDATES) if number >= least and fold(base) not in own
    ]
    shown = {base: forms[base].most_common(1)[0][0] for base in usual}
    best = sorted(usual, key=lambda base: (-having[base] * rarity([shown[base]]), base))[:MOST_TOPICS]
    return tuple(TopicCount(word=shown[base], statements=having[base]) for base in best)


def _content(text: str, language: str) -> Iterable[tuple[str, str]]:
    """The words that say what a text is about, with their base forms: of German its nouns and names."""
    for word in words(text):
        if len(word) < _SHORTEST_WORD or word.isdigit() or (language == "de" and not word[0].isupper()):
            continue
        if not is_function_word(word, language, shipped()):
            yield word, lemma(word, language)


def _spoken_of(index: Index, speaker: Speaker, speakers: Speakers, filters: Filters) -> Iterable[SpokenOf]:
    """The documents in which others' words have the speaker's name, the newest first."""
    surnames = list(dict.fromkeys(words(name)[-1] for name in speaker.names if words(name)))
    if not surnames:
        return
    passages = index.search.spelled([Term(tuple(surnames))], MENTIONS_READ, filters.documents)
    places = [(document_and_version(key)[0], int(key.rpartition("-")[2])) for key, _ in passages]
    query = QuotationQuery(documents=filters.documents or None)
    rows = [row for row in index.quotations.in_passages(query, places) if row.name not in speaker.names]
    said = words_of(index, rows)
    named = _namings(speaker, speakers)
    by_document: dict[str, list[StoredQuotation]] = defaultdict(list)
    for row in rows:
        if row.key in said and _names(said[row.key][0], named) and not _names(row.written, named):
            by_document[row.document_id].append(row)
    newest = sorted(
        by_document.values(),
        key=lambda found: (found[0].published is not None, found[0].published, found[0].document_id),
        reverse=True,
    )
    for found in newest[:MOST_MENTIONS]:
        first = min(found, key=lambda row: row.start)
        quote, record = said[first.key]
        yield SpokenOf(
            document=record,
            quote=quote,
            start=first.start,
            end=first.end,
            speaker=name_of(first.name, speakers),
            places=len(found),
        )


def _namings(speaker: Speaker, speakers: Speakers) -> list[tuple[str, ...]]:
    """The folded words by which a text names somebody: a surname that others have too does not alone."""
    spelled = [tuple(fold(word) for word in words(name)) for name in speaker.names]
    alone = {name[-1:] for name in spelled if name and len(speakers.fitting(name[-1])) == 1}
    return [*alone, *(name for name in spelled if name)]


def _names(text: str, namings: Sequence[tuple[str, ...]]) -> bool:
    folded = {fold(word) for word in words(text)}
    return any(all(word in folded or f"{word}s" in folded for word in naming) for naming in namings)
