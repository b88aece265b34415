"""The nouns that travel through ingestion: frozen, keyword-only, typed.

    source ──load──▶ Content ──▶ Document ──split──▶ Passage ──embed──▶ Index ──▶ Record

All offsets are code points into ``Document.text``, half-open, as in ``text[start:end]``.
"""

from __future__ import annotations

import hashlib
import unicodedata
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Literal

# Where a document's date comes from; empty where there is no date, or an earlier release has not recorded it.
DateOrigin = Literal[
    "", "page", "front matter", "feed", "metadata", "text", "file name", "mail", "article data", "corrected"
]
# Where a moment of a recording begins in its transcript: offset in code points, seconds since the recording began.
TimeStart = tuple[int, int]
# How somebody's words are told.
QuotationKind = Literal["direct", "indirect", "reported"]
# What can be corrected of a document.
CorrectableField = Literal["title", "published", "authors", "source", "language", "not_copies_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to ingest: ``source`` names it for good, ``path`` is where its bytes lie now.

    ``added_by`` is the name of the user who adds it, empty where that is not known; ``published`` is what a feed says.
    ``container`` is the source of the archive, mail or list of articles that it was found in; empty for a file by itself.
    """

    source: str
    name: str
    path: Path
    added_by: str = ""
    published: date | None = None
    container: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading of a document: the offset at which its section begins, and its words."""

    start: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a loader reads out of one file: its text and what the file says about itself.

    ``doubtful_pages`` are those, counted from 1, whose lines may not be in the order in which they are read.
    ``recognised_pages`` are pictures whose text a program has recognised, so that it may have errors; ``unread_pages``
    are pictures, as of a scan, of which that has not been done, or not with success. ``recognition_tried`` says that the
    program was there and read one of them at least, whatever it found.
    """

    text: str
    media_type: str
    title: str = ""
    published: date | None = None
    published_from: DateOrigin = ""
    authors: tuple[str, ...] = ()
    language: str = ""
    page_starts: tuple[int, ...] = ()
    headings: tuple[Heading, ...] = ()
    doubtful_pages: tuple[int, ...] = ()
    recognised_pages: tuple[int, ...] = ()
    unread_pages: tuple[int, ...] = ()
    recognition_tried: bool = False
    time_starts: tuple[TimeStart, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """That a user, whose name is empty where it is not known, has corrected a field of a document."""

    field: CorrectableField
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What a document's file says of it, stored where something of it has been corrected."""

    title: str
    published: date | None
    published_from: DateOrigin
    authors: tuple[str, ...]
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherLanguage:
    """Neighbouring passages of a document in one language that is not the document's, and the text that they are.

    ``first`` counts the document's passages from 0, ``after`` is the first that is none of them any more.
    """

    language: str
    first: int
    after: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What the catalogue keeps of a document: everything but its text.

    ``version`` names the committed version of the document; ``sha256`` is that of the original
    bytes; ``language`` is an ISO 639-1 code, empty where unknown; ``page_starts`` holds the
    offset of each page's first code point, empty for documents without pages; ``time_starts`` is the same for what was
    said when, empty for what is no transcript; ``added_by`` names
    the user who added it, empty where that is not known. ``text_version`` is `version_of` the text, empty in records
    of earlier releases. ``container`` is that of `Item`; ``doubtful_pages``, ``recognised_pages``,
    ``unread_pages`` and ``recognition_tried`` are as in `Content`.

    Where fields have been corrected, they hold what is right, ``stated`` what the file says. ``source`` is always the one
    that the document came from, which its id is made of; ``source_corrected`` is the one to show, where there is such.
    ``moved_from`` are the ids that it had under earlier names of its file, which links to it may still have.
    ``not_copies_of`` are the ids of documents that tell another story, as an editor has said.
    ``other_languages`` are the passages in another language than ``language``, in order; none in records of earlier releases.
    ``quotations_edition`` is the edition of the rules by which these, and quotations, were looked for; 0 where they were not.
    """

    id: str
    version: str
    source: str
    title: str
    published: date | None
    authors: tuple[str, ...]
    language: str
    media_type: str
    sha256: str
    page_starts: tuple[int, ...]
    passages: int
    characters: int
    added: datetime
    added_by: str = ""
    text_version: str = ""
    published_from: DateOrigin = ""
    source_corrected: str = ""
    stated: Stated | None = None
    corrections: tuple[Correction, ...] = ()
    moved_from: tuple[str, ...] = ()
    not_copies_of: tuple[str, ...] = ()
    doubtful_pages: tuple[int, ...] = ()
    recognised_pages: tuple[int, ...] = ()
    unread_pages: tuple[int, ...] = ()
    recognition_tried: bool = False
    time_starts: tuple[TimeStart, ...] = ()
    container: str = ""
    other_languages: tuple[OtherLanguage, ...] = ()
    quotations_edition: int = 0

    @property
    def shown_source(self) -> str:
        """The address or file name that readers see."""
        return self.source_corrected or self.source

    def corrected_by(self, field: CorrectableField) -> str | None:
        """Who has corrected a field, empty where that is not known; None where nobody has."""
        return next((correction.by for correction in self.corrections if correction.field == field), None)

    def page_at(self, offset: int) -> int | None:
        """The page, counted from 1, that ``offset`` lies on; None in a document without pages."""
        return page_at(self.page_starts, offset)

    def order_doubtful(self, start: int, end: int) -> bool:
        """Whether a stretch of the text is from a page whose lines may not be in the order in which they are read."""
        return self._touches(self.doubtful_pages, start, end)

    def recognised(self, start: int, end: int) -> bool:
        """Whether a stretch of the text was recognised in a picture, in part at least."""
        return self._touches(self.recognised_pages, start, end)

    def _touches(self, pages: tuple[int, ...], start: int, end: int) -> bool:
        """Whether a stretch of the text is from one of the pages."""
        first, last = self.page_at(start), self.page_at(max(start, end - 1))
        return any((first or 0) <= page <= (last or -1) for page in pages)

    def time_at(self, offset: int) -> str:
        """When the words at ``offset`` were said, as in "00:12:31"; empty in what is no transcript."""
        return time_at(self.time_starts, offset)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of its passages, its own first, each once; an empty code for one that is not known."""
        return tuple(dict.fromkeys((self.language, *(other.language for other in self.other_languages))))

    def language_at(self, offset: int) -> str:
        """The language of the passage that ``offset`` lies in."""
        found = (other.language for other in self.other_languages if other.start <= offset < other.end)
        return next(found, self.language)

    def language_of(self, passage: Passage) -> str:
        """The language of one of its passages: the passage's own where it has one."""
        return passage.language or self.language

    def language_of_passage(self, number: int) -> str:
        """The language of a passage; ``number`` counts those of the document from 0."""
        found = (other.language for other in self.other_languages if other.first <= number < other.after)
        return next(found, self.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One article: where it came from, what it says about itself, and its whole text."""

    id: str
    source: str
    title: str
    text: str
    published: date | None
    authors: tuple[str, ...]
    language: str
    media_type: str
    sha256: str
    page_starts: tuple[int, ...] = ()
    headings: tuple[Heading, ...] = ()
    added_by: str = ""
    published_from: DateOrigin = ""
    source_corrected: str = ""
    stated: Stated | None = None
    corrections: tuple[Correction, ...] = ()
    moved_from: tuple[str, ...] = ()
    not_copies_of: tuple[str, ...] = ()
    doubtful_pages: tuple[int, ...] = ()
    recognised_pages: tuple[int, ...] = ()
    unread_pages: tuple[int, ...] = ()
    recognition_tried: bool = False
    time_starts: tuple[TimeStart, ...] = ()
    container: str = ""
    quotations_edition: int = 0

    @property
    def version(self) -> str:
        """What the names of this content's versions begin with."""
        return self.sha256[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """A piece of the document's text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """Somebody's words in a document, or what is reported of them.

    ``direct`` has its quotation marks. ``indirect`` is what was said without the words around it ("he said that"), where these stand
    before or after it; in the middle ("said the minister", "laut Polizei") they lie within. ``reported`` names only what was done with
    words ("criticised the plan") and is the whole sentence or clause.

    ``cue`` is the word that says that somebody speaks, None where quotation marks or the mood of the verb alone say so; ``speaker`` who
    speaks as it is written: a name, a role, a pronoun, None where it isn't said; ``name`` whom that means, by the fullest name that
    the document gives, empty where that can't be told.
    """

    kind: QuotationKind
    start: int
    end: int
    cue: Extent | None = None
    speaker: Extent | None = None
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A slice of a document's text: ``document.text[start:end] == text``.

    ``heading`` is the heading that it stands under. Where it begins inside a table whose first row stands before it, that row,
    which names the columns, follows after a line feed.
    ``sentences`` are the half-open ranges of ``text`` that are sentences, without the white space around them; those
    that earlier releases have stored have none. ``language`` is that of the text where it surely is another than the
    document's, empty otherwise. ``quotations`` are those that have words in it, by where they begin; None where they were not looked
    for: in languages whose reports of speech are not known, and by earlier releases.
    """

    id: str
    document_id: str
    text: str
    start: int
    end: int
    page: int | None
    heading: str
    sentences: tuple[tuple[int, int], ...] = ()
    language: str = ""
    quotations: tuple[Quotation, ...] | None = None

    @property
    def section(self) -> str:
        """The heading alone."""
        return self.heading.partition("\n")[0]

    @property
    def columns(self) -> str:
        """The names of the columns of the table that it begins in, as a row; empty where it has them itself, or begins in none."""
        return self.heading.partition("\n")[2]


Outcome = Literal["added", "replaced", "unchanged", "failed", "removed", "moved", "cancelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one source; ``error`` says why it failed and what to do.

    ``code`` and ``values`` are those of the error (see `ingest.errors`); ``code`` is empty where it has none.
    """

    source: str
    outcome: Outcome
    document_id: str | None = None
    title: str = ""
    passages: int = 0
    error: str | None = None
    code: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    def line(self) -> dict[str, str | None]:
        """What is printed of it with ``--json``, and sent."""
        return {
            "source": self.source,
            "outcome": self.outcome,
            "document_id": self.document_id,
            "title": self.title,
            "error": self.error,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of all sources of one ingestion, in their order; ``seconds`` is wall time."""

    results: tuple[Result, ...]
    seconds: float

    def count(self, outcome: Outcome) -> int:
        return sum(result.outcome == outcome for result in self.results)

    @property
    def failed(self) -> tuple[Result, ...]:
        return tuple(result for result in self.results if result.outcome == "failed")


def page_at(page_starts: Sequence[int], offset: int) -> int | None:
    """The page, counted from 1, on which ``offset`` lies; None where there are no pages."""
    return max(1, bisect_right(page_starts, offset)) if page_starts else None


def page_ranges(pages: Sequence[int]) -> str:
    """The numbers of pages, which go up, as in "1–3, 7"."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][-1] + 1:
            runs[-1][1:] = [page]
        else:
            runs.append([page])
    return ", ".join("\N{EN DASH}".join(map(str, run)) for run in runs)


def time_at(time_starts: Sequence[TimeStart], offset: int) -> str:
    """When the words at ``offset`` were said, as in "00:12:31"; empty where there are no times."""
    if not time_starts:
        return ""
    return clock(time_starts[max(0, bisect_right(time_starts, offset, key=lambda start: start[0]) - 1)][1])


def clock(seconds: int) -> str:
    """Seconds since a recording began, as in "00:12:31"."""
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def version_of(text: str) -> str:
    """The name of what a text says: the same text has the same, however its file was saved."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def document_id(source: str) -> str:
    """The id of the document that comes from ``source``: the same source is the same document, however it is coded."""
    return _id_of(unicodedata.normalize("NFC", source))


def former_ids(source: str) -> tuple[str, ...]:
    """The ids that earlier releases gave to a source with letters that can be coded in two ways."""
    return tuple(_id_of(coded) for coded in dict.fromkeys((source, unicodedata.normalize("NFD", source))))


def _id_of(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]
