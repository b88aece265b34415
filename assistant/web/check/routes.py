"""The route by which the page checks: as ``POST /api/check``, with problems in the reader's language."""

from __future__ import annotations

import json
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from assistant.api.check import check_for, failed
from assistant.drafts.drafting import LONGEST_DRAFT
from assistant.errors import BadDraft
from assistant.http import streaming
from assistant.http.dependencies import CallerDependency
from assistant.service.service import Service
from assistant.web.kit.localisation import Words, preferred_words
from assistant.web.uploads.reasons import in_words
from ingest.errors import SourceError


def router(service: Service) -> APIRouter:
    """``POST /checked``, whose answer is a stream of events."""
    routes = APIRouter(include_in_schema=False)

    @routes.post("/checked")
    async def check_draft(request: Request, caller: CallerDependency) -> Response:
        words = preferred_words(request.cookies, request.headers.get("accept-language"))
        try:
            answer = await check_for(request, service, caller, partial(_failed, words))
        except (SourceError, BadDraft) as error:
            return Response(_failed(words, error), media_type="text/event-stream")
        return answer if isinstance(answer, Response) else JSONResponse(answer.model_dump(mode="json"))

    return routes


def _failed(words: Words, error: Exception) -> str:
    """The last event, which says what is wrong."""
    match error:
        case SourceError():
            detail = f"{error.source}: {in_words(str(error), error.code, error.values, words)}"
        case BadDraft():
            detail = words("check_unfit", n=words.number(LONGEST_DRAFT))
        case _:
            return failed(error)
    return streaming.event("error", json.dumps({"detail": detail}))
