"""Waiting for a whole answer, for as long as its reader does."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import closing

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request

from assistant.types import Answer, Done, Event

_LOOK = 0.5  # seconds between two looks whether the reader is still there


async def whole(request: Request, events: Iterator[Event]) -> Answer:
    """The answer that the events end with. Raises `ClientDisconnect`, the events stopped, where nobody waits for it."""
    gone = threading.Event()
    task = asyncio.create_task(run_in_threadpool(_last, events, gone))
    try:
        while not (await asyncio.wait({task}, timeout=_LOOK))[0]:
            if await request.is_disconnected():
                gone.set()
        return await task
    finally:
        gone.set()


def _last(events: Iterator[Event], gone: threading.Event) -> Answer:
    with closing(events):  # type: ignore[type-var]  # a generator
        for event in events:
            if isinstance(event, Done):
                return event.answer
            if gone.is_set():
                break
    raise ClientDisconnect
