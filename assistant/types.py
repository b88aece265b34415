"""The nouns of asking: frozen, keyword-only, typed.

    question ──retrieve──▶ Hit ──answer──▶ Answer(statements, citations)

All offsets are code points into the document's text, half-open, as in ``text[start:end]``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from assistant.absence import Absence
from ingest.types import Passage, QuotationKind, Record

Mode = Literal["quoted", "generated"]
Support = Literal["yes", "no", "not checked"]
# Whether what a statement says happened is found in its quotes.
Events = Literal["found", "not found", "not checked"]
# What an answer from the catalogue is.
CollectionAnswerKind = Literal["list", "count", "summary", "comparison", "timeline"]
# What sources disagree in: a figure, a date, or whether something is so.
DisagreementKind = Literal["figures", "dates", "polarity"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One earlier question of a conversation and the answer it got."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a search is restricted to; an empty tuple or None restricts nothing.

    A document without a date is left out as soon as either date is given, unless ``include_undated``.
    """

    documents: tuple[str, ...] = ()
    published_from: date | None = None
    published_to: date | None = None
    include_undated: bool = False

    @property
    def in_days(self) -> bool:
        """Whether it is restricted to days."""
        return self.published_from is not None or self.published_to is not None

    def allows(self, day: date | None) -> bool:
        """Whether a document of that date is not left out for it."""
        if not self.in_days:
            return True
        if day is None:
            return self.include_undated
        return (self.published_from or day) <= day <= (self.published_to or day)


EVERYTHING = Filters()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage found for a question. ``score`` orders hits within one search only.

    ``dense_rank`` and ``lexical_rank`` count from 1; None where that half of the search did not list it.
    """

    passage: Passage
    document: Record
    score: float
    dense_rank: int | None
    lexical_rank: int | None

    @property
    def language(self) -> str:
        """The passage's language: its own where it has one, else its document's."""
        return self.document.language_of(self.passage)


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyPlace:
    """Where another copy of a story says what is quoted: ``quote`` is its text from ``start`` to ``end``, verbatim."""

    document: Record
    quote: str
    start: int
    end: int

    @property
    def page(self) -> int | None:
        return self.document.page_at(self.start)

    @property
    def language(self) -> str:
        """The language of what is quoted."""
        return self.document.language_at(self.start)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Whose words a quote tells, which are not its document's own: ``speaker`` by the fullest name that the document gives."""

    speaker: str
    kind: QuotationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A quotation: ``quote`` is the document's text from ``start`` to ``end``, verbatim.

    ``translation`` is the language model's, unchecked; empty where none was requested. ``also_in`` are the places where
    other copies of the story say the same, the earliest copy first.
    """

    number: int
    quote: str
    start: int
    end: int
    passage: Passage
    document: Record
    translation: str = ""
    also_in: tuple[CopyPlace, ...] = ()

    @property
    def page(self) -> int | None:
        return self.document.page_at(self.start)

    @property
    def language(self) -> str:
        """The language of the passage that is quoted: its own where it has one, else its document's."""
        return self.document.language_of(self.passage)

    @property
    def time(self) -> str:
        """When the words were said, as in "00:12:31"; empty in what is no transcript."""
        return self.document.time_at(self.start)

    @property
    def version(self) -> str:
        """The version of the text that is quoted; empty until the citation is verified if an earlier release stored it."""
        return self.document.text_version


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One sentence of an answer, the numbers it cites, and whether its quotes support it.

    ``reason`` says in words why ``supported`` is what it is; empty where it is "yes". ``events`` says whether what happened
    was found in the quotes: words and vectors can miss it, so "not found" alone is a reason to look, not an error.
    """

    text: str
    citations: tuple[int, ...]
    supported: Support
    reason: str = ""
    events: Events = "not checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """The tokens that a language model read and wrote, by its own count; 0 where it does not say."""

    input_tokens: int = 0
    output_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingGroup:
    """One side of a comparison, or the days of a timeline's entry: what it is, and the numbers of its citations."""

    label: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """That an answer lists what the documents have: which kind it is, what it says of its quotes, and what it leaves out.

    ``lead`` is a sentence in the answer's language ("3 documents mention “Olbricht”."), ``more`` another or empty; ``groups``
    are the sides of a comparison or the entries of a timeline, none elsewhere.
    """

    kind: CollectionAnswerKind
    lead: str
    more: str = ""
    groups: tuple[ListingGroup, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Respelling:
    """A word of a question as ``written``, which the documents do not have, and one of theirs as which it is ``read``."""

    written: str
    read: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisagreementSide:
    """What one source says of it: ``value`` is its document's text from ``start`` to ``end``, within the quote of ``citation``.

    ``speaker`` is whose words the quote tells, empty where they are the document's own.
    """

    citation: int
    value: str
    start: int
    end: int
    speaker: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """That sources say different things of one matter: each side once, by day where days tell, else the best one first.

    ``superseded`` are the citations of those sides that a document of a later day contradicts, ``latest`` that of the newest
    side; both are empty where days do not tell. ``line`` says all of it in the answer's language, with markers.
    """

    kind: DisagreementKind
    sides: tuple[DisagreementSide, ...]
    superseded: tuple[int, ...] = ()
    latest: int | None = None
    line: str

    def side_of(self, citation: int) -> DisagreementSide | None:
        return next((side for side in self.sides if side.citation == citation), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to a question.

    ``text`` is the text to show, with [n] markers; ``nearest`` holds the closest passages of a
    refusal, and ``possible`` the sentence that may answer nevertheless; ``model`` names the language model of a generated answer; ``notice`` is one plain
    line about how the answer came about (a model that failed, say); ``timings_ms`` is in
    milliseconds by stage. ``searched`` holds the queries of the search: the question made standalone,
    then its translations. ``dropped`` counts citations of sentences that were not in the model's
    prompt; they are left out of ``text``. ``undated_left_out`` counts the documents that a restriction to days left out
    because they have no date. ``corrected`` are the words that were searched for as others, which ``notice`` says too,
    ``suggested`` those that a refusal asks about. ``listing`` says what an answer about the collection itself is; None for
    all others. ``disagreements`` are what its sources say differently; ``text`` ends with the line of each. ``confidence`` is how
    likely one of the sentences found answers, in [0, 1]; 0 where another rule has refused, None where no sentence was judged.
    ``absence`` says what was searched for a refusal, and why what came nearest was not enough; None where the question was about the
    collection itself.
    """

    question: str
    text: str
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    refused: bool
    mode: Mode
    language: str
    model: str | None = None
    notice: str = ""
    nearest: tuple[Hit, ...] = ()
    possible: tuple[Citation, ...] = ()
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    searched: tuple[str, ...] = ()
    dropped: int = 0
    usage: Usage = field(default_factory=Usage)
    undated_left_out: int = 0
    listing: Listing | None = None
    corrected: tuple[Respelling, ...] = ()
    suggested: tuple[Respelling, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    absence: Absence | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusEvent:
    """A stage of answering has begun, or goes on: "waiting" (for other questions), "searching", "reading", "answering".

    It is repeated every half second while a language model is silent.
    """

    stage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RetractedEvent:
    """The text and citations streamed so far no longer count: discard them, the whole answer follows.

    ``reason`` is a key of `messages.FAILURES`, or "declined" where the language model found no answer.
    """

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeltaEvent:
    """More of the answer's text."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationEvent:
    """A citation whose number has just appeared in the text."""

    citation: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneEvent:
    """The whole, checked answer; always the last event."""

    answer: Answer


Event = StatusEvent | RetractedEvent | DeltaEvent | CitationEvent | DoneEvent
