"""The route that the page of verified quotes asks; it answers with HTML."""

from __future__ import annotations

from urllib.parse import urljoin

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool

from assistant.api.passports import sent_file, verify_for
from assistant.errors import BadQuestion
from assistant.http.dependencies import CallerDependency
from assistant.service.service import Service
from assistant.web.kit.found_list import fragment, message, starting
from assistant.web.kit.html import Html
from assistant.web.kit.localisation import preferred_words
from assistant.web.kit.page import index_of
from assistant.web.verify import verdict_list
from ingest.errors import SourceError


def router(service: Service) -> APIRouter:
    """The route ``POST /verified``: a file, or the text of one, as `POST /api/verify` takes it."""
    routes = APIRouter(include_in_schema=False)

    @routes.post("/verified")
    async def verified(request: Request, caller: CallerDependency) -> HTMLResponse:
        words = preferred_words(request.cookies, request.headers.get("accept-language"))
        data, name = await sent_file(request)
        base = urljoin(str(request.headers.get("referer") or request.url), ".")

        def answer() -> Html:
            index = index_of(service)
            if index is None:
                return starting(service, words)
            try:
                return verdict_list.verdicts(verify_for(index, caller, base, data, name), words)
            except (BadQuestion, SourceError):
                return message(words("verify_unreadable"))

        return fragment(await run_in_threadpool(answer))

    return routes
