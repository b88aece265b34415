"""One story from many outlets is quoted once: in its earliest copy, with the places of the same words in the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from assistant.answering.evidence import Sentence, sentences_of
from assistant.checking.check import check
from assistant.language.lexicon import shipped
from assistant.retrieval.search import allowed_documents
from assistant.types import Answer, Citation, CopyPlace, Filters, Hit
from ingest.store.index import Index
from ingest.text.folding import tokens
from ingest.text.sentences import trimmed_sentences
from ingest.text.shared_wording import Grams, grams_of, likeness
from ingest.types import Record

# How alike two sentences are that say the same, and two that do so in the same words, one of which stands for the other.
SAME, VERBATIM = 0.5, 0.8
# The sentences, best first, for which an earlier copy is looked for, and the copies in which a quote is looked for.
MOST_MOVED, MOST_COPIES = 24, 50
LONGER = 1.5  # how much longer than a quote its place in a copy may be


class _Copies:
    """The stories of one answer, of the documents that its question may be answered from; each is read once."""

    def __init__(self, index: Index, filters: Filters) -> None:
        allowed = allowed_documents(index, filters)
        self._allowed = None if allowed is None else frozenset(allowed)
        self._index, self._stories = index, index.stories
        self._sentences: dict[str, list[tuple[Sentence, Grams]]] = {}

    def of(self, document_id: str) -> list[Record]:
        """The copies of a story, the earliest first; fewer than two where there is no other."""
        story = self._stories.of(document_id)
        return [record for record in story if self._allowed is None or record.id in self._allowed]

    def sentence(self, text: str, record: Record, least: float) -> Sentence | None:
        """The sentence of a document that is most like ``text``, if it is at least so alike and says nothing else."""
        own = grams_of(tokens(text))
        entries = self._read(record)
        alike = likeness(own, [grams for _, grams in entries])
        best = max(range(len(entries)), key=alike.__getitem__, default=None)
        if best is None or alike[best] < least:
            return None
        found = entries[best][0]
        agree = _in_same_words if least >= VERBATIM else bears_out
        return found if agree(text, found.text, found.hit.language) else None

    def place(self, citation: Citation, record: Record) -> CopyPlace | None:
        """Where a document says what is quoted: from the first to the last sentence of the quote, or its last one alone."""
        spans = trimmed_sentences(citation.quote, citation.language)
        texts = [citation.quote[span.start : span.end] for span in spans]
        found = [sentence for text in texts if (sentence := self.sentence(text, record, SAME))]
        if not found:
            return None
        start, end = min(one.start for one in found), max(one.end for one in found)
        if end - start > LONGER * len(citation.quote):
            start, end = found[-1].start, found[-1].end
        quote = self._index.texts.of(record)[start:end]
        present = self._index.record(record.id)
        if not quote or present is None or present.version != record.version:  # replaced this moment
            return None
        return CopyPlace(document=record, quote=quote, start=start, end=end)

    def _read(self, record: Record) -> list[tuple[Sentence, Grams]]:
        if record.id not in self._sentences:
            hits = [
                Hit(passage=passage, document=record, score=0.0, dense_rank=None, lexical_rank=None)
                for passage in self._index.texts.passages_of(record.id)
            ]
            read = [(sentence, grams_of(tokens(sentence.text))) for sentence in sentences_of(hits)]
            self._sentences[record.id] = [(sentence, grams) for sentence, grams in read if grams]
        return self._sentences[record.id]


def told_once(ranked: Sequence[Sentence], index: Index, filters: Filters) -> Sequence[Sentence]:
    """The sentences without those that say in a copy what a better one says, each in the earliest copy that has its words."""
    copies = _Copies(index, filters)
    if not any(len(copies.of(key)) > 1 for key in {sentence.hit.document.id for sentence in ranked}):
        return ranked
    return list(_told_once(ranked, copies))


def _told_once(ranked: Sequence[Sentence], copies: _Copies) -> Iterator[Sentence]:
    said: dict[str, list[tuple[Sentence, Grams]]] = {}  # by story: what has been told
    places: set[tuple[str, int]] = set()
    for number, sentence in enumerate(ranked):
        story = copies.of(sentence.hit.document.id)
        if len(story) > 1:
            told, own = said.setdefault(story[0].id, []), grams_of(tokens(sentence.text))
            if _is_told(sentence, own, told):
                continue
            told.append((sentence, own))
            if number < MOST_MOVED:
                sentence = _in_earliest(sentence, story, copies)
        if (place := (sentence.hit.document.id, sentence.start)) not in places:
            places.add(place)
            yield sentence


def _is_told(sentence: Sentence, own: Grams, told: Sequence[tuple[Sentence, Grams]]) -> bool:
    """Whether a copy has said the same, and nothing else: other figures, names and denials are for the reader to see."""
    others = [pair for pair in told if pair[0].hit.document.id != sentence.hit.document.id]
    alike = likeness(own, [grams for _, grams in others])
    return any(
        share >= SAME and bears_out(sentence.text, one.text, sentence.hit.language)
        for share, (one, _) in zip(alike, others, strict=True)
    )


def _in_earliest(sentence: Sentence, story: Sequence[Record], copies: _Copies) -> Sentence:
    """The sentence as the earliest copy has it that has its words; as it is where no earlier one has."""
    for record in story[:MOST_COPIES]:
        if record.id == sentence.hit.document.id:
            break
        if found := copies.sentence(sentence.text, record, VERBATIM):
            hit = replace(sentence.hit, passage=found.hit.passage, document=record)
            return replace(
                sentence,
                text=found.text,
                start=found.start,
                end=found.end,
                before=found.before,
                after=found.after,
                number=found.number,
                hit=hit,
            )
    return sentence


def with_copies(answer: Answer, index: Index, filters: Filters) -> Answer:
    """The answer, its citations with the places where other copies of their stories say the same."""
    copies = _Copies(index, filters)
    cited = (*answer.citations, *answer.possible)
    if not any(len(copies.of(citation.document.id)) > 1 for citation in cited):
        return answer
    return replace(
        answer,
        citations=tuple(_with_places(citation, copies) for citation in answer.citations),
        possible=tuple(_with_places(citation, copies) for citation in answer.possible),
    )


def copies_of(citation: Citation, index: Index, filters: Filters) -> tuple[CopyPlace, ...]:
    """Where other copies of a citation's story say the same, the earliest first."""
    copies = _Copies(index, filters)
    told_again = len(copies.of(citation.document.id)) > 1
    return _with_places(citation, copies).also_in if told_again else ()


def _with_places(citation: Citation, copies: _Copies) -> Citation:
    story = copies.of(citation.document.id)
    others = [record for record in story if record.id != citation.document.id][:MOST_COPIES]
    places = (copies.place(citation, record) for record in others)
    return replace(citation, also_in=tuple(place for place in places if place))


def _in_same_words(one: str, other: str, _: str) -> bool:
    """Whether one may stand for the other in an answer: "did resign" is nearly as long as "did not resign", and another name as like."""
    return [word.casefold() for word in tokens(one)] == [word.casefold() for word in tokens(other)]


@lru_cache(maxsize=20_000)  # the same sentences of a story come up with every question about it
def bears_out(said: str, other: str, language: str) -> bool:
    """Whether a sentence holds nothing that the other lacks, as far as figures, names, denials and what happened tell."""
    return check(said, [other], [], language=language, lexicon=shipped()).supported != "no"
