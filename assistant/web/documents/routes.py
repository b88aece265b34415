"""The route that the documents page asks for words in the texts; it answers with HTML."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from assistant.api.documents import DocumentFilter
from assistant.errors import BadQuestion
from assistant.http.dependencies import CallerDependency, narrowed
from assistant.retrieval.word_search import find_words
from assistant.service.service import Service
from assistant.web.documents import text_search
from assistant.web.kit.found_list import fragment, in_days, message, starting
from assistant.web.kit.localisation import preferred_words
from assistant.web.kit.page import index_of
from ingest.text.wording import phrases_in


def router(service: Service) -> APIRouter:
    """The route ``GET /find``: ``?find=`` are words and phrases; ``from``, ``to``, ``undated`` and ``source`` restrict them."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/find")
    def find(
        request: Request,
        caller: CallerDependency,
        find: Annotated[str, Query(max_length=text_search.LONGEST)] = "",
        source: Annotated[str, Query(max_length=text_search.LONGEST)] = "",
        since: Annotated[str, Query(alias="from")] = "",
        until: Annotated[str, Query(alias="to")] = "",
        undated: str = "",
        offset: Annotated[int, Query(ge=0, le=10_000)] = 0,
    ) -> HTMLResponse:
        words = preferred_words(request.cookies, request.headers.get("accept-language"))
        index = index_of(service)
        if index is None:
            return fragment(starting(service, words))
        if not phrases_in(find):
            return fragment(message(words("find_texts_no_words")))
        filters = narrowed(caller, in_days(since, until, undated))
        named = DocumentFilter(query=source)
        try:
            found = find_words(index, find, filters, named.matches, text_search.PAGE, offset)
        except BadQuestion:
            return fragment(message(words("find_texts_too_many")))
        return fragment(text_search.results(found, filters, offset, words))

    return routes
