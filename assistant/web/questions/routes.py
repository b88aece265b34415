"""The route that the page of standing questions asks; it answers with HTML. What it changes goes through the API."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from assistant.http.dependencies import CallerDependency
from assistant.http.urls import address_of
from assistant.service.service import Service
from assistant.web.kit.found_list import fragment, starting
from assistant.web.kit.localisation import preferred_words
from assistant.web.kit.page import index_of
from assistant.web.questions.question_list import QuestionPage, kept_list


def router(service: Service) -> APIRouter:
    """The route ``GET /kept``: the caller's questions."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/kept")
    def kept(request: Request, caller: CallerDependency) -> HTMLResponse:
        words = preferred_words(request.cookies, request.headers.get("accept-language"))
        if index_of(service) is None:
            return fragment(starting(service, words))
        owner = caller.owns
        views = service.standing.of(owner)
        page = QuestionPage(
            views=views,
            findings={view.question.id: service.standing.findings(view.question.id, owner) for view in views},
            catalogue=service.standing.records(),
            waiting=service.standing.store.waiting(),
            base=address_of(request.scope),
            mail=service.messenger.sends_mail,
        )
        return fragment(kept_list(page, words))

    return routes
