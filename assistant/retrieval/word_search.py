"""Words and phrases found word for word in the texts of all documents.

The lexical index says which passages may have them; each place is then checked in the text itself. Documents come newest
first, places in the order of the text. Of several words and phrases a document must have all: a hit is where they stand
together; of documents where they never do, which come last, the first place of each is one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import TypeVar

from assistant.errors import BadQuestion
from assistant.retrieval.search import allowed_documents, count_undated
from assistant.types import EVERYTHING, Filters
from ingest.store.index import Index
from ingest.store.lexical import AHEAD
from ingest.store.records import document_and_version, passage_id
from ingest.text.wording import Phrase, phrases_in, places, words_in
from ingest.types import Passage, Record

COUNTED = 1_000  # hits: of more only so much is said
TOGETHER = 500  # characters that several words or phrases may span
AROUND = 110  # characters shown before and after a hit, at most
_MOST_PHRASES = 32
_DOCUMENTS = 40  # looked through at a time
_PASSAGES = 100  # read at a time
_USUAL_WORD, _LONG_WORD = 10, 100  # characters, with what stands between two words

Offsets = tuple[int, int]
Fits = Callable[[Record], bool]
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class WordHit:
    """A place in a document: ``text`` is what its text of that ``version`` says from ``start`` to ``end``.

    ``words`` are the offsets of the words and phrases looked for in it, ``before`` and ``after`` what stands around it.
    """

    document: Record
    version: str
    start: int
    end: int
    text: str
    words: tuple[Offsets, ...]
    before: str
    after: str

    @property
    def page(self) -> int | None:
        return self.document.page_at(self.start)

    @property
    def language(self) -> str:
        """The language of the passage where the words stand."""
        return self.document.language_at(self.start)

    @property
    def time(self) -> str:
        """When the words were said, as in "00:12:31"; empty in what is no transcript."""
        return self.document.time_at(self.start)


@dataclass(frozen=True, slots=True, kw_only=True)
class WordHits:
    """Some of the ``total`` hits in so many ``documents``; unless ``counted``, there are at least so many hits.

    ``undated_left_out`` counts the documents that a restriction to days leaves out because they have no date.
    """

    hits: tuple[WordHit, ...]
    total: int
    documents: int
    counted: bool
    undated_left_out: int


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A part of a document's text that begins at the offset ``start``, and the places of each phrase in the document."""

    start: int
    text: str
    places: tuple[tuple[Offsets, ...], ...]


def pieces(text: str, start: int, words: Sequence[Offsets]) -> Iterator[tuple[str, bool]]:
    """A hit's text, which begins at the offset ``start``, in pieces, and whether each is one of the ``words``."""
    done = start
    for first, last in words:
        yield text[done - start : first - start], False
        yield text[first - start : last - start], True
        done = last
    yield text[done - start :], False


def find_words(
    index: Index,
    query: str,
    filters: Filters = EVERYTHING,
    fits: Fits = lambda record: True,
    limit: int = 20,
    offset: int = 0,
) -> WordHits:
    """The hits from ``offset`` on, at most ``limit``, in documents that the filters let through and that ``fits``.

    Words in quotation marks are a phrase. Raises `BadQuestion` where there is no word to look for, or there are too many.
    """
    phrases = _checked(query)
    allowed = allowed_documents(index, filters)
    among = None if allowed is None else frozenset(allowed)
    records = [
        record
        for record in index.search.holding(phrases)
        if (among is None or record.id in among) and fits(record)
    ]
    hits = _hits(index, phrases, records)
    passed = list(islice(hits, offset))
    shown = tuple(islice(hits, limit))
    rest = list(islice(hits, max(1, COUNTED - len(passed) - len(shown))))
    every = [*passed, *shown, *rest]
    counted = next(hits, None) is None
    named = {hit.document.id for hit in every}
    return WordHits(
        hits=shown,
        total=len(every),
        documents=len(named) if counted else len(records),
        counted=counted,
        undated_left_out=count_undated(index, filters),
    )


def _checked(query: str) -> tuple[Phrase, ...]:
    phrases = phrases_in(query)
    if not phrases:
        raise BadQuestion('There is no word to look for. Type words, or a phrase in quotation marks: "…".')
    if len(phrases) > _MOST_PHRASES:
        raise BadQuestion(
            f"These are {len(phrases)} words and phrases. Look for at most {_MOST_PHRASES}, "
            "or put words that stand together into quotation marks."
        )
    return phrases


def _hits(index: Index, phrases: Sequence[Phrase], records: Sequence[Record]) -> Iterator[WordHit]:
    """First those of documents in which all phrases stand together somewhere."""
    found: set[str] = set()
    for batch in _batches(records, _DOCUMENTS):
        for hit in _together(index, phrases, batch, index.search.passages_holding(phrases, batch)):
            found.add(hit.document.id)
            yield hit
    if len(phrases) > 1:
        for batch in _batches([record for record in records if record.id not in found], _DOCUMENTS):
            yield from _apart(index, phrases, batch)


def _apart(index: Index, phrases: Sequence[Phrase], records: Sequence[Record]) -> Iterator[WordHit]:
    """The first place of each phrase in the documents that have all of them."""
    firsts: dict[str, list[WordHit]] = {}
    for phrase in phrases:
        ids = index.search.passages_holding([phrase], records)
        first_ids = [next(some) for _, some in groupby(ids, key=_document_of)]
        for _, hits in groupby(
            _together(index, [phrase], records, first_ids), key=lambda hit: hit.document.id
        ):
            first = next(hits)
            firsts.setdefault(first.document.id, []).append(first)
    for record in records:
        if len(hits_of := firsts.get(record.id, [])) == len(phrases):
            yield from sorted(hits_of, key=lambda hit: hit.start)


