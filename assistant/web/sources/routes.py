"""The route that the page source by source asks; it answers with HTML."""

from __future__ import annotations

from typing import Annotated, cast, get_args

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from assistant.asked_text import LONGEST_QUESTION, whole
from assistant.errors import Busy
from assistant.http.dependencies import CallerDependency, in_turn, narrowed
from assistant.service.service import Service
from assistant.sources.types import SourceGroup, SourceOrder, SourcesAsked
from assistant.web.kit.found_list import fragment, in_days, message, starting
from assistant.web.kit.html import join
from assistant.web.kit.localisation import preferred_words
from assistant.web.kit.page import index_of
from assistant.web.sources import source_rows


def router(service: Service) -> APIRouter:
    """The route ``GET /by-source``: ``question``, what a row is (``by``), the ``order``, restricted by ``from``, ``to`` and ``undated``."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/by-source")
    async def by_source(
        request: Request,
        caller: CallerDependency,
        question: Annotated[str, Query(max_length=LONGEST_QUESTION)] = "",
        by: str = "",
        order: str = "",
        since: Annotated[str, Query(alias="from")] = "",
        until: Annotated[str, Query(alias="to")] = "",
        undated: str = "",
        offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    ) -> HTMLResponse:
        words = preferred_words(request.cookies, request.headers.get("accept-language"))
        index = index_of(service)
        if index is None:
            return fragment(starting(service, words))
        asked_for = whole(question.replace("\0", "")).strip()
        if not index.records() or not asked_for:
            return fragment(message(words("statements_no_documents" if asked_for else "sources_no_question")))
        asked = SourcesAsked(
            question=asked_for,
            by=cast("SourceGroup", by) if by in get_args(SourceGroup) else "document",
            order=cast("SourceOrder", order) if order in get_args(SourceOrder) else "best",
            filters=narrowed(caller, in_days(since, until, undated)),
            limit=source_rows.PAGE,
            offset=offset,
        )
        assistant, text_of = service.assistant, index.texts.of

        def shown() -> HTMLResponse:
            found = assistant.sources.find(asked)
            if offset:
                more = source_rows.more(found, asked, words)
                return fragment(join([source_rows.rows_alone(found, text_of, words), more]))
            return fragment(source_rows.beginning(found, asked, text_of, words))

        try:
            return await in_turn(request, service, caller, shown)
        except Busy as error:
            return fragment(message(words("too_many_questions", n=words.number(error.seconds))))

    return routes
