"""An answer as the page shows it and the browser keeps it: plain values, no passages, no records."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from assistant.types import Answer, Mode, Statement
from assistant.web.sources import Source, nearby, source

_MARKER = re.compile(r"\s*\[\d+(?:\s*,\s*\d+)*\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is shown of an answer.

    ``searched`` holds the questions that were searched for beside the one asked; ``seconds`` is how long
    the answer took, None where nobody measured; ``documents`` counts those that were searched, which are not all
    where the question was ``restricted``.
    """

    text: str
    statements: tuple[Statement, ...]
    sources: tuple[Source, ...]
    nearest: tuple[Source, ...]
    refused: bool
    mode: Mode
    language: str
    model: str | None
    notice: str
    searched: tuple[str, ...]
    seconds: float | None
    documents: int
    restricted: bool = False

    @property
    def supported(self) -> int:
        """How many of the statements their quotes bear out."""
        return sum(statement.supported == "yes" for statement in self.statements)

    def wording(self, statement: Statement) -> str:
        """A statement without the numbers that a model wrote into it; a quotation stays as it is."""
        return statement.text if self.mode == "quoted" else _MARKER.sub("", statement.text).strip()

    @property
    def consistent(self) -> bool:
        """Whether every number cited has its source, and every quotation cites one."""
        known = {source.number for source in self.sources}
        cites = all(known.issuperset(statement.citations) for statement in self.statements)
        return cites and (self.mode != "quoted" or all(statement.citations for statement in self.statements))


def reply(answer: Answer, text_of: Callable[[str], str], documents: int, restricted: bool = False) -> Reply:
    """What is shown of ``answer``, for which so many documents were searched."""
    total = answer.timings_ms.get("total")
    return Reply(
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
        seconds=None if total is None else round(total / 1000, 1),
        documents=documents,
        restricted=restricted,
    )
