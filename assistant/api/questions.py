"""Standing questions: kept by whoever asks, and asked again as documents arrive."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from assistant.access.callers import Caller
from assistant.api.question_feed import MEDIA_TYPE, feed
from assistant.api.schemas.questions import (
    ChangeQuestionRequest,
    KeepQuestionRequest,
    NewFindingSchema,
    QuestionFindingsSchema,
    SeenRequest,
    StandingQuestionSchema,
    StandingQuestionsSchema,
    TestedSchema,
    feed_address,
)
from assistant.http.dependencies import CallerDependency, ServiceDependency, narrowed
from assistant.http.urls import address_of, root_of
from assistant.service.service import Service
from assistant.service.standing_list import QuestionChanges
from assistant.service.telling_places import telling_to
from assistant.standing.types import NOWHERE

router = APIRouter(prefix="/questions", tags=["questions"])


@router.get("")
def questions(
    request: Request,
    service: ServiceDependency,
    caller: CallerDependency,
    limit: Annotated[int, Query(ge=0, le=1_000)] = 100,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> StandingQuestionsSchema:
    """The questions that the caller keeps; with a `limit` of 0 only how many, and how much is new."""
    return questions_for(service, caller, root_of(request.scope), limit, offset)


@router.post("", status_code=201)
def keep(
    asked: KeepQuestionRequest, request: Request, service: ServiceDependency, caller: CallerDependency
) -> StandingQuestionSchema:
    """Keep a question: what answers it in documents that arrive from now on is told. One that is kept already stays as it is."""
    return keep_for(service, caller, asked, address_of(request.scope), root_of(request.scope))


@router.get("/{question_id}")
def findings(
    question_id: str,
    request: Request,
    service: ServiceDependency,
    caller: CallerDependency,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> QuestionFindingsSchema:
    """What was found for a question, the newest first."""
    return findings_for(service, caller, question_id, root_of(request.scope), limit, offset)


@router.patch("/{question_id}")
def change(
    question_id: str,
    asked: ChangeQuestionRequest,
    request: Request,
    service: ServiceDependency,
    caller: CallerDependency,
) -> StandingQuestionSchema:
    """Word it anew, pause it or let it go on, or tell what is new elsewhere."""
    known = service.standing.get(question_id, caller.owns).question
    sent = asked.model_fields_set
    places: dict[str, str | None] = {
        name: getattr(asked, name) for name in ("webhook", "mail", "language") if name in sent
    }
    changes = QuestionChanges(
        question=asked.question,
        paused=asked.paused,
        telling=telling_to(known.telling, places, service.messenger, address_of(request.scope))
        if places
        else None,
    )
    return StandingQuestionSchema.of(
        service.standing.change(question_id, caller.owns, changes), root_of(request.scope)
    )


@router.delete("/{question_id}", status_code=204)
def remove(question_id: str, service: ServiceDependency, caller: CallerDependency) -> None:
    """Keep it no longer; what was found for it is deleted."""
    service.standing.remove(question_id, caller.owns)


@router.post("/{question_id}/seen")
def seen(
    question_id: str,
    asked: SeenRequest,
    request: Request,
    service: ServiceDependency,
    caller: CallerDependency,
) -> StandingQuestionSchema:
    """What was found, all of it or up to a number, has been looked at."""
    view = service.standing.look(question_id, caller.owns, asked.up_to)
    return StandingQuestionSchema.of(view, root_of(request.scope))


@router.post("/{question_id}/token")
def renew(
    question_id: str, request: Request, service: ServiceDependency, caller: CallerDependency
) -> StandingQuestionSchema:
    """Give its feed another address; the old one leads nowhere from then on."""
    view = service.standing.renew_token(question_id, caller.owns)
    return StandingQuestionSchema.of(view, root_of(request.scope))


@router.post("/{question_id}/test")
def test(
    question_id: str, request: Request, service: ServiceDependency, caller: CallerDependency
) -> TestedSchema:
    """Send a test to its webhook and its mail address."""
    return TestedSchema(results=tested(service, caller, question_id, address_of(request.scope)))


@router.get("/{question_id}/feed", response_class=Response, responses={200: {"content": {MEDIA_TYPE: {}}}})
def question_feed(
    question_id: str,
    request: Request,
    service: ServiceDependency,
    token: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """What was found as an Atom feed. The token in the address is all that is needed."""
    question = service.standing.by_token(question_id, token)
    base = address_of(request.scope)
    found = service.standing.present(service.standing.store.findings(question_id))
    body = feed(question, found, base, feed_address(question, base))
    return Response(body, media_type=MEDIA_TYPE, headers={"Cache-Control": "private, no-cache"})


def questions_for(
    service: Service, caller: Caller, root: str, limit: int, offset: int
) -> StandingQuestionsSchema:
    """The questions that the caller keeps."""
    kept = service.standing
    return StandingQuestionsSchema(
        questions=[StandingQuestionSchema.of(view, root) for view in kept.of(caller.owns, limit, offset)],
        total=len(kept.kept_by(caller.owns)),
        new=sum(kept.new(caller.owns).values()),
    )


def keep_for(
    service: Service, caller: Caller, asked: KeepQuestionRequest, base: str, root: str
) -> StandingQuestionSchema:
    """A question kept for the caller; ``base`` is the server's address. Raises `BadQuestion` and `Conflict`."""
    wanted = {"webhook": asked.webhook, "mail": asked.mail, "language": asked.language}
    telling = telling_to(NOWHERE, wanted, service.messenger, base)
    view = service.standing.add(asked.question, caller.owns, narrowed(caller, asked.filters()), telling)
    return StandingQuestionSchema.of(view, root)


def findings_for(
    service: Service, caller: Caller, question_id: str, root: str, limit: int, offset: int
) -> QuestionFindingsSchema:
    """What was found for one of the caller's questions. Raises `NotFound`."""
    view = service.standing.get(question_id, caller.owns)
    found = service.standing.findings(question_id, caller.owns)[offset : offset + limit]
    catalogue = service.standing.records()
    return QuestionFindingsSchema(
        question=StandingQuestionSchema.of(view, root),
        findings=[NewFindingSchema.of(one, view.question.seen, catalogue, root) for one in found],
    )


def tested(service: Service, caller: Caller, question_id: str, base: str) -> dict[str, str]:
    return service.messenger.test(service.standing.get(question_id, caller.owns).question, base)
