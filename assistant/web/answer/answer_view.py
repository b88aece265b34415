"""An answer as the pages show it and the browser stores it: plain values, without passages and records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from assistant.answering.citations import unmarked
from assistant.types import Answer, Disagreement, Events, Listing, Mode, Statement
from assistant.web.answer.absence_view import AbsenceView, view_absence
from assistant.web.answer.source_view import SourceView, view_citation, view_hit
from ingest.types import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerView:
    """What is shown of an answer; the browser stores these fields, so their names stay.

    ``searched`` holds the queries that were searched beside the question itself. ``documents`` is how many documents
    were searched; fewer than all if the question was ``restricted``. ``seconds`` is the time of the whole answer and
    ``model_seconds`` the language model's part of it, None if not measured. ``read`` and ``wrote`` count the model's
    input and output tokens, 0 if it does not report them. ``possible`` is what may answer though the answer is a refusal.
    ``answered`` is the day of the answer, None in conversations of earlier releases.
    ``listing`` is there where the question was about the collection itself. ``disagreements`` are what its sources say differently.
    ``absence`` is what was searched for a refusal.
    """

    text: str
    statements: tuple[Statement, ...]
    sources: tuple[SourceView, ...]
    nearest: tuple[SourceView, ...]
    refused: bool
    mode: Mode
    language: str
    model: str | None
    notice: str
    searched: tuple[str, ...]
    seconds: float | None
    documents: int
    restricted: bool = False
    model_seconds: float | None = None
    read: int = 0
    wrote: int = 0
    possible: tuple[SourceView, ...] = ()
    answered: date | None = None
    listing: Listing | None = None
    disagreements: tuple[Disagreement, ...] = ()
    absence: AbsenceView | None = None

    @property
    def foreign(self) -> dict[int, str]:
        """By citation number, the quotes in another language than the answer that are not translated yet."""
        return {
            source.number: source.quote
            for source in self.sources
            if source.language not in ("", self.language) and not source.translation
        }

    @property
    def supported(self) -> int:
        """How many statements are supported by their quotes, apart from what happened."""
        return sum(matches(statement) for statement in self.statements)

    def with_events(self, events: Events) -> int:
        """In how many of these statements what happened was found, not found, or not checked."""
        return sum(matches(statement) and statement.events == events for statement in self.statements)

    def wording(self, statement: Statement) -> str:
        """A statement's text without the citation markers that the model wrote; a quotation is left unchanged."""
        return statement.text if self.mode == "quoted" else unmarked(statement.text).strip()

    @property
    def consistent(self) -> bool:
        """Whether every cited number has a source, and every statement of a quoted answer cites one."""
        known = {source.number for source in self.sources}
        cites = all(known.issuperset(statement.citations) for statement in self.statements)
        grouped = self.listing.groups if self.listing else ()
        cites = cites and all(known.issuperset(group.citations) for group in grouped)
        cites = cites and all(side.citation in known for found in self.disagreements for side in found.sides)
        return cites and (self.mode != "quoted" or all(statement.citations for statement in self.statements))


def matches(statement: Statement) -> bool:
    """Whether figures, names and negations are those of the quotes; what happened may not be found there."""
    return statement.supported == "yes" or to_be_looked_at(statement)


def to_be_looked_at(statement: Statement) -> bool:
    """Whether nothing is amiss but that what happened was not found in the quotes."""
    return statement.supported == "not checked" and statement.events == "not found"


def view_answer(
    answer: Answer, text_of: Callable[[Record], str], documents: int, restricted: bool = False
) -> AnswerView:
    """What is shown of ``answer``; ``documents`` is how many were searched."""
    return AnswerView(
        text=answer.text,
        statements=answer.statements,
        sources=tuple(view_citation(citation, text_of) for citation in answer.citations),
        nearest=tuple(view_hit(number, hit) for number, hit in enumerate(answer.nearest, 1)),
        refused=answer.refused,
        mode=answer.mode,
        language=answer.language,
        model=answer.model,
        notice=answer.notice,
        searched=tuple(query for query in answer.searched if query.strip() != answer.question.strip()),
        seconds=_seconds(answer.timings_ms.get("total")),
        documents=documents,
        restricted=restricted,
        model_seconds=_seconds(answer.timings_ms.get("model")),
        read=answer.usage.input_tokens,
        wrote=answer.usage.output_tokens,
        possible=tuple(view_citation(citation, text_of) for citation in answer.possible),
        answered=date.today(),  # the day where the server stands
        listing=answer.listing,
        disagreements=answer.disagreements,
        absence=view_absence(answer.absence, text_of) if answer.absence else None,
    )


def _seconds(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else round(milliseconds / 1000, 1)
