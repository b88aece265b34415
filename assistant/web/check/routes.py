"""The route by which the page checks: as ``POST /api/check``, with problems in the reader's language."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assistant.api.check import check
from assistant.drafts.drafting import LONGEST_DRAFT
from assistant.errors import BadDraft
from assistant.http.dependencies import CallerDependency
from assistant.http.problems import problem
from assistant.service.service import Service
from assistant.web.kit.localisation import preferred_words
from assistant.web.uploads.reasons import in_words
from ingest.errors import SourceError


def router(service: Service) -> APIRouter:
    """``POST /checked``, whose answer is a stream of events."""
    routes = APIRouter(include_in_schema=False)

    @routes.post("/checked")
    async def check_draft(request: Request, caller: CallerDependency) -> Response:
        words = preferred_words(request.cookies, request.headers.get("accept-language"))
        try:
            answer = await check(request, service, caller)
        except SourceError as error:
            reason = in_words(str(error), error.code, error.values, words)
            return problem(422, f"{error.source}: {reason}")
        except BadDraft as error:
            empty = "empty" in str(error)
            return problem(
                422, words("check_empty") if empty else words("check_too_long", n=words.number(LONGEST_DRAFT))
            )
        return (
            answer
            if isinstance(answer, Response)
            else Response(answer.model_dump_json(), media_type="application/json")
        )

    return routes