def _together(
    index: Index, phrases: Sequence[Phrase], records: Sequence[Record], ids: Sequence[str]
) -> Iterator[WordHit]:
    """The hits that begin in these passages: every place of a single phrase, the closest places of several."""
    by_id = {record.id: record for record in records}
    for some in _batches(ids, _PASSAGES):
        numbers = {
            by_id[key]: [_number_of(one) for one in of_document]
            for key, of_document in groupby(some, key=_document_of)
        }
        passages = index.search.fetch(
            [key for record, wanted in numbers.items() for key in _around(record, wanted)]
        )
        for record, wanted in numbers.items():
            yield from _in_document(index, phrases, record, wanted, passages)


def _in_document(
    index: Index,
    phrases: Sequence[Phrase],
    record: Record,
    numbers: Sequence[int],
    passages: Mapping[str, tuple[Passage, Record]],
) -> Iterator[WordHit]:
    version, done = index.texts.version_of(record), -1
    for number in numbers:
        entry = passages.get(passage_id(record.id, record.version, number))
        if entry is None:  # the document has just been changed
            return
        begin, end = entry[0].start, entry[0].end
        stretch = _stretch(index, phrases, record, number, passages)
        for spans in _groups(stretch.places, begin, end):
            start, until = min(spans)[0], max(last for _, last in spans)
            if len(phrases) == 1 or start >= done:
                done = until
                yield _hit(record, version, stretch, (start, until), spans)


def _stretch(
    index: Index,
    phrases: Sequence[Phrase],
    record: Record,
    number: int,
    passages: Mapping[str, tuple[Passage, Record]],
) -> _Stretch:
    """What stands around a passage. The places are those from its beginning on, as far as a phrase that begins in it may go.

    Where that is farther than what has been read, the whole text is taken.
    """
    some = [passages[key][0] for key in _around(record, [number]) if key in passages]
    here = next(passage for passage in some if _number_of(passage.id) == number)
    text, start = "".join(passage.text for passage in some), some[0].start
    more = 1 + max(AHEAD, *(2 * len(phrase.words) for phrase in phrases))
    words = words_in(text, here.start - start, here.end - start + more * _USUAL_WORD)
    if sum(word.start >= here.end - start for word in words) < more:
        if _number_of(some[-1].id) < record.passages - 1:
            text, start = index.texts.of(record), 0
        words = words_in(text, here.start - start, here.end - start + more * _LONG_WORD)
    found = (
        tuple((start + words[first].start, start + words[last].end) for first, last in places(words, phrase))
        for phrase in phrases
    )
    return _Stretch(start, text, tuple(found))


def _around(record: Record, numbers: Sequence[int]) -> Iterator[str]:
    """The ids of passages, of the one before each and the two after it, each once and in order."""
    wanted = {
        near for number in numbers for near in range(number - 1, number + 3) if 0 <= near < record.passages
    }
    return (passage_id(record.id, record.version, number) for number in sorted(wanted))


def _groups(found: Sequence[Sequence[Offsets]], begin: int, end: int) -> Iterator[tuple[Offsets, ...]]:
    """Places of all phrases, one of each, that stand together and begin from ``begin`` on and before ``end``."""
    merged = sorted((span, which) for which, spans in enumerate(found) for span in spans if span[0] >= begin)
    latest: dict[int, Offsets] = {}
    for span, which in merged:
        latest[which] = span
        first = min(latest.values())[0]
        if len(latest) < len(found):
            continue
        if first < end and max(last for _, last in latest.values()) - first <= TOGETHER:
            yield tuple(sorted(latest.values()))
            latest = {}


def _hit(
    record: Record, version: str, stretch: _Stretch, span: Offsets, words: tuple[Offsets, ...]
) -> WordHit:
    start, end = span[0] - stretch.start, span[1] - stretch.start
    return WordHit(
        document=record,
        version=version,
        start=span[0],
        end=span[1],
        text=stretch.text[start:end],
        words=tuple(_merged(words)),
        before=_end_of(stretch.text[:start]),
        after=_beginning_of(stretch.text[end:]),
    )


def _merged(spans: Sequence[Offsets]) -> Iterator[Offsets]:
    """Spans in order, those that overlap as one."""
    first, last = spans[0]
    for start, end in spans[1:]:
        if start >= last:
            yield first, last
            first = start
        last = max(last, end)
    yield first, last


def _end_of(text: str) -> str:
    """The last words of a text; an ellipsis stands for the rest."""
    if len(text) <= AROUND:
        return text
    cut = text[-AROUND:]
    return "… " + (cut.partition(" ")[2] or cut)


def _beginning_of(text: str) -> str:
    if len(text) <= AROUND:
        return text
    cut = text[:AROUND]
    return (cut.rpartition(" ")[0] or cut) + " …"


def _batches(values: Sequence[Value], size: int) -> Iterator[Sequence[Value]]:
    return (values[first : first + size] for first in range(0, len(values), size))


def _document_of(passage_id: str) -> str:
    return document_and_version(passage_id)[0]


def _number_of(passage_id: str) -> int:
    return int(passage_id.rpartition("-")[2])
