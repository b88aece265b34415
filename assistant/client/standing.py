"""Standing questions for the tools of MCP: kept, and what is new to them, by the service here or by the running server."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.access.callers import Caller
from assistant.api.schemas.questions import (
    KeepQuestionRequest,
    QuestionFindingsSchema,
    QuestionsNewsSchema,
    StandingQuestionSchema,
    StandingQuestionsSchema,
)
from ingest.client.remote import Remote

if TYPE_CHECKING:
    from assistant.service.service import Service

_MOST_KEPT = 1_000


def news_here(service: Service, caller: Caller, most: int) -> QuestionsNewsSchema:
    from assistant.api.questions import findings_for, questions_for  # imports FastAPI

    kept = questions_for(service, caller, "", _MOST_KEPT, 0)
    return _news(kept, most, lambda key: findings_for(service, caller, key, "", most, 0))


def news_there(remote: Remote, most: int) -> QuestionsNewsSchema:
    kept = remote.call("GET", "/api/questions", params={"limit": _MOST_KEPT})

    def findings(key: str) -> QuestionFindingsSchema:
        found = remote.call("GET", f"/api/questions/{key}", params={"limit": most})
        return QuestionFindingsSchema.model_validate(found)

    return _news(StandingQuestionsSchema.model_validate(kept), most, findings)


def keep_here(
    service: Service, caller: Caller, asked: KeepQuestionRequest, base: str
) -> StandingQuestionSchema:
    from assistant.api.questions import keep_for  # imports FastAPI

    return keep_for(service, caller, asked, base, "")


def keep_there(remote: Remote, asked: KeepQuestionRequest) -> StandingQuestionSchema:
    kept = remote.call("POST", "/api/questions", json=asked.model_dump(mode="json", exclude_defaults=True))
    return StandingQuestionSchema.model_validate(kept)


def _news(
    kept: StandingQuestionsSchema, most: int, findings: Callable[[str], QuestionFindingsSchema]
) -> QuestionsNewsSchema:
    """Those with something new, with at most so many findings each; what has been looked at is left out."""
    told = [findings(one.id) for one in kept.questions if one.new]
    for one in told:
        one.findings = [finding for finding in one.findings if finding.new][:most]
    return QuestionsNewsSchema(kept=kept.total, new=kept.new, questions=told)
