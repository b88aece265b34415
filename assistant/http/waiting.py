"""Waiting for a whole answer, for as long as its reader does."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Generator
from contextlib import closing, suppress
from functools import partial
from typing import TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request

from assistant.types import Answer, DoneEvent, Event

_LOOK = 0.5  # seconds between two looks whether the reader is still there

_Result = TypeVar("_Result")


async def whole(request: Request, events: Generator[Event]) -> Answer:
    """The answer that the events end with. Raises `ClientDisconnect`, the events stopped, where nobody waits for it."""
    return await while_wanted(request, partial(last, events))


async def while_wanted(request: Request | None, work: Callable[[threading.Event], _Result]) -> _Result:
    """What ``work`` returns in a thread; the event that it is given is set once nobody waits for the result."""
    gone = threading.Event()
    task = asyncio.create_task(run_in_threadpool(work, gone))
    task.add_done_callback(_noticed)
    try:
        while not (await asyncio.wait({task}, timeout=_LOOK))[0]:
            if request is not None and await request.is_disconnected():
                gone.set()
        return await task
    finally:
        gone.set()


def last(events: Generator[Event], gone: threading.Event) -> Answer:
    """The answer that the events end with. Raises `ClientDisconnect` as soon as ``gone`` is set."""
    with closing(events):
        for event in events:
            if isinstance(event, DoneEvent):
                return event.answer
            if gone.is_set():
                break
    raise ClientDisconnect


def _noticed(task: asyncio.Task[_Result]) -> None:
    """Who has stopped waiting does not look at the error: without this asyncio would complain."""
    with suppress(asyncio.CancelledError):
        task.exception()
