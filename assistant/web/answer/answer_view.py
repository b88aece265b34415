"""An answer as the page shows it and the browser keeps it: plain values, no passages, no records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assistant.answering.citations import unmarked
from assistant.types import Answer, Mode, Statement
from assistant.web.answer.sources import SourceView, nearby, source
from ingest.types import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerView:
    """What is shown of an answer.

    ``searched`` holds the questions that were searched for beside the one asked; ``seconds`` is how long
    the answer took, None where nobody measured; ``documents`` counts those that were searched, which are not all
    where the question was ``restricted``. ``model_seconds`` is the language model's share of the time;
    it ``read`` and ``wrote`` so many tokens, 0 where it does not say.
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

    @property
    def foreign(self) -> dict[int, str]:
        """The quotes that are in another language than the answer and not translated yet, by their numbers."""
        return {
            source.number: source.quote
            for source in self.sources
            if source.language not in ("", self.language) and not source.translation
        }

    @property
    def supported(self) -> int:
        """How many of the statements their quotes bear out."""
        return sum(statement.supported == "yes" for statement in self.statements)

    def wording(self, statement: Statement) -> str:
        """A statement without the numbers that a model wrote into it; a quotation stays as it is."""
        return statement.text if self.mode == "quoted" else unmarked(statement.text).strip()

    @property
    def consistent(self) -> bool:
        """Whether every number cited has its source, and every quotation cites one."""
        known = {source.number for source in self.sources}
        cites = all(known.issuperset(statement.citations) for statement in self.statements)
        return cites and (self.mode != "quoted" or all(statement.citations for statement in self.statements))


def reply(
    answer: Answer, text_of: Callable[[Record], str], documents: int, restricted: bool = False
) -> AnswerView:
    """What is shown of ``answer``, for which so many documents were searched."""
    return AnswerView(
        text=answer.text,
        statements=answer.statements,
        sources=tuple(source(citation, text_of) for citation in answer.citations),
        nearest=tuple(nearby(number, hit) for number, hit in enumerate(answer.nearest, 1)),
        refused=answer.refused,
        mode=answer.mode,
        language=answer.language,
        model=answer.model,
        notice=answer.notice,
        searched=tuple(one for one in answer.searched if one.strip() != answer.question.strip()),
        seconds=_seconds(answer.timings_ms.get("total")),
        documents=documents,
        restricted=restricted,
        model_seconds=_seconds(answer.timings_ms.get("model")),
        read=answer.usage.input_tokens,
        wrote=answer.usage.output_tokens,
    )


def _seconds(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else round(milliseconds / 1000, 1)
