"""Which documents a question about the collection is about, and the sentence of each that shows it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from assistant.answering.evidence import Sentence, sentences_of
from assistant.collection.recognise import CollectionRequest
from assistant.language.words import Word
from assistant.retrieval.query import Query
from assistant.retrieval.question_type import is_question
from assistant.retrieval.search import term_of
from assistant.types import Filters, Hit
from ingest.store.index import Index
from ingest.text.folding import GRAM, fold, words
from ingest.types import Passage, Record

# Passages that are read for the words of a question, at most, and at once; where a whole batch has none of them, no later one is read.
MOST_READ, BATCH = 2_000, 200
# The letters of an ending, of a word that has one, and of the noun that follows in a compound.
ENDING, SHORT, FURTHER = 2, 3, 4
HEAD = 4  # letters of a noun that ends a compound
COMPOUNDING = ("de", "nl", "da", "sv", "")
# The share of its 4-grams that a name spelled otherwise must have, and the letters of one that may be.
NAMED, LONG = 0.75, 6
# The share of a topic's words, by weight, that a document about it must have.
ABOUT = 0.75
FEWEST = 4  # words of a sentence that says something
FIRST = 3  # leading sentences of a document that is all one part
_UMLAUTS = frozenset("äöü")
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_ENDS = (".", "!", "…", "?", "”", "“", '"', "»", "«", ")")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A document that has the words of a topic, and its sentence that has most of them. ``entitled``: its title has all."""

    document: Record
    sentence: Sentence
    entitled: bool
    passages: int


def listed(index: Index, request: CollectionRequest, filters: Filters) -> tuple[Sequence[Record], int]:
    """The documents that fit all of a request but its topic, in its order, and how many have no date to tell by.

    Newest first, or oldest; those without a date last.
    """
    catalogue, period = index.present, request.period
    fitting: Sequence[Record] = catalogue.latest_first
    if filters.documents:
        newest_first = sorted(
            catalogue.some(filters.documents), key=lambda record: (record.added, record.id), reverse=True
        )
        fitting = in_order(newest_first)
    # Where nothing is asked, nothing is looked at: there may be very many documents.
    if filters.in_days:
        fitting = [record for record in fitting if filters.allows(record.published)]
    if request.spoken:
        fitting = [record for record in fitting if record.language == request.spoken]
    if request.author:
        fitting = [record for record in fitting if _is_by(record, request.author)]
    undated = 0
    if period:
        undated = sum(record.published is None for record in fitting)
        fitting = [record for record in fitting if period.allows(record.published)]
    return in_order(fitting, oldest=True) if request.oldest else fitting, undated


def in_order(records: Sequence[Record], *, oldest: bool = False) -> list[Record]:
    """The documents by date, those without one last in the order of the catalogue."""
    dated = sorted(
        (record for record in records if record.published),
        key=lambda record: record.published or date.min,
        reverse=not oldest,
    )
    return [*dated, *(record for record in records if not record.published)]


def _is_by(record: Record, author: str) -> bool:
    wanted = {fold(word) for word in words(author)}
    return any(wanted <= {fold(word) for word in words(name)} for name in record.authors)


def mentions(
    index: Index, query: Query, among: Sequence[Record], *, about: bool, least: float = ABOUT
) -> tuple[list[Mention], bool]:
    """The documents of ``among``, in their order, that have the words of ``query``, and whether all were looked at.

    Those that mention it have all words in one passage; those ``about`` it have its names and ``least`` of its other words somewhere.
    """
    everything = len(among) == len(index.records())
    within = () if everything else tuple(record.id for record in among)
    found: dict[str, list[tuple[Hit, frozenset[str]]]] = {}
    wanted = {record.id for record in among}
    read = 0
    for batch in _batches(index, query, within):
        read += len(batch)
        held = [
            (passage, record, _held(query, passage, record))
            for passage, record in batch
            if record.id in wanted
        ]
        for passage, record, texts in held:
            if texts:
                found.setdefault(record.id, []).append((unranked(passage, record), texts))
        if not any(texts for _, _, texts in held):
            break
    fitting = [
        mention
        for record in among
        if record.id in found and (mention := _mention(query, record, found[record.id], about, least))
    ]
    return fitting, read < MOST_READ


def _batches(index: Index, query: Query, within: Sequence[str]) -> Iterator[list[tuple[Passage, Record]]]:
    near = [
        key for key, _ in index.search.spelled([term_of(word) for word in query.words], MOST_READ, within)
    ]
    for start in range(0, len(near), BATCH):
        keys = near[start : start + BATCH]
        fetched = index.search.fetch(keys)
        yield [fetched[key] for key in keys if key in fetched]


def _held(query: Query, passage: Passage, record: Record) -> frozenset[str]:
    """Which of the words a passage has, its headings included."""
    text = _read(f"{passage.heading}\n{passage.text}")
    language = record.language_of(passage)
    return frozenset(word.text for word in query.words if holds(text, word, query, language))


@dataclass(frozen=True, slots=True)
class _Text:
    """The words of a text: folded, and in lower case as they are written."""

    folded: frozenset[str]
    written: frozenset[str]


@lru_cache(maxsize=4_000)
def _read(text: str) -> _Text:
    written = {word.lower() for word in words(text)}
    return _Text(frozenset(map(fold, written)), frozenset(written))


