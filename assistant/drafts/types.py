"""The nouns of checking a draft: frozen, keyword-only, typed.

    Draft ──check──▶ CheckedSentence, CheckedQuotation ──▶ CheckedDraft

Offsets are code points, half-open: ``start`` and ``end`` into the draft's text, those called ``source_…`` into the text of the document
that is cited. Citations of one check are numbered 1..n in the order in which they are first used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.types import Citation

SentenceVerdict = Literal["supported", "differs", "claim", "not_found", "no_claim"]
QuotationVerdict = Literal["verbatim", "altered", "not_found"]
# What a sentence and its source, or a quotation and its source, differ in.
DraftDifferenceKind = Literal["figure", "date", "name", "negation", "attribution", "event", "wording"]
# Whether the person to whom a quotation is given said it.
SpeakerVerdict = Literal["right", "wrong", "not_checked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A text to be checked: ``name`` is its file's, or empty; ``sha256`` is of ``text`` in UTF-8."""

    name: str
    text: str
    language: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftDifference:
    """What the draft has from ``start`` to ``end``, and its source from ``source_start`` to ``source_end``.

    Either side is empty (start == end) where words are only in the other one.
    """

    kind: DraftDifferenceKind
    start: int
    end: int
    written: str
    source_start: int
    source_end: int
    in_source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedSentence:
    """One sentence of a draft. ``citations`` are numbers: what bears it out, or what it differs from; best first.

    ``reason`` says in the draft's language why it is no more than that; ``claimed_by`` whose words a "claim" is, empty where the
    source names nobody. ``nearest`` are the citations of what came closest to a sentence that was "not_found". ``failed`` says that
    an unexpected error kept it from being checked: it then counts as "not_found", as its ``reason`` says.
    """

    text: str
    start: int
    end: int
    verdict: SentenceVerdict
    reason: str = ""
    citations: tuple[int, ...] = ()
    differences: tuple[DraftDifference, ...] = ()
    claimed_by: str = ""
    nearest: tuple[int, ...] = ()
    failed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedQuotation:
    """Words in quotation marks: ``start`` and ``end`` are those of the words, without the marks.

    ``speaker`` is to whom the draft gives them, empty where to nobody; ``said_by`` to whom the source does. ``citation`` is where they
    stand, or what they were altered from; ``also_in`` further places that have them word for word; ``failed`` is as in
    `CheckedSentence`.
    """

    text: str
    start: int
    end: int
    verdict: QuotationVerdict
    reason: str = ""
    citation: int | None = None
    also_in: tuple[int, ...] = ()
    differences: tuple[DraftDifference, ...] = ()
    speaker: str = ""
    said_by: str = ""
    speaker_verdict: SpeakerVerdict = "not_checked"
    failed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedDraft:
    """All of a draft's sentences and quotations in order, and the citations that they refer to.

    ``documents`` is how many were searched, ``revision`` that of the index; ``complete`` is False where the check was cancelled.
    """

    draft: Draft
    sentences: tuple[CheckedSentence, ...]
    quotations: tuple[CheckedQuotation, ...]
    citations: tuple[Citation, ...]
    documents: int
    revision: str
    complete: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftCut:
    """How far the cutting of a long draft into sentences and quotations has come: ``done`` of ``total``."""

    done: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsAwaited:
    """The language model is writing the claims of some sentences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceChecked:
    """One more sentence: ``done`` of ``total`` sentences and quotations are checked; ``citations`` are those that are new."""

    sentence: CheckedSentence
    citations: tuple[Citation, ...]
    done: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotationChecked:
    """One more quotation, as `SentenceChecked`."""

    quotation: CheckedQuotation
    citations: tuple[Citation, ...]
    done: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftDone:
    """The whole check; always the last event."""

    checked: CheckedDraft


DraftEvent = DraftCut | ClaimsAwaited | SentenceChecked | QuotationChecked | DraftDone
