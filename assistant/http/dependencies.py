"""What routes depend on: ``def ask(service: ServiceDependency, caller: CallerDependency)``."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, TypeVar, cast

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from assistant.access.callers import Caller, caller_of
from assistant.http.authentication import place_name
from assistant.http.streaming import while_connected
from assistant.service.service import Service
from assistant.types import Filters


async def service_of(request: Request) -> Service:
    return cast("Service", request.app.state.service)


async def caller_of_request(request: Request) -> Caller:
    caller = caller_of(request)
    if caller is None:  # no rule has let the request in
        raise HTTPException(401, "Sign in at /login, or send an API key.")
    return caller


_Result = TypeVar("_Result")
ServiceDependency = Annotated[Service, Depends(service_of)]
CallerDependency = Annotated[Caller, Depends(caller_of_request)]


def asked_by(caller: Caller, request: Request) -> str:
    """For whom the questions under way are counted: one caller's do not keep those of others waiting."""
    return place_name(caller, request.scope)


async def in_turn(request: Request, service: Service, caller: Caller, work: Callable[[], _Result]) -> _Result:
    """What ``work`` returns, in a thread of its own, once it is its turn among the questions.

    Raises `Busy` at once where that would take too long.
    """
    name = asked_by(caller, request)

    def worked(gone: threading.Event) -> _Result:
        with service.questions.place(name, gone.is_set):
            return work()

    return await while_connected(request, worked)


def narrowed(caller: Caller, filters: Filters) -> Filters:
    """The filters, restricted to what the caller may see. Raises `HTTPException` (403) where they name another document."""
    if not caller.documents:
        return filters
    if not all(caller.sees(document_id) for document_id in filters.documents):
        raise HTTPException(403, "This token does not open all of these documents.")
    return replace(filters, documents=filters.documents or caller.documents)