def holds(text: _Text, word: Word, query: Query, language: str) -> bool:
    """Whether a text in ``language`` has a word in one of its forms, inflected or at the beginning of a German compound.

    A name of another language may be spelled a little otherwise.
    """
    foreign = word.name and language != query.language
    compounds = language in COMPOUNDING
    return any(
        all(_has(part, text, compounds=compounds, loosely=foreign) for part in words(form))
        for form in word.forms
        if words(form)
    )


def _has(part: str, text: _Text, *, compounds: bool, loosely: bool) -> bool:
    folded = fold(part)
    if part.isdigit() or not folded:
        return folded in text.folded
    if not _UMLAUTS.isdisjoint(part.lower()):  # folding makes one of "Fähre" and "fahre"
        lower = part.lower()
        plain = lower.translate(_SPELLED_OUT)
        return any(_extends(own, lower, compounds) or _extends(own, plain, compounds) for own in text.written)
    return any(_extends(own, folded, compounds) or (loosely and _alike(own, folded)) for own in text.folded)


def _extends(own: str, part: str, compounds: bool) -> bool:
    """Whether a word is ``part``, or that with an ending or a further noun: "Kraftwerks", "Kraftwerksleiter", "Wasserkraftwerk"."""
    more = len(own) - len(part)
    if not own.startswith(part):
        return compounds and len(part) >= HEAD and more >= FURTHER - 1 and own.endswith(part)
    return more == 0 or (len(part) >= SHORT and (more <= ENDING or (compounds and more >= FURTHER)))


def _alike(own: str, part: str) -> bool:
    """Whether two long names are spelled nearly alike."""
    if len(part) < LONG or own[0] != part[0] or abs(len(own) - len(part)) > ENDING:
        return False
    grams = {part[i : i + GRAM] for i in range(len(part) - GRAM + 1)}
    return len(grams & {own[i : i + GRAM] for i in range(len(own) - GRAM + 1)}) >= NAMED * len(grams)


def _mention(
    query: Query,
    record: Record,
    found: Sequence[tuple[Hit, frozenset[str]]],
    about: bool,
    least: float,
) -> Mention | None:
    """The document as one that has the words, or None where it has too few."""
    asked = [word.text for word in query.words]
    title = frozenset(
        word.text for word in query.words if holds(_read(record.title), word, query, record.language)
    )
    together = title.union(*(texts for _, texts in found))
    if about:
        weight = sum(word.weight for word in query.words)
        has = sum(word.weight for word in query.words if word.text in together)
        names = {word.text for word in query.words if word.name}
        if not names <= together or has < least * weight:
            return None
    elif not any(texts | title >= set(asked) for _, texts in found):
        return None
    sentence = _best_sentence(query, [hit for hit, _ in found])
    if sentence is None:
        return None
    return Mention(document=record, sentence=sentence, entitled=title >= set(asked), passages=len(found))


def _best_sentence(query: Query, hits: Sequence[Hit]) -> Sentence | None:
    """The first sentence that has most of the words; a headline or a question only where no other has any."""
    candidates = sorted(sentences_of(hits), key=lambda sentence: sentence.start)

    def held(sentence: Sentence) -> float:
        text = _read(sentence.text)
        share = sum(word.weight for word in query.words if holds(text, word, query, sentence.hit.language))
        return share if says_something(sentence) else share / 100

    best = max(candidates, key=held, default=None)
    return best if best and held(best) else None


def leading_sentence(index: Index, record: Record) -> Sentence | None:
    """The first sentence of a document that is no headline; a headline where there is nothing else."""
    first: Sentence | None = None
    for passage in index.texts.passages_of(record.id):
        sentences = sentences_of([unranked(passage, record)])
        first = first or next(iter(sentences), None)
        if saying := next(filter(says_something, sentences), None):
            return saying
    return first


def leading_sentences(index: Index, record: Record) -> list[Sentence]:
    """The first sentence of a document and of each of its sections; of each of its paragraphs where it has no sections."""
    passages = index.texts.passages_of(record.id)
    sections = (
        len({passage.section for passage in passages if not _is_title(passage.section, record)} - {""}) > 1
    )
    text = "".join(passage.text for passage in passages)
    chosen: list[Sentence] = []
    saying: list[Sentence] = []
    parts: set[object] = set()
    for passage in passages:
        for sentence in filter(says_something, sentences_of([unranked(passage, record)])):
            part = passage.section if sections else _paragraph(text, sentence.start)
            saying.append(sentence)
            if part not in parts:
                parts.add(part)
                chosen.append(sentence)
    if len(chosen) > 1:
        return chosen
    first = leading_sentence(index, record)
    return saying[:FIRST] or ([first] if first else [])


def _paragraph(text: str, offset: int) -> int:
    """Where the paragraph begins that an offset lies in."""
    return text.rfind("\n\n", 0, offset)


def says_something(sentence: Sentence) -> bool:
    """Whether a sentence is more than a headline, a name or a question."""
    plain = sentence.text.strip().rstrip("*_")
    same = _folded(plain)
    return (
        len(words(plain)) >= FEWEST
        and plain.endswith(_ENDS)
        and not is_question(plain)
        and same not in (_folded(sentence.hit.document.title), _folded(sentence.hit.passage.section))
    )


def _folded(text: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in words(text))


def _is_title(heading: str, record: Record) -> bool:
    return _folded(heading) == _folded(record.title)


def unranked(passage: Passage, record: Record) -> Hit:
    """A passage as a hit that no search has found."""
    return Hit(passage=passage, document=record, score=0.0, dense_rank=None, lexical_rank=None)


def titles(records: Collection[Record]) -> list[str]:
    return [record.title or record.shown_source for record in records]
