"""The route that the page of standing questions asks; it answers with HTML. What it changes goes through the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from assistant.http.dependencies import CallerDependency
from assistant.http.urls import address_of
from assistant.service.service import Service
from assistant.web.kit.found_list import fragment, starting
from assistant.web.kit.localisation import preferred_words
from assistant.web.kit.page import index_of
from assistant.web.questions.question_list import MOST_QUESTIONS, QuestionPage, kept_list


def router(service: Service) -> APIRouter:
    """The route ``GET /kept``: the caller's questions, those with something new first, and of them the newest."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/kept")
    def kept(
        request: Request,
        caller: CallerDependency,
        limit: Annotated[int, Query(ge=1, le=20_000)] = MOST_QUESTIONS,
    ) -> HTMLResponse:
        words = preferred_words(request.cookies, request.headers.get("accept-language"))
        if index_of(service) is None:
            return fragment(starting(service, words))
        standing, owner = service.standing, caller.owns
        own, new = standing.kept_by(owner), standing.new(owner)
        own.sort(key=lambda one: (one.id not in new, -one.created.timestamp()))
        views = [standing.view(one) for one in own[:limit]]
        page = QuestionPage(
            views=views,
            total=len(own),
            findings={view.question.id: standing.findings(view.question.id, owner) for view in views},
            catalogue=standing.records(),
            problem=standing.store.problem,
            waiting=standing.store.waiting(),
            base=address_of(request.scope),
            mail=service.messenger.sends_mail,
        )
        return fragment(kept_list(page, words))

    return routes
