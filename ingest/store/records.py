"""What is stored of a document: its record, its lexical entries, its mean vector. Pure functions."""

from __future__ import annotations

import uuid
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np

from ingest.embedding.types import SentenceVectors, Vectors
from ingest.store.lexical import AHEAD, Entry
from ingest.text import folding, wording
from ingest.text.word_forms import indexed
from ingest.text.wording import WrittenWord, readings, words_in
from ingest.types import Document, Heading, OtherLanguage, Passage, Record, version_of

EDITION = f"{folding.EDITION}.{wording.EDITION}"
# Characters before and after a passage that its words are found by too: a paragraph cut in two
# still answers a question whose words lie on both sides of the cut.
AROUND = 300
NO_SENTENCES = np.zeros((0, 0), dtype=np.int8)  # of a passage whose sentences have no vectors


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A document ready to be stored: its passages and their vectors, shape (passages, dimensions).

    ``sentences`` are the vectors of each passage's sentences, shape (sentences, dimensions); none where there are none
    for any passage. ``added`` is given where it was in the index before.
    """

    document: Document
    passages: Sequence[Passage]
    vectors: Vectors
    sentences: Sequence[SentenceVectors] = ()
    added: datetime | None = None

    def with_document(self, document: Document) -> Prepared:
        """The same text and vectors, with something else known of it."""
        return replace(self, document=document)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A document as it is written: its record and its passages, all of one version, and its mean vector."""

    record: Record
    passages: Sequence[Passage]
    vectors: Vectors
    sentences: Sequence[SentenceVectors]
    mean: Vectors


def versioned(prepared: Prepared) -> Stored:
    """A document as a version that no other is, of the same content either: who writes it writes it alone."""
    return as_version(prepared, f"{prepared.document.version}-{uuid.uuid4().hex[:8]}")


def as_version(prepared: Prepared, version: str) -> Stored:
    """A document as it is written under the name of a version."""
    return Stored(
        record=record_of(prepared, version),
        passages=[
            replace(passage, id=passage_id(prepared.document.id, version, number))
            for number, passage in enumerate(prepared.passages)
        ],
        vectors=prepared.vectors,
        sentences=prepared.sentences or [NO_SENTENCES] * len(prepared.passages),
        mean=mean_of(prepared.vectors),
    )


def groups(records: Sequence[Record], most: int) -> Iterator[list[Record]]:
    """The records, as many at a time as have ``most`` passages, or one that has more."""
    group: list[Record] = []
    for record in records:
        if group and sum(member.passages for member in group) + record.passages > most:
            yield group
            group = []
        group.append(record)
    if group:
        yield group


def passage_id(document_id: str, version: str, number: int) -> str:
    """The id of a passage; ``number`` counts the passages of the document from 0."""
    return f"{document_id}-{version}-{number:05}"


def document_and_version(passage_id: str) -> tuple[str, str]:
    """What a passage belongs to: the id of its document, and the version of that."""
    document_id, _, rest = passage_id.partition("-")
    return document_id, rest.rpartition("-")[0]


def passage_language(passage_id: str, record: Record) -> str:
    """The language of a passage of the version of a document that ``record`` is of."""
    return (
        record.language_of_passage(int(passage_id.rpartition("-")[2]))
        if record.other_languages
        else record.language
    )


def key_of(record: Record) -> str:
    """Names one version of a document as the lexical index holds it."""
    return f"{record.id}:{record.version}:{EDITION}"


def entries_of(record: Record, passages: Sequence[Passage]) -> list[Entry]:
    """What is found by spelling for each passage: its title, its heading, and the text around it too."""
    text = "".join(passage.text for passage in passages)
    words = words_in(text)
    starts = [word.start for word in words]
    return [
        Entry(
            passage.id,
            record.id,
            key_of(record),
            "\n".join(
                (record.title, passage.heading, text[max(0, passage.start - AROUND) : passage.end + AROUND])
            ),
            record.language_of(passage),
            tuple(readings(_words_from(passage, words, starts))),
            tuple(_folded(record, passage, _words_from(passage, words, starts, ahead=0))),
        )
        for passage in passages
    ]


