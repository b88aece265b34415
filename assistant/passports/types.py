"""The nouns of carrying quotes away and of finding them again: frozen, keyword-only, typed.

    CitedPlace ──▶ Passport ──▶ ExportedFile          file ──▶ CarriedQuote ──▶ VerifiedQuote

Offsets are code points into a document's text, half-open.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from assistant.passports.quoted import QuotedWords
from ingest.types import QuotationKind

ExportForm = Literal["md", "html", "docx", "csl", "ris", "bib"]
# stands: word for word at these offsets. moved: word for word elsewhere in the text. earlier: in an earlier version only.
# gone: the document was removed, and can still be put back. never: no version that is kept has these words. unknown: no
# document has this id. doubtful: the words stand there, but what the file says of them does not fit together.
Verdict = Literal["stands", "moved", "earlier", "gone", "never", "unknown", "doubtful"]
# What a file says of a quote that contradicts itself, or the document.
Contradiction = Literal["document", "offsets", "hash", "words"]
# What a file says of the document of a quote, and of whose words it tells.
MetadataField = Literal["title", "published", "authors", "outlet", "speaker"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedPlace:
    """Words in a document: offsets into the text of a ``version``, empty where it is the present one.

    ``quote`` are the words, where they are known: by them they are found in the present text if that version is not kept any more.
    ``number`` is that of its citation, ``translation`` the language model's.
    """

    document_id: str
    start: int
    end: int
    version: str = ""
    quote: str = ""
    number: int = 0
    translation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passport:
    """A quote, who says it where, and what is needed to find it again.

    ``sha256`` is of the whole text of the document, in UTF-8, to which ``start`` and ``end`` refer; ``version`` are its first
    sixteen digits. ``outlet`` is the host of the document's web address, empty for files; ``source`` that address, or the file's name;
    ``retrieved`` the day on which the
    text was stored. ``speaker`` and ``kind`` say whose words it tells, if they are not the document's own. ``gloss`` says what
    its words mean one by one, where the reader has another language and there is no ``translation``. ``url`` opens the document
    at the words.
    """

    quote: str
    language: str
    document_id: str
    start: int
    end: int
    sha256: str
    title: str
    source: str
    outlet: str
    authors: tuple[str, ...]
    published: date | None
    retrieved: date
    page: int | None
    time: str
    speaker: str
    kind: QuotationKind | None
    translation: str
    gloss: str
    url: str

    @property
    def version(self) -> str:
        return self.sha256[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedStatement:
    """One sentence of an answer, the numbers of its citations, and what is doubtful of it, in words; empty if nothing is."""

    text: str
    citations: tuple[int, ...]
    doubt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedAnswer:
    """A question and its answer as they are carried away. ``text`` is what is said instead of ``statements`` in a refusal.

    ``lead`` and ``more`` are what a listing says before and after, ``lines`` what sources disagree in; ``possible`` may answer
    nevertheless.
    """

    question: str
    text: str
    refused: bool
    statements: tuple[CarriedStatement, ...] = ()
    citations: tuple[CitedPlace, ...] = ()
    possible: tuple[CitedPlace, ...] = ()
    lead: str = ""
    more: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedFile:
    """``missing`` are the places whose words are no longer to be had: they are left out."""

    name: str
    media_type: str
    content: bytes
    missing: tuple[CitedPlace, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedMetadata:
    """What a file says of where a quote is from; empty where it does not. The day is as in 2026-03-14, perhaps without day or month."""

    title: str = ""
    published: str = ""
    authors: str = ""
    outlet: str = ""
    speaker: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataDifference:
    """What a file says of a ``field``, and what the collection has ``now``; empty: nothing."""

    field: MetadataField
    written: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedQuote:
    """A quote as it stands in a file, and what the file says of where it is from.

    ``words`` is what may be the quote, the likeliest first: where it stands between quotation marks, its end is not sure; none
    where there is a link alone. ``in_marks`` says that its own quotation marks may have been changed. ``linked`` are the words
    that its link holds. ``where`` names the place in the file.
    """

    words: tuple[str, ...]
    where: str
    document_id: str
    start: int
    end: int
    version: str = ""
    sha256: str = ""
    linked: QuotedWords | None = None
    in_marks: bool = False
    contradictions: tuple[Contradiction, ...] = ()
    metadata: CarriedMetadata = CarriedMetadata()

    @property
    def named(self) -> str:
        """The version of the text that it is from; empty where the file does not say."""
        return self.sha256[:16] or self.version


@dataclass(frozen=True, slots=True, kw_only=True)
class NearestWords:
    """What a document has that is most like words it does not have: its text from ``start`` to ``end``.

    ``pieces`` are both texts in stretches: those of the file, those of the document; the same where they agree.
    """

    start: int
    end: int
    pieces: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedQuote:
    """What has become of a quote. ``quote`` is as the file has it.

    ``document_id`` and ``title`` are of the document that it is from, or that has the same text under another id; empty where
    there is none. ``url`` opens it at the words, or at what is nearest. ``replaced`` is until when an earlier version stood;
    ``changed`` says that the text has changed since though the words have not; ``link_alone`` that the file had no words.
    ``metadata`` is in what the document is otherwise now than the file says.
    """

    quote: str
    where: str
    verdict: Verdict
    document_id: str
    title: str = ""
    start: int | None = None
    end: int | None = None
    url: str = ""
    version: str = ""
    replaced: datetime | None = None
    contradictions: tuple[Contradiction, ...] = ()
    nearest: NearestWords | None = None
    changed: bool = False
    link_alone: bool = False
    same_text: bool = False
    metadata: tuple[MetadataDifference, ...] = ()

    @property
    def stands(self) -> bool:
        return self.verdict == "stands"
