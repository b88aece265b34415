"""The nouns of a proof of absence: what was looked for before a question was refused, where, and why the nearest was not enough."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ingest.types import Passage, Record

# Why a question was refused, by what has decided it.
RefusedFor = Literal[
    "no_documents",  # there are none
    "nothing_selected",  # the restrictions let none through
    "nobody_named",  # it names somebody or something that no document has
    "not_quoted",  # words of somebody are asked for, and what came nearest reports none of theirs
    "other_days",  # what came nearest speaks of other days than those that are asked for
    "no_reason",  # "Why?", and no sentence gives a reason
    "declined",  # the language model found no answer in what came nearest
    "unlikely",  # no sentence is likely enough to answer
    "unlike",  # no sentence is near enough to the question, by its words and its meaning
]
# Why a passage was not enough.
MissKind = Literal[
    "lacks_names",  # names of the question that it does not have
    "lacks_words",  # other words of the question that it does not have
    "lacks_kind",  # it has no number, date … which is what is asked for
    "other_days",  # it speaks of other days
    "other_speaker",  # its words are somebody else's than those asked for
    "no_words",  # it reports nobody's words, which are asked for
    "asks",  # it asks a question itself
    "told_before",  # an earlier answer has quoted it
    "gives_no_reason",  # "Why?", and it gives no reason
    "unlikely",  # it is not likely enough to answer
    "unlike",  # it is not near enough to the question
    "declined",  # the language model found no answer in it
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysPublished:
    """Of how many documents, published from ``first`` to ``last``; so many of them ``undated``."""

    documents: int
    first: date | None = None
    last: date | None = None
    undated: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SoughtWord:
    """A word of the question, how it was looked for, and which of the documents searched have it so.

    ``spellings`` are its forms in the question's language, ``equivalents`` those in others, by language (ISO 639-1);
    in the languages ``unknown_in`` nothing says what it is called.
    """

    text: str
    name: bool
    spellings: tuple[str, ...]
    equivalents: Mapping[str, tuple[str, ...]]
    unknown_in: tuple[str, ...]
    found: DaysPublished


@dataclass(frozen=True, slots=True, kw_only=True)
class MissReason:
    """Why a passage was not enough: ``words`` are those that it lacks, or who speaks; ``value`` stayed below ``threshold``."""

    kind: MissKind
    words: tuple[str, ...] = ()
    value: float | None = None
    threshold: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """A passage that came near, its best sentence, verbatim from ``start`` to ``end`` of its document, and why it was not enough."""

    passage: Passage
    document: Record
    quote: str
    start: int
    end: int
    reasons: tuple[MissReason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """What was searched for a question that is not answered.

    ``refused_for`` says what decided, ``names`` whom or what that is about, ``value`` what stayed below ``threshold``. ``searched`` are
    the documents that the restrictions let through, ``languages`` how many of them are in each. ``chosen`` says that only some documents
    were to be searched; ``published_from`` and ``published_to`` are the days they were restricted to.
    """

    refused_for: RefusedFor
    names: tuple[str, ...] = ()
    value: float | None = None
    threshold: float | None = None
    searched: DaysPublished
    languages: Mapping[str, int]
    chosen: bool = False
    published_from: date | None = None
    published_to: date | None = None
    include_undated: bool = False
    undated_left_out: int = 0
    words: tuple[SoughtWord, ...] = ()
    nearest: tuple[NearMiss, ...] = ()