def _folded(record: Record, passage: Passage, words: Sequence[WrittenWord]) -> list[str]:
    """What the passage and what stands above it has of words, each once."""
    above = words_in(f"{record.title}\n{passage.heading}")
    return sorted(indexed([*readings(words), *readings(above)], record.language_of(passage)))


def _words_from(
    passage: Passage, words: Sequence[WrittenWord], starts: Sequence[int], ahead: int = AHEAD
) -> Sequence[WrittenWord]:
    """Of a document's words those that begin in a passage, and some after them."""
    return words[bisect_left(starts, passage.start) : bisect_left(starts, passage.end) + ahead]


def mean_of(vectors: Vectors) -> Vectors:
    """The unit vector of a document: the mean direction of its passages."""
    mean = vectors.mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), dtype=np.float32)


def headings_of(passages: Sequence[Passage]) -> tuple[Heading, ...]:
    """The headings that the passages stand under, each where it begins to apply."""
    headings: list[Heading] = []
    for passage in passages:
        if passage.section and (not headings or headings[-1].text != passage.section):
            headings.append(Heading(start=passage.start, text=passage.section))
    return tuple(headings)


def record_of(prepared: Prepared, version: str) -> Record:
    """What the catalogue keeps of a version of a document."""
    document = prepared.document
    return Record(
        id=document.id,
        version=version,
        source=document.source,
        title=document.title,
        published=document.published,
        authors=document.authors,
        language=document.language,
        media_type=document.media_type,
        sha256=document.sha256,
        page_starts=document.page_starts,
        passages=len(prepared.passages),
        characters=len(document.text),
        added=prepared.added or datetime.now(UTC),
        added_by=document.added_by,
        text_version=version_of(document.text),
        published_from=document.published_from,
        source_corrected=document.source_corrected,
        stated=document.stated,
        corrections=document.corrections,
        moved_from=document.moved_from,
        not_copies_of=document.not_copies_of,
        doubtful_pages=document.doubtful_pages,
        recognised_pages=document.recognised_pages,
        unread_pages=document.unread_pages,
        recognition_tried=document.recognition_tried,
        time_starts=document.time_starts,
        container=document.container,
        other_languages=other_languages(prepared.passages),
        quotations_edition=document.quotations_edition,
    )


def other_languages(passages: Sequence[Passage]) -> tuple[OtherLanguage, ...]:
    """Which of a document's passages have a language of their own, neighbours in the same one together."""
    found: list[OtherLanguage] = []
    for number, passage in enumerate(passages):
        if not passage.language:
            continue
        last = found[-1] if found else None
        if last and last.after == number and last.language == passage.language:
            found[-1] = replace(last, after=number + 1, end=passage.end)
        else:
            found.append(
                OtherLanguage(
                    language=passage.language,
                    first=number,
                    after=number + 1,
                    start=passage.start,
                    end=passage.end,
                )
            )
    return tuple(found)


def document_of(record: Record, passages: Sequence[Passage]) -> Document:
    """The document that a record and its passages were made of; headings as the passages know them."""
    return Document(
        id=record.id,
        source=record.source,
        title=record.title,
        text="".join(passage.text for passage in passages),
        published=record.published,
        authors=record.authors,
        language=record.language,
        media_type=record.media_type,
        sha256=record.sha256,
        page_starts=record.page_starts,
        headings=headings_of(passages),
        added_by=record.added_by,
        published_from=record.published_from,
        source_corrected=record.source_corrected,
        stated=record.stated,
        corrections=record.corrections,
        moved_from=record.moved_from,
        not_copies_of=record.not_copies_of,
        doubtful_pages=record.doubtful_pages,
        recognised_pages=record.recognised_pages,
        unread_pages=record.unread_pages,
        recognition_tried=record.recognition_tried,
        time_starts=record.time_starts,
        container=record.container,
        quotations_edition=record.quotations_edition,
    )
