"""The nouns of source by source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.absence import NearMiss
from assistant.types import EVERYTHING, Citation, Filters
from ingest.types import Record

SourceGroup = Literal["document", "outlet", "story"]
# Those that say something first, the surest first; by day; or by outlet.
SourceOrder = Literal["best", "newest", "oldest", "outlet"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcesAsked:
    """A question, what a row is, and which of the rows are wanted."""

    question: str
    by: SourceGroup = "document"
    order: SourceOrder = "best"
    filters: Filters = EVERYTHING
    limit: int = 50
    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """What one document, outlet or story says to a question: its best sentence, or nothing.

    ``name`` is the outlet or the title; ``document`` is the one that says it, else the one that came nearest, or the newest; of so many
    ``documents`` in all, ``saying`` have something to say. ``miss`` says what came nearest in a silent one, and why it was not enough;
    None where none of its passages was listed by the search: no word or meaning came near. ``probability`` is that of the sentence,
    None where no reader has judged it; ``score`` orders rows of one question.
    """

    key: str
    name: str
    outlet: str
    document: Record
    documents: int
    saying: int
    citation: Citation | None = None
    probability: float | None = None
    score: float | None = None
    miss: NearMiss | None = None

    @property
    def silent(self) -> bool:
        """Whether it was searched, and nothing in it answers."""
        return self.citation is None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTable:
    """Some of the ``total`` rows, of which ``saying`` have something to say; ``searched`` documents were searched, ``judged`` read for it.

    ``undated_left_out`` counts the documents that a restriction to days left out because they have no date.
    """

    question: str
    language: str
    by: SourceGroup
    rows: tuple[SourceRow, ...]
    total: int
    saying: int
    searched: int
    judged: int
    undated_left_out: int = 0
