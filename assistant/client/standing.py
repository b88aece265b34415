"""Standing questions for the tools of MCP: kept, and what is new to them, by the service here or by the running server."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.access.callers import Caller
from assistant.api.schemas.questions import (
    KeepQuestionRequest,
    QuestionFindingsSchema,
    QuestionsNewsSchema,
    StandingQuestionSchema,
    StandingQuestionsSchema,
)
from assistant.errors import NotFound
from ingest.client.remote import Remote

if TYPE_CHECKING:
    from assistant.service.service import Service

PART = 1_000  # questions that are looked at together


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsAsked:
    """What is new to so many questions, after ``offset`` others that have something new, with at most ``most`` findings of each."""

    most: int = 10
    limit: int = 100
    offset: int = 0


def news_here(service: Service, caller: Caller, asked: NewsAsked) -> QuestionsNewsSchema:
    from assistant.api.questions import findings_for, questions_for  # imports FastAPI

    return _news(
        lambda offset: questions_for(service, caller, "", PART, offset),
        lambda key: findings_for(service, caller, key, "", asked.most, 0),
        asked,
    )


def news_there(remote: Remote, asked: NewsAsked) -> QuestionsNewsSchema:
    def part(offset: int) -> StandingQuestionsSchema:
        kept = remote.call("GET", "/api/questions", params={"limit": PART, "offset": offset})
        return StandingQuestionsSchema.model_validate(kept)

    def findings(key: str) -> QuestionFindingsSchema:
        found = remote.call("GET", f"/api/questions/{key}", params={"limit": asked.most})
        return QuestionFindingsSchema.model_validate(found)

    return _news(part, findings, asked)


def keep_here(
    service: Service, caller: Caller, asked: KeepQuestionRequest, base: str
) -> StandingQuestionSchema:
    from assistant.api.questions import keep_for  # imports FastAPI

    return keep_for(service, caller, asked, base, "")


def keep_there(remote: Remote, asked: KeepQuestionRequest) -> StandingQuestionSchema:
    kept = remote.call("POST", "/api/questions", json=asked.model_dump(mode="json", exclude_defaults=True))
    return StandingQuestionSchema.model_validate(kept)


def _news(
    part: Callable[[int], StandingQuestionsSchema],
    findings: Callable[[str], QuestionFindingsSchema],
    asked: NewsAsked,
) -> QuestionsNewsSchema:
    """Those with something new, of all that are kept; what has been looked at is left out."""
    kept = part(0)
    every, some = [*kept.questions], kept
    while some.questions and len(every) < some.total:
        some = part(len(every))
        every += some.questions
    # One that is kept or given up meanwhile moves the others: none is listed twice.
    new = dict.fromkeys(one.id for one in every if one.new)
    wanted = [*new][asked.offset : asked.offset + asked.limit]
    told = []
    for key in wanted:
        with suppress(NotFound):  # given up meanwhile
            told.append(findings(key))
    for one in told:
        one.findings = [finding for finding in one.findings if finding.new][: asked.most]
    end = asked.offset + len(wanted)
    return QuestionsNewsSchema(
        kept=kept.total,
        new=kept.new,
        with_news=len(new),
        next_offset=end if end < len(new) else None,
        questions=told,
    )
