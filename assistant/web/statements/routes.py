"""The route that the page of statements asks; it answers with HTML."""

from __future__ import annotations

from typing import Annotated, cast
from urllib.parse import urljoin

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from assistant.asked_text import LONGEST_QUESTION, whole
from assistant.http.dependencies import CallerDependency, narrowed
from assistant.service.service import Service
from assistant.statements.finding import StatementOrder, StatementsAsked, all_speakers, find_statements
from assistant.statements.profile import profile_of
from assistant.statements.topics import TopicSearch
from assistant.types import Filters
from assistant.web.kit.found_list import fragment, in_days, message, starting
from assistant.web.kit.html import join
from assistant.web.kit.localisation import preferred_words
from assistant.web.kit.page import index_of
from assistant.web.statements import statement_list
from ingest.types import QuotationKind

_KINDS = ("direct", "indirect", "reported")
_ORDERS = ("newest", "oldest", "fit")


def router(service: Service) -> APIRouter:
    """The route ``GET /said``: ``speaker`` and ``about``, restricted by ``from``, ``to``, ``undated`` and ``kind``, in an ``order``."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/said")
    def said(
        request: Request,
        caller: CallerDependency,
        speaker: Annotated[str, Query(max_length=300)] = "",
        about: Annotated[str, Query(max_length=LONGEST_QUESTION)] = "",
        since: Annotated[str, Query(alias="from")] = "",
        until: Annotated[str, Query(alias="to")] = "",
        undated: str = "",
        kind: str = "",
        order: str = "",
        offset: Annotated[int, Query(ge=0, le=10_000)] = 0,
    ) -> HTMLResponse:
        words = preferred_words(request.cookies, request.headers.get("accept-language"))
        index = index_of(service)
        if index is None:
            return fragment(starting(service, words))
        if not index.records():
            return fragment(message(words("statements_no_documents")))
        topic = whole(about.replace("\0", "")).strip()
        filters = narrowed(caller, in_days(since, until, undated))
        asked = StatementsAsked(
            speaker=whole(speaker),
            kinds=(cast("QuotationKind", kind),) if kind in _KINDS else (),
            filters=filters,
            order=_order(order, topic),
            limit=statement_list.PAGE,
            offset=offset,
        )
        search = TopicSearch(topic, service.assistant.retriever) if topic else None
        found = find_statements(index, asked, search)
        base = urljoin(str(request.headers.get("referer") or request.url), ".")
        if offset:
            shown = statement_list.items(found, asked, base, words)
            return fragment(join([shown, statement_list.more(found, asked, words)]))
        profile = (
            profile_of(index, asked.speaker, narrowed(caller, Filters()))
            if len(found.speakers) == 1
            else None
        )
        speakers = all_speakers(index, filters)
        return fragment(statement_list.beginning(found, speakers, profile, asked, topic, base, words))

    return routes


def _order(written: str, topic: str) -> StatementOrder:
    """The order asked for; by fit there is one only of a topic."""
    order = written if written in _ORDERS else "fit" if topic else "newest"
    return cast("StatementOrder", "newest" if order == "fit" and not topic else order)
